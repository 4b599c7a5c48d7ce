"""Knowledge folders of the small world: the shipped vocabulary, shapes and questions around invented statements."""

import re
import shutil
from pathlib import Path

import small
from carekg.store.embedded import EmbeddedStore
from carekg.terms import PREFIXES

CLOSED = "closed"
"""The store of the small world that nobody opens, beside the one that many read."""

QUESTIONS = (
    "advice-on-routes", "barrier-met-by", "case-studies-by-route", "claims-by-source", "closures-and-changes",
    "comparable-innovations", "disagreements", "evidence-standards", "factors-by-innovation", "factors-by-level",
    "factors-by-route", "factors-of-special-relevance", "figures-of-a-sector", "innovations-by-route",
    "innovations-by-route-and-factor", "innovations-by-topic", "innovations-for-group", "innovations-in-place",
    "mappings-of-factor", "modelled-and-observed", "myths", "not-stated", "organisations-by-innovation",
    "outcomes-by-innovation", "people", "place-and-successors", "planned-and-under-way", "routes-and-innovations",
    "who-met-barrier",
)
"""The shipped questions that the small world has. Every form of query is among them, and rdflib answers each in
seconds; for joins like those of `facilitators-against-barrier` it takes minutes."""


def good(path: Path) -> Path:
    """Write the folder of the small good world, walks by lantern light in the town of Saltmere, and give its path."""
    for part in ("ontology", "shapes", "queries"):
        shutil.copytree(small.ROOT / part, path / part)
    (path / "data").mkdir()
    shutil.copy(small.GOOD, path / "data" / "world.ttl")
    (path / "data" / "sources.ttl").write_text(_named_sources(path / "ontology"), encoding="utf-8")
    _forget_defaults(path)
    for question in (path / "queries").glob("*.rq"):
        if question.stem not in QUESTIONS:
            question.unlink()
    return path


def own_store(store: EmbeddedStore, place: Path) -> Path:
    """Copy the store of the small world as it was when it was closed: the files of an open one come and go."""
    return shutil.copytree(store.path.parent / CLOSED, place)


def _named_sources(ontology: Path) -> str:
    """Turtle that describes the documents which the vocabulary names, so that the small world is whole."""
    text = "".join(path.read_text(encoding="utf-8") for path in ontology.glob("*.ttl"))
    head = f"@prefix care: <{PREFIXES['care']}> .\n@prefix rdfs: <{PREFIXES['rdfs']}> .\n"
    found = sorted(set(re.findall(r"\bsource:([\w-]+)", text)))
    return head + "".join(f'<{PREFIXES["source"]}{name}> a care:Source ; rdfs:label "{name}"@en .\n' for name in found)


def _forget_defaults(made: Path) -> None:
    """Take from the questions those defaults that the small world does not have."""
    known = "".join(path.read_text(encoding="utf-8") for path in made.rglob("*.ttl"))
    for path in (made / "queries").glob("*.rq"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        given = {line: line.partition("default: ")[2].strip() for line in lines if line.startswith("#+     default: ")}
        kept = [line for line in lines if line not in given or f"\n{given[line]} a " in known]
        path.write_text("".join(kept), encoding="utf-8")
