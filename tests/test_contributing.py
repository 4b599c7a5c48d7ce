"""What CONTRIBUTING tells a newcomer to write is right."""

import re

import small
from carekg import validation


def example() -> str:
    """The whole small file that CONTRIBUTING shows."""
    text = (small.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (found,) = re.findall(r"```turtle\n(.*?)```", text, re.DOTALL)
    return str(found)


def test_the_small_file_that_is_shown_meets_the_shapes() -> None:
    about = """
        organisation:nesta a care:Organisation , care:FundingSource ;
            rdfs:label "Nesta"@en ; skos:definition "A foundation."@en .
        place:swale a care:Place ; rdfs:label "Swale"@en .
    """
    given = [*small.triples(example()), *small.triples(about), *small.shipped("ontology")]
    report = validation.report(given, small.shipped("shapes"))
    ours = [result.sentence() for result in report.results if "tea" in result.focus]
    assert ours == []


def test_the_small_file_uses_things_that_the_shipped_folder_has() -> None:
    described = {str(triple.subject)[1:-1] for part in ("ontology", "data") for triple in small.shipped(part)}
    made = small.triples(example())
    known = described | {str(triple.subject)[1:-1] for triple in made}
    named = {getattr(triple.object, "value", "") for triple in made}
    assert {iri for iri in named if iri.startswith("https://w3id.org/carekg/") and iri not in known} == set()
