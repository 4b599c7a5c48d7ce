"""Whatever is typed, nothing breaks, nothing is injected, and every answer guards itself."""

import dataclasses
import time
import urllib.parse

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from carekg import query, web

SAMPLE = "/queries/innovations-by-route-and-factor"
HOSTILE = [
    '"',
    "'",
    "\\",
    "}",
    "> } DROP ALL",
    "route:partnerships> } DROP ALL #",
    "}\n} ; DROP ALL #",
    '"""',
    "\r\n\r\nSet-Cookie: a=b",
    "\x00",
    "<a b>",
    "<>",
    "https://",
    "route:",
    "../../etc/passwd",
    "{{ 7 * 7 }}",
    "%s%n",
    "\u202e\ufeff\U0001f600",
    "<script>alert(1)</script>",
    "'><img src=x onerror=alert(1)>",
]
ECHO = """#+ summary: What was said?
#+ parameters:
#+   - name: said
#+     label: text
#+     type: text
#+   - name: several
#+     label: text
#+     type: text
#+     optional: true
#+     repeatable: true
SELECT ?shown WHERE {
  BIND($said AS ?shown)
  OPTIONAL { FILTER(?shown = $several) }
}
"""


@pytest.fixture(scope="session")
def echo(asker: query.Asker, tmp_path_factory: pytest.TempPathFactory) -> query.Asker:
    """Asks one question that answers with the very text that it was given."""
    path = tmp_path_factory.mktemp("echo") / "echo.rq"
    path.write_text(ECHO, encoding="utf-8")
    return query.Asker({"echo": query.load(path)}, asker.graph)


def refusal(answer: TestResponse) -> str:
    """The one short sentence that says what is wrong with a request."""
    assert answer.status_code == 400
    assert answer.text.endswith("\n")
    assert answer.text.rstrip("\n").endswith((".", "?"))
    assert len(answer.text) < 500
    return answer.text


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_is_refused_in_a_sentence(value: str, client: FlaskClient) -> None:
    told = refusal(client.get(f"{SAMPLE}.csv", query_string={"route": value}))
    assert "is not a scaling route" in told


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_is_escaped_on_the_page_that_refuses_it(value: str, client: FlaskClient) -> None:
    for name in ("route", value):
        answer = client.get(SAMPLE, query_string={name: value}, headers={"Accept": "text/html"})
        assert answer.status_code == 400
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text
        assert "Set-Cookie" not in answer.headers
        assert "49" not in answer.text.partition('role="alert"')[2].partition("</p>")[0]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_address_is_not_found_and_escaped(value: str, client: FlaskClient) -> None:
    for place in ("/id/", "/concept/", "/queries/", "/query/", "/nope/"):
        address = place + urllib.parse.quote("x" + value, safe="")
        answer = client.get(address, headers={"Accept": "text/html"}, follow_redirects=True)
        assert answer.status_code == 404, place
        assert "<script>alert" not in answer.text
        assert "<img src=x" not in answer.text


@given(value=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
@settings(max_examples=60, deadline=None)
def test_no_text_as_a_value_ever_breaks_a_question(value: str, client: FlaskClient) -> None:
    answer = client.get(f"{SAMPLE}.csv", query_string={"strength": value})
    assert answer.status_code in (200, 400)
    assert answer.status_code == 200 or "is not a strength" in answer.text


@given(value=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200).filter(str.strip))
@settings(max_examples=100, deadline=None)
def test_a_text_comes_back_as_it_was_given_and_nothing_of_it_is_run(value: str, echo: query.Asker) -> None:
    table = query.Table.from_json(echo.ask(echo.queries["echo"], {"said": [value], "several": [value, "x"]}).read())
    assert [row.cells[0].text for row in table.rows()] == [value]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_text_comes_back_as_it_was_given(value: str, echo: query.Asker) -> None:
    test = web.create_app(echo).test_client()
    answer = test.get("/queries/echo.json", query_string={"said": value})
    assert answer.json
    assert [row["shown"]["value"] for row in answer.json["results"]["bindings"]] == [value]
    page = test.get("/queries/echo", query_string={"said": value}, headers={"Accept": "text/html"})
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text


def test_a_label_with_markup_is_shown_and_not_obeyed(asker: query.Asker) -> None:
    one = dataclasses.replace(asker.queries["disagreements"], summary="Is <b>this</b> bold?", when_empty="<i>")
    page = web.create_app(query.Asker({one.name: one}, asker.graph)).test_client().get(
        "/queries/disagreements", headers={"Accept": "text/html"})
    assert "Is &lt;b&gt;this&lt;/b&gt; bold?" in page.text
    assert "<b>this" not in page.text


# --- size and depth --------------------------------------------------------------------------------------------


DEEP = {
    "braces": "ASK " + "{" * 20_000 + "}" * 20_000,
    "brackets": "ASK { FILTER(" + "(" * 20_000 + "1" + ")" * 20_000 + ") }",
    "conjunctions": "ASK { FILTER(" + " && ".join(["true"] * 20_000) + ") }",
    "a path": "ASK { ?s " + "/".join(["<a:b>"] * 20_000) + " ?o }",
    "comparisons": "ASK { ?s ?p " + "<" * 100_000,
}
SLOW = {
    "full stops": "ASK { ?s ?p " + "a." * 15_000,
    "prefixed names": "ASK { ?s ?p " + "a:b " * 15_000,
    "open strings": "ASK { ?s ?p " + "'a\\" * 15_000,
    "open long strings": "ASK { ?s ?p " + '"""a' * 15_000,
    "backslashes": "ASK { ?s ?p '" + "\\" * 40_001,
    "open addresses": "ASK { ?s ?p " + "<a" * 15_000,
    "percents": "ASK { ?s ?p " + "a:%2" * 15_000,
    "letters": "ASK { ?s ?p " + "a" * 60_000,
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_a_text_that_overflows_the_engine_is_answered_with_a_sentence(text: str, client: FlaskClient) -> None:
    answer = client.post("/sparql", data={"query": text})
    assert answer.status_code in (400, 413)
    assert answer.text.endswith(".\n")
    assert client.get("/sparql", query_string={"query": "ASK {}"}).status_code == 200


@pytest.mark.parametrize("text", SLOW.values(), ids=SLOW)
def test_a_text_is_looked_through_in_one_pass(text: str, client: FlaskClient) -> None:
    began = time.process_time()
    answer = client.post("/sparql", data={"query": text})
    assert answer.status_code in (400, 413)
    assert time.process_time() - began < 0.5


def test_a_value_of_a_megabyte_is_refused_in_a_short_sentence(client: FlaskClient) -> None:
    told = refusal(client.get(f"{SAMPLE}.csv", query_string={"route": "x" * 1_000_000}))
    assert "is not a scaling route" in told


def test_a_thousand_parameters_are_refused_by_the_first(client: FlaskClient) -> None:
    told = refusal(client.get(f"{SAMPLE}.csv", query_string={f"a{n}": "1" for n in range(1_000)}))
    assert "`a0`" in told


@pytest.mark.parametrize(("size", "status"), [(1_000_001, 413), (3_000_000, 413)])
def test_a_query_that_is_too_long_is_told_how_long_it_may_be(size: int, status: int, client: FlaskClient) -> None:
    answer = client.post("/sparql", data={"query": "ASK {}".ljust(size)})
    assert answer.status_code == status
    assert "most that is read" in answer.text
