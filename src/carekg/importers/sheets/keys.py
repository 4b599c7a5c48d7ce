"""The IRIs of the things that a sheet makes: where others of their class have theirs, by their name, and not taken."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable

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


def fresh(below: str, stem: str, held: Container[str]) -> str:
    """Give an IRI that nothing has yet."""
    iri, number = below + stem, 2
    while iri in held:
        iri, number = f"{below}{stem}-{number}", number + 1
    return iri
