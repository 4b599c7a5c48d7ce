"""A SPARQL Update request taken apart into its operations (https://www.w3.org/TR/sparql11-update/#grammar).

The tokens tell the operations apart; whether the whole is well formed, the engine's grammar decides when they are
done. So a text that does not parse comes out as something, and is refused there with line and column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pyoxigraph as ox

from carekg import errors, syntax
from carekg.syntax import Token

Operation = dict[str, Any]
"""One operation, as :mod:`carekg.reader.changing` does it."""

LONGEST: Final = 10_000_000
"""Characters that an update may have; what is larger comes as a document, by the graph store protocol."""


Loading = Callable[[str], Operation | None]
"""Gives the operation that adds the document at an address, or None where that may not be opened."""


def operations(text: str, using: Sequence[str] = (), named: Sequence[str] = (),
               loading: Loading = lambda _: None) -> list[Operation]:
    """Give the operations of an update, in order.

    One whose own declarations stand in front of it, after others, says by ``declares`` at which character they begin.

    :param using: IRIs of graphs that make up the default graph of each pattern, as ``using-graph-uri`` has them.
    :param named: IRIs of the graphs that a pattern may name, as ``using-named-graph-uri`` has them.
    :param loading: gives the documents that LOAD may add.
    :raises TooLong: it is longer than is read.
    :raises BadInput: graphs are given here and in the update as well.
    """
    if len(text) > LONGEST:
        raise errors.TooLong(len(text), LONGEST)
    found: list[Operation] = []
    declared: list[str] = []
    for part in _parts([one for one in syntax.tokens(text) if one.kind != "comment"]):
        reading = _Reading(part)
        own = reading.prologue()
        declared = _declared(declared, own)
        if own or reading.word():
            starts = {"declares": part[0].start} if own and found else {}
            one = {"prologue": " ".join(declared), **starts, **reading.operation()}
            found.append(_loaded(one, loading))
    if using or named:
        _use(found, using, named)
    return found


def _declared(declared: Sequence[str], own: Iterable[str]) -> list[str]:
    """Give what is declared in the end; clients say the same in front of each operation, and once is enough."""
    found = list(declared)
    for one in own:
        name = one.rpartition(" ")[0]
        last = next((old for old in reversed(found) if old.startswith("BASE") or old.rpartition(" ")[0] == name), "")
        if last != one or ":" not in one.partition("<")[2]:
            found.append(one)
    return found


def _loaded(one: Operation, loading: Loading) -> Operation:
    """Give a LOAD as the operation that adds the document, where it may be opened."""
    if one["kind"] != "load":
        return one
    try:
        document = loading(_address(one["prologue"], one["from"]))
    except errors.BadInput:
        if not one["silent"]:
            raise
        return one
    return one if document is None else {**one, **document}


def _address(prologue: str, text: str) -> str:
    """Give the IRI that a text stands for, or nothing where that is none."""
    try:
        found: Any = ox.Store().query(f"{prologue}\nSELECT ({text} AS ?iri) WHERE {{}}")
        return str(next(found)["iri"].value)
    except (SyntaxError, ValueError, AttributeError, TypeError):  # which the grammar will find, or the base is missing
        return ""


def _use(found: list[Operation], using: Sequence[str], named: Sequence[str]) -> None:
    for one in found:
        if one["kind"] != "modify":
            continue
        if one["with"] or one["using"] or one["named"]:
            raise errors.BadInput("The update has WITH or USING, and the request has using-graph-uri as well; say it "
                                  "in one place.")
        one["using"], one["named"] = ([f"<{iri}>" for iri in graphs] for graphs in (using, named))


def _parts(found: Sequence[Token]) -> Iterator[list[Token]]:
    """Give the tokens between the semicolons that stand outside of braces."""
    depth, part = 0, list[Token]()
    for token in found:
        depth += (token.text == "{") - (token.text == "}") if token.kind == "sign" else 0
        if token.text == ";" and depth == 0 and token.kind == "sign":
            yield part
            part = []
        else:
            part.append(token)
    yield part


@dataclass
class _Reading:
    """Reads one operation from its tokens, front to back."""

    tokens: list[Token]
    at: int = field(default=0)

    def word(self) -> str:
        """Give the next token in capitals, without taking it; nothing at the end."""
        while self.at < len(self.tokens) and self.tokens[self.at].kind == "space":
            self.at += 1
        return self.tokens[self.at].text.upper() if self.at < len(self.tokens) else ""

    def take(self) -> str:
        """Take the next token as it stands."""
        self.word()
        self.at += 1
        return self.tokens[self.at - 1].text if self.at <= len(self.tokens) else ""

    def takes(self, *words: str) -> str:
        """Take the next token where it is one of these words."""
        return self.take().upper() if self.word() in words else ""

    def prologue(self) -> list[str]:
        """Take the declarations in front."""
        found: list[str] = []
        while self.word() in syntax.PROLOGUE:
            word = self.take().upper()
            found.append(" ".join([word, *(self.take() for _ in range(1 + (word == "PREFIX")))]))
        return found

    def group(self) -> list[Token]:
        """Take what stands in the next braces, with them."""
        if self.word() != "{":
            return []
        start, depth = self.at, 0
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            depth += (token.text == "{") - (token.text == "}") if token.kind == "sign" else 0
            if not depth:
                break
        return self.tokens[start:self.at]

    def operation(self) -> Operation:
        """Take the operation."""
        head = self.take().upper()
        if head in ("INSERT", "DELETE") and self.takes("DATA"):
            return {"kind": f"{head.lower()}-data", "quads": _text(self.group())}
        if head == "DELETE" and self.takes("WHERE"):
            group = self.group()
            return _modify(delete=group, where=group)
        if head in ("INSERT", "DELETE", "WITH"):
            return self._modify(head)
        if head in ("CLEAR", "DROP", "CREATE"):
            return {"kind": head.lower(), "silent": bool(self.takes("SILENT")), "graph": self._graph()}
        if head == "LOAD":
            silent, source = bool(self.takes("SILENT")), self.take()
            into = self._graph() if self.takes("INTO") else ""
            return {"kind": "load", "silent": silent, "from": source, "into": into}
        if head in ("ADD", "MOVE", "COPY"):
            silent, source = bool(self.takes("SILENT")), self._graph()
            self.takes("TO")
            return {"kind": "transfer", "how": head, "silent": silent, "from": source, "to": self._graph()}
        return {"kind": "clear", "silent": True, "graph": "<urn:uuid:0>"}  # none, which the grammar may refuse

    def _graph(self) -> str:
        self.takes("GRAPH")
        return self.take()

    def _modify(self, head: str) -> Operation:
        with_ = self.take() if head == "WITH" else ""
        head = self.take().upper() if head == "WITH" else head
        parts = {"DELETE": list[Token](), "INSERT": list[Token]()}
        while head in parts:
            parts[head] = self.group()
            head = self.takes("DELETE", "INSERT")
        using: list[str] = []
        named: list[str] = []
        while self.takes("USING"):
            (named if self.takes("NAMED") else using).append(self.take())
        self.takes("WHERE")
        return _modify(with_, parts["DELETE"], parts["INSERT"], using, named, self.group())


def _modify(with_: str = "", delete: Sequence[Token] = (), insert: Sequence[Token] = (), using: Sequence[str] = (),
            named: Sequence[str] = (), where: Sequence[Token] = ()) -> Operation:
    return {"kind": "modify", "with": with_, "delete": _pieces(delete), "insert": _pieces(insert),
            "using": list(using), "named": list(named), "where": _text(where)}


def _pieces(found: Sequence[Token]) -> list[tuple[str, str]]:
    """Give the tokens with their kinds, so that variables can be told from the rest.

    What looks like an IRI after ``<`` are the terms of a triple: no template compares anything.
    """
    pieces: list[tuple[str, str]] = []
    for one in found:
        if one.kind == "iri" and pieces and pieces[-1][1] == "<":
            inner = [(token.kind, token.text) for token in syntax.tokens(one.text[1:-1])]
            pieces += [("sign", "<"), *inner, ("sign", ">")]
        else:
            pieces.append((one.kind, one.text))
    return pieces


def _text(found: Sequence[Token]) -> str:
    return "".join(one.text for one in found)
