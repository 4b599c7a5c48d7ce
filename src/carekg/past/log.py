"""All changes of a store as an RDF Patch log (https://afs.github.io/rdf-patch/), and a store made from that alone.

Each change is one transaction, whose header rows say who made it, when, why and from which source. What is written is
the named graphs; the default graph is their union, but in a plain store, where it is written too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Final

import pyoxigraph as ox

from carekg import errors
from carekg.reader.effect import Effect
from carekg.store import About, Entry, Manifest
from carekg.store.building import STATED
from carekg.store.embedded import EmbeddedStore
from carekg.store.history import History, packing, provenance
from carekg.store.history.packing import Packed

TOLD: Final = ("made", "who", "why", "source", "how", "triples")
"""What header rows say of a change, but its number."""

MOST: Final = 2**30
"""Bytes that a row of a log may have."""


@dataclass
class Transaction:
    """One change as a log has it: its header, and its rows."""

    head: dict[str, str] = field(default_factory=dict)
    rows: list[bytes] = field(default_factory=list)


def written(history: History, after: int = 0) -> Iterator[bytes]:
    """Give the log of a history piece by piece: what it is the log of, then its changes after a number."""
    served = history.served()
    if not after:
        told = {"history": history.name(), "built": str(served.get("made", 0)),
                "manifest": json.dumps(served.get("manifest", {})), "kept": history.kept_at_build().as_patch().decode()}
        yield "".join(f"H {word} {ox.Literal(text)} .\n" for word, text in told.items()).encode()
    plain = history.is_plain()
    for number in range(after + 1, history.last() + 1):
        yield from _transaction(history, history.entry(number), plain=plain)


def _transaction(history: History, entry: Entry, *, plain: bool) -> Iterator[bytes]:
    about = entry.about
    said = dict(zip(TOLD, (entry.made, about.who, about.why, about.source, about.how, str(entry.triples)), strict=True))
    head = [f"H id <{provenance.iri(entry)}> .\n", f"H number {ox.Literal(str(entry.number))} .\n"]
    head += [f"H {word} {ox.Literal(text)} .\n" for word, text in said.items()]
    yield "".join(head).encode()
    rows = [row for part in history.rows(entry.number) for row in part]
    yield b"".join(row for row in rows if row.startswith(b"H "))
    yield b"TX .\n"
    for letter in (b"D ", b"A "):
        yield b"".join(row for row in rows if row.startswith(letter) and (plain or _is_named(row)))
    yield b"TC .\n"


def replica(log: IO[bytes], store: EmbeddedStore) -> int:
    """Make a store from a log: the same graph, the same history; give the number of its last change.

    :raises BadInput: the log is not one of these, breaks off, or leaves a change out.
    :raises WouldLose: the store holds something already.
    """
    if store.history.last() or store.manifest() is not None:
        raise errors.WouldLose("a graph and its history", "what a log has")
    transactions = _read(log)
    first = next(transactions, None)
    if first is None or "history" not in first.head:
        raise errors.BadInput("This is no log of a history: it does not begin with rows `H history`, `H manifest`; "
                              "write one with `carekg history log`.")
    manifest, made, kept = _begun(first.head)
    entries = (_entry(first.head["history"], one, plain=manifest.plain) for one in transactions)
    return store.receive(manifest, made, kept, entries)


def _begun(head: Mapping[str, str]) -> tuple[Manifest, int, Effect]:
    """Give what a log says of its store before the first change."""
    try:
        return (Manifest(**json.loads(head["manifest"])), int(head["built"]),
                Effect.from_patch(head["kept"].encode()))
    except (KeyError, TypeError, ValueError, SyntaxError) as error:
        raise errors.BadInput("The rows before the first change of the log are not as `carekg history log` writes "
                              f"them: {error!s}.") from None


def _entry(history: str, one: Transaction, *, plain: bool) -> tuple[Entry, Packed, Packed]:
    """Give a change with the rows that were stated and those that follow from them.

    :raises BadInput: its header or one of its rows is not as it is written; every row is read before any is kept.
    """
    try:
        for letter in (b"D ", b"A "):
            for _ in ox.parse(b"".join(row[2:] for row in one.rows if row.startswith(letter)), ox.RdfFormat.N_QUADS):
                pass
        number, triples = int(one.head["number"]), int(one.head["triples"])
        datetime.fromisoformat(one.head["made"])
        stated = [row for row in one.rows if plain or _graph(row).startswith(STATED)]
    except (KeyError, ValueError, SyntaxError) as error:
        raise errors.BadInput(f"Change {one.head['number']} of the log is not as `carekg history log` writes it: "
                              f"{error!s}.") from None
    told = set(stated)
    packed = Packed.of(stated), Packed.of(row for row in one.rows if row not in told)
    said = [one.head.get(word, "") for word in TOLD]
    return Entry(number, said[0], About(*said[1:5]), packed[0].added, packed[0].removed, triples, history), *packed


def _read(log: IO[bytes]) -> Iterator[Transaction]:
    """Give the header of a log as a transaction without rows, then its changes.

    :raises BadInput: a row is none of those that are written, or the log breaks off within a change.
    """
    found, is_open = Transaction(), False
    for number, row in enumerate(_rows(log), start=1):
        letter = row[:2]
        if letter == b"H " and not is_open:
            word, value = _head(row, number)
            if word == "id" and "history" in found.head:
                yield found
                found = Transaction()
            if word in ("created", "dropped"):
                found.rows.append(row)
            else:
                found.head[word] = value
        elif row == b"TX .\n" and not is_open and "number" in found.head:
            is_open = True
        elif row == b"TC .\n" and is_open:
            yield found
            found, is_open = Transaction(), False
        elif letter in (b"A ", b"D ") and is_open:
            found.rows.append(row)
        else:
            raise errors.BadInput(f"Row {number} of the log is not one that a log has there: {row[:80]!r}.")
    if is_open or "number" in found.head:
        raise errors.BadInput("The log breaks off within its last change; take it again from where it comes.")
    if found.head:
        yield found


def _rows(log: IO[bytes]) -> Iterable[bytes]:
    """Give the rows of a log; a comment and an empty line are none."""
    while row := log.readline(MOST):
        if row.strip() and not row.startswith(b"#"):
            yield row


def _head(row: bytes, number: int) -> tuple[str, str]:
    """Give the word and the value of a header row."""
    word, _, value = row[2:].decode("utf-8", "replace").partition(" ")
    if word in ("created", "dropped", "id"):
        return word, value.removesuffix(" .\n")
    try:
        (quad,) = ox.parse(f"<x:s> <x:p> {value}", ox.RdfFormat.N_TRIPLES)
    except (SyntaxError, ValueError):
        raise errors.BadInput(f"Row {number} of the log is no header that a log has: {row[:80]!r}.") from None
    return word, str(getattr(quad.object, "value", ""))


def _graph(row: bytes) -> str:
    """Give the IRI of a row's graph, or nothing."""
    return packing.graph(row[2:])[1:-1] if row[:2] in (b"A ", b"D ") else ""


def _is_named(row: bytes) -> bool:
    return bool(packing.graph(row[2:]))
