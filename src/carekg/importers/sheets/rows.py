"""Reads the cells of each row as values, things and what is described in place; tells by the cell what is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from carekg.forms.model import Field, Term
from carekg.importers.sheets import values
from carekg.importers.sheets.columns import NOTHING, Column, Layout
from carekg.importers.sheets.naming import Known, Question
from carekg.importers.sheets.table import Cell, Problem, Row, folded, shown
from carekg.importers.sheets.values import NotRight
from carekg.terms import PREFIXES

IN_SCHEME: Final = PREFIXES["skos"] + "inScheme"
LISTED: Final = 20
"""Names that a sentence lists."""


@dataclass
class Said:
    """What a row says: its key and its name as typed, the values of its fields, and of what is within them.

    ``waiting`` are names that may be those of things which the same sheet makes. ``hows`` are the properties by
    which values are linked, by field; ``cleared`` the fields whose cell says that there is no value any more. A row
    ``is_open`` where something in it has to be confirmed.
    """

    row: Row
    key: str = ""
    name: str = ""
    values: dict[str, list[Term]] = field(default_factory=dict)
    waiting: dict[str, list[str]] = field(default_factory=dict)
    hows: dict[str, str] = field(default_factory=dict)
    cleared: set[str] = field(default_factory=set)
    parts: dict[str, dict[str, Term]] = field(default_factory=lambda: defaultdict(dict))
    is_open: bool = False


class Reader:
    """Reads the rows of a sheet whose columns are known."""

    def __init__(self, layout: Layout, columns: Mapping[int, Column], known: Known) -> None:
        self.layout, self.columns, self.known = layout, columns, known
        self.problems: list[Problem] = []
        self._wrong: set[tuple[int, int]] = set()
        self.questions: dict[tuple[str, str], Question] = {}
        self.names: set[str] = set()
        """Names of the rows themselves, folded: a reference may be to one of them."""

    def said(self, row: Row) -> Said:
        """Give what a row says."""
        found = Said(row)
        for number, column in self.columns.items():
            if number in row.cells:
                try:
                    self._read(found, column, row.cells[number])
                except Asked:
                    found.is_open = True
                except NotRight as error:
                    self.problem(row, number, error.wrong, error.right)
        return found

    def problem(self, row: Row, number: int, wrong: str, right: str = "") -> None:
        """Note what is wrong with a cell; what follows from that is not told."""
        if number and (row.number, number) in self._wrong:
            return
        self._wrong.add((row.number, number))
        cell = row.cells.get(number)
        head = self.columns[number].head if number in self.columns else ""
        self.problems.append(Problem(row.number, number, cell.text if cell else "", wrong, right, head))

    def ask(self, question: Question, row: int) -> None:
        """Note a question, once for all rows that ask it."""
        self.questions.setdefault(question.key, question).rows.append(row)

    def number(self, column: Column | None) -> int:
        """Give the number of the column in the sheet, nought where it is not there."""
        return next((number for number, one in self.columns.items() if one == column), 0)

    def _read(self, found: Said, column: Column, cell: Cell) -> None:
        texts = list(values.pieces(cell, column))
        one = column.field
        if not texts:
            return  # nothing but signs between values says as little as an empty cell
        if one is None:
            found.key = texts[0]
        elif column.how:
            found.hows[one.key] = self._how(texts[0], one)
        elif column.within is not None and folded(texts[0]) == NOTHING:
            raise NotRight("What is described in place is not taken away so.",
                           f"Name in `{column.within.label}` those that stay, by their keys, or write {NOTHING} there.")
        elif column.within is not None:
            found.parts[column.within.key][one.key] = self._value(texts[0], cell, column, one, found.row.number)
        elif [folded(one) for one in texts] == [NOTHING]:
            found.cleared.add(one.key)
        else:
            self._values(found, column, one, cell, texts)
        if one is not None and one == self.layout.naming and column.within is None:
            found.name = texts[0]

    def _values(self, found: Said, column: Column, one: Field, cell: Cell, texts: list[str]) -> None:
        types = one.values.classes
        waiting = [text for text in texts if self.layout.form.iri in types and folded(text) in self.names
                   and not (self.known.is_only(text, types) or self.known.by_key(text, types))]
        held = [self._value(text, cell, column, one, found.row.number) for text in texts if text not in waiting]
        found.values[one.key], found.waiting[one.key] = held, waiting

    def _how(self, text: str, one: Field) -> str:
        """Give the property that a label stands for."""
        found = {folded(label): iri for iri, label in one.predicates.items()}
        if folded(text) not in found:
            raise NotRight("This is no way in which it is linked.",
                           f"Right is one of: {', '.join(one.predicates.values())}.")
        return found[folded(text)]

    def _value(self, text: str, cell: Cell, column: Column, one: Field, row: int) -> Term:
        """Give the value that a text is.

        :raises NotRight: it is none; or what it means has to be confirmed, which is noted.
        """
        if one.values.listed:
            if (term := values.listed(text, one)) is None:
                right = ", ".join(map(values.shown, one.values.listed))
                raise NotRight("This is not in the list.", f"Right is one of: {right}.")
            return term
        types = one.values.classes or tuple(value for path, value in one.values.having if path == IN_SCHEME)
        if not types:
            return values.literal(text, cell, one)
        meaning = self.known.reference(text, types, column.head)
        if meaning.question:
            self.ask(meaning.question, row)
            raise Asked
        if not meaning.iri:
            raise NotRight(f"Nothing known goes by the name `{shown(text)}`.", self._right(one))
        return ox.NamedNode(meaning.iri)

    def _right(self, one: Field) -> str:
        if one.values.kind == "list":
            types = [value for path, value in one.values.having if path == IN_SCHEME]
            names = [thing.label for thing in self.known.names.typed(types)] if types else []
            if 0 < len(names) <= LISTED:
                return f"Right is one of: {', '.join(names)}."
            return "The drop-down of the template has the names there are."
        kinds = " or ".join(self.known.label(iri) for iri in one.values.classes[:4])
        return f"Name one that is there ({kinds}), or bring it in first, by a sheet of its own."


class Asked(NotRight):
    """What a cell means has to be confirmed."""

    def __init__(self) -> None:
        super().__init__("")
