"""The feeds: of each thing that a change touches a version, in pages that never change once they are full."""

import pathlib
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from flask.testing import FlaskClient
from rdflib.namespace import DCTERMS, PROV, RDF, RDFS

import folders
from carekg import query, update, web
from carekg.past import copies
from carekg.store import About, Effect, Manifest, Store, Update
from carekg.store.embedded import EmbeddedStore
from carekg.terms import BASE, DATA, expand
from carekg.web.described import void
from carekg.web.feeds import atom, feed, kept
from carekg.web.feeds.changes import PAGE, NoChanges, Version
from plain import Plain
from test_web_stewards import WALKS, Desk

ATOM = f"{{{atom.NAMESPACE}}}"
BUILT = datetime(2026, 1, 1, tzinfo=UTC)
SHAPES = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ldes: <https://w3id.org/ldes#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix tree: <https://w3id.org/tree#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
[] a sh:NodeShape ; sh:targetClass ldes:EventStream ;
  sh:property [ sh:path ldes:timestampPath ; sh:hasValue dcterms:modified ; sh:maxCount 1 ] ;
  sh:property [ sh:path ldes:versionOfPath ; sh:hasValue dcterms:isVersionOf ; sh:maxCount 1 ] ;
  sh:property [ sh:path tree:view ; sh:minCount 1 ; sh:class tree:Node ] ;
  sh:property [ sh:path tree:member ; sh:nodeKind sh:IRI ; sh:node [
    sh:property [ sh:path dcterms:modified ; sh:datatype xsd:dateTime ; sh:minCount 1 ; sh:maxCount 1 ] ;
    sh:property [ sh:path dcterms:isVersionOf ; sh:nodeKind sh:IRI ; sh:minCount 1 ; sh:maxCount 1 ] ] ] .
[] a sh:NodeShape ; sh:targetObjectsOf tree:relation ;
  sh:property [ sh:path tree:node ; sh:nodeKind sh:IRI ; sh:minCount 1 ; sh:maxCount 1 ] ;
  sh:property [ sh:path tree:path ; sh:minCount 1 ] ;
  sh:property [ sh:path tree:value ; sh:datatype xsd:dateTime ; sh:minCount 1 ] .
"""
"""What LDES and TREE ask of a stream, of its members and of what leads to its pages."""


class Some:
    """So many changes, one a minute; each third thing is removed, and one title is more than XML can say."""

    def __init__(self, number: int) -> None:
        self.number = number

    def count(self) -> int:
        return self.number

    def at(self, place: int) -> datetime:
        return BUILT + timedelta(minutes=place)

    def place(self, number: int, within: int) -> int | None:
        return None

    def versions(self, start: int, end: int) -> Sequence[Version]:
        return [self._version(n) for n in range(start, min(end, self.number))]

    def _version(self, n: int) -> Version:
        me = f"{BASE}version/{n}"
        said = ox.Triple(ox.NamedNode(me), ox.NamedNode(str(DCTERMS.description)), ox.Literal(f"what {n} says"))
        title = "hostile \x00 <b>&\ud83d" if n == 1 else f"change {n}"
        return Version(me, f"{BASE}id/innovation/i{n}", BUILT + timedelta(minutes=n), title.encode(
            "utf-8", "replace").decode(), (said,), gone=n % 3 == 0)


@pytest.fixture
def changed(asker: query.Asker, request: pytest.FixtureRequest) -> FlaskClient:
    """A client of an application with as many changes as the test says."""
    app = web.create_app(asker)
    app.extensions[feed.KEY] = Some(request.param)
    return app.test_client()


def stream(client: FlaskClient, address: str = "/feed") -> rdflib.Graph:
    """A page of the stream, which has to be as LDES asks."""
    answer = client.get(address, headers={"Accept": "text/turtle"})
    assert answer.status_code == 200
    found = rdflib.Graph().parse(data=answer.data, format="turtle")
    shapes = rdflib.Graph().parse(data=SHAPES, format="turtle")
    conforms, _, text = pyshacl.validate(found, shacl_graph=shapes)
    assert conforms, text
    assert (rdflib.URIRef(feed.STREAM), RDF.type, feed.LDES.EventStream) in found
    page = rdflib.URIRef(f"http://localhost{address}")
    assert (rdflib.URIRef(feed.STREAM), feed.TREE.view, page) in found
    return found


def entries(client: FlaskClient) -> tuple[ElementTree.Element, list[ElementTree.Element]]:
    """The Atom feed and its entries, with all that RFC 4287 requires of each (4.1.1, 4.1.2)."""
    answer = client.get("/feed.atom")
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml")
    found = ElementTree.fromstring(answer.data)
    assert found.tag == f"{ATOM}feed"
    inside = found.findall(f"{ATOM}entry")
    for element in (found, *inside):
        for name in ("id", "title", "updated"):
            (one,) = element.findall(f"{ATOM}{name}")
            assert one.text
        assert re.match(r"https?://", element.findtext(f"{ATOM}id") or "")
        assert datetime.fromisoformat(element.findtext(f"{ATOM}updated") or "").tzinfo
        assert "alternate" in {link.get("rel") for link in element.findall(f"{ATOM}link")}
    assert found.findtext(f"{ATOM}author/{ATOM}name")
    assert "http://localhost/feed.atom" in {
        link.get("href") for link in found.findall(f"{ATOM}link") if link.get("rel") == "self"}
    return found, inside


# --- what is shipped --------------------------------------------------------------------------------------------


def test_a_build_of_more_things_than_one_follows_is_a_version_of_the_whole_graph(client: FlaskClient) -> None:
    found = stream(client)
    (page,) = found.objects(None, feed.TREE.relation)
    assert str(found.value(page, feed.TREE.node)) == "http://localhost/feed/0"
    page = stream(client, "/feed/0")
    (member,) = page.objects(None, feed.TREE.member)
    assert str(page.value(member, DCTERMS.isVersionOf)) == void.DATASET
    assert re.match(r"[\d,]+ things: change 1 by .*; the dumps have them", str(page.value(member, feed.SUMMARY)))
    assert str(page.value(member, RDFS.seeAlso)) == f"{BASE}dumps"
    assert client.get("/feed/1").status_code == 404


def test_a_stream_without_a_history_is_valid_and_says_that_it_is_empty(asker: query.Asker) -> None:
    app = web.create_app(asker)
    app.extensions[feed.KEY] = NoChanges()
    found = stream(app.test_client())
    assert list(found.objects(None, feed.TREE.relation)) == []
    assert str(found.value(rdflib.URIRef(feed.STREAM), DCTERMS.description)) == atom.EMPTY
    assert list(stream(app.test_client(), "/feed/0").objects(None, feed.TREE.member)) == []
    document, inside = entries(app.test_client())
    assert (inside, document.findtext(f"{ATOM}subtitle")) == ([], atom.EMPTY)


def test_a_plain_server_claims_no_iri_of_the_project_for_its_feeds(bare: Plain) -> None:
    assert BASE not in bare.client.get("/feed").text
    assert "<http://localhost/feed#stream>" in bare.client.get("/feed").text
    assert "<id>http://localhost/feed</id>" in bare.client.get("/feed.atom").text


def test_the_atom_feed_is_updated_when_the_graph_was(client: FlaskClient, shipped_store: Store) -> None:
    found, inside = entries(client)
    manifest = shipped_store.manifest()
    assert manifest
    assert len(inside) == 1
    updated = datetime.fromisoformat(found.findtext(f"{ATOM}updated") or "")
    assert abs(updated - datetime.fromisoformat(manifest.built)) < timedelta(minutes=5)
    assert found.findtext(f"{ATOM}id") == f"{BASE}feed", "the same on every server"
    assert "innovations in health and social care" in (found.findtext(f"{ATOM}title") or "")


@pytest.mark.parametrize("address", ["/feed", "/feed/0", "/feed.atom"])
def test_a_feed_is_not_sent_again_to_whoever_has_it(address: str, client: FlaskClient) -> None:
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    head = client.head(address)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", first.headers["ETag"])


def test_the_stream_comes_in_the_format_that_is_wanted(client: FlaskClient) -> None:
    for media in ("application/n-triples", "application/rdf+xml", "application/ld+json"):
        assert client.get("/feed", headers={"Accept": media}).mimetype == media
    assert client.get("/feed", headers={"Accept": "image/png"}).status_code == 406


# --- in pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize("changed", [PAGE * 2 + 5], indirect=True)
def test_the_view_leads_to_pages_that_have_every_change_once(changed: FlaskClient) -> None:
    view = stream(changed)
    pages = {str(view.value(one, feed.TREE.node)): view.value(one, feed.TREE.value)
             for one in view.objects(None, feed.TREE.relation)}
    assert set(pages) == {f"http://localhost/feed/{n}" for n in range(3)}
    members: list[str] = []
    for address, start in pages.items():
        page = stream(changed, address.removeprefix("http://localhost"))
        found = list(page.objects(rdflib.URIRef(feed.STREAM), feed.TREE.member))
        assert min(page.objects(None, DCTERMS.modified)) == start
        assert {page.value(one, DCTERMS.description) for one in found} != {None}
        members += map(str, found)
    assert sorted(members) == sorted(f"{BASE}version/{n}" for n in range(PAGE * 2 + 5))


@pytest.mark.parametrize("changed", [PAGE * 2 + 5], indirect=True)
def test_only_a_full_page_may_be_kept_for_good(changed: FlaskClient) -> None:
    assert "immutable" in changed.get("/feed/1").headers["Cache-Control"]
    for address in ("/feed", "/feed/2"):
        assert "immutable" not in changed.get(address).headers["Cache-Control"]
    assert changed.get("/feed/3").status_code == 404


@pytest.mark.parametrize("changed", [4], indirect=True)
def test_what_was_removed_is_marked(changed: FlaskClient) -> None:
    page = stream(changed, "/feed/0")
    removed = {str(one) for one in page.subjects(RDF.type, rdflib.URIRef(feed.DELETED))}
    assert removed == {f"{BASE}version/0", f"{BASE}version/3"}


@pytest.mark.parametrize("changed", [PAGE + 5], indirect=True)
def test_the_atom_feed_has_the_latest_changes_newest_first(changed: FlaskClient) -> None:
    found, inside = entries(changed)
    assert [one.findtext(f"{ATOM}id") for one in inside] == [
        f"{BASE}version/{n}" for n in range(PAGE + 4, 4, -1)]
    assert inside[0].findtext(f"{ATOM}summary") == f"Changed: {BASE}id/innovation/i{PAGE + 4}"
    assert "href" in inside[0].find(f"{ATOM}link").attrib  # type: ignore[union-attr]
    assert found.findtext(f"{ATOM}updated") is not None
    assert found.find(f"{ATOM}subtitle") is None


@pytest.mark.parametrize("changed", [2], indirect=True)
def test_a_title_that_xml_cannot_say_is_said_as_far_as_it_can(changed: FlaskClient) -> None:
    _, inside = entries(changed)
    assert inside[0].findtext(f"{ATOM}title") == "hostile \N{REPLACEMENT CHARACTER} <b>&?"


# --- of a history ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def place(good_store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """Where the store of a small world lies of which this module's tests change some things."""
    return folders.own_store(good_store, tmp_path_factory.mktemp("feed") / "store")


@pytest.fixture
def desk(place: pathlib.Path) -> Iterator[Desk]:
    with EmbeddedStore(place) as store:
        yield Desk(store)


def last(client: FlaskClient) -> tuple[rdflib.Graph, rdflib.term.Node]:
    """The page with the last member of the stream, and that member."""
    view = stream(client)
    pages = len(list(view.objects(None, feed.TREE.relation)))
    page = rdflib.Graph().parse(data=client.get(f"/feed/{pages - 1}", headers={"Accept": "text/turtle"}).data)
    members = {str(one): (page.value(one, DCTERMS.modified), str(one))
               for one in page.objects(rdflib.URIRef(feed.STREAM), feed.TREE.member)}
    return page, rdflib.URIRef(max(members, key=lambda one: members[one]))


def test_a_change_adds_a_version_of_each_thing_with_all_that_is_said_of_it(desk: Desk) -> None:
    text = f"INSERT DATA {{ {WALKS} rdfs:comment 'By night.'@en }}"
    assert desk.update(text, Carekg_Reason="Seen").status_code == 204
    page, member = last(desk.client)
    assert str(page.value(member, DCTERMS.isVersionOf)) == expand(WALKS)
    assert (member, RDFS.comment, rdflib.Literal("By night.", lang="en")) in page
    assert (member, RDFS.label, rdflib.Literal("Lantern Walks", lang="en")) in page
    assert re.match(r"Lantern Walks: change 2 by CAREKG_TOKEN on .*: Seen$", str(page.value(member, feed.SUMMARY)))
    assert str(page.value(member, PROV.wasGeneratedBy)) == f"{BASE}change/{desk.store.history.entry(2).name}"
    assert entries(desk.client)[1][0].findtext(f"{ATOM}id") == str(member)


@pytest.mark.heavy
def test_a_full_page_stays_as_it_is(desk: Desk) -> None:
    many = " ".join(f"source:s{number} a care:Source ; rdfs:label 'S {number}'@en ." for number in range(PAGE))
    assert desk.update(f"INSERT DATA {{ {many} }}").status_code == 204
    before = desk.client.get("/feed/0")
    assert "immutable" in before.headers["Cache-Control"]
    assert len(list(stream(desk.client, "/feed/0").objects(None, feed.TREE.member))) == PAGE
    assert desk.update("DELETE DATA { source:s1 rdfs:label 'S 1'@en } ; "
                       "INSERT DATA { source:s1 rdfs:label 'S one'@en }").status_code == 204
    assert desk.client.get("/feed/0").data == before.data
    page, member = last(desk.client)
    assert list(page.objects(member, RDFS.label)) == [rdflib.Literal("S one", lang="en")]


@pytest.mark.heavy
def test_what_is_removed_has_a_last_version_that_says_so(desk: Desk) -> None:
    desk.update("INSERT DATA { source:fresh a care:Source ; rdfs:label 'Fresh'@en . }")
    desk.update("DELETE WHERE { source:fresh ?p ?o }")
    page, member = last(desk.client)
    assert (member, RDF.type, rdflib.URIRef(feed.DELETED)) in page
    assert page.value(member, RDFS.label) is None
    assert str(page.value(member, feed.SUMMARY)).startswith("Fresh: change ")
    assert entries(desk.client)[1][0].findtext(f"{ATOM}summary") == f"Removed: {expand('source:fresh')}"


def test_an_address_of_a_version_leads_to_the_page_that_has_it(desk: Desk) -> None:
    _, member = last(desk.client)
    answer = desk.client.get(str(member).removeprefix(BASE))
    assert answer.status_code == 303
    assert str(member) in desk.client.get(answer.headers["Location"]).text
    for other in (str(member)[:-1] + "77", str(member).replace("/version/", "/version/x")):
        assert desk.client.get(other.removeprefix(BASE)).status_code == 404


def test_the_stream_is_the_same_after_a_restart(place: pathlib.Path) -> None:
    said = []
    for _ in range(2):
        with EmbeddedStore(place) as store:
            client = Desk(store).client
            said.append([client.get(address).data for address in ("/feed", "/feed/0", "/feed/1", "/feed.atom")])
    assert said[0] == said[1]


def test_a_change_of_very_many_things_is_one_version_and_the_next_ones_follow_it(tmp_path: pathlib.Path) -> None:
    things = [ox.NamedNode(f"{BASE}id/innovation/i{n}") for n in range(kept.MANY + 1)]
    said = [ox.Quad(one, ox.NamedNode(str(RDFS.label)), ox.Literal("x"), ox.NamedNode(f"{DATA}a")) for one in things]
    with EmbeddedStore(tmp_path) as store:
        changes = kept.Kept(store)
        assert (changes.count(), changes.versions(0, 10)) == (0, ())
        for quads in (said[:2], said, said[5:8]):
            effect = Effect(set(quads))
            store.history.append(store.history.next(About("Ann"), effect), effect, effect)
        assert changes.count() == 2 + 1 + 3
        found = changes.versions(0, 100)
        assert [one.of for one in found] == [*(one.value for one in things[:2]), void.DATASET,
                                             *(one.value for one in things[5:8])]
        assert changes.versions(1, 4) == found[1:4]
        assert [changes.at(place) for place in range(6)] == [one.at for one in found]
        assert len({one.iri for one in found}) == 6
        assert kept.Kept(store).versions(0, 100) == found


def test_the_stream_follows_a_backup_that_came_back_and_what_was_changed_after_it(tmp_path: pathlib.Path) -> None:
    graph = f"{DATA}a"
    with EmbeddedStore(tmp_path / "store") as store:
        def state(*names: str) -> None:
            text = f"INSERT DATA {{ GRAPH <{graph}> {{ {' '.join(f'<x:{name}> <x:p> <x:o> .' for name in names)} }} }}"
            store.change(Update(update.operations(text), text))

        store.replace([f"<x:a> <x:p> <x:o> <{graph}> .\n".encode()], Manifest("d", "now", 1, plain=True))
        copies.backup(store, tmp_path / "backup")
        changes = kept.Kept(store)
        state("b", "c", "d")
        assert [one.of for one in changes.versions(0, 9)] == ["x:a", "x:b", "x:c", "x:d"]
        copies.restore(store, tmp_path / "backup", force=True)
        state("e")
        assert [one.of for one in changes.versions(0, 9)] == ["x:a", "x:e"]
