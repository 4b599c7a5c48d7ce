"""What changed, as a Linked Data Event Stream in pages (https://w3id.org/ldes/specification, https://w3id.org/tree).

``/feed`` is the view: it leads to the pages by the time of their first member. A page that is full never changes. A
change of more things than one can follow one by one is a single member: a version of the whole graph.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, redirect
from flask.blueprints import BlueprintSetupState
from rdflib import Namespace
from rdflib.namespace import DCTERMS, RDF, XSD
from rdflib.term import URIRef
from werkzeug.wrappers import Response as BaseResponse

from carekg import errors
from carekg.terms import BASE
from carekg.web import site
from carekg.web.described import statements
from carekg.web.feeds import atom
from carekg.web.feeds.changes import PAGE, Changes, NoChanges, Version
from carekg.web.feeds.kept import Kept
from carekg.web.protocol import permission

blueprint = Blueprint("feed", __name__)

KEY: Final = "carekg.changes"
"""Under which an application keeps where its changes come from."""

STREAM: Final = BASE + "feed#stream"
LDES: Final = Namespace("https://w3id.org/ldes#")
TREE: Final = Namespace("https://w3id.org/tree#")
DELETED: Final = "https://www.w3.org/ns/activitystreams#Delete"
SUMMARY: Final = URIRef("https://www.w3.org/ns/activitystreams#summary")

Value = str | ox.Literal
"""An IRI or a literal."""


@blueprint.record_once
def _prepare(state: BlueprintSetupState) -> None:
    found: site.Site = state.app.extensions[site.KEY]
    state.app.extensions[KEY] = Kept(found.asker.graph)


@blueprint.get("/feed")
def view() -> Response:
    """Give the stream of changes: what it is, and where its pages are."""
    return statements.sent(_view(_changes()))


@blueprint.get("/feed/<int:number>")
def page(number: int) -> Response:
    """Give one page of changes, the first being nought."""
    changes = _changes()
    if number > 0 and number * PAGE >= changes.count():
        raise errors.NotFound(site.address(f"/feed/{number}"), [site.address("/feed")])
    response = statements.sent(_page(changes, number))
    if (number + 1) * PAGE <= changes.count():
        response.headers["Cache-Control"] = "public, max-age=604800, immutable"  # RFC 8246: it is full
    return response


@blueprint.get("/feed.atom")
def as_atom() -> Response:
    """Give the latest changes as an Atom feed."""
    changes = _changes()
    count = changes.count()
    manifest = site.asker().graph.manifest()
    since = manifest.modified if manifest else ""
    built = datetime.fromisoformat(since) if since else datetime.fromtimestamp(0, UTC)
    latest = list(reversed(changes.versions(max(count - PAGE, 0), count)))
    response = Response(atom.document(latest, built), content_type=atom.MEDIA)
    response.last_modified = max([built, *(version.at for version in latest)])
    return statements.cacheable(response)


@blueprint.get("/version/<history>-<int:number>-<int:within>")
def version(history: str, number: int, within: int) -> BaseResponse:
    """Lead from a version to the page that has it."""
    place = _changes().place(number, within) if history == site.asker().graph.history.name() else None
    if place is None:
        raise errors.NotFound(f"{BASE}version/{history}-{number}-{within}", [site.address("/feed")])
    return redirect(f"/feed/{place // PAGE}", 303)


def _changes() -> Changes:
    found: Changes = NoChanges() if permission.is_plain() else current_app.extensions[KEY]
    return found


def _view(changes: Changes) -> Iterator[ox.Triple]:
    """Describe the stream, and relate its view to each page."""
    me = site.address("/feed")
    yield from _stream(me)
    if not changes.count():
        yield _said(STREAM, DCTERMS.description, ox.Literal(atom.EMPTY, language="en"))
    for number in range(-(-changes.count() // PAGE)):
        relation = f"{me}#page-{number}"
        yield _said(me, TREE.relation, relation)
        yield _said(relation, RDF.type, TREE.GreaterThanOrEqualToRelation)
        yield _said(relation, TREE.path, DCTERMS.modified)
        yield _said(relation, TREE.value, _time(changes.at(number * PAGE)))
        yield _said(relation, TREE.node, site.address(f"/feed/{number}"))


def _page(changes: Changes, number: int) -> Iterator[ox.Triple]:
    """Describe one page with its members."""
    yield from _stream(site.address(f"/feed/{number}"))
    for version in changes.versions(number * PAGE, min((number + 1) * PAGE, changes.count())):
        yield from _member(version)


def _stream(node: str) -> Iterator[ox.Triple]:
    """Describe the stream and the page of it that is asked for (TREE, 2.1)."""
    yield _said(STREAM, RDF.type, LDES.EventStream)
    yield _said(STREAM, DCTERMS.title, ox.Literal("Changes of the graph", language="en"))
    yield _said(STREAM, LDES.timestampPath, DCTERMS.modified)
    yield _said(STREAM, LDES.versionOfPath, DCTERMS.isVersionOf)
    yield _said(STREAM, LDES.versionDeleteObject, DELETED)
    yield _said(STREAM, TREE.view, node)
    yield _said(node, RDF.type, TREE.Node)


def _member(version: Version) -> Iterator[ox.Triple]:
    yield _said(STREAM, TREE.member, version.iri)
    yield _said(version.iri, DCTERMS.isVersionOf, version.of)
    yield _said(version.iri, DCTERMS.modified, _time(version.at))
    yield _said(version.iri, SUMMARY, ox.Literal(version.title, language="en"))
    if version.gone:
        yield _said(version.iri, RDF.type, DELETED)
    yield from version.triples


def _time(at: datetime) -> ox.Literal:
    return ox.Literal(at.isoformat(), datatype=ox.NamedNode(str(XSD.dateTime)))


def _said(subject: str, predicate: URIRef, value: Value) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(str(predicate)),
                     ox.NamedNode(str(value)) if isinstance(value, str) else value)
