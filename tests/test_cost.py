"""``carekg profile``: how long a query takes, how many matches its parts have, and where rows grow many."""

import json
import pathlib

import pytest

from carekg.explain import cost
from carekg.store.embedded import EmbeddedStore
from commands import run, sentence

APART = ("SELECT * { ?walk a care:Innovation . ?place a care:Place . ?walk rdfs:label ?name "
         "OPTIONAL { ?place ?p ?walk } }")
PREFIXES = "PREFIX care: <https://w3id.org/carekg/def#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "


def counted(store: EmbeddedStore, pattern: str) -> int:
    """How many solutions a pattern has."""
    return cost.measured(store, PREFIXES + f"SELECT * {{ {pattern} }}", 1).rows


def test_each_part_is_counted_alone_and_with_those_before_it(good_store: EmbeddedStore) -> None:
    found = cost.measured(good_store, PREFIXES + APART, 2)
    walks, places = counted(good_store, "?walk a care:Innovation"), counted(good_store, "?place a care:Place")
    assert walks > 1 < places
    assert [one.alone for one in found.steps[:2]] == [walks, places]
    assert [one.together for one in found.steps] == [walks, walks * places, found.rows, found.rows]
    assert [one.apart for one in found.steps] == [False, True, False, False]
    assert found.steps[3].alone is None
    assert found.most is found.steps[1]
    assert len(found.seconds) == 2


def test_a_part_that_takes_too_long_to_count_has_no_number(good_store: EmbeddedStore) -> None:
    endless = "SELECT * { " + " . ".join(f"?s{n} ?p{n} ?o{n}" for n in range(6)) + " } LIMIT 1"
    found = cost.measured(good_store, endless, 1, each=0.05)
    assert found.rows == 1
    assert [one.together is None for one in found.steps][-1]


@pytest.mark.parametrize(("text", "rows"), [("ASK { ?s a ?c }", 1), ("CONSTRUCT { ?s a ?c } WHERE { ?s a ?c }", None),
                                            ("SELECT * { { SELECT ?s { ?s a ?c } LIMIT 3 } }", 3)])
def test_every_form_of_query_is_measured(good_store: EmbeddedStore, text: str, rows: int | None) -> None:
    found = cost.measured(good_store, text, 1)
    assert found.rows == rows or (rows is None and found.rows > 9)
    assert found.size > 0


def test_a_question_is_measured_by_its_name_and_values(
    shipped: pathlib.Path, good_store: EmbeddedStore, tmp_path: pathlib.Path
) -> None:
    words = ("profile", "innovations-in-place", "place=The Shore", "--rounds", "2")
    shown = run(*words, folder=shipped, store=good_store.path)
    assert shown.exit_code == 0, shown.output
    assert " ms at first, then " in shown.stdout
    assert "* With this part there are the most solutions." in shown.stdout
    said = json.loads(run(*words, "--format", "json", folder=shipped, store=good_store.path).stdout)
    assert len(said["seconds"]) == 2
    assert said["steps"][0]["text"]
    (tmp_path / "mine.rq").write_text("SELECT * { SELECT ?s { ?s a ?c } LIMIT 3 }")
    shown = run("profile", str(tmp_path / "mine.rq"), "--rounds", "1", folder=shipped, store=good_store.path)
    assert "cannot be taken into parts" in shown.stdout


@pytest.mark.parametrize(("words", "said"), [
    (("innovations-in-place", "place"), "`place` is not a parameter: write it as NAME=VALUE"),
    (("innovations-in-place", "place=Nowhere at all"), "`Nowhere at all` is not a place"),
    (("no-such-question",), "There is no prepared query `no-such-question`"),
    (("missing.rq",), "missing.rq cannot be read"),
    (("missing.rq", "a=b"), "Values are for prepared questions"),
])
def test_what_cannot_be_measured_is_told_in_a_sentence(
    shipped: pathlib.Path, good_store: EmbeddedStore, words: tuple[str, ...], said: str
) -> None:
    assert said in sentence(run("profile", *words, folder=shipped, store=good_store.path), 2)
