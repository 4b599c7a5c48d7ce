"""Codes of areas that no register lists, where the graph has registers: what a build looks for in all of a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import RDFS

from carekg import lint
from carekg.store import Effect
from carekg.terms import CARE, GSS, compact

CODE: Final = ox.NamedNode(CARE.gssCode)
LISTS: Final = ox.NamedNode(CARE.listsCode)

Rows = Callable[[str], list[dict[str, str]]]
"""Asks the graph as it is with a SELECT query."""


def unlisted(stated: Effect, rows: Rows) -> Iterator[str]:
    """Give a sentence for each code that a change states, or leaves in use, and that no register lists after it.

    Nothing is asked where a change states no code and takes none off a register.
    """
    used = {code: "" for quad in stated.added if (code := _code(quad))}
    left = _left_in_use(stated, rows)
    if not used and not left:
        return
    missing = sorted({*used, *left} - _listed(stated, {*used, *left}, rows))
    every = {row["code"] for row in rows(f"SELECT DISTINCT ?code WHERE {{ ?s {LISTS} ?code }}")} if missing else set()
    every |= {quad.object.value for quad in stated.added if _lists(quad) and isinstance(quad.object, ox.Literal)}
    for code in missing if every else ():
        near = lint.near_codes(code, every - {code})
        which = f", which {compact(left[code])} has," if code in left and code not in used else ""
        yield f"{code}{which} is in no register of areas{lint.meant_codes(near, _bearers(near, rows))}"


def _code(quad: ox.Quad) -> str:
    """Give the code that a statement uses: that of an area, or of a thing that it links to by its code."""
    if quad.predicate == CODE and isinstance(quad.object, ox.Literal):
        return quad.object.value
    if isinstance(quad.object, ox.NamedNode) and quad.object.value.startswith(GSS):
        return quad.object.value.removeprefix(GSS)
    return ""


def _lists(quad: ox.Quad) -> bool:
    return quad.predicate == LISTS


def _left_in_use(stated: Effect, rows: Rows) -> dict[str, str]:
    """Give the codes that are taken off a register, each with a thing that goes on having it."""
    gone = {quad.object.value for quad in stated.removed if _lists(quad) and isinstance(quad.object, ox.Literal)}
    if not gone:
        return {}
    removed = {(quad.subject.value, _code(quad)) for quad in stated.removed
               if isinstance(quad.subject, ox.NamedNode) and _code(quad)}
    found = rows(f"SELECT ?s ?code WHERE {{ VALUES ?code {{ {_values(gone)} }} ?s {CODE} ?code }} ORDER BY ?s")
    return {row["code"]: row["s"] for row in found if (row["s"], row["code"]) not in removed}


def _listed(stated: Effect, codes: set[str], rows: Rows) -> set[str]:
    """Give those of some codes that a register lists after a change."""
    removed = {(str(quad.graph_name), str(quad.subject), str(quad.object)) for quad in stated.removed if _lists(quad)}
    found = rows(f"SELECT ?g ?s ?code WHERE {{ VALUES ?code {{ {_values(codes)} }} GRAPH ?g {{ ?s {LISTS} ?code }} }}")
    there = {row["code"] for row in found
             if (f"<{row['g']}>", f"<{row['s']}>", str(ox.Literal(row["code"]))) not in removed}
    return there | {getattr(quad.object, "value", "") for quad in stated.added if _lists(quad)}


def _bearers(codes: list[str], rows: Rows) -> dict[str, str]:
    """Give what the areas with some codes are called."""
    found = rows(f"SELECT ?code ?label WHERE {{ VALUES ?code {{ {_values(codes)} }} ?s {CODE} ?code . "
                 f"?s <{RDFS.label}> ?label }}") if codes else []
    return {row["code"]: row["label"] for row in found}


def _values(codes: set[str] | list[str]) -> str:
    return " ".join(str(ox.Literal(code)) for code in sorted(codes))
