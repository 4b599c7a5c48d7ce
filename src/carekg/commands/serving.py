"""The commands that serve the graph: to browsers and clients, and to assistants."""

from __future__ import annotations

import os
import sys

import click

from carekg import build, errors, folder, query, settings
from carekg.accounts import tokens
from carekg.commands import shown
from carekg.store import Store, open_store


@click.command("serve")
@click.option("--host", help="Address to listen on.  [default: CAREKG_ADDRESS, else 127.0.0.1]")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.  [default: CAREKG_PORT, else 8000]")
@click.option("--built", is_flag=True, hidden=True, help="Serve what is there.")
@click.pass_obj
def serve_command(chosen: settings.Settings, host: str | None, port: int | None, built: bool) -> None:
    """Serve the graph on http://HOST:PORT, building it first where the folder has changed."""
    from carekg.web import serve
    from carekg.web.guard import access, lines, slow

    host, port = host or chosen.address, port or chosen.port
    serve.refuse_taken(host, port)
    lines.refuse_unwritable(access.NAME, chosen.log)
    lines.refuse_unwritable(slow.NAME, chosen.slow_log)
    in_memory = chosen.store == "memory:"  # what is only in memory, the process that serves builds for itself
    with open_store(chosen) as store:
        stale = not built and not in_memory and _brought_in(chosen, store)
        manifest = store.manifest()
    if stale:  # start afresh, without the memory that a build leaves behind
        again = ["--folder", str(chosen.folder), "--store", chosen.store, "serve", "--host", host, "--port", str(port)]
        os.execv(sys.executable, [sys.executable, "-m", "carekg", *again, "--built"])
    if manifest:
        shown.counts(manifest)
    is_plain = manifest.plain if manifest else folder.is_empty(chosen.folder)
    click.echo(_addresses(chosen, f"http://{host}:{port}", is_plain=is_plain))
    serve.run(chosen, host, port)


def _brought_in(chosen: settings.Settings, store: Store) -> bool:
    """Build where the folder has changed, and say whether that was so.

    A folder that is broken does not take away the graph that is there, or a restart would be an outage.
    """
    try:
        if build.is_current(chosen.folder, store):
            return False
        shown.built(chosen, store)
    except (errors.FolderError, errors.InvalidGraph) as error:
        manifest = store.manifest() if chosen.folder.is_dir() else None
        if manifest is None:
            raise
        click.echo(f"carekg: {error}\ncarekg: WARNING: {chosen.folder} is broken, so the graph that was built "
                   f"{manifest.built} is served, and nothing that was changed since. Mend the folder and run "
                   "`carekg build`.", err=True)
    return True


def _addresses(chosen: settings.Settings, root: str, *, is_plain: bool) -> str:
    """Give what can be opened; of a plain server also who may write to it, which is what it is for."""
    if not is_plain:
        return (f"\nOpen  {root}/          what is here\n      {root}/queries   questions with forms and receipts\n"
                f"      {root}/sparql    SPARQL endpoint\nStop with Ctrl+C.")
    writers = ("Who writes sends a token with it." if tokens.Keeper(chosen).is_open() else
               "Nobody may write yet: `carekg token add NAME` makes a token.")
    return (f"\nThe folder is empty, so this is a plain SPARQL server.\nOpen  {root}/sparql   SPARQL 1.1 queries and "
            f"updates\n      {root}/store    graphs, by the graph store protocol\n{writers}\nStop with Ctrl+C.")


@click.command("mcp")
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
        shown.build_if_missing(chosen, store)
        assistant.run(query.Asker(queries, store), chosen, (host, port) if http else None)
