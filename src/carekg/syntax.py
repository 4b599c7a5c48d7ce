"""The tokens of a SPARQL text: enough to tell its words from its strings, comments and IRIs."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from carekg import errors
from carekg.terms import PREFIXES

LONGEST: Final = 1_000_000
"""Characters that a query may have."""

KEYWORDS: Final = frozenset({
    "ASK", "BIND", "CONSTRUCT", "DESCRIBE", "FILTER", "FROM", "GRAPH", "GROUP", "HAVING", "LIMIT", "MINUS", "OFFSET",
    "OPTIONAL", "ORDER", "PREFIX", "SELECT", "UNION", "VALUES", "WHERE",
})
"""Keywords that are worth offering to somebody whose query breaks off."""

PROLOGUE: Final = ("BASE", "PREFIX", "VERSION")
OPENING: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "INSERT", "DELETE", "WITH", "LOAD", "CLEAR", "DROP",
                  "CREATE", "ADD", "MOVE", "COPY")
"""Words with which a query or an update begins."""

_TOKEN = re.compile(
    r"""
      (?P<comment> \#[^\n\r]*+)
    | (?P<iri> <[^<>"{}|^`\\\x00-\x20]*+>)
    | (?P<string> \"{3} (?: \"{0,2}+ (?: [^"\\] | \\. ) )*+ \"{3}
                | '{3} (?: '{0,2}+ (?: [^'\\] | \\. ) )*+ '{3}
                | " (?: [^"\\\n\r] | \\. )*+ "
                | ' (?: [^'\\\n\r] | \\. )*+ ')
    | (?P<unclosed> \"{3} .*+ | '{3} .*+ | " [^\n\r]*+ | ' [^\n\r]*+)
    | (?P<variable> [?$] \w+)
    | (?P<prefixed> : (?: [\w.:-] | %[0-9A-Fa-f]{2} | \\[_~.!$&'()*+,;=/?\#@%-] )*+)
    | (?P<run> \w [\w.-]*+ (?: : (?: [\w.:-] | %[0-9A-Fa-f]{2} | \\[_~.!$&'()*+,;=/?\#@%-] )*+ )?)
    | (?P<word> @\w+)
    | (?P<space> \s+)
    | (?P<sign> .)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """One token: its kind (comment, iri, string, unclosed, variable, prefixed, word, space, sign), text and place."""

    kind: str
    text: str
    start: int


def tokens(text: str) -> Iterator[Token]:
    """Give the tokens of a SPARQL text; joined, their texts are the text."""
    for match in _TOKEN.finditer(text):
        kind, found = str(match.lastgroup), match.group()
        if kind == "run" and ":" in found:
            yield Token("prefixed", found, match.start())
        elif kind == "run":
            for piece in re.finditer(r"\w+|[.-]", found):
                yield Token("word" if piece.group()[0] not in ".-" else "sign", piece.group(),
                            match.start() + piece.start())
        else:
            yield Token(kind, found, match.start())


def words(text: str) -> Iterator[str]:
    """Give the keywords of a SPARQL text in capitals, in order."""
    return (token.text.upper() for token in tokens(text) if token.kind == "word")


def refuse_what_leaves(text: str, hosts: frozenset[str] = frozenset()) -> str:
    """Refuse a text that would make a server open an address that its operator has not listed.

    A call of a service is let through where it names its address in full, ``SERVICE <https://...>``, and the address's
    host, or host and port, is listed. LOAD is no query's business.

    :returns: the text with GRAPH in the place of each allowed SERVICE, which has the same grammar; nothing where there
        is none.
    :raises LeavingQuery: it holds SERVICE or LOAD otherwise.
    """
    if len(text) > LONGEST:
        raise errors.TooLong(len(text), LONGEST)
    lower = text.lower()
    if "service" not in lower and "load" not in lower:
        return ""
    found = list(tokens(text))
    declared = {token.text.partition(":")[0] for token, before in zip(found[2:], found, strict=False)
                if token.kind == "prefixed" and before.text.upper() == "PREFIX"}
    shown = [token.text for token in found]
    for number, token in enumerate(found):
        name = token.text.partition(":")[0]
        if token.kind not in ("word", "prefixed") or token.text[0] == "@" or (":" in token.text and name in declared):
            continue
        if token.text.upper() == "SERVICE" and (silent := _called(found, number, hosts)) is not None:
            shown[number] = "GRAPH"
            shown[silent:silent + 1] = [""] if silent else shown[silent:silent + 1]
            continue
        for leaving in ("SERVICE", "LOAD"):  # a parser takes a keyword also where it is grown together with others
            if name.upper() == leaving or (leaving == "SERVICE" and leaving in name.upper()):
                raise errors.LeavingQuery(leaving)
    return "".join(shown) if any(one != token.text for one, token in zip(shown, found, strict=True)) else ""


def _called(found: Sequence[Token], number: int, hosts: frozenset[str]) -> int | None:
    """Give the place of SILENT, else nought, where the SERVICE at that place calls an allowed host; else None."""
    after = [place for place in range(number + 1, min(number + 12, len(found)))
             if found[place].kind not in ("space", "comment")]
    silent = after.pop(0) if after and found[after[0]].text.upper() == "SILENT" else 0
    if not after or found[after[0]].kind != "iri":
        return None
    return silent if is_listed(found[after[0]].text[1:-1], hosts) else None


def is_listed(address: str, hosts: frozenset[str]) -> bool:
    """Say whether an address is one of the web, on a host, or host and port, that is listed."""
    try:
        parts = urlsplit(address)
        names = {str(parts.hostname), f"{parts.hostname}:{parts.port}"}
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(names & hosts)


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


def told(text: str, error: str) -> tuple[str, int | None, int | None]:
    """Give what is wrong with a query in words, with line and column, for what Oxigraph's parser says of it."""
    match = re.match(r"error at (\d+):(\d+): (.*)", error, re.DOTALL)
    if not match:
        return " ".join(error.split())[:160].rstrip("."), None, None
    line, column, expected = int(match[1]), int(match[2]), match[3]
    if "Prefix not found" in expected and (name := _undeclared(text)):
        prefix = name.text.partition(":")[0]
        known = PREFIXES.get(prefix)
        before = text[:name.start]
        return (f"the prefix `{prefix}:` is not declared" + (f"; add `PREFIX {prefix}: <{known}>`" if known else ""),
                before.count("\n") + 1, name.start - before.rfind("\n"))
    if opening := _misspelt_opening(text):
        before, near = text[:opening.start], difflib.get_close_matches(opening.text.upper(), OPENING, 1)
        return (f"`{opening.text[:40]}` begins no query" + (f", {near[0]} may be meant" if near else ""),
                before.count("\n") + 1, opening.start - before.rfind("\n"))
    token = _token_at(text, line, column)
    if token is None:
        return "it ends too early" + _words_expected(expected), line, column
    shown = token.text if len(token.text) <= 40 else token.text[:37] + "..."
    return f"`{shown}` is not right there" + _words_expected(expected), line, column


def _misspelt_opening(text: str) -> Token | None:
    """Give the first word of a query where it is none with which one begins."""
    first = next((token for token in tokens(text) if token.kind == "word" and token.text.upper() not in PROLOGUE), None)
    return first if first and first.text.upper() not in OPENING else None


def _undeclared(text: str) -> Token | None:
    """Give the first name whose prefix a text does not declare."""
    declared = {found[1] for found in re.finditer(r"(?i)\bPREFIX\s+([\w.-]*):", text)}
    return next((token for token in tokens(text) if token.kind == "prefixed"
                 and token.text.partition(":")[0] not in declared), None)


def _token_at(text: str, line: int, column: int) -> Token | None:
    """Give the token that holds a place, or the next one that is neither space nor comment."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    offset = starts[line - 1] + column - 1 if line <= len(starts) else len(text)
    return next((token for token in tokens(text) if token.start + len(token.text) > offset
                 and token.kind not in ("space", "comment")), None)


def _words_expected(expected: str) -> str:
    """Give the keywords among what a parser expects, where there are few."""
    found = [word for word in re.findall(r"[A-Z]{2,}", expected) if word in KEYWORDS]
    return f"; it may go on with {', '.join(found[:6])}" if 0 < len(found) <= 6 else ""
