"""Things side by side: for each section of their pages what is said of each, and in words what they share."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Final

from carekg.profiles.answering import HELD, Answered, Line, Marks, answered, unmarked
from carekg.profiles.declared import Section
from carekg.query import Asker, Receipt

FEWEST: Final = 2
MOST: Final = 6
"""How many things stand side by side."""

SHOWN: Final = 8
"""Values of one cell that a page shows."""

ALL: Final = 10_000
"""Lines of a section that are compared."""


@dataclass(frozen=True)
class Value:
    """One thing said: in short, with what it links to, how it stands, and its receipts."""

    text: str
    iri: str = ""
    standing: str = ""
    deprecated: bool = False
    receipts: tuple[Receipt, ...] = ()

    @property
    def shown(self) -> str:
        """Give the text with its standing where it is no plain fact."""
        marks = [self.standing] if self.standing not in ("", HELD) else []
        marks += ["no longer to be used"] if self.deprecated else []
        return f"{self.text} ({', '.join(marks)})" if marks else self.text


@dataclass(frozen=True)
class Place:
    """What a row has for one thing: values, or what their absence means, or why they could not be had."""

    values: tuple[Value, ...] = ()
    gap: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Compared:
    """One row: a section, what is said of each thing, and in words how they differ."""

    section: Section
    places: tuple[Place, ...]
    verdict: str

    @property
    def differs(self) -> bool:
        """Say whether the things are not all the same in it."""
        return len({frozenset(one.shown for one in place.values) for place in self.places}) > 1


@dataclass(frozen=True)
class Comparison:
    """Things, by IRI and label, and the rows in which they are held against each other."""

    things: Mapping[str, str]
    rows: tuple[Compared, ...]


def compared(asker: Asker, things: Mapping[str, str], sections: Sequence[Section], marks: Marks = unmarked, *,
             rows: int = 0, client: str = "") -> Comparison:
    """Give things (IRI to label) of one class side by side, section by section."""
    wanted = [_short(one) for one in sections if one.placing.compare]
    columns = [answered(asker, iri, wanted, marks, rows=rows, client=client) for iri in things]
    labels = list(things.values())
    return Comparison(things, tuple(_row(section, [column[n] for column in columns], labels)
                                    for n, section in enumerate(wanted)))


def _short(section: Section) -> Section:
    """Give a section with the columns that are compared, and all its lines."""
    columns = tuple((name, "") for name in section.placing.compare)
    return replace(section, placing=replace(section.placing, columns=columns, rows=ALL, together=False))


def _row(section: Section, answers: Sequence[Answered], labels: Sequence[str]) -> Compared:
    places = tuple(Place(tuple(_value(one, line) for line in one.lines),
                         "" if one.lines or one.problem else section.placing.gap, one.problem) for one in answers)
    return Compared(section, places, verdict(places, labels, section.placing.gap))


def _value(answer: Answered, line: Line) -> Value:
    """Give a line as one value: its cells in a row, an amount with its currency."""
    said = [(column, cell) for column, cell in zip(answer.columns, line.cells, strict=True) if cell.text]
    linked = next((cell.iri for _, cell in said if cell.iri), "")
    text = ", ".join(answer.written(column, cell).rstrip(".") for column, cell in said)
    paid = re.sub(r"(\d), ([A-Z]{3})(?=,|$)", r"\1 \2", text)
    return Value(paid, linked, line.standing, line.deprecated, line.receipts)


def verdict(places: Sequence[Place], labels: Sequence[str], gap: str) -> str:
    """Say in words what things share in a row and what sets them apart; an absence is no difference of fact."""
    if any(place.problem for place in places):
        return "could not be answered for all"
    told = [{one.shown for one in place.values} for place in places]
    having = [label for label, values in zip(labels, told, strict=True) if values]
    if not having:
        return f"{gap} for any"
    if len(having) < len(labels):
        missing = ", ".join(label for label in labels if label not in having)
        return f"{gap} for {missing}" if len(having) > 1 else f"only {having[0]} has any" if gap == "none" \
            else f"stated for {having[0]} only"
    shared = set.intersection(*told)
    if all(values == shared for values in told):
        return "the same"
    parts = [f"in common: {'; '.join(sorted(shared))}"] if shared else []
    return "; ".join(["differs", *parts, *_partly(told, shared, labels)])


def _partly(told: Sequence[Set[str]], shared: Set[str], labels: Sequence[str]) -> list[str]:
    """Say which values some of several things have in common, and which these are."""
    found: dict[str, list[str]] = {}
    for text in sorted(set.union(*map(set, told)) - shared):
        having = [label for label, values in zip(labels, told, strict=True) if text in values]
        if len(having) > 1:
            found.setdefault(" and ".join(having), []).append(text)
    return [f"{having}: {'; '.join(texts)}" for having, texts in found.items()]
