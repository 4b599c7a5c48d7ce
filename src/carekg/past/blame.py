"""Each statement of a thing, with the change that stated it; and the thing as it was after any change."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from carekg import errors
from carekg.reader.effect import Effect
from carekg.store import Entry, Store, rows, solutions
from carekg.store.building import STATED
from carekg.terms import BASE, DATA, PREFIXES, compact, expand

NAMED: Final = (f"SELECT DISTINCT ?s {{{{ VALUES ?p {{{{ <{PREFIXES['rdfs']}label> <{PREFIXES['skos']}altLabel> "
                f"<{PREFIXES['skos']}prefLabel> }}}} ?s ?p ?name FILTER(LCASE(STR(?name)) = {{text}}) }}}}")
URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S")


@dataclass(frozen=True)
class Stated:
    """A statement in its graph, and the change that made it; None where that is not known."""

    quad: ox.Quad
    entry: Entry | None

    @property
    def file(self) -> str:
        """Give the name of the file of the folder that states it, without its ending; nothing where a steward did."""
        graph = str(getattr(self.quad.graph_name, "value", ""))
        return graph.partition("/graph/")[2] if self.entry is None or self.entry.is_build else ""

    @property
    def place(self) -> str:
        """Give the name of the graph that has it, in which somebody finds it again."""
        graph = str(getattr(self.quad.graph_name, "value", ""))
        return graph.removeprefix(f"{BASE}graph/") or "the default graph"

    @property
    def is_data(self) -> bool:
        """Say whether it is stated in data, which stewards change."""
        return str(getattr(self.quad.graph_name, "value", "")).startswith(DATA)


def find(store: Store, text: str) -> str:
    """Give the IRI of the thing that is meant by an IRI, a short one such as innovation:iris, or a name.

    :raises BadValue: it is none, or several things have the name.
    """
    short = expand(text)
    if short or URL.match(text):
        return _iri(short or text)
    query = NAMED.format(text=ox.Literal(text.strip().lower()))
    found = sorted({row["s"] for row in rows(store, query) if row["s"].startswith(BASE)})
    if len(found) == 1:
        return found[0]
    wanted = "an IRI, one such as innovation:iris, or the whole name of a thing"
    raise errors.BadValue(text, wanted, [compact(iri) for iri in found[:10]])


def _iri(text: str) -> str:
    try:
        return str(ox.NamedNode(text).value)
    except ValueError:
        raise errors.BadValue(text, "an IRI, or one such as innovation:iris") from None


def blame(store: Store, thing: str) -> list[Stated]:
    """Give what is stated of a thing now, with the change that stated each; the newest change first.

    :param thing: its IRI.
    """
    found = [Stated(quad, store.history.stating(quad)) for quad in _now(store, thing)]
    return sorted(found, key=lambda one: (-(one.entry.number if one.entry else 0), str(one.quad)))


def at(store: Store, thing: str, number: int) -> list[ox.Quad]:
    """Give what was stated of a thing after a change, from the history alone.

    :raises NoChange: there is none of that number.
    """
    until = store.history.entry(number).number
    found = Effect()
    for _, effect in store.history.of(str(ox.NamedNode(thing)), until):
        found.added = found.added - effect.removed | effect.added
    plain = store.history.is_plain()
    return sorted((quad for quad in found.added if plain or str(quad.graph_name)[1:].startswith(STATED)), key=str)


def _now(store: Store, thing: str) -> Iterable[ox.Quad]:
    """Give the quads whose subject a thing is: of the graphs that are stated, or of all where graphs have no owner."""
    node, plain = ox.NamedNode(thing), store.history.is_plain()
    own = f"{{ {node} ?p ?o }} UNION " if plain else ""
    for row in solutions(store, f"SELECT ?g ?p ?o {{ {own}{{ GRAPH ?g {{ {node} ?p ?o }} }} }}"):
        graph = row.get("g")
        if plain or (graph is not None and graph.value.startswith(STATED)):
            yield ox.Quad(node, row["p"], row["o"], graph or ox.DefaultGraph())
