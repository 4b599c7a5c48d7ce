"""An answer as a table for people: labels in the place of IRIs, and a count of what a column does not hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from carekg.terms import compact

PARAPHRASED = "paraphrased"
"""What a query gives as the place of words that are ours."""


@dataclass(frozen=True)
class Column:
    """A column: its variable, its heading in words, and the variable that holds the labels of its IRIs."""

    name: str
    heading: str
    label: str = ""


@dataclass(frozen=True)
class Cell:
    """A value as shown, and the IRI that it stands for, if any; a literal's datatype, if it has one."""

    text: str
    iri: str = ""
    datatype: str = field(default="", compare=False)


@dataclass(frozen=True)
class Receipt:
    """Who says it, where, and in which words; ``about`` tells what, where a row has receipts for several things."""

    words: str
    source: Cell
    where: str
    about: str = ""

    @property
    def quoted(self) -> str:
        """Give the words, in quotation marks where they are the source's own."""
        return self.words if self.where == PARAPHRASED else f"“{self.words}”"


@dataclass(frozen=True)
class Row:
    """One row: what is answered, and the receipts it rests on."""

    cells: tuple[Cell, ...]
    receipts: tuple[Receipt, ...]


@dataclass(frozen=True)
class Table:
    """Columns and rows of an answer to a SELECT query.

    A variable ``xLabel`` beside a variable ``x`` gives the words for its IRIs and is no column of its own. The
    variables ``words``, ``source`` and ``where`` make a receipt, and so do ``routeWords``, ``routeSource`` and
    ``routeWhere``; solutions that differ in nothing but receipts are one row.
    """

    columns: tuple[Column, ...]
    receipts: tuple[str, ...]
    solutions: Sequence[Mapping[str, Mapping[str, str]]]

    @classmethod
    def from_json(cls, answer: bytes) -> Table:
        """Read an answer in the SPARQL 1.1 Query Results JSON Format."""
        said = json.loads(answer)
        if "boolean" in said:
            value = {"answer": {"type": "literal", "value": "yes" if said["boolean"] else "no"}}
            return cls((Column("answer", "answer"),), (), [value])
        return cls.of(said["head"]["vars"], said["results"]["bindings"])

    @classmethod
    def of(cls, names: Sequence[str], solutions: Sequence[Mapping[str, Mapping[str, str]]] = ()) -> Table:
        """Give the table of an answer by its variables and solutions."""
        prefixes = [p for name in names if (p := _prefix(name)) is not None and _part(p, "source") in names]
        taken = {_part(p, part) for p in prefixes for part in ("words", "source", "sourceLabel", "where")}
        columns = [Column(name, _heading(name), f"{name}Label" if f"{name}Label" in names else "")
                   for name in names if name not in taken
                   and not (name.endswith("Label") and name.removesuffix("Label") in names)]
        return cls(tuple(columns), tuple(prefixes), solutions)

    def rows(self) -> list[Row]:
        """Give the rows, an unbound value as an empty cell, receipts gathered."""
        return self._rows

    @cached_property
    def _rows(self) -> list[Row]:
        found: dict[tuple[Cell, ...], dict[Receipt, None]] = {}
        for solution in self.solutions:
            cells = tuple(_cell(solution, column.name, column.label) for column in self.columns)
            kept = found.setdefault(cells, {})
            kept.update(dict.fromkeys(self._receipts(solution)))
        return [Row(cells, tuple(receipts)) for cells, receipts in found.items()]

    def lean(self) -> Table:
        """Give a table of the same rows that lets go of the solutions they were made of."""
        other = Table(self.columns, self.receipts, ())
        other.__dict__["_rows"] = self.rows()
        return other

    def shown(self) -> list[int]:
        """Give the numbers of the columns that hold anything."""
        rows = self.rows()
        return [n for n in range(len(self.columns)) if any(row.cells[n].text for row in rows)]

    def tally(self, column: str, values: Mapping[str, str]) -> dict[str, int]:
        """Count the rows for each of the values (IRI to label) in a column, those without rows included."""
        numbers = [n for n, c in enumerate(self.columns) if c.name == column]
        found = [row.cells[n].iri for row in self.rows() for n in numbers]
        return {label: found.count(iri) for iri, label in values.items()}

    def _receipts(self, solution: Mapping[str, Mapping[str, str]]) -> Iterator[Receipt]:
        for prefix in self.receipts:
            if _part(prefix, "words") in solution:
                yield Receipt(solution[_part(prefix, "words")]["value"],
                              _cell(solution, _part(prefix, "source"), _part(prefix, "sourceLabel")),
                              solution.get(_part(prefix, "where"), {}).get("value", ""), prefix)


def _prefix(name: str) -> str | None:
    """Give what stands before ``words`` in the name of a receipt's variable."""
    match = re.fullmatch(r"(?:words|([a-z]+)Words)", name)
    return (match[1] or "") if match else None


def _part(prefix: str, part: str) -> str:
    return prefix + part[0].upper() + part[1:] if prefix else part


def _cell(solution: Mapping[str, Mapping[str, str]], name: str, label_name: str) -> Cell:
    term = solution.get(name)
    if term is None:
        return Cell("")
    iri = term["value"] if term["type"] == "uri" else ""
    label = solution.get(label_name, {}).get("value", "")
    return Cell(label or (compact(iri) if iri else term["value"]), iri, term.get("datatype", ""))


def _heading(name: str) -> str:
    """Give a variable's name in words."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ").lower()
    return words.removesuffix(" found").removesuffix(" now")
