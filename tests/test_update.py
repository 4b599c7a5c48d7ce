"""An update that is taken apart and worked out as an effect does what the engine does, one by one."""

from collections.abc import Sequence

import pyoxigraph as ox
import pytest

from carekg import errors, update
from carekg.reader.graphs import Unmet
from updating import EMPTY, assert_repeatable, full, held, outcome, worked_out

# --- one by one ------------------------------------------------------------------------------------------------------


SAME = [
    "INSERT { ?o ?p ?s } WHERE { ?s ?p ?o }",
    "INSERT { ?s ?p ?o {| <x:says> ?o |} } WHERE { ?s ?p ?o }",
    "INSERT { ?s ?p ?o ~ ?r } WHERE { ?s ?p ?o BIND(<x:r> AS ?r) }",
    "INSERT { <<?s ?p ?o>> <x:says> 1 } WHERE { ?s ?p ?o }",
    "INSERT{<<?s?p?o>><x:says>1}WHERE{?s?p?o}",
    "INSERT{?s<x:t><<(?s?p?o)>>}WHERE{?s?p?o}",
    "DELETE { ?s ?p 1 } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
    "INSERT { ?s ?p _:b . ?o <x:q> _:b } WHERE { ?s ?p ?o }",
    "INSERT { <x:a> <x:b> ?v } WHERE { VALUES ?v { 1 2 } }",
    "WITH <x:g> INSERT { ?s <x:n> ?g } WHERE { GRAPH ?g { ?s ?p ?o } }",
    "WITH <x:g> DELETE { ?s ?p ?o } USING <x:h> USING NAMED <x:g> "
    "WHERE { ?s ?p ?o OPTIONAL { GRAPH ?g { ?s ?p ?o } } }",
    "INSERT { GRAPH <x:new> { } } WHERE { }",
    "INSERT DATA { GRAPH <x:new> { } }",
    "INSERT DATA { GRAPH <x:new> { <x:a> a 1 } } ; DELETE DATA { GRAPH <x:new> { <x:a> a 1 } }",
    "DROP GRAPH <x:g> ; INSERT DATA { GRAPH <x:g> { <x:a> <x:q> '7' } }",
    "CREATE GRAPH <x:new> ; DROP GRAPH <x:new>",
    "DROP ALL ; INSERT DATA { <x:a> <x:p> <x:b> }",
    "MOVE <x:g> TO <x:new> ; MOVE <x:new> TO <x:g>",
    "VERSION '1.2' INSERT DATA { <x:a> <x:b> 1 }",
    "", ";", "# nothing", "PREFIX a: <x:>",
]


@pytest.mark.parametrize("text", SAME)
def test_an_update_does_what_the_engine_does(text: str) -> None:
    before, expected, worked = full(), full(), full()
    right = outcome(expected.update, text)
    found = outcome(worked_out, worked, text)
    assert (found == "fails") == (right == "fails")
    if found != "fails":
        assert held(worked) == held(expected)
        assert_repeatable(found, before, worked)


DECLARED_BETWEEN = {
    "another prefix": "PREFIX a: <x:> INSERT DATA { a:a a:n 1 } ; PREFIX b: <x:> INSERT DATA { a:a b:n 2 }",
    "the same prefix": "PREFIX a: <x:> INSERT DATA { a:a a:n 1 } ; PREFIX a: <x:> INSERT DATA { a:a a:n 2 }",
    "the prefix anew": "PREFIX a: <y:> INSERT DATA { <x:a> <x:n> 1 } ; PREFIX a: <x:> INSERT DATA { a:a a:n 2 }",
    "and back": "PREFIX a: <x:> INSERT DATA { a:a a:n 1 } ; PREFIX a: <y:> CREATE SILENT GRAPH <x:g> ; PREFIX a: <x:> "
                "INSERT DATA { a:a a:n 2 }",
    "a base": "BASE <x:y> INSERT DATA { <x:a> <x:n> 1 } ; BASE <http://e/> INSERT DATA { <x:a> <x:n> 2 }",
    "at the end": "INSERT DATA { <x:a> <x:n> 1 } ; INSERT DATA { <x:a> <x:n> 2 } ; PREFIX a: <y:>",
    "after a comment": "INSERT DATA { <x:a> <x:n> 1 } ; # PREFIX\n# ;\nPREFIX a: <x:>\nINSERT DATA { a:a a:n 2 }",
}


@pytest.mark.parametrize("case", DECLARED_BETWEEN)
def test_declarations_may_stand_before_any_operation(case: str) -> None:
    store = ox.Store()
    worked_out(store, DECLARED_BETWEEN[case])
    assert held(store)[0] == {f'<x:a> <x:n> "{n}"^^<http://www.w3.org/2001/XMLSchema#integer>' for n in (1, 2)}


def test_a_base_between_operations_is_relative_to_the_one_before() -> None:
    store = ox.Store()
    text = "".join(f"BASE <b/> INSERT DATA {{ <s> <x:n> {n} }} ;" for n in range(3))
    worked_out(store, text, base="http://e/a/")
    assert {str(quad.subject) for quad in store} == {"<http://e/a/b/s>", "<http://e/a/b/b/s>", "<http://e/a/b/b/b/s>"}


def test_what_is_declared_again_and_again_is_held_once() -> None:
    text = "BASE <http://e/> PREFIX a: <x:> INSERT DATA { a:a a:n 1 } ;" * 1_000
    assert {one["prologue"] for one in update.operations(text)} == {"BASE <http://e/> PREFIX a: <x:>"}


def test_relative_iris_are_relative_to_the_base_that_is_given() -> None:
    store = ox.Store()
    worked_out(store, "INSERT DATA { <a> <b> <#c> GRAPH <g> { <a> <b> <c> } } ; DROP GRAPH <g>", base="http://e/x/y")
    assert held(store) == ({"<http://e/x/a> <http://e/x/b> <http://e/x/y#c>"}, [])


# --- graphs of the protocol ------------------------------------------------------------------------------------------


COUNTED = "INSERT { <x:it> <x:saw> ?s } WHERE { ?s <x:q> ?o }"


def seen(text: str, **graphs: Sequence[str]) -> set[str]:
    """What an update with graphs of the protocol writes down as seen."""
    store = full()
    worked_out(store, text, **graphs)
    return {str(quad.object) for quad in store.quads_for_pattern(None, ox.NamedNode("x:saw"), None)}


def test_graphs_of_the_request_are_the_default_graph_of_each_pattern() -> None:
    assert seen(COUNTED) == {"<x:a>"}
    assert seen(COUNTED, using=["x:h"]) == {"<x:c>"}
    assert seen(COUNTED, using=["x:g", "x:h"]) == {"<x:a>", "<x:c>"}
    assert seen(COUNTED, named=["x:g"]) == set()
    assert seen(f"{COUNTED} ; {COUNTED}", using=["x:h"]) == {"<x:c>"}


def test_named_graphs_of_the_request_are_those_that_a_pattern_may_name() -> None:
    within = COUNTED.replace("{ ?s <x:q> ?o }", "{ GRAPH ?g { ?s <x:q> ?o } }")
    assert seen(within) == {"<x:a>", "<x:c>"}
    assert seen(within, named=["x:h"]) == {"<x:c>"}
    assert seen(within, using=["x:h"]) == set()


def test_graphs_of_the_request_do_not_say_where_it_is_written() -> None:
    store = full()
    worked_out(store, COUNTED, using=["x:h"])
    found = store.quads_for_pattern(None, ox.NamedNode("x:saw"), None)
    assert [quad.graph_name for quad in found] == [ox.DefaultGraph()]


@pytest.mark.parametrize("head", ["WITH <x:g> ", ""])
def test_graphs_of_the_request_beside_those_of_the_update_are_refused(head: str) -> None:
    text = f"{head}DELETE {{ ?s ?p ?o }} {'' if head else 'USING <x:g> '}WHERE {{ ?s ?p ?o }}"
    with pytest.raises(errors.BadInput, match="using-graph-uri"):
        update.operations(text, ["x:h"])


# --- graphs that are there or not ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["CLEAR GRAPH <x:none>", "DROP GRAPH <x:none>", "COPY <x:none> TO <x:g>",
                                  "MOVE <x:none> TO <x:g>", "ADD <x:none> TO DEFAULT", "CREATE GRAPH <x:empty>"])
def test_a_graph_that_is_not_as_it_should_be_is_an_error_unless_it_is_to_be_silent(text: str) -> None:
    with pytest.raises(Unmet, match="<x:"):
        worked_out(full(), text)
    store = full()
    word, rest = text.split(" ", 1)
    assert not worked_out(store, f"{word} SILENT {rest}")
    assert held(store) == held(full())


@pytest.mark.parametrize("how", ["COPY", "MOVE", "ADD"])
def test_an_empty_graph_is_copied_as_an_empty_graph(how: str) -> None:
    store = full()
    worked_out(store, f"{how} <x:empty> TO <x:new>")
    assert store.contains_named_graph(ox.NamedNode("x:new"))
    assert store.contains_named_graph(ox.NamedNode(EMPTY)) == (how != "MOVE")


# --- what is refused -------------------------------------------------------------------------------------------------


MALFORMED = {
    "an unclosed brace": ("", "INSERT DATA { <x:a> <x:b> 1"),
    "on a later line": ("", "INSERT DATA { <x:a> <x:b> 1 } ;\nDELETE DATA {\n <x:a> <x:b> }"),
    "after a declaration between": ("PREFIX b: <x:> DROP ALL ;\n", "  PREFIX a: <x:> INSERT DATA { a:a a:b }"),
    "after a declaration on the same line": ("DROP ALL ;\n DROP ALL ;", " PREFIX a: <x:> INSERT DATA { a:a a:b }"),
    "lines after a declaration": ("DROP ALL ;", "PREFIX a: <x:>\nDROP ALL ;\nINSERT DATA { a:a a:b }"),
    "a declaration between": ("DROP ALL ;", " PREFIX a <x:> INSERT DATA { a:a a:b 1 }"),
    "a declaration at the end": ("DROP ALL ;", " PREFIX a <x:>"),
    "two semicolons": ("", "DROP ALL ;; DROP ALL"),
    "two semicolons after a declaration": ("DROP ALL ;", "PREFIX a: <x:> DROP ALL ;; DROP ALL"),
    "no semicolon": ("", "DROP ALL DROP ALL"),
    "a variable in data": ("", "INSERT DATA { ?s <x:b> 1 }"),
    "a blank node to delete": ("", "DELETE DATA { _:a <x:b> 1 }"),
    "a blank node in a template to delete": ("", "DELETE { ?s ?p [] } WHERE { ?s ?p ?o }"),
    "a blank node of two operations": ("", "INSERT DATA { _:a <x:b> 1 } ; INSERT DATA { _:a <x:b> 2 }"),
    "no WHERE": ("", "DELETE { ?s ?p ?o }"),
    "words behind": ("", "CLEAR ALL please"),
    "a query": ("", "SELECT * { ?s ?p ?o }"),
    "no update at all": ("", "hello"),
    "a closing brace": ("", "}"),
}
"""What is right and comes before, and what is wrong."""


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_update_is_told_where_and_changes_nothing(case: str) -> None:
    before, wrong = MALFORMED[case]
    with pytest.raises(SyntaxError) as there:
        ox.Store().update("".join(sign if sign == "\n" else " " for sign in before) + wrong)
    store = full()
    with pytest.raises(SyntaxError) as told:
        worked_out(store, before + wrong)
    assert str(told.value).split(": ")[0] == str(there.value).split(": ")[0]
    assert held(store) == held(full())


def test_two_semicolons_are_refused_also_before_a_declaration() -> None:
    with pytest.raises(SyntaxError, match=r"^error at 1:12: "):
        worked_out(full(), "DROP ALL ;; PREFIX a: <x:> DROP ALL")


def test_an_update_that_is_too_long_is_refused_before_it_is_looked_at() -> None:
    with pytest.raises(errors.TooLong):
        update.operations(" " * (update.LONGEST + 1))
