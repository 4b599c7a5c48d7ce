"""What was changed stays known: who stated what, how it was, how it is taken back, and all of it again from a log."""

import io
import pathlib
import re
import shutil
import threading
from collections.abc import Iterator

import pyoxigraph as ox
import pytest

import folders
from carekg import build, change, errors, update
from carekg.change import undo
from carekg.change.guard import HOME, Guards
from carekg.past import blame, log
from carekg.reader.effect import Effect
from carekg.store import About, Made, Manifest, Update, rows
from carekg.store.embedded import EmbeddedStore
from carekg.store.history import provenance, replay, room
from carekg.terms import BASE, PREFIXES
from commands import run, sentence

WALKS = f"{PREFIXES['innovation']}lantern-walks"
COMMENT = ox.NamedNode(f"{PREFIXES['rdfs']}comment")


class Desk:
    """A store of the small world, changed under its guard."""

    def __init__(self, store: EmbeddedStore) -> None:
        self.store, self.guards = store, Guards()

    def states(self, *texts: str, of: str = WALKS, who: str = "ann", **more: str) -> Made:
        """State comments of a thing."""
        return self.commit([comment(text, of) for text in texts], [], About(who, **more))

    def withdraws(self, *texts: str, of: str = WALKS, who: str = "bob") -> Made:
        """Withdraw comments of a thing."""
        return self.commit([], [comment(text, of) for text in texts], About(who))

    def commit(self, added: list[ox.Quad], removed: list[ox.Quad], about: About, against: int | None = None) -> Made:
        one = change.Change.of(added, removed, about, against)
        return change.commit(one, self.store, self.guards.over(self.store))

    def undo(self, number: int, who: str = "cem", why: str = "") -> Made:
        return undo.undo(number, self.store, self.guards.over(self.store), About(who, why))

    def comments(self) -> set[str]:
        """The comments that things have now."""
        found = rows(self.store, f"SELECT ?s ?text {{ ?s {COMMENT} ?text }}")
        return {row["text"] for row in found if row["s"].startswith(f"{BASE}id/")}

    def quads(self) -> set[ox.Quad]:
        """All that there is in named graphs."""
        answer, _ = self.store.graph(None, "n-quads")
        return {quad for quad in ox.parse(answer.read(), ox.RdfFormat.N_QUADS)
                if not isinstance(quad.graph_name, ox.DefaultGraph)}


def comment(text: str, of: str = WALKS) -> ox.Quad:
    return ox.Quad(ox.NamedNode(of), COMMENT, ox.Literal(text, language="en"))


@pytest.fixture
def desk(good_store: EmbeddedStore, tmp_path: pathlib.Path) -> Iterator[Desk]:
    with EmbeddedStore(folders.own_store(good_store, tmp_path / "store")) as store:
        yield Desk(store)


def test_a_change_is_shown_with_terms_as_they_are(tmp_path: pathlib.Path) -> None:
    with EmbeddedStore(tmp_path / "store") as store:
        rows = b'<x:a> <x:b> "a ^^<b"@en <x:g> .\n_:abc <x:b> "7"^^<http://www.w3.org/2001/XMLSchema#anyURI> <x:g> .\n'
        store.replace([rows], Manifest("d", "now", 2, plain=True))
        text = "INSERT DATA { <x:a> <x:c> <x:d> }"
        store.change(Update(update.operations(text), text))
    told = run("history", "of", "x:a", store=tmp_path / "store").stdout.splitlines()
    assert [line for line in told if line.startswith("<x:")] == ["<x:c> <x:d>", '<x:b> "a ^^<b"@en']
    then = run("history", "of", "x:a", "--at", "2", store=tmp_path / "store").stdout.splitlines()
    assert sorted(then[1:]) == ['  <x:b> "a ^^<b"@en', "  <x:c> <x:d>"]
    shown = run("history", "show", "1", store=tmp_path / "store").stdout
    assert '  + <x:a> <x:b> "a ^^<b"@en\n' in shown
    assert re.search(r'  \+ _:\w+ <x:b> "7"\^\^xsd:anyURI\n', shown)
    assert run("history", "--most", str(10**30), store=tmp_path / "store").exit_code == 2


def test_a_store_elsewhere_is_not_said_to_have_had_no_change() -> None:
    assert "http://localhost:1/sparql keeps its graph elsewhere" in sentence(
        run("history", store="http://localhost:1/sparql"), 5)


# --- who stated what -------------------------------------------------------------------------------------------------


def test_each_statement_has_the_change_that_made_it(desk: Desk) -> None:
    made = desk.states("By night.", why="Seen", source="https://example.org/report")
    first, *others = blame.blame(desk.store, WALKS)
    assert (first.quad.object, first.file) == (ox.Literal("By night.", language="en"), "")
    assert first.entry is not None
    assert (first.entry.number, first.entry.about.who, first.entry.about.why) == (made.number, "ann", "Seen")
    assert others
    assert {one.file for one in others} == {"data/world"}
    assert all(one.entry and one.entry.is_build for one in others)


def test_a_statement_made_anew_has_the_last_change_that_made_it(desk: Desk) -> None:
    desk.states("By night.")
    desk.withdraws("By night.")
    again = desk.states("By night.", who="dan")
    entry = blame.blame(desk.store, WALKS)[0].entry
    assert entry is not None
    assert (entry.number, entry.about.who) == (again.number, "dan")


def test_a_thing_is_as_it_was_after_any_change(desk: Desk) -> None:
    built = desk.store.history.last()
    numbers = [desk.states("One.").number, desk.states("Two.").number, desk.withdraws("One.").number]
    then = [{quad.object.value for quad in blame.at(desk.store, WALKS, number) if quad.predicate == COMMENT}
            for number in (built, *numbers)]
    assert then == [set(), {"One."}, {"One.", "Two."}, {"Two."}]
    with pytest.raises(errors.NoChange, match=r"^There is no change 99; the last is 4\.$"):
        blame.at(desk.store, WALKS, 99)


def test_the_graph_says_in_prov_o_who_changed_what_and_on_which_source(desk: Desk) -> None:
    made = desk.states("By night.", why="Seen", source="https://example.org/report")
    found = rows(desk.store, f"""PREFIX prov: <{PREFIXES['prov']}> PREFIX dcterms: <{PREFIXES['dcterms']}>
        SELECT ?change ?name ?why ?source ?when {{ ?change a prov:Activity ; prov:influenced <{WALKS}> ;
        prov:wasAssociatedWith/<http://xmlns.com/foaf/0.1/name> ?name ; dcterms:description ?why ; prov:used ?source ;
        prov:endedAtTime ?when }}""")
    entry = desk.store.history.entry(made.number)
    assert found == [{"change": provenance.iri(entry), "name": "ann", "why": "Seen", "when": found[0]["when"],
                      "source": "https://example.org/report"}]


# --- taken back ------------------------------------------------------------------------------------------------------


def test_a_change_is_undone_by_a_change_that_can_be_undone(desk: Desk) -> None:
    before = desk.comments()
    made = desk.commit([comment("New.")], [], About("ann"))
    swapped = desk.commit([comment("Newer.")], [comment("New.")], About("ann"))
    undone = desk.undo(swapped.number, why="It was right")
    assert desk.comments() == before | {"New."}
    entry = desk.store.history.entry(undone.number)
    assert (entry.about.who, entry.about.why, entry.about.how) == ("cem", "It was right", f"undo of {swapped.number}")
    desk.undo(undone.number)
    assert desk.comments() == before | {"Newer."}
    with pytest.raises(errors.CannotUndo) as wrong:
        desk.undo(made.number)
    assert str(wrong.value).startswith(
        f"Change {made.number} cannot be undone, and nothing was changed: what it changed was changed again. "
        f"Undo first: change {undone.number + 1} by cem on ")


def test_a_change_is_undone_that_lies_before_others(desk: Desk) -> None:
    first, _ = desk.states("One."), desk.states("Two.")
    desk.undo(first.number)
    assert "Two." in desk.comments()
    assert "One." not in desk.comments()


def test_a_change_on_which_later_ones_rest_is_not_undone(desk: Desk) -> None:
    thing, other = f"{PREFIXES['source']}fresh", f"{PREFIXES['source']}later"
    kind, label = ox.NamedNode(f"{PREFIXES['rdf']}type"), ox.NamedNode(f"{PREFIXES['rdfs']}label")
    source = ox.NamedNode(f"{PREFIXES['care']}Source")

    def described(iri: str) -> list[ox.Quad]:
        node = ox.NamedNode(iri)
        return [ox.Quad(node, kind, source), ox.Quad(node, label, ox.Literal("S", language="en"))]

    made = desk.commit(described(thing), [], About("ann"))
    also = ox.NamedNode(f"{PREFIXES['rdfs']}seeAlso")
    citing = ox.Quad(ox.NamedNode(other), also, ox.NamedNode(thing))
    desk.commit([*described(other), citing], [], About("bob", "It cites it"))
    before = desk.quads()
    with pytest.raises(errors.CannotUndo) as wrong:
        desk.undo(made.number)
    sentence = str(wrong.value)
    assert "the graph would not be valid without it" in sentence
    assert "by bob on" in sentence
    assert "source:fresh, which source:later speaks of, is described nowhere" in sentence
    assert desk.quads() == before


def test_the_build_of_a_folder_is_not_undone(desk: Desk) -> None:
    with pytest.raises(errors.CannotUndo, match="change the folder's files and build again"):
        desk.undo(1)
    with pytest.raises(errors.NoChange):
        desk.undo(7)


def test_of_two_who_undo_the_same_one_is_refused(desk: Desk) -> None:
    made = desk.states("By night.")
    desk.guards.over(desk.store)
    came: list[object] = []

    def undone() -> None:
        try:
            came.append(desk.undo(made.number))
        except errors.CannotUndo as error:
            came.append(error)

    threads = [threading.Thread(target=undone) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(one).__name__ for one in came) == ["CannotUndo", "Made"]


# --- a race that is lost ---------------------------------------------------------------------------------------------


def test_a_change_made_against_an_older_graph_is_refused_where_it_touches_what_changed(desk: Desk) -> None:
    looked = desk.store.history.last()
    desk.states("First.", who="ann", why="Quicker")
    with pytest.raises(errors.Overtaken) as wrong:
        desk.commit([comment("Second.")], [], About("bob"), against=looked)
    assert str(wrong.value).startswith(
        "Nothing was changed: what you change was changed meanwhile, by change 2 by ann on ")
    assert ": Quicker. Look at it as it is now" in str(wrong.value)
    assert "Second." not in desk.comments()
    (other,) = rows(desk.store, f"SELECT ?s {{ ?s a <{PREFIXES['care']}Site> }} LIMIT 1")
    assert desk.commit([comment("Third.", of=other["s"])], [], About("bob"), against=looked).number == 3


def test_a_change_is_tried_without_being_made(desk: Desk) -> None:
    before, last = desk.quads(), desk.store.history.last()
    over = desk.guards.over(desk.store)
    good = change.tried(change.Change.of([comment("Tried.")], []), desk.store, over)
    kind = ox.NamedNode(f"{PREFIXES['rdf']}type")
    wrong = ox.Quad(ox.NamedNode(f"{PREFIXES['innovation']}new"), kind, ox.NamedNode(f"{PREFIXES['care']}Innovation"))
    bad = change.tried(change.Change.of([wrong], []), desk.store, over)
    assert good.is_right
    assert [quad.graph_name for quad in good.stated.added] == [ox.NamedNode(HOME)]
    assert not bad.is_right
    assert len(bad.report.violations) >= 4
    assert (desk.quads(), desk.store.history.last()) == (before, last)


# --- the folder as an author among others ----------------------------------------------------------------------------


@pytest.mark.heavy
def test_what_the_folder_takes_over_is_its_own_from_then_on(world: pathlib.Path, tmp_path: pathlib.Path) -> None:
    folder = pathlib.Path(shutil.copytree(world, tmp_path / "folder"))
    with EmbeddedStore(tmp_path / "store") as store:
        desk = Desk(store)
        build.build(folder, store)
        desk.states("By night.", "By day.")
        build.build(folder, store)
        assert {"By night.", "By day."} <= desk.comments()  # which the folder does not have
        taken = folder / "data" / "stewards.ttl"
        taken.write_text(f'<{WALKS}> <{COMMENT.value}> "By night."@en .\n', encoding="utf-8")
        build.build(folder, store)
        taken.unlink()
        build.build(folder, store)
        assert "By night." not in desk.comments()
        assert "By day." in desk.comments()
        assert [one.is_build for one in reversed(store.history.entries())] == [True, False, True, True]


@pytest.mark.heavy
def test_a_build_that_changes_nothing_is_no_change(world: pathlib.Path, tmp_path: pathlib.Path) -> None:
    with EmbeddedStore(tmp_path / "store") as store:
        build.build(world, store)
        build.build(world, store)
        assert store.history.last() == 1


# --- all of it again from a log --------------------------------------------------------------------------------------


def logged(store: EmbeddedStore) -> bytes:
    return b"".join(log.written(store.history))


def changed(desk: Desk) -> None:
    """Make changes of several kinds, also with literals that could be taken for something else."""
    desk.states("By night. <x:g>", 'Quoted "." \\ and\nlines', why="Why \"so\"\n", source="https://example.org/r")
    desk.withdraws("By night. <x:g>")
    desk.undo(desk.store.history.last())


@pytest.mark.heavy
def test_a_store_is_made_again_from_the_log_alone(desk: Desk, tmp_path: pathlib.Path) -> None:
    changed(desk)
    text = logged(desk.store)
    with EmbeddedStore(tmp_path / "replica") as other:
        assert log.replica(io.BytesIO(text), other) == 4
        replica = Desk(other)
        assert replica.quads() == desk.quads()
        assert build.exported(other, "n-quads", True) == build.exported(desk.store, "n-quads", True)
        assert other.history.entries() == desk.store.history.entries()
        assert logged(other) == text
        assert other.manifest() == desk.store.manifest()
        assert replica.states("It goes on.").number == 5
        assert "It goes on." in replica.comments()


def test_the_history_gives_the_graph_after_each_change(desk: Desk) -> None:
    states = []
    for text in ("One.", "Two."):
        desk.states(text)
        states.append(desk.quads())
    assert [set(replay.after(desk.store.history, number)) for number in (2, 3)] == states


def test_the_log_is_rdf_patch_that_others_can_apply(desk: Desk) -> None:
    changed(desk)
    again: set[ox.Quad] = set()
    for part in logged(desk.store).split(b"TX .\n")[1:]:
        effect = Effect.from_patch(part.split(b"TC .\n")[0])
        again = again - effect.removed | effect.added
    assert again == desk.quads()


@pytest.mark.heavy
@pytest.mark.parametrize(("harm", "sentence"), [
    ("empty", "This is no log of a history"), ("other", "is not one that a log has there"), ("cut", "breaks off"),
    ("missing", "The log leaves out change 2: after 1 comes 3"), ("odd", "is not one that a log has there"),
    ("cut in a row", "is not one that a log has there|breaks off"),
])
def test_a_log_that_is_not_whole_makes_nothing(desk: Desk, tmp_path: pathlib.Path, harm: str, sentence: str) -> None:
    changed(desk)
    text = logged(desk.store)
    parts = text.split(b"H id ")
    spoilt = {"empty": b"", "other": b"TX .\nTC .\n", "cut": text[:-len(b"TC .\n")], "odd": text + b"what\n",
              "missing": b"H id ".join([*parts[:2], *parts[3:]]), "cut in a row": text[:len(text) * 2 // 3]}[harm]
    with EmbeddedStore(tmp_path / "replica") as other:
        with pytest.raises(errors.BadInput, match=sentence):
            log.replica(io.BytesIO(spoilt), other)
        assert (other.history.last(), other.manifest()) == (0, None)


@pytest.mark.parametrize(("was", "harm", "sentence"), [
    (rb'H number "1"', b'H number "one"', "Change one of the log is not"),
    (rb"A <x:a>", b"A <x:a> <x:b", "Change 1 of"),
    (rb'H triples "1" .\n', b"", "Change 1 of the log"), (rb"H made .*\n", b"", "Change 1 of the log"),
    (rb"H built .*\n", b"", "before the first change"),
    (rb"H manifest .*", b'H manifest "{" .', "before the first change"),
    (rb"H kept .*", b'H kept "A what" .', "before the first change"),
])
def test_a_log_that_says_what_no_log_says_makes_nothing(
    tmp_path: pathlib.Path, was: bytes, harm: bytes, sentence: str
) -> None:
    with EmbeddedStore(tmp_path / "store") as store:
        store.replace([b"<x:a> <x:b> <x:c> <x:g> .\n"], Manifest("d", "now", 1, plain=True))
        spoilt, found = re.subn(was, lambda _: harm, logged(store))
    assert found == 1
    with EmbeddedStore(tmp_path / "replica") as other:
        with pytest.raises(errors.BadInput, match=sentence):
            log.replica(io.BytesIO(spoilt), other)
        assert (other.history.last(), other.manifest()) == (0, None)


def test_a_log_is_not_put_over_a_store_that_has_something(desk: Desk) -> None:
    with pytest.raises(errors.WouldLose):
        log.replica(io.BytesIO(logged(desk.store)), desk.store)


@pytest.mark.heavy
def test_a_build_that_would_not_fit_into_memory_is_refused_and_says_so(
    desk: Desk, good_folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.states("By lantern light.")
    store = desk.store
    before, free = (store.history.last(), store.version), room.EACH * store.history.beyond()
    assert free > 0
    monkeypatch.setattr(room, "available", lambda: free - 1)
    with pytest.raises(errors.BeyondMemory, match="beyond the folder"):
        build.build(good_folder, store)
    assert (store.history.last(), store.version) == before
    monkeypatch.setattr(room, "available", lambda: free)
    build.build(good_folder, store)
