"""What a file stated when it was committed to git last, for what others lose when it says so no longer."""

from __future__ import annotations

import codecs
import subprocess
from pathlib import Path

import pyoxigraph as ox

from carekg import folder
from carekg.terms import BASE


def triples(path: Path) -> set[ox.Triple]:
    """Give what a file of a folder stated; nothing where git does not know it, is not there, or it did not parse."""
    here = Path.cwd()  # a hook may name the repository by a path from where it runs
    start = here if path.is_relative_to(here) else path.parent
    command = ["git", "cat-file", "blob", f"HEAD:./{path.relative_to(start).as_posix()}"]
    try:
        found = subprocess.run(command, cwd=start, capture_output=True, check=True, timeout=10).stdout
        quads = ox.parse(found.removeprefix(codecs.BOM_UTF8), folder.FORMATS[path.suffix], base_iri=BASE,
                         rename_blank_nodes=True)
        return {quad.triple for quad in quads}
    except (OSError, subprocess.SubprocessError, SyntaxError, ValueError):
        return set()
