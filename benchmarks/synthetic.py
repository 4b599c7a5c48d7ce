"""A seeded generator of asserted N-Triples in our own ontology, in the proportions of the shipped data and skewed.

The same number and seed give the same bytes, and the world meets the shapes of ``shapes/``.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from benchmarks.backdrop import FACTORS, FUNDS, ORGANISATIONS, PEOPLE, PLACES, backdrop, passage, pick, skewed
from benchmarks.lines import concept, english, iri, plain, thing, typed

STANDINGS: Final = {
    "holdsFor": 16,
    "isPositionedFor": 1,
    "isCandidateFor": 2,
    "isPlannedFor": 1,
}
"""Links of a claim to its subject, and how often each comes."""

MEASURED: Final = {
    "holdsFor": ("observed", "self-reported", "statistic"),
    "isModelledFor": ("modelled",),
    "isAimedFor": ("aimed-at",),
}
"""Links of an outcome or a figure, and the kinds of evidence that go with each."""

ROUTES: Final = ("organisational-growth", "licensing-and-affiliation", "partnerships",
                 "replication-through-delivery-networks", "embedding-a-local-innovation", "whole-area-innovation")
GROUPS: Final = ("older-people", "residents", "children-and-families", "general-practice-patients")
TOPICS: Final = ("adult-social-care", "childrens-social-care", "dementia", "loneliness", "primary-care", "parenting")
THEMES: Final = ("loneliness", "wellbeing", "hospital-use", "cost", "patient-safety", "reach")
SITE_ROLES: Final = ("expansion", "pilot", "whole-area", "origin")
STATUSES: Final = ("running", "ended", "under-way", "set-aside")
AGENT_ROLES: Final = ("developer", "host", "evaluator", "licensor", "partner", "supporter", "commissioner")
MILESTONES: Final = ("started", "scaled-up", "closed", "changed-hands", "decommissioned")
DIRECTIONS: Final = ("showsBetter", "showsNoEffect", "showsWorse", "showsUnclear")

Values = dict[str, str | Sequence[str]]


class Innovation:
    """One innovation of the world, told as the lines of its claims."""

    def __init__(self, dice: random.Random, number: int, sources: int) -> None:
        self.dice, self.number, self.sources = dice, number, sources
        self.me = iri("innovation", f"i{number}")

    def lines(self) -> Iterator[str]:
        """Give the innovation with its claims; a few have no milestone, award or outcome, as in life."""
        yield from thing(self.me, "Innovation", label=english(f"Innovation {self.number}"),
                         definition=english(f"What innovation {self.number} is."),
                         innovationKind=concept("innovation-kind", "named"),
                         topic=concept("topic", pick(self.dice, TOPICS)),
                         restsOn=iri("passage", f"innovation-{self.number}"))
        yield from passage(self.dice, f"innovation-{self.number}", self.sources)
        counts: dict[Callable[[int], Iterator[str]], int] = {
            self.episode: self.dice.randrange(1, 4), self.site: int(self.dice.paretovariate(1.2)) % 60 + 1,
            self.finding: self.dice.randrange(2, 9), self.award: self.dice.randrange(0, 4),
            self.outcome: self.dice.randrange(0, 4), self.figure: self.dice.randrange(0, 5),
            self.involvement: self.dice.randrange(1, 5), self.milestone: self.dice.randrange(0, 3), self.offer: 1}
        for told, count in counts.items():
            for n in range(count):
                yield from told(n)
        if self.number % 10 == 5:
            yield from self.disagreement()

    # --- its claims ----------------------------------------------------------------------------------------

    def episode(self, n: int) -> Iterator[str]:
        """Give an episode along a route."""
        return self.claim("episode", n, "ScalingEpisode", route=concept("route", pick(self.dice, ROUTES)),
                          **self.period())

    def site(self, n: int) -> Iterator[str]:
        """Give a site at a place."""
        where = f"p{skewed(self.dice, PLACES)}"
        count: Values = {"statedCount": typed(self.dice.randrange(2, 90), "integer")} if n % 7 == 6 else {}
        return self.claim("site", n, "Site", place=iri("place", where), placeAsPrinted=plain(f"the area of {where}"),
                          siteRole=concept("site-role", pick(self.dice, SITE_ROLES)), **self.period(), **count)

    def finding(self, n: int) -> Iterator[str]:
        """Give a finding about a factor, one in three with a rating."""
        name = self.dice.choice(["namesFacilitator", "namesFacilitator", "namesBarrier"])
        values: Values = {name: concept("factor", pick(self.dice, FACTORS))}
        if self.dice.random() < 1 / 3:
            key = f"rating-{self.number}-{n}"
            values["hasRating"] = iri("rating", key)
            yield from self.rating(key)
        yield from self.claim("finding", n, "Finding", **values)

    def rating(self, key: str) -> Iterator[str]:
        """Give a rating of strength, with the rubric where we assessed it."""
        basis = self.dice.choice(["stated", "assessed"])
        rubric: Values = {"rubric": concept("rubric", "partnership-strength")} if basis == "assessed" else {}
        yield from thing(iri("rating", key), "StrengthRating", basis=concept("basis", basis),
                         strength=concept("strength", self.dice.choice(["strong", "moderate", "weak"])),
                         summary=english(f"Why it is so rated, {key}."), restsOn=iri("passage", key),
                         confidence=concept("confidence", "medium"), **rubric)
        yield from passage(self.dice, key, self.sources)

    def award(self, n: int) -> Iterator[str]:
        """Give money from a fund."""
        return self.claim("award", n, "Award", givenBy=iri("funding-source", f"f{skewed(self.dice, FUNDS)}"),
                          givenTo=iri("organisation", f"o{skewed(self.dice, ORGANISATIONS)}"),
                          amount=typed(f"{self.dice.randrange(1, 500)}000.0", "decimal"), currency=plain("GBP"),
                          amountQualifier=concept("amount-qualifier", self.dice.choice(["exact", "up-to"])),
                          awardKind=concept("award-kind", "grant"), began=self.year())

    def outcome(self, n: int) -> Iterator[str]:
        """Give an outcome in a theme."""
        values: Values = {pick(self.dice, DIRECTIONS): concept("outcome-theme", self.dice.choice(THEMES))}
        return self.measured("outcome", n, "Outcome", asOf=self.year(), **values)

    def figure(self, n: int) -> Iterator[str]:
        """Give a number with its unit."""
        return self.measured("figure", n, "Figure", value=typed(self.dice.randrange(1, 9000), "integer"),
                             unit=english("people"), asPrinted=plain("over"), asOf=self.year())

    def involvement(self, n: int) -> Iterator[str]:
        """Give a body, or one time in ten a person, with a part in it."""
        agent = iri("organisation", f"o{skewed(self.dice, ORGANISATIONS)}")
        if self.dice.random() < 0.1:
            agent = iri("person", f"p{skewed(self.dice, PEOPLE)}")
        return self.claim("involvement", n, "Involvement", agent=agent, began=self.year(),
                          agentRole=concept("agent-role", self.dice.choice(AGENT_ROLES)))

    def milestone(self, n: int) -> Iterator[str]:
        """Give a dated turn."""
        return self.claim("milestone", n, "Milestone", milestoneKind=concept("milestone-kind", MILESTONES[
            skewed(self.dice, len(MILESTONES))]), asOf=self.year())

    def offer(self, n: int) -> Iterator[str]:
        """Give what it does, and for whom."""
        return self.claim("offer", n, "Offer", forGroup=concept("target-group", pick(self.dice, GROUPS)))

    def disagreement(self) -> Iterator[str]:
        """Give two claims that do not fit together."""
        sides = [iri("site", f"{self.number}-0"), iri("finding", f"{self.number}-0")]
        return thing(iri("disagreement", f"d{self.number}"), "Disagreement", side=sides,
                     label=english(f"Disagreement {self.number}"), summary=english("They do not fit together."),
                     disagreementKind=concept("disagreement-kind", "claim"), handling=english("Both stay."))

    # --- what claims have in common --------------------------------------------------------------------------

    def claim(self, segment: str, n: int, kind: str, **values: str | Sequence[str]) -> Iterator[str]:
        """Give a claim in one of the four common standings."""
        standing = self.dice.choices(list(STANDINGS), list(STANDINGS.values()))[0]
        return self.told(segment, n, kind, standing, values)

    def measured(self, segment: str, n: int, kind: str, **values: str | Sequence[str]) -> Iterator[str]:
        """Give an outcome or a figure with evidence that fits its standing."""
        standing = self.dice.choices(list(MEASURED), [8, 1, 1])[0]
        values["evidenceKind"] = concept("evidence-kind", self.dice.choice(MEASURED[standing]))
        return self.told(segment, n, kind, standing, values)

    def told(self, segment: str, n: int, kind: str, standing: str, values: Values) -> Iterator[str]:
        """Give the lines of a claim: what is claimed, its standing, who says it, how sure, and its passages."""
        key = f"{self.number}-{n}"
        keys = [f"{segment}-{key}-{spot}" for spot in range(self.dice.choice([1, 1, 2]))]
        yield from thing(iri(segment, key), kind, summary=english(f"What {segment} {key} says, in a sentence."),
                         confidence=concept("confidence", self.dice.choice(["high", "high", "medium"])),
                         restsOn=[iri("passage", one) for one in keys], **{standing: self.me}, **values,
                         **self.voice(standing))
        for one in keys:
            yield from passage(self.dice, one, self.sources)

    def voice(self, standing: str) -> Values:
        """Give who speaks: we ourselves in a candidate claim, a named person now and then, else the document."""
        if standing == "isCandidateFor":
            return {"voice": concept("voice", "us")}
        if self.dice.random() < 0.03:
            speaker = iri("person", f"p{skewed(self.dice, PEOPLE)}")
            return {"voice": concept("voice", "named-person"), "speaker": speaker}
        return {"voice": concept("voice", "document")}

    def period(self) -> Values:
        """Give a beginning and a status."""
        return {"began": self.year(), "status": concept("status", pick(self.dice, STATUSES))}

    def year(self) -> str:
        """Give a year."""
        return typed(self.dice.randrange(1995, 2026), "gYear")


def world(innovations: int, seed: int = 7) -> Iterator[str]:
    """Give the lines of a world with that many innovations."""
    dice = random.Random(seed)
    sources = max(innovations // 4, 10)
    yield from backdrop(dice, sources)
    for number in range(innovations):
        yield from Innovation(dice, number, sources).lines()
