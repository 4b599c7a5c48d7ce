"""Tokens of a SPARQL text: enough to tell its words from its strings, comments and IRIs."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carekg import errors, syntax

PIECES = st.sampled_from([
    "SELECT", "?x", "$y", "<http://e/a>", '"a"', "'b'", '"""', "'''", '"', "'", "\\", "#", "\n", "\r", " ", "{", "}",
    "<", ">", "SERVICE", "service", "@en", "^^", "a:b", ":", "_:b", "1.5", ".", ",", "é", "\u2028", "\x00", "%20", "&&",
    "\\u0053",
])


@given(st.text() | st.lists(PIECES).map("".join))
def test_the_tokens_of_any_text_joined_are_the_text(text: str) -> None:
    found = list(syntax.tokens(text))
    assert "".join(token.text for token in found) == text
    assert [token.start for token in found] == [sum(len(t.text) for t in found[:n]) for n in range(len(found))]


HARMLESS = {
    "in a string": 'SELECT * { ?s ?p "SERVICE <http://e/> LOAD" }',
    "in a string of single quotes": "SELECT * { ?s ?p 'SERVICE' }",
    "in a long string": 'SELECT * { ?s ?p """a "SERVICE" \n LOAD""" }',
    "in a long string of single quotes": "SELECT * { ?s ?p '''it's a 'SERVICE' ''' }",
    "after an escaped quote": r'SELECT * { ?s ?p "a\"SERVICE" }',
    "in a comment": "SELECT * { # SERVICE <http://e/>\n ?s ?p ?o }",
    "in a comment at the end": "SELECT * { ?s ?p ?o } # LOAD",
    "in an IRI": "SELECT * { ?s <http://example.org/SERVICE> <http://example.org/a#LOAD> }",
    "as a variable": "SELECT ?service $LOAD { ?service ?p $LOAD }",
    "in a prefixed name": "PREFIX x: <http://e/> SELECT * { ?s x:SERVICE x:a.LOAD }",
    "as a prefix": "PREFIX service: <http://e/> SELECT * { ?s service:x ?o }",
    "in an escaped name": "PREFIX x: <http://e/> SELECT * { ?s x:a\\-SERVICE ?o }",
    "as a blank node": "SELECT * { _:SERVICE ?p ?o }",
    "as a part of a word": "SELECT ?services { ?services ?loaded ?o }",
    "as the tag of a language": 'SELECT * { ?s ?p "x"@service }',
}


@pytest.mark.parametrize("case", HARMLESS)
def test_a_word_that_is_no_keyword_passes(case: str) -> None:
    syntax.refuse_what_leaves(HARMLESS[case])
    assert not {"SERVICE", "LOAD"} & set(syntax.words(HARMLESS[case]))


LEAVING = {
    "plain": "SELECT * { SERVICE <http://e/> { ?s ?p ?o } }",
    "small letters": "SELECT * { service <http://e/> { ?s ?p ?o } }",
    "mixed letters": "SELECT * { sErViCe <http://e/> { ?s ?p ?o } }",
    "silently": "SELECT * { SERVICE SILENT <http://e/> { ?s ?p ?o } }",
    "without spaces": "SELECT*{SERVICE<http://e/>{?s?p?o}}",
    "by a variable": "SELECT * { VALUES ?e { <http://e/> } SERVICE ?e { ?s ?p ?o } }",
    "after a comment": "SELECT * { # hello\nSERVICE <http://e/> { ?s ?p ?o } }",
    "before a comment": "SELECT * { SERVICE # hello\n<http://e/> { ?s ?p ?o } }",
    "after a string": "SELECT * { ?s ?p 'x'SERVICE <http://e/> { ?s ?p ?o } }",
    "after a long string": 'SELECT * { ?s ?p """x"""SERVICE <http://e/> { ?s ?p ?o } }',
    "after an IRI": "SELECT * { ?s ?p <http://e/>SERVICE <http://e/> { ?s ?p ?o } }",
    "after a variable and a dot": "SELECT * { ?s ?p ?o.SERVICE <http://e/> { ?s ?p ?o } }",
    "deep inside": "SELECT * { OPTIONAL { { SELECT * { SERVICE <http://e/> { ?s ?p ?o } } } } }",
    "load": "LOAD <http://e/>",
    "load into a graph": "load silent <http://e/> INTO GRAPH <http://e/g>",
}


@pytest.mark.parametrize("case", LEAVING)
def test_a_query_that_would_open_an_address_is_refused_in_a_sentence(case: str) -> None:
    with pytest.raises(errors.Refused, match=r"^(SERVICE|LOAD) is refused: .*\.$"):
        syntax.refuse_what_leaves(LEAVING[case])


def test_a_text_that_is_too_long_is_refused() -> None:
    syntax.refuse_what_leaves("ASK {}" + " " * (syntax.LONGEST - 6))
    with pytest.raises(errors.TooLong, match=r"1,000,001 characters"):
        syntax.refuse_what_leaves("ASK {}" + " " * (syntax.LONGEST - 5))


@pytest.mark.parametrize(("text", "expected"), [
    ("INSERT DATA { }", True),
    ("PREFIX insert: <http://e/> SELECT * { }", False),
    ("# DELETE\nSELECT * { }", False),
    ("BASE <http://e/> DELETE WHERE { ?s ?p ?o }", True),
    ("WITH <http://e/g> DELETE { } WHERE { }", True),
    ("SELECT ?insert { ?insert ?p 'DELETE' }", False),
    ("ASK { }", False), ("clear all", True), ("", False),
])
def test_an_update_is_told_from_a_query(text: str, expected: bool) -> None:
    assert syntax.is_update(text) == expected


@pytest.mark.parametrize(("text", "expected"), [
    ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", True), ("describe <http://e/>", True),
    ("SELECT * { }", False), ("ASK { ?s ?p 'CONSTRUCT' }", False),
    ("# CONSTRUCT\nSELECT ?describe { ?describe ?p ?o }", False),
    ("PREFIX construct: <http://e/construct> ASK { }", False), ("", False),
])
def test_a_query_for_a_graph_is_told_from_one_for_a_table(text: str, expected: bool) -> None:
    assert syntax.asks_for_graph(text) == expected


@pytest.mark.parametrize(("text", "told"), [
    ("SELEC * WHERE { ?s ?p ?o }", ("`SELEC` begins no query, SELECT may be meant", 1, 1)),
    ("PREFIX a: <x:>\n slect ?x { }", ("`slect` begins no query, SELECT may be meant", 2, 2)),
    ("# a\nBASE <x:> hello", ("`hello` begins no query", 2, 11)),
])
def test_a_word_with_which_no_query_begins_is_told_where_it_stands(
    text: str, told: tuple[str, int, int]
) -> None:
    assert _told(text) == told


COUNTED = "SELECT names a variable without a value; where it counts or groups, name each plain variable in GROUP BY"


@pytest.mark.parametrize(("text", "told"), [
    ("SELECT * WHERE { ?s ?p ?o } }", ("`}` closes no `{`", 1, 29)),
    ("SELECT * { ?s ?p ?o) }", ("`)` closes no `(`", 1, 20)),
    ("SELECT * {\n ?s ?p ?o", ("it ends too early: a `{` is not closed", 2, 10)),
    ("SELECT * { ?s ?p 'abc }", ("a string begins here that is not closed", 1, 18)),
    ("SELECT ?s (COUNT(*) AS ?n) WHERE {?s ?p ?o}", (COUNTED, 1, 44)),
    ("SELECT ?s { ?s ?p ?o } GROUP BY ?o", (COUNTED, 1, 35)),
    ("SELECT * { ?s ?p ?o } GROUP BY ?s", ("`SELECT *` cannot stand with GROUP BY; name the variables", 1, 34)),
    ("SELECT ?x ?x { ?s ?p ?x }", ("SELECT names a variable twice", 1, 26)),
    ("\ufeffSELECT * { ?s ?p ?o }", ("it begins with a byte order mark; leave that out", 1, 1)),
    ("SELECT * WHERE { ?s <not an iri> ?o }", ("`<not an iri>` is not an IRI", 1, 21)),
    ("SELECT * WHERE { ?s <rel> ?o }", ("`<rel>` is relative, and no BASE says to what", 1, 21)),
    ("SELECT * { _:a <x:b> ?o . ?s skos:broader ?o }",
     ("the prefix `skos:` is not declared; add `PREFIX skos: <http://www.w3.org/2004/02/skos/core#>`", 1, 30)),
    (" # a\n", ("it is empty", 1, 1)),
])
def test_the_cause_is_told_where_it_is_known(text: str, told: tuple[str, int, int]) -> None:
    assert _told(text) == told


@pytest.mark.parametrize(("text", "told"), [
    ("SELECT * { FILTER(?x < 3 && ?y > 4 ?z) }", ("parsing stopped at `?z`", 1, 36)),
    ("SELECT * { ?s ?p ?o } LIMIT 5 LIMIT 6", ("parsing stopped within `LIMIT`", 1, 31)),
    ("SELECT * WHERE {\n  ?s ?p \n}", ("parsing stopped within `?s ?p }`", 2, 3)),
    ("SELECT * { ?s ?p ?o } GROUP BY", ("it ends too early", 1, 31)),
    ("SELECT * { ?s ?p 5e }", ("its parts do not fit together; parsing stopped near its end", 1, 22)),
    ("SELECT * { BIND(1 AS ?x) BIND(2 AS ?x) }",
     ("its parts do not fit together; parsing stopped near its end; BIND may name a variable that has a value already",
      1, 41)),
])
def test_where_the_cause_is_not_known_it_is_told_how_far_the_parser_came(
    text: str, told: tuple[str, int, int]
) -> None:
    assert _told(text) == told


@given(st.lists(PIECES).map("".join))
def test_any_text_that_does_not_parse_is_told_in_words_and_with_a_place_in_it(text: str) -> None:
    try:
        ox.Store().query(text)
    except SyntaxError as wrong:
        what, line, column = syntax.told(text, str(wrong))
        assert what
        assert 1 <= (line or 0) <= text.count("\n") + 1
        assert 1 <= (column or 0) <= len(text) + 1


def _told(text: str) -> tuple[str, int | None, int | None]:
    with pytest.raises(SyntaxError) as wrong:
        ox.Store().query(text)
    return syntax.told(text, str(wrong.value))
