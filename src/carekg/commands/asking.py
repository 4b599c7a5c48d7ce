"""``carekg ask``: the prepared queries of the folder as commands, their answers printed with receipts."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Callable
from typing import Any

import click

from carekg import errors, folder, query, settings
from carekg.commands import shown
from carekg.explain import empty
from carekg.store import open_store

RESULT_FORMATS = ("csv", "json", "tsv", "xml")
GRAPH_FORMATS = ("turtle", "n-triples", "json-ld", "rdf-xml")


class Questions(click.Group):
    """The prepared queries of the folder as commands, their parameters as options."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Give the names of the folder's queries."""
        return sorted(folder.queries(_settings(context).folder))

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Give the command that asks a query."""
        paths = folder.queries(_settings(context).folder)
        try:
            wanted = {name: paths[name]} if name in paths else paths
            found = query.find(query.catalogue(wanted), name)
        except errors.CarekgError as error:
            click.echo(f"carekg: {error}", err=True)
            context.exit(error.exit_code)
        return _asking(found)


@click.group("ask", cls=Questions, subcommand_metavar="QUESTION [OPTIONS]")
def ask_group() -> None:
    """Ask a prepared question and print the answer with its receipts.

    `carekg ask QUESTION --help` tells what the question takes. Values go by label or key, such as
    "licensing and affiliation" or licensing-and-affiliation.
    """


def _asking(asked: query.Query) -> click.Command:
    """Give the command for one prepared query."""
    options: list[click.Parameter] = [
        click.Option([f"--{p.name}"], multiple=p.repeatable, help=_help(p), metavar=p.type.upper())
        for p in asked.parameters]
    forms = ["table", *(GRAPH_FORMATS if asked.is_graph else RESULT_FORMATS)]
    known = click.Choice(["table", *RESULT_FORMATS, *GRAPH_FORMATS])
    options.append(click.Option(["--format", "form"], type=known, default="table", show_default=True,
                                help=f"How to print the answer: {', '.join(forms)}."))
    description = f"{asked.summary}\n\n{asked.description}"
    return click.Command(asked.name, callback=_asker(asked, forms), params=options, help=description,
                         short_help=asked.summary)


def _help(parameter: query.Parameter) -> str:
    kind = f"{parameter.a_label[0].upper()}{parameter.a_label[1:]}"
    detail = f": {parameter.description}" if parameter.description else ""
    default = f"  [default: {parameter.default}]" if parameter.default else ""
    optional = " Optional; '' leaves it open." if parameter.optional else ""
    return f"{kind}{detail}.{optional}{default}"


def _asker(asked: query.Query, forms: list[str]) -> Callable[..., None]:
    @click.pass_obj
    def run(chosen: settings.Settings, /, form: str, **given: Any) -> None:
        if form not in forms:
            raise errors.UnknownFormat(form, forms)
        arguments = {name: list(value) if isinstance(value, tuple) else [value]
                     for name, value in given.items() if value not in (None, ())}
        with open_store(chosen, briefly=True) as store:
            shown.build_if_missing(chosen, store)
            asker = query.Asker({asked.name: asked}, store)
            if form != "table":
                sys.stdout.buffer.write(asker.ask(asked, arguments, form).read())
                return
            _print_table(asker, asked, arguments)
    return run


def _print_table(asker: query.Asker, asked: query.Query, arguments: dict[str, list[str]]) -> None:
    """Print a question with what was asked, its rows and their receipts."""
    if asked.is_graph:
        sys.stdout.buffer.write(asker.ask(asked, arguments).read())
        return
    table = query.Table.from_json(asker.ask(asked, arguments).read())
    labels = {choice.iri: choice.label for p in asked.parameters for choice in asker.choices(p)}
    bound = asker.terms(asked, arguments)
    values = "; ".join(f"{asked.parameter(name).label}: " + ", ".join(labels.get(t.value, t.value) for t in terms)
                       for name, terms in bound.items())
    click.echo(click.style(asked.summary, bold=True) + (f"\n{values}" if values else "") + "\n")
    width = min(shutil.get_terminal_size((100, 24)).columns, 120)
    rows = table.rows()
    for row in rows:
        click.echo(_printed(table, row, width))
    if not rows:
        click.echo(textwrap.fill(asked.when_empty or "No rows.", width))
        for one in empty.reasons(asker, asked, arguments):
            if one.kind != "silent":
                click.echo(textwrap.fill(one.sentence, width, initial_indent="- ", subsequent_indent="  "))
    counted = asker.tally(asked, table)
    shown = ": " + ", ".join(f"{count} {label}" for label, count in counted.items()) if counted else ""
    click.echo(f"{len(rows)} row{'s' if len(rows) != 1 else ''}{shown}.")


def _printed(table: query.Table, row: query.Row, width: int) -> str:
    """Give a row as a short block: its first value as the head, the others named, receipts beneath."""
    shown = [(table.columns[n].heading, row.cells[n].text) for n in table.shown() if row.cells[n].text]
    (_, head), *others = shown or [("", "")]
    short = "  ".join(f"{heading}: {text}" for heading, text in others if len(text) <= 40)
    lines = [click.style(head, bold=True)]
    lines += textwrap.wrap(short, width, initial_indent="  ", subsequent_indent="  ")
    for heading, text in others:
        if len(text) > 40:
            lines += textwrap.wrap(f"{heading}: {text}", width, initial_indent="  ", subsequent_indent="    ")
    for one in row.receipts:
        about = f"{one.about}: " if one.about else ""
        text = f"{about}{one.quoted} ({', '.join(filter(None, (one.source.text, one.where)))})"
        lines += textwrap.wrap(text, width, initial_indent="    - ", subsequent_indent="      ")
    return "\n".join(lines) + "\n"


def _settings(context: click.Context) -> settings.Settings:
    found = context.find_root().obj
    return found if isinstance(found, settings.Settings) else settings.load()
