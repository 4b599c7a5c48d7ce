"""The tokens of a SPARQL text: enough to tell its words from its strings, comments and IRIs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from carekg import errors

LONGEST: Final = 1_000_000
"""Characters that a query may have."""

_TOKEN = re.compile(
    r"""
      (?P<comment> \#[^\n\r]*)
    | (?P<iri> <[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<string> \"{3} (?: \"{0,2} (?: [^"\\] | \\. ) )* \"{3}
                | '{3} (?: '{0,2} (?: [^'\\] | \\. ) )* '{3}
                | " (?: [^"\\\n\r] | \\. )* "
                | ' (?: [^'\\\n\r] | \\. )* ')
    | (?P<variable> [?$] \w+)
    | (?P<prefixed> (?: \w [\w.-]* )? : (?: [\w.:-] | %[0-9A-Fa-f]{2} | \\[_~.!$&'()*+,;=/?\#@%-] )*)
    | (?P<word> @?\w+)
    | (?P<space> \s+)
    | (?P<sign> .)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """One token: its kind (comment, iri, string, variable, prefixed, word, space, sign), text and place."""

    kind: str
    text: str
    start: int


def tokens(text: str) -> Iterator[Token]:
    """Give the tokens of a SPARQL text; joined, their texts are the text."""
    for match in _TOKEN.finditer(text):
        yield Token(str(match.lastgroup), match.group(), match.start())


def words(text: str) -> Iterator[str]:
    """Give the keywords of a SPARQL text in capitals, in order."""
    return (token.text.upper() for token in tokens(text) if token.kind == "word")


def refuse_what_leaves(text: str) -> None:
    """Refuse a text that would make a server open an address, or that is too long to be a question.

    :raises Refused: it holds SERVICE or LOAD.
    """
    if len(text) > LONGEST:
        raise errors.BadQuery(f"it has {len(text):,} characters, and {LONGEST:,} is the most that is read")
    for word in words(text):
        if word in ("SERVICE", "LOAD"):
            raise errors.Refused(f"{word} is refused: a query here never opens another address or file; "
                                 "fetch those data on your side and join them there.")


def is_update(text: str) -> bool:
    """Say whether a text is a SPARQL Update request."""
    prologue_over = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
    updates = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
    for word in words(text):
        if word in prologue_over:
            return False
        if word in updates:
            return True
    return False


def asks_for_graph(text: str) -> bool:
    """Say whether a text is a CONSTRUCT or a DESCRIBE query."""
    forms = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
    return next((word in forms[2:] for word in words(text) if word in forms), False)
