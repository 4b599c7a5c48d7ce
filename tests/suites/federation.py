"""The W3C suite of federated queries, in which a server of ours plays the endpoints of example.org."""

import pathlib
import shutil
from typing import Final
from urllib.parse import quote

from suites import run
from suites.engine import Engine
from suites.manifest import Case, Shelf
from suites.server import Server

SUITE: Final = "sparql11/service"
NOBODY: Final = "http://invalid.endpoint.org/sparql"
"""An endpoint that is not to be there."""


def outcome(case: Case, engine: Engine, shelf: Shelf, helper: Server, room: pathlib.Path) -> str:
    """Run a test with its endpoints moved to the helper; give nothing where it passes, else what is wrong."""
    helper.update("DROP ALL")
    moved = {NOBODY: helper.sparql.replace("/sparql", "/nobody")}
    for endpoint, file in case.services:
        graph = quote(endpoint, safe="")
        body = shelf.path(file).read_bytes()
        helper.send("PUT", f"{helper.store}?graph={graph}", body, {"Content-Type": "text/turtle"})
        moved[endpoint] = f"{helper.sparql}?default-graph-uri={graph}"
    return run.outcome(case, engine, _moved(shelf, moved, room))


def _moved(shelf: Shelf, moved: dict[str, str], room: pathlib.Path) -> Shelf:
    """Give the suite's files with other addresses for its endpoints."""
    folder = room / SUITE
    shutil.copytree(shelf.folder / SUITE, folder, dirs_exist_ok=True)
    for path in folder.iterdir():
        text = path.read_text(encoding="utf-8")
        for endpoint, address in moved.items():
            text = text.replace(f"<{endpoint}>", f"<{address}>").replace(f"<uri>{endpoint}<", f"<uri>{address}<")
        path.write_text(text, encoding="utf-8")
    return Shelf(room)
