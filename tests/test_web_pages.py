"""The pages of questions, and their answers as data."""

import csv
import dataclasses
import io
import pathlib
import re

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from carekg import query, web
from carekg.settings import load
from carekg.store.embedded import EmbeddedStore
from pages import BROWSER, Page, page

SAMPLE = "/queries/innovations-by-route-and-factor"
PAGES = ["/", "/queries", "/sparql", "/def", SAMPLE, "/id/innovation/iris", "/concept/route"]
QUESTIONS = sorted(path.stem for path in (pathlib.Path(__file__).parent.parent / "queries").glob("*.rq"))


# --- pages -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_whole_and_every_id_on_it_is_unique(address: str, client: FlaskClient) -> None:
    found = page(client, address)
    assert len(found.ids) == len(set(found.ids))
    assert "script" not in found.tags or address == "/sparql"  # the editor's, where it was built


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_has_a_page_with_an_answer(name: str, client: FlaskClient, asker: query.Asker) -> None:
    found = page(client, f"/queries/{name}")
    assert asker.queries[name].summary in found.text
    assert "row" in found.text or asker.queries[name].is_graph
    assert f"/queries/{name}.{'turtle' if asker.queries[name].is_graph else 'csv'}" in found.links


def test_the_first_page_tells_how_much_there_is_and_leads_to_every_question(
    client: FlaskClient, shipped_store: EmbeddedStore
) -> None:
    manifest = shipped_store.manifest()
    assert manifest
    found = page(client, "/")
    assert {f"/queries/{name}" for name in QUESTIONS} <= set(found.links)
    for name, count in manifest.counts.items():
        assert f"{count:,} {name}" in found.text


def test_an_answer_shows_what_was_chosen_what_it_rests_on_and_how_it_is_made(client: FlaskClient) -> None:
    answer = client.get(SAMPLE, query_string={"strength": "moderate"}, headers=BROWSER)
    found = Page(answer.text)
    assert "Community Circles" in found.text
    assert re.search(r"\d+ receipts?\b", found.text)
    assert "SELECT DISTINCT" in found.text
    assert '<option value="strength:moderate" selected>' in answer.text
    assert f"{SAMPLE}.csv?strength=moderate" in found.links


def test_an_empty_answer_says_its_sentence_and_not_only_nothing(client: FlaskClient, asker: query.Asker) -> None:
    found = page(client, f"{SAMPLE}?basis=stated")
    assert asker.queries[SAMPLE.rpartition("/")[2]].when_empty in found.text
    assert "0 rows." in found.text


def test_a_wrong_value_is_explained_above_the_form_that_can_mend_it(client: FlaskClient) -> None:
    found = page(client, f"{SAMPLE}?route=licencing", 400)
    assert "`licencing` is not a scaling route; did you mean licensing and affiliation?" in found.text
    assert "select" in found.tags


def test_a_page_says_that_an_answer_is_cut_and_counts_nothing_as_the_whole(asker: query.Asker) -> None:
    narrow = web.create_app(asker, dataclasses.replace(load(), rows=50)).test_client()
    whole = web.create_app(asker).test_client()
    assert narrow.get("/queries/innovations.csv").headers["Carekg-Cut"] == "50"
    found = page(narrow, "/queries/innovations").text
    assert "This answer is cut after 50 rows of data" in found
    assert re.search(r"At least \d+ rows\.", found)
    assert "cut after" not in page(whole, "/queries/innovations").text


def test_a_page_of_a_graph_says_that_it_is_cut(asker: query.Asker) -> None:
    name = next(one.name for one in asker.queries.values() if one.is_graph)
    narrow = web.create_app(asker, dataclasses.replace(load(), rows=2)).test_client()
    assert "This answer is cut after 2 triples" in page(narrow, f"/queries/{name}").text


@pytest.mark.parametrize("address", ["/queries", SAMPLE])
def test_a_page_has_an_ending_too(address: str, client: FlaskClient) -> None:
    answer = client.get(f"{address}.html", headers={"Accept": "*/*"})
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert answer.text == client.get(address, headers=BROWSER).text


def test_a_list_in_a_format_that_there_is_not_names_those_that_there_are(client: FlaskClient) -> None:
    answer = client.get("/queries", headers={"Accept": "application/ld+json"})
    assert answer.status_code == 406
    assert "it comes as application/json, text/csv." in answer.text
    assert client.get("/queries", headers={"Accept": "application/json"}).mimetype == "application/json"


# --- questions as data -----------------------------------------------------------------------------------------


def test_a_wrong_value_stays_chosen_until_it_is_mended(client: FlaskClient) -> None:
    answer = client.get("/queries/innovations-by-route?route=partnershps", headers=BROWSER)
    assert answer.status_code == 400
    assert '<option value="partnershps" selected>partnershps (not known)</option>' in answer.text
    assert answer.text.count(" selected>") == 1


def test_a_query_comes_back_beside_what_is_wrong_with_it(client: FlaskClient) -> None:
    for answer in (client.get("/sparql", query_string={"query": "SELEC ?x {"}, headers=BROWSER),
                   client.post("/sparql", data={"query": "SELEC ?x {", "format": "csv"}, headers=BROWSER)):
        assert answer.status_code == 400
        assert "The query does not parse at line 1" in answer.text
        assert "SELEC ?x {</textarea>" in answer.text


@pytest.mark.parametrize(("asked", "full"), [
    ("", "/queries/innovations-by-route.csv?route=route:licensing-and-affiliation"),
    ("?route=partnerships", "/queries/innovations-by-route.csv?route=partnerships"),
])
def test_an_answer_tells_with_which_values_it_was_asked(asked: str, full: str, client: FlaskClient) -> None:
    answer = client.get(f"/queries/innovations-by-route.csv{asked}")
    assert answer.headers["Content-Location"] == full
    assert client.get(full).data == answer.data


def test_the_catalogue_comes_as_json_and_csv_and_names_every_question(client: FlaskClient) -> None:
    described = client.get("/queries.json").json
    assert described
    assert sorted(one["name"] for one in described) == QUESTIONS
    rows = list(csv.DictReader(io.StringIO(client.get("/queries.csv").text, newline="")))
    assert [(row["name"], row["summary"]) for row in rows] == [(one["name"], one["summary"]) for one in described]
    assert [row["parameters"].split() for row in rows] == [[p["name"] for p in one["parameters"]] for one in described]


def test_the_catalogue_is_right_csv_even_where_a_summary_has_quotes(asker: query.Asker) -> None:
    one = dataclasses.replace(asker.queries["disagreements"], summary='What is "held", and by whom?')
    found = web.create_app(query.Asker({one.name: one}, asker.graph)).test_client().get("/queries.csv")
    assert [row["summary"] for row in csv.DictReader(io.StringIO(found.text, newline=""))] == [one.summary]


@pytest.mark.parametrize("form", ["json", "xml", "tsv"])
def test_an_answer_holds_the_same_in_every_format(form: str, client: FlaskClient) -> None:
    rows = list(csv.reader(io.StringIO(client.get(f"{SAMPLE}.csv").text, newline="")))
    answer = client.get(f"{SAMPLE}.{form}")
    assert answer.headers["Content-Disposition"] == f'inline; filename="{SAMPLE.rpartition("/")[2]}.{form}"'
    solutions = ox.parse_query_results(answer.data, format=ox.QueryResultsFormat.from_extension(form))
    assert isinstance(solutions, ox.QuerySolutions)
    assert [variable.value for variable in solutions.variables] == rows[0]
    assert [["" if term is None else term.value for term in solution] for solution in solutions] == rows[1:]


def test_the_same_address_is_a_page_or_data_as_the_client_accepts(client: FlaskClient) -> None:
    assert client.get(SAMPLE, headers=BROWSER).mimetype == "text/html"
    assert client.get(SAMPLE, headers={"Accept": "text/csv"}).mimetype == "text/csv"
    assert client.get(SAMPLE).mimetype == "application/sparql-results+json"
    assert client.get(f"{SAMPLE}?format=html").mimetype == "text/html"
    assert client.get(f"{SAMPLE}?format=xml", headers=BROWSER).mimetype == "application/sparql-results+xml"


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("?route=licencing", "`licencing` is not a scaling route; did you mean licensing and affiliation?"),
        ("?rout=x", "`rout` is not a parameter of innovations-by-route-and-factor; it takes `route`, `factor`"),
        ("?route=partnerships&route=organic-growth", "takes a single one"),
        ("?route=", "innovations-by-route-and-factor needs `route`: name a scaling route."),
        ("?route=factor:partnerships", "`factor:partnerships` is not a scaling route"),
    ],
)
@pytest.mark.parametrize("ending", ["", ".csv", ".json", ".xml"])
def test_what_is_wrong_with_an_argument_is_said_in_a_sentence(
    asked: str, sentence: str, ending: str, client: FlaskClient
) -> None:
    answer = client.get(SAMPLE + ending + asked)
    assert answer.status_code == 400
    assert answer.mimetype == "text/plain"
    assert sentence in answer.text
