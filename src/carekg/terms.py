"""Every namespace and IRI that carekg knows by name; a misspelt term is an ``AttributeError``."""

from __future__ import annotations

import re
from typing import Final

from rdflib import Namespace
from rdflib.namespace import (
    DCAT,
    DCTERMS,
    FOAF,
    ORG,
    OWL,
    PROV,
    RDF,
    RDFS,
    SDO,
    SH,
    SKOS,
    VANN,
    VOID,
    XSD,
    DefinedNamespace,
)
from rdflib.term import URIRef

BASE: Final = "https://w3id.org/carekg/"
"""Everything that the project mints lives below this IRI."""

ONTOLOGY: Final = URIRef(BASE + "def")
GSS: Final = "http://statistics.data.gov.uk/id/statistical-geography/"
"""Below this IRI the Office for National Statistics names an area by its code."""
DATA: Final = BASE + "graph/data/"
"""Below this IRI are the graphs of what is stated, a file of the folder's data/ each, and those of stewards."""

VOCABULARY: Final = (f"{BASE}graph/ontology/", f"{BASE}graph/shapes/")
"""With which the IRIs of the graphs begin that ontology and shapes are in, a file each."""
INFERRED: Final = URIRef(BASE + "graph/inferred")
"""The named graph of what follows from the others; nothing else is ever written to it."""


class CARE(DefinedNamespace):
    """The vocabulary terms that the code itself needs; the ontology files hold them all."""

    _NS = Namespace(BASE + "def#")
    _fail = True

    Award: URIRef
    Barrier: URIRef
    CandidateMapping: URIRef
    Claim: URIRef
    Facilitator: URIRef
    Factor: URIRef
    FundingSource: URIRef
    Innovation: URIRef
    Organisation: URIRef
    Passage: URIRef
    Person: URIRef
    Place: URIRef
    Programme: URIRef
    ScalingRoute: URIRef
    Site: URIRef
    Source: URIRef
    answerText: URIRef
    charityNumber: URIRef
    companyNumber: URIRef
    concerns: URIRef
    doi: URIRef
    ended: URIRef
    gssCode: URIRef
    isFrom: URIRef
    labelInSource: URIRef
    line: URIRef
    listsCode: URIRef
    odsCode: URIRef
    orgId: URIRef
    paraphrase: URIRef
    phrase: URIRef
    placeType: URIRef
    purpose: URIRef
    restsOn: URIRef
    section: URIRef
    summary: URIRef
    textFile: URIRef
    words: URIRef


class SPDX(DefinedNamespace):
    """The terms by which DCAT 3 gives checksums; rdflib does not hold them."""

    _NS = Namespace("http://spdx.org/rdf/terms#")
    _fail = True

    Checksum: URIRef
    algorithm: URIRef
    checksum: URIRef
    checksumAlgorithm_sha256: URIRef
    checksumValue: URIRef


THINGS: Final = {
    "answer": "answer",
    "assessment": "assessment",
    "award": "award",
    "citation": "citation",
    "disagreement": "disagreement",
    "endorsement": "endorsement",
    "episode": "episode",
    "figure": "figure",
    "finding": "finding",
    "fund": "funding-source",
    "illustration": "illustration",
    "innovation": "innovation",
    "involvement": "involvement",
    "mapping": "mapping",
    "milestone": "milestone",
    "offer": "offer",
    "organisation": "organisation",
    "outcome": "outcome",
    "passage": "passage",
    "person": "person",
    "place": "place",
    "programme": "programme",
    "rating": "rating",
    "recommendation": "recommendation",
    "site": "site",
    "source": "source",
    "statement": "statement",
    "story": "story",
}
"""Prefix of a kind of thing and the path segment that its IRIs have below ``id/``."""

SCHEMES: Final = {
    "agentrole": "agent-role",
    "albury": "myths-and-mechanisms",
    "approach": "approach",
    "area": "transformation-area",
    "audience": "audience",
    "awardkind": "award-kind",
    "basis": "basis",
    "bigroutes": "making-it-big",
    "cfir": "cfir-2",
    "cfir1": "cfir-2009",
    "changemodel": "nhs-change-model",
    "complexity": "complexity",
    "confidence": "confidence",
    "disagreementkind": "disagreement-kind",
    "eric": "eric",
    "evidencekind": "evidence-kind",
    "factor": "factor",
    "factorlist": "factor-list",
    "feature": "system-feature",
    "goingbig": "going-big",
    "greenhalgh": "greenhalgh-2004",
    "group": "target-group",
    "innovationkind": "innovation-kind",
    "level": "level",
    "lsc": "large-scale-change",
    "milestonekind": "milestone-kind",
    "nasss": "nasss",
    "nassscat": "nasss-cat",
    "nesta": "nesta-standards",
    "odds": "against-the-odds",
    "partkind": "part-kind",
    "phase": "assessment-phase",
    "polarity": "polarity",
    "qualifier": "amount-qualifier",
    "reaim": "re-aim",
    "relation": "mapping-relation",
    "rogers": "diffusion-of-innovations",
    "route": "route",
    "rubric": "rubric",
    "sector": "sector",
    "sips": "sips",
    "siterole": "site-role",
    "stages": "innovation-stages",
    "standing": "standing",
    "status": "status",
    "strength": "strength",
    "theme": "outcome-theme",
    "topic": "topic",
    "use": "framework-use",
    "voice": "voice",
}
"""Prefix of a concept scheme and the path segment that its IRIs have below ``concept/``."""

PREFIXES: Final[dict[str, str]] = {
    "care": str(CARE._NS),
    "caresh": BASE + "shapes#",
    "carequery": BASE + "query/",
    "concept": BASE + "concept/",
    "dcat": str(DCAT._NS),
    "dcterms": str(DCTERMS._NS),
    "foaf": str(FOAF._NS),
    "frapo": "http://purl.org/cerif/frapo/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "oa": "http://www.w3.org/ns/oa#",
    "org": str(ORG._NS),
    "owl": str(OWL._NS),
    "prov": str(PROV._NS),
    "rdf": str(RDF._NS),
    "rdfs": str(RDFS._NS),
    "schema": str(SDO._NS),
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "sh": str(SH._NS),
    "skos": str(SKOS._NS),
    "spdx": str(SPDX._NS),
    "sssom": "https://w3id.org/sssom/",
    "vann": str(VANN._NS),
    "void": str(VOID._NS),
    "wgs": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "xsd": str(XSD._NS),
    **{prefix: f"{BASE}id/{segment}/" for prefix, segment in THINGS.items()},
    **{prefix: f"{BASE}concept/{segment}/" for prefix, segment in SCHEMES.items()},
}
"""The one table of prefixes: of messages, pages, written Turtle and typed arguments."""

_LOCAL = re.compile(r"^\w[\w.-]*$")
_BY_LENGTH = sorted(PREFIXES.items(), key=lambda item: -len(item[1]))


def compact(iri: str) -> str:
    """Give ``prefix:name`` where a prefix covers the IRI, else the IRI in angle brackets."""
    for prefix, namespace in _BY_LENGTH:
        if iri.startswith(namespace) and _LOCAL.match(local := iri[len(namespace):]) and not local.endswith("."):
            return f"{prefix}:{local}"
    return f"<{iri}>"


def expand(name: str) -> str | None:
    """Give the IRI that ``prefix:name`` or ``<iri>`` or a full http(s) IRI stands for, or None."""
    if name.startswith("<") and name.endswith(">"):
        return name[1:-1]
    if name.startswith(("http://", "https://")):
        return name
    prefix, colon, local = name.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else None
