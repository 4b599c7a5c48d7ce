"""Search over names, identifiers, descriptions and passages, with facets that prepared questions declare."""

from carekg.search.index import Index
from carekg.search.model import Choice, Found, Hit, Near, Search, Shown, Source, Taken, Why, Without
from carekg.search.text import Segment

__all__ = ["Choice", "Found", "Hit", "Index", "Near", "Search", "Segment", "Shown", "Source", "Taken", "Why", "Without"]
