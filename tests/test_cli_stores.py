"""What a store holds is not taken away by a command that was given another folder."""

import pathlib

import pytest

from carekg import folder
from carekg.store import Update
from carekg.store.embedded import EmbeddedStore
from carekg.update import operations
from commands import run, sentence

INSERT = "INSERT DATA { <x:a> <x:p> 'mine' }"


@pytest.fixture
def empty(tmp_path: pathlib.Path) -> pathlib.Path:
    """A folder with nothing in it."""
    (tmp_path / "empty").mkdir()
    return tmp_path / "empty"


@pytest.fixture
def written(empty: pathlib.Path, tmp_path: pathlib.Path) -> pathlib.Path:
    """A plain store to which somebody has written."""
    assert run("build", folder=empty, store=tmp_path / "plain").exit_code == 0
    with EmbeddedStore(tmp_path / "plain") as store:
        store.change(Update(operations(INSERT), INSERT))
    return tmp_path / "plain"


def triples(place: pathlib.Path) -> int:
    """How many triples a store says it holds."""
    with EmbeddedStore(place) as store:
        manifest = store.manifest()
    assert manifest is not None
    return manifest.triples


@pytest.mark.parametrize("command", [("build",), ("build", "--force"), ("serve",)], ids=" ".join)
def test_what_was_written_to_a_plain_store_is_not_replaced_by_a_folder(
    command: tuple[str, ...], world: pathlib.Path, written: pathlib.Path
) -> None:
    told = sentence(run(*command, folder=world, store=written), 4)
    assert told.startswith("The store holds what was written to it and stands nowhere else, and the graph of ")
    assert told.endswith("Name another store with --store, or remove this one (`carekg config` says where it is).")
    assert triples(written) == 1


@pytest.mark.parametrize("command", [("build",), ("build", "--force"), ("serve",)], ids=" ".join)
def test_a_graph_made_from_a_folder_is_not_replaced_by_an_empty_one(
    command: tuple[str, ...], empty: pathlib.Path, good_store: EmbeddedStore
) -> None:
    before = triples(good_store.path)
    told = sentence(run(*command, folder=empty, store=good_store.path), 4)
    assert told.startswith("The store holds a graph that was made from a folder, and ")
    assert triples(good_store.path) == before > 1000


def test_a_plain_store_stays_as_it_is_whichever_version_made_it(
    empty: pathlib.Path, written: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "__version__", "99.0.0")
    assert "already holds this folder" in run("build", folder=empty, store=written).stdout
    assert triples(written) == 1


def test_nothing_that_was_written_is_lost_by_force(empty: pathlib.Path, written: pathlib.Path) -> None:
    assert "stands nowhere else" in sentence(run("build", "--force", folder=empty, store=written), 4)
    assert triples(written) == 1


@pytest.mark.heavy
def test_a_plain_store_without_a_triple_may_be_filled_from_a_folder(
    world: pathlib.Path, empty: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    assert run("build", folder=empty, store=tmp_path / "store").exit_code == 0
    assert run("build", folder=world, store=tmp_path / "store").exit_code == 0
    assert triples(tmp_path / "store") > 1000


def test_a_token_for_a_store_that_takes_no_writes_is_noted(
    world: pathlib.Path, good_store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAREKG_TOKENS", str(world / "tokens.json"))
    service = "http://127.0.0.1:9/sparql"
    note = f"Note: the graph is in the service at {service}, and is changed there"
    assert note in run("token", "add", "jo", folder=world, store=service).stderr
    assert "Note" not in run("token", "add", "sam", folder=world, store=good_store.path).stderr


def test_a_question_to_a_plain_store_is_told_what_it_is_and_not_to_build(
    world: pathlib.Path, written: pathlib.Path
) -> None:
    told = run("ask", "planned-and-under-way", folder=world, store=written).stderr
    assert f"Note: {written} is the store of a plain server: it holds what was written to it" in told
    assert "carekg build" not in told
