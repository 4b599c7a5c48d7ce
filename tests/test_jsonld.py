"""JSON-LD from here says just what the triples say, whatever they are, to a reader that has the context."""

import json
from typing import Any

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

import small
from carekg.terms import PREFIXES
from carekg.web.linked import jsonld

XSD = PREFIXES["xsd"]
ADDRESS = "https://example.org/context.jsonld"
DATATYPES = ["string", "integer", "boolean", "decimal", "gYear", "date", "anyURI", "double"]
ODD_IRIS = ["geo:51,0", "care:x", "urn:a:b", "https://w3id.org/carekg/def#", "http://www.w3.org/2001/XMLSchema#gYear",
            "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil", "https://w3id.org/carekg/id/place/wigan",
            "mailto:a@b.org", "https://w3id.org/carekg/def#//x", "label:x", "https://example.org/\u00e9"]


@pytest.fixture(scope="module")
def context() -> jsonld.Context:
    """A context with a term of each sort."""
    care = PREFIXES["care"]
    names = {f"{care}place": ("place", "@id"), f"{care}began": ("began", f"{XSD}gYear"), f"{care}line": ("line", ""),
             f"{PREFIXES['rdfs']}label": ("label", "@en"), f"{care}Place": ("Place", ""),
             f"{care}amount": ("amount", f"{XSD}decimal"), f"{care}count": ("count", f"{XSD}integer")}
    return jsonld.Context({one: PREFIXES[one] for one in jsonld.VOCABULARIES}, names, {})


def read(body: bytes, context: jsonld.Context) -> set[ox.Triple]:
    """The triples that a reader finds who was given the context."""
    loaded = json.loads(body)
    if isinstance(loaded, dict):
        assert loaded["@context"] == ADDRESS
        loaded["@context"] = context.document()["@context"]
    return {quad.triple for quad in ox.parse(json.dumps(loaded), ox.RdfFormat.JSON_LD)}


OURS = ("place", "began", "line", "amount", "count", "other")
things = st.from_regex(r"https://w3id\.org/carekg/(id|concept)/[a-z]{1,5}/[a-z-]{1,5}", fullmatch=True)
iris = st.one_of(st.sampled_from(ODD_IRIS), things).map(ox.NamedNode)
predicates = st.sampled_from([*(PREFIXES["care"] + name for name in OURS), PREFIXES["rdfs"] + "label",
                              PREFIXES["rdf"] + "type", "https://example.org/p"]).map(ox.NamedNode)
texts = st.one_of(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8),
                  st.sampled_from(["1", "01", "-0", "+1", "true", "1.0", "1e3", "99999999999999999999", "2018", "@id"]))
literals = st.one_of(
    st.builds(lambda text, name: ox.Literal(text, datatype=ox.NamedNode(XSD + name)), texts,
              st.sampled_from(DATATYPES)),
    st.builds(lambda text, tag: ox.Literal(text, language=tag), texts, st.sampled_from(["en", "cy", "en-gb"])))
statements = st.builds(ox.Triple, iris, predicates, st.one_of(iris, literals)).filter(
    lambda triple: not (triple.predicate.value.endswith("#type") and isinstance(triple.object, ox.Literal)))


@pytest.mark.heavy
@given(found=st.lists(statements, min_size=1, max_size=6))
@settings(max_examples=300, deadline=None)
def test_nothing_is_lost_and_nothing_added(found: list[ox.Triple], context: jsonld.Context) -> None:
    assert read(jsonld.compacted(found, context, ADDRESS), context) == set(found)


def test_values_stand_as_people_would_write_them(context: jsonld.Context) -> None:
    found = small.triples("""<https://w3id.org/carekg/id/site/a> a care:Place ; care:place place:wigan ;
        care:began "2018"^^xsd:gYear ; care:line 12 ; rdfs:label "A"@en , "Â"@cy ; care:amount 0.5 .""")
    body: dict[str, Any] = json.loads(jsonld.compacted(found, context, ADDRESS))
    assert body == {
        "@context": ADDRESS, "@id": "https://w3id.org/carekg/id/site/a", "@type": "Place",
        "place": "https://w3id.org/carekg/id/place/wigan", "began": "2018", "line": 12, "amount": "0.5",
        "label": ["A", {"@value": "Â", "@language": "cy"}]}


def test_a_triple_within_a_triple_is_refused(context: jsonld.Context) -> None:
    inner = small.triples("place:a rdfs:label 'a' .")[0]
    with pytest.raises(ValueError, match="triple"):
        jsonld.compacted([ox.Triple(inner.subject, inner.predicate, inner)], context, ADDRESS)


# --- the context that is published ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def published(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/context.jsonld")
    assert answer.mimetype == "application/ld+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*", "a context is fetched from anywhere"
    return dict(answer.json or {})


def test_the_context_has_a_name_for_every_term_of_the_vocabulary(published: dict[str, Any]) -> None:
    terms = published["@context"]
    found = {one["@id"] if isinstance(one, dict) else one for one in terms.values() if not isinstance(one, float)}
    kinds = {PREFIXES["owl"] + kind for kind in ("Class", "ObjectProperty", "DatatypeProperty")}
    for triple in small.shipped("ontology"):
        iri = triple.subject.value if isinstance(triple.subject, ox.NamedNode) else ""
        if getattr(triple.object, "value", "") in kinds and iri.startswith(PREFIXES["care"]):
            assert iri.replace(PREFIXES["care"], "care:") in found


def test_terms_are_typed_by_what_they_are_and_by_what_the_shapes_hold_them_to(published: dict[str, Any]) -> None:
    terms = published["@context"]
    assert terms["place"] == {"@id": "care:place", "@type": "@id"}
    assert terms["amount"] == {"@id": "care:amount", "@type": "xsd:decimal"}
    assert terms["summary"] == {"@id": "care:summary", "@language": "en"}
    assert terms["label"] == {"@id": "rdfs:label", "@language": "en"}
    assert terms["Innovation"] == "care:Innovation"


def test_the_context_brings_the_labels_of_its_terms(published: dict[str, Any]) -> None:
    labels = {one["@id"]: one["label"] for one in published["@graph"]}
    assert labels["care:scaledVia"] == "scaled via"
    quads = list(ox.parse(json.dumps(published), ox.RdfFormat.JSON_LD))
    assert len(quads) >= 2 * len(published["@graph"])


def test_no_prefix_of_the_context_is_a_scheme_of_addresses_or_the_name_of_a_term(published: dict[str, Any]) -> None:
    prefixes = {name for name, value in published["@context"].items()
                if isinstance(value, str) and value.startswith("http")}
    assert prefixes == set(jsonld.VOCABULARIES)
    assert prefixes & {"geo", "urn", "doi", "info", "tag", "data", "mailto", "http", "https"} == set()
