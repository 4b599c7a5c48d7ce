"""The template of a class: a workbook with its columns, drop-downs, and a sheet that explains every column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from openpyxl.styles import Font

from carekg import store
from carekg.forms import typed
from carekg.forms.model import Field
from carekg.importers.sheets import keys, stated, values, written
from carekg.importers.sheets.columns import NOTHING, SEPARATOR, Column, Layout
from carekg.importers.sheets.heads import NOTE
from carekg.importers.sheets.naming import Known, short
from carekg.importers.sheets.rows import IN_SCHEME
from carekg.importers.sheets.table import NOTES

FEW: Final = 800
"""Things of a class that a drop-down shows at most."""

SHOWN: Final = 40
"""Names that the notes list for a column."""

HOW: Final = (
    "Fill in one row for each {label}; heads with * are needed for whatever is new.",
    f"Several values in a cell are separated by {SEPARATOR} (where the table below says several); one that has this "
    f"sign in it has it twice, {2 * SEPARATOR}. More values, and more passages, can also be given in further rows of "
    "the same {label}.",
    "Things go by their names, as in the drop-downs; where a name may mean several, by their key, such as place/leeds.",
    "Leave `id` empty for what is new. What goes by a known name, or says the same of the same subject, is the known "
    "{label}. To give something known another name, name it by its id.",
    "A cell says all values that the {label} has: others are withdrawn, and you see that before anything is changed. "
    f"An empty cell says nothing, and takes nothing away; {NOTHING} in a cell takes away what is there.",
    "Dates are as exact as their source: 2016, 2016-10 or 2016-10-19. Formulas are not worked out.",
    f"A column whose head begins with {NOTE} is for notes of your own, and is not read.",
)
"""How a sheet is filled in."""


def template(layout: Layout, known: Known, graph: store.Store | None = None) -> bytes:
    """Give the template of a class; with a graph, filled with the things of the class that it holds."""
    book = written.new_book(title(layout))
    sheet, lists = book.active, written.Lists(book)
    columns = [one for one in layout.columns if not one.is_extra]
    if graph is not None:
        filled = list(_filled(layout, known, graph))
        columns = [one for one in layout.columns if not one.is_extra or any(one.key in row for row in filled)]
    for number, column in enumerate(columns, 1):
        written.head(sheet, 1, number, column)
        add_choices(lists, sheet, written.below(number), column, known)
    sheet.freeze_panes = "B2"
    sheet.row_dimensions[1].height = 32
    for row, values_ in enumerate(filled if graph is not None else (), 2):
        for number, column in enumerate(columns, 1):
            if column.key in values_:
                written.put(sheet, row, number, values_[column.key]).alignment = written.WRAPPED
        written.fit(sheet, row)
    _notes(book, layout, columns, known)
    return written.saved(book)


def title(layout: Layout) -> str:
    """Give what the sheet of a class is called."""
    label = layout.form.label
    return (label[:1].upper() + label[1:])[:31]


def add_choices(lists: written.Lists, sheet: Any, place: str, column: Column, known: Known) -> None:
    """Make the drop-down of a column, where its values can be listed."""
    if column.field is not None:
        lists.drop(sheet, place, column.head, choices(column, known),
                   strict=not column.is_several and column.field.values.kind in ("list", "truth"))


def choices(column: Column, known: Known) -> list[str]:
    """Give the names that can be chosen in a column; none where there are too many, or any text will do."""
    one = column.field
    if one is None:
        return []
    if column.how:
        return list(one.predicates.values())
    if one.values.kind == "truth":
        return ["yes", "no"]
    if one.values.listed:
        return [values.shown(term) for term in one.values.listed]
    types = one.values.classes or tuple(value for path, value in one.values.having if path == IN_SCHEME)
    found: dict[str, None] = {}
    for type_ in types:
        more = [called(thing.iri, types, known) for thing in known.names.typed([type_])]
        if len(found) + len(more) > FEW:
            break
        found |= dict.fromkeys(more)
    return list(found)


def called(iri: str, types: Sequence[str], known: Known) -> str:
    """Give the name by which a thing is found again: with its key where others have the same name."""
    thing = known.names.things.get(iri)
    if thing is None:
        return short(iri)
    is_plain = SEPARATOR not in thing.label and thing.label == " ".join(thing.label.split())
    if is_plain and known.is_only(thing.label, types):
        return thing.label
    return f"{' '.join(thing.label.replace(SEPARATOR, '/').split())} ({short(iri)})"


def _filled(layout: Layout, known: Known, graph: store.Store) -> Iterator[dict[str, str]]:
    """Give the cells of each thing of the class."""
    things = [thing.iri for thing in known.names.typed([layout.form.iri])]
    held = stated.of(graph, things)
    for iri in things:
        row = {layout.columns[0].key: short(iri)}
        for column in layout.columns:
            one = column.field
            pairs = [pair for pair in held[iri] if one and pair[0] in one.predicates and not column.within]
            if one and pairs and column.how:
                row[column.key] = one.predicates[pairs[0][0]]
            elif one and pairs:
                texts = sorted(_text(pair[1], one, known) for pair in pairs)
                row[column.key] = values.joined(texts) if column.is_several else texts[0]
        yield row


def _text(term: Any, one: Field, known: Known) -> str:
    """Give a value as it is typed."""
    types = one.values.classes or tuple(value for path, value in one.values.having if path == IN_SCHEME)
    return called(term.value, types, known) if types else values.shown(term)


def _notes(book: Any, layout: Layout, columns: Sequence[Column], known: Known) -> None:
    sheet = book.create_sheet(NOTES, 1)
    cell = written.put(sheet, 1, 1, f"How to fill in the sheet `{title(layout)}`")
    cell.font = Font(bold=True, size=14)
    written.plain_head(sheet, len(HOW) + 4, [("column", 24), ("needed", 10), ("what it says", 52), ("values", 34),
                                             ("names to choose from", 60)])
    for row, text in enumerate((layout.form.definition, *(one.format(label=layout.form.label) for one in HOW)), 2):
        written.put(sheet, row, 1, text).alignment = written.WRAPPED
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=5)
        sheet.row_dimensions[row].height = written.LINE * (1 + len(text) // 160)
    written.lines(sheet, len(HOW) + 5, (_explained(one, known, layout) for one in columns))


def _explained(column: Column, known: Known, layout: Layout) -> list[str]:
    """Give a row of the notes: the column, whether it is needed, what it says, what its values are."""
    if column.field is None:
        home = short(keys.home(layout.form.iri, known.homes(layout.form.iri)))
        return [column.head, "no", column.help, f"a key such as {home}some-name", ""]
    names = choices(column, known)
    listed = "; ".join(names[:SHOWN]) + (f"; and {len(names) - SHOWN} more, in the drop-down"
                                         if len(names) > SHOWN else "")
    needed = "yes" if column.is_required else "no"
    if column.how:
        return [column.head, needed, f"How it is linked to its {column.field.label}.", "from the list; one", listed]
    return [column.head, needed, column.help, _takes(column, known), listed]


def _takes(column: Column, known: Known) -> str:
    """Give what the values of a column are, and how many there may be."""
    one = column.field
    if one is None:
        return ""
    kinds = {"list": "from the list", "truth": "yes or no", "iri": "a whole address, https://..."}
    what = kinds.get(one.values.kind) or typed.right(one.values) or "text"
    if one.values.classes:
        several = one.values.classes[:5]
        what = "the name or key of a thing: " + ", ".join(known.label(iri) for iri in several)
        what += ", ..." if len(one.values.classes) > len(several) else ""
    return f"{what}; {'several' if column.is_several else 'one'}"
