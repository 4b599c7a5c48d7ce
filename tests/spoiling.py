"""A small world to spoil, and a store that must not change by it."""

import hashlib
import pathlib
from collections.abc import Callable

from commands import run, sentence

INNOVATION = """
innovation:moon-walks a care:Innovation ;
    care:innovationKind innovationkind:named ;
    rdfs:label "Moon Walks"@en ;
    skos:definition "Walks without lanterns."@en ;
    care:restsOn passage:lantern-dusk .
"""
"""One more innovation, as right as those of the good world."""

QUESTION = """#+ summary: Which innovations are there?
#+ parameters:
#+   - name: group
#+     label: target group
#+     type: concept
#+     of: group
#+     default: group:older-people
PREFIX care: <https://w3id.org/carekg/def#>
SELECT ?innovation WHERE {
  ?innovation a care:Innovation ; care:serves $group .
}
"""
"""One more question, as right as those that are shipped."""


Refused = Callable[..., str]
"""Builds the spoilt world, which has to fail, and gives the sentence."""


def held(place: pathlib.Path) -> dict[str, str]:
    """Every file of a store, and a fingerprint of what is in it; what has the same files gives the same answers."""
    files = (path for path in sorted(place.rglob("*")) if path.is_file() and path.name != "LOCK")
    return {str(path.relative_to(place)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def refusing(world: pathlib.Path, place: pathlib.Path) -> Refused:
    """What builds a world that has to fail, by default as a folder that is not right."""

    def build(exit_code: int = 2) -> str:
        return sentence(run("build", folder=world, store=place), exit_code)

    return build


def write(world: pathlib.Path, name: str, text: str | bytes) -> None:
    """Write a file of the world."""
    data = text.encode() if isinstance(text, str) else text
    (world / name).write_bytes(data)


def prefixes(world: pathlib.Path) -> str:
    """The prefixes of the good world."""
    lines = (world / "data" / "world.ttl").read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if line.startswith("@prefix")) + "\n"


def edit(world: pathlib.Path, name: str, old: str, new: str) -> int:
    """Replace the first place of a text in a file of the world; give its line."""
    text = (world / name).read_text(encoding="utf-8")
    assert old in text
    write(world, name, text.replace(old, new, 1))
    return text.count("\n", 0, text.index(old)) + 1
