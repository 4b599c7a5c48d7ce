"""What a grant of the 360Giving standard says in our vocabulary: an award with its receipt, and what it names.

The award is a claim in the voice of the document. Its subject is who received the money, or the innovation that the
grant names by its address here; nothing is read out of titles and descriptions. Of a recipient that is an individual no
more is kept than that: such an award is about the programme.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import pyoxigraph as ox

from carekg.importers.grants import naming
from carekg.importers.grants.bodies import Bodies
from carekg.importers.grants.documents import Document
from carekg.importers.grants.naming import CARE, LABEL, TYPE, term
from carekg.importers.grants.rules import at
from carekg.terms import PREFIXES

Grant = Mapping[str, Any]
Said = Iterator[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]]

EXACT: Final = term("qualifier:exact")
GRANT: Final = term("awardkind:grant")
DOCUMENT: Final = term("voice:document")
HIGH: Final = term("confidence:high")
IDENTIFIER: Final = term("dcterms:identifier")
TITLE: Final = term("dcterms:title")
DESCRIPTION: Final = term("dcterms:description")
COVERAGE: Final = term("dcterms:coverage")
INNOVATION: Final = PREFIXES["innovation"]
TWELVE: Final = 12
"""Words that a quoted phrase may have."""

SIGNS: Final = {"GBP": "£", "EUR": "€", "USD": "$"}


@dataclass
class Mapper:
    """Turns grants into triples: those of each award, and those of what several awards share.

    ``places`` are the places that the graph has, by GSS code; ``elsewhere`` counts codes of others.
    """

    bodies: Bodies
    places: Mapping[str, ox.NamedNode]
    shared: set[ox.Triple] = field(default_factory=set)
    elsewhere: int = 0

    def award(self, grant: Grant, document: Document) -> set[ox.Triple]:
        """Give the triples of a grant's award and of its receipt, the spot in the document where its identifier is."""
        one, spot = naming.award(grant["id"]), naming.passage(grant["id"])
        found = {ox.Triple(one, predicate, value) for predicate, value in self._said(grant)}
        phrase = ox.Literal(" ".join(grant["id"].split()[:TWELVE]))
        return found | {
            ox.Triple(one, CARE.restsOn, spot), ox.Triple(spot, TYPE, CARE.Passage),
            ox.Triple(spot, CARE.isFrom, document.source), ox.Triple(spot, CARE.phrase, phrase)}

    def document(self, one: Document) -> set[ox.Triple]:
        """Give what is said of a document."""
        publisher = self._body(one.body)
        return {ox.Triple(one.source, *said) for said in one.said(publisher)}

    def _said(self, grant: Grant) -> Said:
        yield TYPE, CARE.Award
        yield IDENTIFIER, ox.Literal(grant["id"])
        for predicate, name in ((TITLE, "title"), (DESCRIPTION, "description")):
            if grant[name].strip():
                yield predicate, ox.Literal(grant[name])
        yield CARE.awardKind, GRANT
        yield CARE.voice, DOCUMENT
        yield CARE.confidence, HIGH
        yield CARE.asOf, naming.date(grant["awardDate"])
        yield CARE.summary, naming.english(summary(grant))
        yield from self._money(grant)
        yield from self._parties(grant)
        yield from self._period(grant)
        yield from self._where(grant)
        if url := naming.address(grant.get("url")):
            yield term("schema:url"), url

    def _money(self, grant: Grant) -> Said:
        """Give the sum; one of nought or less is no amount of an award, and is kept as it is printed."""
        amount = Decimal(grant["amountAwarded"])
        if amount > 0:
            yield CARE.currency, ox.Literal(grant["currency"])
            yield CARE.amount, ox.Literal(naming.plain(amount), datatype=term("xsd:decimal"))
            yield CARE.amountQualifier, EXACT
        else:
            yield CARE.asPrinted, ox.Literal(f"{grant['currency']} {naming.plain(amount)}")

    def _parties(self, grant: Grant) -> Said:
        funders = [self._body(one, is_funder=True) for one in grant["fundingOrganization"]]
        recipients = [self._body(one) for one in grant.get("recipientOrganization", ())]
        programme = self._programme(grant, funders[0])
        yield from ((CARE.givenBy, funder) for funder in funders)
        yield from ((CARE.givenTo, one) for one in recipients)
        if programme:
            yield CARE.throughProgramme, programme
        if not recipients:
            yield CARE.recipientAsPrinted, naming.english("an individual")
        subject = stated_innovation(grant) or (recipients[0] if recipients else programme)
        if subject:
            yield CARE.holdsFor, subject

    def _period(self, grant: Grant) -> Said:
        """Give when it began and ended; dates that were only planned stand in the summary."""
        for name, predicate in (("startDate", CARE.began), ("endDate", CARE.ended)):
            if value := at(grant, f"actualDates/0/{name}"):
                yield predicate, naming.date(value)

    def _where(self, grant: Grant) -> Said:
        """Give the places by their codes; a code that the graph does not have is kept as it stands there."""
        for one in grant.get("beneficiaryLocation", ()):
            code = (one.get("geoCode") or "").strip()
            if code in self.places:
                yield CARE.aboutPlace, self.places[code]
            elif naming.AREA.fullmatch(code):
                self.elsewhere += 1
                yield COVERAGE, ox.Literal(code)

    def _body(self, one: Mapping[str, Any], *, is_funder: bool = False) -> ox.NamedNode:
        found, said = self.bodies.find(one)
        self.shared |= {ox.Triple(found, *each) for each in said}
        if is_funder:
            self.shared.add(ox.Triple(found, TYPE, CARE.FundingSource))
        return found

    def _programme(self, grant: Grant, funder: ox.NamedNode) -> ox.NamedNode | None:
        """Give the programme that a grant was made through, and describe it where it is new."""
        found = programme(grant)
        if found and self.bodies.is_new_programme(found):
            name = _programme_name(grant) or f"grants of {grant['fundingOrganization'][0]['name']} to individuals"
            self.shared |= {ox.Triple(found, TYPE, CARE.Programme), ox.Triple(found, LABEL, naming.english(name)),
                            ox.Triple(found, CARE.isRunBy, funder)}
        return found


def programme(grant: Grant) -> ox.NamedNode | None:
    """Give the funder's programme that a grant names; grants to individuals have one in any case."""
    named: Mapping[str, Any] = next(iter(grant.get("grantProgramme", ())), {})
    key = (named.get("code") or "").strip() or _programme_name(grant)
    if not key:
        if "recipientIndividual" not in grant:
            return None
        key = "individuals"
    if len(key) > naming.LONG:
        key = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    funder = naming.key(grant["fundingOrganization"][0]["id"].strip())
    return ox.NamedNode(f"{PREFIXES['programme']}{funder}~~{naming.safe(key)}")


def _programme_name(grant: Grant) -> str:
    named: Mapping[str, Any] = next(iter(grant.get("grantProgramme", ())), {})
    return " ".join((named.get("title") or named.get("code") or "").split())


def stated_innovation(grant: Grant) -> ox.NamedNode | None:
    """Give the innovation that a grant names by its address here, in the address of a classification."""
    for one in grant.get("classifications", ()):
        address = naming.address(one.get("url"))
        if address and address.value.startswith(INNOVATION):
            return address
    return None


def summary(grant: Grant) -> str:
    """Give a grant in one sentence of ours."""
    funder = naming.short(grant["fundingOrganization"][0]["name"])
    recipients = grant.get("recipientOrganization")
    whom = naming.short(recipients[0]["name"]) if recipients else "an individual"
    amount = Decimal(grant["amountAwarded"])
    sign = SIGNS.get(grant["currency"], f"{grant['currency']} ")
    begins, ends = (at(grant, f"plannedDates/0/{name}") for name in ("startDate", "endDate"))
    planned = (f", planned from {begins[:10]}" if begins else "") + (
        f"{'' if begins else ', planned'} to {ends[:10]}" if ends else "")
    return f"{funder} gave {whom} {sign}{naming.plain(amount, grouped=True)} on {grant['awardDate'][:10]}{planned}."
