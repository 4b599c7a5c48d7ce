"""The columns that a sheet of a class has, made of its form.

Each field is a column. Where a value may be linked by several properties, a column beside says by which. What is
described in place, since it has no name of its own (a passage), has a column for each of its fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from carekg.forms.model import NAMING, Field, Form
from carekg.forms.reading import ALSO, Forms
from carekg.importers.sheets.table import folded
from carekg.terms import CARE

ID: Final = "id"
SEPARATOR: Final = "|"
"""Stands between several values in a cell."""

NOTHING: Final = "(none)"
"""In a cell it says that a thing has no such value any more; an empty cell says nothing."""

SUMMARY: Final = str(CARE.summary)
SUBJECT: Final = f"{CARE._NS}holdsFor"
"""One of the properties by which a claim is linked to what it is about."""

CALLED: Final = (*NAMING, SUMMARY)
"""Properties by whose value a thing goes, the first that a class has."""


@dataclass(frozen=True)
class Column:
    """A column: its head, and the field whose values stand in it.

    ``how`` says that the cells name the property by which the values of the field are linked. ``within`` is the field
    whose value is described in place by this and other columns, and which ``is_key`` itself: its values go by no name.
    ``is_extra`` ones are read, and in no template.
    """

    head: str
    field: Field | None = None
    how: bool = False
    within: Field | None = None
    is_extra: bool = False
    is_key: bool = False

    @property
    def is_id(self) -> bool:
        """Say whether it names the thing itself by its key."""
        return self.field is None

    @property
    def is_several(self) -> bool:
        """Say whether a cell may hold several values."""
        return self.field is not None and not self.how and self.field.most != 1 and self.within is None

    @property
    def is_required(self) -> bool:
        """Say whether every new thing has a value; what it rests on is rather described than named by a key."""
        needed = self.field is not None and self.field.least > 0 and not self.is_key
        return needed and (self.within is None or self.within.least > 0)

    @property
    def help(self) -> str:
        """Give what is to be known of it."""
        if self.field is None:
            return "The key of what is known already, or one that you choose for what is new; it may be left empty."
        if self.how:
            return f"How it is linked to its {self.field.label}: one of {', '.join(self.field.predicates.values())}."
        key = " By the key of one that is known; a new one is described in the columns beside." if self.is_key else ""
        return (self.field.help or " ".join(self.field.messages)) + key

    @property
    def key(self) -> str:
        """Give the head as heads are compared."""
        return folded(self.head)


@dataclass(frozen=True)
class Layout:
    """The columns of a class, its form, the field by which its things go, and the forms of what is within."""

    form: Form
    columns: tuple[Column, ...]
    naming: Field | None
    parts: Mapping[str, Form]

    @property
    def named(self) -> dict[str, Column]:
        """Give the columns by their heads, as heads are compared."""
        return {one.key: one for one in self.columns}

    @property
    def is_claim(self) -> bool:
        """Say whether its things go by a sentence, which many share nearly, and not by a name."""
        return self.naming is not None and SUMMARY in self.naming.predicates

    def column(self, field: Field, within: Field | None = None) -> Column | None:
        """Give the column of a field's values."""
        return next((one for one in self.columns if one.field == field and one.within == within and not one.how), None)

    def parted(self, field: Field) -> tuple[Column, ...]:
        """Give the columns that describe the values of a field in place."""
        return tuple(one for one in self.columns if one.within == field)


def layout(forms: Forms, form: Form) -> Layout:
    """Give the columns of a class: its key and its name or subject first, what it rests on last."""
    parts = {field.key: part for field in form.fields if (part := _nameless(forms, field))}
    extra = {field.key for section in form.sections if section.label == ALSO for field in section.fields}
    fields = sorted(form.fields, key=lambda one: (one.key in extra, one.key in parts))
    naming = next((one for path in CALLED if (one := form.of(path))), None)
    first = form.of(SUBJECT) if naming and SUMMARY in naming.predicates else naming
    fields.sort(key=lambda one: one is not first)
    found = [Column(ID)]
    for field in fields:
        found += _columns(field, parts.get(field.key), field.key in extra)
    return Layout(form, tuple(_distinct(found)), naming, parts)


def _columns(field: Field, part: Form | None, is_extra: bool) -> Iterator[Column]:
    yield Column(field.label, field, is_extra=is_extra, is_key=part is not None)
    if len(field.predicates) > 1:
        yield Column(f"{field.label} (how)", field, how=True, is_extra=is_extra)
    for section in part.sections if part else ():
        for inner in section.fields if section.label != ALSO else ():
            if part and len(inner.predicates) == 1:
                yield Column(f"{part.label} {inner.label}", inner, within=field, is_extra=is_extra)


def _distinct(columns: Sequence[Column]) -> Iterator[Column]:
    """Give the columns with heads of which no two are the same."""
    seen: set[str] = set()
    for one in columns:
        head, number = one.head, 2
        while folded(head) in seen:
            head, number = f"{one.head} {number}", number + 1
        seen.add(folded(head))
        yield replace(one, head=head)


def _nameless(forms: Forms, field: Field) -> Form | None:
    """Give the form of a field's values, where they are of one class whose things have no name."""
    found = [forms.forms[one] for one in field.values.classes if one in forms.forms]
    if len(field.values.classes) != 1 or len(found) != 1 or len(field.predicates) != 1:
        return None
    return None if any(found[0].of(path) for path in CALLED) else found[0]
