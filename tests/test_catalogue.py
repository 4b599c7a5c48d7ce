"""The data catalogue: every file once, with title, sources, terms, counts and checksum; what people say wins."""

import dataclasses
import hashlib
import json
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from flask.testing import FlaskClient
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, SDO, VOID, XSD

from carekg import build, catalogue, errors, folder, query, web
from carekg.settings import load
from carekg.store.embedded import EmbeddedStore
from carekg.terms import BASE, SPDX
from pages import page
from small import prefixed

HOME = rdflib.URIRef(catalogue.CATALOGUE)
CC_BY = rdflib.URIRef("https://creativecommons.org/licenses/by/4.0/")
OPEN_GOVERNMENT = rdflib.URIRef("https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/")
TABLES = ("mysociety-local-authorities", "geo-lookups", "geographr")
"""The sources from which places are copied, not merely cited."""

WORLD = """
:v a owl:Ontology ; dcterms:title "Words for lanterns"@en ; vann:preferredNamespaceUri "https://example.org/" .
"""
DATA = """# Lanterns of Saltmere: who carried them.
@prefix care: <https://w3id.org/carekg/def#> .
@prefix source: <https://w3id.org/carekg/id/source/> .
@prefix passage: <https://w3id.org/carekg/id/passage/> .
@prefix dcterms: <http://purl.org/dc/terms/> .

passage:one care:isFrom source:paper .
passage:two care:isFrom source:paper , source:map .
passage:three dcterms:source source:register , <https://example.com/not-a-source> .
source:paper a care:Source .
source:map a care:Source .
source:register a care:Source .
"""


def graph_of(path: Path) -> rdflib.Graph:
    """The catalogue of a folder, read by rdflib."""
    made = ox.serialize(catalogue.triples(folder.load(path)), format=ox.RdfFormat.N_TRIPLES)
    return rdflib.Graph().parse(data=made, format="nt")


@pytest.fixture
def stranger(tmp_path: Path) -> Path:
    """A folder of somebody who has heard of nothing: one vocabulary, one file of data, one that is no Turtle."""
    for name, text in {"ontology/words.ttl": prefixed(WORLD), "data/lanterns/saltmere.ttl": DATA,
                       "data/more.nt": "<https://example.com/a> <https://example.com/b> \"c\" .\n"}.items():
        (tmp_path / "mine" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "mine" / name).write_text(text, encoding="utf-8")
    return tmp_path / "mine"


@pytest.fixture(scope="module")
def given(shipped: Path) -> rdflib.Graph:
    return graph_of(shipped)


def iri(name: str) -> rdflib.URIRef:
    return rdflib.URIRef(f"{BASE}graph/{name}")


def say(place: Path, turtle: str) -> rdflib.Graph:
    """The catalogue of a folder in which somebody has said something."""
    (place / "data" / "said.ttl").write_text(prefixed(turtle), encoding="utf-8")
    return graph_of(place)


# --- what is computed -----------------------------------------------------------------------------------------------


def test_every_file_is_one_dataset_with_one_file(given: rdflib.Graph, shipped: Path) -> None:
    paths = [path for part in ("ontology", "shapes", "data") for path in (shipped / part).rglob("*.ttl")]
    described = {path: iri(path.relative_to(shipped).with_suffix("").as_posix()) for path in paths}
    assert len(paths) > 50
    assert set(given.subjects(RDF.type, DCAT.Dataset)) == set(described.values())
    assert set(given.objects(HOME, DCAT.dataset)) == set(described.values())
    for path, dataset in described.items():
        [file] = given.objects(dataset, DCAT.distribution)
        assert str(given.value(file, DCTERMS.title)) == path.relative_to(shipped).as_posix()
        assert len(list(given.objects(dataset, DCTERMS.title))) == 1


def test_size_and_checksum_are_those_of_the_file(given: rdflib.Graph, shipped: Path) -> None:
    files = list(given.subjects(RDF.type, DCAT.Distribution))
    assert len(files) > 50
    for file in files:
        text = (shipped / str(given.value(file, DCTERMS.title))).read_bytes()
        assert given.value(file, DCAT.byteSize).toPython() == len(text)
        checksum = given.value(file, SPDX.checksum)
        assert given.value(checksum, SPDX.algorithm) == SPDX.checksumAlgorithm_sha256
        assert str(given.value(checksum, SPDX.checksumValue)) == hashlib.sha256(text).hexdigest()


def test_counts_are_those_of_the_parsed_file(given: rdflib.Graph, shipped: Path) -> None:
    for name in ("ontology/care", "shapes/things", "data/disagreements"):
        parsed = rdflib.Graph().parse(shipped / f"{name}.ttl")
        assert given.value(iri(name), VOID.triples).toPython() == len(parsed)
        assert given.value(iri(name), VOID.distinctSubjects).toPython() == len(set(parsed.subjects()))


def test_a_title_is_the_comment_that_a_file_begins_with(stranger: Path) -> None:
    made = graph_of(stranger)
    assert str(made.value(iri("data/lanterns/saltmere"), DCTERMS.title)) == "Lanterns of Saltmere: who carried them."
    assert str(made.value(iri("data/more"), DCTERMS.title)) == "data/more.nt"


def test_sources_are_those_of_passages_and_of_things_and_nothing_else(stranger: Path) -> None:
    made = graph_of(stranger)
    found = {str(source).rpartition("/")[2] for source in made.objects(iri("data/lanterns/saltmere"), DCTERMS.source)}
    assert found == {"paper", "map", "register"}
    assert list(made.objects(iri("data/more"), DCTERMS.source)) == []


def test_the_media_type_is_that_of_the_ending(stranger: Path) -> None:
    made = graph_of(stranger)
    media = {str(made.value(file, DCTERMS.title)): str(made.value(file, DCAT.mediaType)).partition("types/")[2]
             for file in made.subjects(RDF.type, DCAT.Distribution)}
    assert media["data/more.nt"] == "application/n-triples"
    assert media["data/lanterns/saltmere.ttl"] == "text/turtle"


# --- what people say ------------------------------------------------------------------------------------------------


def test_no_shipped_file_lacks_licence_or_credit(given: rdflib.Graph) -> None:
    for dataset in given.subjects(RDF.type, DCAT.Dataset):
        assert CC_BY in set(given.objects(dataset, DCTERMS.license)), dataset
        assert list(given.objects(dataset, SDO.creditText)), dataset
        assert list(given.objects(dataset, DCTERMS.rights)) == []


def test_what_is_copied_from_tables_of_others_names_them(given: rdflib.Graph) -> None:
    tables = {rdflib.URIRef(f"{BASE}id/source/{name}") for name in TABLES}
    copied = {dataset for dataset in given.subjects(RDF.type, DCAT.Dataset)
              if "/graph/data/places" in dataset and tables & set(given.objects(dataset, DCTERMS.source))}
    assert copied
    for dataset in copied:
        credit = " ".join(map(str, given.objects(dataset, SDO.creditText)))
        for name in ("mySociety", "Office for National Statistics", "geo-lookups", "geographr"):
            assert name in credit
        assert OPEN_GOVERNMENT in set(given.objects(dataset, DCTERMS.license))


def test_the_shipped_catalogue_has_what_dcat_asks_of_a_catalogue(given: rdflib.Graph) -> None:
    assert (HOME, RDF.type, DCAT.Catalog) in given
    for predicate in (DCTERMS.title, DCTERMS.description, DCTERMS.license, DCTERMS.issued, DCTERMS.modified):
        assert len(list(given.objects(HOME, predicate))) == 1, predicate
    assert str(given.value(given.value(HOME, DCTERMS.publisher), FOAF.name))
    released = given.value(HOME, DCTERMS.modified)
    assert set(given.objects(None, DCTERMS.issued)) == {released, given.value(HOME, DCTERMS.issued)}


def test_a_stranger_has_a_catalogue_that_claims_no_licence(stranger: Path) -> None:
    made = graph_of(stranger)
    assert str(made.value(HOME, DCTERMS.title)) == "Words for lanterns"
    assert len(list(made.objects(HOME, DCAT.dataset))) == 3
    assert list(made.objects(None, DCTERMS.license)) == []
    for dataset in made.objects(HOME, DCAT.dataset):
        assert list(made.objects(dataset, DCTERMS.rights)) == [rdflib.URIRef(catalogue.NOT_EVALUATED.value)]


def test_the_nearest_word_on_a_licence_wins(stranger: Path) -> None:
    made = say(stranger, f"""<{catalogue.CATALOGUE}> dcterms:license <https://example.com/all> .
        <{BASE}graph/data/lanterns> dcterms:license <https://example.com/folder> .""")
    assert str(made.value(iri("data/lanterns/saltmere"), DCTERMS.license)) == "https://example.com/folder"
    assert str(made.value(iri("data/more"), DCTERMS.license)) == "https://example.com/all"
    made = say(stranger, f"""<{BASE}graph/data/lanterns> dcterms:license <https://example.com/folder> .
        <{BASE}graph/data/lanterns/saltmere> dcterms:license <https://example.com/a> , <https://example.com/b> ;
            dcterms:title "Lights" .""")
    said = iri("data/lanterns/saltmere")
    assert {str(one) for one in made.objects(said, DCTERMS.license)} == {"https://example.com/a", "https://example.com/b"}
    assert [str(one) for one in made.objects(said, DCTERMS.title)] == ["Lights"]
    assert list(made.objects(said, DCTERMS.rights)) == []


def test_nobody_can_say_what_is_measured(stranger: Path) -> None:
    before = list(graph_of(stranger).objects(iri("data/more"), VOID.triples))
    made = say(stranger, f"<{BASE}graph/data/more> void:triples 999 ; dcat:distribution <https://example.com/d> .")
    assert list(made.objects(iri("data/more"), VOID.triples)) == before
    assert list(made.objects(iri("data/more"), DCAT.distribution)) == [iri("data/more#file")]


def test_a_publisher_without_an_address_keeps_its_name(stranger: Path) -> None:
    made = say(stranger, f"""<{catalogue.CATALOGUE}> dcterms:publisher
        [ foaf:name "Wick" ; foaf:knows [ foaf:name "Wax" ] ] .""")
    publisher = made.value(HOME, DCTERMS.publisher)
    assert str(made.value(publisher, FOAF.name)) == "Wick"
    assert str(made.value(made.value(publisher, FOAF.knows), FOAF.name)) == "Wax"


def test_a_word_on_a_file_that_is_not_there_is_refused(stranger: Path) -> None:
    with pytest.raises(errors.UnknownTerms, match=r"data/said\.ttl:\d+: .*graph/data/lantern> is no file or folder"):
        say(stranger, f"<{BASE}graph/data/lantern> dcterms:license <https://example.com/a> .")


# --- in the store and on the page -----------------------------------------------------------------------------------


def test_the_same_folder_elsewhere_gives_the_same_bytes(stranger: Path, tmp_path: Path) -> None:
    twin = shutil.copytree(stranger, tmp_path / "twin")
    one, other = (folder.canonical(catalogue.triples(folder.load(at)), catalogue.GRAPH) for at in (stranger, twin))
    assert one == other
    (twin / "data" / "more.nt").write_text("", encoding="utf-8")
    assert folder.canonical(catalogue.triples(folder.load(twin)), catalogue.GRAPH) != one


@pytest.mark.heavy
def test_a_build_keeps_the_catalogue_and_exports_it(world: Path, tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "store") as store:
        build.build(world, store)
        assert build.is_current(world, store)
        lines = build.exported(store, "n-quads", inferred=False).splitlines(keepends=True)
    kept = [line for line in lines if line.endswith(f"<{catalogue.GRAPH}> .\n".encode())]
    made = b"".join(folder.canonical(catalogue.triples(folder.load(world)), catalogue.GRAPH))
    made = made.replace(b"#nonNegativeInteger>", b"#integer>")  # Oxigraph keeps one type of whole numbers
    assert kept == sorted(made.splitlines(keepends=True))
    assert len(kept) > 100


def test_the_catalogue_is_a_page_that_names_every_file(client: FlaskClient, shipped: Path) -> None:
    found = page(client, "/catalogue")
    for path in (shipped / "data").rglob("*.ttl"):
        assert path.relative_to(shipped).as_posix() in found.text
    assert hashlib.sha256((shipped / "ontology" / "care.ttl").read_bytes()).hexdigest() in found.text
    assert "mySociety" in found.text
    assert "/graph/ontology/care" in found.links


def test_the_catalogue_is_rdf_to_who_asks_for_it(client: FlaskClient) -> None:
    turtle = client.get("/catalogue", headers={"Accept": "text/turtle"})
    assert turtle.mimetype == "text/turtle"
    made = rdflib.Graph().parse(data=turtle.data, format="turtle")
    assert len(list(made.objects(HOME, DCAT.dataset))) > 50
    assert client.get("/catalogue", headers={"Accept": "application/ld+json"}).mimetype == "application/ld+json"
    stored = rdflib.Graph().parse(data=client.get("/graph/catalogue.ttl").data, format="turtle")
    assert {one for one in stored if one[1] != DCAT.byteSize} <= set(made)


def test_the_catalogue_offers_the_whole_and_the_services_that_answer_from_it(client: FlaskClient) -> None:
    made = rdflib.Graph().parse(data=client.get("/catalogue.ttl").data, format="turtle")
    [service] = made.objects(HOME, DCAT.service)
    endpoint = made.value(service, DCAT.endpointURL)
    assert client.get(str(endpoint), query_string={"query": "ASK {}"}).status_code == 200
    [whole] = made.objects(service, DCAT.servesDataset)
    assert (HOME, DCAT.dataset, whole) in made
    dumps = {str(made.value(one, DCAT.downloadURL)) for one in made.objects(whole, DCAT.distribution)}
    assert len(dumps) == 4
    for one in dumps:
        with client.head(one) as answer:
            assert answer.status_code == 200
    for dataset in made.objects(HOME, DCAT.dataset):
        for predicate in (DCTERMS.title, DCTERMS.description):
            assert list(made.objects(dataset, predicate)), (dataset, predicate)


@pytest.mark.heavy
def test_a_harvester_gets_the_bytes_that_the_checksum_is_of(client: FlaskClient) -> None:
    made = rdflib.Graph().parse(data=client.get("/catalogue.ttl").data, format="turtle")
    files = [(one, checksum) for one, checksum in made.subject_objects(SPDX.checksum)]
    assert len(files) > 50
    for one, checksum in files:
        answer = client.get(str(made.value(one, DCAT.downloadURL)).replace(BASE, "/"))
        assert (answer.status_code, answer.mimetype) == (200, "text/turtle")
        assert hashlib.sha256(answer.data).hexdigest() == str(made.value(checksum, SPDX.checksumValue))
        assert made.value(one, DCAT.byteSize) == rdflib.Literal(str(len(answer.data)), datatype=XSD.nonNegativeInteger)


@pytest.mark.parametrize("path", [
    "../README.md", "data/../README.md", "%2e%2e/README.md", "%252e%252e/README.md", "/etc/passwd", "README.md",
    "queries/innovations.rq", "data", "data/no-such.ttl", "data/catalogue.ttl%00"])
def test_no_file_is_given_but_those_of_the_catalogue(path: str, client: FlaskClient) -> None:
    answer = client.get(f"/files/{path}", follow_redirects=True)
    assert answer.status_code == 404
    assert answer.text.endswith((".\n", "?\n"))


@pytest.mark.heavy
def test_a_file_that_is_not_as_it_was_built_is_not_given(world: Path, tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "store") as store:
        build.build(world, store)
        here = web.create_app(query.Asker({}, store), dataclasses.replace(load(), folder=world)).test_client()
        [path, *_] = sorted(one.relative_to(world).as_posix() for one in (world / "data").rglob("*.ttl"))
        assert here.get(f"/files/{path}").data == (world / path).read_bytes()
        with (world / path).open("a", encoding="utf-8") as file:
            file.write("# more\n")
        assert here.get(f"/files/{path}").status_code == 404
        (world / path).unlink()
        assert here.get(f"/files/{path}").status_code == 404


def test_what_a_crawler_reads_of_a_file_has_a_description_and_a_licence(client: FlaskClient) -> None:
    [block] = page(client, "/graph/data/catalogue").blocks
    said = json.loads(block)
    assert said["@type"] == "Dataset"
    assert "data/catalogue.ttl" in said["description"]
    assert said["license"] == str(CC_BY)
    [block] = page(client, "/catalogue").blocks
    parts = json.loads(block)["hasPart"]
    assert len(parts) > 50
    assert all(part["description"] and part["license"] for part in parts)


def test_every_page_leads_to_the_catalogue(client: FlaskClient) -> None:
    assert "/catalogue" in page(client, "/").links
