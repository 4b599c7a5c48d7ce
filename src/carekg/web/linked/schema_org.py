"""What a page is about in the words of https://schema.org/, for crawlers that read no other vocabulary.

It stands in the page as a data block, which is not run, so that no policy on scripts has to give way for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from rdflib.namespace import DCTERMS, OWL, RDF, SKOS

from carekg.query import Cell
from carekg.terms import BASE, PREFIXES

About = Sequence[tuple[Cell, ...]]
"""Rows of a property and a value, each with its words."""

KINDS: Final[Mapping[str, str]] = {
    "award": "MonetaryGrant",
    "funding-source": "FundingScheme",
    "innovation": "Service",
    "organisation": "Organization",
    "person": "Person",
    "place": "AdministrativeArea",
    "programme": "Project",
    "source": "CreativeWork",
    "story": "CreativeWork",
}
"""Path segment of a kind of thing to its type; what is claimed of others is a ``Claim``."""

MOST: Final = 50
"""Values that one property of a page's description has."""

CARE: Final = PREFIXES["care"]


def thing(iri: str, title: str, meant: str, about: About, page: str) -> dict[str, Any]:
    """Give what the page of a thing or a concept is about."""
    found = _Said(about)
    kind = iri.removeprefix(f"{BASE}id/").partition("/")[0] if iri.startswith(f"{BASE}id/") else "concept"
    made = {"@context": "https://schema.org", "@type": _type(kind, found), "@id": iri, "name": title,
            "description": meant, "url": page, "mainEntityOfPage": page,
            "alternateName": found.texts(SKOS.altLabel), "identifier": found.texts(DCTERMS.identifier),
            "sameAs": [*found.iris(SKOS.exactMatch), *found.iris(OWL.sameAs), *_doi(found)],
            **_more(_type(kind, found), found)}
    return pruned(made)


def dataset(said: Mapping[str, Any], iri: str, page: str, parts: Iterable[Mapping[str, Any]] = (),
            downloads: Iterable[Mapping[str, str]] = ()) -> dict[str, Any]:
    """Give the whole graph, or one of its files, as a dataset; ``said`` is what its catalogue says of it."""
    publisher = {"@type": "Organization", "name": said["publisher"]} if "publisher" in said else None
    return pruned({
        "@context": "https://schema.org", "@type": "Dataset", "@id": iri, "name": said.get("title"),
        "description": said.get("description"), "url": page, "license": said.get("license"),
        "creator": publisher, "publisher": publisher, "creditText": said.get("credit"),
        "dateModified": said.get("modified"), "isAccessibleForFree": True, "hasPart": list(parts),
        "distribution": list(downloads)})


def download(address: str, media: str) -> dict[str, str]:
    """Give a file of a dataset."""
    return {"@type": "DataDownload", "encodingFormat": media, "contentUrl": address}


def pruned(made: Mapping[str, Any]) -> dict[str, Any]:
    """Give what has a value, a single one without its list."""
    plain = {key: value[0] if isinstance(value, list) and len(value) == 1 else value for key, value in made.items()}
    return {key: value for key, value in plain.items() if value not in (None, "", [], {})}


class _Said:
    """The values of a thing's properties."""

    def __init__(self, about: About) -> None:
        self._values: dict[str, list[Cell]] = {}
        for row in about:
            self._values.setdefault(row[0].iri, []).append(row[1])

    def cells(self, *properties: str) -> list[Cell]:
        return list(dict.fromkeys(cell for one in properties for cell in self._values.get(str(one), ())))[:MOST]

    def texts(self, *properties: str) -> list[str]:
        return [cell.text for cell in self.cells(*properties)]

    def iris(self, *properties: str) -> list[str]:
        return [cell.iri for cell in self.cells(*properties) if cell.iri]

    def nodes(self, type_: str, *properties: str) -> list[dict[str, str]]:
        """Give what properties point to, each with a name."""
        return [{"@type": type_, **({"@id": cell.iri} if cell.iri else {}), "name": cell.text}
                for cell in self.cells(*properties)]

    def first(self, *properties: str) -> str | None:
        return next(iter(self.texts(*properties)), None)


def _type(kind: str, found: _Said) -> str:
    types = found.iris(RDF.type)
    if kind == "concept":
        return "DefinedTermSet" if str(SKOS.ConceptScheme) in types else "DefinedTerm"
    if kind == "source" and found.texts(f"{CARE}doi"):
        return "ScholarlyArticle"
    if kind == "source" and f"{CARE}AreaRegister" in types:
        return "Dataset"
    if kind == "place" and not found.texts(f"{CARE}gssCode"):
        return "Place"
    if kind == "passage":
        return "Quotation" if found.texts(f"{CARE}phrase") else "CreativeWork"
    return KINDS.get(kind) or ("Claim" if found.iris(f"{CARE}standing") else "Thing")


def _more(type_: str, found: _Said) -> dict[str, Any]:
    """Give what a type has beyond what everything has."""
    table = {"AdministrativeArea": _place, "Claim": _claim, "CreativeWork": _work, "Dataset": _work,
             "DefinedTerm": _term, "DefinedTermSet": _set, "MonetaryGrant": _grant, "Place": _place,
             "Quotation": _quotation, "ScholarlyArticle": _work, "Service": _service}
    return table[type_](found) if type_ in table else {}


def _service(found: _Said) -> dict[str, Any]:
    return {"areaServed": found.nodes("Place", f"{CARE}takenUpIn"),
            "audience": [{"@type": "Audience", "name": name} for name in found.texts(f"{CARE}serves")],
            "category": found.texts(f"{CARE}topic"), "provider": found.nodes("Organization", f"{CARE}isRunBy")}


def _place(found: _Said) -> dict[str, Any]:
    lat, long = (_number(found.first(PREFIXES["wgs"] + name)) for name in ("lat", "long"))
    point = {"@type": "GeoCoordinates", "latitude": lat, "longitude": long}
    return {"geo": None if lat is None or long is None else point,
            "containedInPlace": found.nodes("Place", f"{CARE}isIn"),
            "additionalType": found.texts(f"{CARE}placeType")}


def _work(found: _Said) -> dict[str, Any]:
    title = found.first(DCTERMS.title)
    return {**({"name": title} if title else {}), "author": found.nodes("Organization", DCTERMS.creator),
            "publisher": found.nodes("Organization", DCTERMS.publisher), "datePublished": found.first(DCTERMS.issued),
            "license": found.iris(DCTERMS.license), "isPartOf": found.nodes("CreativeWork", DCTERMS.isPartOf),
            "copyrightNotice": found.first(DCTERMS.rights)}


def _quotation(found: _Said) -> dict[str, Any]:
    return {"text": found.first(f"{CARE}phrase"), "isPartOf": found.nodes("CreativeWork", f"{CARE}isFrom")}


def _claim(found: _Said) -> dict[str, Any]:
    return {"about": found.nodes("Thing", f"{CARE}concerns"),
            "appearance": found.nodes("CreativeWork", f"{CARE}statedIn")}


def _grant(found: _Said) -> dict[str, Any]:
    worth = _number(found.first(f"{CARE}amount"))
    amount = {"@type": "MonetaryAmount", "value": worth, "currency": found.first(f"{CARE}currency")}
    return {"funder": found.nodes("Organization", f"{CARE}givenBy"),
            "amount": None if worth is None else pruned(amount)}


def _term(found: _Said) -> dict[str, Any]:
    return {"inDefinedTermSet": found.nodes("DefinedTermSet", SKOS.inScheme), "termCode": found.first(SKOS.notation)}


def _set(found: _Said) -> dict[str, Any]:
    return {"creator": found.nodes("Organization", DCTERMS.creator)}


def _doi(found: _Said) -> list[str]:
    return [f"https://doi.org/{one}" for one in found.texts(f"{CARE}doi")]


def _number(text: str | None) -> float | None:
    """Give the number that a text is, where JSON has it."""
    return float(text) if text and re.fullmatch(r"[+-]?\d{1,18}(\.\d{1,18})?", text) else None
