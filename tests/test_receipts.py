"""Whatever the graph says can be traced to a passage, has a name, and hangs together with the rest."""

from collections import defaultdict

import pyoxigraph as ox
import pytest

import small
from carekg.terms import BASE, compact

NAMES = {"rdfs:label", "care:summary", "care:phrase", "care:paraphrase", "skos:prefLabel", "dcterms:title"}
"""By one of these a thing is known to its readers."""


def found(select: str) -> set[tuple[str, ...]]:
    """Rows of the shipped graph with what follows from it."""
    return small.found(small.shipped_graph(), select)


def ours(iri: str) -> bool:
    """Say whether the project minted an IRI for a thing or a concept."""
    return iri.startswith((BASE + "id/", BASE + "concept/"))


def said() -> dict[str, dict[str, set[str]]]:
    """What the shipped data and ontology say of each thing."""
    values: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for part in ("ontology", "data"):
        for triple in small.shipped(part):
            if isinstance(triple.subject, ox.NamedNode) and ours(triple.subject.value):
                values[triple.subject.value][compact(triple.predicate.value)].add(getattr(triple.object, "value", ""))
    return values


def test_every_thing_has_a_name() -> None:
    nameless = [compact(iri) for iri, values in said().items()
                if not NAMES & set(values) and not iri.startswith((BASE + "id/rating/", BASE + "id/answer/"))]
    assert nameless == []


def test_every_passage_source_body_and_answer_is_used_by_something() -> None:
    objects = {value for values in said().values() for held in values.values() for value in held}
    kinds = ("answer", "organisation", "passage", "person", "programme", "rating", "source", "story", "funding-source")
    orphans = [compact(iri) for iri in said() if iri.startswith(tuple(f"{BASE}id/{kind}/" for kind in kinds))
               and iri not in objects]
    assert orphans == []


def test_every_thing_hangs_together_with_another() -> None:
    objects = {value for values in said().values() for held in values.values() for value in held}
    alone = [compact(iri) for iri, values in said().items() if iri not in objects
             and not any(ours(value) for held in values.values() for value in held)]
    assert [iri for iri in alone if not iri.startswith("<")] == []


def test_every_claim_rests_on_a_passage_of_a_source() -> None:
    resting = found("SELECT DISTINCT ?claim { ?claim care:restsOn/care:isFrom/a care:Source }")
    claims = found("SELECT DISTINCT ?claim { ?claim a care:Claim }")
    assert len(claims) > 1000
    assert claims - resting == set()


def test_what_rests_on_a_document_at_hand_names_line_and_words() -> None:
    vague = found("""SELECT ?passage {
        ?passage care:isFrom/care:textFile ?file .
        FILTER NOT EXISTS { ?passage care:line ?line ; care:section ?section ; care:phrase ?phrase } }""")
    assert vague == set()


def test_nothing_speaks_with_our_voice_and_holds() -> None:
    assert found("SELECT ?claim { ?claim a care:HeldClaim ; care:voice voice:us }") == set()


def test_no_shape_only_warns_so_that_a_folder_that_builds_has_no_warning() -> None:
    graded = [triple for triple in small.shipped("shapes") if compact(triple.predicate.value) == "sh:severity"]
    assert graded == []


@pytest.mark.parametrize("number", ["charityNumber", "companyNumber", "orgId"])
def test_a_number_of_a_body_stands_in_the_words_of_a_passage_it_rests_on(number: str) -> None:
    stated = found(f"""SELECT ?body ?number ?words {{
        ?body a care:Organisation ; care:{number} ?number ; care:restsOn/care:words ?words }}""")
    bodies = {(body, value) for body, value, _ in stated}
    assert len(bodies) >= 15
    assert bodies == {(body, value) for body, value, words in stated if value.removeprefix("GB-SC-") in words}


def test_a_doi_is_part_of_no_other_source() -> None:
    held = found("SELECT ?doi ?source { ?source care:doi ?doi }")
    assert len(held) > 20
    assert len({doi for doi, _ in held}) == len(held)
