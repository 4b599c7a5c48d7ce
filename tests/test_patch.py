"""RDF Patch as others write it is read into the changes that it says, or refused with the number of its row."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carekg import errors, patch
from carekg.reader.effect import Effect

GRAPH = "http://example.org/g"
HEAD = """H id <uuid:0686c69d-8f89-4496-acb5-744f0157a8db> .
H prev <uuid:3ee0eca0-6d5f-4b4d-85db-f69ab1167eb1> .
TX .
PA "rdf" "http://www.w3.org/1999/02/22-rdf-syntax-ns#" .
PA "owl" "http://www.w3.org/2002/07/owl#" .
PA "ex" "http://example.org/" .
"""


def read(text: str, graph: str | None = None) -> list[tuple[str, set[str]]]:
    """The letter and the quads of each change."""
    return [(letter, {str(quad) for quad in ox.parse(lines, ox.RdfFormat.N_QUADS)})
            for letter, lines in patch.rows(text, graph)]


def test_the_example_of_the_specification_is_read() -> None:
    text = HEAD + """
A <http://example/SubClass> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/2002/07/owl#Class> .
A <http://example/SubClass> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <http://example/SUPER_CLASS> .
A <http://example/SubClass> <http://www.w3.org/2000/01/rdf-schema#label> "SubClass" .
TC .
"""
    ((letter, quads),) = read(text)
    assert letter == "A"
    assert len(quads) == 3
    assert '<http://example/SubClass> <http://www.w3.org/2000/01/rdf-schema#label> "SubClass"' in quads


ROWS = {
    "prefixed names": ("A ex:a rdf:type owl:Class .", "<http://example.org/a> "
                       "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/2002/07/owl#Class>"),
    "a name with a dot": ("A ex:a.b ex:p ex:c .", "<http://example.org/a.b> <http://example.org/p> "
                          "<http://example.org/c>"),
    "no space before the dot": ("A ex:a ex:p ex:c.", "<http://example.org/a> <http://example.org/p> "
                                "<http://example.org/c>"),
    "a literal with a tag": ('A <x:a> <x:p> "b"@en .', '<x:a> <x:p> "b"@en'),
    "a literal with a type": ('A <x:a> <x:p> "b"^^ex:t .', '<x:a> <x:p> "b"^^<http://example.org/t>'),
    "a literal with a type in full": ('A <x:a> <x:p> "b"^^<x:t> .', '<x:a> <x:p> "b"^^<x:t>'),
    "dots in a literal": ('A <x:a> <x:p> " . A <x:c> . # no" .', '<x:a> <x:p> " . A <x:c> . # no"'),
    "escapes": ('A <x:a> <x:p> "\\"\\n\\u00e9\\\\" .', '<x:a> <x:p> "\\"\\n\u00e9\\\\"'),
    "a number": ("A <x:a> <x:p> 12 .", '<x:a> <x:p> "12"^^<http://www.w3.org/2001/XMLSchema#integer>'),
    "a decimal": ("A <x:a> <x:p> -1.5 .", '<x:a> <x:p> "-1.5"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
    "a truth": ("A <x:a> <x:p> true .", '<x:a> <x:p> "true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
    "a graph": ("A <x:a> <x:p> <x:c> <x:g> .", "<x:a> <x:p> <x:c> <x:g>"),
    "a blank node of the store": ("A _:n1 <x:p> _:n2 .", "_:n1 <x:p> _:n2"),
    "a blank node by its name": ("A <_:n1> <x:p> <_:n2> .", "_:n1 <x:p> _:n2"),
    "a triple term": ("A <x:a> <x:p> <<( <x:a> <x:p> 'c' )>> .", '<x:a> <x:p> <<( <x:a> <x:p> "c" )>>'),
    "a remark behind": ("A <x:a> <x:p> <x:c> . # D <x:a> <x:p> <x:c> .", "<x:a> <x:p> <x:c>"),
    "two rows on a line": ("TC . TX . A <x:a> <x:p> <x:c> .", "<x:a> <x:p> <x:c>"),
    "no space before the dots": ("TC.\nTX.\nA <x:a> <x:p> <x:c>.", "<x:a> <x:p> <x:c>"),
    "a dot at a number": ("A <x:a> <x:p> 12.", '<x:a> <x:p> "12"^^<http://www.w3.org/2001/XMLSchema#integer>'),
    "a dot at a blank node": ("A <x:a> <x:p> _:b.", "<x:a> <x:p> _:b"),
    "a name that ends in an escaped dot": ("A ex:a ex:p ex:c\\. .", "<http://example.org/a> <http://example.org/p> "
                                           "<http://example.org/c.>"),
    "small letters": ("a <x:a> <x:p> <x:c> .", "<x:a> <x:p> <x:c>"),
    "other white space": ("A\t<x:a>\r\n<x:p>\t<x:c>\n.", "<x:a> <x:p> <x:c>"),
    "the word for a type": ("A <x:a> a <x:c> .", "<x:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <x:c>"),
}


@pytest.mark.parametrize("case", ROWS)
def test_a_row_is_read(case: str) -> None:
    text, quad = ROWS[case]
    assert read(f"{HEAD}{text} # the end\nTC .") == [("A", {quad})]


def test_triples_are_of_the_graph_that_is_named_and_quads_may_say_so_too() -> None:
    text = f"A <x:a> <x:p> 'one' .\nA <x:a> <x:p> 'two' <{GRAPH}> ."
    assert read(text, GRAPH) == [("A", {f'<x:a> <x:p> "one" <{GRAPH}>', f'<x:a> <x:p> "two" <{GRAPH}>'})]


@pytest.mark.parametrize("graph", [GRAPH, ""])
def test_quads_of_another_graph_than_the_one_that_is_named_are_refused(graph: str) -> None:
    with pytest.raises(errors.BadInput, match="Row 2 of the patch is of the graph <x:other>"):
        patch.rows("A <x:a> <x:p> 'one' .\nD <x:a> <x:p> 'two' <x:other> .", graph)


def test_changes_keep_their_order() -> None:
    text = "A <x:a> <x:p> 1 .\nA <x:a> <x:p> 2 .\nD <x:a> <x:p> 1 .\nA <x:a> <x:p> 1 ."
    assert [letter for letter, _ in read(text)] == ["A", "D", "A"]


def test_a_prefix_can_be_declared_anew_and_given_up() -> None:
    text = "PA ex: <x:one#> .\nA ex:a <x:p> 1 .\nPA ex <x:two#> .\nA ex:a <x:p> 1 .\nPD ex .\nA <x:b> <x:p> 1 ."
    ((_, quads),) = read(text)
    assert {quad.split(" ")[0] for quad in quads} == {"<x:one#a>", "<x:two#a>", "<x:b>"}


@pytest.mark.parametrize("text", ["", "# nothing\n", "TX .\nTC .", "H id <x:a> .\nTX .\nTC .", "TX . TC . TX . TC ."])
def test_a_patch_may_change_nothing(text: str) -> None:
    assert read(text) == []


REFUSED = {
    "an unknown code": ("TX .\nADD <x:a> <x:p> <x:c> .", "Row 2 .*begins with `ADD`"),
    "two terms": ("TX .\nTC .\nA <x:a> <x:p> .", "Row 3 .*2 terms"),
    "five terms": ("A <x:a> <x:p> <x:c> <x:g> <x:h> .", "Row 1 .*5 terms"),
    "an unknown prefix": ("A no:a <x:p> <x:c> .", "Row 1 .*no triple"),
    "a literal as subject": ("A 'a' <x:p> <x:c> .", "Row 1 .*no triple"),
    "a literal as predicate": ("TX .\nA <x:a> 'p' <x:c> .", "Row 2 .*no triple"),
    "a blank node as predicate": ("A <x:a> _:p <x:c> .", "Row 1 .*no triple"),
    "a relative IRI": ("A <a> <x:p> <x:c> .", "Row 1 .*no triple"),
    "a prefix given up": ("PA ex <x:> .\nPD ex .\nA ex:a <x:p> 1 .", "Row 3 .*no triple"),
    "a prefix without its IRI": ("PA ex .", "Row 1 .*1 terms"),
    "a prefix that is none": ("PA '> ; <' <x:> .\nA <x:a> <x:p> 1 .", "Row"),
    "changes that are taken back": ("TX .\nA <x:a> <x:p> 1 .\nTA .", "Row 3 .*takes its changes back"),
    "an unclosed string": ("A <x:a> <x:p> 'c .", "Row 1"),
    "no full stop between": ("A <x:a> <x:p> 1\nA <x:a> <x:p> 2 .", "Row 1 .*7 terms"),
    "several triples in one": ("A <x:a> <x:p> 1,2 .", "Row 1"),
    "a row without a word": ("TX .\n.", "Row 2 "),
    "Turtle": ("@prefix ex: <x:> .\nex:a ex:b ex:c .", "Row 1 .*begins with"),
    "an update": ("INSERT DATA { <x:a> <x:p> 1 }", "Row 1 .*full stop"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_row_that_is_not_right_is_refused_with_its_number(case: str) -> None:
    text, told = REFUSED[case]
    with pytest.raises(errors.BadInput, match=told) as refused:
        patch.rows(text, "")
    assert len(str(refused.value)) < 300


def test_a_patch_that_breaks_off_is_refused() -> None:
    whole = "TX .\nA <x:a> <x:p> <x:c> .\nA <x:a> <x:p> <x:d> .\nTC .\n"
    assert len(read(whole)) == 1
    for end in range(len("TX ."), len(whole) - len(" .\n")):
        with pytest.raises(errors.BadInput, match=r"Row \d|TX"):
            patch.rows(whole[:end], "")


TERMS = st.sampled_from([ox.NamedNode("x:a"), ox.BlankNode("b1"), ox.NamedNode("http://e/%20?a='b';c,(d)!*~")])
LITERALS = st.builds(ox.Literal, st.text(st.characters(codec="utf-8")))
QUADS = st.builds(ox.Quad, TERMS, st.just(ox.NamedNode("x:p")), TERMS | LITERALS,
                  st.sampled_from([ox.DefaultGraph(), ox.NamedNode("x:g"), ox.BlankNode("b2")]))


@pytest.mark.heavy
@given(added=st.sets(QUADS, max_size=5), removed=st.sets(QUADS, max_size=5))
def test_what_is_written_down_here_can_be_read_as_a_patch_of_others(added: set[ox.Quad], removed: set[ox.Quad]) -> None:
    text = Effect(added, removed).as_patch().decode()
    found = dict(read(text))
    assert found.get("A", set()) == {str(quad) for quad in added}
    assert found.get("D", set()) == {str(quad) for quad in removed}


@given(added=st.sets(QUADS, max_size=5), removed=st.sets(QUADS, max_size=5),
       graphs=st.dictionaries(TERMS, st.booleans(), max_size=3))
def test_an_effect_is_read_back_as_it_was(
    added: set[ox.Quad], removed: set[ox.Quad], graphs: dict[ox.NamedNode | ox.BlankNode, bool]
) -> None:
    effect = Effect(added, removed, graphs)
    assert Effect.from_patch(effect.as_patch()) == effect
    assert Effect.from_patch(b"H number 12 triples 3 .\n" + effect.as_patch()) == effect


@given(st.lists(st.sampled_from(["A", "D", "PA", "PD", "TX", "TC", "H", ".", "<x:a>", "x:a", "'b'", '"', "_:c", "<_:d>",
                                 "1", "@en", "^^", "{", "}", "<<(", ")>>", "(", ")", "#", "\n", ";", "[", "]", "\\"])))
def test_any_text_is_a_patch_or_is_refused_in_a_sentence(words: list[str]) -> None:
    try:
        patch.rows(" ".join(words), GRAPH)
    except errors.BadInput as error:
        assert str(error).startswith(("Row ", "The patch "))
