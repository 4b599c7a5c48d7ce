"""Misspelt terms are found before they pass in silence."""

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import small
from carekg import errors, folder, lint
from carekg.terms import BASE


@pytest.fixture(scope="module")
def good(good_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> folder.Folder:
    """The small world, read from a folder that more may be written to."""
    return folder.load(Path(shutil.copytree(good_folder, tmp_path_factory.mktemp("lint") / "world")))


def file_of(path: Path, turtle: str) -> folder.File:
    """A file of a folder that holds some Turtle."""
    path.write_text(small.prefixed(turtle), encoding="utf-8")
    return folder.File(path, f"{BASE}graph/{path.parent.name}/{path.stem}", small.triples(turtle))


def problems(good: folder.Folder, data: str) -> list[str]:
    """What lint says of a good folder with one more file of data."""
    added = file_of(good.path / "more.ttl", data)
    try:
        lint.check(folder.Folder(good.path, good.ontology, good.shapes, (*good.data, added)), {})
    except errors.UnknownTerms as error:
        return error.problems
    return []


def test_the_shipped_folder_uses_terms_that_exist(shipped: Path) -> None:
    read = folder.load(shipped)
    lint.check(read, {name: path.read_text(encoding="utf-8") for name, path in read.queries.items()})


def test_the_small_world_uses_terms_that_exist(world: Path) -> None:
    lint.check(folder.load(world), {})


MISSPELT = {
    "a shape's parameter": (":s sh:mincount 1 .", "sh:mincount is not a term"),
    "a class of OWL": (":s a owl:class .", "owl:class is not a term"),
    "a property of SKOS": (":s skos:preflabel 'x' .", "skos:preflabel is not a term"),
    "a property of Dublin Core": (":s dcterms:tittle 'x' .", "dcterms:tittle is not a term"),
    "a datatype": (":s rdfs:label 'x'^^xsd:strin .", "xsd:strin is not a term"),
    "a property of ours": ("innovation:lantern-walks care:isoffshootof innovation:lantern-rides .",
                           "care:isoffshootof is described nowhere"),
    "a class of ours": ("innovation:new a care:Inovation .", "care:Inovation is described nowhere"),
    "a concept of ours": (":s care:route route:licencing .", "route:licencing is described nowhere"),
    "a thing of ours": (":s care:holdsFor innovation:lantern-walk .", "innovation:lantern-walk is described nowhere"),
    "a scheme": (":s skos:inScheme <https://w3id.org/carekg/concept/routes> .", "concept:routes is described nowhere"),
    "a shape": (":s sh:node caresh:Nowhere .", "caresh:Nowhere is described nowhere"),
}


@pytest.mark.parametrize("case", MISSPELT)
def test_a_misspelt_term_is_refused_by_name(good: folder.Folder, case: str) -> None:
    data, sentence = MISSPELT[case]
    assert [problem for problem in problems(good, data) if sentence in problem], problems(good, data)


RIGHT = {
    "a member of an RDF container": ":s rdf:_1 :o .",
    "a vocabulary by its own IRI": ":s rdfs:isDefinedBy <http://www.w3.org/2004/02/skos/core> .",
    "a namespace nobody here knows": ":s <https://example.com/unknown#term> :o .",
    "a term that another file describes": ":s care:route route:partnerships .",
    "a text with the name of a term": ":s rdfs:label 'sh:mincount' .",
}


@pytest.mark.parametrize("case", RIGHT)
def test_what_is_right_passes(good: folder.Folder, case: str) -> None:
    assert problems(good, RIGHT[case]) == []


def test_a_folder_that_claims_a_namespace_is_held_to_it(good: folder.Folder) -> None:
    words = file_of(good.path / "words.ttl",
                    ":o a owl:Ontology ; vann:preferredNamespaceUri 'https://example.com/words#' . "
                    "<https://example.com/words#known> a owl:Class .")
    data = file_of(good.path / "use.ttl",
                   ":x a <https://example.com/words#known> , <https://example.com/words#unknown> .")
    with pytest.raises(errors.UnknownTerms) as told:
        lint.check(folder.Folder(good.path, (*good.ontology, words), (), (*good.data, data)), {})
    assert len(told.value.problems) == 1
    assert "words#unknown" in told.value.problems[0]


def test_the_sentence_names_file_and_line(world: Path) -> None:
    path = world / "data" / "world.ttl"
    path.write_text(path.read_text(encoding="utf-8") + "\ninnovation:new\n    a care:Inovation .\n", encoding="utf-8")
    line = path.read_text(encoding="utf-8").splitlines().index("    a care:Inovation .") + 1
    with pytest.raises(errors.UnknownTerms, match=rf"^Unknown term: data/world\.ttl:{line}: care:Inovation .*\.$"):
        lint.check(folder.load(world), {})


TERMS = [("sh", "minCount"), ("owl", "Class"), ("skos", "broader"), ("rdfs", "label"), ("dcterms", "title"),
         ("prov", "Entity"), ("dcat", "Dataset"), ("foaf", "name"), ("org", "role"), ("vann", "example")]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(term=st.sampled_from(TERMS), place=st.integers(0, 3))
def test_a_term_with_one_letter_doubled_is_refused(tmp_path: Path, term: tuple[str, str], place: int) -> None:
    prefix, name = term
    wrong = name[:place] + name[place] + name[place:]
    file = file_of(tmp_path / "a.ttl", f":s {prefix}:{wrong} :o .")
    with pytest.raises(errors.UnknownTerms, match=rf"{prefix}:{wrong} is not a term .*\(is {prefix}:{name} meant\?\)"):
        lint.check(folder.Folder(tmp_path, (), (), (file,)), {})


QUERIES = {
    "a prefixed name": ("SELECT *\nWHERE { ?s care:scaledvia ?o }", 2, "care:scaledvia"),
    "an IRI": ("SELECT *\nWHERE {\n?s <https://w3id.org/carekg/def#scaledvia> ?o }", 3, "care:scaledvia"),
}


@pytest.mark.parametrize("case", QUERIES)
def test_a_misspelt_term_in_a_query_is_told_with_its_line(good: folder.Folder, case: str) -> None:
    text, line, name = QUERIES[case]
    head = "PREFIX care: <https://w3id.org/carekg/def#>\n"
    with pytest.raises(errors.UnknownTerms, match=rf"queries/q\.rq:{line + 1}: {name} is described nowhere"):
        lint.check(good, {"q": head + text})


def test_a_name_in_a_string_or_a_comment_of_a_query_is_no_term(good: folder.Folder) -> None:
    text = "PREFIX care: <https://w3id.org/carekg/def#> SELECT * { ?s ?p 'care:x' } # care:y"
    lint.check(good, {"q": text})


REGISTER = """
source:register a care:AreaRegister ; rdfs:label "register of areas"@en ; care:listsCode "E06000041" .
place:harbour a care:Place ; rdfs:label "Harbour"@en ; care:gssCode "E06000041" .
"""


@pytest.mark.parametrize("claim", [
    'place:bay a care:Place ; rdfs:label "Bay"@en ; care:gssCode "E06000042" .',
    'place:bay a care:Place ; rdfs:label "Bay"@en ; '
    "skos:exactMatch <http://statistics.data.gov.uk/id/statistical-geography/E06000042> .",
])
def test_a_code_that_no_register_lists_is_found_with_the_one_that_is_near(good: folder.Folder, claim: str) -> None:
    found = problems(good, REGISTER + claim)
    assert len([problem for problem in found if "E06000042 is in no register of areas" in problem]) == 1
    assert any("E06000041 Harbour" in problem for problem in found)
    assert all("E06000041 is in no register" not in problem for problem in found)
