"""Stewards write to the graph of a folder over HTTP: with a token, under the guard, with who and why on record."""

import pathlib
from collections.abc import Iterator
from dataclasses import replace

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import folders
from carekg import folder, query, web
from carekg.settings import load
from carekg.store.embedded import EmbeddedStore
from carekg.terms import DATA, PREFIXES
from pages import page
from plain import BEARER, TOKEN, sentence

PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
WALKS = "innovation:lantern-walks"
UPDATE = "application/sparql-update"
REPORT = f"{PREFIXES['sh']}ValidationReport"
FRESH = '<https://w3id.org/carekg/id/source/fresh> a <https://w3id.org/carekg/def#Source> ; ' \
        '<http://www.w3.org/2000/01/rdf-schema#label> "Fresh"@en .'


class Desk:
    """A client of a server of a small world, that writes with a token."""

    def __init__(self, store: EmbeddedStore) -> None:
        self.store = store
        settings = replace(load(), token=TOKEN, store=str(store.path))
        self.client: FlaskClient = web.create_app(query.Asker({}, store), settings).test_client()

    def update(self, text: str, **headers: str) -> TestResponse:
        """Send an update; underscores in the names of headers are dashes."""
        given = {**BEARER, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.client.post("/sparql", data=PROLOGUE + text, content_type=UPDATE, headers=given)

    def send(self, method: str, graph: str, body: str = "", **headers: str) -> TestResponse:
        """Send a document to a graph."""
        given = {**BEARER, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.client.open("/store", method=method, query_string={"graph": graph}, data=body,
                                content_type="text/turtle", headers=given)

    def holds(self, pattern: str) -> bool:
        """Whether the graph has a pattern, as anybody sees it who asks."""
        answer = self.client.get("/sparql", query_string={"query": f"{PROLOGUE} ASK {{ {pattern} }}"},
                                 headers={"Accept": "application/sparql-results+json"})
        return bool((answer.json or {})["boolean"])


@pytest.fixture
def desk(good_store: EmbeddedStore, tmp_path: pathlib.Path) -> Iterator[Desk]:
    with EmbeddedStore(folders.own_store(good_store, tmp_path / "store")) as store:
        yield Desk(store)


def test_an_update_is_done_and_kept_with_who_made_it_and_why(desk: Desk) -> None:
    reason, source = "Seen at dusk – twice", "https://example.org/report"
    answer = desk.update(f"INSERT DATA {{ {WALKS} rdfs:comment 'By night.'@en }}",
                         Carekg_Reason=reason.encode().decode("latin-1"), Carekg_Source=source)
    assert answer.status_code == 204
    assert desk.holds(f"{WALKS} rdfs:comment 'By night.'@en")
    entry, build = desk.store.history.entries()
    assert build.is_build
    assert (entry.about.who, entry.about.why, entry.about.source) == ("CAREKG_TOKEN", reason, source)
    assert entry.about.how == "update"


def test_an_update_that_lost_a_race_is_told_what_changed_meanwhile(desk: Desk) -> None:
    text = f"INSERT DATA {{ {WALKS} rdfs:comment 'One.'@en }}"
    first = desk.update(text, Carekg_Against="1", Carekg_Reason="Quicker")
    assert (first.status_code, first.headers["Carekg-Change"]) == (204, "2")
    late = f"INSERT DATA {{ {WALKS} rdfs:comment 'Two.'@en }}"
    lost = desk.update(late, Carekg_Against="1")
    assert lost.status_code == 409
    assert "by change 2 by CAREKG_TOKEN on " in lost.text
    assert ": Quicker. Look at it as it is now" in lost.text
    assert "Carekg-Change" not in lost.headers
    assert desk.update(late, Carekg_Against="soon").status_code == 400
    assert not desk.holds(f"{WALKS} rdfs:comment 'Two.'@en")
    assert desk.update(late, Carekg_Against="2").headers["Carekg-Change"] == "3"


def test_an_update_that_breaks_a_shape_is_refused_with_the_report_as_it_is_wanted(desk: Desk) -> None:
    text = "INSERT DATA { innovation:new a care:Innovation }"
    answer = desk.update(text)
    assert (answer.status_code, answer.mimetype) == (422, "text/plain")
    assert answer.text.startswith("4 violations, so nothing was changed.\ninnovation:new (innovation)\n  line ")
    linked = desk.update(text, Accept="application/ld+json")
    assert (linked.status_code, linked.mimetype) == (422, "application/ld+json")
    assert "ValidationReport" in linked.text
    for media, form in (("text/turtle", ox.RdfFormat.TURTLE), ("application/n-triples", ox.RdfFormat.N_TRIPLES)):
        answer = desk.update(text, Accept=media)
        assert (answer.status_code, answer.mimetype) == (422, media)
        quads = list(ox.parse(answer.data, form))
        assert REPORT in {getattr(quad.object, "value", "") for quad in quads}
        assert sum(quad.predicate.value == f"{PREFIXES['sh']}resultMessage" for quad in quads) >= 4
    written = desk.update(text, Accept="text/turtle").text
    assert "\n[] a sh:ValidationReport ;\n    sh:conforms false ;\n    sh:result\n        [\n" in written
    assert "_:" not in written
    page = desk.update(text, Accept="text/html")
    assert page.status_code == 422
    assert "has exactly one label" in page.text
    assert not desk.holds("innovation:new ?p ?o")
    assert desk.store.history.last() == 1  # the build


def test_a_graph_is_put_added_to_and_removed_under_the_guard(desk: Desk) -> None:
    graph = f"{DATA}mine"
    assert desk.send("PUT", graph, FRESH).status_code == 201
    assert desk.send("PUT", graph, FRESH).status_code == 204
    assert desk.holds(f"GRAPH <{graph}> {{ source:fresh rdfs:label 'Fresh'@en }} source:fresh a care:Source")
    other = desk.send("POST", graph, FRESH.replace('"Fresh"', '"Other"'))
    assert (other.status_code, "has exactly one label" in other.text) == (422, True)
    assert desk.send("DELETE", graph).status_code == 204
    assert desk.client.get("/store", query_string={"graph": graph}).status_code == 404
    assert not desk.holds("source:fresh ?p ?o")
    assert sentence(desk.send("PUT", "https://w3id.org/carekg/graph/inferred", FRESH), 403)
    assert sentence(desk.send("PUT", "https://example.org/g", FRESH), 403)


def test_who_lost_a_race_is_told_and_nobodys_change_is_lost(desk: Desk) -> None:
    graph = f"{DATA}mine"
    desk.send("PUT", graph, FRESH)
    tag = desk.client.get("/store", query_string={"graph": graph}).headers["ETag"]
    assert desk.update(f"INSERT DATA {{ GRAPH <{graph}> {{ source:fresh rdfs:comment 'Seen.' }} }}").status_code == 204
    assert desk.send("PUT", graph, FRESH, If_Match=tag).status_code == 412
    assert desk.holds("source:fresh rdfs:comment 'Seen.'")


def test_a_term_that_does_not_exist_is_told_with_the_one_that_is_meant(desk: Desk) -> None:
    told = sentence(desk.update(f"INSERT DATA {{ {WALKS} a care:Inovation }}"), 422)
    assert "is care:Innovation meant?" in told


def test_nobody_writes_without_a_token(desk: Desk) -> None:
    answer = desk.client.post("/sparql", data="DELETE WHERE { ?s ?p ?o }", content_type=UPDATE)
    assert answer.status_code == 401


def test_a_reason_that_is_a_book_is_refused(desk: Desk) -> None:
    assert "the most" in sentence(desk.update("INSERT DATA { }", Carekg_Reason="x" * 3000), 400)


def test_what_was_made_of_the_graph_is_made_anew_after_a_change(desk: Desk) -> None:
    before = desk.client.get("/id/innovation/lantern-walks.ttl")
    desk.update(f"INSERT DATA {{ {WALKS} rdfs:comment 'By night.'@en }}")
    after = desk.client.get("/id/innovation/lantern-walks.ttl", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "By night." in after.text
    with desk.client.get("/dumps/carekg.nq") as dump:
        assert "By night." in dump.text


def test_a_phrase_is_quoted_with_its_section_where_no_line_is_known_and_a_claim_set_aside_is_marked(
    desk: Desk, shipped: pathlib.Path
) -> None:
    made = desk.update(f"""INSERT DATA {{
        passage:walks-pdf a care:Passage ; care:isFrom source:lantern-study ; care:section "Findings" ;
            care:phrase "people came back" ; care:paraphrase "Most walkers came twice."@en .
        passage:walks-bare a care:Passage ; care:isFrom source:lantern-study ; care:phrase "and stayed" .
        statement:walks-return a care:Statement ; care:holdsFor {WALKS} ; care:summary "Walkers came back."@en ;
            care:voice voice:document ; care:confidence confidence:high ; owl:deprecated true ;
            care:restsOn passage:walks-pdf , passage:walks-bare }}""", Carekg_Reason="The report of the study")
    assert made.status_code == 204, made.text
    shown = page(desk.client, "/id/innovation/lantern-walks").text
    said = shown[shown.index("Walkers came back."):]
    assert "held no longer to be used" in said
    source = said[said.index("“people came back” ") + len("“people came back” "):].split(", Findings")[0]
    assert f"“people came back” {source}, Findings" in said
    assert f"“and stayed” {source} " in said
    assert f"Most walkers came twice. {source}, paraphrased" in said
    assert shown.count("no longer to be used") == 1
    made_of = page(desk.client, "/history/2").text
    assert "rests onpeople came back" in made_of
    assert "kindstatement" in made_of
    assert ":type" not in made_of
    asker = query.Asker(query.catalogue(folder.queries(shipped)), desk.store)
    asked = query.find(asker.queries, "claims-about-innovation")
    rows = query.Table.from_json(asker.ask(asked, {"innovation": [WALKS]}).read()).rows()
    told = {(one.quoted, one.where) for row in rows for one in row.receipts}
    assert {("“people came back”", "Findings"), ("“and stayed”", ""),
            ("Most walkers came twice.", "paraphrased")} <= told
