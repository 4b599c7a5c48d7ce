"""One interface, two backings: the store on this machine and a SPARQL service of other people's making."""

import json
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

import folders
import service
import small
from carekg import build, errors, folder, query
from carekg.store import Manifest, Question, Store, rows
from carekg.store.embedded import EmbeddedStore
from carekg.store.remote import RemoteStore
from carekg.terms import BASE

OURS = f"{BASE}graph/data/a"
FOR_READERS = {small.term(name) for name in (
    "dcterms:source", "rdfs:isDefinedBy", "skos:definition", "skos:prefLabel", "skos:topConceptOf")}

Opener = Callable[[], Store]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with service.running() as found:
        yield found


@pytest.fixture(scope="module")
def folder_of_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small world without its shapes and what its terms tell their readers: rdflib takes seconds to be told."""
    found = folders.good(tmp_path_factory.mktemp("small") / "world")
    shutil.rmtree(found / "shapes")
    for path in (found / "ontology").glob("*.ttl"):
        kept = [quad.triple for quad in ox.parse(path=path) if quad.predicate not in FOR_READERS]
        ox.serialize(kept, path, ox.RdfFormat.TURTLE)
    return found


@pytest.fixture(scope="module")
def embedded(folder_of_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    with EmbeddedStore(tmp_path_factory.mktemp("embedded") / "store") as store:
        build.build(folder_of_world, store)
        yield store


@pytest.fixture(scope="module")
def remote(folder_of_world: Path) -> Iterator[RemoteStore]:
    with service.running() as found, RemoteStore(found, found, deadline=60) as store:
        build.build(folder_of_world, store)
        yield store


@pytest.fixture(params=["embedded", "remote"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    """Open the same store again and again, to write to and to read from; it is empty at first."""
    if request.param == "embedded":
        return lambda: EmbeddedStore(tmp_path / "store")
    found = request.getfixturevalue("address")
    service.post(found, "update", f"DELETE {{ GRAPH ?g {{ ?s ?p ?o }} ?s ?p ?o }} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} "
                          f"FILTER(STRSTARTS(STR(?g), '{BASE}')) }}")
    return lambda: RemoteStore(found, found)


def manifest(digest: str) -> Manifest:
    return Manifest(digest, f"2026-01-01T00:00:00+00:00 {digest}", 3, {"sites": 1}, {"store": 0.5})


def quads(*names: str, graph: str = OURS) -> bytes:
    """N-Quads of one triple for each name."""
    return "".join(f'<{BASE}id/site/{n}> <{BASE}def#summary> "{n} \\"é\\n"@en <{graph}> .\n' for n in names).encode()


def subjects(store: Store) -> list[str]:
    found = rows(store, f"SELECT ?s WHERE {{ ?s <{BASE}def#summary> ?o }} ORDER BY ?s")
    return [row["s"].rpartition("/")[2] for row in found]


# --- both -----------------------------------------------------------------------------------------------------------

WORLDLY = {
    # what to ask of the small world in the place of the defaults, which are about the shipped one
    "route": "partnerships", "innovation": "innovation:lantern-walks", "factor": "factor:lantern-volunteers",
    "place": "place:saltmere", "document": "source:lantern-report", "group": "group:older-people",
    "funder": "fund:shoreline-fund",
}


THINGS = {
    "care:Barrier": "factor:lantern-rain", "care:Facilitator": "factor:lantern-volunteers",
    "care:Framework": "concept:nesta-standards", "care:Innovation": "innovation:lantern-walks",
    "care:Person": "person:ada-quill", "care:Place": "place:saltmere", "care:Source": "source:lantern-report",
    "care:Organisation": "organisation:lantern-trust", "care:FundingSource": "fund:shoreline-fund",
}
"""A thing of the small world in the place of a default of that class."""


def solutions(asker: query.Asker, name: str) -> list[str]:
    """The sorted rows of a prepared query's answer; rows without any value are left out.

    rdflib gives one such row for a GROUP BY over nothing, where SPARQL 1.1 has none.
    """
    one = asker.queries[name]
    arguments = {p.name: [WORLDLY.get(p.name) or THINGS[p.of]] for p in one.parameters
                 if (p.name in WORLDLY or p.of in THINGS) and not p.optional}
    arguments |= {p.name: [""] for p in one.parameters if p.optional and p.type == "thing"}
    if one.is_graph:
        return lines(asker.ask(one, arguments, "n-triples").read(), ox.RdfFormat.N_TRIPLES)
    found = json.loads(asker.ask(one, arguments).read())["results"]["bindings"]
    plain = [{n: [t["type"], value(t), t.get("xml:lang")] for n, t in row.items()} for row in found]
    return sorted(json.dumps(row, sort_keys=True) for row in plain if row)


def value(term: dict[str, str]) -> str:
    """The value of a term in an answer; Oxigraph writes the decimal 8000.0 as 8000."""
    is_number = term.get("datatype", "").endswith(("#decimal", "#integer"))
    return str(Decimal(term["value"]).normalize()) if is_number else term["value"]


def lines(text: bytes, form: ox.RdfFormat) -> list[str]:
    """The statements of a text, sorted, numbers written as Oxigraph writes them."""
    store = ox.Store()
    store.extend(ox.parse(text, form))
    return sorted(str(quad) for quad in store)


@pytest.fixture(scope="module")
def catalogue(folder_of_world: Path) -> dict[str, query.Query]:
    return query.catalogue(folder.queries(folder_of_world))


@pytest.mark.heavy
@pytest.mark.parametrize("name", folders.QUESTIONS)
def test_both_stores_give_the_same_answer(
    name: str, embedded: EmbeddedStore, remote: RemoteStore, catalogue: dict[str, query.Query]
) -> None:
    assert solutions(query.Asker(catalogue, remote), name) == solutions(query.Asker(catalogue, embedded), name)


def test_most_prepared_queries_find_something_in_the_small_world(
    embedded: EmbeddedStore, catalogue: dict[str, query.Query]
) -> None:
    asker = query.Asker(catalogue, embedded)
    assert sum(bool(solutions(asker, name)) for name in catalogue) > len(catalogue) / 2


@pytest.mark.heavy
@pytest.mark.parametrize("which", ["embedded", "remote"])
def test_the_default_graph_is_the_union_of_the_graphs_each_triple_once(
    which: str, request: pytest.FixtureRequest
) -> None:
    store: Store = request.getfixturevalue(which)
    counted = rows(store, "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")[0]["n"]
    (union,) = rows(store, "SELECT (COUNT(*) AS ?n) WHERE { SELECT DISTINCT ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } "
                           f"FILTER(?g != <{BASE}graph/manifest>) }} }}")
    assert int(counted) == int(union["n"]) > 2000


@pytest.mark.heavy
def test_both_stores_export_the_same_graph(embedded: EmbeddedStore, remote: RemoteStore) -> None:
    here, there = (lines(build.exported(store, "n-quads", True), ox.RdfFormat.N_QUADS) for store in (embedded, remote))
    assert [line for line in there if f"<{BASE}graph/manifest>" not in line] == here


def test_a_triple_that_two_graphs_share_stands_once_in_the_default_graph(opened: Opener) -> None:
    with opened() as store:
        store.replace([quads("x"), quads("x", graph=f"{BASE}graph/data/b")], manifest("d"))
        assert subjects(store) == ["x"]
        assert len(rows(store, f"SELECT ?g WHERE {{ GRAPH ?g {{ ?s <{BASE}def#summary> ?o }} }}")) == 2


def test_a_manifest_comes_back_as_it_was_written(opened: Opener) -> None:
    with opened() as store:
        assert store.manifest() is None
        store.replace([quads("x")], manifest("d'\"<>"))
        assert store.manifest() == manifest("d'\"<>")


def test_the_new_graph_stands_in_the_place_of_the_old_and_the_version_changes(opened: Opener) -> None:
    with opened() as store:
        store.replace([quads("x", "y"), quads("z", graph=f"{BASE}graph/data/b")], manifest("one"))
        before = store.version
        assert subjects(store) == ["x", "y", "z"]
        store.replace([quads("y", "w")], manifest("two"))
        with opened() as fresh:
            assert subjects(fresh) == ["w", "y"]
            assert fresh.version != before


def test_a_store_without_a_graph_says_so_or_is_empty(opened: Opener) -> None:
    with opened() as store:
        try:
            assert rows(store, "SELECT * WHERE { ?s ?p ?o FILTER(STRSTARTS(STR(?s), 'https://w3id')) }") == []
        except errors.StoreError as error:
            assert str(error).endswith("run `carekg build` first.")


def test_a_query_that_does_not_parse_is_told_in_a_sentence(opened: Opener) -> None:
    with opened() as store:
        store.replace([quads("x")], manifest("d"))
        with pytest.raises(errors.BadQuery, match=r"^The query does not parse.*\.$"):
            store.answer(Question("SELECT * WHERE { ?s ?p "))


FORMS = [("SELECT ?s WHERE { ?s ?p ?o }", form, "solutions") for form in ("json", "xml", "csv")] + [
    ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", form, "graph")
    for form in ("turtle", "n-triples", "rdf-xml", "json-ld")] + [("ASK { ?s ?p ?o }", "json", "boolean")]


@pytest.mark.parametrize(("text", "form", "kind"), FORMS)
def test_an_answer_comes_in_the_format_asked_for(opened: Opener, text: str, form: str, kind: str) -> None:
    with opened() as store:
        store.replace([quads("x")], manifest("d"))
        answer = store.answer(Question(text, form))
        assert (answer.kind, answer.form) == (kind, form)
        body = answer.read()
        assert len(body) == answer.size > 0
        assert b"true" in body if kind == "boolean" else b"id/site/x" in body or b"site/x" in body


def test_nothing_outside_is_opened(opened: Opener) -> None:
    with opened() as store:
        store.replace([quads("x")], manifest("d"))
        with pytest.raises(errors.Refused, match="SERVICE is refused"):
            store.answer(Question("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"))
