"""An index of the small world, what it holds written so that two can be compared, and changes of all kinds."""

import contextlib
import random
from collections.abc import Iterator, Mapping
from typing import Any, Final

import small
from carekg import errors, folder, query, update
from carekg.change import guard
from carekg.search import Index, Search, making
from carekg.search.database import Database
from carekg.search.state import State
from carekg.store import About, Proposal, Store, Update
from carekg.store.embedded import EmbeddedStore
from carekg.terms import DATA, PREFIXES

GRAPH: Final = f"<{DATA}world>"
HEAD: Final = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())

TABLES: Final = (
    "SELECT iri, thing.label, thing.about, named, deprecated, place, texts.label, others, codes, texts.about, passages "
    "FROM thing JOIN texts ON texts.rowid = thing.id WHERE shown = 1 ORDER BY iri",
    "SELECT iri, folded, field FROM name JOIN thing ON thing.id = name.thing ORDER BY iri, folded, field",
    "SELECT thing.iri, passage.iri FROM rests JOIN thing ON thing.id = rests.thing "
    "JOIN thing AS passage ON passage.id = rests.passage WHERE thing.shown ORDER BY 1, 2",
    "SELECT thing.iri, kind.iri FROM kind AS link JOIN thing ON thing.id = link.thing "
    "JOIN thing AS kind ON kind.id = link.kind WHERE thing.shown ORDER BY 1, 2",
    "SELECT facet.name, value, iri FROM facet JOIN thing ON thing.id = facet.thing ORDER BY 1, 2, 3",
    "SELECT name, value, broader FROM broader ORDER BY 1, 2, 3",
    "SELECT term FROM word ORDER BY 1",
)
"""What an index holds, without the numbers that it gives to things."""

THINGS: Final = ("innovation:lantern-walks", "innovation:lantern-rides", "organisation:lantern-trust", "place:saltmere",
                 "place:the-shore", "fund:shoreline-fund", "source:lantern-report", "factor:lantern-rain",
                 "finding:lantern-rain", "site:lantern-walks-saltmere", "award:lantern-walks", "passage:lantern-dusk")
WORDS: Final = ("lamp", "lantern", "harbour", "evening", "ferry", "tide", "pier", "gull", "dune", "bell")


class Lenient:
    """Lets everything be written, with what follows from it."""

    def __init__(self, store: Store) -> None:
        self.plan = guard.Guard.over(store).plan

    def approve(self, proposal: Proposal) -> None:
        pass


@contextlib.contextmanager
def indexed(store: Store) -> Iterator[Index]:
    """An index of a store by the facets of the shipped questions."""
    paths = {name: path for name, path in folder.queries(small.ROOT).items() if name.startswith("things-by-")}
    index = Index(query.Asker(query.catalogue(paths), store))
    yield index
    index.close()


def current(index: Index) -> State:
    """The index when it is up to date."""
    index.start().join()
    return index.current()


def names(index: Index, text: str = "", **chosen: Any) -> list[str]:
    """The labels of what a search finds, in order."""
    current(index)
    return [hit.name for hit in index.find(Search(text, {name: [*values] for name, values in chosen.items()})).hits]


def held(database: Database) -> list[Any]:
    """All that an index holds."""
    with database.reading() as connection:
        return [connection.execute(table).fetchall() for table in TABLES]


def changed(store: EmbeddedStore, text: str, over: Any = None) -> None:
    """Change a store by an update in which every prefix can be used."""
    whole = HEAD + text
    store.change(Update(update.operations(whole), whole), about=About("test"), guard=over or Lenient(store))


def made_up(dice: random.Random, number: int) -> str:
    """A change of some kind: names, texts, passages, claims, kinds, values of facets, or the end of a thing."""
    thing, other = dice.choice(THINGS), dice.choice(THINGS)
    words = " ".join(dice.choices(WORDS, k=dice.randrange(1, 4)))
    claim = f"finding:made-up-{dice.randrange(6)}"
    said: Mapping[str, str] = {
        "label": f'DELETE WHERE {{ GRAPH {GRAPH} {{ {thing} rdfs:label ?x }} }} ; '
                 f'INSERT DATA {{ GRAPH {GRAPH} {{ {thing} rdfs:label "{words}"@en }} }}',
        "other": _one(dice, f'{thing} skos:altLabel "{words}"'),
        "code": _one(dice, f'{thing} dcterms:identifier "X{dice.randrange(9)}"'),
        "about": _one(dice, f'{thing} skos:definition "{words}"@en'),
        "words": f'DELETE WHERE {{ GRAPH {GRAPH} {{ passage:lantern-dusk care:phrase ?x }} }} ; '
                 f'INSERT DATA {{ GRAPH {GRAPH} {{ passage:lantern-dusk care:phrase "{words}" }} }}',
        "rests": _one(dice, f"{thing} care:restsOn passage:lantern-study"),
        "claim": f'INSERT DATA {{ GRAPH {GRAPH} {{ {claim} a care:Finding ; care:holdsFor {thing} ; '
                 f'care:summary "{words}"@en ; care:namesBarrier factor:lantern-rain ; '
                 f'care:restsOn passage:lantern-dusk }} }}',
        "end": f"DELETE WHERE {{ GRAPH {GRAPH} {{ {claim} ?p ?o }} }}",
        "gone": f"DELETE WHERE {{ GRAPH {GRAPH} {{ {thing} ?p ?o }} }}",
        "old": _one(dice, f"{thing} owl:deprecated true"),
        "kind": _one(dice, f"{thing} a care:Programme"),
        "place": _one(dice, f"{thing} care:isIn {other}"),
        "broader": _one(dice, "factor:lantern-rain skos:broader factor:evidence"),
        "year": _one(dice, f'{thing} care:began "{1990 + dice.randrange(5)}"^^xsd:gYear'),
        "source": _one(dice, f"passage:lantern-dusk care:isFrom {other}"),
    }
    return said[sorted(said)[number % len(said)]]


def _one(dice: random.Random, statement: str) -> str:
    """An update that states something, or withdraws it."""
    return f"{dice.choice(('INSERT', 'INSERT', 'DELETE'))} DATA {{ GRAPH {GRAPH} {{ {statement} }} }}"


def follows(store: EmbeddedStore, changes: int, at_once: int, seed: int = 1) -> None:
    """Hold an index that follows changes against one made anew, every so many changes."""
    dice, over = random.Random(seed), Lenient(store)
    with indexed(store) as index:
        file = current(index).database.path
        for number in range(changes):
            with contextlib.suppress(errors.Derived):
                changed(store, made_up(dice, number), over)
            if (number + 1) % at_once == 0:
                anew = making.whole(store.path / f"anew-{number}.sqlite", index.asker, index.declared, 0, "")
                for mine, theirs in zip(held(current(index).database), held(anew), strict=True):
                    assert mine == theirs, number
                anew.close()
        assert current(index).database.path == file, "it was made anew"
        assert store.history.last() > changes // 2
