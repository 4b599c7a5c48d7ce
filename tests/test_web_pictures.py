"""Pictures over HTTP: their addresses, what they answer, and that every drawing that is declared can be drawn."""

import re
import xml.etree.ElementTree as ET

import pytest
from flask.testing import FlaskClient

import plain
from carekg import query
from carekg.query import Drawing, Table
from carekg.web import pictures
from carekg.web.questions.laid import Laid
from pages import BROWSER, page

MATRIX = "/queries/factors-by-route-matrix"
DRAWN = "/queries/routes-and-innovations"
SVG = "{http://www.w3.org/2000/svg}"


def test_a_question_with_a_drawing_gives_its_picture(client: FlaskClient) -> None:
    answer = client.get(f"{MATRIX}.svg")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["Content-Disposition"] == 'inline; filename="factors-by-route-matrix-matrix.svg"'
    root = ET.fromstring(answer.text)
    assert "Largest: " in str(root.findtext(f"{SVG}desc"))
    leads = [value for one in root.iter() for name, value in one.attrib.items() if name.endswith("href")]
    assert leads and all(lead.startswith("/queries/findings-by-route-and-factor?route=") for lead in leads)
    assert client.get(leads[0]).status_code == 200
    assert client.get(f"{MATRIX}.svg", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_a_cell_of_the_matrix_counts_the_findings_that_it_leads_to(client: FlaskClient) -> None:
    rows = client.get(f"{MATRIX}.json").json["results"]["bindings"]  # type: ignore[index]
    largest = max(rows, key=lambda row: int(row["findings"]["value"]))
    behind = client.get(largest["behind"]["value"].replace("https://w3id.org/carekg", ""), headers={"Accept": "*/*"})
    found = {row["finding"]["value"] for row in behind.json["results"]["bindings"]}  # type: ignore[index]
    assert len(found) == int(largest["findings"]["value"]) > 3


def test_a_picture_can_be_had_as_its_specification_with_its_data(client: FlaskClient) -> None:
    answer = client.get(f"{DRAWN}.vega.json", query_string={"_theme": "dark"})
    assert answer.mimetype == "application/json"
    assert answer.json
    assert answer.json["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
    assert answer.json["config"]["background"] != client.get(f"{DRAWN}.vega.json").json["config"]["background"]  # type: ignore[index]
    assert len(answer.json["data"]["values"]) == 30


def test_who_asks_may_choose_the_kind_and_the_columns(client: FlaskClient) -> None:
    chosen = {"drawing": "network", "drawing.from": "innovation", "drawing.to": "routeTaken"}
    answer = client.get("/queries/innovations-by-route.vega.json", query_string=chosen)
    assert answer.json
    assert answer.json["$schema"].startswith("https://vega.github.io/schema/vega/")
    assert client.get(f"{DRAWN}.vega.json", query_string={"drawing.x": "ourReading"}).status_code == 200


@pytest.mark.parametrize(("asked", "status", "sentence"), [
    ("routes-and-innovations.svg?drawing=pie", 400, "`pie` is no kind of drawing; it takes one of bar, line"),
    ("routes-and-innovations.png?drawing=flow", 400, "declares no flow (it declares bar); name its columns"),
    ("routes-and-innovations.svg?drawing=bar&drawing.y=rout", 400, "a bar draws `rout`, which is no column"),
    ("routes-and-innovations.svg?drawing=line&drawing.x=route&drawing.y=route", 404, "no row has both a year or"),
    ("routes-and-innovations.svg?_theme=green", 400, "`green` is not a value of `_theme`; it takes light or dark."),
    ("routes-and-innovations.svg?_width=9999", 400, "it takes wide or narrow."),
    ("routes-and-innovations.svg?route=x", 400, "`route` is not a parameter of routes-and-innovations"),
    ("money-flow.svg?currency=XXX", 404, "This cannot be drawn: no row leads from giver to innovation"),
    ("innovation-as-graph.svg", 400, "innovation-as-graph gives a graph and no table"),
    ("no-such-question.svg", 404, "There is no prepared query `no-such-question`"),
])
def test_what_cannot_be_drawn_is_refused_in_one_sentence(
    asked: str, status: int, sentence: str, client: FlaskClient
) -> None:
    answer = client.get(f"/queries/{asked}")
    assert (answer.status_code, answer.mimetype) == (status, "text/plain")
    assert sentence in answer.text
    assert len(answer.text.strip().splitlines()) == 1


def test_a_page_offers_each_width_and_theme_of_its_picture_and_says_it_in_words(client: FlaskClient) -> None:
    text = client.get(MATRIX, headers=BROWSER).text
    assert set(re.findall(r'srcset="[^"]*\.svg\?([^"]*)"', text)) == {
        "drawing=matrix&amp;_width=narrow&amp;_theme=dark", "drawing=matrix&amp;_width=narrow",
        "drawing=matrix&amp;_theme=dark"}
    assert re.search(r'<img src="[^"]*\.svg[^"]*" alt="Matrix: Findings by factor and route\. ', text)
    assert f"{MATRIX}.png?drawing=matrix" in page(client, MATRIX).links


@pytest.mark.heavy
def test_every_declared_drawing_is_drawn_for_a_page_and_a_telephone(client: FlaskClient, asker: query.Asker) -> None:
    drawn = []
    for name, kind in [(one.name, drawing.kind) for one in asker.queries.values() for drawing in one.drawings]:
        for width, theme, most in (("wide", "light", 780), ("narrow", "dark", 372)):
            looks = {"drawing": kind, "_width": width, "_theme": theme}
            answer = client.get(f"/queries/{name}.svg", query_string=looks)
            if answer.status_code == 404:  # the answer to the question as it is asked first has nothing to draw
                assert "This cannot be drawn" in answer.text
                continue
            assert answer.status_code == 200, (name, kind, answer.text)
            root = ET.fromstring(answer.text)
            assert float(root.attrib["width"]) <= most, (name, kind, width)
            assert len(str(root.findtext(f"{SVG}desc"))) > 40
            drawn.append((name, kind))
    assert len(set(drawn)) > 90
    assert {kind for _, kind in drawn} == {"bar", "line", "matrix", "map", "timeline", "network", "flow"}


@pytest.mark.heavy
def test_a_picture_in_pixels_is_twice_as_large_as_its_drawing(client: FlaskClient) -> None:
    for name in ("money-flow", "sites-on-map", "routes-and-innovations"):
        width = float(ET.fromstring(client.get(f"/queries/{name}.svg").text).attrib["width"])
        answer = client.get(f"/queries/{name}.png")
        assert answer.mimetype == "image/png"
        assert answer.data.startswith(b"\x89PNG")
        assert abs(int.from_bytes(answer.data[16:20], "big") - 2 * width) <= 2


def test_a_picture_of_a_graph_that_changed_meanwhile_is_not_kept_for_the_new_one(bare: plain.Plain) -> None:
    drawing = Drawing("bar", (("y", ("a",)),))

    def asked(value: str, *, changing: bool = False) -> Laid:
        found = Laid(Table.of(["a"], [{"a": {"type": "literal", "value": value}}]))
        if changing:
            bare.change("INSERT DATA { <x:s> <x:p> 1 }")
        return found

    with bare.app.test_request_context("/"):
        old, new = (pictures.sent(lambda said=said: asked(said, changing=said == "before"), ("q",), drawing,
                                  pictures.SPECIFICATION, "q").get_data(as_text=True) for said in ("before", "after"))
    assert '"before"' in old
    assert '"after"' in new
