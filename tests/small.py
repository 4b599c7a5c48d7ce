"""Small graphs for tests: what is shipped and what is invented, with what follows from it, to be asked."""

import functools
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from carekg import folder, reason
from carekg.terms import PREFIXES, compact

ROOT = Path(__file__).parent.parent
GOOD = ROOT / "tests" / "worlds" / "good.ttl"
HOME = "https://example.org/"
"""What the empty prefix stands for."""


def prefixed(turtle: str, home: str = HOME) -> str:
    """Turtle in which every prefix that carekg knows can be used, and ``:`` for inventions."""
    return "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in {**PREFIXES, "": home}.items()) + turtle


def triples(turtle: str, home: str = HOME) -> tuple[ox.Triple, ...]:
    """The triples of some Turtle, with those prefixes."""
    return tuple(quad.triple for quad in ox.parse(prefixed(turtle, home), ox.RdfFormat.TURTLE))


@functools.cache
def shipped(part: str) -> tuple[ox.Triple, ...]:
    """The triples of ``ontology``, ``shapes`` or ``data`` as shipped."""
    files: tuple[folder.File, ...] = getattr(folder.load(ROOT), part)
    return tuple(dict.fromkeys(triple for file in files for triple in file.triples))


@functools.cache
def said(*parts: str) -> dict[str, dict[str, set[str]]]:
    """What the shipped ``ontology`` or ``data`` say of each thing, by property; IRIs are compact."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for triple in (triple for part in parts for triple in shipped(part)):
        if isinstance(triple.subject, ox.NamedNode):
            found[compact(triple.subject.value)][compact(triple.predicate.value)].add(_shown(triple.object))
    return found


def good() -> tuple[ox.Triple, ...]:
    """The triples of the good world."""
    return triples(GOOD.read_text(encoding="utf-8"))


def closed(data: Iterable[ox.Triple], ontology: Iterable[ox.Triple] | None = None) -> ox.Store:
    """Data, ontology (the shipped one, where none is given) and what follows, in a store that can be asked."""
    known = list(shipped("ontology") if ontology is None else ontology)
    given = list(data)
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in [*known, *given, *reason.inferred(given, known)])
    return store


def holds(store: ox.Store, pattern: str, home: str = HOME) -> bool:
    """Say whether a pattern is found in a store."""
    answer = store.query(f"ASK {{ {pattern} }}", prefixes={**PREFIXES, "": home})
    return bool(answer)


def term(name: str) -> ox.NamedNode:
    """The IRI that ``prefix:name`` stands for."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


@functools.cache
def shipped_graph() -> ox.Store:
    """The shipped data and ontology with what follows from them, to be asked."""
    return closed(shipped("data"))


def found(store: ox.Store, select: str) -> set[tuple[str, ...]]:
    """The rows of a SELECT query, each value compact; the query may use every prefix."""
    return {tuple(row.values()) for row in rows(store, select)}


def found_as_shipped(select: str) -> set[tuple[str, ...]]:
    """Rows of the shipped graph with what follows from it."""
    return found(shipped_graph(), select)


def rows(store: ox.Store, select: str) -> list[dict[str, str]]:
    """The rows of a SELECT query by the names of its columns, as `found` shows them."""
    answer = store.query(select, prefixes={**PREFIXES, "": HOME})
    assert isinstance(answer, ox.QuerySolutions)
    names = [variable.value for variable in answer.variables]
    return [{name: _shown(row[name]) for name in names} for row in answer]


def _shown(value: object) -> str:
    return compact(value.value) if isinstance(value, ox.NamedNode) else getattr(value, "value", "")


def numbered(path: Path, things: int) -> Path:
    """Make a store on disk in which s1 has the value 1, and so on; give its path."""
    store = ox.Store(str(path))
    value = ox.NamedNode(f"{HOME}p")
    store.bulk_extend(ox.Quad(ox.NamedNode(f"{HOME}s{n}"), value, ox.Literal(n)) for n in range(things))
    store.flush()
    return path
