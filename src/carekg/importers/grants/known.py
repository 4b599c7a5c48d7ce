"""What the graph has of what a batch of grants names: organisations, programmes, places, and the awards themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import pyoxigraph as ox

from carekg.importers.grants import naming
from carekg.importers.grants.bodies import Bodies, numbers
from carekg.importers.grants.documents import GRAPHS
from carekg.importers.grants.naming import CARE, TYPE
from carekg.store import Store, solutions

AT_ONCE: Final = 1000
"""Values that a query lists."""


def places(store: Store) -> dict[str, ox.NamedNode]:
    """Give the places that have a GSS code, by that."""
    found = solutions(store, f"SELECT ?code ?place WHERE {{ ?place {CARE.gssCode} ?code }} ORDER BY ?place")
    return {row["code"].value: row["place"] for row in found}


def add_bodies(store: Store, bodies: Bodies, named: Iterable[Mapping[str, Any]]) -> None:
    """Let bodies know what the graph has of some organisations as grants name them."""
    unknown = {one["id"].strip(): one for one in named if one["id"].strip() not in bodies.by_id}
    pairs = [numbers(one) for one in unknown.values()]
    wanted: list[tuple[ox.NamedNode, list[Any]]] = [
        (CARE.orgId, [ox.Literal(one) for one in unknown]),
        (CARE.charityNumber, [ox.Literal(one) for one in {pair[0] for pair in pairs if pair[0]}]),
        (CARE.companyNumber, [ox.Literal(one) for one in {pair[1] for pair in pairs if pair[1]}])]
    found: set[ox.NamedNode] = set()
    for predicate, values in wanted:
        rows = _listed(store, "?body ?value", f"?body {predicate} ?value", "value", values)
        for row in sorted(rows, key=lambda row: str(row["body"])):  # of several that have it always the same
            found.add(row["body"])
            if predicate == CARE.orgId:
                bodies.by_id.setdefault(row["value"].value, row["body"])
    for predicate, name in ((CARE.charityNumber, "charity"), (CARE.companyNumber, "company")):
        rows = _listed(store, "?body ?value", f"?body {predicate} ?value", "body", sorted(found, key=str))
        for row in sorted(rows, key=lambda row: str(row["body"])):
            bodies.know(row["body"], **{name: row["value"].value})
    minted = [naming.organisation(one) for one in unknown]
    bodies.there.update(row["body"] for row in _listed(
        store, "?body", f"?body {TYPE} {CARE.Organisation}", "body", minted))


def add_programmes(store: Store, bodies: Bodies, programmes: Iterable[ox.NamedNode]) -> None:
    """Let bodies know which of some programmes the graph has."""
    bodies.there.update(row["one"] for row in _listed(
        store, "?one", f"?one {TYPE} {CARE.Programme}", "one", list(programmes)))


def stated(store: Store, identifiers: Sequence[str]) -> dict[ox.NamedNode, set[ox.Quad]]:
    """Give what graphs of grants state of the awards of these identifiers, and of their receipts, by the award."""
    owners = {naming.award(one): naming.award(one) for one in identifiers}
    there = {row["one"] for row in _listed(store, "?one", f"?one {TYPE} {CARE.Award}", "one", list(owners))}
    if not there:
        return {}
    receipts = {naming.passage(one): naming.award(one) for one in identifiers if naming.award(one) in there}
    owners = {**{one: one for one in there}, **receipts}
    found: dict[ox.NamedNode, set[ox.Quad]] = {}
    for row in _listed(store, "?g ?s ?p ?o", "GRAPH ?g { ?s ?p ?o }", "s", list(owners)):
        if row["g"].value.startswith(GRAPHS):
            found.setdefault(owners[row["s"]], set()).add(ox.Quad(row["s"], row["p"], row["o"], row["g"]))
    return found


def of_source(store: Store, source: ox.NamedNode) -> set[ox.Quad]:
    """Give what graphs of grants state of a source."""
    rows = _listed(store, "?g ?s ?p ?o", "GRAPH ?g { ?s ?p ?o }", "s", [source])
    return {ox.Quad(row["s"], row["p"], row["o"], row["g"]) for row in rows if row["g"].value.startswith(GRAPHS)}


def _listed(store: Store, what: str, pattern: str, variable: str, values: Sequence[Any]) -> Iterator[Any]:
    """Give the solutions of a pattern for a variable's values, in any order: the engine takes long to sort terms."""
    for start in range(0, len(values), AT_ONCE):
        listed = " ".join(map(str, values[start:start + AT_ONCE]))
        where = f"{{ VALUES ?{variable} {{ {listed} }} {pattern} }}"
        yield from solutions(store, f"SELECT {what} WHERE {where}")
