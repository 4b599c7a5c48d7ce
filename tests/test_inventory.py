"""Every item that the five source documents were read into is in the graph: once, under its id, as a thing of its kind.

`tables/inventory.csv` names each item, the class of the thing that holds it, and that thing.
"""

import csv
import functools
import pathlib
from collections import Counter, defaultdict

import pytest

import small

TABLE = pathlib.Path(__file__).parent / "tables" / "inventory.csv"
with TABLE.open(encoding="utf-8", newline="") as opened:
    ITEMS = {row["item"]: row for row in csv.DictReader(opened)}

COUNTS = {
    "DOC": 5, "UL": 10, "W": 10, "CIT": 7, "FR": 35,  # documents, links, other works, citations, further reading
    "INN": 41, "T": 14,  # innovations named or generic; named in titles only
    "PLC": 34, "ORG": 40, "PER": 11, "FUND": 12,  # places in a role, bodies, people, money
    "RT": 7, "MECH": 3, "RM": 5, "MYTH": 5,  # routes, mechanisms, how they relate, myths
    "CH": 4, "FA": 5, "KS": 6, "OB": 12, "OF": 6,  # challenges, facilitators, keys, what else hinders and helps
    "NLC": 4, "PIC": 3, "SL": 3, "NYIF": 2, "WD": 3,  # key factors of the case studies
    "CSF": 5, "SH": 4, "IL": 14, "EX": 8, "SP": 7,  # factors of the article and of the review
    "M": 50, "RL": 12,  # candidate mappings; recommendations to factors
    "FW": 4, "AREA": 5, "FT": 8, "APP": 4, "GOV": 7, "LOC": 5,  # frameworks, areas, features, approaches, advice
    "FIG": 46, "STORY": 7, "INC": 32,  # figures, stories, inconsistencies
}
"""How many items of each kind the documents hold."""


@functools.cache
def bearers() -> dict[str, set[str]]:
    """The things that bear each identifier."""
    found: dict[str, set[str]] = defaultdict(set)
    for thing, values in small.said("ontology", "data").items():
        for item in values["dcterms:identifier"]:
            found[item].add(thing)
    return found


def classes(thing: str) -> set[str]:
    """The classes of a thing."""
    return small.said("ontology", "data")[thing]["rdf:type"]


def test_the_table_has_as_many_items_of_each_kind_as_the_documents() -> None:
    assert Counter(item.rpartition("-")[0] for item in ITEMS) == COUNTS


def test_no_item_is_missing() -> None:
    assert [item for item in ITEMS if item not in bearers()] == []


def test_no_item_is_unknown_to_the_table() -> None:
    assert sorted(set(bearers()) - set(ITEMS)) == []


@pytest.mark.parametrize("prefix", COUNTS)
def test_an_item_is_one_thing_of_its_kind(prefix: str) -> None:
    rows = {item: row for item, row in ITEMS.items() if item.rpartition("-")[0] == prefix}
    assert {item: bearers()[item] for item in rows} == {item: {row["thing"]} for item, row in rows.items()}
    assert {item for item, row in rows.items() if not set(row["kind"].split()) <= classes(row["thing"])} == set()


def test_a_thing_bears_one_identifier() -> None:
    held = Counter(thing for things in bearers().values() for thing in things)
    assert {thing: number for thing, number in held.items() if number > 1} == {}


@pytest.mark.parametrize(("kind", "count"), [("named", 29), ("generic", 12)])
def test_the_innovations_are_named_or_generic_as_the_documents_have_them(kind: str, count: int) -> None:
    ids = " ".join(f"'INN-{number:02d}'" for number in range(1, 42))
    found = small.found_as_shipped(f"""SELECT ?thing {{
        VALUES ?id {{ {ids} }} ?thing dcterms:identifier ?id ; care:innovationKind innovationkind:{kind} }}""")
    programmes = {"named": 2, "generic": 0}
    assert len(found) == count - programmes[kind], "two of the named ones are programmes"


def test_a_recommendation_has_an_addressee() -> None:
    found = small.found_as_shipped("SELECT ?id ?whom { ?it a care:Recommendation ; "
                                               "care:isRecommendedFor ?whom ; dcterms:identifier ?id }")
    assert Counter(whom for _, whom in found) == {"audience:government-and-national-partners": 7,
                                                  "audience:local-areas": 5}


def test_a_mapping_says_who_made_it_and_how() -> None:
    found = small.found_as_shipped("""SELECT ?mapping { ?mapping a care:CandidateMapping ;
        sssom:author_label ?who ; sssom:mapping_justification ?how ; sssom:mapping_date ?when }""")
    mappings = small.found_as_shipped("SELECT ?mapping { ?mapping a care:CandidateMapping }")
    assert len(mappings) > 300
    assert mappings - found == set()


def test_a_figure_has_a_kind_of_evidence() -> None:
    kinds = small.found_as_shipped("""SELECT ?id ?kind { ?figure a care:Figure ;
        dcterms:identifier ?id ; care:evidenceKind ?kind }""")
    assert len(kinds) == COUNTS["FIG"]
