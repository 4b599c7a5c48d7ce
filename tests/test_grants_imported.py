"""Grants in the 360Giving format are imported, imported again, and refused: into a store, and by the command."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

import folders
import giving
import small
from carekg import change
from carekg.change import undo
from carekg.importers.grants import importing, mapping, reading
from carekg.importers.grants.documents import Documents
from carekg.store import About
from carekg.store.embedded import EmbeddedStore
from commands import run, sentence
from giving import HEADINGS, LICENCE, LINE, Desk, grant, numbered, package, read, table

# --- imported -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def desk(good_store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The small world with six grants, in batches of two, and one of another publisher."""
    place = tmp_path_factory.mktemp("grants")
    folders.own_store(good_store, place / "store")
    with EmbeddedStore(place / "store") as store:
        one = Desk(store)
        grants = numbered(6, beneficiaryLocation=[{"geoCode": "E06999999"}])
        one.run(package(place / "tide.json", grants, title="Grants of 2021"), batch=2)
        yield one


def test_an_imported_award_has_its_source_publisher_and_licence_and_what_follows(desk: Desk) -> None:
    (found,) = desk.ask("""award:360G-tide-3 care:restsOn/care:isFrom ?source ; care:aboutPlace place:saltmere ;
        care:holdsFor organisation:lantern-trust . organisation:lantern-trust care:fundedBy ?funder .
        ?source dcterms:publisher ?publisher ; dcterms:license ?licence ; rdfs:label ?label .
        ?funder rdfs:label "Tide Foundation"@en ; care:orgId ?id""")
    assert (found["label"], found["licence"]) == ("Grants of Tide Foundation: Grants of 2021", f"<{LICENCE}>")
    assert (found["funder"], found["id"]) == ("organisation:GB-CHC-1000001", "GB-CHC-1000001")
    assert desk.ask("GRAPH <https://w3id.org/carekg/graph/data/grants/tide-foundation> { ?award a care:Award }")


def test_the_history_says_which_grants_of_which_file_each_change_holds(desk: Desk) -> None:
    told = [one.about for one in desk.store.history.entries() if one.about.how == "grants"]
    assert [about.why.partition(" [")[0] for about in told[-3:]] == [
        f"Grants {first} to {first + 1} of tide.json" for first in (5, 3, 1)]
    assert {about.who for about in told} == {"ann"}


def test_importing_again_changes_just_what_differs(desk: Desk, tmp_path: Path) -> None:
    same = numbered(6, beneficiaryLocation=[{"geoCode": "E06999999"}])
    last = desk.store.history.last()
    assert desk.run(package(tmp_path / "tide.json", same, title="Grants of 2021")).unchanged == 6
    assert desk.store.history.last() == last
    same[2]["amountAwarded"] = 2000
    tally = desk.run(package(tmp_path / "tide.json", same, title="Grants of 2021"))
    assert (tally.added, tally.changed, tally.unchanged) == (0, 1, 5)
    entry = desk.store.history.entry(tally.changes[0])
    assert (entry.added, entry.removed) == (2, 2)  # the amount and the sentence
    assert desk.ask("award:360G-tide-3 care:amount ?n") == [{"n": "2000"}]


def test_an_award_that_another_publisher_states_is_moved_and_not_doubled(desk: Desk, tmp_path: Path) -> None:
    place = package(tmp_path / "nav.json", [grant(id="360G-tide-6")], publisher={"name": "A Register"})
    assert desk.run(place).changed == 1
    found = desk.ask("GRAPH ?g { award:360G-tide-6 a care:Award } FILTER(CONTAINS(STR(?g), '/data/'))")
    assert [row["g"] for row in found] == ["<https://w3id.org/carekg/graph/data/grants/a-register>"]


def test_a_copy_of_a_file_under_another_name_is_told_as_where_awards_rest_now(desk: Desk, tmp_path: Path) -> None:
    funder = [{"id": "GB-CHC-8", "name": "Flow"}]
    grants = [grant(id=f"360G-flow-{number}", fundingOrganization=funder) for number in (1, 2)]
    assert desk.run(package(tmp_path / "one.json", grants)).moved == 0
    grants[1]["amountAwarded"] = 7
    assert desk.run(package(tmp_path / "one.json", grants)).moved == 0
    tally = desk.run(package(tmp_path / "two.json", grants), batch=1)
    assert (tally.changed, tally.moved, tally.moved_from.rpartition("/")[2]) == (
        2, 2, "grants~tide-foundation~one-json")


def test_another_file_of_the_same_name_is_told_as_a_document_that_is_described_anew(
    desk: Desk, tmp_path: Path
) -> None:
    funder = [{"id": "GB-CHC-9", "name": "Rise"}]
    told = []
    for year in ("2021", "2021", "2022"):
        grants = [grant(id=f"360G-rise-{year}", fundingOrganization=funder)]
        told.append(desk.run(package(tmp_path / "rise.json", grants, title=year, issued="2021-02-31")).retold)
    assert told == [set(), set(), {"https://w3id.org/carekg/id/source/grants~tide-foundation~rise-json"}]


def test_organisations_are_counted_once_however_a_file_is_cut_into_batches(desk: Desk, tmp_path: Path) -> None:
    one = {"id": "360G-own-1", "name": "Ebb", "charityNumber": "7777777"}
    place = package(tmp_path / "own.json", [grant(id=f"360G-own-{number}", recipientOrganization=[one])
                                            for number in range(3)])
    for preview in (True, False):
        tally = desk.run(place, batch=1, preview=preview)
        assert (tally.bodies_made, tally.bodies_matched) == (1, 0)


def test_a_batch_that_somebody_overtakes_is_worked_out_anew(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = package(tmp_path / "tide.json", [grant(id="360G-tide-1", amountAwarded=77)])
    graph = "https://w3id.org/carekg/graph/data/grants/tide-foundation"
    meanwhile = [ox.Quad(small.term("award:360G-tide-1"), small.term("dcterms:title"), ox.Literal(title),
                         ox.NamedNode(graph)) for title in ("Walks for all", "Walks for most")]
    work_out = importing.Importer._difference

    def overtaken(self: importing.Importer, grants: list[mapping.Grant]) -> importing.Difference:
        found = work_out(self, grants)
        if meanwhile:
            change.commit(change.Change.of([meanwhile.pop()], [meanwhile.pop()]), desk.store, desk.guard)
        return found

    monkeypatch.setattr(importing.Importer, "_difference", overtaken)
    assert desk.run(place).changed == 1
    assert desk.ask("award:360G-tide-1 dcterms:title ?title ; care:amount ?n") == [
        {"title": "Walks for all", "n": "77"}]


def test_what_is_kept_of_a_file_is_known_again_and_of_another_not(desk: Desk, tmp_path: Path) -> None:
    place = package(tmp_path / "more.json", numbered(4, fundingOrganization=[{"id": "GB-CHC-7", "name": "Ebb"}]))
    desk.run(place, batch=3)
    source = reading.opened(place)
    one = giving.Importer(source, Documents("", {}), desk.store, None, "", reading.digest(place))
    assert one.came_to() == 4
    made = undo.undo(desk.store.history.last(), desk.store, desk.guard, About("ann"))
    assert one.came_to() == 3
    undo.undo(made.number, desk.store, desk.guard, About("ann"))
    assert one.came_to() == 4
    assert giving.Importer(source, Documents("", {}), desk.store, None, "", "0" * 64).came_to() == 0


@pytest.mark.heavy
def test_how_a_file_is_cut_into_batches_makes_no_difference(good_store: EmbeddedStore, tmp_path: Path) -> None:
    several = [{"id": "GB-COH-11111111", "name": "A", "charityNumber": "1111111"},
               {"id": "GB-CHC-1111111", "name": "B"}, {"id": "GB-COH-11111111", "name": "D"},
               {"id": "360G-x-org", "name": "C", "companyNumber": "11111111"}]
    place = package(tmp_path / "g.json", [grant(id=f"360G-tide-{n}", recipientOrganization=[one], grantProgramme=[
        {"title": f"P{n % 2}"}]) for n, one in enumerate(several)])
    found = []
    for batch in (1, 4):
        folders.own_store(good_store, tmp_path / f"store-{batch}")
        with EmbeddedStore(tmp_path / f"store-{batch}") as store:
            one = Desk(store)
            one.run(place, batch=batch)
            found.append({tuple(sorted(row.items())) for row in one.ask(
                "GRAPH <https://w3id.org/carekg/graph/data/grants/tide-foundation> { ?s ?p ?o }")})
    assert found[0] == found[1]


# --- the command ----------------------------------------------------------------------------------------------------


@pytest.fixture
def own(good_store: EmbeddedStore, tmp_path: Path) -> Path:
    return folders.own_store(good_store, tmp_path / "store")


def test_a_file_with_wrong_grants_changes_nothing_and_is_told_in_a_report(
    good_folder: Path, own: Path, tmp_path: Path
) -> None:
    grants = [*numbered(2), grant(id="360G-tide-1", title="again"), grant(id="=cmd()", currency="POUND"), "nothing"]
    place = package(tmp_path / "grants.json", grants)
    told = sentence(run("import", "grants", str(place), folder=good_folder, store=own), 2)
    assert "3 grants are not right, so nothing was imported" in told
    assert "grant 3, 360G-tide-1: id is that of grant 1 too" in told
    report = (tmp_path / "grants.json.faults.csv").read_text(encoding="utf-8").splitlines()
    assert report[0].startswith("grant,where,identifier")
    assert [line.split(",")[0] for line in report[1:]] == ["3", "4", "5"]
    assert "'=cmd()" in report[2]
    done = run("import", "grants", "--skip-invalid", str(place), folder=good_folder, store=own)
    assert "Awards: 2 added" in done.output, done.output
    again = run("import", "grants", "--skip-invalid", "--resume", str(place), folder=good_folder, store=own)
    assert "Nothing was to be changed" in again.output


def test_a_second_grant_does_not_take_the_place_of_one_that_is_left_out(
    good_folder: Path, own: Path, tmp_path: Path
) -> None:
    wrong = [grant(id="360G-tide-1", currency="POUND"), grant(id="360G-tide-1", title="another")]
    place = package(tmp_path / "grants.json", [*wrong, grant(id="360G-tide-2")])
    done = run("import", "grants", "--skip-invalid", str(place), folder=good_folder, store=own)
    assert "Awards: 1 added" in done.output, done.output
    report = (tmp_path / "grants.json.faults.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[0] for line in report[1:]] == ["1", "2"]


def test_a_preview_tells_what_would_change_and_changes_nothing(good_folder: Path, own: Path, tmp_path: Path) -> None:
    place = table(tmp_path / "grants.csv", HEADINGS, LINE)
    options = ["--publisher", "Tide Foundation", "--licence", LICENCE, "--preview"]
    over = run("import", "grants", str(place), *options, "--report", str(place), folder=good_folder, store=own)
    assert ("is the file of grants itself" in sentence(over, 2), len(read(place))) == (True, 1)
    done = run("import", "grants", str(place), *options, folder=good_folder, store=own)
    assert "Awards: 1 would be added" in done.output, done.output
    assert "Nothing was changed" in done.output
    with EmbeddedStore(own) as store:
        assert not [one for one in store.history.entries() if one.about.how == "grants"]


@pytest.mark.heavy
def test_a_batch_that_the_guard_refuses_is_told_and_those_before_it_are_kept(
    good_folder: Path, own: Path, tmp_path: Path
) -> None:
    nobody = [{"url": "https://w3id.org/carekg/id/innovation/nobody"}]
    place = package(tmp_path / "grants.json", [*numbered(2), grant(id="360G-tide-3", classifications=nobody)])
    tried = run("import", "grants", str(place), "--batch", "2", "--preview", folder=good_folder, store=own)
    assert ("Nothing was imported" in tried.stderr, "are kept;" in tried.stderr) == (True, False)
    result = run("import", "grants", str(place), "--batch", "2", folder=good_folder, store=own)
    assert "innovation:nobody" in sentence(result, 2)
    assert "Grants 1 to 2 are kept" in result.stderr
