"""What goes along with an answer that is taken away: the question, what was asked, when, of which graph, under what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyoxigraph as ox

from carekg.query import Asker, Query
from carekg.terms import compact
from carekg.web import site
from carekg.web.linked import catalogue as graphs
from carekg.web.questions.address import Address, Pairs

Terms = Mapping[str, Sequence[ox.NamedNode | ox.Literal]]
"""The terms that stand for the arguments of a question, by the names of its parameters."""


@dataclass(frozen=True)
class About:
    """What is to be known of an answer: its question, its permanent address, its graph, what is left out."""

    question: str
    description: str
    asked: tuple[tuple[str, str], ...]
    address: str
    date: str
    graph: str
    version: str
    licence: str
    credit: str
    rows: int
    cut: str = ""
    picked: str = ""

    def lines(self) -> list[tuple[str, str]]:
        """Give it as pairs of a name and a text."""
        said = [("question", self.question), ("what it tells", self.description), *self.asked,
                ("rows", f"{self.rows:,}"), ("left out", self.cut), ("picked", self.picked),
                ("address", self.address), ("asked on", self.date), ("graph as of", self.graph),
                ("graph version", self.version), ("licence", self.licence), ("credit", self.credit),
                ("receipts", "Each row names who says so, where, and in which words; words in quotation marks are the "
                             "source's own. What sources do not state is not stated here, which is not the same as "
                             "false.")]
        return [(name, text) for name, text in said if text]

    def as_json(self) -> dict[str, Any]:
        """Give it as JSON."""
        return {name.replace(" ", "_"): text for name, text in self.lines() if name not in ("receipts", "rows")}


def of(query: Query, address: Address, terms: Terms, rows: int, total: int, cut: int) -> About:
    """Give what is to be known of an answer, of whose ``total`` rows so many are taken along."""
    manifest = site.asker().graph.manifest()
    about = graphs.whole()
    left_out = (f"The answer is cut after {cut:,} rows of data, the most that comes in this format at once; there are "
                "more rows than these." if cut else "")
    picked = "" if rows == total else f"These are the {rows:,} of {total:,} rows that the address picks out."
    return About(
        query.summary, query.description, in_words(site.asker(), query, terms),
        site.address(str(permanent(query, address, terms))), datetime.now(UTC).isoformat(timespec="seconds"),
        manifest.modified if manifest else "", site.asker().graph.version,
        _text(about.get("license")), _text(about.get("creditText")), rows, left_out, picked)


def permanent(query: Query, address: Address, terms: Terms) -> Address:
    """Give the address that will ask the same, whatever the defaults come to be: every value by its short name."""
    pairs: list[tuple[str, str]] = []
    for parameter in query.parameters:
        values = [typed(term) for term in terms.get(parameter.name, ())]
        if not values and parameter.default is not None:
            values = [""]  # left open, where nothing at all would mean the default
        pairs += [(parameter.name, value) for value in values]
    looks: Pairs = tuple(pair for pair in address.pairs if pair in (*address.looking, *address.drawing))
    return Address(address.path, (*pairs, *looks))


def typed(term: ox.NamedNode | ox.Literal) -> str:
    """Give a term as somebody types it."""
    return compact(term.value).strip("<>") if isinstance(term, ox.NamedNode) else term.value


def in_words(asker: Asker, query: Query, terms: Terms) -> tuple[tuple[str, str], ...]:
    """Give each parameter with what it was taken to be."""
    found = []
    for parameter in query.parameters:
        labels = {choice.iri: choice.label for choice in asker.choices(parameter)}
        values = [labels.get(term.value, term.value) for term in terms.get(parameter.name, ())]
        found.append((parameter.label, "; ".join(values) or "any"))
    return tuple(found)


def _text(said: object) -> str:
    return ", ".join(map(str, said)) if isinstance(said, list) else str(said or "")
