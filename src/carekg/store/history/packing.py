"""The rows of an RDF Patch made small, with what they touch; made row by row, since a folder's are many."""

from __future__ import annotations

import hashlib
import re
import zlib
from array import array
from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox

from carekg.reader.effect import Effect

NODE: Final = re.compile(rb"<[^\x00-\x20<>\"{}|^`\\]*>|_:\S+")
"""An IRI or a blank node, as N-Quads writes it."""


class Packed:
    """Rows of a patch: their bytes, compressed; the subjects and graphs they name; and how many there are."""

    def __init__(self) -> None:
        self._packer, self._pieces = zlib.compressobj(6), list[bytes]()
        self.terms: set[str] = set()
        self.quads = array("q")
        self.added = self.removed = 0

    @classmethod
    def of(cls, rows: Iterable[bytes]) -> Packed:
        """Pack rows, each with its line end."""
        found = cls()
        for row in rows:
            found.add(row)
        return found

    @classmethod
    def unread(cls, patch: bytes) -> Packed:
        """Pack a whole patch of which nobody asks what it names."""
        found = cls()
        found._pieces.append(found._packer.compress(patch))
        return found

    def add(self, row: bytes) -> None:
        """Add a row."""
        self._pieces.append(self._packer.compress(row))
        letter, _, quad = row.partition(b" ")
        if letter not in (b"A", b"D"):
            return
        subject, graph = _ends(quad)
        self.terms |= {subject.decode(), graph.decode() or "DEFAULT"}
        if letter == b"A":
            self.added += 1
            self.quads.append(fingerprint(quad))
        else:
            self.removed += 1

    def packed(self) -> bytes:
        """Give the rows, compressed; nothing can be added from now on."""
        return b"".join([*self._pieces, self._packer.flush()])


def rows(packed: bytes) -> list[bytes]:
    """Give the rows that were packed, each with its line end."""
    return zlib.decompress(packed).splitlines(keepends=True) if packed else []


def effect(*packed: bytes) -> Effect:
    """Give what packed rows do, taken together."""
    return Effect.from_patch(b"".join(zlib.decompress(one) for one in packed if one))


def about(packed: bytes, subject: str) -> Iterator[bytes]:
    """Give the rows whose subject is this, as N-Triples writes it, without reading the others."""
    start = f" {subject} ".encode()
    return (row for row in rows(packed) if row[:1] in b"AD" and row.startswith(start, 1))


def fingerprint(quad: bytes) -> int:
    """Give a number for a line of N-Quads, one of 2 to the 64."""
    return int.from_bytes(hashlib.blake2b(quad.strip(), digest_size=8).digest(), "big", signed=True)


def line(quad: ox.Quad) -> bytes:
    """Give a quad as its line of N-Quads."""
    return ox.serialize([quad], format=ox.RdfFormat.N_QUADS) or b""


def graph(quad: bytes) -> str:
    """Give the graph of a line of N-Quads, nothing for the default graph."""
    return _ends(quad)[1].decode()


def _ends(quad: bytes) -> tuple[bytes, bytes]:
    """Give the subject and the graph of a line of N-Quads, nothing for the default graph."""
    subject, _, rest = quad.partition(b" ")
    value = rest.partition(b" ")[2].removesuffix(b" .\n")
    before, _, last = value.rpartition(b" ")
    return subject, last if before and NODE.fullmatch(last) else b""
