"""A prepared query described in RDF, as the SIB examples are, with its parameters typed.

https://github.com/sib-swiss/sparql-examples uses ``sh:SPARQLSelectExecutable`` with the question in ``rdfs:comment``;
parameters are ``sh:Parameter`` nodes (https://www.w3.org/TR/shacl-af/#functions-parameters).

``sh:select`` (or ``sh:construct``) holds the text with the default of each parameter in its place, so that a client
that knows nothing of parameters can run it as it stands, and gets what the question gives when it is asked with
nothing. ``schema:text`` holds the open text, in which a parameter is a variable of its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox
from rdflib.namespace import RDF, RDFS, SDO, SH, SKOS
from rdflib.namespace import XSD as DATATYPES
from rdflib.term import URIRef

from carekg.query.file import Query
from carekg.query.parameter import LITERALS, XSD, Parameter
from carekg.terms import BASE, PREFIXES, expand

GRAPH: Final = f"{BASE}graph/queries/"
"""What the IRI of a query's graph begins with; its stem follows."""


PREFIX_NODES: Final = f"{BASE}sparql-examples#"
"""What the IRIs of declared prefixes begin with, and of the set of them."""

_PROLOGUE: Final = re.compile(r"(?im)^\s*PREFIX\s+([\w.-]*):\s*<([^<>\s]*)>")

Value = ox.NamedNode | ox.Literal
Statement = tuple[URIRef, Value | URIRef]


def triples(query: Query) -> list[ox.Triple]:
    """Give the description of a query."""
    me = ox.NamedNode(f"{BASE}query/{query.name}")
    return [*_about(me, _statements(query)), *_prefixes(me, query),
            *(triple for n, parameter in enumerate(query.parameters) for triple in _parameter(me, n, parameter))]


def runnable(query: Query) -> str:
    """Give the text with the default of each parameter bound; a parameter without one stays open."""
    return query.bind({one.name: [value] for one in query.parameters if (value := default(one)) is not None})


def default(parameter: Parameter) -> Value | None:
    """Give the default as a term, or None where there is none or only the graph could tell what it stands for."""
    if not parameter.default:
        return None
    if parameter.type in LITERALS:
        return ox.Literal(parameter.default, datatype=ox.NamedNode(XSD + LITERALS[parameter.type][0]))
    iri = expand(parameter.default)
    return ox.NamedNode(iri) if iri else None


def _statements(query: Query) -> Iterator[Statement]:
    yield RDF.type, SH.SPARQLExecutable
    yield RDF.type, SH.SPARQLConstructExecutable if query.is_graph else SH.SPARQLSelectExecutable
    yield RDFS.label, ox.Literal(query.summary, language="en")
    yield RDFS.comment, ox.Literal(query.summary, language="en")
    if query.description:
        yield SDO.description, ox.Literal(query.description, language="en")
    yield SH.construct if query.is_graph else SH.select, ox.Literal(runnable(query))
    if query.parameters:
        yield SDO.text, ox.Literal(query.body)
    for tag in query.tags:
        yield SDO.keywords, ox.Literal(tag)


def _prefixes(query: ox.NamedNode, asked: Query) -> Iterator[ox.Triple]:
    """Declare the prefixes of a query's text (https://www.w3.org/TR/shacl/#sparql-prefixes), those of our one table."""
    whole = ox.NamedNode(PREFIX_NODES + "prefixes")
    yield from _about(query, [(SH.prefixes, whole)])
    for prefix, namespace in _PROLOGUE.findall(asked.body):
        if PREFIXES.get(prefix) == namespace:
            node = ox.NamedNode(f"{PREFIX_NODES}prefix-{prefix}")
            yield from _about(whole, [(SH.declare, node)])
            yield from _about(node, [(RDF.type, SH.PrefixDeclaration), (SH.prefix, ox.Literal(prefix)), (
                SH.namespace, ox.Literal(namespace, datatype=ox.NamedNode(str(DATATYPES.anyURI))))])


def _parameter(query: ox.NamedNode, number: int, parameter: Parameter) -> Iterator[ox.Triple]:
    node = ox.NamedNode(f"{query.value}#{parameter.name}")
    yield from _about(query, [(SH.parameter, node)])
    said: list[Statement] = [
        (RDF.type, SH.Parameter), (SH.path, node), (SH.name, ox.Literal(parameter.label, language="en")),
        (SH.order, ox.Literal(number)), (SH.optional, ox.Literal(parameter.optional))]
    if parameter.description:
        said.append((SH.description, ox.Literal(parameter.description, language="en")))
    if parameter.type in LITERALS:
        said.append((SH.datatype, ox.NamedNode(XSD + LITERALS[parameter.type][0])))
    elif parameter.type == "thing":
        said.append((SH["class"], ox.NamedNode(parameter.source)))
    else:
        said += [(SH["class"], SKOS.Concept), (RDFS.seeAlso, ox.NamedNode(parameter.source))]
    value = default(parameter)
    if value is None and parameter.default:
        value = ox.Literal(parameter.default)
    if value is not None:
        said.append((SH.defaultValue, value))
    yield from _about(node, said)


def _about(subject: ox.NamedNode, statements: Iterable[Statement]) -> Iterator[ox.Triple]:
    for predicate, value in statements:
        yield ox.Triple(subject, ox.NamedNode(str(predicate)),
                        ox.NamedNode(str(value)) if isinstance(value, URIRef) else value)
