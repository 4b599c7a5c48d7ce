"""Why something is here, and why something is not, over HTTP: pages, JSON, text, and the links that lead there."""

import html
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import plain
from carekg import folder, query, web
from carekg.store.embedded import EmbeddedStore
from carekg.web import why
from pages import BROWSER, page

TAKEN_UP = "/why?s=innovation:lantern-walks&p=care:takenUpIn&o=place:the-shore"
PLACED = "/why?s=site:lantern-walks-saltmere&p=care:place&o=place:saltmere"
NOTHING = "/queries/innovations-in-place{}?place=place:old-saltmere"


@pytest.fixture(scope="module")
def saltmere(good_folder: Path, good_store: EmbeddedStore) -> FlaskClient:
    """A client of the application over the small world."""
    return web.create_app(query.Asker(query.catalogue(folder.queries(good_folder)), good_store)).test_client()


# --- why a triple is here -----------------------------------------------------------------------------------------


def test_an_inferred_triple_shows_its_rule_and_its_premises_down_to_who_states_them(saltmere: FlaskClient) -> None:
    found = page(saltmere, TAKEN_UP)
    assert "It is inferred" in found.text
    assert "“taken up in” follows from the chain" in found.text
    assert "Stated in data/world, change 1, when the folder was built" in found.text
    assert PLACED in found.links
    assert "neighbours of every age in the small town walk by lantern light" in found.text


def test_many_who_ask_at_once_wait_for_the_rules_and_nobody_is_sent_away(
        good_folder: Path, good_store: EmbeddedStore) -> None:
    app = web.create_app(query.Asker(query.catalogue(folder.queries(good_folder)), good_store))
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: app.test_client().get(TAKEN_UP).status_code, range(10)))
    assert set(answers) == {200}


def test_each_premise_has_an_address_of_its_own_that_leads_on(saltmere: FlaskClient) -> None:
    links = [one for one in page(saltmere, TAKEN_UP).links if one.startswith("/why?")]
    assert len(links) >= 4
    for link in links:
        assert saltmere.get(link, headers=BROWSER).status_code == 200, link


def test_a_stated_triple_tells_what_would_go_with_it(saltmere: FlaskClient) -> None:
    first = page(saltmere, PLACED)
    assert "It is stated" in first.text
    assert f"{PLACED}&removed=yes#removed" in first.links
    assert "would go with it." not in first.text, "the page itself is quick"
    found = page(saltmere, f"{PLACED}&removed=yes")
    assert re.search(r"\d inferred statements would go with it", found.text)
    assert TAKEN_UP in found.links
    assert "The graph would still be valid" in found.text
    assert f"{PLACED}&answers=yes#removed" in found.links


def test_the_answers_that_would_lose_rows_are_told_when_asked_for(saltmere: FlaskClient) -> None:
    found = page(saltmere, f"{PLACED}&answers=yes")
    assert "1 row now, 0 then" in found.text
    assert "/queries/innovations-in-place?place=place:saltmere" in found.links


def test_the_same_comes_as_json_and_as_text(saltmere: FlaskClient) -> None:
    said = saltmere.get(TAKEN_UP).json
    assert said
    assert said["how"] == "inferred"
    assert said["rule"]["name"] == "prp-spo2"
    assert [one["how"] for one in said["premises"]] == ["inferred", "asserted"]
    text = saltmere.get(f"{TAKEN_UP}&format=text")
    assert text.mimetype == "text/plain"
    assert text.text.startswith("Lantern Walks – taken up in – the Shore\n  follows, since “taken up in”")
    stated = saltmere.get(PLACED).json
    assert stated
    assert stated["asserted"][0]["file"] == "data/world"
    assert stated["receipts"][0]["source"] == "Lanterns by the sea (report)"
    assert stated["ifRemoved"]["valid"] is True


def test_an_inferred_triple_tells_without_which_statement_it_would_go_when_asked(saltmere: FlaskClient) -> None:
    assert f"{TAKEN_UP}&answers=yes#removed" in page(saltmere, TAKEN_UP).links
    assert f"{PLACED}&removed=yes#removed" in page(saltmere, f"{TAKEN_UP}&answers=yes").links
    said = saltmere.get(f"{TAKEN_UP}&answers=yes").json
    assert said
    assert {one["why"]: one["goesWithIt"] for one in said["restsOn"]}[PLACED] is True


def test_a_triple_that_is_not_here_says_so_and_what_is(saltmere: FlaskClient) -> None:
    address = "/why?s=place:old-saltmere&p=care:isIn&o=place:the-shore"
    found = page(saltmere, address, 404)
    assert "This statement is not in the graph, which is not the same as false." in found.text
    assert "/why?s=place:saltmere&p=care:isIn&o=place:the-shore" in found.links
    said = saltmere.get(address).json
    assert said
    assert said["here"] is False
    assert said["subjects"][0]["words"] == "Saltmere – is in – the Shore"


def test_without_a_value_there_is_a_choice_and_with_one_only_it_is_told(saltmere: FlaskClient) -> None:
    assert PLACED in page(saltmere, "/why?s=site:lantern-walks-saltmere").links
    assert "It is stated" in page(saltmere, PLACED.partition("&o=")[0]).text


@pytest.mark.parametrize(("address", "status", "sentence"), [
    ("/why", 200, "Name one, or follow"),
    ("/why?s=innovation:lantern-walk", 404, "Did you mean Lantern Walks"),
    ("/why?s=<script>", 400, "is not an IRI for the subject"),
    ("/why?s=place:saltmere&p=no+property", 400, "is not an IRI for the property"),
    ("/why?s=place:saltmere&p=a&o=%22%3Cb%3Emarkup", 404, "This statement is not in the graph"),
])
def test_bad_input_gives_a_page_that_says_what_to_do(
    address: str, status: int, sentence: str, saltmere: FlaskClient
) -> None:
    found = page(saltmere, address, status)
    assert sentence in found.text
    assert not {"script", "b"} & found.tags - {"b"}
    assert saltmere.get(address).status_code == (status if address != "/why" else 400)


def test_every_statement_on_a_things_page_leads_to_why_it_is_here(saltmere: FlaskClient) -> None:
    shown = page(saltmere, "/id/place/saltmere")
    links = [one for one in shown.links if one.startswith("/why?")]
    assert "/why?s=place:saltmere&p=rdfs:label&o=Saltmere" in links
    for link in links[::3]:
        assert saltmere.get(html.unescape(link)).status_code == 200, link


def test_a_plain_store_says_what_is_not_known(bare: plain.Plain) -> None:
    bare.change("INSERT DATA { <http://example.org/a> <http://example.org/p> 'one' }")
    said = bare.app.test_client().get("/why?s=http://example.org/a&p=http://example.org/p&o=one").json
    assert said
    assert said["how"] == "asserted"
    assert said["asserted"][0]["change"]["number"] == bare.store.history.last()
    assert "This is a plain store" in said["ifRemoved"]["unknown"]


def test_what_was_withdrawn_is_told_with_the_change_that_took_it_out(bare: plain.Plain) -> None:
    statement = "<http://example.org/a> <http://example.org/p> 'gone'"
    bare.change(f"INSERT DATA {{ {statement} }}")
    bare.change(f"DELETE DATA {{ {statement} }}")
    said = bare.app.test_client().get("/why?s=http://example.org/a&p=http://example.org/p&o=gone")
    assert said.status_code == 404
    assert said.json
    assert said.json["withdrawn"] == bare.store.history.last()
    assert "took it out" in said.json["sentence"]


def test_a_year_that_was_corrected_is_told_at_the_address_that_the_page_gave_for_it(bare: plain.Plain) -> None:
    statement = '<http://example.org/a> <http://example.org/began> "{}"^^<http://www.w3.org/2001/XMLSchema#gYear>'
    bare.change(f"INSERT DATA {{ {statement.format(2018)} }}")
    bare.change(f"DELETE DATA {{ {statement.format(2018)} }} ; INSERT DATA {{ {statement.format(2019)} }}")
    said = bare.app.test_client().get("/why?s=http://example.org/a&p=http://example.org/began&o=2018").json
    assert said
    assert said["withdrawn"] == bare.store.history.last()
    assert "took it out" in said["sentence"]


# --- why an answer is empty ---------------------------------------------------------------------------------------


def test_a_question_without_a_row_explains_itself_on_its_page(saltmere: FlaskClient) -> None:
    found = page(saltmere, NOTHING.format(""))
    assert "For “Saltmere”, which replaced “Old Saltmere”, there is 1 row." in found.text
    assert "/queries/innovations-in-place?place=place:saltmere" in found.links


@pytest.mark.parametrize("form", ["json", "csv", "tsv", "xml", "table.json", "table.csv"])
def test_an_answer_without_a_row_leads_tools_to_its_explanation(form: str, saltmere: FlaskClient) -> None:
    link = saltmere.get(NOTHING.format(f".{form}")).headers["Link"]
    address = NOTHING.format("/why.json")
    assert link == f'<{address}>; rel="describedby"; type="application/json"'
    assert saltmere.head(NOTHING.format(f".{form}")).headers["Link"] == link
    said = saltmere.get(address).json
    assert said
    assert said["empty"] is True
    assert "/queries/innovations-in-place?place=place:saltmere" in [one.get("address") for one in said["reasons"]]


def test_an_answer_with_rows_has_no_such_link_and_nothing_to_explain(saltmere: FlaskClient) -> None:
    full = "/queries/innovations-in-place{}?place=place:saltmere"
    assert "Link" not in saltmere.get(full.format(".json")).headers
    assert saltmere.get(full.format("/why.json")).json == {
        "question": "Which innovations have been taken up in a place or within it?", "address": full.format(""),
        "empty": False, "reasons": []}
    assert "It has an answer." in page(saltmere, full.format("/why")).text


def test_a_query_without_a_result_leads_to_its_explanation(saltmere: FlaskClient) -> None:
    text = "PREFIX care: <https://w3id.org/carekg/def#> SELECT ?i { ?i a care:Inovation }"
    link = saltmere.get("/sparql", query_string={"query": text}).headers["Link"]
    found = re.match(r"<(.*?)>; rel=\"describedby\"", link)
    assert found
    said = saltmere.get(found[1]).json
    assert said
    assert "did you mean care:Innovation" in said["reasons"][0]["sentence"]


def test_an_explanation_is_asked_for_with_a_query(saltmere: FlaskClient) -> None:
    assert saltmere.get("/sparql/why.json").status_code == 400
    assert saltmere.get("/sparql/why.json?query=SELEC").status_code == 400
    assert saltmere.get("/queries/nothing/why.json").status_code == 404
    assert saltmere.get("/queries/innovations-in-place/why.xml?place=place:saltmere").status_code == 406


@pytest.mark.parametrize(("body", "media", "empty"), [
    (b'{"head":{"vars":["a"]},"results":{"bindings": [ ]}}', "application/sparql-results+json", True),
    (b'{"head":{},"boolean":false}', "application/sparql-results+json", True),
    (b'{"head":{},"boolean":true}', "application/sparql-results+json", False),
    (b"a,b\r\n", "text/csv", True),
    (b"a,b\r\n1,2\r\n", "text/csv", False),
    (b"<sparql><results></results></sparql>", "application/sparql-results+xml", True),
    (b"", "text/turtle", True),
    (b"<html></html>", "text/html", False),
])
def test_an_answer_with_nothing_in_it_is_known_in_each_format(body: bytes, media: str, empty: bool) -> None:
    assert why.is_empty(body, media) is empty


def test_a_query_within_a_question_is_put_into_words_and_a_link_says_that_it_leads_to_sparql(
        client: FlaskClient) -> None:
    text = page(client, "/queries/disagreements-about-innovation?innovation=innovation:iris").text
    assert "Nothing fits “disagreement is a disagreement, side one, one concerns IRIS”" in text
    assert "SELECT" not in text[text.index("Why there are no rows"):text.index("In SPARQL{")]
    assert "Ask without it, in SPARQL" in text
