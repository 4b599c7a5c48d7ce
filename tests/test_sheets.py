"""Sheets: read, matched with what is known, wrong cells told, and kept whole or not at all."""

import datetime
import io
import pathlib
import zipfile
from collections.abc import Iterator

import pyoxigraph as ox
import pytest

import folders
import sheeting
from carekg import change, errors
from carekg.importers import sheets
from carekg.importers.sheets import desk as filling
from carekg.importers.sheets import workbook
from carekg.importers.sheets.desk import Desk, Outcome
from carekg.importers.sheets.table import folded
from carekg.store import About
from carekg.store.embedded import EmbeddedStore
from carekg.terms import CARE
from commands import run, sentence
from sheeting import SITE, as_csv, book, checked, committed, problems, saved

TITLES = ["site", "place"]
WALKS = {**SITE, "subject": "Lantern Walks"}
KNOWN = {"id": "site/lantern-walks-saltmere"}


@pytest.fixture(scope="module")
def desk(good_store: EmbeddedStore) -> Desk:
    """The small world; nobody writes to it here."""
    return sheeting.desk(good_store)


@pytest.fixture
def place(good_store: EmbeddedStore, tmp_path: pathlib.Path) -> pathlib.Path:
    return folders.own_store(good_store, tmp_path / "store")


@pytest.fixture
def own(desk: Desk, place: pathlib.Path) -> Iterator[Desk]:
    """A small world of one's own."""
    with EmbeddedStore(place) as store:
        yield sheeting.desk(store, desk)


def again(one: Desk) -> Desk:
    """The same world after a change."""
    return sheeting.desk(one.graph, one)  # type: ignore[arg-type]


# --- files --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_csv_file_is_read_whatever_separates_its_cells(separator: str, mark: bytes) -> None:
    table = sheets.read("site.csv", mark + as_csv(SITE, {**SITE, "summary": "A, b; c\nd"}, separator=separator))
    assert list(table.heads.values()) == list(SITE)
    assert [row.cells[5].text for row in table.rows] == [SITE["summary"], "A, b; c\nd"]


def test_rows_without_anything_in_them_are_not_counted() -> None:
    assert [row.number for row in sheets.read("site.csv", b"name,x\n" + b",\n" * 20_001 + b"a,b\n").rows] == [20_003]


@pytest.mark.parametrize(("content", "told"), [
    (b"", "is empty"),
    (b" \n", "is empty"),
    ("name\nCafé\n".encode("cp1252"), "line 2 has a sign of another encoding, perhaps Windows-1252, near `Café`"),
    ("name\na\n".encode("utf-16"), "is in UTF-16"),
    (b"\x89PNG\0\0", "is neither a workbook nor text"),
    (b'name,place\n"open,Leeds\n', "does not parse in row 2"),
    (b"a," * 100_000 + b"\n", "has 100,001 columns in row 1"),
    (b"name\n" + b"x\n" * 20_001, "has more than 20,000 rows"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "is a workbook of the old kind (.xls), whatever its name"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(9) + "EncryptedPackage".encode("utf-16-le"), "with a password"),
    (b"PK\x03\x04 and no more", "breaks off, or is damaged"),
])
def test_a_file_that_cannot_be_read_is_told_with_what_would_be_right(content: bytes, told: str) -> None:
    with pytest.raises(errors.BadSheet) as caught:
        sheets.read("site.xlsx", content, "", TITLES)
    assert told in str(caught.value)
    assert "; " in str(caught.value)


def test_a_head_of_two_lines_does_not_hide_what_separates_the_cells() -> None:
    assert list(sheets.read("a.csv", b'"name\nof it";place\nx;y\n').heads.values()) == ["name\nof it", "place"]


def test_a_file_of_two_gigabytes_is_told_before_it_is_read(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "site.csv"
    with path.open("wb") as file:
        file.truncate(2**31)
    with pytest.raises(errors.BadSheet, match="has 2,048 MB, and 20 MB is the most"):
        sheets.opened(path)
    for wrong in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(errors.BadSheet, match=r"name an .xlsx or .csv file"):
            sheets.opened(wrong)


def test_a_workbook_that_breaks_off_or_is_none_is_told() -> None:
    whole = saved(book(sheeting.rows_of(SITE)))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("letter.txt", "Dear all")
    for content, told in ((whole[:len(whole) // 2], "breaks off"), (archive.getvalue(), "zip archive and no workbook")):
        with pytest.raises(errors.BadSheet, match=told):
            sheets.read("site.xlsx", content)


def test_a_workbook_of_empty_cells_without_end_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_CELLS", 100_000)
    made = book(sheeting.rows_of(SITE))
    for number in range(2, 9):
        made.active.cell(number, 16_384).number_format = "0"
    with pytest.raises(errors.BadSheet, match="more than 100,000 cells, most of them empty"):
        sheets.read("site.xlsx", saved(made))


def test_the_sheet_that_is_meant_is_found_or_asked_for() -> None:
    made = book([["about"], ["me"]], "Cover")
    made.create_sheet("Sites of 2020").append(["place"])
    content = saved(made)
    with pytest.raises(errors.BadSheet, match="`Cover`, `Sites of 2020`"):
        sheets.read("a.xlsx", content, "", TITLES)
    assert sheets.read("a.xlsx", content, "sites of 2020", TITLES).title == "Sites of 2020"
    made.create_sheet("Site").append(["place"])
    assert sheets.read("a.xlsx", saved(made), "", TITLES).title == "Site"


def test_a_sheet_that_does_not_say_what_its_rows_are_is_told(desk: Desk) -> None:
    with pytest.raises(errors.BadSheet, match="does not say what its rows are"):
        checked(desk, SITE, name="mine.csv")
    with pytest.raises(errors.BadValue, match="did you mean site"):
        desk.find("sit")


# --- heads and cells ----------------------------------------------------------------------------------------------


def test_heads_are_found_whatever_their_capitals_and_spaces(desk: Desk) -> None:
    assert checked(desk, {f"  {head.upper().replace(' ', '  ')} *": value for head, value in SITE.items()}).is_ready


def test_a_head_that_is_unknown_twice_or_missing_is_told(desk: Desk) -> None:
    rows = [[*SITE, "sumary", "Place", "# my own", ""], [*SITE.values(), "x", "y", "z", "stray"]]
    outcome = desk.checked(sheets.read("site.xlsx", saved(book(rows)), "", TITLES))
    found = problems(outcome)
    assert "Is `summary` meant?" in found["J1"]
    assert "stands twice" in found["K1"]
    assert "has no head" in found["M2"]
    assert len(found) == 3


@pytest.mark.parametrize(("head", "value", "told"), [
    ("as of", "19/10/2016", "is 2016-10-19 meant?"),
    ("as of", "October 2016", "is 2016-10 meant?"),
    ("as of", 42662, "Is the day 2016-10-19 meant?"),
    ("as of", 2016.5, "This is a number where a date belongs."),
    ("stated count", "many", "Right is a whole number such as 12"),
    ("stated count", "1,200", "is 1200 meant?"),
    ("stated count", 8.5, "Right is a whole number"),
    ("as printed", datetime.datetime(2016, 4, 3), "has taken this for a date, 2016-04-03"),
    ("voice", "the documnet", "to be confirmed"),
    ("voice", "Nobody", "Right is one of: "),
    ("confidence", True, "Right is one of: high, low, medium."),
    ("place", "=HYPERLINK(\"http://x\")", "formulas are not worked out"),
    ("place", "=A1", "formulas are not worked out"),
    ("subject (how)", "belongs to", "Right is one of: holds for, "),
    ("summary", "a\x01b", "without control characters"),
])
def test_a_cell_of_the_wrong_kind_is_told_with_what_would_be_right(
        desk: Desk, head: str, value: object, told: str) -> None:
    if value == "a\x01b":
        outcome = checked(desk, {**SITE, head: value})
    else:
        rows = sheeting.rows_of({**SITE, head: value})
        outcome = desk.checked(sheets.read("site.xlsx", saved(book(rows)), "", TITLES))
    number = list({**SITE, head: ""}).index(head)
    asked = {f"{chr(65 + number)}2": "to be confirmed" for one in outcome.plan.questions if one.column == head}
    assert told in {**problems(outcome), **asked}[f"{chr(65 + number)}2"]


@pytest.mark.parametrize("value", ["=1+2", "=cmd|' /C calc'!A0", "@SUM(1)", "+HYPERLINK(1)", "-2+3+cmd|'x'!A0"])
def test_a_formula_in_a_csv_cell_is_told(desk: Desk, value: str) -> None:
    assert "This is a formula" in problems(checked(desk, {**SITE, "summary": value}))["E2"]


def test_numbers_as_text_dates_as_dates_and_codes_as_numbers_are_taken(desk: Desk) -> None:
    made = book(sheeting.rows_of({**SITE, "stated count": "8", "began": 2016, "as of": datetime.date(2016, 10, 19),
                                  "ended": datetime.date(2017, 2, 1)}))
    made.active["M2"].number_format = "mmm-yy"
    outcome = desk.checked(sheets.read("site.xlsx", saved(made), "", TITLES))
    (site,) = outcome.plan.things
    found = {each.field: each.added[0] for each in site.differences}
    assert outcome.is_ready
    assert (found["stated count"], found["began"], found["as of"], found["ended"]) == (
        "8", "2016", "2016-10-19", "2017-02")


def test_merged_cells_are_told(desk: Desk) -> None:
    made = book(sheeting.rows_of(SITE, {**SITE, "summary": "Another."}))
    made.active.merge_cells("C2:C3")
    outcome = desk.checked(sheets.read("site.xlsx", saved(made), "", TITLES))
    assert "C2:C3 are merged" in problems(outcome)["C2"]


# --- what is known, what is new -----------------------------------------------------------------------------------


def test_a_sheet_makes_what_is_new_and_brought_in_again_changes_nothing(own: Desk) -> None:
    outcome = checked(own, SITE, {**SITE, "place": "", "passage phrase": "by bicycle and by night"})
    (site,) = outcome.plan.things
    assert (site.verdict, site.rows, site.iri.rpartition("/")[2]) == ("new", (2, 3), "lantern-rides-old-saltmere")
    made = committed(own, outcome)
    assert made.number > 0
    assert len([quad for quad in made.added if quad.predicate.value.endswith("#restsOn")]) == 2
    (entry, *_) = own.graph.history.entries()
    assert entry.about.how == "sheet"
    same = checked(again(own), SITE, {**SITE, "place": "", "passage phrase": "by bicycle and by night"})
    assert (same.plan.counts()["unchanged"], same.is_change) == (1, False)
    (passage,) = {quad.subject.value for quad in made.added if quad.object == ox.Literal("rides to the old town")}
    line = ox.Quad(ox.NamedNode(passage), ox.NamedNode(str(CARE.line)), ox.Literal(3))
    change.commit(change.Change.of({line}, (), About("Ada")), own.graph, own.guard)
    assert not checked(again(own), SITE).is_change
    assert checked(again(own), {**SITE, "passage section": "2"}).is_change


def test_a_row_that_differs_changes_just_what_differs(desk: Desk) -> None:
    outcome = checked(desk, {**KNOWN, "role": "pilot | expansion", "status": "running", "began": "", "ended": "(none)"})
    (site,) = outcome.plan.things
    assert {one.field: (one.added, one.removed) for one in site.differences} == {
        "role": (("expansion",), ()), "status": (("running",), ("ended",)), "ended": ((), ("2012",))}
    assert site.verdict == "changed"
    assert outcome.is_ready


def test_how_a_claim_stands_is_changed_and_shown(desk: Desk) -> None:
    (site,) = checked(desk, {**KNOWN, "subject (how)": "is planned for"}).plan.things
    assert [(one.added, one.removed) for one in site.differences] == [
        (("Lantern Walks (is planned for)",), ("Lantern Walks (holds for)",))]


def test_several_values_that_a_cell_no_longer_has_are_withdrawn(desk: Desk) -> None:
    (offer,) = checked(desk, {"id": "offer/lantern-walks", "for group": "older people"}, name="offer.csv").plan.things
    assert [(one.added, len(one.removed)) for one in offer.differences] == [((), 1)]


def test_the_sign_between_values_may_stand_in_one_where_it_is_doubled(desk: Desk) -> None:
    (site,) = checked(desk, {**SITE, "as printed": "a || b | c"}).plan.things
    assert {one.field: one.added for one in site.differences}["as printed"] == ("a | b", "c")
    outcome = checked(desk, {**SITE, "passage phrase": "(None)"})
    assert "is not taken away so" in problems(outcome)["I2"]


def test_a_known_name_is_the_known_thing_and_keeps_its_name(desk: Desk) -> None:
    outcome = checked(desk, {"name": "lantern  walks", "definition": "Walks by night."}, name="innovation.csv")
    (one,) = outcome.plan.things
    assert (one.verdict, [each.field for each in one.differences]) == ("changed", ["definition"])
    renamed = checked(desk, {"id": "lantern-walks", "name": "Lamp Walks"}, name="innovations.csv")
    assert [each.field for each in renamed.plan.things[0].differences] == ["name"]


def test_a_name_that_may_be_anothers_is_to_be_confirmed(desk: Desk) -> None:
    row = {"name": "Saltmre", "is in": "the Shoree"}
    outcome = checked(desk, row, name="place.csv")
    own, other = sorted(outcome.plan.questions, key=lambda one: one.column, reverse=True)
    assert (own.text, own.may_be_new, own.candidates[0].thing.label) == ("Saltmre", True, "Saltmere")
    assert (other.text, other.may_be_new) == ("the Shoree", False)
    with pytest.raises(errors.Unconfirmed, match="2 names are to be confirmed"):
        outcome.raise_for_problems()
    answers = {("Name", "Saltmre"): "new", ("is in", "the Shoree"): "place/the-shore"}
    settled = checked(desk, row, name="place.csv", answers=answers)
    assert settled.is_ready
    assert settled.plan.things[0].verdict == "new"


def test_rows_may_speak_of_each_other(own: Desk) -> None:
    outcome = checked(own, {"name": "Reedham", "is in": "Reedshire"}, {"name": "Reedshire", "is in": ""},
                      name="place.csv")
    assert outcome.is_ready
    committed(own, outcome)
    told = checked(again(own), {"name": "Reedham", "is in": "Reedshire"}, name="place.csv")
    assert told.plan.counts()["unchanged"] == 1


def test_a_name_that_nothing_has_is_told_at_its_cell(desk: Desk) -> None:
    assert "Nothing known goes by the name `Zzyzx`" in problems(checked(desk, {**SITE, "place": "Zzyzx"}))["C2"]


def test_a_key_is_that_of_something_of_the_class_or_of_something_new(desk: Desk) -> None:
    rows = [{**SITE, "id": "site/my-own-key"}, {**SITE, "id": "innovation/lantern-walks"}, {**SITE, "id": "No key!"},
            {**SITE, "id": "", "summary": ""}, {**SITE, "id": "site/"}]
    outcome = checked(desk, *rows)
    found = problems(outcome)
    assert [one.iri.rpartition("/")[2] for one in outcome.plan.things if one.verdict == "new"] == ["my-own-key"]
    assert "is no site" in found["J3"]
    assert "Right is site/no-key" in found["J4"]
    assert "neither an id nor anything in `summary`" in found["E5"]
    assert "a new one cannot look so" in found["J6"]


def test_rows_that_contradict_each_other_are_told_with_both_numbers(desk: Desk) -> None:
    found = problems(checked(desk, SITE, {**SITE, "confidence": "low"}))
    assert "Rows 2 and 3 are about the same site, and differ in `confidence`." in found["G3"]


def differences(outcome: Outcome) -> list[dict[str, tuple[tuple[str, ...], tuple[str, ...]]]]:
    """What each thing of a sheet gains and loses, by the field."""
    return [{one.field: (one.added, one.removed) for one in thing.differences} for thing in outcome.plan.things]


def test_what_is_described_in_place_takes_the_place_of_what_a_row_takes_away(desk: Desk) -> None:
    passage = {**KNOWN, "passage source": "study of lanterns", "passage phrase": "rides to the old town"}
    none = {**KNOWN, "rests on": "(none)"}
    for rows in ((passage, none), (none, passage), ({**passage, **none},)):
        (found,) = differences(checked(desk, *rows))
        added, removed = found["rests on"]
        assert (added, len(removed)) == (("rides to the old town",), 1)


def test_a_row_with_a_key_says_what_its_name_means_in_all_rows(desk: Desk) -> None:
    keyed, named = {"id": "place/my-reedham", "name": "Reedham", "is in": ""}, {"name": "Reedham", "is in": "the Shore"}
    for rows in ((keyed, named), (named, keyed)):
        (one,) = checked(desk, *rows, name="place.csv").plan.things
        assert (one.iri.rpartition("/")[2], [each.field for each in one.differences]) == (
            "my-reedham", ["name", "is in"])
    taken = checked(desk, {"id": "place/reedham", "name": "Sandham", "is in": ""}, named, name="place.csv")
    assert [one.iri.rpartition("/")[2] for one in taken.plan.things] == ["reedham", "reedham-2"]


def test_a_name_in_any_row_of_a_thing_is_its_name(desk: Desk) -> None:
    rows = [{"id": "place/sandham", "is in": "the Shore"}, {"id": "place/sandham", "name": "Sandham"},
            {"name": "Reedham", "is in": "Sandham"}]
    assert differences(checked(desk, *rows, name="place.csv"))[1]["is in"] == (("Sandham",), ())
    renamed = checked(desk, {"name": "Lantern Walks"}, {"id": "lantern-walks", "name": "Lamp Walks"},
                      name="innovation.csv")
    assert differences(renamed) == [{"name": (("Lamp Walks",), ("Lantern Walks",))}]


def test_signs_between_no_values_take_nothing_away(desk: Desk) -> None:
    assert not checked(desk, {**KNOWN, "role": " | "}).is_change


def test_an_answer_holds_however_a_browser_writes_the_ends_of_its_lines(desk: Desk) -> None:
    row = {"name": "Reedham", "is in": "the\nShoree"}
    (asked,) = checked(desk, row, name="place.csv").plan.questions
    assert "\n" not in asked.key[1]
    assert checked(desk, row, name="place.csv", answers={asked.key: "place/the-shore"}).is_ready


# --- what the guard says ------------------------------------------------------------------------------------------


def test_what_breaks_a_shape_is_told_at_the_cell_that_was_typed(desk: Desk) -> None:
    long = "one two three four five six seven eight nine ten eleven twelve thirteen"
    found = problems(checked(desk, {**SITE, "passage phrase": long}, {**WALKS, "voice": "", "began": "2019",
                                                                     "ended": "2012"}))
    assert "at most twelve words" in found["I2"]
    assert "exactly one voice" in found["F3"]
    assert "Nothing ends before it begins" in found["K3"]


def test_a_column_that_is_missing_is_named(desk: Desk) -> None:
    outcome = checked(desk, {head: value for head, value in SITE.items() if head != "confidence"})
    (problem,) = outcome.problems
    assert (problem.row, problem.column, problem.head) == (2, 0, "confidence")
    assert problem.right == "Choose one of high, low or medium."


def test_a_source_that_is_named_beside_the_sheet_is_that_of_its_passages(desk: Desk) -> None:
    row = {**SITE, "passage source": ""}
    assert not checked(desk, row).is_ready
    assert checked(desk, row, source="study of lanterns").is_ready
    with pytest.raises(errors.BadValue, match="a source that is known"):
        desk.source("nothing of the kind")


def test_a_sheet_of_which_one_row_is_wrong_changes_nothing(own: Desk) -> None:
    outcome = checked(own, SITE, {**WALKS, "voice": ""})
    with pytest.raises(errors.WrongCells, match=r"Nothing was changed. F3 \(voice\): .* exactly one voice"):
        outcome.raise_for_problems()
    assert own.graph.history.last() == outcome.plan.against


def test_a_sheet_that_lost_a_race_is_told(own: Desk) -> None:
    first, second = (checked(own, {**KNOWN, "status": status}) for status in ("running", "under way"))
    committed(own, first)
    with pytest.raises(errors.Overtaken):
        committed(own, second)


# --- templates and checked copies ---------------------------------------------------------------------------------


def test_a_template_has_the_columns_of_the_shapes_with_drop_downs_and_notes(desk: Desk) -> None:
    made = sheeting.opened(desk.template("site")[1])
    heads = [cell.value for cell in made["Site"][1]]
    assert heads[:4] == ["id", "subject *", "subject (how) *", "place"]
    assert {"role *", "summary *", "passage source *", "passage phrase"} <= set(heads)
    assert "in one sentence of ours" in made["Site"].cell(1, heads.index("summary *") + 1).comment.text
    lists = {rule.formula1: rule for rule in made["Site"].data_validations.dataValidation}
    column = next(number for number, cell in enumerate(made["Lists"][1], 1) if cell.value == "voice")
    voices = [row[column - 1].value for row in made["Lists"].iter_rows(min_row=2) if row[column - 1].value]
    assert "the document" in voices
    assert any(rule.showErrorMessage for name, rule in lists.items() if name.endswith(f"${len(voices) + 1}"))
    assert made["Lists"].sheet_state == "hidden"
    notes = [row[0].value for row in made["Notes"].iter_rows()]
    assert {head.removesuffix(" *") for head in heads} <= set(notes)
    assert desk.checked(sheets.read("site.xlsx", desk.template("site")[1], "", TITLES)).plan.things == ()


def test_a_template_filled_with_what_is_known_changes_nothing(desk: Desk) -> None:
    for label in ("site", "award", "place", "finding", "innovation"):
        file, content = desk.template(label, filled=True)
        outcome = desk.checked(sheets.read(file, content, "", desk.titles()))
        assert outcome.plan.things
        assert (outcome.is_change, outcome.problems, outcome.plan.questions) == (False, (), ()), label


def test_a_template_is_not_filled_with_more_than_a_sheet_may_bring_in(
        desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "MOST_ROWS", 1)
    with pytest.raises(errors.BadInput, match="take the template that is not filled"):
        desk.template("place", filled=True)
    assert desk.template("place")


def test_a_copy_shows_what_is_wrong_at_each_cell_and_is_read_again_with_its_answers(desk: Desk) -> None:
    rows = [{**SITE, "confidence": "hig", "place": "Salt mere"}, {**WALKS, "place": "Old Saltmer", "# mine": "+1"}]
    outcome = checked(desk, *rows)
    copy = sheeting.opened(outcome.copy())
    wrong = copy["Site"]["G2"]
    assert (wrong.fill.fgColor.rgb, "Right is one of: high" in wrong.comment.text) == ("00F8C9C4", True)
    (error,) = copy["Errors"].iter_rows(min_row=2, values_only=True)
    assert error[:4] == (2, "confidence", "G2", "hig")
    heads = [cell.value for cell in copy["Answers"][1]]
    assert heads[:3] == ["column", "name as typed", "answer"]
    for row in copy["Answers"].iter_rows(min_row=2):
        row[2].value = "place/old-saltmere"
    copy["Site"]["G2"].value = "high"
    mended = desk.checked(sheets.read("site.xlsx", saved(copy), "", TITLES))
    assert mended.is_ready
    assert mended.plan.counts()["new"] == 2
    answers = list(copy["Answers"].iter_rows(min_row=2))
    for row in answers:
        row[2].value = "old saltmere"
    assert desk.checked(sheets.read("site.xlsx", saved(copy), "", TITLES)).is_ready
    answers[0][2].value = "Atlantis"
    (asked,) = desk.checked(sheets.read("site.xlsx", saved(copy), "", TITLES)).plan.questions
    assert "`Atlantis` is none of these" in asked.sentence()


def test_a_copy_keeps_what_has_no_head_and_gives_nothing_known_another_name(desk: Desk) -> None:
    rows = [["name", "definition", ""], ["lantern  walks", "Walks by night.", "stray"]]
    outcome = desk.checked(sheets.read("innovation.xlsx", saved(book(rows, "Innovation")), "", desk.titles()))
    copy = sheeting.opened(outcome.copy())
    assert copy["Innovation"]["C2"].value == "stray"
    copy["Innovation"]["C2"].value = None
    again = desk.checked(sheets.read("innovation.xlsx", saved(copy), "", desk.titles()))
    assert (again.is_ready, [list(one) for one in differences(again)]) == (True, [["definition"]])


def test_no_value_of_a_copy_is_a_formula(desk: Desk) -> None:
    evil = "=cmd|' /C calc'!A0"
    rows = [{**SITE, "summary": value, "# note": value} for value in (evil, "+1+cmd|'x'!A", "-1", "@x", "\t=1")]
    copy = sheeting.opened(checked(desk, *rows).copy())
    cells = [cell for sheet in copy.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert copy["Site"]["E2"].value == evil
    assert all(cell.quotePrefix for cell in cells if str(cell.value).startswith(("=", "+", "-", "@", "\t")))


# --- the commands -------------------------------------------------------------------------------------------------


def test_a_sheet_is_looked_at_and_brought_in_by_a_command(
        place: pathlib.Path, good_folder: pathlib.Path, tmp_path: pathlib.Path) -> None:
    file, copy = tmp_path / "site.csv", tmp_path / "checked.xlsx"
    file.write_bytes(as_csv(SITE))
    shown = run("import", "sheet", str(file), "--preview", "--output", str(copy), folder=good_folder, store=place)
    assert "1 new, 0 changed, 0 unchanged" in shown.stdout
    assert "Nothing was changed: this is a preview." in shown.stdout
    assert copy.exists()
    over = run("import", "sheet", str(file), "--preview", "--output", str(file), folder=good_folder, store=place)
    assert ("is the sheet itself" in sentence(over, 2), file.read_bytes()) == (True, as_csv(SITE))
    made = run("import", "sheet", str(file), "--yes", folder=good_folder, store=place)
    assert made.exit_code == 0
    assert "statements came, 0 went" in made.stdout
    with EmbeddedStore(place) as store:
        assert store.history.entries()[0].about.why == "Sheet site.csv"


def test_a_template_does_not_take_the_place_of_a_file_that_nobody_named(
        good_folder: pathlib.Path, good_store: EmbeddedStore, tmp_path: pathlib.Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "site.xlsx").write_bytes(b"filled in")
    told = sentence(run("template", "site", folder=good_folder, store=good_store.path), 2)
    assert ("is there already" in told, (tmp_path / "site.xlsx").read_bytes()) == (True, b"filled in")


@pytest.mark.heavy
def test_a_command_changes_nothing_of_a_sheet_that_is_wrong_or_that_nobody_has_looked_at(
        place: pathlib.Path, good_folder: pathlib.Path, tmp_path: pathlib.Path) -> None:
    file = tmp_path / "site.csv"
    for row, code, told in (({**WALKS, "place": "Zzyzx"}, 3, "C2 (place): `Zzyzx`: Nothing known"),
                            ({**WALKS, "place": "Salt mre"}, 2, "to be confirmed: `Salt mre` in column `place`, row 2"),
                            ({**WALKS, "voice": ""}, 3, "F2 (voice): A claim has exactly one voice"),
                            (SITE, 2, "nobody is there to be asked")):
        file.write_bytes(as_csv(row))
        options = [] if row is SITE else ["--yes"]
        assert told in sentence(run("import", "sheet", str(file), *options, folder=good_folder, store=place), code)
    with EmbeddedStore(place) as store:
        assert not store.history.entries() or store.history.entries()[0].about.how != "sheet"


@pytest.mark.heavy
def test_a_template_is_written_by_a_command(
        place: pathlib.Path, good_folder: pathlib.Path, tmp_path: pathlib.Path) -> None:
    output = tmp_path / "places.xlsx"
    run("template", "Place", "--filled", "--output", str(output), folder=good_folder, store=place)
    heads = {folded(str(cell.value)) for cell in sheeting.opened(output.read_bytes())["Place"][1]}
    assert heads >= {"name", "gss code"}
    assert "did you mean" in sentence(run("template", "plaec", folder=good_folder, store=place), 2)
    assert "site " in run("template", folder=good_folder, store=place).stdout
