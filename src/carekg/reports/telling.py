"""From the results of a validation to what a steward reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

import pyoxigraph as ox
from rdflib import Graph
from rdflib.namespace import SH
from rdflib.term import Literal, Node, URIRef

from carekg.reports import unknowns, unsaid
from carekg.reports.known import Known, key
from carekg.reports.model import SHAPES, Group, Line, Spot, Told, Where
from carekg.reports.near import Near
from carekg.reports.source import Asked, Held, said
from carekg.store import Effect, Store
from carekg.terms import compact
from carekg.validation import Report, faults, paths
from carekg.validation.finding import OF_KIND, Finding
from carekg.validation.reading import Fault, Reading


class Trial(Protocol):
    """What a change would come to, as :class:`carekg.change.Trial` has it."""

    @property
    def stated(self) -> Effect:
        """Give the quads that it states and withdraws."""

    @property
    def report(self) -> Report:
        """Give the validation."""

    @property
    def unknown(self) -> tuple[str, ...]:
        """Give a sentence for each thing that it speaks of and that is not described."""


def told_of(trial: Trial, store: Store | None = None, where: Where | None = None) -> Told:
    """Tell what is wrong with a change that was tried."""
    return told(trial.report, trial.unknown, store, trial.stated, where)


def told(report: Report | None, unknown: Sequence[str] = (), store: Store | None = None,
         stated: Effect | None = None, where: Where | None = None, data: Graph | None = None) -> Told:
    """Tell what is wrong by a report, and which things are described nowhere, by thing and in plain words.

    :param data: from which names and choices are taken where there is no store; those of the report without them.
    """
    report, effect = report or Report((), Graph()), stated or Effect()
    known = Known(Held(data or report.data) if store is None else Asked(store), report.shapes, said(effect.added),
                  said(effect.removed - effect.added))
    teller = _Teller(report, known, where or _nowhere, {unknowns.what(one) for one in unknown})
    found = report.findings()
    known.look_up(_mentioned(found, report))
    lines: dict[str, list[Line]] = defaultdict(list)
    for thing, line in unknowns.lines(unknown, effect, teller.near, known):
        lines[thing].append(teller.placed(thing, line))
    missing = {(thing, line.value) for thing, of in lines.items() for line in of}
    for one in _in_order(found):
        if (key(one.focus), written(one.value)) not in missing:  # what does not exist is of no kind either
            lines[key(one.focus)].append(teller.line(one))
    known.look_up(lines)
    groups = [_group(thing, _merged(of), known) for thing, of in lines.items()]
    return Told(tuple(sorted(groups, key=lambda group: min(map(_order, group.lines)))))


class _Teller:
    """Tells findings, with the names of things and where they were typed."""

    def __init__(self, report: Report, known: Known, where: Where, unknown: Collection[str]) -> None:
        self.report, self.known, self.where, self.unknown = report, known, where, unknown
        self.near = Near(known)
        self.reading = Reading(report.data, report.shapes, known.name, lambda thing: known.kind(key(thing)))

    def line(self, finding: Finding) -> Line:
        """Give the line on a finding, with where it was typed."""
        return self.placed(key(finding.focus), self._line(finding), finding)

    def placed(self, thing: str, line: Line, finding: Finding | None = None) -> Line:
        """Give a line with where it was typed: the statement, that of another value, the property, the thing."""
        ways = [str(one) for one in paths.properties(finding.way)] if finding else []
        values = paths.values(self.report.data, finding.focus, finding.way) \
            if finding and finding.focus is not None and not line.value and finding.way is not None else []
        tries = [(name, line.value) for name in (ways or [line.property])]
        tries += [(name, written(one)) for name in ways for one in reversed(values)]
        for name, value in [*tries, *((name, "") for name in ways), ("", "")]:
            spot = self.where(thing, name, value)
            if spot:
                return replace(line, where=Spot(spot) if isinstance(spot, str) else spot)
        return line

    def _line(self, finding: Finding) -> Line:
        fault = faults.fault(self.reading, finding)
        if finding.component in OF_KIND and compact(str(finding.value)) in self.unknown:
            fault = Fault(f"{self.known.name(finding.value)} is described nowhere.")
        (only,) = paths.properties(finding.way) if isinstance(finding.way, URIRef) else ("",)
        rule, right = unsaid.rule(finding, self.report.shapes), self._right(finding, fault)
        return Line(
            rule=rule if rule or fault.found or right else finding.message or unsaid.QUERIED, found=fault.found,
            right=right,
            near=self.near.among(finding.value, fault.wanted),
            path=self._path(finding),
            property=str(only), value=written(finding.value), given=self.known.name(finding.value),
            blocks=finding.violates, shape=str(finding.shape) if isinstance(finding.shape, URIRef) else "",
            component=f"{SHAPES}{finding.component}ConstraintComponent" if finding.component else "")

    def _right(self, finding: Finding, fault: Fault) -> str:
        """Give what would be right: all choices by name where they are few, an example where a form is to be kept."""
        if choices := self.near.listed(fault.wanted):
            return f"Choose one of {paths.listed(choices, 'or')}."
        if finding.component == "Pattern" and finding.shape is not None and isinstance(finding.way, URIRef):
            pattern = str(self.report.shapes.value(finding.shape, SH.pattern))
            example = self.known.example(str(finding.way), pattern)
            return fault.right or (f"One that does is `{example}`." if example else "")
        return fault.right

    def _path(self, finding: Finding) -> str:
        """Give what the property is called; of several that would do, what would be right names them."""
        if len(paths.properties(finding.way)) > 2:
            return ""
        way = finding.way.args[0] if paths.is_round(finding.way) else finding.way
        return paths.words(way, partial(self._property, finding.shape))

    def _property(self, shape: Node | None, iri: Node | None) -> str:
        return self.known.property(str(iri), shape)



def written(value: Node | None) -> str:
    """Give a value as N-Triples has it, nothing for none."""
    if value is None:
        return ""
    if isinstance(value, Literal):
        return str(ox.Literal(str(value), language=value.language) if value.language
                   else ox.Literal(str(value), datatype=ox.NamedNode(str(value.datatype))) if value.datatype
                   else ox.Literal(str(value)))
    return value.n3()


def _mentioned(found: Iterable[Finding], report: Report) -> set[str]:
    """Give the things that lines on findings may name, with their classes."""
    names: set[str] = set()

    def note(term: Node | None) -> str:
        if isinstance(term, URIRef):
            names.add(str(term))
        return ""

    reading = Reading(report.data, report.shapes, note)
    for one in found:
        for term in (one.focus, one.value):
            note(term)
        faults.fault(reading, one)
        paths.words(one.way, note)
    return names


def _in_order(found: Iterable[Finding]) -> list[Finding]:
    """Sort findings; names of shapes without an IRI are others each time."""
    return sorted(found, key=lambda one: (not one.violates, str(one.focus),
                                          str(one.shape) if isinstance(one.shape, URIRef) else "", str(one.way),
                                          str(one.value), one.component))


def _merged(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Give lines in order, without those that say the same."""
    seen: dict[Any, Line] = {}
    for line in lines:
        seen.setdefault((line.rule, line.found, line.right, line.value, line.path), line)
    return tuple(sorted(seen.values(), key=_order))


def _order(line: Line) -> tuple[bool, int]:
    return not line.blocks, line.where.order if line.where else 0


def _group(thing: str, lines: tuple[Line, ...], known: Known) -> Group:
    kinds = [known.label(one) for one in known.classes(thing)]
    return Group(thing, known.label(thing), kinds[0] if kinds else "", lines, known.is_there(thing))


def _nowhere(_thing: str, _property: str, _value: str) -> None:
    return None
