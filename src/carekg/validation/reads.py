"""What each shape reads to reach its verdict, so that a change is held only against the shapes that may see it.

A plan is a value that can be sent to a reader process, which walks it (:mod:`carekg.reader.checking`): for each shape
with targets, what it is about and the tree of paths that it follows. It says too much rather than too little. What it
cannot follow (a shape that contains itself, a component of one's own, a query with sub-queries) makes it ``whole``:
then the whole graph is validated each time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

import pyoxigraph as ox

from carekg.reader.checking import paths
from carekg.terms import PREFIXES
from carekg.validation import queried
from carekg.validation.queried import Untold

Plan = dict[str, Any]
Tree = list[dict[str, Any]]

SH: Final = PREFIXES["sh"]
RDF: Final = PREFIXES["rdf"]
RDFS: Final = PREFIXES["rdfs"]
OWL: Final = PREFIXES["owl"]
TYPE: Final = RDF + "type"

TARGETS: Final = {"targetClass": "classes", "targetNode": "nodes", "targetSubjectsOf": "subjects_of",
                  "targetObjectsOf": "objects_of"}
BESIDE: Final = ("equals", "disjoint", "lessThan", "lessThanOrEquals")
"""Parameters whose values are properties of the focus node."""

INSIDE: Final = ("node", "property", "not", "qualifiedValueShape")
LISTS: Final = ("and", "or", "xone")
PLAIN: Final = (
    "path", "sparql", "class", "closed", "ignoredProperties", "datatype", "nodeKind", "minCount", "maxCount",
    "minExclusive", "minInclusive", "maxExclusive", "maxInclusive", "minLength", "maxLength", "pattern", "flags",
    "languageIn", "uniqueLang", "hasValue", "in", "qualifiedMinCount", "qualifiedMaxCount",
    "qualifiedValueShapesDisjoint", "message", "severity", "name", "description", "order", "group", "defaultValue",
    "deactivated", "declare", "prefixes")
KNOWN: Final = frozenset((*TARGETS, *BESIDE, *INSIDE, *LISTS, *PLAIN))


def plan(shapes: Iterable[ox.Triple], ontology: Iterable[ox.Triple]) -> Plan:
    """Give what all shapes with targets read: ``shapes`` by name, and ``whole`` with a reason where it is not known."""
    source = _Shapes(shapes)
    below = _below(ontology)
    found: dict[str, Any] = {}
    try:
        for name in source.roots():
            found[name] = {"targets": _targets(source, name, below), "reads": _reads(source, name, ())}
    except Untold as reason:
        return {"shapes": {}, "whole": str(reason)}
    return {"shapes": found, "whole": ""}


class _Shapes:
    """The triples of a shapes graph by subject, each term as N-Triples writes it."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self.of: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for triple in triples:
            self.of[str(triple.subject)][triple.predicate.value].append(triple.object)

    def roots(self) -> list[str]:
        """Give the shapes that have targets.

        :raises Untold: a target or a component is made by a query.
        """
        found = []
        for name, said in self.of.items():
            types = {getattr(one, "value", "") for one in said.get(TYPE, ())}
            if SH + "target" in said or SH + "ConstraintComponent" in types:
                raise Untold(f"{name} is made by a query")
            if any(SH + one in said for one in TARGETS) or self.is_class(name):
                found.append(name)
        return sorted(found)

    def is_class(self, name: str) -> bool:
        """Say whether a shape is a class as well, and so about its instances (2.1.3.3 of the specification)."""
        types = {getattr(one, "value", "") for one in self.of[name].get(TYPE, ())}
        return bool(types & {SH + "NodeShape", SH + "PropertyShape"}) and bool(types & {RDFS + "Class", OWL + "Class"})

    def items(self, head: Any) -> list[Any]:
        """Give the items of a list."""
        found = []
        while str(head) != f"<{RDF}nil>":
            said = self.of[str(head)]
            found.append(said[RDF + "first"][0])
            head = said[RDF + "rest"][0]
        return found


def _below(ontology: Iterable[ox.Triple]) -> dict[str, set[str]]:
    """Give each class that has some below it, with all of them."""
    direct: dict[str, set[str]] = defaultdict(set)
    for triple in ontology:
        if triple.predicate.value == RDFS + "subClassOf" and isinstance(triple.object, ox.NamedNode):
            direct[triple.object.value].add(getattr(triple.subject, "value", ""))
    found = {}
    for name in direct:
        reached, fresh = {name}, {name}
        while fresh:
            fresh = set().union(*(direct.get(one, set()) for one in fresh)) - reached
            reached |= fresh
        found[name] = reached
    return found


def _targets(source: _Shapes, name: str, below: dict[str, set[str]]) -> dict[str, list[str]]:
    found = {key: [one.value for one in source.of[name].get(SH + parameter, ())] for parameter, key in TARGETS.items()}
    own = [name[1:-1]] if source.is_class(name) else []
    found["classes"] = sorted(set().union(*(below.get(one, {one}) for one in [*found["classes"], *own])))
    return found


def _reads(source: _Shapes, name: str, above: tuple[str, ...]) -> Tree:
    """Give what a shape reads, from its focus node on.

    :raises Untold: it contains itself, or says what SHACL Core and SHACL-SPARQL do not have.
    """
    if name in above:
        raise Untold(f"{name} contains itself")
    said = source.of[name]
    for predicate in said:
        if predicate.startswith(SH) and predicate.removeprefix(SH) not in KNOWN:
            raise Untold(f"{name} has {predicate}")
    within = _within(source, name, (*above, name))
    path = said.get(SH + "path")
    tree = [{"path": _path(source, path[0]), "then": within}] if path else within
    beside = [one.value for parameter in BESIDE for one in said.get(SH + parameter, ())]
    tree += [_step(one) for one in beside]
    for one in said.get(SH + "sparql", ()):
        text = source.of[str(one)].get(SH + "select") or source.of[str(one)].get(SH + "ask")
        if not text:
            raise Untold(f"{name} has a constraint without a query")
        tree += queried.tree(_prefixes(source, one) + text[0].value, _path(source, path[0]) if path else None)
    return tree


def _within(source: _Shapes, name: str, above: tuple[str, ...]) -> Tree:
    """Give what is read from each value: its classes, the shapes that it is held against."""
    said = source.of[name]
    tree: Tree = []
    if SH + "class" in said:
        tree.append(_step(TYPE))
    if any(str(one).startswith('"true"') for one in said.get(SH + "closed", ())):
        tree.append(_step("*"))
    inner = [one for parameter in INSIDE for one in said.get(SH + parameter, ())]
    inner += [item for parameter in LISTS for head in said.get(SH + parameter, ()) for item in source.items(head)]
    if SH + "qualifiedValueShapesDisjoint" in said:
        inner += _siblings(source, name)
    for one in dict.fromkeys(map(str, inner)):
        tree += _reads(source, one, above)
    return tree


def _siblings(source: _Shapes, name: str) -> list[Any]:
    """Give the qualified shapes of the property shapes beside one (4.7.3)."""
    parents = [said for said in source.of.values() if any(str(one) == name for one in said.get(SH + "property", ()))]
    beside = [str(one) for said in parents for one in said[SH + "property"]]
    return [one for other in beside for one in source.of[other].get(SH + "qualifiedValueShape", ())]


def _path(source: _Shapes, node: Any) -> list[Any]:
    """Give a path of SHACL (2.3.1) as readers walk it."""
    if isinstance(node, ox.NamedNode):
        return ["step", node.value, False]
    said = source.of[str(node)]
    if RDF + "first" in said:
        return ["chain", *(_path(source, one) for one in source.items(node))]
    (kind, (value, *_)), = ((kind.removeprefix(SH), value) for kind, value in said.items() if kind.startswith(SH))
    if kind == "alternativePath":
        return ["either", *(_path(source, one) for one in source.items(value))]
    inner = _path(source, value)
    if kind == "inversePath":
        return paths.inverse(inner)
    return {"zeroOrMorePath": ["any", inner], "zeroOrOnePath": ["maybe", inner],
            "oneOrMorePath": ["chain", inner, ["any", inner]]}[kind]


def _step(predicate: str) -> dict[str, Any]:
    return {"path": ["step", predicate, False], "then": []}


def _prefixes(source: _Shapes, constraint: Any) -> str:
    """Give what a constraint's query may take for granted (5.2.1)."""
    graphs = source.of[str(constraint)].get(SH + "prefixes", ())
    declared = [one for graph in graphs for one in source.of[str(graph)].get(SH + "declare", ())]
    pairs = [(source.of[str(one)][SH + "prefix"][0].value, source.of[str(one)][SH + "namespace"][0].value)
             for one in declared]
    return "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in pairs)
