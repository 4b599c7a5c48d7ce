"""`carekg validate`: anybody's data against anybody's shapes; no knowledge folder is needed and nothing is opened."""

import json
import pathlib

import pyoxigraph as ox
import pytest

from commands import run, sentence
from hearing import Ear

PREFIXES = """@prefix ex: <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SHAPES = PREFIXES + """
ex:WalkShape a sh:NodeShape ;
    sh:targetClass ex:Walk ;
    sh:property ex:WalkShape-label , ex:WalkShape-miles .

ex:WalkShape-label sh:path rdfs:label ; sh:minCount 1 ; sh:message "A walk has a name." .
ex:WalkShape-miles sh:path ex:miles ; sh:datatype xsd:decimal ; sh:message "Miles are a decimal number." .
"""
GOOD = PREFIXES + 'ex:lantern a ex:Walk ; rdfs:label "Lantern walk"@en ; ex:miles 2.5 .\n'
BAD = PREFIXES + """
ex:lantern a ex:Walk ;
    rdfs:label "Lantern walk"@en ;
    ex:miles
        2.5 ,
        "far" .

ex:night a ex:Walk .
"""
REPORT = PREFIXES.replace("@prefix owl: <http://www.w3.org/2002/07/owl#> .\n", "") + """
[] a sh:ValidationReport ;
    sh:conforms false ;
    sh:result
        [
            a sh:ValidationResult ;
            sh:focusNode ex:lantern ;
            sh:resultMessage "Miles are a decimal number." ;
            sh:resultPath ex:miles ;
            sh:resultSeverity sh:Violation ;
            sh:sourceConstraintComponent sh:DatatypeConstraintComponent ;
            sh:sourceShape ex:WalkShape-miles ;
            sh:value "far"
        ] ,
        [
            a sh:ValidationResult ;
            sh:focusNode ex:night ;
            sh:resultMessage "A walk has a name." ;
            sh:resultPath rdfs:label ;
            sh:resultSeverity sh:Violation ;
            sh:sourceConstraintComponent sh:MinCountConstraintComponent ;
            sh:sourceShape ex:WalkShape-label
        ] .
"""


@pytest.fixture
def room(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A folder to stand in, with shapes and data, good and bad."""
    for name, text in (("shapes.ttl", SHAPES), ("good.ttl", GOOD), ("bad.ttl", BAD)):
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def graph(text: str, form: ox.RdfFormat) -> set[ox.Quad]:
    dataset = ox.Dataset(ox.parse(text, form))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)


def test_good_data_conform_and_nothing_is_said_of_them(room: pathlib.Path) -> None:
    result = run("validate", "--data", "good.ttl", "--shapes", "shapes.ttl")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "good.ttl: all is as the shapes say.\n"


def test_what_is_wrong_is_told_by_thing_with_file_and_line(room: pathlib.Path) -> None:
    result = run("validate", "--data", "bad.ttl", "--shapes", "shapes.ttl")
    assert result.exit_code == 3
    heads = [line for line in result.stdout.splitlines() if not line.startswith(" ")]
    assert heads == ["Lantern walk (ex:Walk)", "ex:night (ex:Walk)"]
    assert "  bad.ttl:11: ex:miles: Miles are a decimal number. `far` is a plain text." in result.stdout
    assert "  bad.ttl:13: label: A walk has a name. None is given." in result.stdout
    assert result.stderr == "2 violations\n"


def test_a_report_in_turtle_is_a_shacl_report_in_the_words_of_the_data(room: pathlib.Path) -> None:
    result = run("validate", "--data", "bad.ttl", "--shapes", "shapes.ttl", "--report", "turtle")
    assert result.stdout == REPORT.replace("@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n", "")
    linked = run("validate", "--data", "bad.ttl", "--shapes", "shapes.ttl", "--report", "json-ld", "--output", "report")
    assert (linked.exit_code, linked.stdout) == (3, "")
    text = (room / "report").read_text()
    assert json.loads(text)
    assert graph(text, ox.RdfFormat.JSON_LD) == graph(result.stdout, ox.RdfFormat.TURTLE)


def test_formats_go_by_their_endings_and_files_may_be_several(room: pathlib.Path) -> None:
    triples = list(ox.parse(GOOD, ox.RdfFormat.TURTLE))
    names = {"a.nt": ox.RdfFormat.N_TRIPLES, "a.rdf": ox.RdfFormat.RDF_XML, "a.jsonld": ox.RdfFormat.JSON_LD,
             "a.trig": ox.RdfFormat.TRIG, "a.nq": ox.RdfFormat.N_QUADS, "a.owl": ox.RdfFormat.TURTLE}
    for name, form in names.items():
        (room / name).write_bytes(ox.serialize(triples, format=form) or b"")
        given = [part for one in ("bad.ttl", name) for part in ("--data", one)]
        assert run("validate", *given[2:], "--shapes", "shapes.ttl").exit_code == 0, name
        assert "2 violations" in run("validate", *given, "--shapes", "shapes.ttl").stderr, name
    (room / "BAD.TTL").write_text(BAD)
    assert "  BAD.TTL:11: ex:miles: " in run("validate", "--data", "BAD.TTL", "--shapes", "shapes.ttl").stdout
    (room / "a.txt").write_text(GOOD)
    told = sentence(run("validate", "--data", "a.txt", "--shapes", "shapes.ttl"), 2)
    assert "a.txt has the ending `.txt`, by which no format of RDF is known" in told


def test_an_ontology_says_which_class_is_below_which(room: pathlib.Path) -> None:
    (room / "data.ttl").write_text(PREFIXES + "ex:x a ex:NightWalk .")
    (room / "classes.ttl").write_text(PREFIXES + "ex:NightWalk rdfs:subClassOf ex:Walk .")
    given = ("validate", "--data", "data.ttl", "--shapes", "shapes.ttl")
    assert run(*given).exit_code == 0
    assert run(*given, "--ontology", "classes.ttl").exit_code == 3


def test_shapes_without_sentences_are_told_in_ours(room: pathlib.Path) -> None:
    (room / "bare.ttl").write_text(PREFIXES + """[] a sh:NodeShape ; sh:targetClass ex:Walk ; sh:closed true ;
        sh:ignoredProperties ( <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ) ;
        sh:property [ sh:path rdfs:label ; sh:minCount 1 ; sh:pattern "^N" ; sh:uniqueLang true ] ,
            [ sh:path ( ex:part ex:of ) ; sh:minCount 1 ] ,
            [ sh:path ex:miles ; sh:minInclusive 1 ; sh:not [ sh:datatype xsd:integer ] ] ;
        sh:sparql [ sh:select "SELECT $this WHERE { $this a <https://example.org/Walk> }" ] .""")
    data = 'ex:a a ex:Walk ; ex:miles 0 .\nex:b a ex:Walk ; rdfs:label "n" ; ex:x 1 .'
    (room / "data.ttl").write_text(PREFIXES + data)
    told = run("validate", "--data", "data.ttl", "--shapes", "bare.ttl").stdout.splitlines()
    assert told == [
        "ex:a (ex:Walk)",
        "  data.ttl:6: A query of the shapes finds it wrong.",
        "  data.ttl:6: ex:of of the ex:part: None is given. Give one.",
        "  data.ttl:6: label: None is given. Give one.",
        "  data.ttl:6: ex:miles: `0` is less than 1. Give 1 or more.",
        "  data.ttl:6: ex:miles: It does not conform to the shape that `sh:not` names. Given as ex:miles: `0`. "
        "Give another.",
        "n (ex:Walk)",
        "  data.ttl:7: A query of the shapes finds it wrong.",
        "  data.ttl:7: ex:of of the ex:part: None is given. Give one.",
        "  data.ttl:7: label: It fits the pattern `^N`. `n` does not fit that.",
        "  data.ttl:7: ex:x: It has no property but those that its closed shape names. It has `1`.",
    ]


def test_a_warning_is_told_and_does_not_block(room: pathlib.Path) -> None:
    (room / "mild.ttl").write_text(SHAPES.replace('sh:minCount 1 ;', "sh:minCount 1 ; sh:severity sh:Warning ;"))
    (room / "data.ttl").write_text(PREFIXES + "ex:night a ex:Walk .")
    result = run("validate", "--data", "data.ttl", "--shapes", "mild.ttl")
    assert (result.exit_code, result.stderr) == (0, "1 warning\n")
    assert "Warning: data.ttl:6: label: A walk has a name." in result.stdout


def test_what_is_nested_is_found_on_its_line(room: pathlib.Path) -> None:
    (room / "nested.ttl").write_text(
        PREFIXES + "ex:a ex:part [ ex:of [\n  a ex:Walk ;\n  rdfs:label 'b' ;\n  ex:miles 1 ] ] .")
    assert "  nested.ttl:9: ex:miles" in run("validate", "--data", "nested.ttl", "--shapes", "shapes.ttl").stdout


def test_an_import_is_told_and_not_opened(room: pathlib.Path, ear: Ear) -> None:
    address = f"{ear.address}there.ttl"
    (room / "far.ttl").write_text(GOOD + f"<https://example.org/onto> a owl:Ontology ; owl:imports <{address}> .")
    result = run("validate", "--data", "far.ttl", "--shapes", "shapes.ttl")
    assert result.exit_code == 0
    assert f"Note: far.ttl imports <{address}>, which is not opened" in result.stderr
    assert ear.heard() == 0


@pytest.mark.parametrize("query", ["SELECT $this FROM <file:///etc/passwd> { ?s ?p ?o }",
                                   "SELECT $this { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"])
def test_no_query_of_a_shape_opens_anything(room: pathlib.Path, query: str) -> None:
    (room / "asks.ttl").write_text(f"{SHAPES} ex:WalkShape sh:sparql [ sh:select '{query}' ] .")
    told = sentence(run("validate", "--data", "good.ttl", "--shapes", "asks.ttl"), 2)
    assert "none may open another address or file" in told


@pytest.mark.parametrize(("text", "told"), [
    ("ex:WalkShape sh:property [ sh:minCount 1 ] .", "The shapes cannot be used: "),
    ("ex:WalkShape sh:sparql [ sh:select 'SELECT {' ] .", "The shapes cannot be used: "),
    ("ex:WalkShape sh:property ", "shapes.ttl:13:26: unexpected end."),
    ("ex:WalkShape unknown:property 1 .", "the prefix"),
])
def test_shapes_that_are_not_right_are_told_in_a_sentence(room: pathlib.Path, text: str, told: str) -> None:
    (room / "shapes.ttl").write_text(SHAPES + text)
    assert told.lower() in sentence(run("validate", "--data", "good.ttl", "--shapes", "shapes.ttl"), 2).lower()


def test_a_plain_text_in_a_query_is_found(room: pathlib.Path) -> None:
    query = 'SELECT $this { $this <https://example.org/miles> "far" }'
    (room / "asks.ttl").write_text(f"{PREFIXES} ex:S a sh:NodeShape ; sh:targetClass ex:Walk ; "
                                   f"sh:sparql [ sh:message 'Not far.' ; sh:select '{query}' ] .")
    assert "Not far." in run("validate", "--data", "bad.ttl", "--shapes", "asks.ttl").stdout
