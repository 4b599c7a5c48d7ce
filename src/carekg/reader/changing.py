"""What an update does, worked out on a copy of the snapshot that nobody else sees.

The engine tells no differences, so each operation is taken apart: the engine finds the solutions of a pattern and
reads the templates, and the quads are made here (https://www.w3.org/TR/sparql11-update/#formalModel).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pyoxigraph as ox

from carekg.reader import judging
from carekg.reader.asking import GRAPH_FORMATS, refuse_service
from carekg.reader.effect import Effect, Graph
from carekg.reader.graphs import Unmet, expect, is_there, named


class Broken(SyntaxError):
    """A document that was loaded does not parse: its address, a space, and why not."""


def effect(store: ox.Store, request: dict[str, Any]) -> Effect:
    """Give what the operations of a request do, one after another. The store is changed: let it go afterwards.

    :raises SyntaxError: a text does not parse.
    :raises Unmet: a graph is missing, there already, or has changed.
    """
    base = request["base"] or None
    if request["query"] is not None:
        judging.parses(request["query"], base, request["operations"])
    found = Effect()
    for one in request["operations"]:
        head = f"BASE <{base}>\n{one.get('prologue', '')}" if base else one.get("prologue", "")
        OPERATIONS[one["kind"]](store, found, {**one, "prologue": head})
    return found


# --- operations of SPARQL Update -----------------------------------------------------------------------------------


def _insert_data(store: ox.Store, found: Effect, one: dict[str, Any]) -> None:
    for quad in _data(one["prologue"], one["quads"]):
        found.add(quad, store)


def _delete_data(store: ox.Store, found: Effect, one: dict[str, Any]) -> None:
    for quad in _data(one["prologue"], one["quads"]):
        found.remove(quad, store)


def _data(prologue: str, quads: str) -> list[ox.Quad]:
    """Give the quads that a text in braces states; its blank nodes are new ones."""
    stated = ox.Store()
    stated.update(f"{prologue}\nINSERT DATA {quads}")
    return list(stated)


def _modify(store: ox.Store, found: Effect, one: dict[str, Any]) -> None:
    """Find all solutions first, then remove, then add (3.1.3 of the specification)."""
    base = _iri(one["prologue"], one["with"]) if one["with"] else None
    delete, insert = (Template(one["prologue"], one[part], base) if one[part] else None
                      for part in ("delete", "insert"))
    solutions = list(_solutions(store, one, base, [part for part in (delete, insert) if part]))
    for part, change in ((delete, found.remove), (insert, found.add)):
        if part:
            for quad in [quad for solution in solutions for quad in part.quads(solution)]:
                change(quad, store)


def _solutions(store: ox.Store, one: dict[str, Any], base: ox.NamedNode | None,
               parts: list[Template]) -> Iterator[dict[str, Any]]:
    names = sorted({name for part in parts for name in part.names})
    fresh = any(part.has_blank for part in parts)
    wanted = " ".join(f"?{name}" for name in names) or "*"
    text = f"{one['prologue']}\nSELECT {'' if fresh or not names else 'DISTINCT '}{wanted} WHERE {one['where']}"
    refuse_service(text)
    using, open_ = ([_iri(one["prologue"], name) for name in one[key]] for key in ("using", "named"))
    results: Any
    if using or open_:
        results = store.query(text, default_graph=list(using), named_graphs=list(open_))
    elif base:
        results = store.query(text, default_graph=base)
    else:
        results = store.query(text)
    for solution in results:
        yield {name: value for name in names if (value := solution[name]) is not None}


class Template:
    """A template of quads: read by the engine with an IRI in the place of each variable, then filled."""

    def __init__(self, prologue: str, pieces: list[list[str]], base: ox.NamedNode | None) -> None:
        mark = f"urn:uuid:{uuid.uuid4()}#"
        text = "".join(f"<{mark}{value[1:]}>" if kind == "variable" else value for kind, value in pieces)
        self.names = {value[1:] for kind, value in pieces if kind == "variable"}
        self._mark, self._base = mark, base
        self._quads = _data(prologue, text)
        self.has_blank = any(isinstance(term, ox.BlankNode) for quad in self._quads for term in _terms(quad))

    def quads(self, solution: dict[str, Any]) -> Iterator[ox.Quad]:
        """Give the quads for one solution; what would be no quad is left out, and blank nodes are new ones."""
        fresh: dict[str, ox.BlankNode] = {}
        for quad in self._quads:
            try:
                terms = [self._filled(term, solution, fresh) for term in _terms(quad)]
                yield ox.Quad(*terms)
            except (KeyError, TypeError, ValueError):
                continue

    def _filled(self, term: Any, solution: dict[str, Any], fresh: dict[str, ox.BlankNode]) -> Any:
        if isinstance(term, ox.NamedNode) and term.value.startswith(self._mark):
            return solution[term.value.removeprefix(self._mark)]
        if isinstance(term, ox.BlankNode):
            return fresh.setdefault(term.value, ox.BlankNode())
        if isinstance(term, ox.DefaultGraph):
            return self._base or term
        if isinstance(term, ox.Triple):
            return ox.Triple(*(self._filled(part, solution, fresh) for part in term))
        return term


def _terms(quad: ox.Quad) -> tuple[Any, ...]:
    return quad.subject, quad.predicate, quad.object, quad.graph_name


def _clear(store: ox.Store, found: Effect, one: dict[str, Any]) -> None:
    for graph in _targets(store, one):
        for quad in list(store.quads_for_pattern(None, None, None, graph)):
            found.remove(quad, store)


def _drop(store: ox.Store, found: Effect, one: dict[str, Any]) -> None:
    for graph in _targets(store, one):
        if isinstance(graph, ox.DefaultGraph):
            _clear(store, found, {**one, "graph": "DEFAULT"})
        else:
            found.drop(graph, store)


def _targets(store: ox.Store, one: dict[str, Any]) -> list[Graph]:
    """Give the graphs that a CLEAR or a DROP names."""
    word = one["graph"].upper()
    if word in ("NAMED", "ALL"):
        return [*([ox.DefaultGraph()] if word == "ALL" else []), *store.named_graphs()]
    graph = _graph(one["prologue"], one["graph"])
    if not is_there(store, graph):
        if one["silent"]:
            return []
        raise Unmet(f"missing {graph}")
    return [graph]


def _create(store: ox.Store, found: Effect, one: dict[str, Any]) -> None:
    graph = _iri(one["prologue"], one["graph"])
    if not is_there(store, graph):
        found.create(graph, store)
    elif not one["silent"]:
        raise Unmet(f"there {graph}")


def _transfer(store: ox.Store, found: Effect, one: dict[str, Any]) -> None:
    """Do ADD, COPY or MOVE from one graph to another."""
    source, target = (_graph(one["prologue"], one[end]) for end in ("from", "to"))
    if not is_there(store, source):
        if one["silent"]:
            return
        raise Unmet(f"missing {source}")
    if source == target:
        return
    if one["how"] != "ADD":
        for quad in list(store.quads_for_pattern(None, None, None, target)):
            found.remove(quad, store)
    if not isinstance(target, ox.DefaultGraph) and not is_there(store, target):
        found.create(target, store)
    for quad in list(store.quads_for_pattern(None, None, None, source)):
        found.add(ox.Quad(quad.subject, quad.predicate, quad.object, target), store)
    if one["how"] == "MOVE":
        _drop(store, found, {**one, "graph": one["from"], "silent": True})


def _load(_store: ox.Store, _found: Effect, one: dict[str, Any]) -> None:
    """Leave an address alone that may not be opened: an error, or nothing where it is to be silent (3.1.4)."""
    if not one["silent"]:
        raise PermissionError("LOAD")


def _graph(prologue: str, text: str) -> Graph:
    return ox.DefaultGraph() if text.upper() == "DEFAULT" else _iri(prologue, text)


def _iri(prologue: str, text: str) -> ox.NamedNode:
    """Give the IRI that a text stands for under a prologue, as the engine resolves it."""
    results: Any = ox.Store().query(f"{prologue}\nSELECT ({text} AS ?iri) WHERE {{}}")
    found: ox.NamedNode = next(results)["iri"]
    return found


# --- operations on whole graphs ------------------------------------------------------------------------------------


def _insert_document(store: ox.Store, found: Effect, one: dict[str, Any]) -> None:
    """Add what a document says, its blank nodes as new ones; triples go into the graph that is named.

    :raises SyntaxError: it does not parse, and is not to be passed over in silence; Broken where it was loaded.
    """
    graph = _iri(one["prologue"], one["into"]) if one.get("into") else named(one["graph"])
    try:
        parsed = list(ox.parse(one["text"].encode(), GRAPH_FORMATS[one["format"]], base_iri=one["base"] or None,
                               rename_blank_nodes=True, without_named_graphs=not one["quads"]))
    except SyntaxError as error:
        if not one.get("silent"):
            raise Broken(f"{one['base']} {error}") if "from" in one else error from None
        parsed = []
    for quad in parsed:
        whole = quad if one["quads"] else ox.Quad(quad.subject, quad.predicate, quad.object, graph)
        found.add(whole, store)


def _rows(store: ox.Store, found: Effect, one: dict[str, Any]) -> None:
    """Remove and add the quads of N-Quads rows, whose blank nodes are those of the store."""
    for letter, text in one["rows"]:
        quads = list(ox.parse(text, ox.RdfFormat.N_QUADS))
        if letter == "A":
            found.add_all(quads, store)
        else:
            for quad in quads:
                found.remove(quad, store)


def _expect(store: ox.Store, _: Effect, one: dict[str, Any]) -> None:
    """Stop where a graph is not as somebody saw it last: one of the digests, ``*`` for any, none for no graph."""
    expect(store, one["graph"], one["digests"], one["none"])


OPERATIONS: dict[str, Callable[[ox.Store, Effect, dict[str, Any]], None]] = {
    "insert-data": _insert_data, "delete-data": _delete_data, "modify": _modify, "clear": _clear, "drop": _drop,
    "create": _create, "load": _load, "transfer": _transfer, "insert-document": _insert_document, "rows": _rows,
    "expect": _expect,
}
"""What each kind of operation does, by its name in a request."""
