"""The W3C suite of SHACL Core and SHACL-SPARQL, run on `carekg validate` as anybody runs it."""

import csv
import dataclasses
import pathlib
from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox
from rdflib import Graph, Namespace
from rdflib.namespace import RDF, SH
from rdflib.term import BNode, Node, URIRef

from carekg.validation import as_graph
from commands import run

LIST: Final = pathlib.Path(__file__).with_name("known-failures-shacl.csv")
MF: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT: Final = Namespace("http://www.w3.org/ns/shacl-test#")

COMPARED: Final = (SH.focusNode, SH.resultPath, SH.resultSeverity, SH.sourceConstraintComponent, SH.sourceShape,
                   SH.value)
"""What a result has to have as the suite says; messages only where it says one."""


@dataclasses.dataclass(frozen=True)
class Case:
    """A test: its name, its files, and the report that it expects, None where validation has to fail."""

    key: str
    data: pathlib.Path
    shapes: pathlib.Path
    expected: Graph
    report: Node | None


def cases(folder: pathlib.Path) -> list[Case]:
    """Give the tests of the suite."""
    files = (path for path in sorted(folder.rglob("*.ttl")) if path.name != "manifest.ttl")
    return [case for path in files for case in _cases(path, folder)]


def _cases(path: pathlib.Path, folder: pathlib.Path) -> Iterator[Case]:
    graph = _read(path)
    for test in graph.subjects(RDF.type, SHT.Validate):
        action, result = graph.value(test, MF.action), graph.value(test, MF.result)
        data, shapes = (pathlib.Path(str(graph.value(action, name)).removeprefix("file://"))
                        for name in (SHT.dataGraph, SHT.shapesGraph))
        key = path.relative_to(folder).with_suffix("").as_posix()
        yield Case(key, data, shapes, graph, None if result == SHT.Failure else result)


def outcome(case: Case) -> str:
    """Run a test; give nothing where it passes, else what is wrong."""
    found = run("validate", "--data", str(case.data), "--shapes", str(case.shapes), "--report", "turtle")
    if case.report is None:
        return "" if found.exit_code == 2 else f"it ends with {found.exit_code} and has to fail"
    if found.exit_code not in (0, 3):
        return f"it fails: {found.stderr}"
    report = Graph().parse(data=found.stdout, format="turtle")
    (head,) = report.subjects(RDF.type, SH.ValidationReport)
    wanted, given = (_reduced(graph, node, case.expected, case.report)
                     for graph, node in ((case.expected, case.report), (report, head)))
    return "" if wanted == given else f"expected {wanted - given}, found {given - wanted}"


def _read(path: pathlib.Path) -> Graph:
    """Read a file without making other literals of its literals."""
    return as_graph(quad.triple for quad in ox.parse(path.read_bytes(), ox.RdfFormat.TURTLE, base_iri=path.as_uri()))


def _reduced(graph: Graph, report: Node, expected: Graph, said: Node) -> set[ox.Quad]:
    """Give what is compared of a report, in canonical form."""
    told = set(COMPARED)
    if any(expected.value(result, SH.resultMessage) for result in expected.objects(said, SH.result)):
        told.add(SH.resultMessage)
    kept = Graph()
    conforms = graph.value(report, SH.conforms)
    assert conforms is not None
    kept.add((BNode("report"), SH.conforms, conforms))
    for result in graph.objects(report, SH.result):
        kept.add((BNode("report"), SH.result, result))
        for predicate, value in graph.predicate_objects(result):
            if predicate in told:
                kept.add((result, predicate, value))
                if predicate == SH.resultPath:
                    _nested(graph, value, kept)
    text = kept.serialize(format="nt")
    dataset = ox.Dataset(ox.parse(text, ox.RdfFormat.N_TRIPLES))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def _nested(graph: Graph, node: Node, kept: Graph) -> None:
    """Keep what is said of a path."""
    if isinstance(node, URIRef):
        return
    for triple in graph.triples((node, None, None)):
        kept.add(triple)
        _nested(graph, triple[2], kept)


def listed() -> dict[str, str]:
    """Give what is known to fail, and why."""
    with LIST.open(encoding="utf-8", newline="") as file:
        return {row["test"]: row["reason"] for row in csv.DictReader(file)}
