"""Where a statement stands in the text that states it: an update, Turtle, TriG, N-Quads or RDF Patch.

The text has been parsed and is right; it is read again by its tokens, which know their places. What a query would bind
to a variable stands nowhere in a text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final
from urllib.parse import urljoin

import pyoxigraph as ox
from rdflib.namespace import RDF

from carekg import syntax
from carekg.reports.model import Spot
from carekg.syntax import Token

LONGEST: Final = 2_000_000
"""Characters that are read; what stands behind them is not found."""

ENDS: Final = Token("space", "", 0)
WITHDRAWING: Final = ("DELETE", "D")
STATING: Final = ("INSERT", "A", "WHERE")
KEYWORDS: Final = frozenset((*WITHDRAWING, *STATING, "DATA", "GRAPH", "WITH", "USING", "NAMED", "H", "TX", "TC", "TA",
                             "PA", "PD", "PREFIX", "BASE", "@PREFIX", "@BASE", "VERSION"))
PROLOGUE: Final = ("PREFIX", "BASE", "@PREFIX", "@BASE", "PA")


@dataclass(frozen=True)
class _Stated:
    """A statement and the places of its subject, property and value; what a variable stands for is None."""

    subject: str | None
    property: str | None
    value: str | None
    places: tuple[int, int, int]
    withdrawn: bool


@dataclass
class _Open:
    """A statement as far as it is read: its terms and their places."""

    terms: list[tuple[str | None, int]] = field(default_factory=list)
    closes: str = "}"


class Typed:
    """The statements of a text by their terms; calling it gives where one stands, as :data:`carekg.reports.Where` asks.

    :param name: what the text is called, where there are several.
    :param anchor: with which the id of a line begins in a page that shows the text; its number follows.
    """

    def __init__(self, text: str, base: str = "", name: str = "", anchor: str = "line-") -> None:
        self._name, self._anchor = name, anchor
        self._starts = [0, *(match.end() for match in re.finditer("\n", text[:LONGEST]))]
        self._found: dict[tuple[str, ...], int] = {}
        for one in sorted(_Reader(text[:LONGEST], base).statements(), key=lambda one: one.withdrawn):
            self._note(one)

    def __call__(self, subject: str, property_: str, value: str) -> Spot | None:
        """Give the place of a statement; of the property where it has no value, of the thing where it has neither."""
        wanted = tuple(filter(None, (subject, property_, _plain(value))))
        place = self._found.get(wanted)
        if place is None:
            return None
        line = bisect_right(self._starts, place)
        column = place - self._starts[line - 1] + 1
        text = self._name + (", " if self._name else "") + f"line {line}, column {column}"
        return Spot(text, f"{self._anchor}{line}", place)

    def _note(self, one: _Stated) -> None:
        if one.subject is None or one.subject.startswith(" "):
            return
        self._found.setdefault((one.subject,), one.places[0])
        if one.property is not None:
            self._found.setdefault((one.subject, one.property), one.places[1])
            if one.value is not None:
                self._found.setdefault((one.subject, one.property, one.value), one.places[2])


class _Reader:
    """Reads statements out of tokens."""

    def __init__(self, text: str, base: str) -> None:
        self._tokens = list(_joined(text))
        self._prefixes: dict[str, str] = {}
        self._base = base
        self._open = [_Open()]
        self._withdrawing = False
        self._blank = 0

    def statements(self) -> Iterator[_Stated]:
        """Give the statements in order."""
        skip = 0
        for number, token in enumerate(self._tokens):
            if skip:
                skip -= 1
            elif token.kind in ("word", "prefixed", "iri", "string", "variable", "number"):
                word = self._keyword_of(token)
                skip = self._prologue(number) if word in PROLOGUE else 0
                if word:
                    self._keyword(word)
                else:
                    yield from self._term(token)
            elif token.text == "^" and self._tokens[number - 1].text != "^":
                skip = 2  # the second sign, and the datatype
            else:
                yield from self._sign(token)

    def _keyword_of(self, token: Token) -> str:
        """Give a keyword in capitals, nothing for another token: one of a single letter begins a row of a patch."""
        if token.kind != "word" or (len(token.text) == 1 and (token.text == "a" or self._open[-1].terms)):
            return ""
        return token.text.upper() if token.text.upper() in KEYWORDS else ""

    def _prologue(self, number: int) -> int:
        """Note a prefix or a base, and give how many tokens that takes."""
        after = self._tokens[number + 1:number + 3]
        if self._tokens[number].text.upper().endswith("BASE") and after:
            self._base = self._whole(after[0].text[1:-1])
            return 1
        if len(after) == 2:
            self._prefixes[after[0].text.strip("\"':")] = self._whole(after[1].text.strip("<>\"'"))
        return 2

    def _keyword(self, word: str) -> None:
        self._open[-1].terms.clear()
        if word in WITHDRAWING or word in STATING:
            self._withdrawing = word in WITHDRAWING

    def _term(self, token: Token) -> Iterator[_Stated]:
        if token.text.startswith("@"):
            return  # the language of the text before
        terms = self._open[-1].terms
        terms.append((self._value(token, len(terms)), token.start))
        yield from self._stated()

    def _stated(self) -> Iterator[_Stated]:
        """Give the statement that the last term has made whole."""
        terms = self._open[-1].terms
        if len(terms) == 3 and self._open[-1].closes != ")":
            (subject, at), (property_, then), (value, last) = terms
            yield _Stated(subject, property_, value, (at, then, last), self._withdrawing)

    def _sign(self, token: Token) -> Iterator[_Stated]:
        terms = self._open[-1].terms
        if token.text == ".":
            terms.clear()
        elif token.text == ";":
            del terms[1:]
        elif token.text == ",":
            del terms[2:]
        elif token.text == "{":
            terms.clear()  # it was the name of a graph
            self._open.append(_Open())
        elif token.text in ("[", "("):
            self._blank += 1
            own: tuple[str | None, int] = (f" {self._blank}", token.start)  # no text names it
            terms.append(own)
            yield from self._stated()
            self._open.append(_Open([own] if token.text == "[" else [], "]" if token.text == "[" else ")"))
        elif token.text in ("}", "]", ")") and len(self._open) > 1:
            self._open.pop()

    def _whole(self, iri: str) -> str:
        """Give an IRI in full where it is relative; joining changes one that is not, and drops an empty end."""
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", iri):
            return iri
        return urljoin(self._base, iri).removesuffix("#") + ("#" if iri.endswith("#") else "")

    def _value(self, token: Token, place: int) -> str | None:
        """Give a term: an IRI as it is, a text behind a quotation mark; None for what has no name here."""
        if token.kind == "iri":
            return self._whole(token.text[1:-1])
        if token.kind == "prefixed":
            prefix, _, local = token.text.partition(":")
            if prefix == "_":
                return token.text
            return self._prefixes.get(prefix, "") + re.sub(r"\\(.)", r"\1", local)
        if token.kind == "string":
            return f'"{_unquoted(token.text)}'
        if token.text == "a" and place == 1:
            return str(RDF.type)
        return f'"{token.text}' if token.kind in ("number", "word") else None


def _joined(text: str) -> Iterator[Token]:
    """Give the tokens that matter, a number or a language in one."""
    held: Token | None = None
    for token, behind in pairwise([*syntax.tokens(text), ENDS]):
        if held is not None:
            held = Token(held.kind, held.text + token.text, held.start)
        elif _begins_more(token):
            held = Token("number" if token.text[0] != "@" else "word", token.text, token.start)
        elif token.kind == "prefixed" and token.text.endswith(".") and not token.text.endswith("\\."):
            yield Token("prefixed", token.text[:-1], token.start)  # the full stop is none of the name's
            yield Token("sign", ".", token.start + len(token.text) - 1)
        elif token.kind not in ("space", "comment"):
            yield token
        if held is not None and not _goes_on(held, behind):
            yield held
            held = None


def _begins_more(token: Token) -> bool:
    return token.text[:1].isdigit() or token.text in ("+", "-") or token.text.startswith("@")


def _goes_on(held: Token, behind: Token) -> bool:
    """Say whether what stands behind a number or a language is a part of it."""
    if held.text.startswith("@"):
        return behind.text == "-" or (held.text.endswith("-") and behind.kind == "word")
    if behind.text == ".":
        return "." not in held.text and behind.start >= 0 and held.text[-1:].isdigit()
    if behind.text in ("+", "-"):
        return held.text[-1:] in ("e", "E")  # of an exponent
    return behind.kind == "word" and (held.text[-1:] in "+-." or behind.text[:1].isdigit())


def _unquoted(text: str) -> str:
    """Give what a string says."""
    marks = 3 if text[:3] in ('"""', "\'\'\'") else 1
    inner = text[marks:-marks]
    if "\\" not in inner:
        return inner
    try:
        (quad,) = ox.parse(f"<x:s> <x:p> {text} .", ox.RdfFormat.TURTLE)
    except (SyntaxError, ValueError):
        return inner
    return getattr(quad.object, "value", inner)


def _plain(value: str) -> str:
    """Give a value as `_Reader` has it."""
    if value.startswith("<"):
        return value[1:-1]
    return f'"{_unquoted(value[:value.rfind(chr(34)) + 1])}' if value.startswith('"') else value
