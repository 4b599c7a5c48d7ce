"""Which organisation a grant means: one that the graph knows by its org-id or its number, else a new one.

What is found depends on the grants before it and not on how they were cut into batches.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pyoxigraph as ox

from carekg.importers.grants import naming
from carekg.importers.grants.naming import CARE, LABEL, TYPE

CHARITY: Final = re.compile(r"[0-9]{6,7}")
COMPANY: Final = re.compile(r"[0-9]{8}|[A-Z]{2}[0-9]{6}")
Said = list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]]


@dataclass
class Bodies:
    """Organisations by org-id and by number, and programmes, as the graph has them and as grants add to them."""

    by_id: dict[str, ox.NamedNode] = field(default_factory=dict)
    by_charity: dict[str, ox.NamedNode] = field(default_factory=dict)
    by_company: dict[str, ox.NamedNode] = field(default_factory=dict)
    charity_of: dict[ox.NamedNode, str] = field(default_factory=dict)
    there: set[ox.NamedNode] = field(default_factory=set)
    matched: set[str] = field(default_factory=set)
    made: set[str] = field(default_factory=set)
    """Identifiers of those that were found by their numbers, and of those that are new."""

    def find(self, one: Mapping[str, Any]) -> tuple[ox.NamedNode, Said]:
        """Give the organisation that a grant names, and what is to be stated of it."""
        identifier = one["id"].strip()
        if identifier in self.by_id:
            return self.by_id[identifier], []
        charity, company = numbers(one)
        found = self.by_charity.get(charity) or self._by_company(company, charity)
        said: Said = [(CARE.orgId, ox.Literal(identifier))] if naming.OFFICIAL.fullmatch(identifier) else []
        if found is None:
            found = naming.organisation(identifier)
            if found in self.there:
                said = []
            else:
                self.made.add(identifier)
                said += self._made(found, one, charity, company)
        else:
            self.matched.add(identifier)
        self.by_id[identifier] = found
        return found, said

    def is_new_programme(self, programme: ox.NamedNode) -> bool:
        """Say whether nothing is known of a programme yet; it is from now on."""
        if programme in self.there:
            return False
        self.there.add(programme)
        return True

    def know(self, body: ox.NamedNode, charity: str = "", company: str = "") -> None:
        """Note the numbers of an organisation."""
        if charity:
            self.by_charity.setdefault(charity, body)
            self.charity_of.setdefault(body, charity)
        if company:
            self.by_company.setdefault(company, body)

    def _by_company(self, company: str, charity: str) -> ox.NamedNode | None:
        """Give the organisation with a company's number, unless its charity's number is another."""
        found = self.by_company.get(company)
        if found is not None and charity and self.charity_of.get(found, charity) != charity:
            return None
        return found

    def _made(self, body: ox.NamedNode, one: Mapping[str, Any], charity: str, company: str) -> Said:
        self.there.add(body)
        said: Said = [(TYPE, CARE.Organisation), (LABEL, naming.english(" ".join(one["name"].split())))]
        if charity and charity not in self.by_charity:
            said.append((CARE.charityNumber, ox.Literal(charity)))
        if company and company not in self.by_company:
            said.append((CARE.companyNumber, ox.Literal(company)))
        self.know(body, charity, company)
        return said


def numbers(one: Mapping[str, Any]) -> tuple[str, str]:
    """Give the number of an organisation as a charity of England and Wales and that as a company; its org-id's first.

    What is not of the form of such a number is none.
    """
    code, _, number = one["id"].strip().rpartition("-")
    charity = number if code == "GB-CHC" else one.get("charityNumber") or ""
    company = number if code == "GB-COH" else one.get("companyNumber") or ""
    return (charity.strip() if CHARITY.fullmatch(charity.strip()) else "",
            company.strip() if COMPANY.fullmatch(company.strip()) else "")
