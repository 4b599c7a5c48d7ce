"""An assessment applies a framework to an innovation at a date; what follows from it is a caution with its source."""

import pytest

import small
from carekg import query

RULE = "complexity in multiple NASSS domains rarely, if ever, became mainstreamed"


def cautions(ratings: dict[str, str]) -> list[dict[str, str]]:
    """What is said of an invented assessment of PINCER with some domains rated, in 2030."""
    answers = " , ".join(f"answer:invented-{domain}" for domain in ratings)
    invented = f"""
        assessment:invented a care:Assessment ; care:holdsFor innovation:pincer ; care:appliesFramework concept:nasss ;
            care:asOf "2030"^^xsd:gYear ; care:isWorkedExample false ; care:summary "An invented assessment."@en ;
            care:voice voice:study ; care:confidence confidence:high ; care:restsOn passage:pi_pr-network ;
            care:hasAnswer {answers} .
    """ + "".join(f"answer:invented-{domain} a care:Answer ; care:answersPart nasss:{domain} ; "
                  f"care:complexity complexity:{rating} ; care:restsOn passage:pi_pr-network .\n"
                  for domain, rating in ratings.items())
    store = small.closed([*small.shipped("data"), *small.triples(invented)])
    asked = query.load(small.ROOT / "queries" / "complexity-cautions.rq").bind({})
    return [row for row in small.rows(store, asked) if row["assessment"] == "assessment:invented"]


@pytest.mark.parametrize(("ratings", "complex_", "cautioned"), [
    ({"organisation": "complex", "technology": "simple"}, "1", False),
    ({"organisation": "complex", "technology": "complicated", "wider-system": "complex"}, "2", True),
])
def test_two_complex_domains_draw_the_caution_with_the_words_of_its_source_and_one_does_not(
    ratings: dict[str, str], complex_: str, cautioned: bool
) -> None:
    rows = cautions(ratings)
    assert {(row["complex"], row["rated"]) for row in rows} == {(complex_, str(len(ratings)))}
    assert all(row["caution"].startswith("caution: ") == cautioned for row in rows)
    assert RULE in {row["ruleWords"] for row in rows}


def test_a_rating_of_the_shipped_examples_rests_on_a_passage_and_the_examples_are_ours() -> None:
    graph = small.shipped_graph()
    rated = small.found(graph, "SELECT ?answer { ?answer care:complexity ?rating }")
    resting = small.found(graph, "SELECT ?answer { ?answer care:complexity ?rating ; care:restsOn/care:isFrom ?from }")
    assert rated == resting != set()
    examples = small.found(graph, "SELECT ?it ?earlier { ?it care:isWorkedExample true ; care:voice voice:us ; "
                                  "care:repeats ?earlier ; care:isCandidateFor ?innovation }")
    assert len(examples) == 2
