"""Reads the manifests of the W3C suites: what each test takes and what it expects."""

import dataclasses
import functools
import pathlib
from collections.abc import Iterator
from typing import Final

from rdflib import Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS
from rdflib.term import Node

BASE: Final = "https://w3c.github.io/rdf-tests/sparql/"
"""Where the suites are published: relative IRIs in their files are resolved against it."""

MF: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT: Final = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")


@dataclasses.dataclass(frozen=True)
class Shelf:
    """The folder that holds the suites; every file has the address at which it is published."""

    folder: pathlib.Path

    def path(self, address: str) -> pathlib.Path:
        """Give the file with an address."""
        if not address.startswith(BASE):
            raise FileNotFoundError(f"{address} is not in the suites")
        return self.folder / address.removeprefix(BASE)

    def address(self, path: pathlib.Path) -> str:
        """Give the address of a file."""
        return BASE + path.relative_to(self.folder).as_posix()

    def text(self, address: str) -> str:
        """Give what a file holds, its line ends as they are."""
        return self.path(address).read_bytes().decode("utf-8")


@dataclasses.dataclass(frozen=True)
class Files:
    """The addresses of the files of a dataset: those of its default graph, and those of its named graphs by name."""

    default: tuple[str, ...] = ()
    named: tuple[tuple[str, str], ...] = ()


@dataclasses.dataclass(frozen=True)
class Case:
    """One test: its kind (`QueryEvaluationTest`), its suite (`sparql11/bind`), its text's address, data, expected.

    `services` are the endpoints that its text calls, each with the address of the file that it serves.
    """

    iri: str
    name: str
    kind: str
    suite: str
    text: str = ""
    data: Files = Files()
    answer: str = ""
    after: Files = Files()
    lax: bool = False
    services: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """Its name within its suite."""
        return self.iri.rpartition("#")[2]


def cases(shelf: Shelf, edition: str) -> list[Case]:
    """Give the tests of an edition (`sparql10`, `sparql11`, `sparql12`), suite by suite in the manifests' order.

    Those of the protocols are named in the manifests without what they send, and stand in tables of this package.
    """
    manifests = sorted((shelf.folder / edition).glob("*/manifest.ttl"))
    return [case for path in manifests for case in _entries(shelf, path) if case.text]


def _entries(shelf: Shelf, path: pathlib.Path) -> Iterator[Case]:
    """Give the tests of one manifest."""
    graph = Graph().parse(data=path.read_bytes(), format="turtle", publicID=shelf.address(path))
    suite = path.parent.relative_to(shelf.folder).as_posix()
    for head in graph.objects(URIRef(shelf.address(path)), MF.entries):
        for entry in Collection(graph, head):
            yield _case(graph, entry, suite)


def _case(graph: Graph, entry: Node, suite: str) -> Case:
    """Give what a manifest says of one test."""
    of = functools.partial(graph.value, entry)
    action, result = of(MF.action), of(MF.result)
    case = Case(
        iri=str(entry),
        name=str(of(MF.name) or of(RDFS.label) or ""),
        kind=str(of(RDF.type)).rpartition("#")[2],
        suite=suite,
        text=str(action or ""),
        lax=of(MF.resultCardinality) == MF.LaxCardinality,
    )
    if isinstance(action, URIRef) or action is None:
        return case
    text = graph.value(action, QT.query) or graph.value(action, UT.request)
    return dataclasses.replace(
        case,
        text=str(text),
        data=_files(graph, action),
        answer=str(result) if isinstance(result, URIRef) else "",
        services=tuple(
            (str(graph.value(one, QT.endpoint)), str(graph.value(one, QT.data)))
            for one in graph.objects(action, QT.serviceData)),
        after=Files() if isinstance(result, URIRef) or result is None else _files(graph, result),
    )


def _files(graph: Graph, node: Node) -> Files:
    """Give the files of a dataset as a manifest names them for queries or for updates."""
    plain = [str(one) for term in (QT.data, UT.data) for one in graph.objects(node, term)]
    named = [_named(graph, one) for term in (QT.graphData, UT.graphData) for one in graph.objects(node, term)]
    return Files(tuple(sorted(plain)), tuple(sorted(named)))


def _named(graph: Graph, node: Node) -> tuple[str, str]:
    """Give a named graph's name and its file; a file that is not described otherwise is named by its address."""
    if isinstance(node, URIRef):
        return str(node), str(node)
    file = graph.value(node, UT.graph) or graph.value(node, QT.graph)
    return str(graph.value(node, RDFS.label) or file), str(file)
