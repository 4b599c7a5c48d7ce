"""A query can be taken apart: every part is found, and what is put together again is the same query."""

import pyoxigraph as ox
import pytest

import small
from carekg import folder, query
from carekg.explain import parts

SHIPPED = query.catalogue(folder.queries(small.ROOT))


def kinds(text: str) -> list[str]:
    where = parts.of(text)
    assert where
    return [one.kind for one in where.parts]


def texts(inside: str) -> list[str]:
    where = parts.of(f"SELECT * WHERE {{ {inside} }}")
    assert where
    return [one.text for one in where.parts]


def test_every_shipped_query_is_taken_apart_and_still_parses_when_put_together() -> None:
    for one in SHIPPED.values():
        where = parts.of(one.body)
        assert where, one.name
        assert where.parts, one.name
        ox.Store().query(where.text())
        ox.Store().query(where.ask(where.parts))


@pytest.mark.heavy
def test_every_shipped_query_can_do_without_any_of_its_parts_or_is_refused_by_the_engine() -> None:
    for one in SHIPPED.values():
        where = parts.of(one.body)
        assert where
        for part in where.parts:
            try:
                ox.Store().query(where.text(where.without(part)))
            except SyntaxError as error:  # nothing worse happens than that
                assert part.kind in ("group", "bind"), (one.name, part, error)


def test_a_subject_with_several_properties_becomes_a_part_for_each() -> None:
    assert texts("?a a <x:C> ; <x:p> ?b , ?c ; <x:q>/<x:r>* [ <x:s> 1.5 ; <x:t> 2 ] . ?b <x:p> 'x; y.'@en") == [
        "?a a <x:C> .", "?a <x:p> ?b , ?c .", "?a <x:q>/<x:r>* [ <x:s> 1.5 ; <x:t> 2 ] .", "?b <x:p> 'x; y.'@en ."]


def test_a_full_stop_against_a_name_ends_it_and_one_in_a_number_does_not() -> None:
    assert texts("?a a care:Innovation. ?a <x:p> 1.5 . ?b <x:p> 2.") == [
        "?a a care:Innovation .", "?a <x:p> 1.5 .", "?b <x:p> 2 ."]


def test_each_kind_of_part_is_known_by_its_name() -> None:
    assert kinds("""SELECT * WHERE { ?a <x:p> ?b OPTIONAL { ?a <x:q> ?c } FILTER NOT EXISTS { ?a <x:r> ?d }
        { ?a <x:s> ?e } UNION { ?a <x:t> ?e } UNION { ?e <x:t> ?a } MINUS { ?a <x:u> 1 } GRAPH ?g { ?a <x:v> ?f }
        BIND(1 AS ?h) VALUES ?i { 1 2 } FILTER(?i > 1) FILTER REGEX(?b, "}") }""") == [
        "triple", "optional", "filter", "group", "minus", "graph", "bind", "values", "filter", "filter"]


def test_the_template_of_a_graph_is_no_part_of_the_pattern() -> None:
    where = parts.of("PREFIX x: <x:> CONSTRUCT { ?a x:p ?b } WHERE { ?a x:q ?b }")
    assert where
    assert [one.text for one in where.parts] == ["?a x:q ?b ."]


def test_the_graphs_that_a_query_names_stay_with_each_question_made_of_it() -> None:
    where = parts.of("SELECT ?a FROM <x:g> FROM NAMED <x:h> WHERE { ?a <x:p> ?b }")
    assert where
    assert "FROM <x:g> FROM NAMED <x:h>" in where.ask(where.parts)
    assert "FROM <x:g>" in where.selecting("a")


def test_order_is_left_out_and_limit_stays() -> None:
    where = parts.of("SELECT * WHERE { ?a <x:p> ?b } GROUP BY ?a ORDER BY DESC(?b) ?a LIMIT 5 OFFSET 2")
    assert where
    assert where.text().split("}")[1].split() == ["GROUP", "BY", "?a", "LIMIT", "5", "OFFSET", "2"]


@pytest.mark.parametrize("text", ["", "SELECT", "SELECT * WHERE { ?a <x:p> ?b", "DESCRIBE <x:a>", "}{", "SELECT * {"])
def test_what_is_no_query_with_a_pattern_is_left_alone(text: str) -> None:
    assert parts.of(text) is None


def test_a_chain_that_is_very_long_is_taken_in_one_piece_or_not_at_all() -> None:
    union = " UNION ".join(["{ ?a <x:p> ?b }"] * 2000)
    assert [one.split(" UNION ")[0] for one in texts(union)] == ["{ ?a <x:p> ?b }"]
    assert parts.of(f"SELECT * {{ {'OPTIONAL { ?a <x:p> ?b } ' * 1000} }}") is None
    assert parts.of(f"SELECT * {{ {'{' * 3000} }}") is None
