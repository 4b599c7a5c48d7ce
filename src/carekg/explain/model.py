"""What an explanation is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import pyoxigraph as ox

from carekg.query import Query
from carekg.terms import BASE, compact

LONGEST = 6000
"""Characters of an address that browsers and servers between them take for certain."""


@dataclass(frozen=True)
class Reason:
    """One reason for an empty answer: its kind, a sentence, and the address of a question that has an answer.

    ``link`` says where the address leads, ``rows`` how many rows there are; with ``more`` there are more than these.
    ``pattern`` is the part of the query that it is about, as SPARQL.
    """

    kind: str
    sentence: str
    address: str = ""
    link: str = ""
    rows: int | None = None
    more: bool = False
    pattern: str = ""

    def as_json(self) -> dict[str, Any]:
        """Give what there is to say, without what is empty."""
        said = {"kind": self.kind, "sentence": self.sentence, "address": self.address, "rows": self.rows,
                "more": self.more, "pattern": self.pattern}
        return {name: value for name, value in said.items() if value not in ("", None, False)}


@dataclass(frozen=True)
class Count:
    """So many rows; with ``more`` there are more than were looked at."""

    rows: int
    more: bool = False

    def __str__(self) -> str:
        several = f"{self.rows:,} rows" if self.rows != 1 or self.more else "1 row"
        return f"at least {several}" if self.more else several

    @property
    def there(self) -> str:
        """Give it as a sentence goes on, such as ``there are 3 rows``."""
        return f"there {'is' if self.rows == 1 and not self.more else 'are'} {self}"


Terms = Mapping[str, Sequence[ox.NamedNode | ox.Literal]]
"""The terms that stand for the arguments of a question, by the names of its parameters."""


def question(query: Query, terms: Terms) -> str:
    """Give the address of a prepared question with these terms, and with no default in the place of others."""
    pairs = [(one.name, typed(term)) for one in query.parameters for term in terms.get(one.name, ())]
    if not pairs:  # a question with nothing typed takes its defaults
        pairs = [(one.name, "") for one in query.parameters if one.default is not None]
    return f"/queries/{query.name}" + (f"?{urlencode(pairs, safe=':')}" if pairs else "")


def thing(iri: str) -> str:
    """Give the address of a thing's page on this server, or its IRI where that is somebody else's."""
    return f"/{iri.removeprefix(BASE)}" if iri.startswith(BASE) else iri


def sparql(text: str) -> str:
    """Give the address of a SPARQL query; nothing where it is too long for one."""
    address = "/sparql?query=" + quote(text, safe=":?${}()*,;/'!@")
    return address if len(address) <= LONGEST else ""


def typed(term: ox.NamedNode | ox.Literal) -> str:
    """Give a term as somebody types it."""
    return compact(term.value) if isinstance(term, ox.NamedNode) else term.value
