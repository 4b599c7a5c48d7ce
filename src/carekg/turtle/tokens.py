"""The tokens of a Turtle text: enough to tell where each statement begins and ends (https://www.w3.org/TR/turtle/)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

OPENING: Final = ("[", "(", "{|", "<<(", "<<", "{")
CLOSING: Final = ("]", ")", "|}", ")>>", ">>", "}")

_CHARACTER: Final = (
    r"[\w\u00B7\u0300-\u037D\u037F-\u1FFF\u200C\u200D\u203F\u2040\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF"
    r"\uFDF0-\uFFFD\U00010000-\U000EFFFF-]")
"""What a name may hold within (PN_CHARS), such as marks upon a letter and pictures, and not only letters and digits."""

_TOKEN = re.compile(
    rf"""
      (?P<comment> \#[^\n\r]*+)
    | (?P<space> \s++)
    | (?P<bracket> <<\( | \)>> | << | >> | \{{\| | \|\}} | [\[\](){{}}])
    | (?P<iri> <[^<>"{{}}|^`\x00-\x20]*+>)
    | (?P<string> \"{{3}} (?: \"{{0,2}}+ (?: [^"\\] | \\. ) )*+ \"{{3}}
                | '{{3}} (?: '{{0,2}}+ (?: [^'\\] | \\. ) )*+ '{{3}}
                | " (?: [^"\\\n\r] | \\. )*+ "
                | ' (?: [^'\\\n\r] | \\. )*+ ')
    | (?P<number> [+-]? (?: [0-9]++ (?: \.[0-9]*+ )?+ [eE][+-]?[0-9]++ | \.[0-9]++ [eE][+-]?[0-9]++
                | [0-9]*+ \.[0-9]++ | [0-9]++ ) (?! [\w:-] ))
    | (?P<name> (?: _ | (?!-) {_CHARACTER} (?: \.*+ {_CHARACTER} )*+ )?+ :
                (?: (?: (?!-) {_CHARACTER} | : | %[0-9A-Fa-f]{{2}} | \\[_~.!$&'()*+,;=/?\#@%-] )
                    (?: \.*+ (?: {_CHARACTER} | : | %[0-9A-Fa-f]{{2}} | \\[_~.!$&'()*+,;=/?\#@%-] ) )*+ )?+)
    | (?P<at> @[A-Za-z]++ (?: --?[A-Za-z0-9]++ )*+)
    | (?P<word> \w++)
    | (?P<sign> \^\^ | .)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """One token: its kind (comment, space, bracket, iri, string, number, name, at, word, sign), text and place."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Give the place behind it."""
        return self.start + len(self.text)


def tokens(text: str) -> Iterator[Token]:
    """Give the tokens of a Turtle text; joined, their texts are the text."""
    for match in _TOKEN.finditer(text):
        yield Token(str(match.lastgroup), match.group(), match.start())


def depths(found: list[Token]) -> Iterator[tuple[Token, int]]:
    """Give each token with the number of brackets around it; a bracket itself counts as inside."""
    depth = 0
    for token in found:
        is_bracket = token.kind == "bracket"
        depth += is_bracket and token.text in OPENING
        yield token, depth
        depth -= is_bracket and token.text in CLOSING
