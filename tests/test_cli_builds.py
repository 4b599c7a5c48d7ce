"""The commands that build, check, export and serve, and the exit codes with which they end."""

import pathlib
import re
import socket

import pyoxigraph as ox
import pytest
import rdflib

import folders
from carekg import folder
from carekg.store.embedded import EmbeddedStore
from commands import run, sentence


@pytest.fixture(scope="module")
def place(shipped_store: EmbeddedStore) -> pathlib.Path:
    """Where the shipped graph is stored."""
    return shipped_store.path


@pytest.fixture
def small(
    world: pathlib.Path, good_store: EmbeddedStore, tmp_path: pathlib.Path
) -> tuple[pathlib.Path, pathlib.Path]:
    """The small world's folder, and the place of a store of its own that holds it."""
    return world, folders.own_store(good_store, tmp_path / "store")


# --- build and check -------------------------------------------------------------------------------------------


@pytest.mark.heavy
def test_a_folder_is_built_once_and_then_known_to_be_current(world: pathlib.Path, tmp_path: pathlib.Path) -> None:
    first = run("build", folder=world, store=tmp_path / "store")
    assert first.exit_code == 0
    assert re.search(r"^ +2 innovations$", first.stdout, re.MULTILINE)
    assert [line.split()[0] for line in first.stderr.splitlines()] == ["read", "validate", "reason", "store"]
    again = run("build", folder=world, store=tmp_path / "store")
    assert f"{tmp_path / 'store'} already holds this folder" in again.stdout
    assert again.stderr == ""
    assert run("build", "--force", folder=world, store=tmp_path / "store").stderr.startswith("  read")


def test_check_says_that_a_folder_is_right_and_writes_nothing(world: pathlib.Path, tmp_path: pathlib.Path) -> None:
    result = run("check", folder=world, store=tmp_path / "store")
    assert result.exit_code == 0
    files = sum(len(list((world / part).rglob("*.ttl"))) for part in ("ontology", "shapes", "data"))
    questions = len(list((world / "queries").glob("*.rq")))
    assert result.stdout.splitlines()[-1] == f"{world}: {files} files and {questions} queries are right."
    assert not (tmp_path / "store").exists()


@pytest.mark.heavy
def test_files_that_are_not_read_are_named_by_check_and_build(world: pathlib.Path, tmp_path: pathlib.Path) -> None:
    for name in ("tea.TTL", "notes.txt", "README.md", ".hidden", ".cache/x.bin"):
        (world / "data" / name).parent.mkdir(exist_ok=True)
        (world / "data" / name).write_text("", encoding="utf-8")
    note = "Note: not read: data/notes.txt, data/tea.TTL; the ending is none of .ttl, .nt, .rdf, .jsonld.\n"
    assert run("check", folder=world).stderr.startswith(note)
    assert run("build", folder=world, store=tmp_path / "store").stderr.startswith(note)
    assert run("build", folder=world, store=tmp_path / "store").stderr == note


def test_a_file_that_begins_with_a_byte_order_mark_is_read_as_any_other(world: pathlib.Path) -> None:
    path = world / "data" / "world.ttl"
    line = folder.load(world).where("https://w3id.org/carekg/id/innovation/lantern-walks")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert folder.load(world).where("https://w3id.org/carekg/id/innovation/lantern-walks") == line != ""


def test_another_folder_is_asked_with_its_own_things(small: tuple[pathlib.Path, pathlib.Path]) -> None:
    folder, store = small
    result = run("ask", "planned-and-under-way", "--format", "csv", folder=folder, store=store)
    assert "Eight further towns are planned" in result.stdout
    assert "Lantern Walks" in result.stdout
    assert "North London Cares" not in result.stdout
    wrong = run("ask", "outcomes-by-innovation", "--innovation", "IRIS", folder=folder, store=store)
    assert "`IRIS` is not an innovation" in sentence(wrong, 2)


def test_a_question_of_another_folder_becomes_a_command(small: tuple[pathlib.Path, pathlib.Path]) -> None:
    folder, store = small
    text = "#+ summary: How many are there?\nSELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }\n"
    (folder / "queries" / "how-many.rq").write_text(text, encoding="utf-8")
    result = run("ask", "how-many", "--format", "csv", folder=folder, store=store)
    assert int(result.stdout.split()[1]) > 1000
    assert "has changed since the graph was built; `carekg build` brings it in." in result.stderr


@pytest.mark.heavy
def test_a_graph_in_memory_is_built_for_one_question(world: pathlib.Path) -> None:
    result = run("ask", "innovations-for-group", "--format", "csv", folder=world, store="memory:")
    assert result.exit_code == 0
    assert "Lantern Walks" in result.stdout
    assert "Building the graph first, once." in result.stderr


# --- export ----------------------------------------------------------------------------------------------------


@pytest.mark.heavy
def test_an_export_gives_the_same_bytes_from_every_build(
    small: tuple[pathlib.Path, pathlib.Path], tmp_path: pathlib.Path
) -> None:
    folder, store = small
    first = run("export", folder=folder, store=store).stdout_bytes
    assert run("export", folder=folder, store=store).stdout_bytes == first
    assert run("build", folder=folder, store=tmp_path / "other").exit_code == 0
    assert run("export", folder=folder, store=tmp_path / "other").stdout_bytes == first
    assert len(list(ox.parse(first, ox.RdfFormat.N_QUADS))) == len(first.splitlines()) > 1000


def test_an_export_without_what_was_inferred_holds_the_files_and_their_catalogue(
    small: tuple[pathlib.Path, pathlib.Path]
) -> None:
    folder, store = small
    text = run("export", "--no-inferred", folder=folder, store=store).stdout_bytes
    quads = list(ox.parse(text, ox.RdfFormat.N_QUADS))
    files = {f"https://w3id.org/carekg/graph/{path.relative_to(folder).with_suffix('')}"
             for path in [*folder.rglob("*.ttl"), *folder.rglob("*.rq")]}
    assert {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, ox.NamedNode)} == {
        *files, "https://w3id.org/carekg/graph/catalogue"}
    assert len(text) < len(run("export", folder=folder, store=store).stdout_bytes)


def test_an_export_as_turtle_parses_and_holds_the_union(small: tuple[pathlib.Path, pathlib.Path]) -> None:
    folder, store = small
    graph = rdflib.Graph().parse(data=run("export", "--format", "turtle", folder=folder, store=store).stdout_bytes)
    quads = ox.parse(run("export", folder=folder, store=store).stdout_bytes, ox.RdfFormat.N_QUADS)
    assert len(graph) == len({str(quad.triple) for quad in quads})


@pytest.mark.heavy
def test_an_export_goes_to_a_file_whole_or_not_at_all(
    small: tuple[pathlib.Path, pathlib.Path], tmp_path: pathlib.Path
) -> None:
    folder, store = small
    target = tmp_path / "graph.nq"
    assert run("export", "--output", str(target), folder=folder, store=store).exit_code == 0
    assert target.read_bytes() == run("export", folder=folder, store=store).stdout_bytes
    missing = tmp_path / "no-such" / "graph.nq"
    assert str(missing) in sentence(run("export", "--output", str(missing), folder=folder, store=store), 4)
    assert sorted(path.name for path in tmp_path.glob("graph*")) == ["graph.nq"]


def test_an_export_of_what_was_not_built_says_what_to_do(world: pathlib.Path, tmp_path: pathlib.Path) -> None:
    assert "run `carekg build` first" in sentence(run("export", folder=world, store=tmp_path / "none"), 4)


# --- serve -----------------------------------------------------------------------------------------------------


def test_a_port_that_is_taken_is_told_in_a_sentence(place: pathlib.Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        result = run("serve", "--port", port, store=place)
    told = sentence(result, 4)
    assert told.startswith(f"Nothing can be served on 127.0.0.1 port {port}: ")
    assert told.endswith("; choose another with --port.")
    assert "Open" not in result.stdout


def test_an_address_that_is_not_ours_is_told_in_a_sentence(place: pathlib.Path) -> None:
    assert "192.0.2.1" in sentence(run("serve", "--host", "192.0.2.1", store=place), 4)
    assert "no.such.host.invalid" in sentence(run("serve", "--host", "no.such.host.invalid", store=place), 4)


# --- exit codes ------------------------------------------------------------------------------------------------


def test_a_question_that_leaves_is_refused_when_it_is_asked(small: tuple[pathlib.Path, pathlib.Path]) -> None:
    folder, store = small
    text = "#+ summary: What is there?\nSELECT * WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }\n"
    (folder / "queries" / "away.rq").write_text(text, encoding="utf-8")
    assert sentence(run("ask", "away", folder=folder, store=store), 2).startswith("queries/away.rq: SERVICE is refused")


def test_a_query_over_its_deadline_is_stopped_with_an_exit_code_of_its_own(
    small: tuple[pathlib.Path, pathlib.Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, store = small
    text = "#+ summary: How many are there?\nSELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }\n"
    (folder / "queries" / "endless.rq").write_text(text, encoding="utf-8")
    monkeypatch.setenv("CAREKG_DEADLINE", "0.2")
    told = sentence(run("ask", "endless", folder=folder, store=store), 5)
    assert told.startswith("The query was stopped at its deadline of 0.2 s; ")


@pytest.mark.heavy
def test_a_store_that_is_a_file_is_told_in_a_sentence(world: pathlib.Path, tmp_path: pathlib.Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    assert str(tmp_path / "file") in sentence(run("build", folder=world, store=tmp_path / "file"), 4)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_a_service_that_is_not_there_is_told_in_a_sentence(world: pathlib.Path) -> None:
    told = sentence(run("ask", "disagreements", folder=world, store="http://127.0.0.1:9/sparql"), 4)
    assert told.startswith("http://127.0.0.1:9/sparql cannot be reached")


@pytest.mark.parametrize("value", ["soon", "0", "-1", "nan", "inf"])
def test_a_setting_that_is_no_number_is_told_with_what_would_be_right(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAREKG_DEADLINE", value)
    told = sentence(run("check"), 2)
    assert told == f"`{value}` is not a value for CAREKG_DEADLINE: it takes a number above 0."
