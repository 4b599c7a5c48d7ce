"""The page of a thing, made of sections: each the answer to a prepared question with the thing as its argument."""

from carekg.profiles.answering import HELD, Answered, Line, Marks, answered
from carekg.profiles.declared import Section, kinds, sections

__all__ = ["HELD", "Answered", "Line", "Marks", "Section", "answered", "kinds", "sections"]
