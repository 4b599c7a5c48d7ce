"""A triple as somebody types it: short names or whole IRIs, and a value as Turtle has it or in plain words."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

import pyoxigraph as ox

from carekg import errors
from carekg.store import Question, Store, solutions
from carekg.terms import PREFIXES, compact, expand
from carekg.turtle.spelling import Speller, Term

MOST: Final = 500
"""Values of one property of a thing that are looked through."""

LONGEST: Final = 1500
"""Characters of a value that an address holds."""

_PREFIXES: Final = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())


@dataclass(frozen=True)
class Typed:
    """The terms that were typed; ``object`` is None where none was, or where it is not said which of several."""

    subject: ox.NamedNode
    predicate: ox.NamedNode | None = None
    object: ox.NamedNode | ox.Literal | None = None

    @property
    def triple(self) -> ox.Triple | None:
        """Give the triple, where all of it is there."""
        if self.predicate is None or self.object is None:
            return None
        return ox.Triple(self.subject, self.predicate, self.object)


def read(store: Store, subject: str, predicate: str = "", value: str = "") -> Typed:
    """Give the terms that texts stand for; of a value in plain words, the one that is there, or else that was.

    :raises BadValue: one of them is no name and no IRI.
    """
    thing = node(subject, "the subject")
    if not predicate.strip():
        return Typed(thing)
    link = node(PREFIXES["rdf"] + "type" if predicate.strip() == "a" else predicate, "the property")
    if not value.strip():
        return Typed(thing, link, _only(store, thing, link))
    readings = list(_readings(value))
    known = [row["o"] for row in _values(store, thing, link)]
    here = [one for one in readings if one in known or _holds(store, thing, link, one)]
    alike = [one for one in known if isinstance(one, ox.Literal) and one.value == value]
    was = [] if here or alike else _gone(store, thing, link, readings, value)
    return Typed(thing, link, next(iter([*here, *alike, *was, *readings])))


def address(triple: ox.Triple) -> str:
    """Give the address at which a triple is explained."""
    subject, predicate, value = triple.subject, triple.predicate, triple.object
    pairs = [("s", compact(getattr(subject, "value", ""))), ("p", compact(predicate.value))]
    text = written(value)
    if len(text) <= LONGEST:
        pairs.append(("o", text))
    return f"/why?{urlencode(pairs, safe=':/')}"


def written(term: Term) -> str:
    """Give a term as it can be typed."""
    if isinstance(term, ox.NamedNode):
        return compact(term.value)
    return Speller(PREFIXES, on_lines=False).term(term)


def node(text: str, what: str) -> ox.NamedNode:
    """Give the IRI that a text stands for.

    :raises BadValue: it is none.
    """
    iri = expand(text.strip()) or (text.strip() if "://" in text or text.startswith("urn:") else "")
    try:
        return ox.NamedNode(iri)
    except ValueError:
        raise errors.BadValue(text, f"an IRI for {what}, or a short one such as innovation:iris") from None


def _readings(text: str) -> Iterator[ox.NamedNode | ox.Literal]:
    """Give what a text may stand for: a term of Turtle, an IRI, a plain text."""
    stripped = text.strip()
    try:
        found = [quad.object for quad in ox.parse(f"{_PREFIXES}<x:s> <x:p>\n{stripped}\n.", ox.RdfFormat.TURTLE)]
    except (SyntaxError, ValueError):
        found = []
    if len(found) == 1 and isinstance(found[0], ox.NamedNode | ox.Literal):
        yield found[0]
    if (iri := expand(stripped)) and not found:
        with contextlib.suppress(ValueError):
            yield ox.NamedNode(iri)
    yield ox.Literal(text)


def _only(store: Store, thing: ox.NamedNode, link: ox.NamedNode) -> ox.NamedNode | ox.Literal | None:
    """Give the value of a property where a thing has one only."""
    found = _values(store, thing, link)
    return found[0]["o"] if len(found) == 1 else None


def _values(store: Store, thing: ox.NamedNode, link: ox.NamedNode) -> list[dict[str, ox.NamedNode | ox.Literal]]:
    return list(solutions(store, f"SELECT DISTINCT ?o WHERE {{ {thing} {link} ?o }} LIMIT {MOST}"))


def _gone(store: Store, thing: ox.NamedNode, link: ox.NamedNode, readings: Sequence[ox.NamedNode | ox.Literal],
          value: str) -> list[ox.NamedNode | ox.Literal]:
    """Give the values that changes took out and that a text may stand for, the last first.

    A year goes by its number in an address that was made while it was here, and is found again when it is not.
    """
    found = [quad.object for _, effect in store.history.of(str(thing)) for quad in effect.removed
             if quad.predicate == link and isinstance(quad.object, ox.NamedNode | ox.Literal)]
    return [one for one in reversed(found) if one in readings or (isinstance(one, ox.Literal) and one.value == value)]


def _holds(store: Store, thing: ox.NamedNode, link: ox.NamedNode, value: ox.NamedNode | ox.Literal) -> bool:
    return b"true" in store.answer(Question(f"ASK {{ {thing} {link} {value} }}")).read()
