"""Edits inside one block of a Turtle text: values replaced where they stand, taken out, or put beside others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

import pyoxigraph as ox

from carekg.turtle.document import Block, Document, Part
from carekg.turtle.nesting import Nested, Statement
from carekg.turtle.spelling import Speller
from carekg.turtle.tokens import tokens
from carekg.turtle.writing import STEP, rank, value

_SUBJECT: Final = ox.NamedNode("x:s")


@dataclass(order=True)
class Edit:
    """A stretch of a text and what comes in its place."""

    start: int
    end: int
    new: str = field(compare=False)


@dataclass
class Held:
    """A part of a block, what it states, and whether it goes; no part where the block is all brackets."""

    part: Part | None
    states: set[Statement]
    goes: bool


@dataclass
class Group:
    """A property in a block: its IRI, where it begins, and its values."""

    predicate: str
    start: int
    values: list[Held]

    @property
    def stays(self) -> bool:
        """Say whether any value stays."""
        return any(not one.goes for one in self.values)

    @property
    def end(self) -> int:
        """Give the end of the last value."""
        return _span(self.values[-1])[1]


def within(document: Document, one: Block, held: Sequence[Held], new: Iterable[Statement], speller: Speller
           ) -> list[Edit]:
    """Give the edits of a block that take out what goes and put in what is new."""
    groups = [_group(list(found)) for _, found in groupby(held, key=_property)]
    coming: dict[str, list[Statement]] = {}
    for statement in new:
        coming.setdefault(statement.predicate, []).append(statement)
    edits: list[Edit] = []
    indent = _indent(document.text, one, groups)
    for group in groups:
        edits += _in_group(document.text, group, coming.pop(group.predicate, []), speller)
    fresh = [(predicate, _pair(predicate, found, speller, indent)) for predicate, found in coming.items()]
    fresh.sort(key=lambda pair: rank(pair[0][1:-1]))
    staying = [group for group in groups if group.stays]
    if not staying:  # not all is gone: something new comes
        return [Edit(groups[0].start, groups[-1].end, f" ;\n{indent}".join(text for _, text in fresh))]
    cuts = _cuts(document.text, groups, indent)
    return edits + cuts + _additions(document.text, staying, fresh, indent, {cut.end for cut in cuts})


def taken_out(document: Document, one: Block) -> Edit:
    """Give the edit that takes out a block; its comments stay."""
    behind = re.compile(r"[^\S\n]*\n(?:[^\S\n]*\n)?").match(document.text, one.end)
    return Edit(one.start, behind.end() if behind else one.end, _comments(document.text, one.start, one.end, ""))


def _in_group(text: str, group: Group, new: Sequence[Statement], speller: Speller) -> list[Edit]:
    """Replace values that go by new ones, put the others behind the last, and take out what goes without a new one."""
    going = [one for one in group.values if one.goes]
    indent = _indent_at(text, group.start)
    edits = []
    for one, statement in zip(going, new, strict=False):
        edits.append(Edit(*_span(one), _value(statement, speller, indent)))
        one.goes = False
    if rest := new[len(going):]:
        last = _span(group.values[-1])
        is_listed = "\n" in text[group.start:last[0]]
        between = f" ,\n{_indent_at(text, last[0])}" if is_listed else " , "
        inner = _indent_at(text, last[0]) if is_listed else indent
        edits.append(Edit(last[1], last[1], "".join(between + _value(one, speller, inner) for one in rest)))
    return edits


def _cuts(text: str, groups: Sequence[Group], indent: str) -> list[Edit]:
    """Take out the values and the properties that go, each with the sign that is needed no longer."""
    edits: list[Edit] = []
    for group in groups:
        if group.stays:
            edits += _cut([_span(one) for one in group.values], [one.goes for one in group.values])
    edits += _cut([(group.start, group.end) for group in groups], [not group.stays for group in groups])
    for edit in edits:
        kept = _comments(text, edit.start, edit.end, indent)
        edit.new = kept if not kept or text[edit.start - 1].isspace() else f" {kept}"
    return edits


def _cut(spans: Sequence[tuple[int, int]], going: Sequence[bool]) -> list[Edit]:
    """Cut members of a row: up to the next one, or from the one before where none that stays comes behind."""
    last = max(number for number, goes in enumerate(going) if not goes)
    return [Edit(spans[number][0], spans[number + 1][0], "") if number < last
            else Edit(spans[number - 1][1], spans[number][1], "") for number, goes in enumerate(going) if goes]


def _additions(text: str, staying: Sequence[Group], fresh: Sequence[tuple[str, str]], indent: str,
               cut: Set[int]) -> list[Edit]:
    """Put in new properties: in their place where all are in order, else before the last, whose full stop stays so.

    :param cut: where stretches that are taken out end.
    """
    ranks = [rank(group.predicate[1:-1]) for group in staying]
    edits: list[Edit] = []
    for predicate, written in fresh:
        later = [number for number, one in enumerate(ranks) if one > rank(predicate[1:-1])]
        place = (later[0] if later else len(staying)) if ranks == sorted(ranks) else len(staying) - 1
        if not 0 < place < len(staying):
            edits.append(Edit(staying[-1].end, staying[-1].end, f" ;\n{indent}{written}"))
        else:
            edits.append(_before(text, staying[place].start, written, indent, alone=staying[place].start not in cut))
    return edits


def _before(text: str, start: int, written: str, indent: str, *, alone: bool) -> Edit:
    """Put a property before another, above the comment that is right above that, unless what was there is cut."""
    above = re.search(r"\n(?:[^\S\n]*(?:#[^\n]*)?\n)*[^\S\n]*\Z", text[:start])
    if not above or not alone:
        return Edit(start, start, f"{written} ;\n{indent}" if above else f"{written} ; ")
    return Edit(above.start(), above.start(), f"\n{indent}{written} ;")


def _pair(predicate: str, found: Sequence[Statement], speller: Speller, indent: str) -> str:
    """Write a new property with its values."""
    name = speller.predicate(predicate[1:-1])
    if len(found) == 1:
        return f"{name} {_value(found[0], speller, indent)}"
    deeper = indent + STEP
    return name + " ,".join(f"\n{deeper}{_value(one, speller, deeper)}" for one in found)


def _value(statement: Statement, speller: Speller, indent: str) -> str:
    """Write the value of a statement with what is nested in it."""
    only = Statement("<x:s>", "<x:p>", statement.object)
    graph = Nested.of(only.triples(), only.names())
    (top,) = (triple.object for triple in graph.about[_SUBJECT])
    return value(graph, top, speller, indent)


def _group(values: list[Held]) -> Group:
    return Group(next(state.predicate for one in values for state in one.states), _property(values[0]), values)


def _property(one: Held) -> int:
    """Give where the property of a part begins."""
    return one.part.predicate[0] if one.part else 0


def _span(one: Held) -> tuple[int, int]:
    return one.part.object if one.part else (0, 0)


def _indent(text: str, one: Block, groups: Sequence[Group]) -> str:
    """Give how far the properties of a block are indented."""
    below = [_indent_at(text, group.start) for group in groups[1:] if "\n" in text[one.start:group.start]]
    return below[0] if below else STEP


def _indent_at(text: str, place: int) -> str:
    """Give the space with which the line of a place begins."""
    start = text.rfind("\n", 0, place) + 1
    return text[start:place][: len(text[start:place]) - len(text[start:place].lstrip())]


def _comments(text: str, start: int, end: int, indent: str) -> str:
    """Give the comments of a stretch, each on its line."""
    return "".join(f"{token.text}\n{indent}" for token in tokens(text[start:end]) if token.kind == "comment")
