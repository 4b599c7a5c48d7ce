"""The names that the places of a form have when it is sent, and what somebody has typed in them.

A place is ``FIELD.N``, from nought; beside its text there may be ``FIELD.N.how``, ``.language``, ``.pick`` and
``.new``, the class of a new thing in place, whose own places begin with ``FIELD.N/``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from carekg import errors
from carekg.forms.model import Entry, Filled, Form
from carekg.forms.reading import Forms
from carekg.terms import compact, expand

MOST: Final = 400
"""Places of one field that are read."""

DEEPEST: Final = 4
"""New things within new things."""


def taken(forms: Forms, form: Form, sent: Mapping[str, str], thing: str = "", prefix: str = "") -> Filled:
    """Give a form with what was sent.

    :raises TooMany: more places than are read, or new things too deep within others.
    """
    if prefix.count("/") > DEEPEST:
        raise errors.BadInput(f"The form has new things in new things {DEEPEST + 1} deep, and {DEEPEST} is the most.")
    found = Filled(form, thing=thing)
    for field in form.fields:
        entries: list[Entry] = []
        while (entry := _entry(forms, sent, place := f"{prefix}{field.key}.{len(entries)}")) is not None:
            if len(entries) == MOST:
                raise errors.TooMany(place.rpartition(".")[0], len(entries) + 1, MOST)
            entry.how = entry.how or (next(iter(field.predicates)) if len(field.predicates) == 1 else "")
            entries.append(entry)
        if entries:
            found.entries[field.key] = entries
    return found


def _entry(forms: Forms, sent: Mapping[str, str], place: str) -> Entry | None:
    """Give what was sent for a place; None where it was not in the form."""
    if not any(name in sent for name in (place, f"{place}.pick", f"{place}.new")):
        return None
    how = expand(sent.get(f"{place}.how", "")) or ""
    entry = Entry(sent.get(place, ""), how, sent.get(f"{place}.language", ""), sent.get(f"{place}.pick", ""))
    form = forms.forms.get(expand(sent.get(f"{place}.new", "")) or "")
    if form is not None:
        entry.new = taken(forms, form, sent, prefix=f"{place}/")
    return entry


def sent(filled: Filled, prefix: str = "") -> dict[str, str]:
    """Give what a browser sends for a form as it stands."""
    found: dict[str, str] = {}
    for key, entries in filled.entries.items():
        for number, entry in enumerate(entries):
            place = f"{prefix}{key}.{number}"
            parts = {"": entry.text, ".how": compact(entry.how) if entry.how else "", ".language": entry.language,
                     ".pick": entry.pick, ".new": compact(entry.new.form.iri) if entry.new else ""}
            found |= {place + end: value for end, value in parts.items() if value or not end}
            found |= sent(entry.new, f"{place}/") if entry.new else {}
    return found
