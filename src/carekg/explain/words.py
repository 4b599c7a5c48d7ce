"""A part of a query in words: labels in the place of names, and variables as nouns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pyoxigraph as ox

from carekg import syntax
from carekg.explain.parts import Part
from carekg.explain.trials import Trials
from carekg.terms import PREFIXES, compact

SIGNS: Mapping[str, str] = {"a": "is a", "/": ", then", "*": " (any number of times)", "+": " (once or more)",
                            "?": " (once or not at all)", "|": " or", "^": "inverse of"}
"""What the signs of a property path say."""


PROJECTS: Final = frozenset({"SELECT", "DISTINCT", "REDUCED", "WHERE"})
"""Words of a query within a query that only chooses variables."""


class Wording:
    """Puts parts of one query into words."""

    def __init__(self, prologue: str, trials: Trials) -> None:
        self._trials = trials
        self._prefixes = {**PREFIXES, **dict(re.findall(r"(?i)\bPREFIX\s+([\w.-]*):\s*<([^<>]*)>", prologue))}
        self._labels: dict[str, str] = {}

    def learn(self, parts: Iterable[Part]) -> None:
        """Look up the labels of all IRIs in some parts, at once."""
        iris = {iri for part in parts for one in syntax.tokens(part.text) if (iri := self._iri(one))}
        nodes = []
        for iri in sorted(iris):
            try:
                nodes.append(str(ox.NamedNode(iri)))
            except ValueError:
                continue
        rows = self._trials.rows(f"SELECT ?iri (MIN(?name) AS ?label) WHERE {{ VALUES ?iri {{ {' '.join(nodes)} }} "
                                 f"?iri <{PREFIXES['rdfs']}label> ?name }} GROUP BY ?iri") or [] if nodes else []
        self._labels |= {row["iri"]: row["label"] for row in rows if "label" in row}

    def of(self, part: Part) -> str:
        """Give a part in words; one that holds more than triple patterns as its text in one line."""
        tokens = [one for one in syntax.tokens(part.text) if one.kind != "comment"]
        inside = tokens if part.kind == "triple" else _inside(tokens)
        words = " ".join("".join(map(self._said, inside)).removesuffix(" .").split())
        if not words:
            return _short(" ".join(part.text.split()))
        return _short(re.sub(r"(?: [,;.])+(?= |$)", ",", words).rstrip(", "))

    def label(self, iri: str) -> str:
        """Give the label of an IRI, or its short name."""
        return self._labels.get(iri) or compact(iri)

    def _iri(self, token: syntax.Token) -> str:
        if token.kind == "iri":
            return token.text[1:-1]
        prefix, colon, local = token.text.partition(":")
        known = token.kind == "prefixed" and colon and prefix in self._prefixes
        return self._prefixes[prefix] + local.rstrip(".") if known else ""

    def _said(self, token: syntax.Token) -> str:
        if iri := self._iri(token):
            return self.label(iri)
        if token.kind == "variable":
            return _noun(token.text[1:])
        return SIGNS.get(token.text, token.text)


def _inside(tokens: Sequence[syntax.Token]) -> list[syntax.Token]:
    """Give the triple patterns of a group, or of the one query that stands in it; nothing where there is more in it."""
    signs = [n for n, one in enumerate(tokens) if one.text in ("{", "}")]
    opened = [n for n in signs if tokens[n].text == "{"]
    words = {one.text.upper() for one in tokens if one.kind == "word"} - {"A"}
    if len(signs) != 2 * len(opened) or words - PROJECTS or len(opened) != (2 if words else 1):
        return []
    return list(tokens[opened[-1] + 1:signs[len(opened)]])


def _noun(name: str) -> str:
    """Give a variable's name in words."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ").lower()
    return words.removesuffix(" found").removesuffix(" now")


def _short(text: str) -> str:
    return text if len(text) <= 160 else text[:157] + "..."
