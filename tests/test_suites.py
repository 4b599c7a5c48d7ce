"""What the W3C suites are run with finds what is wrong."""

import pyoxigraph as ox

from suites.answers import described, graph, table, truth
from suites.engine import InProcess, Reading
from suites.known import FAILS, PASSES, Known, news
from suites.rows import same, same_in_order

A, B = ox.NamedNode("http://example.org/a"), ox.NamedNode("http://example.org/b")
X, Y, Z = ox.BlankNode("x"), ox.BlankNode("y"), ox.BlankNode("z")
CSV = "text/csv"
HERE = "http://example.org/"


def test_rows_are_the_same_in_any_order_and_as_often() -> None:
    assert same([(A,), (B,), (A,)], [(B,), (A,), (A,)])
    assert not same([(A,), (B,), (A,)], [(B,), (A,), (B,)])
    assert not same([(A,)], [(A,), (A,)])


def test_blank_nodes_may_have_other_names_and_stay_apart() -> None:
    assert same([(X, Y), (Y, X)], [(Z, X), (X, Z)])
    assert not same([(X, Y)], [(Z, Z)])
    assert not same([(X, X)], [(X, Y)])
    assert not same([(X,)], [(A,)])


def test_a_blank_node_inside_a_triple_term_counts() -> None:
    assert same([(ox.Triple(X, A, B), X)], [(ox.Triple(Y, A, B), Y)])
    assert not same([(ox.Triple(X, A, B), X)], [(ox.Triple(Y, A, B), Z)])


def test_what_is_unbound_is_not_a_term() -> None:
    assert not same([(None,)], [(A,)])
    assert not same([(None,)], [(X,)])


def test_an_order_that_matters_is_held() -> None:
    assert same_in_order([(A,), (X,)], [(A,), (Y,)])
    assert not same_in_order([(A,), (B,)], [(B,), (A,)])
    assert not same_in_order([(A,)], [(A,), (A,)])


def test_columns_may_come_in_another_order_and_may_not_be_missing() -> None:
    expected = table(b"a,b\r\n1,2\r\n", CSV)
    assert expected.agrees(table(b"b,a\r\n2,1\r\n", CSV))
    assert not expected.agrees(table(b"b,a\r\n1,2\r\n", CSV))
    assert not expected.agrees(table(b"a\r\n1\r\n", CSV))


def test_a_lax_answer_may_repeat_rows_and_not_invent_them() -> None:
    expected = table(b"a\r\n1\r\n1\r\n", CSV)
    assert expected.agrees(table(b"a\r\n1\r\n", CSV), lax=True)
    assert not expected.agrees(table(b"a\r\n1\r\n", CSV))
    assert not expected.agrees(table(b"a\r\n2\r\n", CSV), lax=True)


def test_a_truth_is_not_its_opposite() -> None:
    assert truth(True).agrees(table(b'{"head":{},"boolean":true}', "application/sparql-results+json"))
    assert not truth(False).agrees(table(b'{"head":{},"boolean":true}', "application/sparql-results+json"))


def test_a_result_set_in_turtle_is_a_table_in_its_order() -> None:
    turtle = b"""@prefix rs: <http://www.w3.org/2001/sw/DataAccess/tests/result-set#> .
        [] a rs:ResultSet ; rs:resultVariable "a", "b" ;
          rs:solution [ rs:index 2 ; rs:binding [ rs:variable "a" ; rs:value "second" ] ] ,
                      [ rs:index 1 ; rs:binding [ rs:variable "a" ; rs:value "first" ] ] ."""
    found = described(turtle, "text/turtle", "http://example.org/")
    assert (found.columns, found.ordered) == (("a", "b"), True)
    assert found.rows == [(ox.Literal("first"), None), (ox.Literal("second"), None)]


def test_turtle_that_is_no_result_set_is_a_graph() -> None:
    turtle = b"<http://example.org/a> <http://example.org/b> 1 ."
    assert described(turtle, "text/turtle", HERE).agrees(graph(turtle, "text/turtle", HERE))


def test_the_engine_tells_what_is_malformed_from_what_it_cannot_do() -> None:
    engine = InProcess()
    assert engine.reads("SELECT * { ?s ?p ?o }", "http://example.org/", update=False) is Reading.FINE
    assert engine.reads("DROP GRAPH <nobody>", "http://example.org/", update=True) is Reading.FINE
    assert engine.reads("SELECT * { ?s ?p }", "http://example.org/", update=False) is Reading.MALFORMED


def test_news_is_what_fails_unlisted_and_what_passes_listed() -> None:
    known = {("s", "old"): Known("s", "old", FAILS, PASSES, "why")}
    outcomes = {("s", "old"): "", ("s", "new"): "broken", ("s", "fine"): ""}
    assert news(outcomes, known, "engine") == ["s old passes, and is listed as failing", "s new fails: broken"]
    assert news({("s", "old"): "as ever"}, known, "engine") == []
    assert news({("s", "old"): "oh"}, known, "server") == ["s old fails: oh"]
