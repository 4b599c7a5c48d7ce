"""Which things a query may mean: by name, then by the properties that it names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from carekg import store
from carekg.names import IDENTIFIER, SAFE, Match, Name
from carekg.names.reading import KINDS
from carekg.names.scoring import fold
from carekg.reconciliation import values
from carekg.reconciliation.asked import Query
from carekg.reconciliation.space import Space, id_of, short

LOOKED_AT: Final = 40
"""Candidates by name whose properties are looked at."""

AGREES: Final = 90
"""The score from which a name that is given for a value is taken for the value's own."""

LONGEST: Final = 80
"""Characters of a value up to which things are looked for by it as by a name."""

OTHER: Final = 20
"""Points that a property takes away which says otherwise."""

WRONG_TYPE: Final = 10
"""Points that a candidate loses which has not a type that it should have."""


class Asked(NamedTuple):
    """A query with types and properties as IRIs; what it may mean by name or identifier; what each value means."""

    query: Query
    types: tuple[str, ...]
    properties: Mapping[str, tuple[str, ...]]
    matches: tuple[Match, ...]
    meant: Mapping[str, frozenset[str]]


class Candidate(NamedTuple):
    """A thing, how well it fits, and what speaks for and against it; a property says yes, no or nothing."""

    match: Match
    score: int
    verdicts: Mapping[str, bool | None]
    is_named: bool
    has_type: bool

    @property
    def is_safe(self) -> bool:
        """Say whether nothing but another thing as good speaks against it."""
        return self.is_named and self.has_type and False not in self.verdicts.values()


def looked_up(graph: store.Store, space: Space, query: Query) -> Asked:
    """Give a query with the things that it may mean by name or identifier.

    :raises BadValue: a type or a property is not of this graph.
    """
    types = tuple(dict.fromkeys(map(space.type, query.types)))
    properties: dict[str, tuple[str, ...]] = {}
    for wanted in query.properties:
        iri = space.property(wanted.pid)
        properties[iri] = properties.get(iri, ()) + wanted.values
    pool = types or space.usual
    meant = {text: _meant(space, text) for texts in properties.values() for text in texts}
    found = {match.thing.iri: match for match in space.names.find(query.text, pool, LOOKED_AT)}
    if query.strict == "should":
        found |= {match.thing.iri: match for match in space.names.find(query.text, space.usual, LOOKED_AT)}
    for iri in _by_properties(graph, properties, meant, by_name=bool(query.text.strip())):
        thing = space.names.things.get(iri)
        if thing and iri not in found and (not pool or not set(pool).isdisjoint(thing.types)):
            found[iri] = space.names.fits(query.text, iri)
    if query.strict == "all":
        found = {iri: match for iri, match in found.items() if set(types) <= set(match.thing.types)}
    return Asked(query, types, properties, tuple(found.values()), meant)


def _by_properties(graph: store.Store, properties: Mapping[str, Sequence[str]], meant: Mapping[str, Iterable[str]],
                   *, by_name: bool) -> Iterable[str]:
    """Give the things with an identifier that is asked for and, where no name is asked for, with any other value."""
    for iri, texts in properties.items():
        if KINDS.get(iri) == IDENTIFIER or not by_name:
            yield from values.having(graph, iri, texts, [link for text in texts for link in meant[text]])


def _meant(space: Space, text: str) -> frozenset[str]:
    """Give the things that a value given as text means, or nearly; no name that is asked for so is very long."""
    if len(text) > LONGEST:
        return frozenset(thing.iri for thing in [space.names.get(text)] if thing)
    return frozenset(match.thing.iri for match in space.names.find(text, (), LOOKED_AT) if match.score >= AGREES)


def judged(space: Space, asked: Asked, held: values.Held) -> list[dict[str, Any]]:
    """Give the candidates of a query as the API has them, best first."""
    ranked = sorted((_candidate(asked, match, held.get(match.thing.iri, {})) for match in asked.matches),
                    key=lambda one: -one.score)
    safe = [one for one in ranked if one.is_safe]
    sure = [one for one in safe if all(one.verdicts.values())] if len(safe) > 1 and asked.properties else safe
    chosen = sure[0].match.thing.iri if len(sure) == 1 else ""
    return [_written(space, one, chosen, len(safe) - one.is_safe) for one in ranked if one.score][:asked.query.limit]


def _candidate(asked: Asked, match: Match, held: Mapping[str, Sequence[values.Value]]) -> Candidate:
    verdicts = {iri: _verdict(texts, held.get(iri, ()), asked.meant) for iri, texts in asked.properties.items()}
    known = any(verdict and KINDS.get(iri) == IDENTIFIER for iri, verdict in verdicts.items())
    has_type = not asked.types or not set(asked.types).isdisjoint(match.thing.types)
    score = float(100 if known else match.score)
    for verdict in verdicts.values():
        score += (100 - score) / 2 if verdict else 0 if verdict is None else -OTHER
    score -= 0 if has_type else WRONG_TYPE
    return Candidate(match, max(0, round(score)), verdicts, known or match.score >= SAFE, has_type)


def _verdict(texts: Sequence[str], held: Sequence[values.Value], meant: Mapping[str, frozenset[str]]) -> bool | None:
    """Say whether one of some values is held; nothing where none is held at all."""
    return any(_is(text, value, meant[text]) for text in texts for value in held) if held and texts else None


def _is(text: str, value: values.Value, meant: frozenset[str]) -> bool:
    if value.is_link:
        return value.text == text or value.text in meant
    if re.fullmatch(r"\d{4}(-\d\d){0,2}", text) and value.datatype.endswith(("date", "gYearMonth", "gYear")):
        return value.text.startswith(text)
    return fold(text) == fold(value.text) != "" or _number(text) == _number(value.text) is not None


def _number(text: str) -> float | None:
    try:
        return float(text) if len(text) < 40 else None
    except ValueError:
        return None


def _written(space: Space, one: Candidate, chosen: str, rivals: int) -> dict[str, Any]:
    thing, matched = one.match.thing, one.match.matched
    features: list[dict[str, Any]] = [{"id": "name", "value": one.match.score}, {"id": "exact", "value": one.is_named},
                                      {"id": "rivals", "value": rivals}, {"id": "type", "value": one.has_type}]
    features += [{"id": short(iri), "value": verdict} for iri, verdict in one.verdicts.items() if verdict is not None]
    return {"id": id_of(thing.iri), "name": thing.label, "description": " ".join(_told(space, one, matched)),
            "type": space.types_of(thing), "score": one.score, "match": thing.iri == chosen, "features": features}


def _told(space: Space, one: Candidate, matched: Name) -> Iterable[str]:
    """Give what a candidate is and why it has its score."""
    said = one.match.thing.description.rstrip(".")
    if said:
        yield f"{said}."
    yield f"Score {one.score}: {one.match.why}" if matched.text else f"Score {one.score}: by properties alone."
    words = {True: "as asked", False: "not as asked", None: "not stated"}
    for iri, verdict in one.verdicts.items():
        yield f"{space.properties[iri].label[:1].upper()}{space.properties[iri].label[1:]}: {words[verdict]}."
    if not one.has_type:
        yield "It is not of the type asked for."
