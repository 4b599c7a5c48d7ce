"""Whatever the graph says can be traced to a passage, has a name, and hangs together with the rest."""

import pytest

import small
from carekg.terms import SCHEMES, THINGS, compact
from small import found_as_shipped as found

NAMES = {"rdfs:label", "care:summary", "care:phrase", "care:paraphrase", "skos:prefLabel", "dcterms:title"}
"""By one of these a thing is known to its readers."""

KINDS = {*THINGS, *SCHEMES}
"""Prefixes of the things and the concepts that the project mints."""


def ours() -> dict[str, dict[str, set[str]]]:
    """What is said of each thing and concept that the project mints."""
    return {thing: values for thing, values in small.said("ontology", "data").items() if minted(thing)}


def minted(name: str) -> bool:
    """Say whether the project minted a compact IRI for a thing or a concept."""
    return name.partition(":")[0] in KINDS or name.startswith("concept:")


def test_every_thing_has_a_name() -> None:
    nameless = [thing for thing, values in ours().items()
                if not any(values.get(name) for name in NAMES) and not thing.startswith(("rating:", "answer:"))]
    assert nameless == []


def objects() -> set[str]:
    """Everything that something is said to be linked to."""
    return {value for values in ours().values() for held in values.values() for value in held}


@pytest.mark.parametrize("kind", [
    "answer", "fund", "organisation", "passage", "person", "programme", "rating", "source", "story"])
def test_every_thing_of_a_kind_is_used_by_something(kind: str) -> None:
    there = {thing for thing in ours() if thing.startswith(f"{kind}:")}
    assert there
    assert sorted(there - objects()) == []


def test_every_thing_hangs_together_with_another() -> None:
    used = objects()
    alone = [thing for thing, values in ours().items() if thing not in used
             and not any(minted(value) for held in values.values() for value in held)]
    assert alone == []


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
