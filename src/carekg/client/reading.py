"""What a store or a server answers, read into rows: a prepared question's, a SPARQL query's, a graph's triples."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox

from carekg import errors
from carekg.query import Cell, Column, Row, Table
from carekg.query.parameter import XSD
from carekg.terms import compact

FIRST: Final = 200
"""Bytes within which a truth says that it is one."""


@dataclass(frozen=True)
class Given:
    """An answer as it comes: SPARQL results in JSON, or Turtle where it is a graph.

    ``cut`` is the number of rows after which it was cut, nought where it is whole; ``address`` leads to it.
    """

    body: bytes
    is_graph: bool = False
    cut: int = 0
    address: str = ""


@dataclass(frozen=True)
class Rows:
    """Columns and rows, and what the receipts of a row may be about: nothing where all are about the row itself."""

    columns: tuple[Column, ...]
    rows: list[Row]
    groups: tuple[str, ...] = ()


def prepared(given: Given) -> Rows:
    """Give the answer to a prepared question: labels in the place of IRIs, receipts gathered.

    :raises StoreError: it is no answer.
    """
    if given.is_graph:
        return _triples(given.body)
    try:
        if b'"boolean"' in given.body[:FIRST]:
            return _truth(json.loads(given.body))
        table = Table.from_json(given.body)
        return Rows(table.columns, table.rows(), table.receipts)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise errors.StoreError("The answer is not in the SPARQL results format that was asked for.") from None


def selected(given: Given) -> Rows:
    """Give the result of a SPARQL query as it is: a column for each variable, a row for each solution.

    :raises StoreError: it is no result.
    """
    if given.is_graph:
        return _triples(given.body)
    try:
        said = json.loads(given.body)
        if "boolean" in said:
            return _truth(said)
        names = said["head"]["vars"]
        rows = [Row(tuple(_cell(one.get(name)) for name in names), ()) for one in said["results"]["bindings"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise errors.StoreError("The answer is not in the SPARQL results format that was asked for.") from None
    return Rows(tuple(Column(name, name) for name in names), rows)


def listed(headings: Iterable[str], rows: Iterable[Iterable[Cell]]) -> Rows:
    """Give rows of our own making."""
    return Rows(tuple(Column(name, name) for name in headings), [Row(tuple(cells), ()) for cells in rows])


def _truth(said: Mapping[str, Any]) -> Rows:
    text = "true" if said["boolean"] else "false"
    return listed(["answer"], [[Cell(text, datatype=f"{XSD}boolean")]])


def _triples(turtle: bytes) -> Rows:
    """Give the triples of a graph as rows."""
    found = ox.parse(turtle, ox.RdfFormat.TURTLE)
    return listed(["subject", "predicate", "object"],
                  ([_term(quad.subject), _term(quad.predicate), _term(quad.object)] for quad in found))


def _term(term: object) -> Cell:
    if isinstance(term, ox.NamedNode):
        return Cell(compact(term.value), term.value)
    if isinstance(term, ox.Literal):
        return Cell(term.value, datatype=term.datatype.value)
    return Cell(str(term))


def _cell(term: Mapping[str, str] | None) -> Cell:
    if term is None:
        return Cell("")
    value = str(term["value"])
    if term["type"] == "uri":
        return Cell(compact(value), value)
    return Cell(f"_:{value}" if term["type"] == "bnode" else value, datatype=term.get("datatype", ""))
