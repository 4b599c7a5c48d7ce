"""The shapes: a good world passes, and each broken file breaks the one shape that it is named after."""

import functools
import pathlib
from collections.abc import Iterator

import pyshacl
import pytest
import rdflib
from rdflib import OWL, RDF, SH

ROOT = pathlib.Path(__file__).parent.parent
SHAPES = rdflib.Namespace("https://w3id.org/carekg/shapes#")
CARE = "https://w3id.org/carekg/def#"
BROKEN = sorted((ROOT / "tests" / "broken").glob("*.ttl"))
PROPERTY_KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty)
INSIDE_A_SHAPE = (SH["not"], RDF.first)
NOT_CONSTRAINTS = {RDF.type, SH.path, SH.name, SH.description, SH.order, SH.message, SH.severity}
VOCABULARIES = (
    rdflib.DCTERMS,
    rdflib.OWL,
    rdflib.RDF,
    rdflib.RDFS,
    rdflib.SDO,
    rdflib.SH,
    rdflib.SKOS,
    rdflib.XSD,
)
WGS = rdflib.Namespace("http://www.w3.org/2003/01/geo/wgs84_pos#")  # rdflib does not know its terms

Broken = dict[str, set[str]]
Faults = dict[rdflib.term.Node | None, Broken]


@functools.cache
def parsed(*paths: pathlib.Path) -> rdflib.Graph:
    """One graph of all the Turtle files, to be read and not written to."""
    graph = rdflib.Graph()
    for path in paths:
        graph.parse(path, format="ox-turtle")
    return graph


def name(shape: rdflib.term.Node | None) -> str:
    """The name of a shape without its namespace."""
    return str(shape).removeprefix(SHAPES)


def subjects(path: pathlib.Path) -> set[rdflib.term.Node]:
    """The things that a file describes."""
    return set(parsed(path).subjects())


@pytest.fixture(scope="module")
def shapes() -> rdflib.Graph:
    """All shapes."""
    return parsed(*(ROOT / "shapes").glob("*.ttl"))


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    """The whole vocabulary."""
    return parsed(*(ROOT / "ontology").glob("*.ttl"))


@pytest.fixture(scope="module")
def world(ontology: rdflib.Graph) -> rdflib.Graph:
    """The good world together with the vocabulary."""
    return ontology + parsed(ROOT / "tests" / "worlds" / "good.ttl")


@pytest.fixture(scope="module")
def report(shapes: rdflib.Graph, world: rdflib.Graph) -> rdflib.Graph:
    """What one run of the shapes says of the good world with every broken file in it.

    One run does for all, since no broken file speaks of the things of another. Validating the things of each
    file alone by `focus_nodes` would be wrong: pyshacl then skips values, so that `sh:node` always passes.
    """
    _, found, _ = pyshacl.validate(world + parsed(*BROKEN), shacl_graph=shapes, inplace=True)
    assert isinstance(found, rdflib.Graph)
    return found


def results(report: rdflib.Graph) -> Iterator[rdflib.term.Node]:
    """The results of a report, without those that are only details of another."""
    yield from report.objects(None, SH.result)


@pytest.fixture(scope="module")
def faults(report: rdflib.Graph) -> Faults:
    """For each thing that is at fault, the shapes that it breaks, each with the kinds of constraint."""
    found: Faults = {}
    for result in results(report):
        shape = name(report.value(result, SH.sourceShape))
        kind = str(report.value(result, SH.sourceConstraintComponent)).removeprefix(str(SH))
        found.setdefault(report.value(result, SH.focusNode), {}).setdefault(shape, set()).add(kind)
    return found


def shapes_broken(faults: Faults, things: set[rdflib.term.Node]) -> Broken:
    """For each shape that some of the things break, the kinds of constraint that they break."""
    broken: Broken = {}
    for one in things:
        for shape, kinds in faults.get(one, {}).items():
            broken.setdefault(shape, set()).update(kinds)
    return broken


def with_targets(shapes: rdflib.Graph) -> set[rdflib.term.Node]:
    """The shapes that choose what they apply to."""
    return {*shapes.subjects(SH.targetClass), *shapes.subjects(SH.targetSubjectsOf)}


def reporting(shapes: rdflib.Graph) -> set[rdflib.term.Node]:
    """The shapes that a report can name: those with a message, that apply alone or through a node shape."""
    chosen = with_targets(shapes)
    chosen |= {part for shape in chosen for part in shapes.objects(shape, SH.property)}
    return {shape for shape in chosen if (shape, SH.message, None) in shapes}


def constraints(shapes: rdflib.Graph, shape: rdflib.term.Node) -> set[str]:
    """The kinds of constraint that a shape declares, by the names that a report gives them."""
    declared = set(shapes.predicates(shape)) - NOT_CONSTRAINTS - {SH.targetClass, SH.targetSubjectsOf}
    words = {str(parameter).removeprefix(str(SH)) for parameter in declared}
    capitals = {"SPARQL" if word == "sparql" else word[0].upper() + word[1:] for word in words}
    return {f"{capital}ConstraintComponent" for capital in capitals}


@pytest.mark.heavy
def test_the_good_world_conforms(shapes: rdflib.Graph, world: rdflib.Graph) -> None:
    conforms, _, text = pyshacl.validate(world, shacl_graph=shapes, meta_shacl=True)
    assert conforms, text


def test_the_good_world_stays_good_among_broken_files(faults: Faults, world: rdflib.Graph) -> None:
    assert shapes_broken(faults, set(world.subjects())) == {}


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_breaks_its_own_shape_and_no_other(path: pathlib.Path, faults: Faults) -> None:
    assert set(shapes_broken(faults, subjects(path))) == {path.stem}


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_breaks_every_constraint_of_its_shape(
    path: pathlib.Path, faults: Faults, shapes: rdflib.Graph
) -> None:
    broken = shapes_broken(faults, subjects(path))
    assert broken[path.stem] == constraints(shapes, SHAPES[path.stem])


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_everything_in_a_broken_file_is_at_fault(path: pathlib.Path, faults: Faults) -> None:
    assert subjects(path) <= set(faults)


def test_every_shape_that_can_report_has_its_broken_file(shapes: rdflib.Graph) -> None:
    assert {name(shape) for shape in reporting(shapes)} == {path.stem for path in BROKEN}


def test_broken_files_do_not_speak_of_each_other_or_of_the_world(world: rdflib.Graph) -> None:
    told = set(world.subjects())
    of_files: set[rdflib.term.Node] = set()
    for path in BROKEN:
        own = subjects(path)
        assert not (told | of_files) & own, path.name
        of_files |= own
    for path in BROKEN:
        assert not of_files & set(parsed(path).objects()) - subjects(path), path.name


def test_a_broken_file_opens_by_saying_what_is_wrong() -> None:
    for path in BROKEN:
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("# Wrong: "), path.name
        assert first.endswith("."), path.name


def test_every_message_is_a_sentence_in_english(shapes: rdflib.Graph) -> None:
    for shape, message in shapes.subject_objects(SH.message):
        assert isinstance(message, rdflib.Literal)
        assert message.language == "en", shape
        assert message[0].isupper(), shape
        assert message.endswith("."), shape


def test_every_shape_with_constraints_has_one_message(shapes: rdflib.Graph) -> None:
    named = set(shapes.subjects(RDF.type, SH.PropertyShape)) | reporting(shapes)
    for shape in named:
        assert len(list(shapes.objects(shape, SH.message))) == 1, shape


def test_every_shape_is_named_unless_it_is_a_part_of_another(shapes: rdflib.Graph) -> None:
    for shape in {*shapes.subjects(SH.path), *shapes.subjects(RDF.type, SH.PropertyShape)}:
        inner = any((None, link, shape) in shapes for link in INSIDE_A_SHAPE)
        assert isinstance(shape, rdflib.URIRef) or inner, shape


def test_every_property_shape_is_used_by_the_node_shape_whose_name_it_bears(shapes: rdflib.Graph) -> None:
    for shape in shapes.subjects(RDF.type, SH.PropertyShape):
        owner = SHAPES[name(shape).partition("-")[0]]
        assert list(shapes.subjects(SH.property, shape)) == [owner], shape


def test_every_node_shape_applies_to_something_or_is_used_by_another(shapes: rdflib.Graph) -> None:
    for shape in shapes.subjects(RDF.type, SH.NodeShape):
        assert shape in with_targets(shapes) or (None, SH.node, shape) in shapes, shape


def test_every_term_in_a_shape_exists(shapes: rdflib.Graph, ontology: rdflib.Graph) -> None:
    ours = {*ontology.subjects(), *shapes.subjects(), WGS.lat, WGS.long}
    for term in {term for triple in shapes for term in triple if isinstance(term, rdflib.URIRef)}:
        home = next((known for known in VOCABULARIES if term.startswith(str(known))), ours)
        assert term in home, term


def test_every_class_that_data_can_have_is_the_target_of_a_shape(
    shapes: rdflib.Graph, ontology: rdflib.Graph
) -> None:
    targets = set(shapes.objects(None, SH.targetClass))
    for class_ in ontology.subjects(RDF.type, OWL.Class):
        broader = set(ontology.transitive_objects(class_, rdflib.RDFS.subClassOf))
        assert targets & broader, class_


def test_every_property_is_named_by_a_shape(shapes: rdflib.Graph, ontology: rdflib.Graph) -> None:
    named = set(shapes.objects())
    for kind in PROPERTY_KINDS:
        for property_ in ontology.subjects(RDF.type, kind):
            assert property_ in named, property_


def test_the_good_world_uses_every_property_that_may_be_written(
    shapes: rdflib.Graph, world: rdflib.Graph
) -> None:
    derived = set(shapes.objects(SHAPES.DerivedShape, SH.targetSubjectsOf))
    for kind in PROPERTY_KINDS:
        for property_ in set(world.subjects(RDF.type, kind)) - derived:
            assert (None, property_, None) in world, property_


def test_every_derived_property_is_refused_when_written_by_hand(shapes: rdflib.Graph) -> None:
    derived = set(parsed(ROOT / "ontology" / "derived.ttl").subjects(RDF.type, OWL.ObjectProperty))
    assert derived
    for property_ in derived:
        shape = SHAPES[f"DerivedShape-{str(property_).removeprefix(CARE)}"]
        assert shapes.value(shape, SH.path) == property_
        assert (SHAPES.DerivedShape, SH.targetSubjectsOf, property_) in shapes
        assert shapes.value(shape, SH.maxCount) == rdflib.Literal(0)
