"""The promise to an analyst: only what a source holds to be so becomes a plain fact.

Each test is a few statements, one question, and the answer that an analyst may rely on.
"""

import functools
from typing import NamedTuple

import pyoxigraph as ox
import pytest

import small
from carekg import reason, validation
from carekg.terms import PREFIXES, compact

OTHERS = {
    "positional": "isPositionedFor",
    "candidate": "isCandidateFor",
    "planned": "isPlannedFor",
    "aimed": "isAimedFor",
    "modelled": "isModelledFor",
    "recommended": "isRecommendedFor",
    "rejected": "isRejectedFor",
    "disputed": "isDisputedFor",
}
"""Every standing but one, and the link that gives it."""


class Kind(NamedTuple):
    """A kind of claim: what it says, and the plain facts that follow where a source holds it to be so."""

    says: str
    facts: tuple[str, ...]


KINDS = {
    "episode by a route": Kind("a care:ScalingEpisode ; care:route :way",
                               ("care:scaledVia :way", "care:scaledVia :wider-way")),
    "site in a place": Kind("a care:Site ; care:place :town", ("care:takenUpIn :town", "care:takenUpIn :county")),
    "finding that names a facilitator": Kind(
        "a care:Finding ; care:namesFacilitator :help",
        ("care:hasFacilitator :help", "care:hasFacilitator :wider-help", "care:hasFactor :help")),
    "finding that names a barrier": Kind(
        "a care:Finding ; care:namesBarrier :rain",
        ("care:hasBarrier :rain", "care:hasBarrier :weather", "care:hasFactor :weather")),
    "finding that names a factor": Kind("a care:Finding ; care:namesFactor :money", ("care:hasFactor :money",)),
    "award from a fund": Kind("a care:Award ; care:givenBy :fund", ("care:fundedBy :fund", "care:fundedBy :funder")),
    "outcome for the better": Kind("a care:Outcome ; care:showsBetter :mood", ("care:improves :mood",)),
    "outcome for the worse": Kind("a care:Outcome ; care:showsWorse :noise", ("care:worsens :noise",)),
    "outcome without effect": Kind("a care:Outcome ; care:showsNoEffect :cost", ("care:leavesUnchanged :cost",)),
    "involvement of a body": Kind("a care:Involvement ; care:agent :trust", ("care:involves :trust",)),
    "offer to a group": Kind("a care:Offer ; care:forGroup :walkers", ("care:serves :walkers", "care:serves :people")),
}

AROUND = """
    :way skos:broader :wider-way .  :town care:isIn :county .  :fund care:isRunBy :funder .
    :help skos:broader :wider-help .  :rain skos:broader :weather .  :walkers skos:broader :people .
"""

PAIRS = [(kind, fact) for kind, one in KINDS.items() for fact in one.facts]


def home(kind: str, link: str) -> str:
    """The names of a world of its own, in which one claim of a kind is linked to the innovation in one way."""
    return f"{small.HOME}{kind.replace(' ', '-')}/{link}/"


@functools.cache
def worlds() -> ox.Store:
    """All these worlds beside each other, with what follows."""
    found: list[ox.Triple] = []
    for kind, one in KINDS.items():
        for link in ["holdsFor", *OTHERS.values()]:
            found += small.triples(
                f":innovation a care:Innovation .  :claim {one.says} ; care:{link} :innovation .  {AROUND}",
                home(kind, link))
    return small.closed(found)


def is_so(kind: str, link: str, pattern: str) -> bool:
    """Say whether a pattern is found in one of the worlds."""
    return small.holds(worlds(), pattern, home(kind, link))


@pytest.mark.parametrize(("kind", "fact"), PAIRS)
def test_a_held_claim_is_a_plain_fact(kind: str, fact: str) -> None:
    assert is_so(kind, "holdsFor", f":innovation {fact}")


@pytest.mark.parametrize("standing", OTHERS)
@pytest.mark.parametrize(("kind", "fact"), PAIRS)
def test_a_claim_of_another_standing_is_no_plain_fact(kind: str, fact: str, standing: str) -> None:
    assert not is_so(kind, OTHERS[standing], f":innovation {fact}")


PLAIN = {fact.split()[0] for _, fact in PAIRS}


@pytest.mark.parametrize("standing", OTHERS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_claim_of_another_standing_leaves_the_innovation_without_any_plain_property(kind: str, standing: str) -> None:
    innovation = ox.NamedNode(home(kind, OTHERS[standing]) + "innovation")
    found = worlds().quads_for_pattern(innovation, None, None)
    assert {compact(quad.predicate.value) for quad in found} & PLAIN == set()


@pytest.mark.parametrize("standing", OTHERS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_claim_of_another_standing_can_be_asked_for_by_its_name(kind: str, standing: str) -> None:
    value = {"positional": "position"}.get(standing, standing)
    assert is_so(kind, OTHERS[standing], f":claim care:concerns :innovation ; care:standing standing:{value} . "
                                         ":innovation care:isConcernOf :claim")


ONE_STEP_AWAY = [
    ("episode by a route", "isCandidateFor", "care:candidateRoute :wider-way"),
    ("episode by a route", "isPlannedFor", "care:plannedRoute :way"),
    ("episode by a route", "isPositionedFor", "care:presentedUnder :wider-way"),
    ("site in a place", "isPlannedFor", "care:plannedIn :county"),
    ("site in a place", "isModelledFor", "care:modelledIn :town"),
    ("site in a place", "isCandidateFor", "care:candidateIn :county"),
    ("finding that names a facilitator", "isCandidateFor", "care:candidateFacilitator :wider-help"),
    ("finding that names a barrier", "isCandidateFor", "care:candidateBarrier :rain"),
    ("award from a fund", "isPlannedFor", "care:plannedFunder :fund"),
    ("award from a fund", "isRecommendedFor", "care:recommendedFunder :fund"),
    ("outcome for the better", "isAimedFor", "care:aimsToImprove :mood"),
]


@pytest.mark.parametrize(("kind", "link", "fact"), ONE_STEP_AWAY)
def test_what_is_not_held_is_one_step_away_under_a_name_that_says_so(kind: str, link: str, fact: str) -> None:
    assert is_so(kind, link, f":innovation {fact}")
    assert not is_so(kind, "holdsFor", f":innovation {fact}")


def test_a_factor_is_a_barrier_where_a_held_finding_says_so_and_not_where_a_source_rejects_it() -> None:
    assert is_so("finding that names a barrier", "holdsFor", ":rain a care:Barrier")
    for link in OTHERS.values():
        assert not is_so("finding that names a barrier", link, ":rain a care:Barrier"), link
        assert not is_so("finding that names a facilitator", link, ":help a care:Facilitator"), link


def test_a_held_claim_does_not_lift_another_claim_of_the_same_innovation() -> None:
    world = small.closed(small.triples("""
        :held a care:ScalingEpisode ; care:holdsFor :innovation ; care:route :way .
        :thought a care:ScalingEpisode ; care:isCandidateFor :innovation ; care:route :other-way .
        :held care:includesSite :planned .  :planned a care:Site ; care:isPlannedFor :innovation ; care:place :town .
    """))
    assert small.holds(world, ":innovation care:scaledVia :way")
    assert not small.holds(world, ":innovation care:scaledVia :other-way")
    assert not small.holds(world, ":innovation care:takenUpIn :town")


def test_an_offshoot_does_not_inherit_what_holds_for_its_parent() -> None:
    world = small.closed(small.triples("""
        :offshoot care:isOffshootOf :innovation ; care:isAlso :trust .
        :held a care:ScalingEpisode ; care:holdsFor :innovation ; care:route :way .
    """))
    assert not small.holds(world, ":offshoot care:scaledVia :way")


def test_data_cannot_turn_a_plan_into_a_fact_by_an_axiom_of_their_own() -> None:
    data = small.triples("""
        care:isPlannedFor rdfs:subPropertyOf care:holdsFor .  care:PlannedClaim rdfs:subClassOf care:HeldClaim .
        :plan a care:Site ; care:isPlannedFor :innovation ; care:place :town .
    """)
    world = small.closed(data)
    assert not small.holds(world, ":innovation care:takenUpIn :town")
    assert not small.holds(world, ":plan a care:HeldClaim")


@pytest.mark.heavy
def test_nothing_in_the_shipped_data_is_both_held_and_of_another_standing() -> None:
    found = reason.inferred(small.shipped("data"), small.shipped("ontology"))
    standings: dict[str, set[str]] = {}
    for triple in found:
        if triple.predicate.value == PREFIXES["care"] + "standing":
            standings.setdefault(str(triple.subject), set()).add(str(triple.object))
    assert len(standings) > 500
    assert {claim: values for claim, values in standings.items() if len(values) > 1} == {}


# --- each attempt to leak is refused -----------------------------------------------------------------------------

CLAIM = ('care:summary "S."@en ; care:voice voice:document ; care:confidence confidence:high ; '
         "care:restsOn passage:lantern-dusk")

LEAKS = {
    # the thing at fault: statements about it, the shape that refuses them
    **{f"typed-{name}": (f"innovation:typed-{name} care:{name} {value} .", f"DerivedShape-{name}")
       for name, value in [("scaledVia", "route:partnerships"), ("takenUpIn", "place:saltmere"),
                           ("hasFacilitator", "factor:lantern-volunteers"), ("hasBarrier", "factor:lantern-rain"),
                           ("hasFactor", "factor:evidence"), ("fundedBy", "fund:shoreline-fund"),
                           ("improves", "theme:loneliness"), ("worsens", "theme:cost"),
                           ("leavesUnchanged", "theme:cost"), ("involves", "organisation:lantern-trust"),
                           ("serves", "group:older-people"), ("hasHeldClaim", "site:lantern-walks-elsewhere")]},
    "two-standings": (f"innovation:two-standings a care:Milestone ; care:holdsFor innovation:lantern-walks ; "
                      f"care:isPlannedFor innovation:lantern-walks ; care:milestoneKind milestonekind:started ; "
                      f"{CLAIM} .", "ClaimShape-standing"),
    "no-standing": (f"innovation:no-standing a care:Milestone ; care:milestoneKind milestonekind:started ; {CLAIM} .",
                    "ClaimShape-standing"),
    "typed-held": (f"innovation:typed-held a care:Milestone , care:HeldClaim ; care:isPlannedFor "
                   f"innovation:lantern-walks ; care:milestoneKind milestonekind:started ; {CLAIM} .",
                   "StandingClassShape-type"),
    "typed-standing": (f"innovation:typed-standing a care:Milestone ; care:standing standing:held ; care:isPlannedFor "
                       f"innovation:lantern-walks ; care:milestoneKind milestonekind:started ; {CLAIM} .",
                       "DerivedShape-standing"),
    "ours-as-held": (f"innovation:ours-as-held a care:Milestone ; care:holdsFor innovation:lantern-walks ; "
                     f"care:milestoneKind milestonekind:started ; {CLAIM.replace('voice:document', 'voice:us')} .",
                     "SourcedClaimShape-voice"),
    "aim-as-result": ("innovation:aim-as-result a care:Outcome ; care:holdsFor innovation:lantern-walks ; "
                      f"care:showsBetter theme:mood-x ; care:evidenceKind evidencekind:aimed-at ; {CLAIM} .",
                      "UnaimedClaimShape-evidenceKind"),
    "model-as-result": ("innovation:model-as-result a care:Outcome ; care:holdsFor innovation:lantern-walks ; "
                        f"care:showsBetter theme:loneliness ; care:evidenceKind evidencekind:modelled ; {CLAIM} .",
                        "UnmodelledClaimShape-evidenceKind"),
}


@pytest.fixture(scope="module")
def refused() -> dict[str, set[str]]:
    """For each thing of the attempted leaks, the shapes that refuse it: one validation does for all."""
    attempts = small.triples("\n".join(statements for statements, _ in LEAKS.values()))
    report = validation.report([*small.shipped("ontology"), *small.good(), *attempts], small.shipped("shapes"))
    found: dict[str, set[str]] = {}
    for result in report.violations:
        found.setdefault(result.focus.rpartition("/")[2], set()).add(result.shape.rpartition("#")[2])
    return found


@pytest.mark.parametrize("thing", LEAKS)
def test_an_attempt_to_leak_is_refused(thing: str, refused: dict[str, set[str]]) -> None:
    assert LEAKS[thing][1] in refused.get(thing, set())
