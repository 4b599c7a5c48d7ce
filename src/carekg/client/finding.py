"""What a search finds, as rows: the things, and as receipts the passages in which the words stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from carekg import search
from carekg.client.reading import Rows
from carekg.errors.base import did_you_mean
from carekg.query import Cell, Column, Receipt, Row
from carekg.terms import compact

COLUMNS: Final = (Column("label", "label", "label"), Column("name", "name"), Column("kinds", "kinds"),
                  Column("about", "about"), Column("foundIn", "found in"))


@dataclass(frozen=True)
class Hits:
    """The things that were found: their rows, whether each is no longer to be used, how many there are in all."""

    rows: list[Row]
    deprecated: tuple[bool, ...]
    total: int
    near: tuple[str, ...] = ()

    def answer(self) -> Rows:
        """Give them as rows of an answer."""
        return Rows(COLUMNS, self.rows, ("",), self.deprecated if any(self.deprecated) else ())

    @property
    def note(self) -> str:
        """Give a sentence on what is not among the rows, or what could be sought instead."""
        if not self.rows:
            return f"Nothing here has all these words{did_you_mean(self.near)}"
        shown = len(self.rows)
        return f"These are the first {shown:,} of {self.total:,}; `most` asks for more." if self.total > shown else ""


def stated(found: search.Found) -> Hits:
    """Give what an index on this machine finds."""
    rows = [_row(hit.name, hit.iri, hit.kinds, "".join(one.text for one in hit.about), [
        (why.where, why.text, why.source.label if why.source else "", why.source.iri if why.source else "")
        for why in hit.why]) for hit in found.hits]
    return Hits(rows, tuple(hit.deprecated for hit in found.hits), found.total,
                tuple(one.label for one in found.near))


def told(pages: Sequence[Mapping[str, Any]], most: int) -> Hits:
    """Give what the pages of a server's search find, the first so many.

    :raises KeyError, TypeError: it is no search.
    """
    hits = [hit for page in pages for hit in page["results"]][:most]
    rows = [_row(hit["label"], hit["iri"], hit["kinds"], _text(hit["about"]), [
        (one["where"], _text(one["segments"]), one.get("source_label", ""), one.get("source", ""))
        for one in hit["found"]]) for hit in hits]
    return Hits(rows, tuple(bool(hit["deprecated"]) for hit in hits), pages[0]["total"],
                tuple(one["label"] for one in pages[0]["near"]))


def _row(label: str, iri: str, kinds: Iterable[str], about: str, found: Iterable[tuple[str, str, str, str]]) -> Row:
    """Give a thing's row; ``found`` are the places in which it was found: where, the text, the source and its IRI."""
    listed = list(found)
    receipts = tuple(Receipt(text, Cell(source, address), where) for where, text, source, address in listed if address)
    own = "; ".join(f"{where}: {text}" for where, text, _, address in listed if not address)
    return Row((Cell(label, iri), Cell(compact(iri).strip("<>")), Cell("; ".join(kinds)), Cell(about), Cell(own)),
               receipts)


def _text(segments: Iterable[Mapping[str, Any]]) -> str:
    return "".join(one["text"] for one in segments)
