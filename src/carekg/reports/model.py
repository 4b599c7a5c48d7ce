"""What is wrong with a change, or worth a second look, as a value: by thing, in lines, each with where it was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from rdflib.namespace import SH

from carekg.terms import compact

SHAPES: Final = str(SH._NS)


@dataclass(frozen=True)
class Spot:
    """Where something was typed, as a person is told, such as ``cell C7``.

    ``anchor`` is the id of that in a page, ``order`` a number by which what was typed earlier is told earlier.
    """

    text: str
    anchor: str = ""
    order: int = 0


Where = Callable[[str, str, str], "Spot | str | None"]
"""Says where a statement was typed, for its subject, its property and its value.

The subject and the property are IRIs, or ``_:name`` for a thing without one; the value is written as in N-Triples.
The property is empty where a line is about the thing as a whole, and the value where something is missing. A text
stands for a spot without an anchor, None says that it was typed nowhere.
"""


@dataclass(frozen=True)
class Choice:
    """A thing that may be meant: its IRI and what it is called."""

    iri: str
    label: str


@dataclass(frozen=True)
class Line:
    """One thing that is wrong, in plain words.

    ``path`` is what the property is called and ``property`` its IRI, both empty where it is the thing as a whole;
    ``value`` is what was given, as N-Triples has it, and ``given`` as a person reads it, both empty where something is
    missing. ``rule`` says what is true of good data, ``found`` what was found, ``right`` what would be right, ``near``
    which things may be meant. ``shape`` and ``component`` are the IRIs by which tools know it, or empty.
    """

    rule: str
    found: str = ""
    right: str = ""
    near: tuple[Choice, ...] = ()
    path: str = ""
    property: str = ""
    value: str = ""
    given: str = ""
    blocks: bool = True
    shape: str = ""
    component: str = ""
    where: Spot | None = None

    def sentence(self) -> str:
        """Give the line in one piece: where, of which property, what is so, what was found, what would be right."""
        spot = self.where.text + ": " if self.where else ""
        path = self.path + ": " if self.path else ""
        return spot + path + self.says()

    def says(self) -> str:
        """Give what is so, what was found and what would be right."""
        return " ".join(filter(None, (self.rule, self.found, self.right, self.meant())))

    def meant(self) -> str:
        """Give the question whether one of the near things is meant, nothing where there is none."""
        same = self.given.casefold()
        *first, last = [f"{one.label} ({compact(one.iri)})" if one.label.casefold() == same else one.label
                        for one in self.near] or [""]
        return f"Is {', '.join(first) + ' or ' + last if first else last} meant?" if last else ""


@dataclass(frozen=True)
class Group:
    """What is wrong with one thing: its IRI, what it is called, and the label of its class, where it has one.

    ``is_there`` says that the graph has it already, so that there is something to look at.
    """

    thing: str
    label: str
    kind: str = ""
    lines: tuple[Line, ...] = ()
    is_there: bool = False

    @property
    def has_address(self) -> bool:
        """Say whether the thing has an IRI."""
        return not self.thing.startswith("_:") and bool(self.thing)


@dataclass(frozen=True)
class Told:
    """All that is wrong, or worth a second look, by thing."""

    groups: tuple[Group, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.groups)

    @property
    def lines(self) -> tuple[Line, ...]:
        """Give all lines, of one thing after the other."""
        return tuple(line for group in self.groups for line in group.lines)

    @property
    def blocks(self) -> bool:
        """Say whether a change with this cannot be made."""
        return any(line.blocks for line in self.lines)

    def summary(self) -> str:
        """Give how much there is, such as ``2 violations and 1 warning``; nothing for none."""
        violations = sum(line.blocks for line in self.lines)
        counts = {"violation": violations, "warning": len(self.lines) - violations}
        return " and ".join(f"{count:,} {name}{'s' if count > 1 else ''}" for name, count in counts.items() if count)

    def cut(self, most: int) -> Told:
        """Give the first lines, so many at most, violations of a thing before its warnings."""
        groups, left = [], most
        for group in self.groups[:most]:
            lines = group.lines[:left]
            left -= len(lines)
            groups += [replace(group, lines=lines)] if lines else []
        return Told(tuple(groups))

    def as_data(self) -> Mapping[str, Any]:
        """Give all of it as JSON has it."""
        return {"blocks": self.blocks, "summary": self.summary(), "groups": [asdict(group) for group in self.groups]}

    def as_text(self) -> str:
        """Give it for a terminal: each thing with its lines below."""
        rows: list[str] = []
        for group in self.groups:
            rows.append(group.label + (f" ({group.kind})" if group.kind else ""))
            rows += [f"  {'' if line.blocks else 'Warning: '}{line.sentence()}" for line in group.lines]
        return "\n".join(rows)
