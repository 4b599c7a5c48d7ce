"""What took too long says what to change about it, as far as its text tells."""

import pytest

import small
from carekg import errors, query
from carekg.explain import slow


@pytest.mark.parametrize(("text", "words"), [
    ("SELECT * { ?a a <x:A> . ?b a <x:B> }", "`?a a <x:A> .` and `?b a <x:B> .` share no variable"),
    ("SELECT * { ?a ?b ?c }", "fits every statement there is"),
    ("SELECT * { ?a <x:p>* ?b . ?a a <x:A> }", "`<x:p>*` is followed from everything to everything"),
    ("SELECT * { ?a a <x:A> ; <x:p> ?l FILTER(CONTAINS(LCASE(?l), 'x')) } LIMIT 3", "CONTAINS looks into every text"),
    ("SELECT * { ?a a <x:A> } ORDER BY ?a", "leave ORDER BY out meanwhile"),
])
def test_a_query_that_asks_too_much_is_told_what_of_it(text: str, words: str) -> None:
    assert words in " ".join(slow.advice(text))


def test_parts_that_are_joined_by_way_of_others_are_not_told_of() -> None:
    assert slow.advice("SELECT * { ?a a <x:A> . ?b a <x:B> . ?a <x:p> ?b } LIMIT 3") == []


def test_nothing_is_told_of_what_cannot_be_taken_apart() -> None:
    assert slow.advice("DESCRIBE <x:a>") == []


def test_a_question_is_narrowed_by_what_its_form_leaves_open() -> None:
    asked = query.load(small.ROOT / "queries" / "innovations-by-route-and-factor.rq")
    told = slow.of_question(errors.OverDeadline(10), asked, {})
    assert told == ("It took longer than 10 s and was stopped. Narrow it: choose a value for strength or basis of the "
                    "strength.")
