"""The latest changes as an Atom feed (RFC 4287), the newest first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from xml.etree import ElementTree

import pyoxigraph as ox

from carekg import catalogue, store
from carekg.terms import PREFIXES
from carekg.web import site
from carekg.web.described import statements
from carekg.web.feeds.changes import Version

MEDIA: Final = "application/atom+xml"
NAMESPACE: Final = "http://www.w3.org/2005/Atom"
EMPTY: Final = "Empty: no change of the graph is kept here."
"""What a feed without changes says of itself."""

ABOUT: Final = f"""PREFIX dcterms: <{PREFIXES['dcterms']}> PREFIX foaf: <{PREFIXES['foaf']}>
SELECT ?title ?author WHERE {{ GRAPH <{catalogue.GRAPH}> {{
  <{catalogue.CATALOGUE}> dcterms:title ?title .
  OPTIONAL {{ <{catalogue.CATALOGUE}> dcterms:publisher/foaf:name ?author }}
}} }} ORDER BY ?title ?author LIMIT 1"""

UNSAYABLE: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML has no way to say (https://www.w3.org/TR/xml/#charsets)."""


def document(versions: Sequence[Version], built: datetime) -> bytes:
    """Give the feed of these versions; without any, it was updated when the graph was built."""
    about = {name: term.value for solution in store.solutions(site.asker().graph, ABOUT)
             for name, term in solution.items() if not isinstance(term, ox.Triple)}
    feed = ElementTree.Element("feed", {"xmlns": NAMESPACE, "xml:lang": "en-GB"})
    _text(feed, "id", statements.own("feed"))
    _text(feed, "title", f"Changes: {about.get('title', 'carekg')}")
    if not versions:
        _text(feed, "subtitle", EMPTY)
    _text(feed, "updated", max([built, *(version.at for version in versions)]).isoformat())
    _text(ElementTree.SubElement(feed, "author"), "name", about.get("author", "carekg"))
    _link(feed, "self", "/feed.atom", MEDIA)
    _link(feed, "alternate", "/", "text/html")
    _link(feed, "related", "/feed", "text/turtle")
    for version in versions:
        _entry(feed, version)
    ElementTree.indent(feed)
    made: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return made + b"\n"


def _entry(feed: ElementTree.Element, version: Version) -> None:
    entry = ElementTree.SubElement(feed, "entry")
    _text(entry, "id", version.iri)
    _text(entry, "title", version.title)
    _text(entry, "updated", version.at.isoformat())
    _link(entry, "alternate", site.local(version.of), "text/html")
    _text(entry, "summary", f"{'Removed' if version.gone else 'Changed'}: {version.of}")


def _text(inside: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(inside, name).text = UNSAYABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def _link(inside: ElementTree.Element, relation: str, path: str, media: str) -> None:
    ElementTree.SubElement(inside, "link", {"rel": relation, "type": media, "href": site.address(path)})
