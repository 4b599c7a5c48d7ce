"""Files of grants in the 360Giving format: JSON and the spreadsheet form, whole, broken and hostile."""

import datetime
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from carekg import errors
from carekg.importers.grants import packages, reading, rules
from giving import HEADINGS, LANTERN, LICENCE, LINE, grant, numbered, read, table


@pytest.fixture(scope="module")
def standard() -> rules.Rules:
    return rules.Rules()


# --- files in JSON --------------------------------------------------------------------------------------------------


def broken(path: Path, text: bytes) -> str:
    """The sentence on a file of grants that cannot be read."""
    path.write_bytes(text)
    with pytest.raises(errors.BrokenDocument) as wrong:
        list(reading.opened(path).grants())
    assert str(wrong.value).endswith("nothing was changed.")
    return str(wrong.value)


def test_json_that_breaks_off_is_told_with_the_last_grant_that_was_whole(tmp_path: Path) -> None:
    text = json.dumps({"grants": numbered(3)}).encode()
    place = tmp_path / "grants.json"
    assert "breaks off after grant 2 (360G-tide-2)" in broken(place, text[:-60])
    assert "breaks off before the first grant was whole" in broken(place, text[:40])
    assert "is no JSON after grant 2 (360G-tide-2)" in broken(place, text[:-60] + b"\x00" + text[-60:])
    assert "is no JSON before the first grant" in broken(place, b"%PDF-1.7")
    assert "has no grants" in broken(place, b'{"grant": []}')
    assert "has no grants" in broken(place, b'{"grants": {"id": "x"}}')
    broken(place, b"")


def test_a_list_of_grants_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    place = tmp_path / "grants.json"
    place.write_bytes(b"\xef\xbb\xbf \n" + json.dumps(numbered(2)).encode())
    source = reading.opened(place)
    assert [one.said["id"] for one in source.grants()] == ["360G-tide-1", "360G-tide-2"]
    assert source.about() == {}


def test_what_a_package_says_of_itself_is_read_before_and_behind_its_grants(tmp_path: Path) -> None:
    place = tmp_path / "grants.json"
    for first in (True, False):
        members = {"publisher": {"name": "Tide", "identifier": "GB-CHC-1"}, "license": LICENCE}
        grants = {"grants": numbered(2)}
        place.write_text(json.dumps({**members, **grants} if first else {**grants, **members}))
        assert reading.opened(place).about() == members


def test_a_grant_without_an_end_is_not_read_for_ever(tmp_path: Path) -> None:
    place = tmp_path / "grants.json"
    with place.open("wb") as file:
        file.write(b'{"grants": [{"id": "')
        file.truncate(2 * 2**30)  # two gigabytes of nothing, which take no room
    with pytest.raises(errors.BrokenDocument, match="before the first grant"):
        list(reading.opened(place).grants())
    with place.open("wb") as file:
        file.write(b'{"grants": [{"id": "' + b"x" * (packages.LARGEST + 2**20))
    with pytest.raises(errors.BrokenDocument, match="more than 16 MB without the end of a grant"):
        list(reading.opened(place).grants())


def test_a_grant_that_is_nested_without_end_is_a_fault_and_no_crash(tmp_path: Path, standard: rules.Rules) -> None:
    place = tmp_path / "grants.json"
    for deep in (5_000, packages.INNERMOST):
        text = json.dumps({"grants": [grant()]}).replace('"Walks for all"', "[" * deep + "]" * deep).encode()
        if deep < packages.INNERMOST:
            place.write_bytes(text)
            (one,) = reading.opened(place).grants()
            assert standard.faults(one.said) != []
        else:
            assert "more than 25,000 lists and objects" in broken(place, text)


@pytest.mark.parametrize(("number", "told"), [("1" * 5000, "more than 1,000 digits in a row"),
                                              ("1e99999999999999999999", "a number beyond all measure")])
def test_a_number_that_the_parser_cannot_hold_is_told(tmp_path: Path, number: str, told: str) -> None:
    place = tmp_path / "grants.json"
    assert told in broken(place, json.dumps({"grants": [grant()]}).replace("1250", number).encode())
    assert reading.opened(place).about() == {}


@pytest.mark.heavy
def test_what_a_package_says_of_itself_is_not_read_for_ever(tmp_path: Path) -> None:
    place = tmp_path / "grants.json"
    place.write_bytes(b'{"publisher": {"name": "Tide"}, "title": "' + b"x" * packages.LARGEST)
    assert reading.opened(place).about() == {"publisher": {"name": "Tide"}}
    long = [grant(description="x" * 2**20)] * 17
    place.write_text(json.dumps({"grants": long, "license": LICENCE}))
    assert reading.opened(place).about() == {"license": LICENCE}


def test_a_file_of_another_kind_or_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(errors.BadValue, match="has to end in"):
        reading.opened(tmp_path / "grants.pdf")
    with pytest.raises(errors.BadInput, match="There is no file"):
        reading.opened(tmp_path / "grants.json")


# --- files in the spreadsheet form ----------------------------------------------------------------------------------


def test_a_row_under_the_titles_of_the_standard_is_the_grant_that_json_says(tmp_path: Path) -> None:
    (one,) = read(table(tmp_path / "grants.csv", HEADINGS, LINE))
    assert (one.said, one.where) == (grant(), "row 2")


@pytest.mark.parametrize("separator", [";", "\t"])
def test_cells_may_stand_apart_by_what_a_language_leaves_free(tmp_path: Path, separator: str) -> None:
    place = tmp_path / "grants.csv"
    place.write_text(f"{separator.join(HEADINGS)}\n{separator.join(map(str, LINE))}\n", encoding="utf-8")
    assert [one.said for one in read(place)] == [grant()]


def test_rows_of_one_identifier_are_one_grant_and_what_contradicts_is_told(
    tmp_path: Path, standard: rules.Rules
) -> None:
    heads = [*HEADINGS, "Beneficiary Location:Geographic Code", "Beneficiary Location:1:Geographic Code"]
    other = [*LINE[:4], "1300", *LINE[5:], "E06999998", ""]
    one, last = read(table(tmp_path / "grants.csv", heads, [*LINE, "E06999999", "E07000001"], other, [],
                           ["360G-tide-2", *LINE[1:], "", ""]))
    assert [place["geoCode"] for place in one.said["beneficiaryLocation"]] == ["E06999999", "E07000001", "E06999998"]
    assert [fault.sentence() for fault in one.faults] == [
        "amountAwarded is `1250` in one row and `1300` in another; right would be the same in both"]
    assert (one.where, last.where, last.faults, standard.faults(last.said)) == ("rows 2 to 3", "row 5", [], [])


def test_a_cell_of_the_wrong_kind_is_left_for_the_standard_to_refuse(tmp_path: Path, standard: rules.Rules) -> None:
    (one,) = read(table(tmp_path / "grants.csv", HEADINGS, [*LINE[:4], "=1+1", "4 March", *LINE[6:]]))
    assert {fault.path for fault in standard.faults(one.said)} == {"amountAwarded", "awardDate"}


def test_columns_that_the_standard_does_not_have_are_noted(tmp_path: Path) -> None:
    odd = ["Mood", "Recipient Org:\u00b2:Name", f"Recipient Org:{'9' * 5000}:Name"]
    source = reading.opened(table(tmp_path / "grants.csv", [*HEADINGS, *odd], [*LINE, "good", "x", "y"]))
    assert [one.said for one in source.grants()] == [grant()]
    (note,) = source.notes
    assert note.startswith("Columns that the standard does not have are not read: Mood, Recipient Org:\u00b2:Name, ")


def test_a_cell_without_a_heading_and_an_error_of_the_spreadsheet_are_told(
    tmp_path: Path, standard: rules.Rules
) -> None:
    one, other = read(table(tmp_path / "grants.csv", HEADINGS, [*LINE, "", "cut off"],
                            ["360G-tide-2", "#N/A", *LINE[2:], " "]))
    assert [fault.sentence() for fault in one.faults] == [
        "column 12 is `cut off`; right would be a heading above it, or nothing there"]
    assert [fault.path for fault in other.faults] == ["title"]
    assert standard.faults(other.said) == []


@pytest.mark.parametrize(("headings", "told"), [
    ([*HEADINGS, "Amount awarded"], "two columns for one field, `Amount Awarded` and `Amount awarded`"),
    ([*HEADINGS, "Recipient Org:Name"], "two columns for one field"),
    ([*HEADINGS, *(f"Note {number}" for number in range(500))], "more than 500 columns")])
def test_headings_that_leave_open_what_is_meant_are_told(tmp_path: Path, headings: list[str], told: str) -> None:
    place = table(tmp_path / "grants.csv", headings, [*LINE, "99"])
    assert told in broken(place, place.read_bytes())


@pytest.mark.parametrize(("content", "told"), [
    (b"Name,Amount\nx,1\n", "no column `Identifier`"), (b"Identifier,Title\n", "no grants below"), (b"", "no column"),
    ("Identifier,Title\n1,Caf\u00e9\n".encode("latin-1"), "is not in UTF-8"),
    (b'Identifier,Title\n1,"' + b"x" * 200_000, "is no CSV")])
def test_a_csv_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes, told: str) -> None:
    assert told in broken(tmp_path / "grants.csv", content)


def test_a_workbook_keeps_numbers_and_dates_and_says_of_itself_what_its_meta_sheet_has(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    meta, sheet, more = book.active, book.create_sheet("grants"), book.create_sheet("Recipient Org")
    meta.title = "Meta"
    for row in (["Publisher:Name", "Tide Foundation"], ["License", LICENCE]):
        meta.append(row)
    sheet.append([*HEADINGS, "Recipient Org:0:Charity Number"])
    sheet.append([*LINE[:4], 1250, datetime.datetime(2021, 3, 4), *LINE[6:], 999999.0])
    more.append(["Identifier"])
    more.append(["360G-tide-1"])
    book.save(tmp_path / "grants.xlsx")
    source = reading.opened(tmp_path / "grants.xlsx")
    charity = {**LANTERN, "charityNumber": "999999"}
    assert [one.said for one in source.grants()] == [grant(recipientOrganization=[charity])]
    assert source.about() == {"publisher": {"name": "Tide Foundation"}, "license": LICENCE}
    assert "The sheet Recipient Org has rows that are not read" in source.notes[0]


def spoilt(path: Path, part: str, old: bytes, new: bytes) -> bytes:
    """A workbook of two grants, in one part of which something stands in the place of something else."""
    book = openpyxl.Workbook()
    for row in (HEADINGS, LINE, ["360G-tide-2", *LINE[1:]]):
        book.active.append(row)
    book.save(path)
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    (name,) = (name for name in parts if name.endswith(part))
    assert old in parts[name]
    with zipfile.ZipFile(path, "w") as packed:
        for each, content in parts.items():
            packed.writestr(each, content.replace(old, new) if each == name else content)
    return path.read_bytes()


def test_what_is_no_workbook_is_told(tmp_path: Path) -> None:
    place = tmp_path / "grants.xlsx"
    assert "is no workbook" in broken(place, b"PK\x03\x04 and no more")
    assert "is no workbook" in broken(place, spoilt(place, "/workbook.xml", b"</workbook>", b""))
    told = broken(place, spoilt(place, "sheet1.xml", b"</sheetData>", b""))
    assert "is broken in the sheet Sheet after 3 rows" in told


def test_a_workbook_that_is_mistaken_about_its_size_is_read_to_its_end(tmp_path: Path) -> None:
    spoilt(tmp_path / "grants.xlsx", "sheet1.xml", b'<dimension ref="A1:J3"', b'<dimension ref="A1:J2"')
    assert [one.said["id"] for one in read(tmp_path / "grants.xlsx")] == ["360G-tide-1", "360G-tide-2"]
