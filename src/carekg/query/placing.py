"""Where the answer to a prepared question stands on the page of a thing, as its header's ``page`` says it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from carekg import errors
from carekg.query.parameter import Parameter
from carekg.terms import BASE, SCHEMES, expand

GAPS: Final = ("not stated", "none")
"""What no row means: that sources are silent, or, where the graph itself is asked, that there is none."""

KEYS: Final = ("class", "parameter", "heading", "order", "empty", "columns", "rows", "drawings", "gap",
                "compare", "together")
"""What one entry of ``page`` takes."""

ROWS: Final = 12
"""Rows of a section that a page shows, where its entry does not say how many; of none it shows the pictures alone."""

Fault = Callable[[str], errors.BrokenFile]
"""What makes an error of the end of a sentence that begins with the header."""


@dataclass(frozen=True)
class Placing:
    """One section of a page: for the things of which ``kind``, a class or a scheme, and how it is shown.

    ``columns`` are those that are shown, in their order, each with a heading where its name is not plain enough; none
    stands for all. ``drawings`` are the kinds in which the answer is drawn too. ``empty`` is what is said where there
    is no row, and ``gap`` the same in two words, for a comparison, in which the columns of ``compare`` are put together
    as one value; without any the section is left out of it. ``together`` has lines with the same first value stand
    side by side under it.
    """

    parameter: str
    kind: str
    heading: str
    order: int
    empty: str
    columns: tuple[tuple[str, str], ...] = ()
    rows: int = ROWS
    drawings: tuple[str, ...] = ()
    gap: str = GAPS[0]
    compare: tuple[str, ...] = ()
    together: bool = False


def read(said: Any, parameters: Sequence[Parameter], wrong: Fault) -> tuple[Placing, ...]:
    """Give the sections that a header declares.

    :raises BrokenFile: an entry is not right; ``wrong`` makes it of one clear sentence.
    """
    if said is None:
        return ()
    if not isinstance(said, list):
        raise wrong(f"has `page: {said}`; write a list, an entry for each class of things")
    taking = {one.name: one for one in parameters if one.type in ("thing", "concept")}
    found = tuple(_entry(one, taking, wrong) for one in said)
    for one in found:
        if sum(other.kind == one.kind for other in found) > 1:
            raise wrong(f"places its answer twice on the page of one class, {one.kind}; keep one entry")
    return found


def _entry(said: Any, taking: dict[str, Parameter], wrong: Fault) -> Placing:
    if not isinstance(said, dict):
        raise wrong(f"has `{said}` under `page`; give it parameter, heading, order and empty")
    for name in said:
        if name not in KEYS:
            raise wrong(f"has `{name}` under `page`; an entry takes {', '.join(KEYS)}")
    parameter = taking.get(str(said.get("parameter", "")))
    if parameter is None:
        names = ", ".join(taking) or "none, so that it can stand on no page"
        raise wrong(f"has under `page` the parameter `{said.get('parameter', '')}`; of its parameters, these take a "
                    f"thing or a concept: {names}")
    texts = {name: _text(said, name, wrong) for name in ("heading", "empty")}
    return Placing(parameter.name, _kind(said, parameter, wrong), order=_whole(said, "order", None, wrong),
                   rows=_whole(said, "rows", ROWS, wrong), columns=_columns(said, wrong),
                   drawings=_names(said, "drawings", wrong), gap=_gap(said, wrong),
                   compare=_names(said, "compare", wrong), together=_whether(said, wrong), **texts)


def _kind(said: dict[str, Any], parameter: Parameter, wrong: Fault) -> str:
    """Give the IRI of the class or scheme that an entry names, else of that which its parameter takes."""
    named = said.get("class")
    if named is None:
        return parameter.source
    if named in SCHEMES:
        return f"{BASE}concept/{SCHEMES[named]}"
    iri = expand(str(named))
    if iri is None:
        raise wrong(f"has `class: {named}` under `page`; write a class such as care:Innovation, or the prefix of a "
                    "scheme such as route")
    return iri


def _text(said: dict[str, Any], name: str, wrong: Fault) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value.strip():
        right = "words that stand over the section" if name == "heading" else "what to say where there is no row"
        raise wrong(f"has an entry under `page` without `{name}`; write {right}")
    return value.strip()


def _whole(said: dict[str, Any], name: str, default: int | None, wrong: Fault) -> int:
    value = said.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise wrong(f"has `{name}: {value}` under `page`; write a whole number such as 40")
    return value


def _names(said: dict[str, Any], name: str, wrong: Fault) -> tuple[str, ...]:
    value = said.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise wrong(f"has `{name}: {value}` under `page`; write a list of names in square brackets")
    return tuple(value)


def _columns(said: dict[str, Any], wrong: Fault) -> tuple[tuple[str, str], ...]:
    """Give the columns, each with its heading or none: `[giver: who gave, amount]`."""
    value = said.get("columns", [])
    listed = value if isinstance(value, list) else [None]
    pairs: list[tuple[Any, Any]] = [
        next(iter(one.items())) if isinstance(one, dict) and len(one) == 1 else (one, "") for one in listed]
    if not all(isinstance(name, str) and isinstance(heading, str) for name, heading in pairs):
        raise wrong(f"has `columns: {value}` under `page`; write a list such as [giver, amount], or [giver: who gave]")
    return tuple(pairs)


def _gap(said: dict[str, Any], wrong: Fault) -> str:
    value = said.get("gap", GAPS[0])
    if value not in GAPS:
        raise wrong(f"has `gap: {value}` under `page`; write {' or '.join(GAPS)}")
    return str(value)


def _whether(said: dict[str, Any], wrong: Fault) -> bool:
    value = said.get("together", False)
    if not isinstance(value, bool):
        raise wrong(f"has `together: {value}` under `page`; write true or false")
    return value


def unknown(placings: Iterable[Placing], shown: Iterable[str]) -> list[str]:
    """Give the columns that sections show and a query does not give."""
    given = set(shown)
    return [name for one in placings for name in (*(name for name, _ in one.columns), *one.compare)
            if name not in given]
