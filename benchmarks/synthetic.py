"""A seeded generator of asserted N-Triples in our own ontology, with a realistic skew."""

from __future__ import annotations

import random
from collections.abc import Iterator

from carekg.terms import BASE

CARE = f"{BASE}def#"
RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
XSD = "http://www.w3.org/2001/XMLSchema#"

STANDINGS = ["holdsFor"] * 16 + ["isPositionedFor", "isCandidateFor", "isCandidateFor", "isPlannedFor"]
ROUTES = ["organisational-growth", "licensing-and-affiliation", "partnerships",
          "replication-through-delivery-networks", "embedding-a-local-innovation", "whole-area-innovation"]
FACTORS = ["partnership-working", "existing-partnerships", "peer-networks", "evaluation", "weak-evidence",
           "leadership-support", "champions", "vision", "local-ownership", "financial-pressures",
           "innovation-funding", "business-skills", "ongoing-support", "recruitment-and-turnover",
           "codified-core", "fitting-local-context", "policy-alignment", "contracting-systems",
           "time-to-embed", "risk-aversion", "iterative-learning", "access"]
GROUPS = ["older-people", "residents", "children-and-families", "general-practice-patients"]
THEMES = ["loneliness", "wellbeing", "hospital-use", "cost", "patient-safety", "reach"]


def iri(kind: str, key: str) -> str:
    """Give the IRI of a thing in angle brackets."""
    return f"<{BASE}id/{kind}/{key}>"


def concept(scheme: str, key: str) -> str:
    """Give the IRI of a concept in angle brackets."""
    return f"<{BASE}concept/{scheme}/{key}>"


def triple(subject: str, name: str, value: str) -> str:
    """Give one line of N-Triples; a bare name is a term of ours."""
    predicate = name if name.startswith("http") else CARE + name
    return f"{subject} <{predicate}> {value} .\n"


def typed(subject: str, name: str, label: str = "") -> Iterator[str]:
    """Give the type of a thing, and its label where it has one."""
    yield triple(subject, RDF_TYPE, f"<{CARE}{name}>")
    if label:
        yield triple(subject, RDFS_LABEL, f'"{label}"@en')


def claim(dice: random.Random, subject: str, kind: str, innovation: str, sources: int) -> Iterator[str]:
    """Give what every claim has: type, standing, summary, voice, confidence and a passage of its own."""
    yield from typed(subject, kind)
    yield triple(subject, dice.choice(STANDINGS), innovation)
    yield triple(subject, "summary", f'"One sentence about {subject[-24:-1]}."@en')
    yield triple(subject, "voice", concept("voice", "document"))
    yield triple(subject, "confidence", concept("confidence", dice.choice(["high", "high", "medium"])))
    passage = subject.replace("/id/", "/id/passage/")
    yield triple(subject, "restsOn", passage)
    yield from typed(passage, "Passage")
    yield triple(passage, "isFrom", iri("source", f"s{int(sources * dice.random() ** 2)}"))
    yield triple(passage, "line", str(dice.randrange(1, 900)).join(['"', f'"^^<{XSD}integer>']))
    yield triple(passage, "phrase", f'"a phrase of {dice.randrange(10**6)}"')


def innovation(dice: random.Random, number: int, size: int) -> Iterator[str]:
    """Give one innovation with its episodes, sites, findings, awards and outcomes."""
    me = iri("innovation", f"i{number}")
    yield from typed(me, "Innovation", f"Innovation {number}")
    year = f'"{dice.randrange(1995, 2026)}"^^<{XSD}gYear>'
    for n in range(dice.randrange(1, 5)):
        episode = iri("episode", f"i{number}-{n}")
        yield from claim(dice, episode, "ScalingEpisode", me, size)
        yield triple(episode, "route", concept("route", ROUTES[int(len(ROUTES) * dice.random() ** 2)]))
        yield triple(episode, "began", year)
    for n in range(int(dice.paretovariate(1.2)) % 60 + 1):
        site = iri("site", f"i{number}-{n}")
        yield from claim(dice, site, "Site", me, size)
        yield triple(site, "place", iri("place", f"p{int(500 * dice.random() ** 2)}"))
        yield triple(site, "began", year)
    for n in range(dice.randrange(2, 10)):
        finding = iri("finding", f"i{number}-{n}")
        yield from claim(dice, finding, "Finding", me, size)
        factor = concept("factor", FACTORS[int(len(FACTORS) * dice.random() ** 2)])
        yield triple(finding, dice.choice(["namesFacilitator", "namesFacilitator", "namesBarrier"]), factor)
        if dice.random() < 0.3:
            rating = iri("rating", f"i{number}-{n}")
            yield triple(finding, "hasRating", rating)
            yield from typed(rating, "StrengthRating")
            yield triple(rating, "strength", concept("strength", dice.choice(["strong", "moderate", "weak"])))
            yield triple(rating, "basis", concept("basis", dice.choice(["stated", "assessed"])))
            yield triple(rating, "confidence", concept("confidence", "medium"))
    for n in range(dice.randrange(0, 4)):
        award = iri("award", f"i{number}-{n}")
        yield from claim(dice, award, "Award", me, size)
        yield triple(award, "givenBy", iri("funding-source", f"f{int(200 * dice.random() ** 2)}"))
        yield triple(award, "amount", f'"{dice.randrange(1, 500)}000.0"^^<{XSD}decimal>')
        yield triple(award, "currency", '"GBP"')
    for n in range(dice.randrange(0, 4)):
        outcome = iri("outcome", f"i{number}-{n}")
        yield from claim(dice, outcome, "Outcome", me, size)
        yield triple(outcome, dice.choice(["showsBetter", "showsBetter", "showsNoEffect"]),
                     concept("outcome-theme", dice.choice(THEMES)))
    offer = iri("offer", f"i{number}")
    yield from claim(dice, offer, "Offer", me, size)
    yield triple(offer, "forGroup", concept("target-group", dice.choice(GROUPS)))


def world(innovations: int, seed: int = 7) -> Iterator[str]:
    """Give lines of N-Triples for that many innovations: about 280 asserted triples each."""
    dice = random.Random(seed)
    size = max(innovations // 4, 10)
    for n in range(500):
        place = iri("place", f"p{n}")
        yield from typed(place, "Place", f"Place {n}")
        yield triple(place, "isIn", iri("place", f"r{n % 12}"))
    for n in range(12):
        yield from typed(iri("place", f"r{n}"), "Place", f"Region {n}")
        yield triple(iri("place", f"r{n}"), "isIn", iri("place", "country"))
    yield from typed(iri("place", "country"), "Place", "Country")
    for n in range(200):
        yield from typed(iri("funding-source", f"f{n}"), "FundingSource", f"Fund {n}")
    for n in range(size):
        yield from typed(iri("source", f"s{n}"), "Source", f"Source {n}")
        yield triple(iri("source", f"s{n}"), "http://purl.org/dc/terms/title", f'"Source {n}"')
    for n in range(innovations):
        yield from innovation(dice, n, size)
