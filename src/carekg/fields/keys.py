"""The IRIs of new things: the kind of thing as those of its class have it, and a key made of its name."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Container, Iterable
from typing import Final

from carekg.terms import BASE, THINGS

LONGEST: Final = 60
"""Characters of a key that is made of a name."""

SPLIT: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def home(class_: str, things: Iterable[str] = ()) -> str:
    """Give below which IRI the things of a class are: where most of those that are there are, or by its name."""
    held = Counter(f"{iri.rpartition('/')[0]}/" for iri in things if iri.startswith(BASE))
    if held:
        return held.most_common(1)[0][0]
    words = SPLIT.sub(" ", class_.rpartition("#")[2].rpartition("/")[2]).lower().split()
    whole = "-".join(words) or "thing"
    known = [segment for segment in THINGS.values() if segment in (whole, *words[-1:])]
    return f"{BASE}id/{max(known, key=len, default=whole)}/"


def slug(text: str) -> str:
    """Give a text as a part of an IRI: small letters, digits and dashes."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower().replace("'", "")
    words = re.findall(r"[a-z0-9]+", plain)
    found = ""
    for word in words:
        if found and len(found) + len(word) >= LONGEST:
            break
        found = f"{found}-{word}" if found else word[:LONGEST]
    return found


def fresh(below: str, text: str, taken: Container[str]) -> str:
    """Give an IRI that nothing has yet, made of a name; names that leave nothing give ``unnamed``."""
    key = slug(text) or "unnamed"
    iri, number = below + key, 2
    while iri in taken:
        iri, number = f"{below}{key}-{number}", number + 1
    return iri
