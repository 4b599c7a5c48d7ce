"""Grants in the 360Giving format: held against the standard, and said in our words."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

import small
from carekg import errors
from carekg.importers.grants import bodies, checking, mapping, naming, reading, reports, rules
from carekg.importers.grants.documents import Document, Documents
from giving import LICENCE, grant, package

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
