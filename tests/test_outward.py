"""Nobody's query opens an address or a file, however it is written: a peer that listens hears nothing."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import small
from carekg import errors
from carekg.store import Manifest, Question
from carekg.store.asked import Limits
from carekg.store.embedded import EmbeddedStore
from carekg.store.readers import Readers
from carekg.terms import PREFIXES
from hearing import Ear

QUADS = (f"<{small.HOME}s> <{small.HOME}p> \"7\"^^<{PREFIXES['xsd']}integer> <{small.HOME}g> .\n"
         f"<{small.HOME}s> <{small.HOME}p> <{small.HOME}s> <{small.HOME}g> .\n").encode()

OUTWARD = [
    "SELECT * { SERVICE URL { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT URL { ?s ?p ?o } }",
    "SELECT * { SERVICESILENT URL { ?s ?p ?o } }",
    "SELECT * { VALUES ?e { URL } SERVICE ?e { ?s ?p ?o } }",
    "SELECT * { FILTER(1<2)SERVICE#>\nURL{ ?s ?p ?o } }",
    "SELECT * { FILTER('x'<'y>')SERVICE URL{ ?s ?p 'z' } }",
    "SELECT * { ?s ?p 7SERVICE URL { ?x ?y ?z } }",
    "SELECT * { ?s ?p ?o . { SELECT * { ?s ?p 7 SERVICE URL { ?x ?y ?z } } } }",
    "PREFIX : <https://example.org/s> SELECT * { ?s ?p :.SERVICE URL { ?x ?y ?z } }",
    "SELECT * FROM URL { ?s ?p ?o }",
    "SELECT * FROM <file:///etc/hostname> { ?s ?p ?o }",
    "SELECT * FROM NAMED URL { GRAPH ?g { ?s ?p ?o } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE URL { ?s ?p ?o } }",
    "LOAD URL",
]
"""Queries that lead outward by any reading of the grammar: URL stands for the address of an ear.

Some hide the word from whoever reads ``<`` as the start of an IRI where the engine takes it for less-than, or
stick it to a number or to another word.
"""


@pytest.fixture(scope="module")
def store_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store on disk with one triple."""
    path = tmp_path_factory.mktemp("outward") / "store"
    with EmbeddedStore(path) as store:
        store.replace([QUADS], Manifest("d", "now", 1))
    return path


@pytest.fixture(scope="module")
def from_memory(store_path: Path) -> Iterator[EmbeddedStore]:
    with EmbeddedStore(store_path, Limits(2)) as store:
        yield store


@pytest.fixture(scope="module")
def from_disk(store_path: Path) -> Iterator[EmbeddedStore]:
    with EmbeddedStore(store_path, Limits(2), in_memory=False) as store:
        yield store


def hears(ask: Callable[[Question], object], text: str, ear: Ear) -> bool:
    """Ask a question that leads to an ear; say whether it heard anything."""
    with contextlib.suppress(errors.CarekgError):
        ask(Question(text.replace("URL", f"<{ear.address}>")))
    return ear.heard() > 0


@pytest.mark.parametrize("text", OUTWARD)
def test_a_store_that_answers_from_memory_opens_nothing(
    from_memory: EmbeddedStore, ear: Ear, text: str
) -> None:
    assert not hears(lambda question: from_memory.answer(question).read(), text, ear)


@pytest.mark.parametrize("text", OUTWARD)
def test_a_store_that_answers_from_disk_opens_nothing(
    from_disk: EmbeddedStore, ear: Ear, text: str
) -> None:
    assert not hears(lambda question: from_disk.answer(question).read(), text, ear)


@pytest.mark.heavy
@pytest.mark.parametrize("text", OUTWARD)
def test_a_reader_in_memory_opens_nothing_even_where_nobody_has_looked_at_the_text(
    store_path: Path, ear: Ear, text: str
) -> None:
    path = next(store_path.glob("generation-*")) / "quads"
    with Readers(path, Limits(2, 200)) as pool:
        assert not hears(lambda question: pool.answer(question).read(), text, ear)


def test_the_ear_hears_the_engine_where_nothing_holds_it_back(ear: Ear) -> None:
    import pyoxigraph as ox

    def ask(question: Question) -> None:
        with contextlib.suppress(OSError, RuntimeError):
            list(ox.Store().query(question.query))  # type: ignore[arg-type]

    assert hears(ask, OUTWARD[0], ear)


@pytest.mark.parametrize("graph", ["default_graphs", "named_graphs"])
def test_a_graph_of_the_protocol_is_looked_up_here_and_fetched_from_nowhere(
    from_disk: EmbeddedStore, ear: Ear, graph: str
) -> None:
    for iri in (ear.address, "file:///etc/hostname"):
        question = Question("SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }", **{graph: (iri,)})
        assert b'"bindings":[]' in from_disk.answer(question).read().replace(b" ", b"")
    assert ear.heard() == 0
