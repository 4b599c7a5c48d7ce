"""A table that is cut has just its first rows, whatever stands in them, and says that it was cut."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

import small
from carekg import query, web
from carekg.reader import rows
from carekg.reader.asking import GRAPH_FORMATS, RESULT_FORMATS
from carekg.settings import load
from carekg.store import Manifest
from carekg.store.asked import Limits, Question
from carekg.store.embedded import EmbeddedStore
from carekg.store.readers import Readers
from carekg.web import formats

Term = ox.NamedNode | ox.Literal | ox.Triple
RESULT = "{http://www.w3.org/2005/sparql-results#}result"

NASTY = [
    "", " ", '"', '""', "'", '"}},{"x":', "}},{", "}},{}", '"}},{},{"', "{}", ",{},{", "[{},{", "\\", '\\"', '\\\\"}}',
    "</result>", "</result><result>", "&lt;/result&gt;&", "]]>", "<!--", "\r\n", "\n", "\r", "a\r\n,b", '\r\n"', ",",
    '","', "\t", "a\tb\n", "é", "\u2028", "\U0001f600", "﻿", "x" * 300, '"}}' * 100, "]}}", '"x":{"type"',
]
LITERALS = st.sampled_from(NASTY) | st.text(st.sampled_from('"\\{}[],:<>/&\r\n\t x\u2028é'), max_size=12)
TERMS = (
    LITERALS.map(ox.Literal)
    | LITERALS.map(lambda text: ox.Literal(text, language="en"))
    | st.just(ox.NamedNode("http://example.org/a?b='c,;&d"))
    | LITERALS.map(lambda text: ox.Triple(ox.NamedNode("x:a"), ox.NamedNode("x:p"), ox.Literal(text)))
    | st.none()
)


class Recorder:
    """A channel that keeps the payloads of the frames that it is given."""

    def __init__(self) -> None:
        self.body = b""

    def sendall(self, data: bytes) -> None:
        assert data[:1] == b"D"
        assert int.from_bytes(data[1:5], "big") == len(data) - 5
        self.body += data[5:]


def written(term: Term | None) -> str:
    """A term as SPARQL has it."""
    return "UNDEF" if term is None else f"<<( {term} )>>" if isinstance(term, ox.Triple) else str(term)


def table(found: list[tuple[Term | None, ...]], columns: int) -> ox.QuerySolutions:
    """A result that consists of these rows."""
    names = " ".join(f"?v{number}" for number in range(columns))
    values = " ".join(f"({' '.join(map(written, row))})" for row in found)
    return ox.Store().query(f"SELECT {names or '*'} {{ VALUES ({names}) {{ {values} }} }}")  # type: ignore[return-value]


def parsed(form: str, body: bytes) -> list[object]:
    """The rows of a table, read by somebody else."""
    if form == "json":
        return list(json.loads(body)["results"]["bindings"])
    if form == "xml":
        return [ElementTree.tostring(row) for row in ElementTree.fromstring(body).iter(RESULT)]
    if form == "csv":
        return list(csv.reader(io.StringIO(body.decode(), newline="")))[1:]
    lines = body.decode().split("\n")
    assert lines.pop() == ""
    return list(lines[1:])


def counted(form: str, results: ox.QuerySolutions, most: int) -> tuple[bytes, bool]:
    """A table as it goes through the counting, and whether it was cut."""
    channel = Recorder()
    pieces = rows.Counted(channel, form, most)  # type: ignore[arg-type]
    try:
        results.serialize(pieces, format=RESULT_FORMATS[form])
        pieces.flush()
    except rows.Full:
        assert pieces.full
    return channel.body, pieces.full


@pytest.mark.parametrize("form", RESULT_FORMATS)
@settings(max_examples=60, deadline=None)
@given(columns=st.integers(0, 3), data=st.data())
def test_a_table_that_is_cut_is_just_its_first_rows(form: str, columns: int, data: st.DataObject) -> None:
    terms = TERMS.filter(lambda term: form != "csv" or not isinstance(term, ox.Triple))  # which CSV has no way for
    found = data.draw(st.lists(st.tuples(*[terms] * columns), max_size=8))
    most, piece = data.draw(st.integers(1, 9)), data.draw(st.integers(1, 400))
    whole = table(found, columns).serialize(format=RESULT_FORMATS[form])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "PIECE", piece)
        body, cut = counted(form, table(found, columns), most)
    assert whole is not None
    assert cut == (len(found) > most)
    assert cut or body == whole
    if form != "csv" or columns:  # a row of no columns is an empty line, and the csv module passes over it
        assert parsed(form, body) == parsed(form, whole)[:most]


@pytest.mark.parametrize("form", RESULT_FORMATS)
@pytest.mark.parametrize("text", ["short", "x" * 100_000, '"}},{"v0":\r\n</result><result>' * 4_000])
def test_rows_larger_than_a_piece_are_counted(form: str, text: str) -> None:
    found = [(ox.Literal(f"{text}{number}"),) for number in range(20)]
    whole = table(found, 1).serialize(format=RESULT_FORMATS[form])
    assert whole is not None
    body, cut = counted(form, table(found, 1), 7)
    assert cut
    assert parsed(form, body) == parsed(form, whole)[:7]
    assert counted(form, table(found, 1), 20) == (whole, False)


# --- through reader processes --------------------------------------------------------------------------------------


THINGS = 4000
ALL = "SELECT ?s ?o WHERE { ?s ?p ?o } ORDER BY ?s ?o"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    """A store with long and nasty texts: a result has many pieces."""
    quads = [ox.Quad(ox.NamedNode(f"{small.HOME}s{n:05d}"), ox.NamedNode(f"{small.HOME}p"),
                     ox.Literal(f"{NASTY[n % len(NASTY)]}{'y' * (n % 90)}")) for n in range(THINGS)]
    with EmbeddedStore(tmp_path_factory.mktemp("rows") / "store") as made:
        text = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
        made.replace([text], Manifest("d", "2026-01-01T00:00:00+00:00", THINGS, plain=True))
        yield made


@pytest.mark.heavy
@pytest.mark.parametrize("form", RESULT_FORMATS)
def test_a_reader_cuts_long_tables_at_any_row(form: str, store: EmbeddedStore) -> None:
    whole = store.answer(Question(ALL, form))
    assert whole.cut == 0
    everything = parsed(form, whole.read())
    for most in (1, 2, 500, 1234, THINGS - 1):
        answer = store.answer(Question(ALL, form, rows=most))
        assert answer.cut == most
        assert parsed(form, answer.read()) == everything[:most]
    for most in (THINGS, THINGS + 1):
        answer = store.answer(Question(ALL, form, rows=most))
        assert answer.cut == 0
        assert parsed(form, answer.read()) == everything


# --- through the web -----------------------------------------------------------------------------------------------


MOST = 3


@pytest.fixture(scope="module")
def cutting(store: EmbeddedStore) -> FlaskClient:
    """A client of an application whose answers have few rows."""
    return web.create_app(query.Asker({}, store), replace(load(), rows=MOST)).test_client()


@pytest.mark.parametrize("form", RESULT_FORMATS)
def test_a_table_that_was_cut_says_so_in_its_header(form: str, cutting: FlaskClient) -> None:
    answer = cutting.get("/sparql", query_string={"query": ALL, "format": form})
    assert answer.status_code == 200
    assert answer.headers[formats.CUT] == str(MOST)
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert len(parsed(form, answer.data)) == MOST
    whole = cutting.get("/sparql", query_string={"query": f"{ALL} LIMIT {MOST}", "format": form})
    assert formats.CUT not in whole.headers
    assert parsed(form, whole.data) == parsed(form, answer.data)


def test_a_cut_table_in_json_links_to_what_that_means(cutting: FlaskClient) -> None:
    cut = cutting.get("/sparql", query_string={"query": ALL}).get_json()
    assert cut["head"] == {"link": ["http://localhost/sparql#cut"], "vars": ["s", "o"]}
    assert "link" not in cutting.get("/sparql", query_string={"query": f"{ALL} LIMIT 1"}).get_json()["head"]


def test_a_cut_table_in_xml_links_to_what_that_means(cutting: FlaskClient) -> None:
    for text, names in ((ALL, ["s", "o"]), ("SELECT * { { ?s ?p ?o } UNION { ?s ?p ?o } }", ["s", "p", "o"])):
        cut = cutting.get("/sparql", query_string={"query": text, "format": "xml"})
        head = ElementTree.fromstring(cut.data)[0]
        assert [one.tag.partition("}")[2] for one in head] == ["variable"] * len(names) + ["link"]
        assert head[-1].attrib == {"href": "http://localhost/sparql#cut"}
        assert b"<!--" not in cut.data
    whole = cutting.get("/sparql", query_string={"query": f"{ALL} LIMIT 1", "format": "xml"})
    assert b"<link" not in whole.data


MARKED = [name for name in GRAPH_FORMATS if name != "json-ld"]


@pytest.mark.parametrize("form", GRAPH_FORMATS)
def test_a_graph_that_was_cut_says_so_and_still_parses(form: str, cutting: FlaskClient) -> None:
    text = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(STRLEN(?o) > 20 && !REGEX(?o, '[^a-z]')) }"
    answer = cutting.get("/sparql", query_string={"query": text, "format": form})
    assert answer.headers[formats.CUT] == str(MOST)
    assert len(list(ox.parse(answer.data, GRAPH_FORMATS[form]))) == MOST
    assert (re.search(rb"Cut after 3 triples", answer.data) is not None) == (form in MARKED)
    whole = cutting.get("/sparql", query_string={"query": f"{text} LIMIT {MOST}", "format": form})
    assert formats.CUT not in whole.headers
    assert b"Cut after" not in whole.data


def test_readers_without_a_limit_of_rows_cut_nothing(store: EmbeddedStore) -> None:
    path = next(store.path.glob("generation-*")) / "quads"
    with Readers(path, Limits(10)) as pool:
        answer = pool.answer(Question(ALL, "csv"))
        assert answer.cut == 0
        assert len(parsed("csv", answer.read())) == THINGS
