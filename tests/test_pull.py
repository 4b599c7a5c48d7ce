"""What stewards have changed comes back into the folder's files: their lines, no others, and nothing is lost."""

import difflib
import pathlib
import random
import threading
import time
from collections.abc import Iterator

import pyoxigraph as ox
import pytest

import folders
import small
from carekg import change, errors, folder, pull, turtle, update
from carekg.change.guard import Guard
from carekg.pull import drafts, merging
from carekg.store import About, Effect
from carekg.store.embedded import EmbeddedStore
from carekg.terms import DATA
from commands import run, sentence, start

WORLD = DATA + "world"
WALKS = "innovation:lantern-walks"
NOTE = 'skos:note "Bring a coat."@en .'


class Desk:
    """A folder of the small world, and the store that was built from it, in which stewards change what they like."""

    def __init__(self, place: pathlib.Path, store: pathlib.Path) -> None:
        self.folder, self.store = place, store
        self.world = place / "data" / "world.ttl"

    def change(self, come: str = "", gone: str = "", graph: str = WORLD) -> None:
        """Make a change of a graph."""
        name = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        added, removed = ([ox.Quad(t.subject, t.predicate, t.object, name) for t in small.triples(text)]
                          for text in (come, gone))
        with EmbeddedStore(self.store) as store:
            change.commit(change.Change.of(added, removed, About("ann", "a try")), store, Guard.over(store))

    def pull(self, *options: str) -> str:
        """Pull, and give what was printed."""
        result = run("pull", *options, folder=self.folder, store=self.store)
        assert result.exit_code == 0, result.output
        return result.output

    def refusal(self) -> str:
        return sentence(run("pull", folder=self.folder, store=self.store), 2)

    def graphs(self) -> list[str]:
        """What the store holds of data, with what follows from it, in canonical form."""
        result = run("export", folder=self.folder, store=self.store)
        return [line for line in result.stdout.splitlines() if f" <{DATA}" in line or "graph/inferred> ." in line]


@pytest.fixture
def desk(world: pathlib.Path, good_store: EmbeddedStore, tmp_path: pathlib.Path) -> Iterator[Desk]:
    yield Desk(world, folders.own_store(good_store, tmp_path / "store"))


def changed(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in lines if line[0] in "+-" and not line.startswith(("+++", "---"))]


@pytest.mark.heavy
def test_only_the_lines_of_what_changed_are_touched_and_a_build_gives_the_same_graph(desk: Desk) -> None:
    before = desk.world.read_text()
    desk.change(f'{WALKS} {NOTE} {WALKS} rdfs:label "Lantern walks"@en .', f'{WALKS} rdfs:label "Lantern Walks"@en .')
    held = desk.graphs()
    assert "data/world.ttl: 2 in, 1 out" in desk.pull()
    assert changed(before, desk.world.read_text()) == [
        '-    rdfs:label "Lantern Walks"@en ;', '+    rdfs:label "Lantern walks"@en ;',
        '+    skos:note "Bring a coat."@en ;']
    assert "nothing to pull" in desk.pull()
    assert run("build", folder=desk.folder, store=desk.store).exit_code == 0
    assert "nothing to pull" in desk.pull()
    assert held == desk.graphs()


@pytest.mark.heavy
def test_a_dry_run_shows_what_would_change_and_writes_nothing(desk: Desk) -> None:
    before = desk.world.read_bytes()
    desk.change(f"{WALKS} {NOTE}")
    told = desk.pull("--dry-run")
    assert 'data/world.ttl\n  innovation:lantern-walks  Lantern Walks\n    + skos:note "Bring a coat."@en\n' in told
    assert desk.world.read_bytes() == before


def test_what_was_stated_in_no_files_graph_has_a_file_of_its_own(desk: Desk) -> None:
    desk.change(f"{WALKS} {NOTE}", graph="")
    assert "data/stewards.ttl (new): 1 in, 0 out" in desk.pull()
    made = desk.folder / "data" / "stewards.ttl"
    assert made.read_text() == (
        "# What stewards have stated.\n"
        "@prefix innovation: <https://w3id.org/carekg/id/innovation/> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n\n"
        'innovation:lantern-walks skos:note "Bring a coat."@en .\n')
    assert folder.graph_iri(made, desk.folder) == DATA + "stewards"


@pytest.mark.heavy
def test_a_file_that_was_edited_meanwhile_keeps_its_edits(desk: Desk) -> None:
    desk.change(f"{WALKS} {NOTE}")
    edited = desk.world.read_text().replace('"Lantern Walks"@en ;', '"Lantern strolls"@en ; # nicer')
    desk.world.write_text(edited)
    assert "Note: data/world.ttl was edited since the graph was built; these edits stay." in desk.pull()
    assert changed(edited, desk.world.read_text()) == ['+    skos:note "Bring a coat."@en ;']


@pytest.mark.heavy
def test_where_both_have_changed_the_same_nothing_is_written(desk: Desk) -> None:
    desk.change(f'{WALKS} rdfs:label "Lantern walks"@en .', f'{WALKS} rdfs:label "Lantern Walks"@en .')
    desk.change(f"{WALKS} {NOTE}", graph="")
    desk.world.write_text(desk.world.read_text().replace('"Lantern Walks"@en', '"Lantern strolls"@en'))
    told = desk.refusal()
    assert ('data/world.ttl: innovation:lantern-walks rdfs:label is "Lantern strolls"@en in the file and '
            '"Lantern walks"@en by stewards') in told
    assert not (desk.folder / "data" / "stewards.ttl").exists()


@pytest.mark.heavy
def test_what_both_have_changed_alike_is_no_clash(desk: Desk) -> None:
    desk.change(f'{WALKS} rdfs:label "Lantern walks"@en .', f'{WALKS} rdfs:label "Lantern Walks"@en .')
    desk.world.write_text(desk.world.read_text().replace('"Lantern Walks"@en', '"Lantern walks"@en'))
    assert "nothing to pull" in desk.pull()


@pytest.mark.heavy
def test_a_file_that_is_gone_is_not_made_anew_behind_ones_back(desk: Desk) -> None:
    desk.change(f"{WALKS} {NOTE}")
    desk.world.unlink()
    assert "data/world.ttl is not there any more" in desk.refusal()


@pytest.mark.heavy
def test_a_number_that_the_store_spells_otherwise_leaves_its_file(desk: Desk, tmp_path: pathlib.Path) -> None:
    numbers = desk.folder / "data" / "numbers.ttl"
    numbers.write_text("@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
                       "@prefix innovation: <https://w3id.org/carekg/id/innovation/> .\n\n"
                       "innovation:lantern-walks skos:note 2.50 , 007 .\n")
    assert run("build", folder=desk.folder, store=desk.store).exit_code == 0
    desk.change(f"{WALKS} skos:note 3.0 .", f"{WALKS} skos:note 2.5 .", graph=DATA + "numbers")
    desk.pull()
    assert numbers.read_text().endswith('\ninnovation:lantern-walks skos:note "3"^^xsd:decimal , 007 .\n')
    assert "nothing to pull" in desk.pull()


def test_what_is_used_twice_leaves_its_file_once_though_the_store_spells_it_otherwise() -> None:
    file = small.triples(":a :has _:x . :b :has _:x . _:x :long 1.50 ; :wide 2 .")
    stored = small.triples(":a :has _:x . :b :has _:x . _:x :long 1.5 .")
    wide = ox.Quad(stored[-1].subject, small.triples(":x :wide 2 .")[0].predicate, ox.Literal(2))
    found = merging.merged(file, stored, Effect(removed={wide}))
    assert found.wanted == turtle.statements(stored)


@pytest.mark.parametrize(("file", "left"), [
    (":a :has [ :long 1.50 ] , [ :long 1.5 ] .", 1), (":a :has [ :long 1.50 ] , [ :long 1.50 ] .", 1),
    (":a :has 1.50 , 1.5 .", 0),
])
def test_of_what_is_the_same_to_the_store_as_much_leaves_as_was_withdrawn(file: str, left: int) -> None:
    there = ox.Store()
    there.extend(ox.Quad(*triple) for triple in small.triples(file))
    stored = [quad.triple for quad in there]
    gone = [stored[0], *(one for one in stored if one.subject == stored[0].object)]
    if isinstance(stored[0].subject, ox.BlankNode):
        gone = [stored[0], *(one for one in stored if one.object == stored[0].subject)]
    staying = [one for one in stored if one not in gone]
    found = merging.merged(small.triples(file), staying, Effect(removed={ox.Quad(*one) for one in gone}))
    assert (len(found.wanted), len(found.come)) == (left, 0)
    assert {one.number for one in found.wanted} <= {0}


@pytest.mark.heavy
def test_what_is_in_brackets_is_changed_as_a_whole(desk: Desk) -> None:
    notes = desk.folder / "data" / "notes.ttl"
    head = ("@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
            "@prefix innovation: <https://w3id.org/carekg/id/innovation/> .\n\n# Two notes.\n")
    notes.write_text(head + 'innovation:lantern-walks skos:note [ skos:example "one" ] , [ skos:example "two" ] .\n')
    assert run("build", folder=desk.folder, store=desk.store).exit_code == 0
    with EmbeddedStore(desk.store) as store:
        store.change(change.Update(update.operations('DELETE { GRAPH ?g { ?b ?p "two" } } '
                                                     'INSERT { GRAPH ?g { ?b ?p "three" } } '
                                                     'WHERE { GRAPH ?g { ?b ?p "two" } }')))
    desk.pull()
    assert notes.read_text() == (
        head + 'innovation:lantern-walks skos:note [ skos:example "one" ] , [ skos:example "three" ] .\n')
    assert "nothing to pull" in desk.pull()


def test_pull_writes_only_into_a_folder_that_is_named_and_built(tmp_path: pathlib.Path) -> None:
    assert "a folder that you name" in sentence(run("pull", store=tmp_path / "nothing"), 2)
    (tmp_path / "empty").mkdir()
    assert run("build", folder=tmp_path / "empty", store=tmp_path / "plain").exit_code == 0
    assert "no graph that was built" in sentence(run("pull", folder=tmp_path / "empty", store=tmp_path / "plain"), 2)


@pytest.mark.heavy
def test_a_file_that_cannot_be_written_changes_no_other(desk: Desk) -> None:
    desk.change(f"{WALKS} {NOTE}")
    desk.change(f'{WALKS} skos:note "Wear boots."@en .', graph="")
    before = desk.world.read_bytes()
    (desk.folder / "data" / ".stewards.ttl.pulled").mkdir()
    assert "cannot be written: Is a directory" in desk.refusal()
    assert desk.world.read_bytes() == before
    assert not list((desk.folder / "data").glob(".world*"))


def test_a_file_that_is_edited_at_that_moment_is_left(tmp_path: pathlib.Path) -> None:
    for name in ("a.ttl", "b.ttl"):
        (tmp_path / name).write_bytes(b"# new\n")
    with pytest.raises(Exception, match=r"b\.ttl cannot be written: it was edited just now"):
        drafts.write([drafts.Draft(tmp_path / "a.ttl", b"# new\n", b"# pulled\n"),
                      drafts.Draft(tmp_path / "b.ttl", b"# old\n", b"# pulled\n")], tmp_path)
    assert [path.read_bytes() for path in sorted(tmp_path.iterdir())] == [b"# new\n", b"# new\n"]


def test_of_two_who_pull_at_once_one_writes_all(tmp_path: pathlib.Path) -> None:
    files = [tmp_path / f"f{number}.ttl" for number in range(4)]
    said: list[str] = []

    def write() -> None:
        try:
            drafts.write([drafts.Draft(file, b"old", b"new") for file in files], tmp_path)
            said.append("written")
        except errors.Unwritable as error:
            said.append(str(error))

    for _ in range(40):
        for file in files:
            file.write_bytes(b"old")
        both = [threading.Thread(target=write) for _ in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert {file.read_bytes() for file in files} == {b"new"}
    assert said.count("written") == 40
    assert sum("it was edited just now" in one for one in said) == 40


def test_a_link_to_a_file_stays_a_link(tmp_path: pathlib.Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "data").mkdir()
    target, link = tmp_path / "kept" / "world.ttl", tmp_path / "data" / "world.ttl"
    target.write_bytes(b"old")
    link.symlink_to(target)
    drafts.write([drafts.Draft(link, b"old", b"new")], tmp_path / "data")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert [path.name for path in target.parent.iterdir()] == ["world.ttl"]


@pytest.mark.heavy
def test_killed_at_any_time_each_file_is_as_it_was_or_as_it_is_to_be(desk: Desk) -> None:
    for number in range(12):
        desk.change(f'{WALKS} skos:note "{number}"@en .', graph=f"{DATA}part-{number}")
    data = desk.folder / "data"
    chance, longest = random.Random(5), 1.2
    while len(list(data.glob("part-*.ttl"))) < 12:
        pulling = start("pull", folder=desk.folder, store=desk.store)
        time.sleep(chance.uniform(0.3, longest))
        longest *= 1.05  # a machine that is busy gets to write in the end
        pulling.kill()
        pulling.communicate()
        for found in data.glob("part-*.ttl"):
            assert found.read_text().endswith("@en .\n")
        for found in list(data.glob("part-*.ttl"))[::2] if chance.random() < 0.3 else []:
            found.unlink()
    assert "nothing to pull" in desk.pull()
    assert not list(data.glob(f".*{drafts.MARK}"))
    assert run("check", folder=desk.folder).exit_code == 0


@pytest.mark.parametrize("name", ["../ontology/care", "/etc/passwd", ".git/config", "a//b", "a%2F..%2Fb", "x#y",
                                  "a%00b"])
def test_no_graph_has_a_file_outside_its_place(tmp_path: pathlib.Path, name: str) -> None:
    with pytest.raises(errors.BadInput, match="its name can be none below data/"):
        pull.file_of(tmp_path, DATA + name)


def test_a_graph_has_the_file_of_its_name(tmp_path: pathlib.Path) -> None:
    assert pull.file_of(tmp_path, f"{DATA}places/the%20north") == tmp_path / "data" / "places" / "the north.ttl"
