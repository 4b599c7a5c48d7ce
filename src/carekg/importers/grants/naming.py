"""The IRIs and the literals that grants are told in: keys that no two identifiers share, dates, sums, addresses."""

from __future__ import annotations

import re
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final

import pyoxigraph as ox

from carekg.terms import PREFIXES

OFFICIAL: Final = re.compile(r"[A-Z]{2}-[A-Z0-9]+-[A-Za-z0-9]+")
"""An identifier by org-id.guide: the code of a list, and a number in it."""

LISTED: Final = re.compile(r"(?:360[Gg]|[A-Z]{2,})-")
AREA: Final = re.compile(r"[EKNSW][0-9]{8}")
UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]")

LONG: Final = 100
"""Characters of a name that a sentence or a key repeats."""


def term(name: str) -> ox.NamedNode:
    """Give the IRI that ``prefix:name`` stands for."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)


TYPE: Final = term("rdf:type")
LABEL: Final = term("rdfs:label")
CARE: Final = SimpleNamespace(**{name: term(f"care:{name}") for name in (
    "Award", "FundingSource", "Organisation", "Passage", "Programme", "Source", "aboutPlace", "amount",
    "amountQualifier", "asOf", "asPrinted", "awardKind", "began", "charityNumber", "companyNumber", "confidence",
    "currency", "ended", "givenBy", "givenTo", "gssCode", "holdsFor", "isFrom", "isRunBy", "orgId", "phrase",
    "recipientAsPrinted", "restsOn", "summary", "throughProgramme", "voice")})
"""The terms of our vocabulary by name."""


def key(identifier: str) -> str:
    """Give the last part of the IRI of what has an identifier: no two share one, and nothing of the folder's has it."""
    return safe(identifier) if LISTED.match(identifier) else f"~{safe(identifier)}"


def safe(text: str) -> str:
    """Give a text as a part of an IRI that no server decodes: each other byte by its number behind ``~``."""
    return UNSAFE.sub(lambda found: "".join(f"~{byte:02X}" for byte in found[0].encode("utf-8", "surrogatepass")), text)


def award(identifier: str) -> ox.NamedNode:
    """Give the award that a grant's identifier names."""
    return ox.NamedNode(PREFIXES["award"] + key(identifier))


def passage(identifier: str) -> ox.NamedNode:
    """Give the spot in the document at which a grant stands."""
    return ox.NamedNode(f"{PREFIXES['passage']}grant~{key(identifier)}")


def organisation(identifier: str) -> ox.NamedNode:
    """Give the organisation that an identifier names, where the graph knows none that has it."""
    return ox.NamedNode(PREFIXES["organisation"] + key(identifier))


def english(text: str) -> ox.Literal:
    """Give a text in English."""
    return ox.Literal(text, language="en")


def short(name: str) -> str:
    """Give a name on one line, cut where it is long."""
    line = " ".join(name.split())
    return line if len(line) <= LONG else f"{line[:LONG - 3]}..."


def date(value: str) -> ox.Literal:
    """Give a date as exact as it stands there; its time of the day is left out."""
    day = value[:10]
    kind = {4: "gYear", 7: "gYearMonth"}.get(len(day), "date")
    return ox.Literal(day, datatype=term(f"xsd:{kind}"))


def plain(amount: Decimal, *, grouped: bool = False) -> str:
    """Give a sum without an exponent; grouped as people read it."""
    text = f"{amount:,f}" if grouped else f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text and not grouped else text


def address(value: Any) -> ox.NamedNode | None:
    """Give an address of the web as an IRI, None where it is none."""
    if isinstance(value, str) and value.lower().startswith(("http://", "https://")):
        try:
            return ox.NamedNode(value)
        except ValueError:
            return None
    return None
