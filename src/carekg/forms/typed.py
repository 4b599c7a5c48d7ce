"""Which value a text is that somebody has typed, and which text stands for a value."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

import pyoxigraph as ox

from carekg.forms.model import PLAIN, WORDS, Term, Values
from carekg.terms import PREFIXES

XSD: Final = PREFIXES["xsd"]

PATTERNS: Final = {
    XSD + "gYear": (r"-?\d{4,}", "a year such as 2017"),
    XSD + "gYearMonth": (r"\d{4}-(0[1-9]|1[0-2])", "a month such as 2017-03"),
    XSD + "date": (r"\d{4}-\d\d-\d\d", "a day such as 2017-03-01"),
    XSD + "integer": (r"[+-]?\d+", "a whole number such as 12"),
    XSD + "decimal": (r"[+-]?(\d+(\.\d*)?|\.\d+)", "a number such as 8000 or 45.5"),
    XSD + "double": (r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", "a number such as 45.5"),
    XSD + "boolean": (r"true|false", "true or false"),
}
"""How texts of a datatype look (XML Schema 1.1, part 2), and what to call them."""

NUMBERS: Final = (XSD + "integer", XSD + "decimal", XSD + "double")

LONGEST: Final = 20_000
"""Characters that a text may have."""


def term(text: str, values: Values, language: str = "") -> ox.NamedNode | ox.Literal:
    """Give the value that a text is.

    :raises ValueError: it is none of the field's; with what would be right.
    """
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise ValueError(f"a text of at most {LONGEST:,} characters; this one has {len(text):,}")
    if any((ord(sign) < 32 and sign not in "\n\t") or 0xD800 <= ord(sign) < 0xE000 for sign in text):
        raise ValueError("a text without control characters")
    if values.is_iri or values.kind == "iri":
        return _address(text)
    exact = [one for one in values.datatypes if one in PATTERNS]
    for datatype in exact:
        if re.fullmatch(PATTERNS[datatype][0], text, re.ASCII) and (datatype != XSD + "date" or _is_day(text)):
            return ox.Literal(text, datatype=ox.NamedNode(datatype))
    if exact and len(exact) == len(values.datatypes):
        raise ValueError(_right(text, exact))
    return _words(text, values, language)


def text(value: Term) -> str:
    """Give the text that stands for a value: that of a literal, the address of an IRI."""
    return value.value if isinstance(value, ox.Literal | ox.NamedNode) else str(value)


def language(value: Term) -> str:
    """Give the language of a value, nothing where it has none."""
    return (value.language or "") if isinstance(value, ox.Literal) else ""


def right(values: Values) -> str:
    """Give what a field's texts look like, nothing where any will do."""
    return " or ".join(PATTERNS[one][1] for one in values.datatypes if one in PATTERNS)


def _words(text: str, values: Values, language: str) -> ox.Literal:
    """Give a text in the language that is named, or in the first that the field takes."""
    others = [one for one in values.datatypes if one not in (PLAIN, WORDS)]
    if others and PLAIN not in values.datatypes and WORDS not in values.datatypes:
        return ox.Literal(text, datatype=ox.NamedNode(others[0]))
    named = language.strip().lower() or values.usual_language
    if not named:
        return ox.Literal(text)
    try:
        return ox.Literal(text, language=named)
    except ValueError:
        raise ValueError("a text in a language by its code, such as en or cy") from None


def _address(text: str) -> ox.NamedNode:
    try:
        if re.search(r"[\s<>\"{}|\\^`]", text):
            raise ValueError
        return ox.NamedNode(text)
    except ValueError:
        raise ValueError("a whole address, such as https://example.org/page") from None


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _right(text: str, exact: list[str]) -> str:
    """Give what would be right; for a number with signs of other kinds about it, that number where it would do."""
    bare = re.sub(r"[,\s£$€]", "", text)
    would_do = any(re.fullmatch(PATTERNS[one][0], bare, re.ASCII) for one in exact if one in NUMBERS)
    return " or ".join(PATTERNS[one][1] for one in exact) + (f": is {bare} meant?" if would_do else "")
