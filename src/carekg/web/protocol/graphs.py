"""The SPARQL 1.1 Graph Store HTTP Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/), and RDF Patch by PATCH.

A graph is named indirectly, ``/store?graph=IRI`` or ``/store?default``, or directly by its own address below /store.
An entity tag is a fingerprint of the graph and the name of the format: any format's tag will do for ``If-Match``.
"""

from __future__ import annotations

import uuid
from typing import Any, Final

import pyoxigraph as ox
from flask import Blueprint, Response, request

from carekg import errors, patch
from carekg.store import Update
from carekg.update import Operation
from carekg.web import conditions, formats, site
from carekg.web.protocol import bodies, commits, permission

blueprint = Blueprint("graphs", __name__)

PATH: Final = "/store"


@blueprint.after_request
def _says_what_it_takes(response: Response) -> Response:
    """Say what PATCH takes, to whoever asks or has sent something else (RFC 5789, 2.2 and 3.1)."""
    if request.method == "OPTIONS" or (request.method == "PATCH" and response.status_code == 415):
        response.headers["Accept-Patch"] = patch.MEDIA
    return response


@blueprint.get(PATH)
@blueprint.get(f"{PATH}/<path:_name>")
def get(_name: str = "") -> Response:
    """Give one graph, or with no graph named all of them."""
    iri = _graph(required=False)
    form = formats.wanted(formats.GRAPHS if iri is not None else formats.DATASETS)
    answer, digest = site.asker().graph.graph(iri, form.name, site.client())
    response = formats.send(answer, form.media[0])
    response.set_etag(f"{digest}-{form.name}")
    response.call_on_close(answer.body.close)  # where it is not sent after all
    return conditions.held(response)


@blueprint.put(PATH)
@blueprint.put(f"{PATH}/<path:_name>")
def put(_name: str = "") -> Response:
    """Put what the body says in place of a graph (5.3); 201 where there was none."""
    permission.writer()
    graph = str(_graph())
    emptied: Operation = {"kind": "clear", "prologue": "", "graph": _target(graph), "silent": True}
    return _changed(graph, [emptied, *_created(graph), *bodies.documents(graph)])


@blueprint.post(PATH)
@blueprint.post(f"{PATH}/<path:_name>")
def post(_name: str = "") -> Response:
    """Add what the body says to a graph (5.5), to a new one where none is named; quads go to their own graphs."""
    permission.writer()
    graph = _graph(required=False)
    if graph is None and bodies.has_quads():
        return _changed(None, bodies.documents("", quads=True))
    if graph is None:
        fresh = site.address(f"{PATH}/{uuid.uuid4()}")
        response = _changed(None, [*_created(fresh), *bodies.documents(fresh)], fresh)
        response.headers["Location"] = fresh
        return response
    return _changed(graph, [*_created(graph), *bodies.documents(graph)])


@blueprint.delete(PATH)
@blueprint.delete(f"{PATH}/<path:_name>")
def delete(_name: str = "") -> Response:
    """Remove a graph (5.4); 404 where there is none."""
    permission.writer()
    graph = str(_graph())
    return _changed(graph, [{"kind": "drop", "prologue": "", "graph": _target(graph), "silent": False}])


@blueprint.patch(PATH)
@blueprint.patch(f"{PATH}/<path:_name>")
def patched(_name: str = "") -> Response:
    """Do an RDF Patch: its triples are of the graph that is named; where none is, its quads are of their own."""
    permission.writer()
    graph = _graph(required=False)
    if request.mimetype != patch.MEDIA:
        raise errors.UnsupportedMedia(request.mimetype, patch.MEDIA)
    rows = patch.rows(bodies.text(), graph)
    return _changed(graph, [{"kind": "rows", "rows": rows}])


def _changed(graph: str | None, operations: list[Operation], fresh: str = "") -> Response:
    """Do operations where the graph, or every one, is as the request's conditions expect; 201 where one is new by it.

    :param fresh: the graph that is made, where the request names none.
    """
    effect = commits.commit(Update([*_conditions(graph), *operations]), f"{request.method} of a graph")
    name = graph or fresh
    is_new = bool(name) and effect.graphs.get(ox.NamedNode(name), False)
    return site.nothing(201 if is_new else 204)


def _created(graph: str) -> list[Operation]:
    """Give what has a graph be there, though nothing be put into it."""
    return [{"kind": "create", "prologue": "", "graph": _target(graph), "silent": True}] if graph else []


def _conditions(graph: str | None) -> list[dict[str, Any]]:
    """Give what ``If-Match`` and ``If-None-Match`` expect of a graph, or of every one (RFC 9110, 13.1)."""
    wanted, unwanted = (None if not tags else ["*"] if tags.star_tag else [tag.partition("-")[0] for tag in tags]
                        for tags in (request.if_match, request.if_none_match))
    if wanted is None and unwanted is None:
        return []
    return [{"kind": "expect", "graph": graph, "digests": wanted, "none": unwanted}]


def _graph(*, required: bool = True) -> str | None:
    """Give the IRI of the graph that a request names, nothing for the default graph, None where it names none.

    :raises BadInput: it names several, or has to name one.
    """
    if request.path != PATH:
        if request.args:
            raise errors.BadInput("A graph that is named by its own address takes no parameters.")
        return site.iri(site.address(request.path))
    graphs, is_default = request.args.getlist("graph"), "default" in request.args
    if len(graphs) + is_default > 1:
        raise errors.BadInput("The request names several graphs; name one by `graph=IRI`, or say `default`.")
    if is_default:
        return ""
    if graphs:
        return site.iri(graphs[0])
    if required:
        raise errors.BadInput("The request names no graph: add `?graph=IRI` or `?default` to the address.")
    return None


def _target(graph: str) -> str:
    return f"<{graph}>" if graph else "DEFAULT"
