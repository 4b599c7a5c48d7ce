"""``carekg profile``: what a query costs, part by part."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from carekg import errors, folder, query, settings
from carekg.commands import pairs, shown
from carekg.explain import cost
from carekg.store import Store, open_store

MOMENT: Final = 0.1
"""Seconds between two looks whether the graph is in memory."""

VALUE: Final = "a parameter: write it as NAME=VALUE, such as route=partnerships"
WIDEST: Final = 160
SHORTEST: Final = 40
"""Characters of a line, and of a part in it, that are shown at most and at least."""


@click.command("profile")
@click.argument("wanted", metavar="QUERY")
@click.argument("values", nargs=-1, metavar="[NAME=VALUE]...")
@click.option("--rounds", type=click.IntRange(1, 1000), default=5, show_default=True, help="How often it is asked.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="How to print it.")
@click.pass_obj
def profile_command(chosen: settings.Settings, wanted: str, values: tuple[str, ...], rounds: int, form: str) -> None:
    """Measure a query: how long it takes, how many matches each part has, and where rows grow many.

    QUERY is the name of a prepared question, with values for its parameters, or a file with SPARQL; - reads SPARQL from
    stdin. The embedded store and a service by URL are measured alike.
    """
    with open_store(chosen) as store:
        shown.build_if_missing(chosen, store)
        text = _text(chosen, store, wanted, values)
        while store.filling:  # measured as a server answers that has stood for a while
            time.sleep(MOMENT)
        found = cost.measured(store, text, rounds)
    click.echo(json.dumps(asdict(found), indent=2) if form == "json" else "\n".join(_lines(found)))


def _text(chosen: settings.Settings, store: Store, wanted: str, values: Iterable[str]) -> str:
    """Give the SPARQL text of what is asked.

    :raises BadInput: it cannot be read, or is not there.
    """
    if wanted == "-" or wanted.endswith((".rq", ".sparql")):
        if values:
            raise errors.BadInput("Values are for prepared questions; a file of SPARQL has its own.")
        try:
            return sys.stdin.read() if wanted == "-" else Path(wanted).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise errors.BadInput(f"{wanted} cannot be read: {error}.") from None
    paths = folder.queries(chosen.folder)
    asked = query.find(query.catalogue({wanted: paths[wanted]} if wanted in paths else paths), wanted)
    return asked.bind(query.Asker({wanted: asked}, store).terms(asked, pairs.by_name(values, VALUE)))


def _lines(found: cost.Cost) -> Iterator[str]:
    first, *others = (1000 * one for one in found.seconds)
    spread = f", then {1000 * found.later:.1f} ms (median of {len(others)}, {min(others):.1f} to {max(others):.1f})" \
        if others else ""
    yield f"{first:.1f} ms at first{spread}; {found.rows:,} row{'s' if found.rows != 1 else ''}, {found.size:,} bytes."
    if not found.steps:
        yield "Its text cannot be taken into parts that have an answer each, such as where it is a query in a query."
        return
    room = max(SHORTEST, min(shutil.get_terminal_size((110, 24)).columns, WIDEST) - 36)
    yield click.style(f"\n{'alone':>10} {'together':>10} {'ms':>8}    part; together is with those above it", bold=True)
    for one in found.steps:
        marks = [sign for sign, of in (("*", one is found.most), ("!", one is found.slowest), ("x", one.apart)) if of]
        numbers = f"{_count(one.alone):>10} {_count(one.together):>10} {1000 * one.seconds:>8.1f}"
        yield f"{numbers} {''.join(marks):<3} {_cut(one.text, room)}"
    yield "\n* With this part there are the most solutions.   ! With this part counting takes longer than before."
    if any(one.apart for one in found.steps):
        yield "x It shares no variable with those before it: each match is paired with each solution."


def _count(count: int | None) -> str:
    return "-" if count is None else f"{count:,}"


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[:room - 3] + "..."
