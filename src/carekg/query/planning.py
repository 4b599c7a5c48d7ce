"""Which part of a plan a prepared question answers, and from which facts, as its header's ``plan`` says it.

A plan is made of prepared questions only. Who plans describes an innovation by facts, and the header of a question says
which fact fills which of its parameters::

    #+ plan:
    #+   heading: Innovations like yours
    #+   order: 10
    #+   about: What they share is counted in the open.
    #+   from: {topic: topic, place: place}
    #+   columns: [innovation, shares]
    #+   facts:
    #+     topic: {under: What it is, label: Need or service, help: What it is about.}

A parameter can also take what an earlier question gave (``from: {innovation: comparable-innovations.innovation}``),
or how many values a fact has (``from: {domains: count of complex}``). Where an answer is long, ``by`` names a column
of numbers: only the rows in which it is highest are handed on, those of one number together. ``facts`` says how a fact
is asked for; one fact is told so in one question, and stands in others by its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from carekg import errors
from carekg.query.parameter import Parameter
from carekg.terms import expand

KEYS: Final = ("heading", "order", "about", "from", "columns", "by", "facts", "empty")
ASKED: Final = ("under", "label", "help", "rates")
"""What ``facts`` says of a fact: what it is asked under, a label, a sentence of help, and the rating that it gives."""

FACT: Final = r"[a-z][\w-]*"
FROM_ANSWER: Final = re.compile(r"([a-z0-9][a-z0-9-]*)\.([A-Za-z_]\w*)")
FROM_COUNT: Final = re.compile(rf"count of ({FACT})")

Fault = Callable[[str], errors.BrokenFile]
"""What makes an error of the end of a sentence that begins with the header."""


@dataclass(frozen=True)
class Source:
    """Where the values of a parameter come from: a fact, its number of values, or a column of an earlier answer."""

    fact: str = ""
    is_count: bool = False
    question: str = ""
    column: str = ""


@dataclass(frozen=True)
class Asked:
    """How a fact is asked for. ``rates`` is the rating that it gives to those parts of a framework that it names."""

    under: str = ""
    label: str = ""
    help: str = ""
    rates: str = ""


@dataclass(frozen=True)
class Plan:
    """The part of a plan that a question answers; ``columns`` are those shown, all where there are none.

    ``by`` is the column of numbers by which later questions are handed the rows in which it is highest.
    """

    heading: str
    order: int
    sources: Mapping[str, Source]
    about: str = ""
    empty: str = ""
    columns: tuple[str, ...] = ()
    by: str = ""
    facts: Mapping[str, Asked] | None = None


def read(said: Any, parameters: Sequence[Parameter], wrong: Fault) -> Plan | None:
    """Give the part of a plan that a header declares, None where it declares none.

    :raises BrokenFile: it is not right; ``wrong`` makes it of one clear sentence.
    """
    if said is None:
        return None
    if not isinstance(said, dict):
        raise wrong(f"has `plan: {said}`; give it heading, order and from")
    for name in said:
        if name not in KEYS:
            raise wrong(f"has `{name}` under `plan`; it takes {', '.join(KEYS)}")
    order = said.get("order")
    if not isinstance(order, int) or isinstance(order, bool) or order < 0:
        raise wrong(f"has `order: {order}` under `plan`; write a whole number such as 40")
    sources = _sources(said.get("from"), parameters, wrong)
    return Plan(_text(said, "heading", wrong, needed=True), order, sources, _text(said, "about", wrong),
                _text(said, "empty", wrong), _columns(said.get("columns"), wrong),
                _text(said, "by", wrong), _facts(said.get("facts"), sources, wrong))


def _sources(said: Any, parameters: Sequence[Parameter], wrong: Fault) -> dict[str, Source]:
    """Give where the parameters of a question get their values; what has to be given has to be among them."""
    known = {one.name: one for one in parameters}
    if not isinstance(said, dict) or not said:
        raise wrong("has a `plan` without `from`; write which fact fills which parameter, as in `from: {place: place}`")
    for name in said:
        if name not in known:
            raise wrong(f"fills `{name}` under `plan`; its parameters are {', '.join(known) or 'none'}")
    for one in parameters:
        if one.name not in said and not one.optional and one.default is None:
            raise wrong(f"has a `plan` that leaves `{one.name}` open, which has to be given; fill it under `from`")
    return {name: _source(str(value), wrong) for name, value in said.items()}


def _source(said: str, wrong: Fault) -> Source:
    if found := FROM_ANSWER.fullmatch(said):
        return Source(question=found[1], column=found[2])
    if found := FROM_COUNT.fullmatch(said):
        return Source(found[1], is_count=True)
    if not re.fullmatch(FACT, said):
        raise wrong(f"has `{said}` under `from`; write a fact such as place, a column of an earlier question such as "
                    "comparable-innovations.innovation, or `count of` a fact")
    return Source(said)


def _facts(said: Any, sources: Mapping[str, Source], wrong: Fault) -> dict[str, Asked]:
    used = {one.fact for one in sources.values() if one.fact}
    if said is not None and not isinstance(said, dict):
        raise wrong(f"has `facts: {said}` under `plan`; write each fact with under, label and help")
    found = {}
    for name, told in (said or {}).items():
        if name not in used:
            raise wrong(f"tells of the fact `{name}` under `plan`; `from` uses {', '.join(sorted(used)) or 'none'}")
        if not isinstance(told, dict) or not all(key in ASKED and isinstance(told[key], str) for key in told):
            raise wrong(f"has the fact `{name}: {told}` under `plan`; it takes {', '.join(ASKED)}, each a text")
        if told.get("rates") and not expand(told["rates"]):
            raise wrong(f"has `rates: {told['rates']}` under `plan`; write a rating such as complexity:complex")
        found[str(name)] = Asked(**{key: value.strip() for key, value in told.items()})
    return found


def _columns(said: Any, wrong: Fault) -> tuple[str, ...]:
    if said is not None and (not isinstance(said, list) or not all(isinstance(one, str) for one in said)):
        raise wrong(f"has `columns: {said}` under `plan`; write a list of names in square brackets")
    return tuple(said or ())


def _text(said: Mapping[str, Any], name: str, wrong: Fault, *, needed: bool = False) -> str:
    value = said.get(name, "")
    if not isinstance(value, str) or (needed and not value.strip()):
        raise wrong(f"has a `plan` with `{name}: {value}`; write a text")
    return value.strip()


# --- questions together -------------------------------------------------------------------------------------------


class Planned(Protocol):
    """What is to be known of a question beside others."""

    @property
    def plan(self) -> Plan | None:
        """Give the part of a plan that it answers."""

    @property
    def parameters(self) -> Sequence[Parameter]:
        """Give its parameters."""

    @property
    def columns(self) -> Collection[str]:
        """Give the columns of its answer."""


def clash(one: Planned, others: Mapping[str, Planned]) -> str:
    """Say how the part of a plan that a question answers does not go with those of all questions, else nothing."""
    for parameter, source in (one.plan.sources if one.plan else {}).items():
        if source.question and not _is_earlier(one, source, others):
            return (f"fills `{parameter}` from {source.question}.{source.column}; write a question with a `plan` of a "
                    "lower order, and one of its columns")
        mine = next((kind for kind in _kinds(one, source.fact)), None)
        for name, other in others.items():
            if not source.is_count and source.fact and _kinds(other, source.fact) - {mine}:
                told = " of ".join(filter(None, mine or ()))
                return (f"takes the fact `{source.fact}` as {told}, which {name} takes as something else; give it "
                        "another name")
    return ""


def _is_earlier(one: Planned, source: Source, others: Mapping[str, Planned]) -> bool:
    other = others.get(source.question)
    return bool(other and other.plan and one.plan and other.plan.order < one.plan.order
                and source.column in other.columns)


def _kinds(one: Planned, fact: str) -> set[tuple[str, str]]:
    """Give the types that a question takes a fact as."""
    sources = one.plan.sources if one.plan else {}
    return {(p.type, p.of) for p in one.parameters
            if p.name in sources and sources[p.name].fact == fact and not sources[p.name].is_count}
