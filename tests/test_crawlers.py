"""What crawlers find: a sitemap of every page, where not to go, and data blocks in the words of schema.org."""

import json
import re
import urllib.robotparser
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from flask.testing import FlaskClient

from carekg import query, store, web
from carekg.store.embedded import EmbeddedStore
from carekg.terms import BASE
from carekg.web.linked import crawlers
from pages import BROWSER, page

SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def listed(client: FlaskClient, place: str) -> list[str]:
    """The addresses that a sitemap lists."""
    answer = client.get(place)
    assert answer.mimetype == "application/xml"
    return [one.text or "" for one in ET.fromstring(answer.text).iter(f"{SPACE}loc")]


# --- the sitemap ----------------------------------------------------------------------------------------------------


def test_the_sitemap_lists_every_page_once(client: FlaskClient, shipped_store: EmbeddedStore) -> None:
    found = listed(client, "/sitemap.xml")
    assert len(found) == len(set(found)) > 5_000
    things = store.rows(shipped_store, f"""SELECT DISTINCT ?s WHERE {{
      ?s a ?c FILTER(STRSTARTS(STR(?s), "{BASE}id/") || STRSTARTS(STR(?s), "{BASE}concept/")) }}""")
    assert {f"http://localhost/{row['s'].removeprefix(BASE)}.html" for row in things} <= set(found)
    assert {f"http://localhost{one}" for one in ("/", "/queries", "/def", "/shapes", "/catalogue",
                                                 "/queries/disagreements", "/graph/inferred.html")} <= set(found)


@pytest.mark.heavy
def test_each_listed_address_is_a_page_and_no_redirect(client: FlaskClient) -> None:
    found = listed(client, "/sitemap.xml")
    for address in found[:8] + found[8::311]:
        answer = client.get(address.removeprefix("http://localhost"), headers=BROWSER)
        assert (answer.status_code, answer.mimetype) == (200, "text/html"), address


def test_a_sitemap_that_would_be_too_long_comes_in_parts(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = listed(client, "/sitemap.xml")
    monkeypatch.setattr(crawlers, "MOST", 1_000)
    parts = listed(client, "/sitemap.xml")
    assert len(parts) == -(-len(whole) // 1_000)
    assert "<sitemapindex" in client.get("/sitemap.xml").text
    places = [one.removeprefix("http://localhost") for one in parts]
    assert [address for place in places for address in listed(client, place)] == whole
    assert client.get(f"/sitemap-{len(parts) + 1}.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


def test_robots_may_read_pages_and_run_no_queries(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    rules = urllib.robotparser.RobotFileParser()
    rules.parse(answer.text.splitlines())
    for place in ("/", "/id/innovation/iris.html", "/queries/disagreements", "/catalogue"):
        assert rules.can_fetch("*", place), place
    assert not rules.can_fetch("*", "/sparql?query=x")
    assert rules.site_maps() == ["http://localhost/sitemap.xml"]


# --- data blocks ----------------------------------------------------------------------------------------------------


def block(client: FlaskClient, place: str) -> dict[str, Any]:
    """The one data block of a page."""
    (found,) = page(client, place).blocks
    made: dict[str, Any] = json.loads(found)
    assert made["@context"] == "https://schema.org"
    return made


TYPES = {
    "/": "Dataset",
    "/catalogue": "Dataset",
    "/graph/data/sources/documents": "Dataset",
    "/id/innovation/iris": "Service",
    "/id/organisation/nesta": "Organization",
    "/id/person/alex-fox": "Person",
    "/id/place/wigan": "AdministrativeArea",
    "/id/source/growing-innovative-models": "CreativeWork",
    "/id/source/damschroder-2022": "ScholarlyArticle",
    "/id/award/iris-health-foundation-2017": "MonetaryGrant",
    "/id/passage/001-186-network": "Quotation",
    "/id/finding/iris-codified-core": "Claim",
    "/concept/route/partnerships": "DefinedTerm",
    "/concept/route": "DefinedTermSet",
}


@pytest.mark.parametrize(("place", "type_"), TYPES.items())
def test_each_kind_of_page_says_what_it_is_about(place: str, type_: str, client: FlaskClient) -> None:
    made = block(client, place)
    assert made["@type"] == type_
    assert made["name"]
    if place not in ("/", "/catalogue"):
        assert made["@id"] == "https://w3id.org/carekg" + place
        assert made["url"] == f"http://localhost{place}.html"


def test_the_dataset_has_a_licence_a_publisher_and_its_files(client: FlaskClient) -> None:
    made = block(client, "/catalogue")
    assert made["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert made["publisher"]["name"]
    assert len(made["description"]) > 50
    parts = {one["@id"]: one["distribution"]["contentUrl"] for one in made["hasPart"]}
    assert parts[f"{BASE}graph/ontology/care"] == "http://localhost/graph/ontology/care.ttl"
    assert client.get("/graph/ontology/care.ttl").status_code == 200
    dumps = {one["contentUrl"].removeprefix("http://localhost") for one in made["distribution"]}
    assert "/dumps/carekg.nq.gz" in dumps
    assert dumps <= {"/dumps/" + one["name"] for one in (client.get("/dumps", headers={
        "Accept": "application/json"}).json or {})["files"]}


def test_a_place_has_where_it_lies_and_its_official_address(client: FlaskClient) -> None:
    made = block(client, "/id/place/wigan")
    assert 53 < made["geo"]["latitude"] < 54
    assert made["sameAs"].startswith("http://statistics.data.gov.uk/id/statistical-geography/E08")
    assert any(one["name"] == "Greater Manchester" for one in made["containedInPlace"])


def test_an_article_has_its_doi_and_a_grant_its_amount(client: FlaskClient, shipped_store: EmbeddedStore) -> None:
    assert re.match(r"https://doi\.org/10\.", block(client, "/id/source/damschroder-2022")["sameAs"])
    (row,) = store.rows(shipped_store, f"""SELECT ?a ?amount WHERE {{
      ?a <{BASE}def#amount> ?amount ; <{BASE}def#currency> "GBP" }} ORDER BY ?a LIMIT 1""")
    made = block(client, "/" + row["a"].removeprefix(BASE))
    assert made["amount"] == {"@type": "MonetaryAmount", "value": float(row["amount"]), "currency": "GBP"}


def test_a_concept_names_its_scheme(client: FlaskClient) -> None:
    made = block(client, "/concept/route/partnerships")
    assert made["inDefinedTermSet"]["@id"] == f"{BASE}concept/route"
    assert made["description"]


def test_pages_are_counted_anew_when_the_graph_has_changed(asker: query.Asker) -> None:
    test = web.create_app(asker).test_client()
    with test.application.test_request_context():
        assert crawlers.pages() is crawlers.pages()
