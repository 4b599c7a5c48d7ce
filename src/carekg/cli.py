"""The commands: build, serve, ask, check, export."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from carekg import __version__, build, errors, folder, operating, phrases, query, settings
from carekg.store import Manifest, Store, open_store

RESULT_FORMATS = ("csv", "json", "tsv", "xml")
GRAPH_FORMATS = ("turtle", "n-triples", "json-ld", "rdf-xml")


class Commands(click.Group):
    """A group whose errors are one sentence and an exit code."""

    def invoke(self, context: click.Context) -> Any:
        """Run a command; tell what went wrong in a sentence."""
        try:
            return super().invoke(context)
        except errors.CarekgError as error:
            click.echo(f"carekg: {error}", err=True)
            context.exit(error.exit_code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="carekg")
@click.option("--folder", "chosen", type=click.Path(path_type=Path), metavar="DIR",
              help="Work on this knowledge folder (ontology/ shapes/ data/ queries/) instead of the one shipped.")
@click.option("--store", "where", metavar="PLACE",
              help="Keep the graph there: a folder, memory:, or the address of a SPARQL 1.1 service. "
                   "By default a folder under your data directory.")
@click.pass_context
def main(context: click.Context, chosen: Path | None, where: str | None) -> None:
    """How innovations in health and social care spread, as a knowledge graph that shows its sources.

    Start with `carekg build`, then `carekg ask --help` for the questions, or `carekg serve` for a browser.
    """
    context.obj = settings.load(chosen, where)


@main.command("build")
@click.option("--force", is_flag=True, help="Build even where the store already holds just this folder.")
@click.pass_obj
def build_command(chosen: settings.Settings, force: bool) -> None:
    """Read the folder, validate, reason, and store the graph.

    Nothing is changed where a file does not parse, a term does not exist or a shape is violated.
    """
    with open_store(chosen) as store:
        if not force and build.is_current(chosen.folder, store) and (manifest := store.manifest()):
            click.echo(f"{chosen.store} already holds this folder, built {manifest.built}.")
        else:
            manifest = build.build(chosen.folder, store, _progress)
        _show_counts(manifest)


@main.command("serve")
@click.option("--host", help="Address to listen on.  [default: CAREKG_ADDRESS, else 127.0.0.1]")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.  [default: CAREKG_PORT, else 8000]")
@click.option("--built", is_flag=True, hidden=True, help="Serve what is there.")
@click.pass_obj
def serve_command(chosen: settings.Settings, host: str | None, port: int | None, built: bool) -> None:
    """Serve the graph on http://HOST:PORT, building it first where the folder has changed."""
    from carekg.web import serve

    host, port = host or chosen.address, port or chosen.port
    serve.refuse_taken(host, port)
    in_memory = chosen.store == "memory:"  # what is only in memory, the process that serves builds for itself
    with open_store(chosen) as store:
        stale = not built and not in_memory and not build.is_current(chosen.folder, store)
        if stale:
            build.build(chosen.folder, store, _progress)
        manifest = store.manifest()
    if stale:  # start afresh, without the memory that a build leaves behind
        again = ["--folder", str(chosen.folder), "--store", chosen.store, "serve", "--host", host, "--port", str(port)]
        os.execv(sys.executable, [sys.executable, "-m", "carekg", *again, "--built"])
    if manifest:
        _show_counts(manifest)
    root = f"http://{host}:{port}"
    click.echo(f"\nOpen  {root}/          what is here\n      {root}/queries   questions with forms and receipts\n"
               f"      {root}/sparql    SPARQL endpoint\nStop with Ctrl+C.")
    serve.run(chosen, host, port)


main.add_command(operating.config)
main.add_command(operating.token)


@main.command("check")
@click.pass_obj
def check_command(chosen: settings.Settings) -> None:
    """Do all of a build but the writing: parse, look for misspelt terms, validate.

    Where CAREKG_SOURCES names a folder with your copies of the documents, each quoted phrase is looked up on its line.
    """
    if chosen.sources and not chosen.sources.is_dir():
        raise errors.BadInput(f"CAREKG_SOURCES names {chosen.sources}, which is no folder.")
    read = build.check(chosen.folder, _progress)
    if chosen.sources:
        found, left = phrases.check(read, chosen.sources)
        click.echo(f"{found} quoted phrases stand on their lines in {chosen.sources}"
                   + (f"; {left} of other sources were not looked up." if left else "."))
    else:
        click.echo("Quoted phrases were not looked up: CAREKG_SOURCES names no folder with the documents.")
    click.echo(f"{chosen.folder}: {len(read.files)} files and {len(read.queries)} queries are right.")


@main.command("export")
@click.option("--format", "form", type=click.Choice(["n-quads", "turtle"]), default="n-quads", show_default=True,
              help="n-quads: canonical, each triple in its graph. turtle: the union of all graphs.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write; else the terminal.")
@click.option("--inferred/--no-inferred", default=True, show_default=True, help="With or without what was inferred.")
@click.pass_obj
def export_command(chosen: settings.Settings, form: str, output: Path | None, inferred: bool) -> None:
    """Write the whole graph: the same folder always gives the same bytes."""
    with open_store(chosen, briefly=True) as store:
        text = build.exported(store, form, inferred)
    if output is None:
        sys.stdout.buffer.write(text)
        return
    draft = output.with_name(output.name + ".part")
    try:
        draft.write_bytes(text)
        draft.replace(output)
    except OSError as error:
        raise errors.StoreError(f"{output} cannot be written: {error.strerror}.") from None
    lines = text.count(b"\n")
    click.echo(f"{output}: {lines:,} lines.", err=True)


@main.command("mcp")
@click.option("--http", is_flag=True, help="Serve many over streamable HTTP, at /mcp, and not one on stdin and stdout.")
@click.option("--host", default="127.0.0.1", show_default=True, help="With --http: address to listen on.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(1, 65535), help="With --http: port.")
@click.pass_obj
def mcp_command(chosen: settings.Settings, http: bool, host: str, port: int) -> None:
    """Let assistants ask the graph by the Model Context Protocol: read-only, with receipts."""
    from carekg import assistant
    from carekg.web import serve

    assistant.require()
    queries = query.catalogue(folder.queries(chosen.folder))
    if http:
        serve.refuse_taken(host, port)
    with open_store(chosen) as store:
        _build_if_missing(chosen, store)
        assistant.run(query.Asker(queries, store), chosen, (host, port) if http else None)


# --- ask: one command a prepared query -------------------------------------------------------------------------


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


@main.group("ask", cls=Questions, subcommand_metavar="QUESTION [OPTIONS]")
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
            _build_if_missing(chosen, store)
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
        text = f"{about}{one.quoted} ({one.source.text}, {one.where})"
        lines += textwrap.wrap(text, width, initial_indent="    - ", subsequent_indent="      ")
    return "\n".join(lines) + "\n"


# --- shared ------------------------------------------------------------------------------------------------------


def _settings(context: click.Context) -> settings.Settings:
    found = context.find_root().obj
    return found if isinstance(found, settings.Settings) else settings.load()


def _build_if_missing(chosen: settings.Settings, store: Store) -> None:
    """Build before the first question; say where the store lags behind the folder."""
    manifest = store.manifest()
    if manifest is None:
        click.echo("Building the graph first, once.", err=True)
        build.build(chosen.folder, store, _progress)
    elif not build.is_current(chosen.folder, store):
        click.echo(f"Note: {chosen.folder} has changed since the graph was built; "
                   "`carekg build` brings it in.", err=True)


def _progress(stage: str, seconds: float | None) -> None:
    """Show a stage while it runs, on a terminal, and how long it took."""
    on_terminal = sys.stderr.isatty()
    if seconds is not None:
        click.echo(f"{chr(13) if on_terminal else ''}  {stage:<9} {seconds:6.2f} s", err=True)
    elif on_terminal:
        click.echo(f"  {stage:<9} ...", nl=False, err=True)


def _show_counts(manifest: Manifest) -> None:
    counts = "\n".join(f"  {count:>7,} {name}" for name, count in manifest.counts.items())
    click.echo(f"{counts}\n  {manifest.triples:>7,} triples in all, built {manifest.built}")
