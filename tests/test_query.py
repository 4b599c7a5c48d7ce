"""Prepared queries: what their files say, how values are bound into them, and their answers as tables."""

import re
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import small
from carekg import errors, folder, query
from carekg.query import Asker, Query
from carekg.query.ask import Choice, _by_name
from carekg.query.file import LITERALS, XSD

HEADER = """#+ summary: Which things have a value?
#+ tags: [things]
#+ parameters:
#+   - name: value
#+     label: value
#+     type: text
#+     optional: true
#+     repeatable: true
"""
BODY = "SELECT ?thing WHERE { ?thing <https://example.org/p> ?value } ORDER BY ?thing\n"

Maker = Callable[[str], Query]


@pytest.fixture
def loaded(tmp_path: Path) -> Maker:
    """Read a query from a file with the text given."""
    def load(text: str) -> Query:
        path = tmp_path / "queries" / "things-by-value.rq"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return query.load(path)
    return load


# --- the header ------------------------------------------------------------------------------------------------


def test_a_header_gives_the_question_and_its_parameters(loaded: Maker) -> None:
    one = loaded(HEADER + BODY)
    assert (one.name, one.summary, one.tags) == ("things-by-value", "Which things have a value?", ("things",))
    (parameter,) = one.parameters
    assert (parameter.name, parameter.type, parameter.optional, parameter.repeatable) == ("value", "text", True, True)
    assert one.body == BODY


def test_every_shipped_query_is_read(shipped: Path) -> None:
    found = query.catalogue(folder.queries(shipped))
    assert len(found) > 15
    assert [name for name, one in found.items() if not one.is_graph and "ORDER BY" not in one.body] == []


WRONG = {
    "no header": (BODY, "needs a summary that is a question"),
    "a summary that asks nothing": (HEADER.replace("value?", "value.") + BODY, "ends in `?`"),
    "a header that is no YAML": ("#+ summary: [a\n" + BODY, "header is not YAML"),
    "a header that is a list": ("#+ - a\n" + BODY, "needs a summary"),
    "an unknown key": ("#+ sumary: What?\n" + HEADER + BODY, "header has `sumary`; it takes "),
    "an unknown key of a parameter": (HEADER + "#+     lable: x\n" + BODY, "`lable"),
    "a parameter without a name": (HEADER.replace("- name: value", "- default: value") + BODY, "name"),
    "an unknown type": (HEADER.replace("type: text", "type: string") + BODY, "needs a type"),
    "a concept without its scheme": (HEADER.replace("type: text", "type: concept") + BODY, "needs a type"),
    "a parameter that is not used": (HEADER + BODY.replace("?value", "?other"), "`value` is not used"),
    "a parameter that is projected": (HEADER + BODY.replace("?thing WHERE", "?thing ?value WHERE"), "is projected"),
    "a text that does not parse": (HEADER + BODY.replace("}", ""), "things-by-value.rq:"),
    "a text that does not parse once bound": (
        HEADER + "SELECT ?thing WHERE { ?thing ?p ?o BIND(?o AS ?value) }", "things-by-value.rq:"),
    "a tally without its scheme": ("#+ tally: basis\n" + HEADER + BODY, "tally"),
    "parameters that are no list": ("#+ summary: What?\n#+ parameters: value\n" + BODY, "parameter"),
    "a label that is no text": (HEADER.replace("label: value", "label: 7") + BODY, "label"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_query_file_that_is_wrong_is_told_by_name(loaded: Maker, case: str) -> None:
    text, sentence = WRONG[case]
    with pytest.raises(errors.BrokenFile) as told:
        loaded(text)
    assert str(told.value).startswith("queries/things-by-value.rq")
    assert sentence in str(told.value)
    assert str(told.value).endswith(".")


def test_the_line_that_does_not_parse_is_counted_with_the_header(loaded: Maker) -> None:
    with pytest.raises(errors.BrokenFile) as told:
        loaded(HEADER + "SELECT ?thing\nWHERE {\n ?thing ?p ?? .\n ?thing ?p ?value }")
    assert told.value.line == HEADER.count("\n") + 3


# --- binding ---------------------------------------------------------------------------------------------------

DATA = small.triples(":a :p 'x' . :b :p 'y' . :c :p 'z' . :d :p '?value' . :e :p :a .")


def answers(text: str) -> list[str]:
    """The things that a text finds among the data."""
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in DATA)
    return [solution["thing"].value.removeprefix(small.HOME) for solution in store.query(text)]


def test_one_value_stands_in_the_place_of_the_variable(loaded: Maker) -> None:
    text = loaded(HEADER + BODY).bind({"value": [ox.Literal("y")]})
    assert '<https://example.org/p> "y"' in text
    assert answers(text) == ["b"]


def test_several_values_are_alternatives(loaded: Maker) -> None:
    assert answers(loaded(HEADER + BODY).bind({"value": [ox.Literal("x"), ox.Literal("z")]})) == ["a", "c"]


def test_without_a_value_the_question_stays_open(loaded: Maker) -> None:
    one = loaded(HEADER + BODY)
    assert one.bind({}) == BODY
    assert answers(one.bind({})) == list("abcde")


def test_nothing_in_strings_comments_or_iris_is_replaced(loaded: Maker) -> None:
    kept = ["# ?value in a comment", "'?value'", '"""a "$value" b"""', "<https://example.org/?value>", "?valued",
            "x:value"]
    text = (HEADER + "PREFIX x: <https://example.org/>\nSELECT ?thing WHERE { # ?value in a comment\n"
            "?thing <https://example.org/p> $value FILTER(?value != '?value' && ?valued != x:value) "
            'OPTIONAL { ?thing <https://example.org/?value> """a "$value" b""" , ?valued } }')
    bound = loaded(text).bind({"value": [ox.Literal("y")]})
    assert [one for one in kept if one not in bound] == []
    assert bound.count('"y"') == 2


def test_a_variable_goes_by_dollar_and_by_question_mark(loaded: Maker) -> None:
    one = loaded(HEADER + BODY.replace("?value }", "$value FILTER(?value != 'x') }"))
    assert answers(one.bind({"value": [ox.Literal("y")]})) == ["b"]
    assert answers(one.bind({"value": [ox.Literal("x")]})) == []


def test_a_parameter_inside_optional_exists_and_subqueries_is_bound_there(loaded: Maker) -> None:
    one = loaded(HEADER + "SELECT ?thing WHERE { ?thing <https://example.org/p> ?o "
                 "FILTER EXISTS { ?thing <https://example.org/p> ?value } "
                 "{ SELECT ?thing WHERE { ?thing <https://example.org/p> ?value } } }")
    assert answers(one.bind({"value": [ox.Literal("z")]})) == ["c"]


TEXTS = st.text(min_size=1, max_size=60) | st.sampled_from([
    '"', "'", "\\", '"""', "'''", '" . ?s ?p ?o . "', "} #", "x' UNION { }", "\\u0022", "\n\r\t", "?value", "$value",
    "<https://example.org/>", "\x00", "\ufeff", "\u2028", "é\u0301", "😀", "@en", "^^<x>", "%22"])
PROJECTED = BODY.replace("?thing WHERE", "?thing ?value WHERE")
PLAIN = Query("q", Path("q.rq"), HEADER + BODY, "What?", "", (), ())


@settings(deadline=None, max_examples=150)
@example("'''", "\"\"\"")
@given(TEXTS, TEXTS)
def test_a_hostile_text_is_bound_as_the_engine_itself_would_substitute_it(value: str, other: str) -> None:
    store = ox.Store()
    p = ox.NamedNode(f"{small.HOME}p")
    for name, text in (("a", value), ("b", other), ("c", value + other)):
        store.add(ox.Quad(ox.NamedNode(small.HOME + name), p, ox.Literal(text)))
    for text in (value, other, value + other):
        found = [str(row["thing"]) for row in store.query(PLAIN.bind({"value": [ox.Literal(text)]}))]
        expected = store.query(PROJECTED, substitutions={ox.Variable("value"): ox.Literal(text)})
        assert found == [str(row["thing"]) for row in expected]
        assert found
    both = store.query(PLAIN.bind({"value": [ox.Literal(value), ox.Literal(other)]}))
    assert {f"<{small.HOME}a>", f"<{small.HOME}b>"} <= {str(row["thing"]) for row in both}


# --- typed values ------------------------------------------------------------------------------------------------

FITTING = {"text": ["x", "a b", "é" * 1000], "integer": ["7", "-3", "+12"], "decimal": ["0.5", "-12", "1000"],
           "year": ["2017"], "date": ["2017-12-05"]}
UNFIT = {"text": ["é" * 1001], "integer": ["x", "1.5", "1e3", "", "９" * 20], "decimal": ["1,000", "0x1", ".", "1e5"],
         "year": ["17", "20177", "2017-"], "date": ["2017", "5/12/2017", "2017-1-1"]}


def literal(kind: str) -> query.Parameter:
    return query.Parameter("p", "value", kind)


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in FITTING.items() for value in values])
def test_a_fitting_literal_becomes_a_term_of_its_datatype(asker: Asker, kind: str, value: str) -> None:
    term = asker.term(literal(kind), value)
    assert isinstance(term, ox.Literal)
    assert (term.value, term.datatype.value) == (value, XSD + LITERALS[kind][0])


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in UNFIT.items() for value in values])
def test_an_unfit_literal_is_told_with_what_would_fit(asker: Asker, kind: str, value: str) -> None:
    with pytest.raises(errors.BadValue, match=rf"is not a value: it takes {re.escape(LITERALS[kind][2])}\.$"):
        asker.term(literal(kind), value)


@pytest.mark.parametrize("typed", [
    "licensing-and-affiliation", "Licensing and Affiliation", "  LICENSING AND AFFILIATION",
    "route:licensing-and-affiliation", "<https://w3id.org/carekg/concept/route/licensing-and-affiliation>"])
def test_a_concept_goes_by_key_label_prefixed_name_and_iri(asker: Asker, typed: str) -> None:
    one = query.find(asker.queries, "innovations-by-route-and-factor").parameter("route")
    assert asker.term(one, typed) == small.term("route:licensing-and-affiliation")


@pytest.mark.parametrize(("name", "typed", "near"), [
    ("route", "licencing", "licensing"), ("factor", "partnershps", "partnerships"), ("strength", "stong", "strong")])
def test_a_mistyped_value_is_told_with_near_misses(asker: Asker, name: str, typed: str, near: str) -> None:
    one = query.find(asker.queries, "innovations-by-route-and-factor")
    with pytest.raises(errors.BadValue, match=rf"^`{typed}` is not a .*; did you mean .*{near}.*\?$"):
        asker.terms(one, {name: [typed]})


def test_a_value_like_nothing_is_told_without_near_misses(asker: Asker) -> None:
    one = query.find(asker.queries, "innovations-by-route-and-factor")
    with pytest.raises(errors.BadValue, match=r"^`qqqqxxxx` is not a scaling route\.$"):
        asker.terms(one, {"route": ["qqqqxxxx"]})


def test_a_default_is_taken_where_nothing_is_given_and_an_empty_value_leaves_it_open(asker: Asker) -> None:
    one = query.find(asker.queries, "innovations-by-route-and-factor")
    assert asker.terms(one, {})["strength"] == [small.term("strength:strong")]
    assert "strength" not in asker.terms(one, {"strength": [""]})
    with pytest.raises(errors.MissingValue, match=r"needs `route`: name a scaling route\.$"):
        asker.terms(one, {"route": [" "]})


def test_two_values_where_one_is_taken_an_unknown_parameter_and_an_unknown_question_are_told(asker: Asker) -> None:
    one = query.find(asker.queries, "innovations-by-route-and-factor")
    with pytest.raises(errors.BadValue, match="takes a single one"):
        asker.terms(one, {"strength": ["strong", "weak"]})
    with pytest.raises(errors.UnknownParameter, match=r"`rute` is not a parameter of .*; it takes `route`, `factor`"):
        asker.terms(one, {"rute": ["x"]})
    with pytest.raises(errors.UnknownQuery, match=r"did you mean .*innovations-by-route"):
        query.find(asker.queries, "inovations-by-rout")


def test_a_name_that_choices_share_goes_to_a_label_before_a_key_before_another_name() -> None:
    old = Choice("https://example.org/wick", "Wick (until 1999)", ("Old Wick", "Mouth"))
    new = Choice("https://example.org/wick-unitary", "Wick", ("Mouth",))
    bay = Choice("https://example.org/mouth", "Mouth Bay")
    names = _by_name([old, new, bay])
    assert names["wick"] == new.iri
    assert names["old wick"] == old.iri
    assert names["mouth"] == bay.iri
    assert names[old.iri] == old.iri
