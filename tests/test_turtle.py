"""Turtle in one form only, and Turtle edited where it stands."""

import difflib
import random
from collections.abc import Iterable

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import small
from carekg import turtle
from carekg.turtle.tokens import tokens

HERE = "https://example.org/"
IRIS = st.sampled_from([f"{HERE}a", f"{HERE}b#c.d", f"{HERE}b#e.", f"{HERE}-f", f"{HERE}é", f"{HERE}a(b)", f"{HERE}1"])
NODES = st.builds(ox.NamedNode, IRIS)
BLANK = st.builds(ox.BlankNode, st.sampled_from("pqrstu"))
TEXTS = st.text(st.sampled_from("a\"'\\\n\r\t .\u00e9\u0001"), max_size=8)
TYPES = [small.term(f"xsd:{name}") for name in ("integer", "decimal", "double", "boolean")]
NUMBERS = st.tuples(st.sampled_from(["1", "01", "+1", "1.", "1.0", ".5", "1e0", "1.E3", "-1.5E-3", "true", "1 ", ""]),
                    st.sampled_from(TYPES))
LITERALS = st.one_of(
    st.builds(ox.Literal, TEXTS), NUMBERS.map(lambda one: ox.Literal(one[0], datatype=one[1])),
    st.builds(lambda text, language: ox.Literal(text, language=language), TEXTS, st.sampled_from(["en", "en-gb"])))
PREDICATES = st.sampled_from([small.term(name) for name in ("rdf:type", "rdfs:label", "rdf:first", "rdf:rest")])
OBJECTS = st.one_of(NODES, BLANK, BLANK, LITERALS, st.just(small.term("rdf:nil")))
GRAPHS = st.sets(st.builds(ox.Triple, st.one_of(NODES, BLANK, BLANK), PREDICATES, OBJECTS), max_size=14)
PREFIXES = {"ex": HERE, "exb": f"{HERE}b#", "xsd": str(small.term("xsd:x"))[1:-2]}

SAMPLE = f"""# Two walks.
@prefix : <{HERE}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .


# --- Walks ---

:lantern a :Walk ; # the first
    rdfs:label "Lantern walk"@en ;
    # how long it is, in miles
    :miles 2.50 ;
    :stops :pier , :mill ;
    :led [ :by :ann ; :since 2019 ] .

:night a :Walk ;
    rdfs:label "Night walk"@en .

# --- Places ---

:pier a :Place .
"""


def isomorphic(one: Iterable[ox.Triple], other: Iterable[ox.Triple]) -> bool:
    """Say whether two graphs differ in the names of blank nodes only."""
    found = []
    for triples in (one, other):
        dataset = ox.Dataset(ox.Quad(*triple) for triple in triples)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        found.append(set(dataset))
    return found[0] == found[1]


def read(text: str) -> list[ox.Triple]:
    return [quad.triple for quad in ox.parse(text, ox.RdfFormat.TURTLE)]


def changed(old: str, new: str) -> list[str]:
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm="")
    return [line for line in lines if line[0] in "+-" and not line.startswith(("+++", "---"))]


def after(text: str, *, gone: str = "", come: str = "") -> str:
    """The text with the statements of one turtle taken out and those of another put in."""
    def said(part: str) -> set[turtle.Statement]:
        return turtle.statements(small.triples(part, HERE))

    wanted = turtle.statements(read(text)) - said(gone) | said(come)
    made = turtle.edited(text, HERE, wanted)
    assert turtle.statements(read(made)) == wanted
    return made


# --- one form ---------------------------------------------------------------------------------------------------------


QUOTES = ox.Triple(ox.NamedNode(HERE), small.term("rdfs:label"), ox.Literal('\n"""'))


@settings(max_examples=200, deadline=None)
@example({QUOTES}, random.Random(1))
@given(GRAPHS, st.randoms(use_true_random=False))
def test_the_same_graph_gives_the_same_text_whatever_the_order_and_the_names(
    graph: set[ox.Triple], chance: random.Random,
) -> None:
    text = turtle.write(graph, PREFIXES)
    assert isomorphic(read(text), graph)
    again = read(text)
    chance.shuffle(again)
    assert turtle.write(again, PREFIXES) == text


def test_a_graph_is_written_as_people_write_it() -> None:
    text = f"""# A walk.
@prefix ex: <{HERE}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

ex:lantern a ex:Walk ;
    rdfs:label "Lantern walk"@en ;
    ex:led [
        ex:by ex:ann ;
        ex:since "2019"^^xsd:gYear
    ] ;
    ex:miles 2.50 ;
    ex:route ( ex:pier ex:mill ) ;
    ex:said \"\"\"It is \\\\ "dark".
Mind the step.\"\"\" ;
    ex:stops
        ex:mill ,
        ex:pier ;
    ex:told [ ex:to ex:bob ] ;
    ex:visits 007 .
"""
    prefixes = {"ex": HERE, "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
                "xsd": "http://www.w3.org/2001/XMLSchema#", "unused": "https://example.com/"}
    assert turtle.write(read(text), prefixes, "# A walk.\n") == text


@settings(max_examples=50, deadline=None)
@given(GRAPHS)
def test_names_of_blank_nodes_are_those_of_the_graph(graph: set[ox.Triple]) -> None:
    found = turtle.named(graph)
    assert isomorphic(found, graph)
    assert turtle.named(read(turtle.write(graph))) == found


def test_a_name_changes_only_with_what_is_said() -> None:
    head = f"@prefix : <{HERE}> . :a :p [ :q 1 ] . _:x :r _:y . _:y :r _:x ; :s 1 . "
    one, other = turtle.named(read(head)), turtle.named(read(head + ":b :p [ :q 2 ] . _:z :r _:z ."))
    assert one < other


# --- edits ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("gone", "come", "lines"), [
    (":night rdfs:label 'Night walk'@en .", ":night rdfs:label 'Walk by night'@en .",
     ['-    rdfs:label "Night walk"@en .', '+    rdfs:label "Walk by night"@en .']),
    (":lantern :miles 2.50 .", "", ["-    :miles 2.50 ;"]),
    (":lantern :stops :pier .", "", ["-    :stops :pier , :mill ;", "+    :stops :mill ;"]),
    ("", ":lantern :stops :quay .", ["-    :stops :pier , :mill ;", "+    :stops :pier , :mill , :quay ;"]),
    ("", ":lantern :open true .", ["+    :open true ;"]),
    (":lantern :led [ :by :ann ; :since 2019 ] .", "",
     ["-    :stops :pier , :mill ;", "-    :led [ :by :ann ; :since 2019 ] .", "+    :stops :pier , :mill ."]),
    (":lantern :led [ :by :ann ; :since 2019 ] .", ":lantern :led [ :by :ann ; :since 2020 ] .",
     ["-    :led [ :by :ann ; :since 2019 ] .",
      "+    :led [", "+        :by :ann ;", "+        :since 2020", "+    ] ."]),
    (":night a :Walk ; rdfs:label 'Night walk'@en .", "",
     ["-:night a :Walk ;", '-    rdfs:label "Night walk"@en .', "-"]),
    ("", ":mill a :Place .", ["+:mill a :Place .", "+"]),
    ("", ":pier skos:note 'wet' .",
     ["+@prefix skos: <http://www.w3.org/2004/02/skos/core#> .", "-:pier a :Place .", "+:pier a :Place ;",
      '+    skos:note "wet" .']),
])
def test_an_edit_touches_its_own_lines_only(gone: str, come: str, lines: list[str]) -> None:
    assert changed(SAMPLE, after(SAMPLE, gone=gone, come=come)) == lines


def test_line_ends_and_marks_stay_as_they_are() -> None:
    text = SAMPLE.replace("\n", "\r\n")
    made = after(text, come=":pier :built 1860 . :mill a :Place .")
    assert "\n" not in made.replace("\r\n", "")


def test_a_text_of_several_lines_has_the_line_ends_that_it_was_given() -> None:
    text = SAMPLE.replace("\n", "\r\n")
    made = after(text, come=":pier skos:note 'wet\\nand cold' .")
    assert '\r\n    skos:note "wet\\nand cold" .\r\n' in made
    assert comments(made) == comments(text)


@pytest.mark.parametrize("name", ["cafe\u0301", "हिन्दी", "a\N{ROLLER COASTER}", "a\u00b7b", "x-1.y"])
def test_a_name_has_any_sign_that_turtle_allows(name: str) -> None:
    text = f"@prefix : <{HERE}> .\n:{name} :stops :{name}, 2. # {name}\n"
    assert after(text, gone=f":{name} :stops 2 .") == text.replace(", 2", "")


@settings(max_examples=150, deadline=None)
@given(GRAPHS, GRAPHS)
def test_any_text_is_edited_to_say_anything(before: set[ox.Triple], wanted: set[ox.Triple]) -> None:
    made = turtle.edited(turtle.write(before, PREFIXES, "# head\n"), HERE, turtle.statements(wanted))
    assert isomorphic(read(made), wanted)
    assert made.startswith("# head\n")


def shaken(text: str, chance: random.Random) -> set[turtle.Statement]:
    """What a text states, with a few statements out of it and a few others in it."""
    wanted = turtle.statements(turtle.Document.of(text, HERE).triples)
    for one in chance.sample(sorted(wanted), 3):
        wanted -= {one} if chance.random() < 0.7 else {other for other in wanted if other.subject == one.subject}
        wanted |= {one._replace(object=f'"{chance.random()}"')} if chance.random() < 0.5 else set()
        wanted |= {one._replace(subject=f"{one.subject[:-1]}-new>")} if chance.random() < 0.3 else set()
    return wanted


def shipped_files() -> list[str]:
    return [path.relative_to(small.ROOT).as_posix() for part in ("ontology", "shapes", "data")
            for path in sorted((small.ROOT / part).rglob("*.ttl"))]


def edit_at_random(name: str, rounds: int) -> None:
    text, chance = (small.ROOT / name).read_text(encoding="utf-8"), random.Random(name)
    before = turtle.statements(turtle.Document.of(text, HERE).triples)
    for _ in range(rounds):
        wanted = shaken(text, chance)
        made = turtle.edited(text, HERE, wanted)
        assert turtle.statements(turtle.Document.of(made, HERE).triples) == wanted
        assert comments(made) == comments(text)
        blocks = len({one.subject for one in wanted - before})
        assert len(changed(text, made)) <= 2 * len(before ^ wanted) + 4 * blocks + 6


def comments(text: str) -> list[str]:
    return sorted(token.text for token in tokens(text) if token.kind == "comment")


def test_the_shipped_files_are_edited_in_place_and_keep_their_comments() -> None:
    for name in shipped_files()[::16]:
        edit_at_random(name, 1)


@pytest.mark.heavy
@pytest.mark.parametrize("name", shipped_files())
def test_each_shipped_file_is_edited_in_place_again_and_again(name: str) -> None:
    edit_at_random(name, 10)


@pytest.mark.heavy
@pytest.mark.parametrize("name", shipped_files())
def test_each_shipped_file_has_one_form(name: str) -> None:
    triples = read((small.ROOT / name).read_text(encoding="utf-8"))
    text = turtle.write(triples)
    assert isomorphic(read(text), triples)
    assert turtle.write(read(text)) == text
