"""A prepared query described in RDF, as the SIB examples are, with its parameters typed.

https://github.com/sib-swiss/sparql-examples uses ``sh:SPARQLSelectExecutable``; parameters are ``sh:Parameter``
nodes (https://www.w3.org/TR/shacl-af/#functions-parameters).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from carekg.query.file import Query
from carekg.query.parameter import LITERALS, XSD, Parameter
from carekg.terms import BASE, PREFIXES, expand

GRAPH: Final = f"{BASE}graph/queries/"
"""What the IRI of a query's graph begins with; its stem follows."""


def triples(query: Query) -> list[ox.Triple]:
    """Give the description of a query."""
    me = ox.NamedNode(f"{BASE}query/{query.name}")
    return [ox.Triple(me, ox.NamedNode(predicate), value) for predicate, value in _statements(query)] + [
        triple for number, parameter in enumerate(query.parameters) for triple in _parameter(me, number, parameter)]


def _statements(query: Query) -> Iterator[tuple[str, ox.NamedNode | ox.Literal]]:
    form, text = ("SPARQLConstructExecutable", "construct") if query.is_graph else ("SPARQLSelectExecutable", "select")
    yield PREFIXES["rdf"] + "type", ox.NamedNode(PREFIXES["sh"] + "SPARQLExecutable")
    yield PREFIXES["rdf"] + "type", ox.NamedNode(PREFIXES["sh"] + form)
    yield PREFIXES["rdfs"] + "label", ox.Literal(query.summary, language="en")
    yield PREFIXES["rdfs"] + "comment", ox.Literal(query.description, language="en")
    yield PREFIXES["sh"] + text, ox.Literal(query.body)
    for tag in query.tags:
        yield PREFIXES["schema"] + "keywords", ox.Literal(tag)


def _parameter(query: ox.NamedNode, number: int, parameter: Parameter) -> Iterator[ox.Triple]:
    node = ox.NamedNode(f"{query.value}#{parameter.name}")
    yield ox.Triple(query, ox.NamedNode(PREFIXES["sh"] + "parameter"), node)
    said: list[tuple[str, ox.NamedNode | ox.Literal]] = [
        (PREFIXES["rdf"] + "type", ox.NamedNode(PREFIXES["sh"] + "Parameter")),
        (PREFIXES["sh"] + "path", node),
        (PREFIXES["sh"] + "name", ox.Literal(parameter.label, language="en")),
        (PREFIXES["sh"] + "order", ox.Literal(number)),
        (PREFIXES["sh"] + "optional", ox.Literal(parameter.optional)),
    ]
    if parameter.description:
        said.append((PREFIXES["sh"] + "description", ox.Literal(parameter.description, language="en")))
    if parameter.type in LITERALS:
        said.append((PREFIXES["sh"] + "datatype", ox.NamedNode(XSD + LITERALS[parameter.type][0])))
    elif parameter.type == "thing":
        said.append((PREFIXES["sh"] + "class", ox.NamedNode(parameter.source)))
    else:
        said.append((PREFIXES["sh"] + "class", ox.NamedNode(PREFIXES["skos"] + "Concept")))
        said.append((PREFIXES["rdfs"] + "seeAlso", ox.NamedNode(parameter.source)))
    default = expand(parameter.default) if parameter.default and parameter.of else None
    if default or parameter.default:
        value = ox.NamedNode(default) if default else ox.Literal(parameter.default or "")
        said.append((PREFIXES["sh"] + "defaultValue", value))
    for predicate, worth in said:
        yield ox.Triple(node, ox.NamedNode(predicate), worth)
