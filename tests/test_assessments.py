"""An assessment applies a framework to an innovation at a date; what follows from it is a caution with its source."""

import pyoxigraph as ox
import pytest

import small
from carekg import query

RULE = "complexity in multiple NASSS domains rarely, if ever, became mainstreamed"
CASES = {
    "one": ({"organisation": "complex", "technology": "simple"}, "1", False),
    "two": ({"organisation": "complex", "technology": "complicated", "wider-system": "complex"}, "2", True),
}
"""Domains and how they are rated, how many of them are complex, and whether that draws the caution."""


def invented(case: str, ratings: dict[str, str]) -> str:
    """An assessment of PINCER with some domains rated, in 2030."""
    answers = " , ".join(f"answer:{case}-{domain}" for domain in ratings)
    return f"""
        assessment:{case} a care:Assessment ; care:holdsFor innovation:pincer ; care:appliesFramework concept:nasss ;
            care:asOf "2030"^^xsd:gYear ; care:isWorkedExample false ; care:summary "An invented assessment."@en ;
            care:voice voice:study ; care:confidence confidence:high ; care:restsOn passage:pi_pr-network ;
            care:hasAnswer {answers} .
    """ + "".join(f"answer:{case}-{domain} a care:Answer ; care:answersPart nasss:{domain} ; "
                  f"care:complexity complexity:{rating} ; care:restsOn passage:pi_pr-network .\n"
                  for domain, rating in ratings.items())


@pytest.fixture(scope="module")
def graph() -> ox.Store:
    """The shipped graph with the invented assessments, and what follows."""
    made = "".join(invented(case, ratings) for case, (ratings, _, _) in CASES.items())
    return small.closed([*small.shipped("data"), *small.triples(made)])


@pytest.mark.parametrize("case", CASES)
def test_two_complex_domains_draw_the_caution_with_the_words_of_its_source_and_one_does_not(
    case: str, graph: ox.Store
) -> None:
    ratings, complex_, cautioned = CASES[case]
    asked = query.load(small.ROOT / "queries" / "complexity-cautions.rq").bind({})
    rows = [row for row in small.rows(graph, asked) if row["assessment"] == f"assessment:{case}"]
    assert {(row["complex"], row["rated"]) for row in rows} == {(complex_, str(len(ratings)))}
    assert all(row["caution"].startswith("caution: ") == cautioned for row in rows)
    assert RULE in {row["ruleWords"] for row in rows}


def test_a_rating_of_the_shipped_examples_rests_on_a_passage_and_the_examples_are_ours(graph: ox.Store) -> None:
    rated = small.found(graph, "SELECT ?answer { ?answer care:complexity ?rating }")
    resting = small.found(graph, "SELECT ?answer { ?answer care:complexity ?rating ; care:restsOn/care:isFrom ?from }")
    assert rated == resting != set()
    examples = small.found(graph, "SELECT ?it ?earlier { ?it care:isWorkedExample true ; care:voice voice:us ; "
                                  "care:repeats ?earlier ; care:isCandidateFor ?innovation }")
    assert len(examples) == 2
