"""Sentences on terms and things that are described nowhere, as lines of the things that speak of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import pyoxigraph as ox

from carekg.reports.known import Known
from carekg.reports.model import Line
from carekg.reports.near import Near
from carekg.store import Effect
from carekg.terms import GSS, compact

HINTS: Final = ("(is ", "(there are ")
"""With what the hint at the term that is meant begins, where a sentence has one."""


def lines(unknown: Sequence[str], stated: Effect, near: Near, known: Known) -> Iterator[tuple[str, Line]]:
    """Give each sentence as a line, with the thing whose statement names what is unknown.

    A sentence begins with the short form of what is unknown; what a change takes away and others still speak of stands
    for itself, as does what has statements and no class.
    """
    spoken: dict[str, list[tuple[ox.Quad, str]]] = {}
    for quad in sorted(stated.added, key=str):
        for term in (quad.predicate, quad.object):
            if isinstance(term, ox.NamedNode):
                spoken.setdefault(compact(term.value), []).append((quad, term.value))
                if term.value.startswith(GSS):
                    spoken.setdefault(term.value.removeprefix(GSS), []).append((quad, ""))
            elif isinstance(term, ox.Literal):
                spoken.setdefault(term.value, []).append((quad, ""))
                spoken.setdefault(compact(term.datatype.value), []).append((quad, ""))
    gone = {getattr(quad.object, "value", ""): _key(quad.subject) for quad in stated.removed}
    gone |= {compact(_key(quad.subject)): _key(quad.subject) for quad in stated.removed}
    own = {compact(_key(quad.subject)): _key(quad.subject) for quad in stated.added}
    for sentence in unknown:
        first = what(sentence)
        for quad, iri in spoken.get(first, [])[:1]:
            yield _key(quad.subject), _line(sentence, quad, iri, near, known)
        if first not in spoken:
            by = re.search(r", which (\S+) speaks of,", sentence)
            if thing := gone.get(first, ""):
                yield thing, _still(by[1]) if by else Line(_ended(sentence))
            else:
                yield own.get(first, ""), Line(_ended(sentence), near=near.like(own[first]) if first in own else ())


def what(sentence: str) -> str:
    """Give what a sentence says is unknown, by its short form."""
    return sentence.split(" ", 1)[0].rstrip(",:")


def _line(sentence: str, quad: ox.Quad, iri: str, near: Near, known: Known) -> Line:
    known.look_up([quad.predicate.value])
    line = Line(_ended(sentence), property=quad.predicate.value, path=known.label(quad.predicate.value),
                value=str(quad.object), given=iri and compact(iri))
    if any(hint in sentence for hint in HINTS) or not iri:
        return line
    return replace(line, near=near.like(iri))


def _still(by: str) -> Line:
    return Line("What other things speak of is described.", f"{by} speaks of it still.", "Keep it, or change that too.")


def _key(subject: object) -> str:
    return subject.value if isinstance(subject, ox.NamedNode) else str(subject)


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?")) else f"{sentence}."
