"""The graph of a running server, over HTTP."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

import pyoxigraph as ox

from carekg import errors, query, store, syntax
from carekg.client import arguments, finding, reading
from carekg.client.reading import Given
from carekg.client.web import Fields, Page, Web
from carekg.query.deprecated import Deprecated, read
from carekg.store.remote import RemoteStore

JSON: Final = "application/json"
RESULTS: Final = "application/sparql-results+json"
TURTLE: Final = "text/turtle"

LASTING: Final = 30.0
"""Seconds after which a server is asked anew what is no longer to be used: a notebook may stay open for days."""


class Server:
    """Asks the questions of a server; which there are is read once, their choices whenever they are wanted."""

    def __init__(self, web: Web) -> None:
        self.place, self._web = f"the graph at {web.root}", web
        self._deprecated: Deprecated | None = None
        self._until = 0.0
        try:
            page = web.get("queries.json", JSON)
            self.queries: Mapping[str, query.Query] = _listed(json.loads(page.body))
        except errors.BadInput:  # such as the address of one of a server's pages
            raise errors.BadValue(web.root, f"the address of a server, such as {urljoin(web.root, '/')}") from None
        except reading.UNREADABLE:
            raise errors.NotOurs(web.address("queries.json"), "another list than one of questions") from None

    def choices(self, parameter: query.Parameter) -> list[query.Choice]:
        """Give the values that a parameter takes."""
        return query.Asker({}, _Service(self._web)).choices(parameter)

    def ask(self, question: query.Query, given: Mapping[str, Sequence[str]]) -> Given:
        """Give the answer to a prepared question; see `carekg.client.Graph.ask` for the errors."""
        path, fields = arguments.path(question.name, given)
        try:
            page = self._web.get(path, f"{RESULTS}, {TURTLE};q=0.9", fields)
        except errors.BadInput:  # what the catalogue tells of it is told as it is told anywhere
            query.Asker({}, _Service(self._web)).terms(question, given)
            raise
        return _given(page, self._web.address(path, fields))

    def why(self, question: query.Query, given: Mapping[str, Sequence[str]]) -> list[str]:
        """Give why a prepared question has no rows, in sentences."""
        page, fields = arguments.path(question.name, given)
        path = f"{page}/why.json"
        try:
            reasons = json.loads(self._web.get(path, JSON, fields).body)["reasons"]
            return [reading.reason(one["sentence"], self._found(one.get("address", ""))) for one in reasons]
        except reading.UNREADABLE:
            raise errors.NotOurs(self._web.address(path), "no reasons") from None

    def deprecated(self) -> Deprecated:
        """Give what is no longer to be used in the graph, as it was a moment ago."""
        if self._deprecated is None or time.monotonic() > self._until:
            self._deprecated, self._until = read(_Service(self._web)), time.monotonic() + LASTING
        return self._deprecated

    def _found(self, path: str) -> str:
        """Give the whole address of a path."""
        return self._web.address(path) if path else ""

    def select(self, text: str) -> Given:
        """Give the answer to a SPARQL query; see `carekg.client.Graph.sparql` for the errors."""
        try:
            return _given(self._web.post("sparql", f"{RESULTS}, {TURTLE};q=0.9", [("query", text)]))
        except (errors.BadInput, errors.Refused):  # told as a store here would, where it is the text that is wrong
            _parse(text)
            raise

    def find(self, text: str, chosen: Mapping[str, Sequence[str]], most: int) -> finding.Hits:
        """Give the things in which words are found, best first."""
        fields = [("q", text), *((name, value) for name, values in chosen.items() for value in values)]
        pages: list[Any] = []
        try:
            while not pages or (len(pages) < pages[0]["pages"] and len(pages) * len(pages[0]["results"]) < most):
                page = ("page", str(len(pages) + 1))
                pages.append(json.loads(self._web.get("find.json", JSON, [*fields, page]).body))
            return finding.told(pages, most)
        except reading.UNREADABLE:
            raise errors.NotOurs(self._web.address("find.json"), "another list than one of things") from None

    def close(self) -> None:
        """Close the connections."""
        self._web.close()


class _Service(RemoteStore):
    """A server's SPARQL service, asked over the connections that its questions are asked over."""

    def __init__(self, web: Web) -> None:
        super().__init__(web.address("sparql"), "")
        self._web = web

    @property
    def version(self) -> str:
        """Give one version: who asks does not ask for long."""
        return ""

    def answer(self, question: store.Question, deadline: float | None = None) -> store.Answer:  # noqa: ARG002
        """Give the answer to a query in JSON."""
        fields: Fields = [("query", question.query)]
        body = self._web.post("sparql", RESULTS, fields).body
        return store.Answer("solutions", "json", BytesIO(body), len(body))


def _parse(text: str) -> None:
    """Read a query.

    :raises BadQuery: it does not parse.
    :raises LeavingQuery: it would open an address.
    """
    syntax.refuse_what_leaves(text)
    try:
        ox.Store().query(text)
    except SyntaxError as error:
        raise errors.BadQuery(*syntax.told(text, str(error))) from None


def _given(page: Page, address: str = "") -> Given:
    return Given(page.body, page.media == TURTLE, page.cut, address)


def _listed(said: Sequence[Mapping[str, Any]]) -> dict[str, query.Query]:
    if not isinstance(said, list):
        raise TypeError
    return {one["name"]: _query(one) for one in said}


def _query(said: Mapping[str, Any]) -> query.Query:
    """Give a question as a server's list describes it; its text stays there."""
    parameters = tuple(query.Parameter(
        one["name"], one["label"], one["type"], one.get("description", ""), one["values"] or "", one["default"],
        one["optional"], one["repeatable"]) for one in said["parameters"])
    text = "CONSTRUCT WHERE {}" if said.get("gives") == "graph" else ""
    return query.Query(said["name"], Path(), text, said["summary"], said["description"], tuple(said["tags"]),
                       parameters, said.get("when_empty", ""))
