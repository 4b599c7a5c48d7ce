"""A plan as a document: what it was asked for, its parts, and what they rest on as numbered notes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from carekg import query
from carekg.plans.facts import Description, Fact
from carekg.plans.parts import Section

NO_LONGER: Final = "no longer to be used"
"""What stands beside a line that tells of something deprecated."""

NATURE: Final = ("This plan is made of prepared questions only. Nothing is scored: what innovations have in common "
                 "is counted in the open, and each line says what it rests on. What sources do not state is not "
                 "stated here, which is not the same as false.")

WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
"""The media type of a document of Word."""

Marks = Callable[[query.Row], bool]
"""Says whether a row tells of something that is no longer to be used."""


@dataclass(frozen=True)
class About:
    """When and of which graph a plan was made, at which address, and under which licence its words are."""

    made: str
    graph: str
    address: str
    licence: str


@dataclass(frozen=True)
class Line:
    """A row with the numbers of its notes."""

    cells: tuple[query.Cell, ...]
    notes: tuple[int, ...]
    is_deprecated: bool


@dataclass(frozen=True)
class Block:
    """One part: its heading, the question that it answers, what it rests on, and its lines."""

    heading: str
    question: str
    about: str
    told: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Document:
    """A plan to be printed, sent and kept."""

    title: str
    about: About
    described: tuple[tuple[str, tuple[str, ...]], ...]
    blocks: tuple[Block, ...]
    unasked: tuple[tuple[str, str], ...]
    notes: tuple[query.Receipt, ...]


def title(told: Description) -> str:
    """Give what a plan is called."""
    return told.title or "A plan to scale up an innovation"


def described(told: Description, known: dict[str, Fact]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Give the description as labels with their values."""
    return tuple(((f"Rated {known[name].label}" if known[name].rates else known[name].label),
                  tuple(value.label for value in values)) for name, values in told.values.items())


def written(sections: Sequence[Section], told: Description, known: dict[str, Fact], about: About,
            marks: Marks) -> Document:
    """Give a plan as a document; a passage that several lines rest on is one note."""
    notes: dict[query.Receipt, int] = {}
    blocks = tuple(_block(one, notes, marks) for one in sections if not one.unasked)
    unasked = tuple((one.plan.heading, one.unasked) for one in sections if one.unasked)
    return Document(title(told), about, described(told, known), blocks, unasked, tuple(notes))


def _block(section: Section, notes: dict[query.Receipt, int], marks: Marks) -> Block:
    lines = []
    for row in section.lines:
        plain = [query.Receipt(one.words, one.source, one.where) for one in row.receipts]
        numbers = sorted({notes.setdefault(one, len(notes) + 1) for one in plain})
        lines.append(Line(row.cells, tuple(numbers), marks(row)))
    told = " ".join(filter(None, (rests_on(section), handed_on(section))))
    return Block(section.plan.heading, section.question.summary, section.plan.about, told,
                 tuple(column.heading for column in section.headings), tuple(lines))


def rests_on(section: Section) -> str:
    """Say how much a part of a plan rests on, and of what it says nothing."""
    if section.problem:
        return section.problem
    lines = section.lines
    if not lines:
        return section.plan.empty or section.question.when_empty or "Nothing in this graph fits."
    told = (f"{_number(len(lines), 'line')}, resting on {_number(section.passages, 'passage')} of "
            f"{_number(section.sources, 'source')}.")
    if any(one.cut for one in section.answers):
        told = f"At least {told} The answer is cut; narrow your description for the whole."
    if section.silent:
        told += f" Nothing is stated here of {', '.join(one.label for one in section.silent)}."
    return told


def handed_on(section: Section) -> str:
    """Say which of the innovations that were found the later parts are about, nothing where they are about all."""
    handed = section.handed
    if not handed.values:
        return ""
    count, much = len(handed.values), _number(handed.least, "thing")
    if count == handed.total:
        return f"The parts that follow are about all {count}." if count > 1 else "The parts that follow are about it."
    rest = handed.total - count
    return (f"The parts that follow are about the {count} that share {much} or more with your description; {rest} that "
            f"share{'s' if rest == 1 else ''} less {'is' if rest == 1 else 'are'} listed and left aside.")


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' if count != 1 else ''}"


def as_json(sections: Sequence[Section], told: Description, known: dict[str, Fact], about: About,
            marks: Marks) -> dict[str, Any]:
    """Give a plan as JSON: each line with its things and receipts."""
    return {
        "title": title(told), "made": about.made, "graph": about.graph, "address": about.address,
        "licence": about.licence, "nature": NATURE,
        "description": {name: [{"value": one.key, "label": one.label} for one in values]
                        for name, values in told.values.items()},
        "facts": {name: fact.label for name, fact in known.items()},
        "sections": [_section(one, marks) for one in sections]}


def _section(one: Section, marks: Marks) -> dict[str, Any]:
    names = [column.heading for column in one.headings]
    return {
        "heading": one.plan.heading, "question": one.question.name, "summary": one.question.summary,
        "about": one.plan.about, "columns": names, "unasked": one.unasked or None,
        "told": None if one.unasked else rests_on(one),
        "asked": [{name: [value.key for value in values] for name, values in answer.given.items()}
                  for answer in one.answers],
        "nothingStatedOf": [value.key for value in one.silent],
        "lines": [{
            "says": {name: cell.text for name, cell in zip(names, row.cells, strict=True) if cell.text},
            "things": {name: cell.iri for name, cell in zip(names, row.cells, strict=True) if cell.iri},
            "noLongerToBeUsed": marks(row),
            "receipts": [{"words": receipt.words, "source": receipt.source.text, "sourceIri": receipt.source.iri,
                          "where": receipt.where, "about": receipt.about} for receipt in row.receipts],
        } for row in one.lines]}
