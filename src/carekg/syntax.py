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

PROLOGUE: Final = ("BASE", "PREFIX", "VERSION")
OPENING: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "INSERT", "DELETE", "WITH", "LOAD", "CLEAR", "DROP",
                  "CREATE", "ADD", "MOVE", "COPY")
"""Words with which a query or an update begins."""

CAUSES: Final = {
    "The SELECT contains a variable that is unbound":
        "SELECT names a variable without a value; where it counts or groups, name each plain variable in GROUP BY",
    "The SELECT overrides an existing variable":
        "`(... AS ?name)` in SELECT names a variable that has a value already; choose another name",
    "Duplicated variable name in SELECT": "SELECT names a variable twice",
    "SELECT * is not authorized with GROUP BY": "`SELECT *` cannot stand with GROUP BY; name the variables",
    "escape sequence should be followed by hexadecimal digits": "a `\\u` does not stand for a character",
    "The VALUES clause rows": "a row of VALUES has not as many values as there are variables; UNDEF stands for none",
}
"""What the parser says, or a part of it, of a query that is wrong though each of its words may stand there."""

BRACKETS: Final = {"}": "{", ")": "(", "]": "["}

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
    """Give what is wrong with a query in words, with line and column, for what Oxigraph's parser says of it.

    The parser tells how far it has read. It reads a keyword's length ahead before it knows that the keyword is not
    there; then the fault stands before the place that it tells, and may stand further before.
    """
    match = re.match(r"error at (\d+):(\d+): expected (?:one of )?(.*)", error, re.DOTALL)
    if not match:
        return " ".join(error.split())[:160].rstrip("."), None, None
    offset, expected = _offset(text, int(match[1]), int(match[2])), match[3]
    what, start = _cause(text, offset, expected) or _stopped(text, offset, expected)
    before = text[:start]
    return what, before.count("\n") + 1, start - before.rfind("\n")


def _cause(text: str, offset: int, expected: str) -> tuple[str, int] | None:
    """Give a cause that is sure, and where it stands, for how far the parser has read and what it expected there."""
    if text.startswith("\ufeff"):
        return "it begins with a byte order mark; leave that out", 0
    if "IRI parsing failed" in expected and (wrong := re.search(r"<([^<>]*)>\s*$", text[:offset])):
        is_relative = not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", wrong[1]) and not re.search(r"[\s{}|\\^`\"]", wrong[1])
        why = "is relative, and no BASE says to what" if is_relative else "is not an IRI"
        return f"`{_shown(wrong[0].strip())}` {why}", wrong.start()
    found = list(tokens(text))
    if name := _undeclared(text, found):
        prefix = name.text.partition(":")[0]
        known = PREFIXES.get(prefix)
        return (f"the prefix `{prefix}:` is not declared" + (f"; add `PREFIX {prefix}: <{known}>`" if known else ""),
                name.start)
    if opening := _misspelt_opening(found):
        near = difflib.get_close_matches(opening.text.upper(), OPENING, 1)
        return (f"`{opening.text[:40]}` begins no query" + (f", {near[0]} may be meant" if near else ""), opening.start)
    said = next((ours for theirs, ours in CAUSES.items() if theirs in expected), "")
    other = said or next(iter(re.findall(r"[A-Z][a-z]+(?: \w+)* not allowed[\w ]*", expected)), "")
    return (other, offset) if other else _unpaired(found, offset)


def _stopped(text: str, offset: int, expected: str) -> tuple[str, int]:
    """Give where the parser stopped, where that is all that is known."""
    found = [token for token in tokens(text) if token.kind not in ("space", "comment")]
    if not found:
        return "it is empty", 0
    keywords = [word for word in expected.split(", ") if re.fullmatch(r"[A-Za-z_]{2,}", word)]
    is_there = re.search(r"[\"'<]|\.\.", expected)  # a sign or a range of signs is looked for without reading ahead
    if "[_]" in expected and not is_there:  # a keyword was looked for where less than its length is left
        return "its parts do not fit together; parsing stopped near its end" + _second_value(text), len(text)
    ahead = 0 if is_there else max(map(len, keywords), default=0)
    token = next((one for one in found if one.start + len(one.text) > offset - ahead), None)
    if token is None:
        return "it ends too early", offset
    stretch = " ".join(text[token.start:offset].split()) if ahead else ""
    return "parsing stopped " + (f"within `{stretch}`" if stretch else f"at `{_shown(token.text)}`"), token.start


def _second_value(text: str) -> str:
    """Give a hint at a fault that the parser does not name, where a query may have it."""
    return "; BIND may name a variable that has a value already" if "BIND" in words(text) else ""


def _unpaired(found: Sequence[Token], offset: int) -> tuple[str, int] | None:
    """Give the first bracket that closes none, or the last that is not closed, or the string that is not."""
    opened: list[Token] = []
    for token in found:
        if token.start > offset:
            return None
        if token.kind == "unclosed":
            return "a string begins here that is not closed", token.start
        if token.kind == "sign" and token.text in BRACKETS.values():
            opened.append(token)
        closes = BRACKETS.get(token.text, "") if token.kind == "sign" else ""
        if closes and (not opened or opened.pop().text != closes):
            return f"`{token.text}` closes no `{closes}`", token.start
    end = sum(len(token.text) for token in found)
    return (f"it ends too early: a `{opened[-1].text}` is not closed", end) if opened and offset >= end else None


def _misspelt_opening(found: Sequence[Token]) -> Token | None:
    """Give the first word of a query where it is none with which one begins."""
    first = next((token for token in found if token.kind == "word" and token.text.upper() not in PROLOGUE), None)
    return first if first and first.text.upper() not in OPENING else None


def _undeclared(text: str, found: Sequence[Token]) -> Token | None:
    """Give the first name whose prefix a text does not declare; `_:` begins a blank node."""
    declared = {"_", *(match[1] for match in re.finditer(r"(?i)\bPREFIX\s+([\w.-]*):", text))}
    return next((token for token in found if token.kind == "prefixed"
                 and token.text.partition(":")[0] not in declared), None)


def _offset(text: str, line: int, column: int) -> int:
    """Give the place of a line and column, both counted from 1."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    return min(starts[line - 1] + column - 1, len(text)) if line <= len(starts) else len(text)


def _shown(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."
