"""The Reconciliation Service API 0.2 over HTTP, as a client like OpenRefine and as a stranger meet it."""

import json
import re
import urllib.parse
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import small
from carekg import query, web
from carekg.store import Manifest
from carekg.store.embedded import EmbeddedStore
from carekg.terms import BASE, PREFIXES
from reconciling import Client, check_manifest, check_results
from servers import Server

GET_SERVICES = ("/reconcile", "/reconcile/suggest/entity?prefix=l", "/reconcile/suggest/type?prefix=l",
                "/reconcile/suggest/property?prefix=l", "/reconcile/properties?type=care:Place",
                "/reconcile/preview?id=id/place/leeds", "/reconcile/about")


def test_a_client_like_openrefine_matches_a_column_and_adds_columns(server: Server) -> None:
    client = Client(f"{server.base}/reconcile")
    manifest = client.manifest()
    check_manifest(manifest)
    assert manifest["view"]["url"].startswith(server.base)
    column = ["Leeds", "Wigan", "E08000003", "Gtr Manchester", "leeds city council", "Hogwarts", "Bristol City Council",
              "Barking & Dagenham", "Kent", "Devon", "Cumbria", "Isle of Wight"]
    found = client.reconcile(column, "care:Place")
    ids = {text: one["id"] for text, candidates in found.items() for one in candidates if one["match"]}
    assert set(column) - set(ids) == {"Hogwarts"}
    assert ids["Leeds"] == ids["leeds city council"] == "id/place/leeds"
    assert ids["E08000003"] == "id/place/manchester"
    assert "care:gssCode" in client.propose("care:Place")
    answer = client.extend(ids.values(), ["care:gssCode", "care:isIn", "care:placeType"])
    assert answer["rows"]["id/place/leeds"]["care:gssCode"] == [{"str": "E08000035"}]
    assert all(row["care:gssCode"] for row in answer["rows"].values())


def test_a_property_column_tells_namesakes_apart(server: Server) -> None:
    client = Client(f"{server.base}/reconcile")
    for text, code in (("Somerset", "E06000066"), ("Somerset", "E10000027")):
        found = client.reconcile([text], "care:Place", {"care:gssCode": code})[text]
        assert found[0]["match"], code
        cells = client.extend([found[0]["id"]], ["care:gssCode"])["rows"][found[0]["id"]]["care:gssCode"]
        assert cells == [{"str": code}]


def test_suggestions_complete_what_is_typed(server: Server) -> None:
    client = Client(f"{server.base}/reconcile")
    assert client.suggest("entity", "shared li")[0]["id"] == "id/innovation/shared-lives"
    assert client.suggest("entity", "id/innovation/iris")[0]["name"] == "IRIS"
    innovation = client.suggest("type", "inno")[0]
    assert (innovation["id"], innovation["name"]) == ("care:Innovation", "innovation")
    assert innovation["description"].startswith("A programme, service model, practice, network or tool")
    assert client.suggest("property", "gss")[0]["id"] == "care:gssCode"
    first, second = client.suggest("entity", "north"), client.suggest("entity", "north", cursor="10")
    assert len(first) == 10 and second
    assert not {one["id"] for one in first} & {one["id"] for one in second}


def test_what_is_suggested_for_places_is_places(client: FlaskClient) -> None:
    found = client.get("/reconcile/suggest/entity?prefix=community&type=care:Organisation").json["result"]
    assert found and all({"id": "care:Organisation", "name": "organisation"} in one["notable"] for one in found)


def test_identifiers_follow_from_the_identifier_space(client: FlaskClient) -> None:
    manifest = client.get("/reconcile").json
    one = client.get("/reconcile?query=IRIS").json["result"][0]
    assert manifest["identifierSpace"] + one["id"] == f"{BASE}id/innovation/iris"


def test_queries_come_by_get_and_by_form(client: FlaskClient) -> None:
    queries = json.dumps({"q0": {"query": "Nesta"}, "q1": {"query": "Leeds", "type": "care:Place"}})
    by_get = client.get("/reconcile", query_string={"queries": queries})
    by_form = client.post("/reconcile", data={"queries": queries})
    assert by_get.json == by_form.json
    check_results(by_get.json, ["q0", "q1"])
    alone = client.get("/reconcile", query_string={"query": '{"query": "Nesta"}'})
    assert alone.json == by_get.json["q0"] == client.get("/reconcile?query=Nesta").json


def test_the_view_of_a_thing_leads_to_its_page(client: FlaskClient) -> None:
    template = client.get("/reconcile").json["view"]["url"]
    for encoded in (urllib.parse.quote("id/innovation/iris", safe=""), "id/innovation/iris"):
        address = urllib.parse.urlsplit(template.replace("{{id}}", encoded))
        answer = client.get(f"{address.path}?{address.query}")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/id/innovation/iris")
    assert client.get("/id/innovation/iris", follow_redirects=True).status_code == 200


def test_a_preview_may_stand_in_any_frame_and_nothing_else_may(client: FlaskClient) -> None:
    preview = client.get("/reconcile/preview?id=id/innovation/iris")
    assert "IRIS" in preview.text and "Identification and Referral to Improve Safety" in preview.text
    assert "frame-ancestors *" in preview.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in preview.headers
    assert "script" not in preview.headers["Content-Security-Policy"]
    for path in ("/", "/reconcile/about", "/id/innovation/iris"):
        policy = client.get(path, headers={"Accept": "text/html"}).headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy, path


def test_the_page_about_it_explains_every_feature(client: FlaskClient) -> None:
    page = client.get("/reconcile/about").text
    for feature in client.get("/reconcile?query=Leeds").json["result"][0]["features"]:
        assert f'id="{feature["id"]}"' in page


def test_the_answer_in_the_docs_is_the_answer(client: FlaskClient) -> None:
    page = (small.ROOT / "docs" / "reconciliation.md").read_text(encoding="utf-8")
    asked, said = re.findall(r"--data-urlencode 'queries=(.+)'\n(.+)\n", page)[0]
    assert client.post("/reconcile", data={"queries": asked}).json == json.loads(said)


WALKS = small.HOME + "walks"
ELSEWHERE = f"""<{WALKS}> <{PREFIXES['rdfs']}label> "Lantern Walks"@en <{small.HOME}g> .
<{WALKS}> <{PREFIXES['rdf']}type> <{small.HOME}Walk> <{small.HOME}g> .
<{WALKS}> <{small.HOME}lengthInMiles> "3"^^<{PREFIXES['xsd']}integer> <{small.HOME}g> .
<{small.HOME}Walk> <{PREFIXES['rdf']}type> <{PREFIXES['owl']}Class> <{small.HOME}g> .
<{small.HOME}Walk> <{PREFIXES['rdfs']}label> "walk"@en <{small.HOME}g> .
"""


def test_things_types_and_properties_of_another_folder_go_by_their_iris(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path / "store") as store:
        store.replace([ELSEWHERE.encode()], Manifest("digest", "2026-01-01T00:00:00+00:00", 5))
        client = web.create_app(query.Asker({}, store)).test_client()
        queries = {"q": {"query": "lantern walks", "type": f"{small.HOME}Walk"}}
        [found] = client.post("/reconcile", data={"queries": json.dumps(queries)}).json["q"]["result"]
        assert (found["id"], found["match"]) == (WALKS, True)
        assert found["type"] == [{"id": f"{small.HOME}Walk", "name": "walk"}]
        view = client.get("/reconcile/view", query_string={"id": WALKS})
        assert (view.status_code, "Location" in view.headers) == (200, False)
        wanted = {"ids": [WALKS], "properties": [{"id": "length in miles"}]}
        rows = client.post("/reconcile", data={"extend": json.dumps(wanted)}).json["rows"]
        assert rows == {WALKS: {"length in miles": [{"int": 3}]}}


@pytest.mark.parametrize("path", GET_SERVICES)
def test_any_origin_may_read(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Origin": "https://example.org"})
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")


@pytest.mark.parametrize(("path", "status", "sentence"), [
    ("/reconcile?queries=%7B", 400, "`queries` has to be JSON"),
    ("/reconcile?queries=%7B%7D&queries=%7B%7D", 400, "The request has 2 parameters `queries`; send one."),
    ("/reconcile?callback=f", 400, "any origin may (CORS)"),
    ("/reconcile?extend=%7B%7D", 400, "`extend.ids` has to be an array"),
    ("/reconcile/suggest/entity", 400, "The request has no `prefix`"),
    ("/reconcile/suggest/entity?prefix=a&cursor=-1", 400, "it takes a whole number from 0 up"),
    ("/reconcile/suggest/entity?prefix=a&cursor=%C2%B2", 400, "it takes a whole number from 0 up"),
    ("/reconcile/suggest/entity?prefix=a&type=care:Inovation", 400, "did you mean care:Innovation"),
    ("/reconcile/properties?type=nonsense", 400, "`nonsense` is not a type here"),
    ("/reconcile/preview", 400, "The request names no thing"),
    ("/reconcile/preview?id=id/innovation/irris", 404, "id/innovation/iris"),
    ("/reconcile/view?id=https://example.org/", 404, "Nothing is known of https://example.org/"),
])
def test_a_wrong_address_is_told_in_a_sentence(client: FlaskClient, path: str, status: int, sentence: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert sentence in answer.text and answer.text.count("\n") == 1


def test_a_form_of_another_kind_or_with_nothing_is_refused(client: FlaskClient) -> None:
    wrong = client.post("/reconcile", data="{}", content_type="application/json")
    assert (wrong.status_code, wrong.text) == (
        415, "A body of application/json is not read here; send a form, application/x-www-form-urlencoded.\n")
    empty = client.post("/reconcile", data={"other": "x"})
    assert (empty.status_code, empty.text) == (
        400, "The form has neither `queries` nor `extend`; send one of them, as JSON.\n")


@pytest.mark.parametrize(("name", "sent", "status"), [
    ("queries", {str(n): {"query": "x"} for n in range(26)}, 413),
    ("extend", {"ids": ["x"] * 1001, "properties": []}, 413),
    ("extend", {"ids": [], "properties": [{"id": "care:isIn"}] * 21}, 413),
    ("extend", {"ids": ["x"], "properties": [{"id": "no:such"}]}, 400),
    ("extend", {"ids": ["x"], "properties": [{"id": "care:isIn", "settings": {"limit": "many"}}]}, 400),
    ("extend", {"ids": "x", "properties": []}, 400),
    ("queries", {"q": {"query": "x", "type": "no:such"}}, 400),
    ("queries", {"q": {"properties": [{"pid": "no:such", "v": 1}]}}, 400),
])
def test_a_wrong_form_is_told_in_a_sentence(client: FlaskClient, name: str, sent: Any, status: int) -> None:
    answer = client.post("/reconcile", data={name: json.dumps(sent)})
    assert answer.status_code == status
    assert answer.text.endswith(".\n") and answer.text.count("\n") == 1


HOSTILE = ('"', "\\", '" }', "' OR 1=1", "} UNION { ?s ?p ?o", "\x00", "\ud800", "\u202e", "💥" * 100,
           "<script>alert(1)</script>", "a" * 10_000, "a " * 5_000, "(" * 5_000)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_are_texts(client: FlaskClient, text: str) -> None:
    queries = {"q": {"query": text}, "p": {"query": "Leeds", "properties": [
        {"pid": "care:gssCode", "v": text[:1000]}, {"pid": "care:isIn", "v": text[:1000]}]},
        "i": {"properties": [{"pid": "care:isIn", "v": text[:1000]}]}}
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 200
    check_results(answer.json, queries)
    assert "id/place/leeds" in [one["id"] for one in answer.json["p"]["result"]]
    assert client.post("/reconcile", data={"extend": json.dumps(
        {"ids": [text], "properties": [{"id": "care:gssCode"}]})}).status_code == 200


SERVICES = st.sampled_from(
    ["", "/suggest/entity", "/suggest/type", "/suggest/property", "/properties", "/preview", "/view"])
NAMES = st.sampled_from(["queries", "query", "extend", "prefix", "cursor", "type", "limit", "id"])

SENSIBLE = ("{}", "[]", '{"q":{"query":"a"}}', '{"ids":[],"properties":[]}', "care:Place", "id/place/leeds", "1")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(service=SERVICES, form=st.dictionaries(NAMES, st.text(max_size=30) | st.sampled_from(SENSIBLE), max_size=4))
def test_no_request_is_the_servers_fault(client: FlaskClient, service: str, form: dict[str, str]) -> None:
    sent = {name: value.encode("utf-8", "replace") for name, value in form.items()}
    path = f"/reconcile{service}"
    for answer in (client.get(path, query_string=sent), client.post(path, data=sent)):
        assert answer.status_code in (200, 303, 400, 404, 405, 413, 415)
        if answer.status_code >= 400:
            assert answer.text.strip().endswith((".", "?"))
