"""What the query of a SPARQL-based constraint reads, as a tree of paths from ``$this`` on.

Each triple pattern, wherever in the query it stands, is a way from one of its ends to the other, and filters are passed
over: the tree reads all that the query may match, and more. A pattern that no way from ``$this`` leads to may match
anywhere, which no tree tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import BNode, URIRef, Variable

from carekg.reader.checking import paths

THIS: Final = Variable("this")
PATH: Final = URIRef("urn:x-carekg:path")
"""Stands in a query for its ``$PATH`` while it is parsed."""

Pattern = tuple[Any, Any, Any]
BEYOND: Final = ("ServiceGraphPattern", "Graph", "GraphGraphPattern", "ToMultiSet", "InlineData", "SubSelect")
"""Parts of a query that a tree does not tell: other graphs, and queries within."""


class Untold(Exception):
    """What something reads cannot be told; the text says why."""


def tree(text: str, path: list[Any] | None) -> list[dict[str, Any]]:
    """Give what a constraint's query reads; ``path`` is what its ``$PATH`` stands for.

    :raises Untold: that cannot be told.
    """
    try:
        algebra = translateQuery(parseQuery(text.replace("$PATH", f"<{PATH}>"))).algebra
    except Exception as error:  # the parser's own, or whatever it runs into
        raise Untold(f"a query that does not parse ({type(error).__name__})") from None
    patterns = list(_patterns(algebra))
    left = list(range(len(patterns)))
    found = _from(THIS, {THIS}, patterns, left, path)
    if left:
        raise Untold("a query with a pattern that no way from $this leads to")
    return found


def _from(node: Any, seen: set[Any], patterns: list[Pattern], left: list[int],
          path: list[Any] | None) -> list[dict[str, Any]]:
    """Give the branches that begin at a variable, and take their patterns off those that are left."""
    found = []
    for number in [number for number in left if node in (patterns[number][0], patterns[number][2])]:
        if number not in left:  # taken by a branch of this one meanwhile
            continue
        left.remove(number)
        subject, predicate, value = patterns[number]
        way = _path(predicate, path)
        other = value
        if node != subject:
            way, other = paths.inverse(way), subject
        then = []
        if isinstance(other, Variable | BNode) and other not in seen:
            seen.add(other)
            then = _from(other, seen, patterns, left, path)
        found.append({"path": way, "then": then})
    return found


def _patterns(part: Any) -> Iterator[Pattern]:
    """Give the triple patterns of a part of a query.

    :raises Untold: it has a part beyond what a tree tells.
    """
    if isinstance(part, CompValue):
        if part.name in BEYOND:
            raise Untold(f"a query with {part.name}")
        if part.name == "BGP":
            yield from part["triples"]
            return
        if part.name == "TriplesBlock":  # within EXISTS the parser's own form stays: the terms of its triples in a row
            for terms in part["triples"]:
                yield from zip(terms[::3], terms[1::3], terms[2::3], strict=True)
            return
        for value in part.values():
            yield from _patterns(value)
    elif isinstance(part, list | tuple):
        for one in part:
            yield from _patterns(one)


def _path(predicate: Any, own: list[Any] | None) -> list[Any]:
    """Give a predicate or a property path of SPARQL as readers walk it.

    :raises Untold: it is one that reads everything but some.
    """
    if predicate == PATH and own is not None:
        return own
    if isinstance(predicate, Variable):
        return ["step", paths.ANY, False]
    if isinstance(predicate, URIRef):
        return ["step", str(predicate), False]
    if isinstance(predicate, InvPath):
        return paths.inverse(_path(predicate.arg, own))
    if isinstance(predicate, SequencePath):
        return ["chain", *(_path(one, own) for one in predicate.args)]
    if isinstance(predicate, AlternativePath):
        return ["either", *(_path(one, own) for one in predicate.args)]
    if isinstance(predicate, MulPath):
        inner = _path(predicate.path, own)
        return {"?": ["maybe", inner], "*": ["any", inner], "+": ["chain", inner, ["any", inner]]}[str(predicate.mod)]
    if isinstance(predicate, Path):
        return ["step", paths.ANY, False]
    raise Untold(f"a query with the predicate {predicate}")
