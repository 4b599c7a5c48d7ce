"""The values that things have of properties, asked of the graph, and as the API writes them."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import pyoxigraph as ox

from carekg import store
from carekg.names import Names
from carekg.reconciliation.space import id_of
from carekg.terms import PREFIXES

XSD: Final = PREFIXES["xsd"]
VALUES: Final = """SELECT ?thing ?property ?value (isIRI(?value) AS ?link) (DATATYPE(?value) AS ?datatype) WHERE {
  VALUES ?thing { THINGS } VALUES ?property { PROPERTIES } ?thing ?property ?value FILTER(!isBlank(?value))
} ORDER BY ?thing ?property ?value"""

HAVING: Final = "SELECT DISTINCT ?thing WHERE { ?thing PROPERTY ?value FILTER(EITHER) } ORDER BY ?thing LIMIT 200"

WHOLE: Final = frozenset(XSD + name for name in ("integer", "int", "long", "short", "byte", "nonNegativeInteger",
                                                 "positiveInteger", "unsignedInt", "unsignedLong"))
BROKEN: Final = frozenset(XSD + name for name in ("decimal", "double", "float"))
SECONDS: Final = r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"
LARGEST: Final = 2**53
"""Whole numbers that every JSON reader holds exactly are below it."""


class Value(NamedTuple):
    """A value: its text or IRI, and its datatype unless it is an IRI."""

    text: str
    is_link: bool
    datatype: str = ""


Held = Mapping[str, Mapping[str, Sequence[Value]]]
"""Values by thing and property."""


def held(graph: store.Store, things: Iterable[str], properties: Iterable[str]) -> Held:
    """Give the values that things have of properties; both are IRIs that the graph has."""
    wanted, columns = sorted(set(things)), sorted(set(properties))
    found: dict[str, dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
    if not wanted or not columns:
        return found
    text = VALUES.replace("THINGS", _nodes(wanted)).replace("PROPERTIES", _nodes(columns))
    for row in store.rows(graph, text):
        is_link = row["link"] in ("true", "1")
        found[row["thing"]][row["property"]].append(Value(row["value"], is_link, row.get("datatype", "")))
    return found


def having(graph: store.Store, property_: str, texts: Iterable[str], iris: Iterable[str]) -> list[str]:
    """Give the things that have one of some values of a property: texts as they stand, or IRIs."""
    either = [f"STR(?value) = {ox.Literal(_sound(text))}" for text in texts]
    either += [f"?value = {ox.NamedNode(iri)}" for iri in sorted(set(iris))]
    text = HAVING.replace("PROPERTY", str(ox.NamedNode(property_)), 1).replace("EITHER", " || ".join(either), 1)
    return [row["thing"] for row in store.rows(graph, text)] if either else []


def written(value: Value, names: Names) -> dict[str, Any]:
    """Give a value as a data extension response has it; what is neither link, number nor day is a text."""
    if value.is_link:
        thing = names.things.get(value.text)
        return {"id": id_of(thing.iri), "name": thing.label} if thing else {"str": value.text}
    if value.datatype in WHOLE and abs(number := int(value.text)) < LARGEST:
        return {"int": number}
    if value.datatype in BROKEN and math.isfinite(real := float(value.text)):
        return {"float": real}
    if value.datatype == XSD + "date" and re.fullmatch(r"\d{4}-\d\d-\d\d", value.text):
        return {"date": f"{value.text}T00:00:00Z"}
    if value.datatype == XSD + "dateTime" and re.fullmatch(SECONDS, value.text):
        return {"date": value.text}
    return {"str": value.text}


def _nodes(iris: Iterable[str]) -> str:
    return " ".join(str(ox.NamedNode(iri)) for iri in iris)


def _sound(text: str) -> str:
    """Give a text without halves of characters, which no literal has."""
    return text.encode("utf-8", "replace").decode("utf-8")
