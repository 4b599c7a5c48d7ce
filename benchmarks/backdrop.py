"""What the innovations of the synthetic world have in common: places, sources, bodies, people, printed factors."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Final

from benchmarks.lines import concept, english, iri, plain, thing, typed
from carekg.terms import BASE

PLACES: Final = 500
REGIONS: Final = 12
FUNDS: Final = 200
ORGANISATIONS: Final = 300
PEOPLE: Final = 100
PRINTED: Final = 60
"""Factors that the sources print, each under one of ours."""

FACTORS: Final = (
    "partnership-working", "existing-partnerships", "innovation-funding", "peer-networks", "evaluation",
    "weak-evidence", "leadership-support", "champions", "vision", "local-ownership", "financial-pressures",
    "business-skills", "ongoing-support", "recruitment-and-turnover", "codified-core", "fitting-local-context",
    "policy-alignment", "contracting-systems", "time-to-embed", "risk-aversion", "iterative-learning", "access",
)
SECTORS: Final = ("adult-social-care", "health-and-social-care")
RELATIONS: Final = ("exact", "close", "narrower", "broader", "related")


def skewed(dice: random.Random, size: int) -> int:
    """Give a number below ``size``, small ones more often than large ones."""
    return int(size * dice.random() ** 2)


def pick(dice: random.Random, values: Sequence[str]) -> str:
    """Give one of some values, early ones more often than late ones."""
    return values[skewed(dice, len(values))]


def passage(dice: random.Random, key: str, sources: int) -> Iterator[str]:
    """Give a passage: two of three with section, line and phrase, the others in our own words."""
    words: dict[str, str] = {"paraphrase": english(f"What stands there, in words of ours, {key}.")}
    if dice.random() < 2 / 3:
        words = {"section": plain(f"Section {dice.randrange(1, 30)}"), "line": typed(dice.randrange(1, 900), "integer"),
                 "phrase": plain(f"a phrase of {dice.randrange(10**6)}")}
    yield from thing(iri("passage", key), "Passage", isFrom=iri("source", f"s{skewed(dice, sources)}"), **words)


def backdrop(dice: random.Random, sources: int) -> Iterator[str]:
    """Give everything that is there before the first innovation."""
    yield from places()
    yield from bodies()
    for n in range(sources):
        yield from thing(iri("source", f"s{n}"), "Source", label=english(f"Source {n}"), title=plain(f"Source {n}"),
                         issued=typed(dice.randrange(1995, 2026), "gYear"))
    for n in range(PRINTED):
        yield from printed_factor(dice, n, sources)
    for n in range(PRINTED):
        yield from mapping(dice, n)


def places() -> Iterator[str]:
    """Give one country, its regions and the places in them."""
    yield from thing(iri("place", "country"), "Place", label=english("Country"))
    for n in range(REGIONS):
        yield from thing(iri("place", f"r{n}"), "Place", label=english(f"Region {n}"), isIn=iri("place", "country"))
    for n in range(PLACES):
        yield from thing(iri("place", f"p{n}"), "Place", label=english(f"Place {n}"),
                         isIn=iri("place", f"r{n % REGIONS}"), placeType=plain("district"))


def bodies() -> Iterator[str]:
    """Give organisations, the funds that some of them run, and the people who work for them."""
    for n in range(ORGANISATIONS):
        yield from thing(iri("organisation", f"o{n}"), "Organisation", label=english(f"Organisation {n}"))
    for n in range(FUNDS):
        runner = iri("organisation", f"o{n // 5}")
        yield from thing(iri("funding-source", f"f{n}"), "FundingSource", label=english(f"Fund {n}"), isRunBy=runner)
        yield from thing(runner, "FundingSource")
    for n in range(PEOPLE):
        yield from thing(iri("person", f"p{n}"), "Person", label=english(f"Person {n}"), jobTitle=plain("Director"),
                         worksFor=iri("organisation", f"o{n * 3 % ORGANISATIONS}"))


def printed_factor(dice: random.Random, number: int, sources: int) -> Iterator[str]:
    """Give a factor as a source prints it, and what is said in general about it."""
    factor = concept("factor", f"printed-{number}")
    special = {"isOfSpecialRelevanceTo": concept("sector", SECTORS[0])} if number % 6 == 0 else {}
    label = english(f"factor {number} as printed")
    yield from thing(factor, "Factor", inScheme=f"<{BASE}concept/factor>", label=label, prefLabel=label,
                     definition=english(f"Factor {number} of a document."), identifier=plain(f"IL-{number}"),
                     broader=concept("factor", FACTORS[number % len(FACTORS)]),
                     level=concept("level", ("innovation", "external")[number % 2]),
                     source=iri("source", f"s{number % sources}"), **special)
    for n in range(dice.randrange(1, 6)):
        key = f"printed-{number}-{n}"
        name = dice.choice(["namesFactor", "namesFactor", "namesFacilitator", "namesBarrier"])
        yield from thing(iri("finding", key), "Finding", holdsFor=concept("sector", pick(dice, SECTORS)),
                         summary=english(f"Factor {number} matters, {n}."), voice=concept("voice", "document"),
                         confidence=concept("confidence", "high"), restsOn=iri("passage", key), **{name: factor})
        yield from passage(dice, key, sources)


def mapping(dice: random.Random, number: int) -> Iterator[str]:
    """Give our reading of how a printed factor relates to the next one, or the next two."""
    far = [concept("factor", f"printed-{(number + step) % PRINTED}") for step in range(1, dice.randrange(2, 4))]
    yield from thing(iri("mapping", f"m{number}"), "CandidateMapping", identifier=plain(f"M-{number}"),
                     mapsFrom=concept("factor", f"printed-{number}"), mapsTo=far,
                     mappingRelation=concept("mapping-relation", dice.choice(RELATIONS)),
                     summary=english(f"Both say much the same, {number}."), voice=concept("voice", "us"),
                     confidence=concept("confidence", "medium"))
