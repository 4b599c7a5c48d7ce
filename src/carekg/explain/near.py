"""The values nearest to one that has no rows: what replaced it, what is broader, its siblings, what is called alike."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox
from rapidfuzz import fuzz, process, utils

from carekg.explain.trials import Trials
from carekg.terms import PREFIXES

AFTER: Final = f"{PREFIXES['dcterms']}isReplacedBy"
BEFORE: Final = f"{PREFIXES['dcterms']}replaces"
SAME: Final = frozenset(f"{PREFIXES['skos']}{name}" for name in ("exactMatch", "closeMatch", "related"))
UP: Final = frozenset({f"{PREFIXES['skos']}broader", f"{PREFIXES['geo']}sfWithin", f"{PREFIXES['dcterms']}isPartOf"})
DOWN: Final = frozenset({f"{PREFIXES['skos']}narrower", f"{PREFIXES['geo']}sfContains",
                         f"{PREFIXES['dcterms']}hasPart"})
"""Properties of standards that say how one value is near another; vocabularies have their own below them."""

ALIKE: Final = 80
"""How much a label has to look like another, of 100."""

MOST: Final = 2000
"""Relations of a value that are looked at."""

FEW: Final = 12
"""Values of one kind that are named."""


@dataclass(frozen=True)
class Neighbour:
    """A value near another: in which way (before, after, same, broader, narrower, sibling, related, alike)."""

    iri: str
    way: str


def of(value: str, labels: Mapping[str, str], trials: Trials) -> list[Neighbour]:
    """Give the values near one, the nearest kind first.

    :param labels: the IRIs among which values are chosen, with their labels.
    """
    node = ox.NamedNode(value)
    found = trials.rows("SELECT DISTINCT ?property ?to ?from WHERE { "
                        f"{{ {node} ?property ?to }} UNION {{ ?from ?property {node} }} }}", MOST) or []
    by: dict[str, list[str]] = defaultdict(list)
    for row in found:
        if (other := row.get("to") or row["from"]) in labels and other != value:
            by[_way(row["property"], outward="to" in row)].append(other)
    for several in by.values():
        several.sort(key=labels.__getitem__)
    broader = _nearest_first(by["broader"], trials)
    kinds = {"before": by["before"], "after": by["after"], "same": by["same"], "broader": broader,
             "narrower": by["narrower"], "sibling": _siblings(value, broader[:1], labels, trials),
             "related": by["related"], "alike": _alike(value, labels)}
    return list(_once(kinds))


def _way(property_: str, *, outward: bool) -> str:
    if property_ in (BEFORE, AFTER):
        return "after" if (property_ == AFTER) == outward else "before"
    if property_ in SAME:
        return "same"
    if property_ in UP | DOWN:
        return "broader" if (property_ in UP) == outward else "narrower"
    return "related"


def _once(kinds: Mapping[str, Iterable[str]]) -> Iterator[Neighbour]:
    """Give each value once, by the kind that is named first."""
    seen: set[str] = set()
    for way, iris in kinds.items():
        fresh = [iri for iri in dict.fromkeys(iris) if iri not in seen]
        seen.update(fresh)
        yield from (Neighbour(iri, way) for iri in fresh[:FEW])


def _nearest_first(iris: Collection[str], trials: Trials) -> list[str]:
    """Give broader values, those first that lie within most of the others."""
    several = list(dict.fromkeys(iris))
    if len(several) < 2:
        return several
    nodes = " ".join(str(ox.NamedNode(iri)) for iri in several)
    ups = " ".join(str(ox.NamedNode(iri)) for iri in sorted(UP))
    rows = trials.rows(f"SELECT DISTINCT ?low ?high WHERE {{ VALUES ?low {{ {nodes} }} VALUES ?high {{ {nodes} }} "
                       f"VALUES ?up {{ {ups} }} ?low ?up ?high }}", MOST) or []
    above = {iri: len({row["high"] for row in rows if row["low"] == iri}) for iri in several}
    return sorted(several, key=lambda iri: -above[iri])


def _siblings(value: str, parents: Iterable[str], labels: Mapping[str, str], trials: Trials) -> list[str]:
    """Give the values beside one, those first whose labels are most like its own."""
    ups = "|".join(str(ox.NamedNode(iri)) for iri in sorted(UP))
    rows = [row for parent in parents for row in trials.rows(
        f"SELECT DISTINCT ?sibling WHERE {{ ?sibling {ups} {ox.NamedNode(parent)} }}", MOST) or []]
    found = [row["sibling"] for row in rows if row["sibling"] in labels and row["sibling"] != value]
    return sorted(found, key=lambda iri: (-fuzz.WRatio(labels[value], labels[iri]), labels[iri]))


def _alike(value: str, labels: Mapping[str, str]) -> list[str]:
    """Give the values whose labels are like that of one."""
    own = re.sub(r"\s*\(.*?\)", "", labels.get(value, ""))
    others = {iri: label for iri, label in labels.items() if iri != value}
    scored = process.extract(own, others, scorer=fuzz.token_set_ratio, processor=utils.default_process, limit=FEW,
                             score_cutoff=ALIKE) if own else []
    return [iri for _, _, iri in scored]
