"""A thing leads to the document that is wanted, and each document to its other forms and to what it describes."""

import pytest
from flask.testing import FlaskClient

from carekg.terms import PREFIXES
from linked import DOCUMENTS, ENDINGS, IRIS, THINGS, links
from pages import BROWSER, page

ACCEPTED = {
    "text/html": "html",
    BROWSER["Accept"]: "html",
    "*/*": "ttl",
    "": "ttl",
    "text/turtle": "ttl",
    "application/ld+json": "jsonld",
    "application/rdf+xml;q=0.4, application/n-triples;q=0.6": "nt",
    "application/trig": "trig",
    "application/n-quads, text/turtle;q=0.9": "nq",
    "application/json": "jsonld",
    "text/html;q=0.3, application/rdf+xml": "rdf",
}


@pytest.mark.parametrize(("accept", "ending"), ACCEPTED.items())
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_thing_leads_to_the_document_that_is_wanted(
    accept: str, ending: str, method: str, client: FlaskClient
) -> None:
    answer = client.open(IRIS, method=method, headers={"Accept": accept})
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{IRIS}.{ending}"
    assert "Accept" in answer.headers["Vary"]
    assert links(answer)["describedby"] == {f"{IRIS}.{one}": media for one, media in ENDINGS.items()}


@pytest.mark.parametrize("place", ["/concept/route/partnerships", "/concept/route", "/id/place/wigan"])
def test_what_is_no_document_never_answers_as_if_it_were(place: str, client: FlaskClient) -> None:
    for accept in ("text/html", "text/turtle", "*/*"):
        assert client.get(place, headers={"Accept": accept}).status_code == 303


@pytest.mark.parametrize("place", DOCUMENTS)
@pytest.mark.parametrize(("accept", "ending"), [("text/turtle", "ttl"), ("application/ld+json", "jsonld")])
def test_a_document_is_sent_at_once_and_says_where_that_form_stays(
    place: str, accept: str, ending: str, client: FlaskClient
) -> None:
    answer = client.get(place, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["Content-Location"] == f"{place}.{ending}"
    assert "Accept" in answer.headers["Vary"]
    assert client.get(answer.headers["Content-Location"]).data == answer.data
    assert links(answer)["describes"] == {f"https://w3id.org/carekg{place}": ""}


@pytest.mark.parametrize("place", [*THINGS, "/def", "/graph/inferred"])
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_document_leads_to_its_other_forms_and_to_what_it_describes(
    place: str, ending: str, client: FlaskClient
) -> None:
    with client.head(f"{place}.{ending}") as answer:
        assert (answer.status_code, answer.data) == (200, b"")
    found = links(answer)
    assert found["alternate"] == {f"{place}.{one}": media for one, media in ENDINGS.items()}
    assert found["describes"] == {f"https://w3id.org/carekg{place}": ""}
    assert found["canonical"] == {f"http://localhost{place}.html": ""}


def test_a_document_names_the_class_of_what_it_is_about(client: FlaskClient) -> None:
    assert f"{PREFIXES['care']}Innovation" in links(client.head(f"{IRIS}.ttl"))["type"]


def test_a_page_leads_to_its_data(client: FlaskClient) -> None:
    for place in (IRIS, "/def", "/shapes", "/catalogue", "/graph/inferred"):
        assert {f"{place}.{one}" for one in ENDINGS if one != "html"} <= set(page(client, place).links)


def test_what_nobody_can_read_is_refused_with_what_there_is(client: FlaskClient) -> None:
    answer = client.get(IRIS, headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "application/trig" in answer.text


def test_a_document_that_has_not_changed_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get(f"{IRIS}.ttl").headers["ETag"]
    again = client.get(f"{IRIS}.ttl", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


def test_a_name_of_a_format_in_the_address_goes_before_what_is_accepted(client: FlaskClient) -> None:
    answer = client.get(f"{IRIS}?format=n-quads", headers=BROWSER)
    assert answer.headers["Location"] == f"{IRIS}.nq"
