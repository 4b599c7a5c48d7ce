"""Content negotiation held against a second reading of RFC 9110, section 12.5.1, on made-up Accept headers."""

import re
from collections.abc import Iterable
from typing import NamedTuple

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carekg.web import formats

TABLES = {"SELECT ?s WHERE { ?s ?p ?o } LIMIT 1": formats.RESULTS,
          "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 1": formats.GRAPHS}
MEDIA = sorted({media for table in TABLES.values() for one in table for media in one.media})
OTHERS = ["image/png", "application/pdf", "text/markdown", "application/vnd.example+json", "x/y"]
PIECES = [*MEDIA[:4], "*/*", "text/*", "text/html", ";", ",", "q=", "Q=1", "0.5", "nan", "-1", "1e9", "inf", '"', "\\",
          "=", "/", "*", " ", "charset=utf-8", 'profile="a,b;q=0"', "q=0;q=1"]
PRINTABLE = st.characters(min_codepoint=32, max_codepoint=126)
MANY = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Range(NamedTuple):
    """A media range: what it names, its weight as it is written, and how it is written."""

    name: str
    weight: str
    written: str


@st.composite
def ranges(draw: st.DrawFn) -> Range:
    """Media ranges as the grammar has them, with its freedoms: case, space, parameters, up to three decimals."""
    name = draw(st.sampled_from([*MEDIA, *OTHERS, "application/*", "text/*", "image/*", "*/*"]))
    weight = draw(st.sampled_from(["", "", "0", "0.0", "0.000", "0.001", "0.2", "0.25", "0.5", "0.999", "1", "1."]))
    shown = draw(st.sampled_from([name, name.upper(), name.title()]))
    space = draw(st.sampled_from(["", " ", "\t", "  "]))
    q = draw(st.sampled_from(["q", "Q"]))
    return Range(name, weight or "1", shown + (f"{space};{space}{q}={weight}" if weight else ""))


HEADERS = st.lists(ranges(), min_size=1, max_size=6, unique_by=lambda one: one.name)
"""No range comes twice: the specification does not say what that would mean."""


def quality(media: str, accepted: Iterable[Range]) -> float:
    """How much a media type is wanted: the weight of the range that fits it most precisely, nothing where none fits."""
    weights = {one.name: float(one.weight) for one in accepted}
    for fitting in (media, re.sub("/.*", "/*", media), "*/*"):
        if fitting in weights:
            return weights[fitting]
    return 0.0


@pytest.mark.parametrize("query", list(TABLES), ids=["table", "graph"])
@given(accepted=HEADERS, comma=st.sampled_from([",", ", ", " ,", ",,", " , , "]))
@MANY
def test_the_type_that_comes_is_one_that_is_wanted_most(
    query: str, client: FlaskClient, accepted: list[Range], comma: str
) -> None:
    header = comma.join(one.written for one in accepted)
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": header})
    wanted = {media: quality(media, accepted) for one in TABLES[query] for media in one.media}
    if not any(wanted.values()):
        assert answer.status_code == 406
        assert all(one.media[0] in answer.text for one in TABLES[query])
    else:
        assert answer.status_code == 200
        assert wanted[answer.mimetype] == max(wanted.values())
    assert "accept" in answer.headers["Vary"].lower()


@pytest.mark.parametrize("query", list(TABLES), ids=["table", "graph"])
@given(header=st.one_of(st.text(PRINTABLE, max_size=60), st.lists(st.sampled_from(PIECES), max_size=12).map("".join)))
@MANY
def test_no_accept_header_is_too_odd_to_answer(query: str, client: FlaskClient, header: str) -> None:
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": header})
    assert answer.status_code in (200, 406)
    if answer.status_code == 200:
        assert answer.mimetype in {media for one in TABLES[query] for media in one.media} | {"text/html"}


@pytest.mark.parametrize(("header", "comes"), [
    ("", "application/sparql-results+json"),
    ("*/*", "application/sparql-results+json"),
    ("text/*", "text/csv"),
    ("text/csv;q=0.1, text/*;q=0.9", "text/tab-separated-values"),
    ("text/csv; charset=utf-8", "text/csv"),
    ("application/json", "application/json"),
    ("application/sparql-results+xml;q=0.5, application/sparql-results+json;q=0.4", "application/sparql-results+xml"),
    ("*/*;q=0.1, text/tab-separated-values", "text/tab-separated-values"),
    ("text/csv;q=0, */*", "application/sparql-results+json"),
])
def test_what_comes_for_headers_that_clients_send(client: FlaskClient, header: str, comes: str) -> None:
    answer = client.get("/sparql", query_string={"query": next(iter(TABLES))}, headers={"Accept": header})
    assert (answer.status_code, answer.mimetype) == (200, comes)
