"""What the inventory of the source documents lists is in the graph: each item once, under its identifier."""

import functools
from collections import defaultdict

import pytest

import small
from carekg.terms import PREFIXES

NUMBERS = {
    # prefix: (digits, numbers)
    "INN": (2, [1, 2, 3, 4, 6, 7, 8, 12, 13]),
    "PLC": (2, range(1, 27)),
    "FUND": (2, [1, 2, 3, 4, 5, 6, 11]),
    "FIG": (2, [*range(1, 23), 37, 38, 39]),
    "NLC": (1, range(1, 5)),
    "PIC": (1, range(1, 4)),
    "SL": (1, range(1, 4)),
    "NYIF": (1, range(1, 3)),
    "WD": (1, range(1, 4)),
    "CH": (1, range(1, 5)),
    "FA": (1, range(1, 6)),
    "KS": (1, range(1, 7)),
    "OB": (1, [1, 2, 3, 4, 5, 6, 7, 10, 11, 12]),
    "OF": (1, range(1, 7)),
    "CSF": (1, range(1, 6)),
    "SH": (1, range(1, 5)),
    "IL": (2, range(1, 15)),
    "EX": (1, range(1, 9)),
    "SP": (1, range(1, 8)),
    "M": (2, range(1, 47)),
    "DOC": (3, range(5)),
    "PER": (2, range(1, 12)),
    "INC": (2, [3, 6, 8, 30]),
}
"""The items of the case studies, the general factors, the mappings, the documents, the people, the inconsistencies."""

ITEMS = [f"{prefix}-{number:0{digits}d}" for prefix, (digits, numbers) in NUMBERS.items() for number in numbers]


@functools.cache
def bearers() -> dict[str, set[str]]:
    """The things that bear each identifier."""
    found: dict[str, set[str]] = defaultdict(set)
    for part in ("ontology", "data"):
        for triple in small.shipped(part):
            if triple.predicate.value == PREFIXES["dcterms"] + "identifier":
                found[triple.object.value].add(str(triple.subject))
    return found


def test_no_item_of_the_inventory_is_missing() -> None:
    assert len(ITEMS) == 217
    assert [item for item in ITEMS if item not in bearers()] == []


@pytest.mark.parametrize("prefix", NUMBERS)
def test_an_item_of_the_inventory_is_one_thing(prefix: str) -> None:
    digits, numbers = NUMBERS[prefix]
    found = bearers()
    assert {f"{prefix}-{n:0{digits}d}": len(found[f"{prefix}-{n:0{digits}d}"]) for n in numbers} == {
        f"{prefix}-{n:0{digits}d}": 1 for n in numbers}


def test_a_thing_that_is_no_source_bears_one_identifier() -> None:
    held: dict[str, set[str]] = defaultdict(set)
    for item, things in bearers().items():
        for thing in things:
            held[thing].add(item)
    assert {thing: items for thing, items in held.items() if len(items) > 1 and PREFIXES["source"] not in thing} == {}
