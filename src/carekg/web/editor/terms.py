"""What can be written in a query of this graph, for completion: its classes, properties, prefixes, values and names.

All is counted in the graph, so that nothing is offered that is not there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import Any, Final

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState

from carekg import errors, store
from carekg.search import Search
from carekg.terms import PREFIXES, compact, expand
from carekg.web import conditions, find, named, site
from carekg.web.described import void
from carekg.web.described.partitions import Holdings
from carekg.web.editor import labelled
from carekg.web.linked import vocabulary
from carekg.web.remembered import Remembered

blueprint = Blueprint("terms", __name__, url_prefix="/sparql")

KEY: Final = "carekg.terms"
"""Under which an application keeps what it has said, by graph version."""

FEW: Final = 20
"""Names that are offered for what somebody has typed so far."""

MANY_HITS: Final = 50
"""Things that are looked at for those: some have the word in a text, and not in a name."""

MOST_LETTERS: Final = 100
VALUES: Final = """SELECT ?value (COUNT(*) AS ?count) WHERE { ?thing PROPERTY ?value FILTER(isIRI(?value)) }
GROUP BY ?value ORDER BY DESC(?count) ?value LIMIT 300"""

MANY: Final = 200_000
"""Uses up to which the values of a property are counted while somebody waits for them."""


@blueprint.record_once
def _prepare(state: BlueprintSetupState) -> None:
    state.app.extensions[KEY] = Remembered[bytes](200)


@blueprint.get("/terms.json")
def terms() -> Response:
    """Give the prefixes, classes and properties that are in the graph, with their counts, and which class has which."""
    return _said("terms", _terms)


@blueprint.get("/values.json")
def values() -> Response:
    """Give the things that a property leads to, by their counts; none where it has too many uses to count them now."""
    iri = _property(request.args.get("property", ""))
    return _said(iri, lambda: _values(iri))


@blueprint.get("/names.json")
def names() -> Response:
    """Give the things whose names have words that begin as somebody has typed."""
    typed = request.args.get("q", "").strip()[:MOST_LETTERS]
    response = Response(_written(_named(typed) if typed else []), content_type="application/json")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _named(typed: str) -> list[dict[str, str]]:
    """Find things in the index of texts, by what they are called; by their names alone where that is not ready."""
    try:
        hits = find.index().find(Search(typed, size=MANY_HITS)).hits
    except errors.StoreError:
        found = named.names().completing(typed, limit=FEW)
        return [{"name": compact(one.thing.iri), "label": one.thing.label, "kind": _kinds(one.thing.types)}
                for one in found]
    called = [one for one in hits if any(part.hit for part in one.label) or any(why.source is None for why in one.why)]
    return [{"name": compact(one.iri), "label": one.name, "kind": ", ".join(one.kinds)} for one in called[:FEW]]


def _said(key: str, make: Callable[[], Any]) -> Response:
    """Give what is made of the graph once, as JSON."""
    kept: Remembered[bytes] = current_app.extensions[KEY]
    response = Response(kept.get(site.asker().graph.version, key, lambda: _written(make())),
                        content_type="application/json")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return conditions.held(response)


def _written(said: Any) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


# --- what there is --------------------------------------------------------------------------------------------------


def _terms() -> dict[str, Any]:
    found = void.holdings()
    remembered: vocabulary.Remembered = current_app.extensions[vocabulary.KEY]
    about = {term.iri: term.definition for term in remembered.read().terms}
    labels = labelled.labels(site.asker().graph, [*found.classes, *found.properties])
    properties = {iri: one.triples for iri, one in found.properties.items()}
    order = {iri: number for number, iri in enumerate(sorted(properties, key=lambda one: (-properties[one], one)))}
    return {
        "prefixes": _prefixes(found),
        "classes": [{**_term(iri, count, labels, about),
                     "properties": [order[one] for one in found.within.get(iri, {}) if one in order]}
                    for iri, count in sorted(found.classes.items(), key=lambda item: (-item[1], item[0]))],
        "properties": [_term(iri, properties[iri], labels, about) for iri in order],
    }


def _term(iri: str, count: int, labels: Mapping[str, str], about: Mapping[str, str]) -> dict[str, Any]:
    said = {"label": labels.get(iri, ""), "about": about.get(iri, "")}
    return {"name": compact(iri), "count": count, **{name: text for name, text in said.items() if text}}


def _prefixes(found: Holdings) -> dict[str, str]:
    """Give the prefixes of which the graph has anything, and that of datatypes."""
    spaces = set(map(_space, chain(found.classes, found.properties, found.examples, found.roots, named.names().things)))
    return {prefix: space for prefix, space in PREFIXES.items() if space in spaces or prefix == "xsd"}


def _space(iri: str) -> str:
    """Give the namespace of an IRI: all up to its last hash or slash."""
    return iri[:max(iri.rfind("#"), iri.rfind("/")) + 1]


def _values(iri: str) -> list[dict[str, Any]]:
    uses = void.holdings().properties.get(iri)
    if uses is None or uses.triples > MANY:
        return []
    graph = site.asker().graph
    try:
        rows = store.rows(graph, VALUES.replace("PROPERTY", str(ox.NamedNode(iri))))
    except (errors.OverDeadline, errors.OverMemory):
        return []
    counts = {row["value"]: int(row["count"]) for row in rows if row.get("value")}
    labels = labelled.labels(graph, counts)
    return [{"name": compact(one), "label": labels.get(one, ""), "count": count} for one, count in counts.items()]


def _property(name: str) -> str:
    """Give the IRI of a property that a request names.

    :raises BadValue: it is none.
    """
    return site.iri(expand(name.strip()) or name.strip())


def _kinds(types: Iterable[str]) -> str:
    """Give what a thing is in words: the labels of its classes and schemes that have one."""
    things = named.names().things
    return ", ".join(dict.fromkeys(things[one].label for one in types if one in things))
