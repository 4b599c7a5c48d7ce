"""What the wider collection of facts states at high and medium confidence is in the graph, row by row.

`tables/wider.csv` lists every row of the collection: `R` what it says of routes, `K` of barriers and facilitators, `F`
of all else; what the row is about and says; and the things of the graph that hold it. Rows of low confidence hold
nothing, and stay out.
"""

import csv
import pathlib
from collections import Counter

import pytest

import small
from carekg.terms import PREFIXES, compact

TABLE = pathlib.Path(__file__).parent / "tables" / "wider.csv"
with TABLE.open(encoding="utf-8", newline="") as opened:
    ROWS = {row["row"]: row for row in csv.DictReader(opened)}

LOW = {"R-31", "R-44", "R-45", "R-46", "R-54", "R-58", "R-65", "K-3", "K-26"}
ROUTES = {
    "EmbeddingLocalInnovation": "embedding-a-local-innovation",
    "LicensingAndAffiliation": "licensing-and-affiliation",
    "OrganisationalGrowth": "organisational-growth",
    "Partnerships": "partnerships",
    "ReplicationThroughDeliveryNetworks": "replication-through-delivery-networks",
    "WholeAreaInnovation": "whole-area-innovation",
}
KINDS = {
    "adopterCount": "Figure",
    "barrier": "Finding",
    "evaluator": "Involvement",
    "facilitator": "Finding",
    "income": "Figure",
    "organisation": "Involvement",
    "programme": "Involvement",
    "site": "Site",
    "startDate": "Milestone",
}
"""What a row of a kind becomes, at least once."""


def statements() -> dict[str, dict[str, set[str]]]:
    """Everything that the data say, by thing and property."""
    return small.said("data")


def things(row: str) -> list[dict[str, set[str]]]:
    """What the graph says of the things that hold a row."""
    return [statements()[name] for name in ROWS[row]["nodes"].split()]


def test_the_table_has_every_row_of_the_collection() -> None:
    assert Counter(row[0] for row in ROWS) == {"R": 69, "K": 75, "F": 310}


@pytest.mark.parametrize("row", ROWS)
def test_a_row_is_held_by_things_of_the_graph_unless_its_confidence_is_low(row: str) -> None:
    names = ROWS[row]["nodes"].split()
    assert (not names) == (row in LOW)
    assert [name for name in names if name not in statements()] == []


@pytest.mark.parametrize("row", [row for row in ROWS if ROWS[row]["says"] in KINDS and row not in LOW])
def test_a_row_is_held_by_a_thing_of_its_kind(row: str) -> None:
    assert f"care:{KINDS[ROWS[row]['says']]}" in set().union(*(thing["rdf:type"] for thing in things(row)))


@pytest.mark.parametrize("row", [row for row in ROWS if row[0] == "R" and row not in LOW])
def test_what_is_said_of_a_route_is_an_episode_of_that_route(row: str) -> None:
    routes = set().union(*(thing["care:route"] for thing in things(row)))
    assert f"route:{ROUTES[ROWS[row]['says']]}" in routes


@pytest.mark.parametrize("row", [row for row in ROWS if row[0] == "K" and row not in LOW])
def test_a_barrier_is_named_as_barrier_and_a_facilitator_as_facilitator(row: str) -> None:
    named = {"barrier": "care:namesBarrier", "facilitator": "care:namesFacilitator"}[ROWS[row]["says"]]
    findings = [thing for thing in things(row) if "care:Finding" in thing["rdf:type"]]
    assert any(thing[named] for thing in findings)


def test_the_source_s_own_label_of_a_factor_is_kept() -> None:
    findings = [thing for row in ROWS if row[0] == "K" for thing in things(row) if "care:Finding" in thing["rdf:type"]]
    assert findings
    assert [thing["care:summary"] for thing in findings if not thing["care:labelInSource"]] == []


def test_an_amount_of_an_award_has_a_currency_and_a_qualifier() -> None:
    awards = [thing for thing in statements().values() if "care:Award" in thing["rdf:type"] and thing["care:amount"]]
    assert len(awards) > 20
    assert all(len(award["care:currency"]) == len(award["care:amountQualifier"]) == 1 for award in awards)


def series(subject: str, unit: str) -> dict[str, str]:
    """A time series: date and value of the figures about a subject in a unit."""
    figures = [thing for thing in statements().values()
               if subject in thing["care:holdsFor"] and unit in thing["care:unit"]]
    return {next(iter(figure["care:asOf"])): next(iter(figure["care:value"])) for figure in figures
            if figure["care:asOf"] and figure["care:value"]}


def test_adopter_counts_make_a_time_series() -> None:
    found = series("innovation:pincer", "practices")
    assert {"2018-03": "50", "2019-03": "628", "2020-04-03": "2430", "2020-12": "2688"}.items() <= found.items()


@pytest.mark.parametrize("name", [PREFIXES["innovation"] + name for name in ("the-cares-family",)])
def test_what_closed_tells_when_and_why(name: str) -> None:
    closed = [thing for thing in statements().values()
              if compact(name) in thing["care:holdsFor"] and "milestonekind:closed" in thing["care:milestoneKind"]]
    assert {date for thing in closed for date in thing["care:asOf"]} == {"2023-10-31"}
    assert all("fund" in summary or "insolven" in summary for thing in closed for summary in thing["care:summary"])
