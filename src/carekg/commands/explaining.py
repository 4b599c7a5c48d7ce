"""``carekg why``: who stated a triple, or what it follows from, and what would go with it."""

from __future__ import annotations

import shlex

import click

from carekg import errors, folder, query, reason, settings
from carekg.change.guard import Guard
from carekg.commands import shown
from carekg.explain import absent, removal, told, typed
from carekg.store import Store, open_store, quads
from carekg.terms import VOCABULARY


@click.command("why")
@click.argument("subject")
@click.argument("link", metavar="[PROPERTY]", default="")
@click.argument("value", default="")
@click.option("--removed", is_flag=True, help="Tell too what would go with it; nothing is changed.")
@click.pass_context
def why_command(context: click.Context, subject: str, link: str, value: str, removed: bool) -> None:
    """Say why the statement SUBJECT PROPERTY VALUE is in the graph: who stated it, or what it follows from.

    Names are IRIs or short ones, such as innovation:iris care:scaledVia route:licensing-and-affiliation; a text is
    written as it is. Without VALUE, or without PROPERTY too, what there is to choose from is listed.
    """
    chosen: settings.Settings = context.obj
    with open_store(chosen, briefly=True) as store:
        shown.build_if_missing(chosen, store)
        wanted = typed.read(store, subject, link, value)
        rules = reason.rules(quad.triple for quad in quads(store, VOCABULARY[0]))
        found = told.tell(store, rules, wanted.triple) if wanted.triple else None
        if found is None:
            near = absent.told(store, wanted.subject, wanted.predicate, wanted.object)
            whole = wanted.triple is not None
            click.echo(near.sentence(whole=whole))
            for one in near.here:
                click.echo(f"  {one.sentence}\n    carekg why {' '.join(_typed(one))}")
            if whole or not near.known:
                context.exit(errors.NotFound.exit_code)
            return
        click.echo("\n".join(found.lines()))
        if removed:
            click.echo("\n" + "\n".join(removal.lines(store, _foretold(chosen, store, found))))


def _foretold(chosen: settings.Settings, store: Store, found: told.Why) -> removal.Removal:
    manifest = store.manifest()
    over = None if manifest is None or manifest.plain else Guard.over(store)
    asker = query.Asker(query.catalogue(folder.queries(chosen.folder)), store)
    return removal.foretold(asker, over, found.triple)


def _typed(one: absent.Near) -> list[str]:
    """Give a triple as the arguments of this command, quoted for a shell."""
    terms = (one.triple.subject, one.triple.predicate, one.triple.object)
    return [shlex.quote(typed.written(term)) for term in terms]
