"""The store behind an address: any service that speaks the SPARQL 1.1 Protocol for query and update."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from io import BytesIO
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlencode

import pyoxigraph as ox
import urllib3

from carekg import errors, syntax
from carekg.reader import asking, graphs
from carekg.store import About, Condition, Effect, Guard, History, Made, Manifest, Proposal, Update
from carekg.store.asked import Answer, Question
from carekg.terms import BASE

MANIFEST: Final = f"{BASE}graph/manifest"
"""The graph, and the subject in it, that tells what the service holds; written last."""

OURS: Final = f'GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{BASE}graph/"))'
"""The pattern of what is ours in a service that may hold the graphs of others."""

_DESCRIPTION = "http://purl.org/dc/terms/description"

LARGEST: Final = 2**30
"""Bytes that an answer of the service may have."""

FRESH: Final = 5.0
"""Seconds for which the version of a service's graph is taken to be known."""

MEDIA: Final = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "turtle": "text/turtle",
    "n-triples": "application/n-triples",
    "rdf-xml": "application/rdf+xml",
    "json-ld": "application/ld+json",
}

OPERATIONS: Final = 16
"""Operations of an update into which the graphs of a build are put."""


class RemoteStore:
    """A SPARQL 1.1 service at ``query_url``, written to at ``update_url``."""

    def __init__(self, query_url: str, update_url: str, *, deadline: float = 10.0,
                 hosts: frozenset[str] = frozenset()) -> None:
        self.query_url, self.update_url, self.deadline, self.hosts = query_url, update_url, deadline, hosts
        self._seen, self._looked = "", float("-inf")
        self._http = urllib3.PoolManager(retries=False, maxsize=16)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    @property
    def version(self) -> str:
        """Give when the graph that the service holds was built, looked at every few seconds."""
        if time.monotonic() - self._looked > FRESH:
            manifest = self.manifest()
            self._seen, self._looked = manifest.built if manifest else "", time.monotonic()
        return self._seen

    @property
    def filling(self) -> bool:
        """Say no: how a service answers is its own affair."""
        return False

    @property
    def beside(self) -> None:
        """Give no folder: the graph is elsewhere."""
        return

    @property
    def seen(self) -> int:
        """Give nought: changes of a graph that another service holds are not known here."""
        return 0

    def answer(self, question: Question, deadline: float | None = None) -> Answer:
        """Pass a query on and give its answer as the service formats it.

        :raises BadQuery: the service finds it malformed.
        :raises OverDeadline: no answer in time; the service may still be computing it.
        :raises StoreError: the service is down or answers something else than SPARQL results.
        """
        syntax.refuse_what_leaves(question.query, self.hosts)
        is_graph = syntax.asks_for_graph(question.query)
        wanted = question.form or ("turtle" if is_graph else "json")
        fields = [("query", question.query)]
        fields += [("default-graph-uri", iri) for iri in question.default_graphs]
        fields += [("named-graph-uri", iri) for iri in question.named_graphs]
        seconds = self.deadline if deadline is None else deadline
        body, media = self._post(self.query_url, fields, MEDIA[wanted], seconds)
        if media != MEDIA[wanted]:
            raise errors.StoreError(f"{self.query_url} answered {media or 'without a media type'} "
                                    f"where {MEDIA[wanted]} was asked for; is it a SPARQL service?")
        kind = "graph" if is_graph else "boolean" if "ASK" in syntax.words(question.query) else "solutions"
        return Answer(kind, wanted, BytesIO(body), len(body))

    def graph(self, iri: str | None, form: str, client: str = "") -> tuple[Answer, str]:  # noqa: ARG002 - it sees one client
        """Give one graph, the default graph for an empty IRI, all for none; and a fingerprint of its triples.

        :raises Unmet: there is no such graph, or it is empty, which a service need not tell apart.
        """
        where = "GRAPH ?g { ?s ?p ?o }" if iri is None else f"GRAPH {ox.NamedNode(iri)} {{ ?s ?p ?o }}"
        pattern = where if iri != "" else "?s ?p ?o"
        found = self.answer(Question(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}", "n-triples")).read()
        triples = list(ox.parse(found, ox.RdfFormat.N_TRIPLES))
        if not triples and iri:
            raise errors.Unmet("missing", f"<{iri}>")
        text = ox.serialize(triples, format=asking.GRAPH_FORMATS[form]) or b""
        return Answer("graph", form, BytesIO(text), len(text)), graphs.fingerprint(triples)

    @property
    def history(self) -> History:
        """Give a history without changes: those of a graph that another service holds are not known here."""
        return History(None)

    def propose(self, update: Update, client: str = "", guard: Guard | None = None) -> Proposal:  # noqa: ARG002
        """Refuse: a graph that another service holds is changed there."""
        raise errors.Refused(f"The graph is in the service at {self.query_url}: change it there.")

    def change(self, update: Update, client: str = "", about: About | None = None,  # noqa: ARG002
               guard: Guard | None = None, provided: Condition | None = None) -> Made:  # noqa: ARG002
        """Refuse: a graph that another service holds is changed there."""
        raise errors.Refused(f"The graph is in the service at {self.query_url}: change it there.")

    def kept(self) -> Effect:
        """Give nothing: changes of a graph that another service holds are not known here."""
        return Effect()

    def replace(self, quads: Sequence[bytes], manifest: Manifest, about: About | None = None,  # noqa: ARG002
                kept: Effect | None = None) -> None:  # noqa: ARG002
        """Put these quads in place of ours in one update request, which the service runs whole or not at all.

        Only graphs whose IRI begins with ours are touched, and of the default graph only their triples.
        """
        parsed = [quad for part in quads for quad in ox.parse(part, ox.RdfFormat.N_QUADS)]
        told = ox.Literal(manifest.as_json())
        steps = [
            f"DELETE {{ ?s ?p ?o }} WHERE {{ {OURS} }}",
            f"DELETE {{ GRAPH ?g {{ ?s ?p ?o }} }} WHERE {{ {OURS} }}",
            *_insertions(parsed),
            f"INSERT {{ ?s ?p ?o }} WHERE {{ {OURS} }}",  # a copy, so that blank nodes stay the same things
            f"INSERT DATA {{ GRAPH <{MANIFEST}> {{ <{MANIFEST}> <{_DESCRIPTION}> {told} }} }}",
        ]
        self._post(self.update_url, [("update", " ;\n".join(steps))], "*/*", max(self.deadline, 600))

    def manifest(self) -> Manifest | None:
        """Give what the service says of our graph, or None where it holds none."""
        query = f"SELECT ?about WHERE {{ GRAPH <{MANIFEST}> {{ <{MANIFEST}> <{_DESCRIPTION}> ?about }} }}"
        try:
            found = json.loads(self.answer(Question(query)).read())["results"]["bindings"]
            return Manifest(**json.loads(found[0]["about"]["value"])) if found else None
        except (ValueError, TypeError, KeyError) as error:
            what = f"what {self.query_url} says of its graph is not ours to read ({error})"
            raise errors.StoreError(f"{what[0].upper()}{what[1:]}; run `carekg build`.") from None

    def close(self) -> None:
        """Close the connections."""
        self._http.clear()

    def _whole(self, response: urllib3.BaseHTTPResponse, until: float) -> bytes:
        """Give the whole body; a peer that drips is held to the deadline as one that is silent."""
        body = bytearray()
        while piece := response.read1(1 << 16):
            body += piece
            if time.monotonic() > until:
                response.close()
                raise urllib3.exceptions.TimeoutError
            if len(body) > LARGEST:
                response.close()
                raise errors.StoreError(f"{self.query_url} answered more than {LARGEST:,} bytes; ask for less.")
        response.release_conn()
        return bytes(body)

    def _post(self, url: str, fields: list[tuple[str, str]], accept: str, seconds: float) -> tuple[bytes, str]:
        """Send a form; give the body and the media type of the answer."""
        try:
            response = self._http.request(
                "POST", url, body=urlencode(fields), timeout=urllib3.Timeout(total=seconds),
                headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": accept},
                preload_content=False, redirect=False)
            body = self._whole(response, time.monotonic() + seconds)
        except urllib3.exceptions.NewConnectionError as error:  # in urllib3 also a kind of time-out
            raise errors.StoreError(f"{url} cannot be reached: {str(error).rpartition(': ')[2]}.") from None
        except urllib3.exceptions.TimeoutError:
            raise errors.OverDeadline(seconds) from None
        except urllib3.exceptions.HTTPError as error:
            raise errors.StoreError(f"{url} cannot be reached or broke off: {error}.") from None
        if response.status == 400:
            raise errors.BadQuery(" ".join(body[:300].decode("utf-8", "replace").split()))
        if not 200 <= response.status < 300:
            raise errors.StoreError(f"{url} answered {response.status} {response.reason or ''}".rstrip() + ".")
        return body, response.headers.get("Content-Type", "").partition(";")[0].strip()


def _insertions(quads: Sequence[ox.Quad]) -> list[str]:
    """Give a few INSERT DATA for all graphs: some parsers go a level deeper with each. No blank node is in two."""
    graphs: dict[str, list[str]] = {}
    for quad in quads:
        graphs.setdefault(str(quad.graph_name), []).append(f"{quad.subject} {quad.predicate} {quad.object} .\n")
    blocks = [f"GRAPH {name} {{\n{''.join(lines)}}}\n" for name, lines in graphs.items()]
    return [f"INSERT DATA {{\n{''.join(blocks[n::OPERATIONS])}}}" for n in range(min(OPERATIONS, len(blocks)))]
