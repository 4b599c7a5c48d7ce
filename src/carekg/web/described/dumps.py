"""Dumps over HTTP: a list of the files, and each file with its tag, its digest and in ranges."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any, Final

import pyoxigraph as ox
from flask import Blueprint, Response, current_app, jsonify, render_template, request, send_file
from flask.blueprints import BlueprintSetupState
from rdflib.namespace import DCAT, DCTERMS, RDF, XSD
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from carekg import errors
from carekg.terms import BASE, SPDX
from carekg.web import conditions, formats, site
from carekg.web.described import dumped, operations, statements
from carekg.web.described.dumped import Dump, Dumps, File, Written

blueprint = Blueprint("dumps", __name__)

KEY: Final = "carekg.dumps"
"""Under which an application keeps the dumps of its graph."""

DATASET: Final = BASE + "void#dataset"
TYPES: Final = "https://www.iana.org/assignments/media-types/"
CHECKSUM: Final = ".sha256"
"""The ending of a file that holds another's checksum, as ``sha256sum --check`` reads it."""

RANGE: Final = re.compile(r"bytes=\s*(?:(\d{1,18})-(\d{0,18})|-0*[1-9]\d{0,17})")
"""One range of bytes; what RFC 9110, 14.2 lets a server pass over (other units, several, nonsense) does not match."""


@blueprint.record_once
def _prepare(state: BlueprintSetupState) -> None:
    state.app.extensions[KEY] = Dumps(state.app.extensions[site.KEY].settings)


@blueprint.get("/dumps")
def listing() -> Response | str:
    """List the files of the whole graph with their sizes and checksums, as a page, JSON or DCAT."""
    found = _dump()
    listed = [_listed(file, found.files[file.name]) for file in dumped.FILES]
    if formats.prefers_html():
        return render_template("dumps.html", files=listed, modified=found.modified.isoformat())
    if formats.wanted((operations.JSON, *formats.GRAPHS)).name == "json":
        return statements.cacheable(jsonify(modified=found.modified.isoformat(), files=listed))
    return statements.sent(triples(found))


@blueprint.get("/dumps/<name>")
def file(name: str) -> Response:
    """Give a file of the whole graph, or its checksum."""
    one = next((one for one in dumped.FILES if one.name == name.removesuffix(CHECKSUM)), None)
    if one is None:
        raise errors.NotFound(site.address(f"/dumps/{name}"), [one.name for one in dumped.FILES])
    found = _dump()
    written = found.files[one.name]
    if name.endswith(CHECKSUM):
        text = f"{written.sha256}  {one.name}\n"
        return statements.cacheable(Response(text, content_type="text/plain; charset=utf-8"))
    return _sent(found, one, written)


def triples(found: Dump) -> Iterator[ox.Triple]:
    """Give the files as distributions (https://www.w3.org/TR/vocab-dcat-3/#Class:Distribution)."""
    for one in dumped.FILES:
        written, me, checksum = found.files[one.name], ox.NamedNode(one.iri), ox.NamedNode(f"{one.iri}-checksum")
        address = ox.NamedNode(site.address(f"/dumps/{one.name}"))
        size = ox.Literal(str(written.size), datatype=ox.NamedNode(str(XSD.nonNegativeInteger)))
        digest = ox.Literal(written.sha256, datatype=ox.NamedNode(str(XSD.hexBinary)))
        modified = ox.Literal(found.modified.isoformat(), datatype=ox.NamedNode(str(XSD.dateTime)))
        said: list[tuple[ox.NamedNode, Any, Any]] = [
            (ox.NamedNode(DATASET), DCAT.distribution, me), (me, RDF.type, DCAT.Distribution),
            (me, DCTERMS.title, ox.Literal(one.name)), (me, DCTERMS.modified, modified),
            (me, DCAT.downloadURL, address), (me, DCAT.accessURL, address), (me, DCAT.byteSize, size),
            (me, DCAT.mediaType, TYPES + (one.packed or one.media)), (me, DCTERMS.format, one.format),
            (me, SPDX.checksum, checksum), (checksum, RDF.type, SPDX.Checksum),
            (checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256), (checksum, SPDX.checksumValue, digest)]
        if one.packed:
            said.append((me, DCAT.compressFormat, TYPES + one.media))
        for subject, predicate, value in said:
            yield ox.Triple(subject, ox.NamedNode(str(predicate)),
                            ox.NamedNode(str(value)) if isinstance(value, str) else value)


def _dump() -> Dump:
    kept: Dumps = current_app.extensions[KEY]
    return kept.of(site.asker().graph)


def _listed(one: File, written: Written) -> dict[str, Any]:
    return {"name": one.name, "address": site.address(f"/dumps/{one.name}"), "media_type": one.media,
            "bytes": written.size, "sha256": written.sha256}


def _sent(found: Dump, one: File, written: Written) -> Response:
    """Give a file, a range of it, or that nothing has changed (RFC 9110, 13 and 14); with its digest (RFC 9530).

    Several ranges at once are not given; such a request gets the whole file.
    """
    response = send_file(found.folder / one.name, one.media, etag=False, conditional=False,
                         last_modified=found.modified, download_name=one.name, as_attachment=True)
    response.set_etag(written.sha256)
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Repr-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(written.sha256)).decode()}:"
    response.headers["Accept-Ranges"] = "bytes"
    conditions.held(response)
    if response.status_code == 304 or not _is_ranged() or not conditions.may_be_in_part(response):
        return response
    try:
        response.make_conditional({"REQUEST_METHOD": "GET", "HTTP_RANGE": request.headers["Range"]},
                                  accept_ranges=True, complete_length=written.size)
    except RequestedRangeNotSatisfiable:
        response.close()
        response = Response(f"The file has {written.size:,} bytes; ask for a range within them.\n", 416,
                            content_type="text/plain; charset=utf-8")
        response.headers["Content-Range"] = f"bytes */{written.size}"
        response.headers["Accept-Ranges"] = "bytes"
    return response


def _is_ranged() -> bool:
    """Say whether a request asks for a range that is read."""
    span = RANGE.fullmatch(request.headers.get("Range", "").strip())
    return request.method == "GET" and span is not None and (not span[2] or int(span[2]) >= int(span[1]))
