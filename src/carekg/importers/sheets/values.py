"""Which value the text or number in a cell is, for the field whose column it is in."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

import pyoxigraph as ox

from carekg.forms import typed
from carekg.forms.model import Field, Term
from carekg.importers.sheets import table
from carekg.importers.sheets.columns import SEPARATOR, Column
from carekg.importers.sheets.limits import MOST_CHARACTERS
from carekg.importers.sheets.table import Cell
from carekg.terms import PREFIXES

XSD: Final = PREFIXES["xsd"]
DAYS: Final = (XSD + "date", XSD + "gYearMonth", XSD + "gYear")
COUNTED: Final = (XSD + "integer", XSD + "decimal", XSD + "double")
BETWEEN: Final = re.compile(rf"(?<!{re.escape(SEPARATOR)}){re.escape(SEPARATOR)}(?!{re.escape(SEPARATOR)})")
"""The sign between two values; doubled, it is a sign of the value itself."""

EPOCH: Final = datetime.date(1899, 12, 30)
"""Nought among the days that a spreadsheet counts."""

LATEST: Final = 2999
"""The last number that is taken for a year."""

TRUTH: Final = {"yes": "true", "y": "true", "1": "true", "no": "false", "n": "false", "0": "false"}


class NotRight(Exception):
    """A cell is not right: what is wrong, and what would be right."""

    def __init__(self, wrong: str, right: str = "") -> None:
        self.wrong, self.right = wrong, right
        super().__init__(wrong)


def pieces(cell: Cell, column: Column) -> Iterator[str]:
    """Give the texts of the values in a cell.

    :raises NotRight: it holds what is no value.
    """
    if cell.kind == table.FORMULA:
        raise NotRight("This is a formula, and formulas are not worked out.",
                       "Type the value itself; a text that begins with =, +, - or @ does not go.")
    if cell.kind == table.BROKEN:
        raise NotRight("The spreadsheet shows an error here.", "Type the value itself, or leave the cell empty.")
    text = cell.text.replace("\xa0", " ").strip()
    if len(text) > MOST_CHARACTERS:
        raise NotRight(f"The cell has {len(text):,} characters.", f"{MOST_CHARACTERS:,} is the most.")
    if isinstance(cell.value, float) and cell.kind == table.NUMBER:
        text = format(Decimal(repr(cell.value)), "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
    if not column.is_several or cell.kind != table.TEXT:
        yield text
        return
    found = (one.replace(2 * SEPARATOR, SEPARATOR).strip() for one in BETWEEN.split(text))
    yield from dict.fromkeys(one for one in found if one)


def joined(texts: Iterable[str]) -> str:
    """Give the cell that holds some texts, as it is read again."""
    return f" {SEPARATOR} ".join(one.replace(SEPARATOR, 2 * SEPARATOR) for one in texts)


def literal(text: str, cell: Cell, field: Field) -> Term:
    """Give the value that a text in a cell is, of a field whose values are no things.

    :raises NotRight: it is none of the field's.
    """
    datatypes = field.values.datatypes
    if cell.kind in (table.DAY, table.MONTH) and not set(datatypes) & set(DAYS):
        raise NotRight(f"The spreadsheet has taken this for a date, {text}.",
                       "Format the cell as text, and type it again.")
    if cell.kind == table.NUMBER and datatypes and set(datatypes) <= set(DAYS) and not _is_year(cell.value):
        raise NotRight("This is a number where a date belongs.", _day_meant(cell.value))
    if field.values.kind == "truth":
        text = TRUTH.get(text.lower(), text.lower())
    if field.values.kind == "iri" and not text.startswith(("http://", "https://")):
        raise NotRight("This is no address.", "A whole address is right, such as https://example.org/page.")
    try:
        return typed.term(text, field.values)
    except ValueError as error:
        right = f"Right is {error}{_meant(text, field)}"
        raise NotRight("This is not what belongs here.", right if right.endswith("?") else f"{right}.") from None


def listed(text: str, field: Field) -> Term | None:
    """Give the value of a fixed list that a text stands for, or None."""
    known = {shown(one).casefold(): one for one in field.values.listed}
    return known.get(text.casefold())


def shown(term: Term) -> str:
    """Give a literal as it is typed."""
    return term.value if isinstance(term, ox.Literal | ox.NamedNode) else str(term)


def are_alike(one: Term, other: Term) -> bool:
    """Say whether two values are the same: numbers by value, texts whether or not their language is told."""
    if not isinstance(one, ox.Literal) or not isinstance(other, ox.Literal):
        return one == other
    if one.value == other.value:
        return one == other or None in (one.language, other.language)
    if one.datatype.value in COUNTED and other.datatype.value in COUNTED:
        try:
            return Decimal(one.value) == Decimal(other.value)
        except ArithmeticError:
            return False
    return False


def plain(term: Term) -> str:
    """Give a value as it is compared with others: a number as it is written shortest."""
    if not isinstance(term, ox.Literal):
        return str(term)
    if term.datatype.value in COUNTED:
        try:
            return str(Decimal(term.value).normalize())
        except ArithmeticError:
            return term.value
    return term.value


def _is_year(value: object) -> bool:
    return isinstance(value, int | float) and float(value).is_integer() and 1000 <= value <= LATEST


def _day_meant(value: float) -> str:
    """Give the day that a number stands for in a spreadsheet, where it may be one of this or the last century."""
    if 3000 < value < 80_000:
        day = EPOCH + datetime.timedelta(days=int(value))
        return f"Is the day {day} meant? Type it so, in a cell formatted as text."
    return "Type a year such as 2017, a month such as 2017-03 or a day such as 2017-03-01."


def _meant(text: str, field: Field) -> str:
    """Give the day that is meant by a date as the British or others write it."""
    if not set(field.values.datatypes) & set(DAYS):
        return ""
    for form in ("%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y", "%Y/%m/%d"):
        try:
            return f"; is {datetime.datetime.strptime(text, form).date()} meant?"
        except ValueError:
            continue
    for form in ("%B %Y", "%b %Y", "%m/%Y", "%b-%y"):
        try:
            return f"; is {datetime.datetime.strptime(text, form):%Y-%m} meant?"
        except ValueError:
            continue
    return ""
