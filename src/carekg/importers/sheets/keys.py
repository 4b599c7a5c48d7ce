"""The IRIs of the things that a sheet makes: where others of their class have theirs, by their name, and not taken."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from carekg import store
from carekg.forms import minting
from carekg.terms import BASE

BELOW = "SELECT DISTINCT ?s WHERE { ?s ?p ?o FILTER(STRSTARTS(STR(?s), HOME)) }"


def home(class_: str, things: Iterable[str] = ()) -> str:
    """Give below which IRI the things of a class are: where most of those that are there are, or by its name."""
    held = Counter(f"{iri.rpartition('/')[0]}/" for iri in things if iri.startswith(BASE))
    name = re.sub("(?<=[a-z])(?=[A-Z])", " ", class_.rpartition("#")[2].rpartition("/")[2])
    return held.most_common(1)[0][0] if held else f"{BASE}id/{minting.slug(name) or 'thing'}/"


def taken(graph: store.Store, below: str) -> set[str]:
    """Give all IRIs below one of which something is said."""
    return {row["s"] for row in store.rows(graph, BELOW.replace("HOME", f'"{below}"'))}


class Keys:
    """IRIs that nothing has yet; one that was given is taken."""

    def __init__(self, held: Iterable[str]) -> None:
        self._held = set(held)
        self._last: Counter[str] = Counter()

    def take(self, iri: str) -> None:
        """Note that an IRI is taken."""
        self._held.add(iri)

    def fresh(self, below: str, stem: str) -> str:
        """Give an IRI made of a stem, and of a number where others have it."""
        found = below + stem
        while found in self._held:
            self._last[below + stem] += 1
            found = f"{below}{stem}-{self._last[below + stem] + 1}"
        self._held.add(found)
        return found
