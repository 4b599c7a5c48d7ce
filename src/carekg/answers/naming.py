"""From a typed name to a thing: by IRI, by short name such as ``innovation:iris``, or by label."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rdflib.namespace import OWL, SKOS

from carekg import errors
from carekg.answers import graph
from carekg.answers.values import Findings, Found
from carekg.names import SAFE, VOCABULARY, Match, Names, Thing
from carekg.terms import BASE, expand

KINDS: Final = (str(OWL.Class), str(SKOS.ConceptScheme))
"""What things can be sought by: their class, or the scheme that they are a concept of."""


def found(names: Names, text: str, kinds: Sequence[str], limit: int) -> Findings:
    """Give the things that a text may mean, best first; where kinds are given, things of one of them.

    :raises BadValue: a kind is no class and no scheme; the error offers near misses.
    """
    matches = names.find(text, [_kind(names, kind) for kind in kinds], limit)
    note = "" if matches else f"No name here is like “{text}”. Try other words, or `passages-with-words` for a text."
    if matches and matches[0].score < SAFE:
        note = f"None of these is surely what “{text}” means: look at the descriptions before you take one."
    return Findings(tuple(_found(names.things, match) for match in matches), note)


def resolved(names: Names, key: str) -> str:
    """Give the IRI of the one thing that goes by an IRI, a short name or a label.

    :raises NotFound, BadValue: none does, or several do; the error names those that come near.
    """
    if known := names.get(key):
        return known.iri
    if iri := expand(key.strip()):
        return graph.node(iri).value  # a thing without a name, such as a passage
    matches = names.find(key, limit=5) or names.find(key, VOCABULARY, 5)
    sure = [match for match in matches if match.score >= SAFE]
    best = [match for match in sure if match.score == sure[0].score]
    if len(best) == 1:
        return best[0].thing.iri
    several = [f"`{graph.name(match.thing.iri)}`" for match in best or matches[:3]]
    if best:
        raise errors.BadValue(key, "the name of one thing only", several)
    raise errors.NotFound(f"“{key[:80]}”", several)


def near(names: Names, key: str) -> list[str]:
    """Give the short names of things whose IRI is like one that is not there."""
    ours = (expand(key.strip()) or BASE).startswith(BASE)
    return [f"`{graph.name(thing.iri)}`" for thing in names.near(key)] if ours else []


def _kind(names: Names, kind: str) -> str:
    """Give the IRI of a class or a scheme."""
    matches = names.find(kind, KINDS, 5)
    if not matches or matches[0].score < SAFE:
        near = [f"`{match.thing.label}`" for match in matches[:3]]
        raise errors.BadValue(kind, "a class or a scheme of concepts, such as `innovation` or `factors`", near)
    return matches[0].thing.iri


def _found(things: Mapping[str, Thing], match: Match) -> Found:
    one = match.thing
    return Found(graph.name(one.iri), one.label, tuple(_labels(things, one.types)), one.description, match.score,
                 match.why)


def _labels(things: Mapping[str, Thing], types: Iterable[str]) -> Iterable[str]:
    """Give the labels of the types that have one; others are the vocabulary's of others."""
    return (things[iri].label for iri in types if iri in things)
