"""``carekg validate``: anybody's data against anybody's shapes."""

from __future__ import annotations

from pathlib import Path

import click

from carekg import conformance
from carekg.commands import shown

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("validate")
@click.option("--data", type=FILE, multiple=True, required=True, metavar="FILE",
              help="RDF to validate, in any format by its ending. May be repeated.")
@click.option("--shapes", type=FILE, multiple=True, metavar="FILE",
              help="SHACL shapes. May be repeated. Without it, they are among the data.")
@click.option("--ontology", type=FILE, multiple=True, metavar="FILE",
              help="What the data rest on, such as which class is below which. May be repeated.")
@click.option("--report", "form", type=click.Choice(["text", "turtle", "json-ld"]), default="text", show_default=True,
              help="As text by thing, with file and line, or as a SHACL report.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write; else the terminal.")
@click.pass_context
def validate_command(context: click.Context, data: tuple[Path, ...], shapes: tuple[Path, ...],
                     ontology: tuple[Path, ...], form: str, output: Path | None) -> None:
    """Validate any RDF files against any SHACL shapes, SHACL Core and SHACL-SPARQL.

    It needs no knowledge folder and opens no address: what files import is told. Exit code 0: there is no violation; 3:
    there is; 2: a file cannot be read, or the shapes cannot be used.
    """
    found = conformance.validated(data, shapes, ontology)
    for note in found.notes:
        click.echo(f"Note: {note}", err=True)
    written = {"text": found.text, "turtle": found.turtle, "json-ld": found.jsonld}[form]()
    text = written if not written or written.endswith("\n") else written + "\n"
    if output or text:
        shown.put(output, iter([text.encode()]))
    click.echo(found.told().summary() or f"{', '.join(map(str, data))}: all is as the shapes say.", err=True)
    context.exit(3 if found.report.violations else 0)
