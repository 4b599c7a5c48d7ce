"""What a store or a server answers, read into rows: a prepared question's, a SPARQL query's, a graph's triples."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox

from carekg import errors
from carekg.query import Cell, Column, Row, Table
from carekg.query.deprecated import Deprecated
from carekg.query.parameter import XSD
from carekg.terms import compact

FIRST: Final = 200
"""Bytes within which a truth says that it is one."""

LONGEST: Final = 200
"""Characters of an address that stands beside a reason; those of whole queries are longer."""

UNREADABLE: Final = (ValueError, KeyError, TypeError, AttributeError, SyntaxError, RecursionError)
"""What is raised on reading what is no answer."""

EMPTY: Final = Cell("")
"""The cell of a variable without a value."""


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
    """Columns and rows, and what the receipts of a row may be about: nothing where all are about the row itself.

    ``deprecated`` says of each row whether it tells of what is no longer to be used; it is empty where none does.
    """

    columns: tuple[Column, ...]
    rows: list[Row]
    groups: tuple[str, ...] = ()
    deprecated: tuple[bool, ...] = ()


def prepared(given: Given, known: Deprecated = Deprecated()) -> Rows:  # noqa: B008 - it is frozen
    """Give the answer to a prepared question: labels in the place of IRIs, receipts gathered.

    :param known: what is no longer to be used in the graph.
    :raises StoreError: it is no answer.
    """
    try:
        if given.is_graph:
            return _triples(given.body)
        if b'"boolean"' in given.body[:FIRST]:
            return _truth(json.loads(given.body))
        table = Table.from_json(given.body)
        marks = tuple(map(known.marks, table.rows()))
        return Rows(table.columns, table.rows(), table.receipts, marks if any(marks) else ())
    except UNREADABLE:
        raise errors.StoreError("The answer is not in the format of SPARQL that was asked for.") from None


def selected(given: Given) -> Rows:
    """Give the result of a SPARQL query as it is: a column for each variable, a row for each solution.

    :raises StoreError: it is no result.
    """
    try:
        if given.is_graph:
            return _triples(given.body)
        said = json.loads(given.body)
        if "boolean" in said:
            return _truth(said)
        names = said["head"]["vars"]
        cell = functools.cache(_cell)  # most terms of a long result come again and again
        rows = [Row(tuple(cell(term["type"], str(term["value"]), term.get("datatype", ""))
                          if (term := one.get(name)) else EMPTY for name in names), ())
                for one in said["results"]["bindings"]]
    except UNREADABLE:
        raise errors.StoreError("The answer is not in the format of SPARQL that was asked for.") from None
    return Rows(tuple(Column(name, name) for name in names), rows)


def reason(sentence: str, address: str) -> str:
    """Give a reason for an empty answer, with the address that helps where it is short enough to be read."""
    return f"{sentence} {address}" if address and len(address) <= LONGEST else sentence


def listed(headings: Iterable[str], rows: Iterable[Iterable[Cell]]) -> Rows:
    """Give rows of our own making."""
    return Rows(tuple(Column(name, name) for name in headings), [Row(tuple(cells), ()) for cells in rows])


def _truth(said: Mapping[str, Any]) -> Rows:
    text = "true" if said["boolean"] else "false"
    return listed(["answer"], [[Cell(text, datatype=f"{XSD}boolean")]])


def _triples(turtle: bytes) -> Rows:
    """Give the triples of a graph as rows, in the order of their words."""
    found = [(_term(quad.subject), _term(quad.predicate), _term(quad.object))
             for quad in ox.parse(turtle, ox.RdfFormat.TURTLE)]
    return listed(["subject", "predicate", "object"], sorted(found, key=lambda one: [cell.text for cell in one]))


def _term(term: object) -> Cell:
    if isinstance(term, ox.NamedNode):
        return Cell(compact(term.value), term.value)
    if isinstance(term, ox.Literal):
        return Cell(term.value, datatype=term.datatype.value)
    return Cell(str(term))


def _cell(type_: str, value: str, datatype: str) -> Cell:
    if type_ == "uri":
        return Cell(compact(value), value)
    return Cell(f"_:{value}" if type_ == "bnode" else value, datatype=datatype)
