"""Traps in the sources: each is held as it is, and each test fails if somebody puts it "right"."""

import functools

import pyoxigraph as ox
import pytest

import small
from carekg import folder
from small import found_as_shipped as found

DOCUMENTS = {"case-studies", "documents", "factors", "innovations"}
"""The folders of data that rest on the five source documents alone."""


@functools.cache
def documents_alone() -> ox.Store:
    """The graph of what the five source documents say, with what follows from it."""
    read = folder.load(small.ROOT)
    files = [file for file in read.data if file.path.relative_to(read.path / "data").parts[0] in DOCUMENTS]
    assert len(files) > 10
    return small.closed([triple for file in files for triple in file.triples])


# --- eight sites, nine entries -----------------------------------------------------------------------------------


def test_the_count_of_new_sites_stays_eight() -> None:
    assert found("SELECT ?value { ?figure dcterms:identifier 'FIG-06' ; care:value ?value }") == {("8",)}


def test_the_list_of_new_sites_keeps_its_nine_entries() -> None:
    numbers = [f"PLC-{n:02d}" for n in range(7, 16)]
    listed = " ".join(f"'{number}'" for number in numbers)
    sites = found(f"SELECT ?site ?id {{ VALUES ?id {{ {listed} }} ?site a care:Site ; dcterms:identifier ?id ; "
                  "care:holdsFor innovation:personalised-integrated-care ; care:began ?began . "
                  "FILTER(STR(?began) = '2015') }")
    assert {number for _, number in sites} == set(numbers)


def test_the_count_and_the_list_are_shown_as_a_disagreement() -> None:
    sides = found("SELECT ?side { ?it dcterms:identifier 'INC-06' ; care:side ?side }")
    assert len(sides) == 10


# --- the same number twice ---------------------------------------------------------------------------------------


def test_two_sums_of_seven_and_a_half_million_are_two_figures_of_two_kinds() -> None:
    figures = found("SELECT ?id ?kind ?subject { ?figure dcterms:identifier ?id ; care:evidenceKind ?kind ; "
                    "care:concerns ?subject . FILTER(?id IN ('FIG-20', 'FIG-22')) }")
    assert len({subject for _, _, subject in figures}) == 2
    assert {kind for number, kind, _ in figures if number == "FIG-22"} == {"evidencekind:modelled"}
    assert {kind for number, kind, _ in figures if number == "FIG-20"} != {"evidencekind:modelled"}


def test_a_modelled_saving_improves_nothing() -> None:
    assert found("SELECT ?theme { ?figure dcterms:identifier 'FIG-22' ; care:holdsFor ?subject }") == set()


# --- studies that disagree, closures, names ----------------------------------------------------------------------


def test_what_was_meant_of_the_programme_and_what_was_found_stand_side_by_side() -> None:
    sides = found("SELECT ?standing ?source { disagreement:effect-of-personalised-integrated-care care:side ?side . "
                  "?side care:standing ?standing ; care:restsOn/care:isFrom ?source }")
    assert len({source for _, source in sides}) >= 2


def test_an_effect_that_a_better_placed_study_contradicts_is_no_plain_improvement() -> None:
    assert found("SELECT ?theme { innovation:personalised-integrated-care care:worsens ?theme }")
    improved = found("SELECT ?theme { innovation:personalised-integrated-care care:improves ?theme }")
    assert ("theme:hospital-use",) not in improved


def test_the_charities_that_closed_in_2023_have_ended_sites() -> None:
    ended = found("SELECT ?site ?ended { ?site a care:Site ; care:holdsFor innovation:the-cares-family ; "
                  "care:ended ?ended }")
    assert ended
    assert {when[:4] for _, when in ended} == {"2023"}


@pytest.mark.parametrize("name", ["north-london-cares", "mysupportbroker", "community-circles"])
def test_one_name_is_an_innovation_and_an_organisation_and_they_are_two_things(name: str) -> None:
    assert found(f"SELECT ?body {{ innovation:{name} care:isAlso ?body . ?body a care:Organisation }}")
    assert not found(f"SELECT ?class {{ innovation:{name} a care:Organisation , ?class }}")


# --- things that are counted and not named -----------------------------------------------------------------------


@pytest.mark.parametrize(("number", "value"), [("FIG-15", "28"), ("FIG-12", "7"), ("FIG-11", "10")])
def test_what_is_counted_without_names_stays_a_count(number: str, value: str) -> None:
    assert found(f"SELECT ?value {{ ?figure dcterms:identifier '{number}' ; care:value ?value }}") == {(value,)}


def test_the_projects_of_the_fund_have_not_been_invented() -> None:
    sites = found("SELECT ?site { ?site a care:Site ; care:holdsFor innovation:north-yorkshire-innovation-fund }")
    assert len(sites) == 1


# --- aims, positions, plans --------------------------------------------------------------------------------------


def test_an_aim_is_no_result() -> None:
    kinds = found("SELECT ?kind { ?figure dcterms:identifier 'FIG-07' ; care:isAimedFor ?subject ; "
                  "care:evidenceKind ?kind }")
    assert kinds == {("evidencekind:aimed-at",)}


@pytest.mark.parametrize("name", [
    "north-london-cares", "personalised-integrated-care", "shared-lives", "the-deal",
    "north-yorkshire-innovation-fund"])
def test_the_route_of_a_case_study_follows_only_from_its_heading(name: str) -> None:
    assert small.found(documents_alone(), f"SELECT ?route {{ innovation:{name} care:presentedUnder ?route }}")
    assert not small.found(documents_alone(), f"SELECT ?route {{ innovation:{name} care:scaledVia ?route }}")


def test_a_planned_branch_is_no_site() -> None:
    planned = found("SELECT ?site { ?site dcterms:identifier 'PLC-04' ; "
                    "care:isPlannedFor innovation:north-london-cares }")
    assert len(planned) == 1
    assert not found("SELECT ?place { ?site dcterms:identifier 'PLC-04' ; care:place ?place }")


def test_money_that_is_only_recommended_was_given_by_nobody() -> None:
    assert len(found("SELECT ?award { ?award a care:Award ; care:isRecommendedFor ?whom }")) >= 2
    assert not found("SELECT ?giver { ?award a care:RecommendedClaim ; care:givenBy ?giver }")


# --- licensing ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", [
    "licensing-and-affiliation", "organisational-growth", "partnerships", "replication-through-delivery-networks"])
def test_the_documents_define_the_ways_of_spreading_and_exemplify_none(route: str) -> None:
    assert not small.found(documents_alone(), f"SELECT ?innovation {{ ?innovation care:scaledVia route:{route} }}")
    assert not small.found(documents_alone(), f"SELECT ?innovation {{ ?innovation care:presentedUnder route:{route} }}")


def test_the_wider_facts_exemplify_licensing() -> None:
    assert len(found("SELECT ?innovation { ?innovation care:scaledVia route:licensing-and-affiliation }")) >= 6


# --- what the documents reject -----------------------------------------------------------------------------------


def test_five_myths_are_rejected_and_hold_for_nothing() -> None:
    assert len(found("SELECT ?myth { ?myth a care:Myth ; care:isRejectedFor ?subject }")) == 5
    assert not found("SELECT ?myth { ?myth a care:Myth ; care:holdsFor ?subject }")


# --- what nobody states ------------------------------------------------------------------------------------------

UNDATED = ["shared-lives", "homeshare", "local-area-coordination", "the-deal", "north-yorkshire-innovation-fund"]
"""Innovations for which the documents print no start."""


@pytest.mark.parametrize("name", UNDATED)
def test_a_start_that_the_documents_do_not_state_is_not_in_their_graph(name: str) -> None:
    assert not small.found(documents_alone(), f"""SELECT ?when {{
        ?start a care:Milestone ; care:concerns innovation:{name} ; care:milestoneKind milestonekind:started ;
               care:asOf|care:began ?when }}""")


@pytest.mark.parametrize("number", [
    "FUND-02", "FUND-03", "FUND-04", "FUND-06", "FUND-07", "FUND-08", "FUND-09", "FUND-11"])
def test_an_amount_that_is_not_stated_is_not_given(number: str) -> None:
    assert found(f"SELECT ?award {{ ?award dcterms:identifier '{number}' }}")
    assert not found(f"SELECT ?amount {{ ?award dcterms:identifier '{number}' ; care:amount ?amount }}")
