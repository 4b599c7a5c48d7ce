"""What the buttons within a form do: one more place, a new thing in place, and back."""

from __future__ import annotations

import re
from typing import Final

from carekg.forms.choices import NAMING as WORDS
from carekg.forms.model import NAMING
from carekg.forms.reading import Forms
from carekg.terms import expand

WAYS: Final = ("add", "new", "drop", "find")
"""What a button may do beside to check, to commit and to save."""


def pressed(sent: dict[str, str], forms: Forms) -> str:
    """Do what a button says to what was sent, and give the place that is to have the focus; nothing for others."""
    way, _, rest = sent.get("do", "").partition(":")
    if way not in WAYS:
        return ""
    place, _, class_ = rest.partition(":")
    if way == "add":
        return _added(sent, place)
    if way == "new":
        return _opened(sent, place, forms, class_)
    if way == "drop":
        for name in [name for name in sent if name.startswith(f"{place}/") or name == f"{place}.new"]:
            del sent[name]
    sent.pop(f"{place}.pick", "")
    return place


def _added(sent: dict[str, str], base: str) -> str:
    """Put an empty place behind those that there are."""
    number = 0
    while any(f"{base}.{number}{end}" in sent for end in ("", ".pick", ".new")):
        number += 1
    sent[f"{base}.{number}"] = ""
    return f"{base}.{number}"


def _opened(sent: dict[str, str], place: str, forms: Forms, class_: str) -> str:
    """Open the form of a new thing in a place; what was typed there is its name, or else its words."""
    form = forms.forms.get(expand(class_) or "")
    if form is None or not re.fullmatch(r"[^:]+\.\d+", place):
        return place
    sent[f"{place}.new"] = class_
    text = sent.get(place, "")
    fields = [field for name in NAMING if (field := form.of(name)) is not None]
    for field in fields or [field for name in WORDS if (field := form.of(name)) is not None][:1]:
        sent.setdefault(f"{place}/{field.key}.0", text)
    first = fields[0] if fields else next(iter(form.fields))
    return f"{place}/{first.key}.0"
