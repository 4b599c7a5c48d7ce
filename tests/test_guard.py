"""A graph that is guarded: what would leave it invalid is refused in a sentence, and what follows is kept right."""

import pathlib
from collections.abc import Iterator

import pyoxigraph as ox
import pytest

import folders
import small
from carekg import build, errors, update
from carekg.change.guard import HOME, Guard, Guards
from carekg.reader.effect import Effect
from carekg.store import About, Update, rows
from carekg.store.embedded import EmbeddedStore
from carekg.store.history import provenance
from carekg.terms import INFERRED, PREFIXES

PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
WALKS = "innovation:lantern-walks"


class Steward:
    """Somebody who changes a guarded graph by updates."""

    def __init__(self, store: EmbeddedStore) -> None:
        self.store, self.guards = store, Guards()

    def change(self, text: str) -> Effect:
        """Do an update, if the guard approves."""
        asked = Update(update.operations(PROLOGUE + text), PROLOGUE + text)
        return self.store.change(asked, about=About("ann"), guard=self.guards.over(self.store))

    def refused(self, text: str, kind: type[errors.CarekgError]) -> str:
        """The sentence with which a change is refused, which then changes nothing."""
        before = self.quads()
        with pytest.raises(kind) as wrong:
            self.change(text)
        assert self.quads() == before
        return str(wrong.value)

    def holds(self, pattern: str) -> bool:
        """Whether the union of all graphs has a pattern."""
        return bool(rows(self.store, f"{PROLOGUE} SELECT * WHERE {{ {pattern} }} LIMIT 1"))

    def quads(self) -> set[ox.Quad]:
        """All that there is, but who changed it."""
        answer, _ = self.store.graph(None, "n-quads")
        quads = set(ox.parse(answer.read(), ox.RdfFormat.N_QUADS))
        made = {quad.subject for quad in quads if quad.graph_name == provenance.GRAPH}
        return {quad for quad in quads if quad.subject not in made}


@pytest.fixture(scope="module")
def kept(good_store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Steward]:
    place = folders.own_store(good_store, tmp_path_factory.mktemp("guarded") / "store")
    with EmbeddedStore(pathlib.Path(place)) as store:
        yield Steward(store)


@pytest.fixture
def steward(kept: Steward) -> Iterator[Steward]:
    """Somebody who changes the small world, which is as before afterwards."""
    before = kept.quads()
    last = kept.store.history.last()
    yield kept
    for entry in kept.store.history.entries(most=kept.store.history.last() - last):
        made = kept.store.history.stated(entry.number)
        text = "".join(f"DELETE DATA {{ GRAPH {q.graph_name} {{ {q.triple} }} }} ;\n" for q in made.added)
        text += "".join(f"INSERT DATA {{ GRAPH {q.graph_name} {{ {q.triple} }} }} ;\n" for q in made.removed)
        kept.change(text)
    assert kept.quads() == before


def test_a_statement_that_names_no_graph_goes_to_that_of_the_stewards(steward: Steward) -> None:
    made = steward.change(f"INSERT DATA {{ {WALKS} rdfs:comment 'By night.'@en }}")
    assert [one.graph_name for one in made.added] == [ox.NamedNode(HOME)]
    assert steward.holds(f"{WALKS} rdfs:comment 'By night.'@en")
    assert steward.holds(f"GRAPH <{HOME}> {{ {WALKS} rdfs:comment 'By night.'@en }}")
    assert [entry.about.who for entry in steward.store.history.entries(most=1)] == ["ann"]


def test_what_is_there_already_is_not_stated_twice(steward: Steward) -> None:
    assert not steward.change(f"INSERT DATA {{ {WALKS} a care:Innovation }}")


def test_what_follows_comes_and_goes_with_what_it_follows_from(steward: Steward) -> None:
    place = rows(steward.store, f"{PROLOGUE} SELECT ?site ?place {{ ?site care:isSiteOf|care:holdsFor {WALKS} ; "
                                "a care:Site ; care:place ?place }")[0]
    taken = f"{WALKS} care:takenUpIn <{place['place']}>"
    assert steward.holds(f"GRAPH <{INFERRED}> {{ {taken} }}")
    steward.change(f"DELETE DATA {{ <{place['site']}> care:holdsFor {WALKS} }} ; "
                   f"INSERT DATA {{ <{place['site']}> care:isPlannedFor {WALKS} }}")
    assert not steward.holds(taken)
    assert steward.holds(f"{WALKS} care:plannedIn <{place['place']}>")


def test_a_change_that_leaves_the_graph_invalid_is_refused_with_every_violation(steward: Steward) -> None:
    told = steward.refused("INSERT DATA { innovation:new a care:Innovation }", errors.InvalidGraph)
    assert told.startswith("4 violations, so nothing was changed.")
    assert "innovation:new: An innovation has exactly one label, in English." in told


def test_a_change_that_takes_what_others_need_is_refused(steward: Steward) -> None:
    told = steward.refused(f"DELETE WHERE {{ {WALKS} rdfs:label ?label }}", errors.InvalidGraph)
    assert f"{WALKS}: An innovation has exactly one label" in told
    told = steward.refused("DELETE WHERE { passage:lantern-dusk ?p ?o }", errors.UnknownThings)
    assert "passage:lantern-dusk, which " in told


def test_a_term_that_does_not_exist_is_refused_with_the_one_that_is_meant(steward: Steward) -> None:
    told = steward.refused(f"INSERT DATA {{ {WALKS} a care:Inovation }}", errors.UnknownThings)
    assert told == (f"care:Inovation, which {WALKS} speaks of, is described nowhere (is care:Innovation meant?); "
                    "nothing was changed.")
    told = steward.refused(f"INSERT DATA {{ {WALKS} rdfs:coment 'x' }}", errors.UnknownThings)
    assert told == "rdfs:coment is not a term of its vocabulary (is rdfs:comment meant?); nothing was changed."


@pytest.mark.parametrize(("text", "told"), [
    (f"INSERT DATA {{ GRAPH <{INFERRED}> {{ {WALKS} care:takenUpIn place:x }} }}", "is made of files or of other"),
    ("INSERT DATA { GRAPH <https://w3id.org/carekg/graph/ontology/care> { care:X a owl:Class } }", "is made of files"),
    (f"INSERT DATA {{ GRAPH <x:g> {{ {WALKS} rdfs:comment 'x' }} }}", "is made of files or of other graphs"),
    (f"DELETE WHERE {{ {WALKS} care:takenUpIn ?place }}", "it follows from other statements"),
    ("DELETE DATA { care:Innovation a owl:Class }", "comes with the vocabulary"),
    ("DROP ALL", "Nothing was changed"),
])
def test_what_is_made_of_other_statements_is_not_written(text: str, told: str, steward: Steward) -> None:
    assert told in steward.refused(text, errors.Derived)


def test_a_short_cut_is_never_stated_by_hand(steward: Steward) -> None:
    text = f"INSERT DATA {{ {WALKS} care:takenUpIn <https://w3id.org/carekg/id/place/old-saltmere> }}"
    assert "never written by hand" in steward.refused(text, errors.InvalidGraph)


def test_a_thing_that_nothing_speaks_of_goes_with_all_that_follows_from_it(steward: Steward) -> None:
    made = steward.change("INSERT DATA { source:fresh a care:Source ; rdfs:label 'Fresh'@en }")
    assert len(made.added) == 2
    assert steward.change("DELETE WHERE { source:fresh ?p ?o }").removed
    assert not steward.holds("source:fresh ?p ?o")


def test_the_vocabulary_is_not_added_to(steward: Steward) -> None:
    for text in ("care:Site rdfs:subClassOf care:Place", "care:began rdfs:domain care:Innovation",
                 "<https://w3id.org/carekg/concept/factor> rdfs:comment 'Ours.'@en"):
        sentence = steward.refused(f"INSERT DATA {{ {text} }}", errors.Derived)
        assert sentence.startswith("The vocabulary describes <https://w3id.org/carekg/")


def test_a_thing_that_was_removed_is_not_changed_any_more(steward: Steward) -> None:
    steward.change("INSERT DATA { source:fresh a care:Source ; rdfs:label 'Fresh'@en }")
    steward.change("DELETE WHERE { source:fresh ?p ?o }")
    sentence = steward.refused("INSERT DATA { source:fresh rdfs:comment 'Late.'@en }", errors.UnknownThings)
    assert "source:fresh would have statements and no class (rdf:type); if it was removed" in sentence
    steward.refused(f"DELETE DATA {{ {WALKS} a care:Innovation }}", errors.UnknownThings)


def test_shapes_that_cannot_be_followed_are_held_against_the_whole(steward: Steward) -> None:
    over = Guard.over(steward.store)
    hard = """<x:S> a sh:NodeShape ; sh:targetClass care:Innovation ; sh:message "Nothing is to be seen also." ;
        sh:sparql [ sh:select "SELECT $this { $this <http://www.w3.org/2000/01/rdf-schema#seeAlso> ?x . ?y a ?z }"
        ] ."""
    whole = Guard.of([*over.shapes, *small.triples(hard)], over.ontology, over.data)
    assert "no way from $this" in whole.plan["whole"]
    text = f"{PROLOGUE} INSERT DATA {{ {WALKS} rdfs:seeAlso <x:there> }}"
    with pytest.raises(errors.InvalidGraph, match="Nothing is to be seen also"):
        steward.store.change(Update(update.operations(text), text), guard=whole)


# --- the folder and the stewards -------------------------------------------------------------------------------------


@pytest.fixture
def own(world: pathlib.Path, tmp_path: pathlib.Path) -> Iterator[Steward]:
    """A steward of a small world that is built from a folder of its own."""
    with EmbeddedStore(tmp_path / "own") as store:
        build.build(world, store)
        yield Steward(store)


@pytest.mark.heavy
def test_what_a_steward_has_changed_stays_changed_when_the_folder_is_built_again(
    own: Steward, world: pathlib.Path
) -> None:
    said = rows(own.store, f"{PROLOGUE} SELECT ?said {{ {WALKS} skos:definition ?said }}")[0]["said"]
    own.change(f"DELETE DATA {{ {WALKS} skos:definition \"{said}\"@en }} ; "
               f"INSERT DATA {{ {WALKS} skos:definition 'Walks by night.'@en }}")
    (world / "data" / "more.ttl").write_text(small.prefixed('source:fresh a care:Source ; rdfs:label "Fresh"@en .'))
    build.build(world, own.store)
    assert own.holds(f"{WALKS} skos:definition 'Walks by night.'@en")
    assert not own.holds(f"{WALKS} skos:definition '{said}'@en")
    assert own.holds("source:fresh rdfs:label 'Fresh'@en")
    assert own.change(f"INSERT DATA {{ {WALKS} rdfs:comment 'Still here.'@en }}")


@pytest.mark.heavy
def test_a_folder_that_does_not_go_with_what_a_steward_has_changed_is_refused(
    own: Steward, world: pathlib.Path
) -> None:
    own.change("INSERT DATA { source:fresh a care:Source ; rdfs:label 'Fresh'@en }")
    before = own.quads()
    (world / "data" / "more.ttl").write_text(small.prefixed('source:fresh a care:Source ; rdfs:label "Other"@en .'))
    with pytest.raises(errors.InvalidGraph, match="source:fresh: "):
        build.build(world, own.store)
    assert own.quads() == before
