"""Whatever is typed for a parameter of a prepared query, there is an answer or a sentence that says what is wrong."""

from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carekg.query import Asker

ODD = [
    "", " ", "\x00", "' OR 1=1 --", '"""', "<x:y>", "} UNION { ?s ?p ?o", "\\u0022", "?x", "$", "%00", "%s", "{0}",
    "../..", "-1", "0", "1e400", "9" * 400, "NaN", "2024-02-30", "true", "\ud7ff", "\U0010ffff", "e\u0301", "\u202e",
    "a\nb", "x" * 5000,
]
"""Texts that have broken something somewhere."""

TYPED = st.one_of(st.text(max_size=40), st.sampled_from(ODD), st.integers().map(str), st.dates().map(str))


@pytest.fixture(scope="module")
def parameters(asker: Asker) -> list[tuple[str, Any]]:
    """Every parameter of every prepared query."""
    found = [(query.name, one) for query in asker.queries.values() for one in query.parameters]
    assert len(found) > 20
    return found


@pytest.mark.heavy
@given(data=st.data())
@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_for_a_parameter_is_answered_or_told_to_be_wrong(
    client: FlaskClient, parameters: list[tuple[str, Any]], data: st.DataObject
) -> None:
    name, parameter = data.draw(st.sampled_from(parameters), label="parameter")
    values = data.draw(st.lists(TYPED, min_size=1, max_size=3), label="values")
    form = data.draw(st.sampled_from(["html", "json", "csv", "tsv", "xml", "turtle"]), label="form")
    answer = client.get(f"/queries/{name}", query_string={parameter.name: values, "format": form})
    assert answer.status_code in (200, 400, 406)
    if answer.status_code == 406:
        assert form in answer.text
    elif answer.status_code == 400 and form != "html":
        assert answer.text.count("\n") == 1
        assert "Traceback" not in answer.text


@given(name=st.text(min_size=1, max_size=20), value=TYPED)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_name_that_is_no_parameter_is_told_with_those_that_are(client: FlaskClient, name: str, value: str) -> None:
    answer = client.get("/queries/innovations-by-route.csv", query_string={name: value})
    if name not in ("route", "format"):
        assert answer.status_code == 400
        assert "route" in answer.text


@given(names=st.lists(st.text(max_size=30), max_size=3))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_path_below_the_queries_is_answered_or_not_found(client: FlaskClient, names: list[str]) -> None:
    answer = client.get("/queries/" + "/".join(quote(name, safe="") for name in names))
    assert answer.status_code in (200, 301, 308, 404)
