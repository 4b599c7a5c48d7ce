"""A knowledge folder is read whole, each file into its graph, or the file and line that is wrong is named."""

import random
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import small
from carekg import errors, folder
from carekg.terms import BASE

ONTOLOGY = '@prefix : <https://example.org/> .\n:Thing a <http://www.w3.org/2002/07/owl#Class> .\n'


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A folder with the least that one needs."""
    (tmp_path / "ontology").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "ontology" / "words.ttl").write_text(ONTOLOGY, encoding="utf-8")
    return tmp_path


def written(made: Path, name: str, text: str | bytes) -> Path:
    path = made / "data" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


# --- what is read ---------------------------------------------------------------------------------------------


def test_each_file_of_the_shipped_folder_is_read_into_its_own_graph(shipped: Path) -> None:
    read = folder.load(shipped)
    graphs = [file.graph for file in read.files]
    assert len(set(graphs)) == len(graphs) > 20
    assert f"{BASE}graph/data/case-studies/the-deal" in graphs
    assert all(file.triples for file in read.files)
    assert "innovations-by-route-and-factor" in read.queries


SAME = {
    "a.ttl": '<https://example.org/x> <https://example.org/p> "é"@en .',
    "a.nt": '<https://example.org/x> <https://example.org/p> "\\u00e9"@en .',
    "a.jsonld": '{"@id": "https://example.org/x", "https://example.org/p": {"@value": "é", "@language": "en"}}',
    "a.rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="https://example.org/">'
             '<rdf:Description rdf:about="https://example.org/x"><e:p xml:lang="en">é</e:p></rdf:Description>'
             "</rdf:RDF>",
}


@pytest.mark.parametrize("name", SAME)
def test_a_file_is_read_by_what_its_name_says_it_is(made: Path, name: str) -> None:
    written(made, name, SAME[name])
    (file,) = folder.load(made).data
    expected = ox.Triple(ox.NamedNode("https://example.org/x"), ox.NamedNode("https://example.org/p"),
                         ox.Literal("é", language="en"))
    assert file.triples == (expected,)


def test_files_of_other_kinds_are_passed_over(made: Path) -> None:
    written(made, "notes.md", "# not RDF")
    written(made, "table.csv", "a,b")
    assert folder.load(made).data == ()


def test_files_in_inner_folders_are_read_too(made: Path) -> None:
    written(made, "wider/deep/a.ttl", SAME["a.nt"])
    assert [file.graph for file in folder.load(made).data] == [f"{BASE}graph/data/wider/deep/a"]


def test_an_empty_file_is_a_graph_without_triples(made: Path) -> None:
    written(made, "empty.ttl", "")
    (file,) = folder.load(made).data
    assert (file.triples, file.quads()) == ((), b"")


def test_a_file_whose_name_has_a_space_is_read_or_refused_in_a_sentence(made: Path) -> None:
    written(made, "my file.ttl", SAME["a.ttl"])
    try:
        (file,) = folder.load(made).data
        quads = list(ox.parse(file.quads(), ox.RdfFormat.N_QUADS))
    except errors.FolderError as error:
        assert str(error).endswith(".")
    else:
        assert len(quads) == 1


def test_two_files_of_one_stem_keep_their_blank_nodes_apart(made: Path) -> None:
    written(made, "a.ttl", "[ <https://example.org/p> 1 ] .")
    written(made, "a.nt", "_:b <https://example.org/q> <https://example.org/x> .")
    try:
        files = folder.load(made).data
    except errors.FolderError as error:
        assert str(error).endswith(".")
    else:
        quads = [quad for file in files for quad in ox.parse(file.quads(), ox.RdfFormat.N_QUADS)]
        assert len({str(quad.subject) for quad in quads}) == 2


# --- what is wrong is told -----------------------------------------------------------------------------------


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(errors.MissingPart, match=r"nowhere has no folder; name one that holds .*\.$"):
        folder.load(tmp_path / "nowhere")


def test_a_folder_without_an_ontology_is_told(tmp_path: Path) -> None:
    with pytest.raises(errors.MissingPart, match=r"has no ontology; .*ontology/ folder\.$"):
        folder.load(tmp_path)


BROKEN = {
    "statement without an end": ("a.ttl", "@prefix : <https://example.org/> .\n:a :b :c\n:d :e :f .\n", 3),
    "string without an end": ("a.ttl", '@prefix : <https://example.org/> .\n\n:a :b "c .\n', 3),
    "JSON cut short": ("a.jsonld", '{"@id": "https://example.org/x",\n', None),
    "XML cut short": ("a.rdf", "<rdf:RDF", None),
    "not UTF-8": ("a.ttl", b'<https://example.org/x> <https://example.org/p> "\xff" .', None),
    "a word too many": ("a.nt", "<https://example.org/x> <https://example.org/p> hello .", 1),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_file_that_does_not_parse_is_named_with_its_line(made: Path, case: str) -> None:
    name, text, line = BROKEN[case]
    written(made, name, text)
    with pytest.raises(errors.BrokenFile) as told:
        folder.load(made)
    assert str(told.value).startswith(f"data/{name}")
    assert str(told.value).endswith(".")
    assert line is None or told.value.line == line


def test_a_missing_prefix_is_told_with_the_line_to_add(made: Path) -> None:
    written(made, "a.ttl", "<https://example.org/x> skos:broader <https://example.org/y> .")
    with pytest.raises(errors.BrokenFile, match=r"add `@prefix skos: <http://www\.w3\.org/2004/02/skos/core#> \.`"):
        folder.load(made)


# --- where things are ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("subject", "line"), [("x", 3), ("x-y", 4), ("z", 6), ("w", None)])
def test_the_line_on_which_a_thing_is_described_is_found(made: Path, subject: str, line: int | None) -> None:
    written(made, "a.ttl", "@prefix : <https://example.org/> .\n\n:x :p :w .\n:x-y :p :x .\n"
                           "# a comment\n<https://example.org/z> :p :x .\n")
    (file,) = folder.load(made).data
    assert file.line_of(f"https://example.org/{subject}") == line


def test_where_a_thing_is_described_is_told_by_file_and_line(shipped: Path) -> None:
    read = folder.load(shipped)
    place = read.where(f"{BASE}concept/route/licensing-and-affiliation")
    name, _, line = place.partition(":")
    assert name == "ontology/routes.ttl"
    assert "route:licensing-and-affiliation" in (shipped / name).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    assert read.where("https://example.org/nowhere") == ""


# --- fingerprints and canonical lines ---------------------------------------------------------------------------


def test_the_digest_changes_with_a_file_and_not_with_what_is_no_part(made: Path) -> None:
    before = folder.digest(made)
    (made / "README.md").write_text("hello", encoding="utf-8")
    assert folder.digest(made) == before
    path = written(made, "a.ttl", SAME["a.ttl"])
    with_file = folder.digest(made)
    path.rename(path.with_name("b.ttl"))
    renamed = folder.digest(made)
    path.with_name("b.ttl").write_text(SAME["a.ttl"] + "# more", encoding="utf-8")
    assert len({before, with_file, renamed, folder.digest(made)}) == 4


GRAPHS = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["p", "q"]), st.sampled_from("abcdx")),
                  min_size=1, max_size=8)


def as_triples(rows: list[tuple[str, str, str]], names: dict[str, str]) -> list[ox.Triple]:
    """Triples in which a to d are blank nodes of the names given."""
    def node(name: str) -> ox.BlankNode | ox.NamedNode:
        return ox.BlankNode(names[name]) if name in names else ox.NamedNode(f"https://example.org/{name}")
    return [ox.Triple(node(s), ox.NamedNode(f"https://example.org/{p}"), node(o)) for s, p, o in rows]


@settings(deadline=None, max_examples=60)
@given(rows=GRAPHS, order=st.randoms())
def test_the_same_triples_give_the_same_lines_whatever_their_order_and_blank_names(
    rows: list[tuple[str, str, str]], order: random.Random
) -> None:
    first = as_triples(rows, dict(zip("abcd", ["n1", "n2", "n3", "n4"], strict=True)))
    names = ["z9", "y8", "x7", "w6"]
    order.shuffle(names)
    order.shuffle(rows)
    second = as_triples(rows, dict(zip("abcd", names, strict=True)))
    assert folder.canonical(first, small.HOME) == folder.canonical(second, small.HOME)


def test_blank_nodes_of_two_graphs_have_different_names() -> None:
    triples = as_triples([("a", "p", "b")], {"a": "n", "b": "m"})
    one, two = (folder.canonical(triples, f"{small.HOME}{graph}") for graph in ("g", "h"))
    names = [{word for line in lines for word in line.split() if word.startswith(b"_:")} for lines in (one, two)]
    assert len(names[0]) == len(names[1]) == 2
    assert not names[0] & names[1]


def test_text_that_looks_like_a_blank_node_is_left_as_it_is() -> None:
    text = ox.Triple(ox.BlankNode("a"), ox.NamedNode(f"{small.HOME}p"), ox.Literal("say _:c14n0 and\n_:c14n0"))
    (line,) = folder.canonical([text], small.HOME)
    (quad,) = ox.parse(line, ox.RdfFormat.N_QUADS)
    assert quad.object == text.object


def test_a_file_in_another_encoding_is_titled_and_located_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "old.rdf"
    path.write_bytes('<?xml version="1.0" encoding="ISO-8859-1"?>\n<!-- caf\u00e9 -->'.encode("iso-8859-1"))
    assert folder.File(path, f"{BASE}graph/data/old", ()).line_of("https://example.org/a") is None
