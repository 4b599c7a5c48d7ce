"""Reader processes: strangers' queries meet their deadline and their limits, and nobody else notices."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import processes
import small
from carekg import errors
from carekg.store.asked import Limits, Question
from carekg.store.readers import Readers

THINGS = 3000
CHEAP = Question(f"SELECT ?o WHERE {{ <{small.HOME}s7> <{small.HOME}p> ?o }}")
COUNT = Question("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
CARTESIAN = Question("SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?f && ?f != ?i) }")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store on disk in which s1 has the value 1, and so on."""
    return small.numbered(tmp_path_factory.mktemp("readers") / "quads", THINGS)


@pytest.fixture(params=["memory", "disk"])
def pool(request: pytest.FixtureRequest, path: Path) -> Iterator[Readers]:
    """A pool with the answers from memory, and one with the answers from disk."""
    before = processes.readers()
    with Readers(path, Limits(5, 200), in_memory=request.param == "memory") as readers:
        yield readers
    assert processes.comes_about(lambda: set(processes.readers()) <= set(before))


@pytest.fixture
def in_memory(path: Path) -> Iterator[Readers]:
    with Readers(path, Limits(5, 200)) as readers:
        yield readers


def value(pool: Readers, question: Question = CHEAP) -> str:
    """The one value of the one row of an answer."""
    (row,) = json.loads(pool.answer(question).read())["results"]["bindings"]
    (term,) = row.values()
    return str(term["value"])


def still_answers(pool: Readers) -> bool:
    return value(pool) == "7" and value(pool, COUNT) == str(THINGS)


# --- limits -------------------------------------------------------------------------------------------------------


def test_a_cartesian_product_is_stopped_at_its_deadline(pool: Readers) -> None:
    began = time.monotonic()
    with pytest.raises(errors.OverDeadline, match=r"stopped at its deadline of 0\.5 s; .*\.$"):
        pool.answer(CARTESIAN, deadline=0.5)
    assert time.monotonic() - began < 5
    assert still_answers(pool)


def test_a_deadline_asked_for_cannot_exceed_the_one_of_the_pool(path: Path) -> None:
    with Readers(path, Limits(0.5, 200)) as pool, pytest.raises(errors.OverDeadline, match=r"0\.5 s"):
        pool.answer(CARTESIAN, deadline=60)


def test_a_reader_that_was_stopped_is_gone(path: Path) -> None:
    others = set(processes.readers())
    with Readers(path, Limits(5, 200)) as pool:
        first = set(processes.readers()) - others
        with pytest.raises(errors.OverDeadline):
            pool.answer(CARTESIAN, deadline=0.3)
        assert len(first - set(processes.readers())) == 1


@pytest.mark.heavy
def test_cheap_queries_are_answered_while_long_ones_run(in_memory: Readers) -> None:
    with ThreadPoolExecutor(4) as threads:
        long = [threads.submit(in_memory.answer, CARTESIAN, 1.5) for _ in range(4)]
        time.sleep(0.3)
        answered = 0
        while not any(one.done() for one in long) and answered < 200:
            assert value(in_memory) == "7"
            answered += 1
        assert answered > 10
        assert all(isinstance(one.exception(), errors.OverDeadline) for one in long)


HUNGRY = {
    "sorting": "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f ?a",
    "grouping": "SELECT ?a ?d (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f } GROUP BY ?a ?d",
    "joining texts": "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d))) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f }",
    "distinct rows": "SELECT DISTINCT ?a ?d WHERE { ?a ?b ?c . ?d ?e ?f } ORDER BY ?d",
}


@pytest.mark.heavy
@pytest.mark.parametrize("case", HUNGRY)
def test_a_query_that_needs_too_much_memory_is_told_and_the_pool_lives(path: Path, case: str) -> None:
    with Readers(path, Limits(30, 60)) as pool:
        with pytest.raises(errors.OverMemory, match=r"needs more than the 60 MB a query may take"):
            pool.answer(Question(HUNGRY[case]))
        assert still_answers(pool)


def chains(length: int) -> dict[str, str]:
    """Queries whose text is a chain or nested as deep."""
    p = "<x:p>"
    return {
        "UNION": "ASK { " + " UNION ".join(["{?s ?p 1}"] * length) + " }",
        "path": "ASK { ?s " + "/".join([p] * length) + " ?o }",
        "alternative path": "ASK { ?s " + "|".join([p] * length) + " ?o }",
        "and": "ASK { ?s ?p ?o FILTER(" + " && ".join(["?o>1"] * length) + ") }",
        "or": "ASK { ?s ?p ?o FILTER(" + " || ".join(["?o<0"] * length) + ") }",
        "sum": "ASK { ?s ?p ?o FILTER(" + "+".join(["?o"] * length) + ">1) }",
        "parentheses": "ASK { ?s ?p ?o FILTER(" + "(" * length + "1" + ")" * length + ") }",
        "not": "ASK { ?s ?p ?o FILTER(" + "!" * length + "true) }",
        "groups": "ASK " + "{ " * length + "}" * length,
        "optional": "ASK { " + "OPTIONAL { " * length + "}" * length + " }",
        "lists": "ASK { ?s ?p " + "( " * length + ")" * length + " }",
        "blank nodes": "ASK { ?s ?p " + "[ ?q " * length + "1" + " ]" * length + " }",
        "subqueries": "ASK { " + "{ SELECT * WHERE { " * length + "} }" * length + " }",
    }


@pytest.mark.heavy
@pytest.mark.parametrize("kind", chains(1))
def test_a_long_chain_is_answered_or_told_in_a_sentence_and_the_pool_lives(in_memory: Readers, kind: str) -> None:
    for length in (700, 7500):
        text = chains(length)[kind]
        try:
            assert in_memory.answer(Question(text), deadline=0.5).read()
        except (errors.Refused, errors.BadQuery) as error:
            assert str(error).endswith(".")
    assert still_answers(in_memory)


def test_a_query_that_does_not_parse_is_told_with_line_and_column(pool: Readers) -> None:
    with pytest.raises(errors.BadQuery, match=r"^The query does not parse at line 3, column \d+: .*\.$") as told:
        pool.answer(Question("SELECT ?s\nWHERE {\n  ?s ?p ?? .\n}"))
    assert told.value.line == 3


NO_QUERIES = ["", " ", "hello", "\x00", "SELECT", "ASK { <a b> ?p ?o }", "ASK { ?s x:y ?o }", "é" * 9999]


@pytest.mark.parametrize("text", NO_QUERIES)
def test_a_text_that_is_no_query_is_told(in_memory: Readers, text: str) -> None:
    with pytest.raises(errors.BadQuery, match=r"^The query does not parse.*\.$") as told:
        in_memory.answer(Question(text))
    assert len(str(told.value)) < 400


def test_a_graph_or_a_format_that_does_not_fit_is_told(in_memory: Readers) -> None:
    with pytest.raises(errors.BadInput, match=r"comes as json, xml, csv, tsv, not as turtle\.$"):
        in_memory.answer(Question("SELECT * { ?s ?p ?o }", "turtle"))
    with pytest.raises(errors.BadInput, match=r"\.$"):
        in_memory.answer(Question("SELECT * { ?s ?p ?o }", default_graphs=("no iri",)))
    assert still_answers(in_memory)


# --- nothing outside --------------------------------------------------------------------------------------------------


def test_a_reader_in_memory_holds_no_file_and_no_socket_but_its_channel(path: Path) -> None:
    others = set(processes.readers())
    with Readers(path, Limits(5, 200)) as pool:
        assert still_answers(pool)
        ours = set(processes.readers()) - others
        held = {pid: what_it_holds(pid) for pid in ours if any(pid in processes.below(other) for other in ours)}
    assert len(held) >= 2
    assert {pid: kinds for pid, kinds in held.items() if kinds != ["socket"]} == {}


def what_it_holds(pid: int) -> list[str]:
    """The kinds of things that a process holds open beside its standard streams."""
    opened = {int(entry.name): str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir()}
    return [name.partition(":")[0] for number, name in opened.items() if number > 2]
