"""``carekg find``: things by words, with where the words were found, on the terminal or as JSON."""

from __future__ import annotations

import json
import shutil
import textwrap
from collections.abc import Iterable
from dataclasses import asdict
from typing import Final

import click

from carekg import folder, query, settings
from carekg.commands import pairs, shown
from carekg.search import Found, Hit, Index, Search, Segment
from carekg.store import open_store
from carekg.terms import compact

PATIENCE: Final = 300.0
"""Seconds for which the command waits for an index that is made for the first time."""

CHOICE: Final = "a choice: write it as FACET=VALUE, such as kind=innovation"
WIDEST: Final = 120


@click.command("find")
@click.argument("words", nargs=-1)
@click.option("--by", "chosen", multiple=True, metavar="FACET=VALUE",
              help="Only what has this value, such as kind=innovation or route=partnerships; may be repeated.")
@click.option("--page", type=click.IntRange(1), default=1, show_default=True, help="Which page of what is found.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="How to print it.")
@click.pass_obj
def find_command(given: settings.Settings, words: tuple[str, ...], chosen: tuple[str, ...], page: int,
                 form: str) -> None:
    """Find things by words of their names, descriptions and passages.

    Without words it tells what things can be chosen by.
    """
    with open_store(given, briefly=True) as store:
        shown.build_if_missing(given, store)
        index = Index(query.Asker(query.catalogue(folder.queries(given.folder)), store))
        try:
            index.current(PATIENCE)
            found = index.find(Search(" ".join(words), pairs.by_name(chosen, CHOICE), page))
        finally:
            index.close()
    click.echo(json.dumps(asdict(found), indent=2, ensure_ascii=False) if form == "json" else _text(found))


def _text(found: Found) -> str:
    width = min(shutil.get_terminal_size((100, 24)).columns, WIDEST)
    notes = [f"No text has “{one.typed}”{'; this is for ' + ', '.join(one.words) if one.words else ''}."
             for one in found.taken]
    lines = [*notes, *(_hit(hit, width) for hit in found.hits)]
    lines += [f"Without {one.left_out}: {one.count}" for one in found.without]
    lines += [f"Perhaps {one.label} ({compact(one.iri).strip('<>')})" for one in found.near]
    if not found.search.text and not found.search.chosen:
        return "\n".join(f"{facet.label} (--by {facet.name}=...): "
                         + ", ".join(f"{one.label} {one.count}" for one in facet.choices[:8]) for facet in found.facets)
    pages = f", page {found.search.page} of {found.pages}" if found.pages > 1 else ""
    return "\n".join([*lines, f"{found.total} {'thing' if found.total == 1 else 'things'}{pages}."])


def _hit(hit: Hit, width: int) -> str:
    """Give a thing as a short block, with where the words were found beneath it."""
    old = "  no longer to be used" if hit.deprecated else ""
    lines = [f"{_styled(hit.label)}  ({', '.join(hit.kinds[:2])})  {compact(hit.iri).strip('<>')}{old}"]
    lines += textwrap.wrap("".join(one.text for one in hit.about), width, initial_indent="  ", subsequent_indent="  ")
    for why in hit.why:
        source = f" ({why.source.label})" if why.source and why.source.label else ""
        lines += textwrap.wrap(f"{why.where}: {why.text}{source}", width, initial_indent="    - ",
                               subsequent_indent="      ")
    return "\n".join(lines) + "\n"


def _styled(segments: Iterable[Segment]) -> str:
    return "".join(click.style(one.text, bold=True, underline=one.hit) for one in segments)
