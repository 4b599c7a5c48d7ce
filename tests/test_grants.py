"""Grants in the 360Giving format: read, held against the standard, said in our words, imported and imported again."""

import datetime
import json
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyoxigraph as ox
import pytest

import folders
import giving
import small
from carekg import change, errors
from carekg.change import undo
from carekg.importers.grants import bodies, checking, importing, mapping, naming, packages, reading, reports, rules
from carekg.importers.grants.documents import Document, Documents
from carekg.store import About
from carekg.store.embedded import EmbeddedStore
from commands import run, sentence
from giving import LANTERN, LICENCE, Desk, grant, numbered, package, table

DOCUMENT = Document("Tide Foundation", LICENCE, "grants.json", title="Our grants", url="https://example.org/g.json")
SALTMERE = small.term("place:saltmere")


@pytest.fixture(scope="module")
def standard() -> rules.Rules:
    return rules.Rules()


def said(one: dict[str, Any]) -> set[ox.Triple]:
    """What a grant says of its award and its receipt."""
    return mapping.Mapper(bodies.Bodies(), {"E06999999": SALTMERE}).award(one, DOCUMENT)


def of_award(one: dict[str, Any], name: str) -> set[str]:
    """The values that an award has for a property."""
    return {getattr(triple.object, "value", "") for triple in said(one) if triple.predicate == small.term(name)}


# --- what a grant says ----------------------------------------------------------------------------------------------


def test_a_grant_becomes_an_award_with_its_receipt() -> None:
    one = grant(beneficiaryLocation=[{"geoCode": "E06999999"}], grantProgramme=[{"code": "BP", "title": "Bright"}],
                plannedDates=[{"startDate": "2021-04-01", "endDate": "2022-03-31"}], url="https://example.org/1",
                actualDates=[{"startDate": "2021-05", "endDate": "2022-04-30T00:00:00Z"}])
    expected = """
    award:360G-tide-1 a care:Award ;
        care:holdsFor organisation:GB-CHC-999999 ; care:givenTo organisation:GB-CHC-999999 ;
        care:givenBy organisation:GB-CHC-1000001 ;
        care:throughProgramme <https://w3id.org/carekg/id/programme/GB-CHC-1000001~~BP> ;
        care:amount "1250"^^xsd:decimal ; care:currency "GBP" ; care:amountQualifier qualifier:exact ;
        care:awardKind awardkind:grant ;
        care:asOf "2021-03-04"^^xsd:date ; care:began "2021-05"^^xsd:gYearMonth ; care:ended "2022-04-30"^^xsd:date ;
        care:aboutPlace place:saltmere ; care:voice voice:document ; care:confidence confidence:high ;
        care:summary "Tide Foundation gave The Lantern Trust (Saltmere) £1,250 on 2021-03-04, PLANNED."@en ;
        dcterms:identifier "360G-tide-1" ; dcterms:title "Walks for all" ;
        dcterms:description "Lantern walks on Fridays." ; schema:url <https://example.org/1> ;
        care:restsOn <https://w3id.org/carekg/id/passage/grant~360G-tide-1> .
    <https://w3id.org/carekg/id/passage/grant~360G-tide-1> a care:Passage ; care:phrase "360G-tide-1" ;
        care:isFrom <https://w3id.org/carekg/id/source/grants~tide-foundation~grants-json> .
    """.replace("PLANNED", "planned from 2021-04-01 to 2022-03-31")
    assert said(one) == set(small.triples(expected))


def test_an_award_to_an_individual_keeps_nothing_of_the_person_and_is_about_the_programme() -> None:
    one = grant(recipientOrganization=None, recipientIndividual={"id": "360G-tide-ind-1", "name": "Jo Bloggs"})
    assert not any("Bloggs" in str(triple) or "ind-1" in str(triple) for triple in said(one))
    assert of_award(one, "care:recipientAsPrinted") == {"an individual"}
    assert of_award(one, "care:holdsFor") == of_award(one, "care:throughProgramme") != set()


def test_an_award_is_about_an_innovation_only_where_the_grant_names_it_by_its_address() -> None:
    named = "https://w3id.org/carekg/id/innovation/lantern-walks"
    assert of_award(grant(classifications=[{"url": named}]), "care:holdsFor") == {named}
    assert "innovation" not in str(said(grant(title="Lantern Walks", description="for the Lantern Walks")))


@pytest.mark.parametrize(("amount", "number", "printed"), [
    (0, set(), {"GBP 0"}), (-500, set(), {"GBP -500"}), (Decimal("12.50"), {"12.5"}, set()),
    (Decimal("1E+3"), {"1000"}, set())])
def test_a_sum_is_an_exact_decimal_and_one_of_nought_or_less_is_no_amount(amount: Any, number: set[str],
                                                                          printed: set[str]) -> None:
    one = grant(amountAwarded=amount)
    assert (of_award(one, "care:amount"), of_award(one, "care:asPrinted")) == (number, printed)
    assert bool(of_award(one, "care:currency")) == bool(number)


def test_a_code_that_the_graph_does_not_have_is_kept_as_text() -> None:
    one = grant(beneficiaryLocation=[{"geoCode": "E05000123"}, {"geoCode": "nowhere"}, {"name": "the Shore"}])
    assert (of_award(one, "dcterms:coverage"), of_award(one, "care:aboutPlace")) == ({"E05000123"}, set())


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://exa mple.org/", "ftp://example.org/", ""])
def test_an_address_that_no_page_may_lead_to_is_left_out(address: str) -> None:
    assert of_award(grant(url=address), "schema:url") == set()


def test_no_two_identifiers_have_one_address_and_none_that_of_a_thing_of_ours() -> None:
    odd = ["360G-a/b", "360G-a~2Fb", "360G-a b", "360G-ab", "iris", "~iris", "360G-ä", "360G-é", "a?b#c", "<x>", "../x",
           "360G-a%2Fb", "360G-\ud800", "360G-\x00", "IRIS", "GB-CHC-1"]
    keys = [naming.key(one) for one in odd]
    assert len(set(keys)) == len(odd)
    assert not set(keys) & {"iris", "health-foundation"}
    assert all(ox.NamedNode(f"https://example.org/{key}") for key in keys)


# --- which organisation is meant ------------------------------------------------------------------------------------


@pytest.mark.parametrize("one", [
    {"id": "GB-CHC-999999", "name": "x"}, {"id": "GB-COH-99999999", "name": "x"},
    {"id": "360G-tide-org-1", "name": "x", "charityNumber": "999999"},
    {"id": "360G-tide-org-1", "name": "x", "companyNumber": "99999999"}])
def test_a_body_is_known_by_its_org_id_its_charity_number_or_its_company_number(one: dict[str, str]) -> None:
    trust = small.term("organisation:lantern-trust")
    known = bodies.Bodies({"GB-CHC-999999": trust})
    known.know(trust, "999999", "99999999")
    assert known.find(one)[0] == trust


def test_a_company_number_does_not_make_one_body_of_two_charities() -> None:
    known = bodies.Bodies()
    known.know(small.term("organisation:lantern-trust"), "999999", "99999999")
    found, new = known.find({"id": "GB-CHC-888888", "name": "Other", "companyNumber": "99999999"})
    assert found == small.term("organisation:GB-CHC-888888")
    assert naming.CARE.companyNumber not in dict(new)


def test_a_body_that_names_itself_by_a_number_of_another_form_gets_none() -> None:
    _, new = bodies.Bodies().find({"id": "GB-SC-SC037605", "name": "B", "charityNumber": "SC037605"})
    assert {small.compact(predicate.value) for predicate, _ in new} == {"rdf:type", "rdfs:label", "care:orgId"}


# --- what is wrong with a grant -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("changed", "field", "right"), [
    ({"awardDate": "2020-1"}, "awardDate", "a date that exists"),
    ({"awardDate": "2021-02-30"}, "awardDate", "a date that exists"),
    ({"awardDate": "04/03/2021"}, "awardDate", "such as 2024-05-31"),
    ({"amountAwarded": "12,000"}, "amountAwarded", "without quotes, commas"),
    ({"amountAwarded": None}, "amountAwarded", "every grant has"),
    ({"amountAwarded": Decimal("1E+99999999")}, "amountAwarded", "a sum of money"),
    ({"amountAwarded": Decimal("1E-99999999")}, "amountAwarded", "a sum of money"),
    ({"currency": "POUND"}, "currency", "a code of its list"),
    ({"title": 7}, "title", "a text"),
    ({"recipientOrganization": [{"id": 5, "name": "x"}]}, "recipientOrganization/0/id", "a text"),
    ({"recipientOrganization": {"id": "5"}}, "recipientOrganization", "a list in square brackets"),
    ({"recipientOrganization": None}, "recipientOrganization", "one of the two"),
    ({"recipientIndividual": {"id": "x", "name": "x"}}, "recipientOrganization", "one of the two"),
    ({"fundingOrganization": []}, "fundingOrganization", "one member or more"),
    ({"fundingOrganization": [{"id": "GB-CHC-1", "name": " "}]}, "fundingOrganization/0/name", "a name"),
    ({"id": " "}, "id", "1 to 200 characters"), ({"id": "x" * 201}, "id", "1 to 200 characters"),
    ({"actualDates": [{"startDate": "2021-02-31"}]}, "actualDates/0/startDate", "a date that exists"),
    ({"actualDates": [{"startDate": "2021-05", "endDate": "2021-04"}]}, "actualDates/0/endDate", "no earlier"),
    ({"url": "www.example.org"}, "url", "an address")])
def test_a_grant_that_is_not_right_is_told_by_field_value_and_what_would_be_right(
    standard: rules.Rules, changed: dict[str, Any], field: str, right: str
) -> None:
    (fault,) = standard.faults(grant(**changed))
    assert fault.path == field
    assert right in fault.right, fault


def test_a_grant_that_is_right_has_no_fault(standard: rules.Rules) -> None:
    assert standard.faults(grant(amountAwarded=Decimal("12.50"), awardDate="2021-03-04T00:00:00+00:00")) == []


def test_what_is_no_grant_at_all_is_told(standard: rules.Rules) -> None:
    for one in (None, [], "x", 5):
        (fault,) = standard.faults(one)
        assert "an object in curly brackets" in fault.sentence()


def test_what_is_odd_and_not_wrong_is_noted_with_the_first_of_each_kind(
    standard: rules.Rules, tmp_path: Path
) -> None:
    planned = [{"startDate": "2022-04-01", "endDate": "2021-03"}]
    whole = [{"startDate": "2022-04-01", "endDate": "2022-04"}]
    place = package(tmp_path / "g.json", [grant(plannedDates=whole), *(
        grant(id=f"360G-tide-{number}", amountAwarded=-5, plannedDates=planned) for number in (2, 3))])
    source = reading.opened(place)
    with reports.Report(tmp_path / "r.csv") as report:
        documents = Documents("g.json", source.about())
        assert checking.count(source, documents, standard, report, lambda _count: None) == 3
    assert [(note.partition(",")[0].partition(" that")[0], note.partition(": ")[2]) for note in source.notes] == [
        ("Grants with a sum of nought or less", "2; the first is grant 2, 360G-tide-2."),
        ("Grants", "2; the first is grant 2, 360G-tide-2.")]
    assert "planned to end before they begin" in source.notes[1]


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

HEADINGS = ["Identifier", "Title", "Description", "Currency", "Amount Awarded", "Award Date",
            "Recipient Org:0:Identifier", "Recipient Org:0:Name", "Funding Org:Identifier", "funding org:name"]
LINE = ["360G-tide-1", "Walks for all", "Lantern walks on Fridays.", "GBP", "1250", "2021-03-04", *LANTERN.values(),
        "GB-CHC-1000001", "Tide Foundation"]


def read(path: Path) -> list[rules.Read]:
    return list(reading.opened(path).grants())


def test_a_row_under_the_titles_of_the_standard_is_the_grant_that_json_says(tmp_path: Path) -> None:
    (one,) = read(table(tmp_path / "grants.csv", HEADINGS, LINE))
    assert (one.said, one.where) == (grant(), "row 2")


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


# --- who published them ---------------------------------------------------------------------------------------------


def test_each_grant_of_an_export_of_grantnav_has_the_document_of_its_own_data_set() -> None:
    found = Documents("nav.json", {"license": "See dataset/license within each grant."})
    one = found.of({"dataset": {"publisher": {"name": "Tide"}, "license": LICENCE, "distribution": [
        {"downloadURL": "https://example.org/tide.json"}]}})
    assert (one.publisher, one.licence, one.name) == ("Tide", LICENCE, "https://example.org/tide.json")
    assert str(one.graph) == "<https://w3id.org/carekg/graph/data/grants/tide>"


def test_grants_without_a_publisher_or_a_licence_are_not_imported() -> None:
    with pytest.raises(errors.BadInput, match="--publisher"):
        Documents("x.json", {"license": LICENCE}).of(grant())
    for licence in ("", "CC BY", "javascript:x"):
        with pytest.raises(errors.BadInput, match="--licence"):
            Documents("x.json", {"publisher": {"name": "Tide"}, "license": licence}).of(grant())
    assert Documents("x.json", {}, "Tide", LICENCE).of(grant()).publisher == "Tide"


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
