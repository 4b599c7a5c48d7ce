"""What things are called and what they are: by what a change states, by the graph, by the shapes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from rdflib import Graph
from rdflib.namespace import RDF, SH, SKOS
from rdflib.term import BNode, Node, URIRef

from carekg.reports.source import Said, Source, is_name
from carekg.terms import BASE, PREFIXES, compact
from carekg.validation import kinds, paths

TYPE: Final = str(RDF.type)
SCHEME: Final = str(SKOS.inScheme)
LISTED: Final = str(SKOS.Concept)
FOREIGN: Final = tuple(iri for iri in PREFIXES.values() if not iri.startswith(BASE))
"""Vocabularies of others, whose terms are called as they are written."""


class Known:
    """What is known of things; what a change states goes before what is there, what it withdraws is so no longer."""

    def __init__(self, source: Source, shapes: Graph, stated: Iterable[Said] = (),
                 withdrawn: Iterable[Said] = ()) -> None:
        self._source, self._shapes = source, shapes
        withdrawn = list(withdrawn)
        self._withdrawn = {one for one in withdrawn if one.property in (TYPE, SCHEME)}
        self._former = {one.thing: shortened(one.value) for one in withdrawn if is_name(one)}
        self._labels: dict[str, str] = {}
        self._else: dict[str, str] = {}
        self._said: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._asked: set[str] = set()
        self._there: set[str] = set()
        self._note(stated)

    def look_up(self, things: Iterable[str]) -> None:
        """Learn what all these things are called and what they are, and what their lists are called."""
        things = set(things)
        wanted = sorted({one for one in things if one and not one.startswith("_:")} - self._asked)
        self._asked.update(wanted)
        found = list(self._source.about(wanted))
        self._there.update(one.thing for one in found)
        self._note(found)
        further = {value for thing in things for name in (TYPE, SCHEME) for value in self._said[thing, name]}
        if further - self._asked:
            self.look_up(further)

    def label(self, thing: str) -> str:
        """Give what a thing is called, short for its IRI where nothing is known; for none, what is told of no thing."""
        if found := self._labels.get(thing) or self._else.get(thing) or self._former.get(thing):
            return found
        if not thing or thing.startswith("_:"):
            return "a thing without an address" if thing else "The change as a whole"
        local = thing[max(thing.rfind("/"), thing.rfind("#")) + 1:]
        return _in_words(local) if local and thing.startswith(FOREIGN) else compact(thing)

    def is_there(self, thing: str) -> bool:
        """Say whether the graph that is asked has a thing; only where it was looked up."""
        return thing in self._there

    def classes(self, thing: str) -> list[str]:
        """Give the classes of a thing, each once."""
        return list(dict.fromkeys(self._said.get((thing, TYPE), ())))

    def kind(self, thing: str) -> str:
        """Say what a thing is, such as ``a place`` or ``from the list of voices``; nothing where that is not known."""
        classes = [one for one in self.classes(thing) if one != LISTED]
        if classes:
            return paths.listed([kinds.article(self.label(one)) for one in classes[:3]])
        lists = self._said.get((thing, SCHEME), ())
        return f"from the list of {paths.listed([self.label(one) for one in lists])}" if lists else ""

    def property(self, iri: str, shape: Node | None) -> str:
        """Give what a property is called: as the shape names it, as the vocabulary does, as it is written."""
        own = self._shapes.value(shape, SH.name) if shape is not None else None
        return str(own) if own is not None else self.label(iri)

    def name(self, term: Node | None) -> str:
        """Give a term as a person reads it: what a thing is called, a text with its language, a number."""
        if isinstance(term, URIRef | BNode):
            return self.label(key(term))
        if term is None:
            return ""
        language = getattr(term, "language", None)
        return f"`{shortened(str(term))}`" + (f" ({kinds.language(language)})" if language else "")

    def example(self, property_: str, pattern: str) -> str:
        """Give a value that a property has and that fits a pattern, nothing where there is none."""
        try:
            return next((one for one in self._source.values(property_) if re.search(pattern, one)), "")
        except re.error:  # a pattern that only XPath takes
            return ""

    def having(self, property_: str, value: str) -> list[str]:
        """Give the things with a value of a property, with their names at hand."""
        found = self._source.having(property_, value)
        self.look_up(found)
        return found

    def beginning(self, start: str) -> list[str]:
        """Give the things whose IRIs begin so."""
        return self._source.beginning(start)

    def _note(self, said: Iterable[Said]) -> None:
        for one in said:
            if one in self._withdrawn:
                continue
            if one.property in (TYPE, SCHEME):
                self._said[one.thing, one.property].append(one.value)
            else:
                (self._labels if is_name(one) else self._else).setdefault(one.thing, shortened(one.value))


def key(term: Node | None) -> str:
    """Give the IRI of a thing, or ``_:name``; nothing for none."""
    return "" if term is None else f"_:{term}" if isinstance(term, BNode) else str(term)


def _in_words(local: str) -> str:
    """Give the words of a term's name: ``isReplacedBy`` is ``is replaced by``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", local).replace("_", " ").lower()


def shortened(text: str) -> str:
    """Give a text as a sentence has room for it, on one line and without signs that move a terminal."""
    short = text if len(text) <= 80 else text[:77] + "..."
    return "".join(sign if sign.isprintable() else " " if sign.isspace() else "\ufffd" for sign in short)
