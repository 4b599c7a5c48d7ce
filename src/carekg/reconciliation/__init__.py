"""Matching names in other people's tables with the things of a graph: the Reconciliation Service API 0.2.

Names of innovations, places, organisations and the rest are given scores that are explained, and only what is the
name itself and nothing else's name is called a match.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from carekg import store
from carekg.names import Names, Thing
from carekg.reconciliation import asked, matching, space, values
from carekg.reconciliation.asked import Extension, Query, batch, extension, single

__all__ = ["Extension", "Query", "Service", "batch", "extension", "single"]


class Service:
    """Answers for a graph as long as it stays the same; all answers are JSON as the API has it."""

    def __init__(self, graph: store.Store, names: Names) -> None:
        self._graph, self.names = graph, names
        self.space = space.Space(graph, names)

    def reconciled(self, queries: Mapping[str, Query]) -> dict[str, dict[str, Any]]:
        """Give the candidates of each query; the values of their properties are asked for at once."""
        found = {key: matching.looked_up(self._graph, self.space, query) for key, query in queries.items()}
        things = {match.thing.iri for one in found.values() if one.properties for match in one.matches}
        held = values.held(self._graph, things, {iri for one in found.values() for iri in one.properties})
        return {key: {"result": matching.judged(self.space, one, held)} for key, one in found.items()}

    def extended(self, wanted: Extension) -> dict[str, Any]:
        """Give the values of properties of things, by the identifiers that were sent; unknown ones have none."""
        columns = {column: self.space.property(column.pid) for column in wanted.columns}
        things = {key: thing.iri for key in wanted.ids if (thing := self.names.get(key))}
        held = values.held(self._graph, things.values(), columns.values())
        rows = {key: {column.pid: [values.written(one, self.names) for one in
                                   held.get(things.get(key, ""), {}).get(iri, ())][:column.most]
                      for column, iri in columns.items()} for key in wanted.ids}
        meta = [self._meta(column, iri, held) for column, iri in columns.items()]
        return {"meta": meta, "rows": rows}

    def proposed(self, type_: str, limit: int) -> dict[str, Any]:
        """Give the properties that things of a type have, as columns to add."""
        found = self.space.proposed(self.space.type(type_) if type_ else "")[:limit]
        return {"properties": [_term(one) for one in found], "type": type_, "limit": limit}

    def entities(self, prefix: str, types: Sequence[str], skip: int) -> dict[str, Any]:
        """Suggest things whose name begins so."""
        pool = [self.space.type(one) for one in types] or self.space.usual
        found = self.names.completing(prefix, pool, asked.USUAL, skip)
        return {"result": [{"id": space.id_of(thing.iri), "name": thing.label, "description": thing.description,
                            "notable": self.space.types_of(thing)} for thing, *_ in found]}

    def types(self, prefix: str, skip: int) -> dict[str, Any]:
        """Suggest types."""
        return self._suggested(self.space.types, prefix, skip)

    def properties(self, prefix: str, skip: int) -> dict[str, Any]:
        """Suggest properties."""
        return self._suggested(self.space.properties, prefix, skip)

    def _suggested(self, things: Mapping[str, Thing], prefix: str, skip: int) -> dict[str, Any]:
        found = space.suggested(things.values(), prefix)[skip:skip + asked.USUAL]
        return {"result": [_term(one) for one in found]}

    def _meta(self, column: asked.Column, iri: str, held: values.Held) -> dict[str, Any]:
        """Give what a column is; its type where all its values are things that share one."""
        meta: dict[str, Any] = {"id": column.pid, "name": self.space.properties[iri].label}
        found = [one for rows in held.values() for one in rows.get(iri, ())]
        things = [self.names.things.get(one.text) if one.is_link else None for one in found]
        kinds = [{kind["id"]: kind for kind in self.space.types_of(thing)} if thing else {} for thing in things]
        shared = [kind for kind in kinds[0] if all(kind in one for one in kinds)] if kinds else []
        return meta | ({"type": kinds[0][shared[0]]} if shared else {})


def _term(one: Thing) -> dict[str, str]:
    """Give a type or property as the API has it."""
    said = {"id": space.short(one.iri), "name": one.label}
    return said | ({"description": one.description} if one.description else {})
