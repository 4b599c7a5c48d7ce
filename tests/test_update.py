"""An update that is taken apart and worked out as an effect does what the engine does with the whole of it."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carekg import errors, update
from carekg.reader import changing
from carekg.reader.effect import Effect
from carekg.reader.graphs import Unmet

HOME = """
<x:a> <x:p> <x:b>, 1, "a } ; b"@en, _:z ; <x:q> <x:c> .
_:z <x:p> "long", <x:a> .
<x:g> { <x:a> <x:q> _:z , "7" . <x:b> <x:p> <x:a> . _:y <x:p> _:y }
<x:h> { <x:b> <x:p> "h"@en . <x:a> <x:p> <x:b> . <x:c> <x:q> <x:g> }
"""
EMPTY = "x:empty"
"""A graph that is there and has no triple."""

FAILURES = (SyntaxError, Unmet, RuntimeError, ValueError, errors.CarekgError)


def full() -> ox.Store:
    """A small store: a default graph, two named graphs that share a blank node with it, and an empty one."""
    store = ox.Store()
    store.extend(ox.parse(HOME, ox.RdfFormat.TRIG))
    store.add_graph(ox.NamedNode(EMPTY))
    return store


def copy(store: ox.Store) -> ox.Store:
    made = ox.Store()
    made.extend(store)
    for graph in store.named_graphs():
        made.add_graph(graph)
    return made


def held(store: ox.Store) -> tuple[set[str], list[str]]:
    """What a store holds, whatever its blank nodes are called, and the graphs that it has."""
    quads = ox.Dataset(store)
    quads.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    graphs = sorted(str(one) if isinstance(one, ox.NamedNode) else "_:" for one in store.named_graphs())
    return {str(quad) for quad in quads}, graphs


def worked_out(store: ox.Store, text: str, base: str = "", **graphs: Sequence[str]) -> Effect:
    """The effect of an update, as a reader process works it out on its own store."""
    request = {"query": text, "base": base, "operations": update.operations(text, **graphs)}
    return changing.effect(store, json.loads(json.dumps(request)))


# --- made-up updates -------------------------------------------------------------------------------------------------


class Step(NamedTuple):
    """One operation: its words, which are set apart by space or comments, and its kind."""

    words: tuple[str, ...]
    kind: str = ""


NODES = st.sampled_from(["<x:a>", "<x:b>", "ex:c", ":d", "<rel>", "<#here>"])
VERBS = st.sampled_from(["<x:p>", "ex:q", "a", "<x:\\u0070>"])
VALUES = st.sampled_from(["1", "true", '"7"', "'a } ; b'@en", '"""x " } ;\n# {"""', "'''it's'''", r'"\"}\u003B"',
                          '"a\u2028b\x85\x0b\x0c\x1e"', "-2.5e3", "'y'^^ex:type", '"z"@en--ltr',
                          "<<( <x:a> <x:p> 1 )>>", "ex:a\\;b", "ex:a.b", "<x:a;b>"])
GRAPHS = st.sampled_from(["<x:g>", "<x:h>", "<x:empty>", "<x:new>", "ex:other"])
VARIABLES = st.sampled_from(["?s", "?p", "?o", "?g", "$s", "?new", "?unbound", "?ré"])
BLANKS = ["_:one", "_:two", "[]", "[ ex:q 1 ; ex:r [ ] ]", "( 1 <x:b> )", "()"]
PATTERNS = [
    "{ ?s ?p ?o }",
    "{ ?s ?p ?o . FILTER ( ?o != 'a};b' && ?s < ?o || isIRI ( ?o ) ) }",
    "{ GRAPH ?g { ?s ?p ?o } }",
    "{ GRAPH <x:g> { ?s ?p ?o } OPTIONAL { ?o <x:p> ?new } }",
    "{ ?s ?p ?o OPTIONAL { GRAPH ?g { ?o ?q ?s } } }",
    "{ ?s <x:p> ?o BIND ( IRI ( CONCAT ( 'x:' , STR ( ?o ) ) ) AS ?g ) BIND ( STR ( ?o ) AS ?new ) }",
    "{ ?s ?p ?o BIND ( BNODE ( ) AS ?new ) }",
    "{ { SELECT ?s ?p ( MAX ( ?x ) AS ?o ) WHERE { ?s ?p ?x } GROUP BY ?s ?p HAVING ( COUNT ( * ) > 0 ) } }",
    "{ ?s ?p ?o MINUS { ?s a ?o } FILTER NOT EXISTS { ?s ex:q ?o } }",
    "{ { ?s <x:p> ?o } UNION { GRAPH ?g { ?s <x:q> ?o } } VALUES ?p { <x:p> ex:c } }",
    "{ VALUES ( ?s ?o ) { ( <x:a> UNDEF ) ( ex:c 'é' ) } BIND ( <x:g> AS ?g ) BIND ( ?s AS ?ré ) }",
    "{ ?s ( <x:p> / <x:q>? ) | ^ <x:q> ?o ; ?p ?new }",
    "{ SELECT DISTINCT * { ?s ?p ?o } ORDER BY ?s LIMIT 1000 }",
    "{ ?s ?p [ <x:p> ?o ] . _:b ?p ?new }",
    "{ }",
    "{ <x:nobody> ?p ?o }",
]


@st.composite
def block(draw: st.DrawFn, nodes: st.SearchStrategy[str], verbs: st.SearchStrategy[str],
          objects: st.SearchStrategy[str], graphs: st.SearchStrategy[str]) -> tuple[str, ...]:
    """The words of some quads in braces."""
    def triples() -> list[str]:
        words: list[str] = []
        for _ in range(draw(st.integers(0, 2))):
            words += [draw(nodes), draw(verbs), draw(objects)]
            for sign in draw(st.lists(st.sampled_from([";", ","]), max_size=2)):
                words += [sign, *([draw(verbs)] if sign == ";" else []), draw(objects)]
            words.append(".")
        return words

    words = triples()
    for _ in range(draw(st.integers(0, 2))):
        words += ["GRAPH", draw(graphs), "{", *triples(), "}", *triples()]
    return ("{", *words, "}")


BLANK = st.sampled_from(BLANKS)
STATED = block(NODES | BLANK, VERBS, NODES | VALUES | BLANK, GRAPHS)
GROUND = block(NODES, VERBS, NODES | VALUES, GRAPHS)
DELETED = block(NODES | VARIABLES, VERBS | VARIABLES, NODES | VALUES | VARIABLES, GRAPHS | VARIABLES)
INSERTED = block(NODES | VARIABLES | BLANK, VERBS | VARIABLES,
                 NODES | VALUES | VARIABLES | BLANK | st.just("<<( ?s ?p ?o )>>"), GRAPHS | VARIABLES)
END = st.sampled_from(["DEFAULT"]) | GRAPHS | GRAPHS.map(lambda one: f"GRAPH {one}")


@st.composite
def modified(draw: st.DrawFn) -> Step:
    """A DELETE, an INSERT or both, with WITH and USING at times."""
    words = ["WITH", draw(GRAPHS)] if draw(st.booleans()) else []
    parts = draw(st.sampled_from([("DELETE",), ("INSERT",), ("DELETE", "INSERT")]))
    for part in parts:
        words += [part, *draw(DELETED if part == "DELETE" else INSERTED)]
    for _ in range(draw(st.integers(0, 2))):
        words += ["USING", *(["NAMED"] if draw(st.booleans()) else []), draw(GRAPHS)]
    return Step((*words, "WHERE", *draw(st.sampled_from(PATTERNS)).split(" ")))


@st.composite
def managed(draw: st.DrawFn) -> Step:
    """An operation on whole graphs."""
    kind = draw(st.sampled_from(["CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"]))
    silent = ["SILENT"] if draw(st.booleans()) else []
    if kind == "CREATE":
        return Step((kind, *silent, "GRAPH", draw(GRAPHS)), kind)
    if kind in ("CLEAR", "DROP"):
        target = draw(st.sampled_from(["DEFAULT", "NAMED", "ALL"]) | GRAPHS.map(lambda one: f"GRAPH {one}"))
        return Step((kind, *silent, *target.split()), kind)
    return Step((kind, *silent, *draw(END).split(), "TO", *draw(END).split()), kind)


STEPS = (STATED.map(lambda words: Step(("INSERT", "DATA", *words))) | managed() | modified()
         | GROUND.map(lambda words: Step(("DELETE", "DATA", *words)))
         | DELETED.map(lambda words: Step(("DELETE", "WHERE", *words))))
SPACES = st.sampled_from([" ", "\n", "\t", " # } ; { \"\n", "\r\n  ", " #'''\n# DROP ALL ;\n"])
PROLOGUES = ["BASE <http://e/a/>", "PREFIX ex: <x:>", "prefix : <sub/>"]


@st.composite
def spaced(draw: st.DrawFn, words: Iterable[str]) -> str:
    """Words with space or comments between; keywords in small letters at times."""
    gap, lower = draw(SPACES), draw(st.booleans())
    other = draw(SPACES)
    shown = [word.lower() if lower and word.isalpha() else word for word in words]
    return "".join(f"{word}{gap if number % 3 else other}" for number, word in enumerate(shown))


# --- what the engine does --------------------------------------------------------------------------------------------


def by_engine(store: ox.Store, steps: Iterable[Step]) -> None:
    """Do each operation as the engine does; what it does to graphs that are not there, or empty, as is specified.

    The engine rewrites ADD, COPY and MOVE, and then neither minds that a graph is missing nor makes an empty copy.
    """
    for step in steps:
        words = [word for word in " ".join(step.words).split() if word not in ("GRAPH", "SILENT", "TO")]
        if step.kind in ("ADD", "MOVE", "COPY"):
            source, target = (_node(word) for word in words[1:])
            if source and not store.contains_named_graph(source):
                if "SILENT" in step.words:
                    continue
                raise RuntimeError("missing")
            store.update(" ".join([*PROLOGUES, *step.words]))
            if target and source != target:
                store.add_graph(target)
        else:
            store.update(" ".join([*PROLOGUES, *step.words]))


def _node(word: str) -> ox.NamedNode | None:
    return None if word == "DEFAULT" else ox.NamedNode(word.strip("<>").replace("ex:", "x:"))


def outcome(work: Any, *given: Any) -> Any:
    """What a call gives, or that it fails."""
    try:
        return work(*given)
    except FAILURES:
        return "fails"


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_an_update_taken_apart_does_what_the_engine_does_with_the_whole(data: st.DataObject) -> None:
    steps = data.draw(st.lists(STEPS, min_size=1, max_size=4))
    steps = [Step(tuple(word.replace("_:", f"_:n{number}") for word in step.words), step.kind)
             for number, step in enumerate(steps)]
    declared = " ".join(PROLOGUES).split()
    again = st.sampled_from([[], declared])
    text = data.draw(spaced([*declared, *(word for step in steps for word in (*step.words, ";", *data.draw(again)))]))
    before, expected, worked = full(), full(), full()
    right = outcome(by_engine, expected, steps)
    found = outcome(worked_out, worked, text)
    assert (found == "fails") == (right == "fails"), text
    if found != "fails":
        assert held(worked) == held(expected), text
        assert_repeatable(found, before, worked)


def assert_repeatable(effect: Effect, before: ox.Store, after: ox.Store) -> None:
    """Hold that an effect, also once it was written down, makes of the one store the other, done once or twice."""
    read = Effect.from_patch(effect.as_patch())
    assert read == effect
    for one in (effect, read):
        store = copy(before)
        for _ in range(2):
            one.apply(store)
            assert set(store) == set(after)
            assert set(store.named_graphs()) == set(after.named_graphs())


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


@given(st.lists(st.sampled_from(["INSERT", "DELETE", "DATA", "WHERE", "{", "}", ";", "<x:a>", "?s", '"', "'''", "#",
                                 "\n", "WITH", "USING", "GRAPH", "DROP", "ALL", "PREFIX", "a:", "BASE", ".", "(",
                                 "\\"])))
@settings(deadline=None)
def test_no_text_does_more_than_the_engine_lets_it(words: list[str]) -> None:
    text = " ".join(words)
    expected, worked = full(), full()
    right, found = outcome(expected.update, text), outcome(worked_out, worked, text)
    if right == "fails":
        declares = any("declares" in one for one in update.operations(text))
        assert found == "fails" or declares
    else:
        assert found != "fails"
        assert held(worked) == held(expected)


def test_two_semicolons_are_refused_also_before_a_declaration() -> None:
    with pytest.raises(SyntaxError, match=r"^error at 1:12: "):
        worked_out(full(), "DROP ALL ;; PREFIX a: <x:> DROP ALL")


def test_an_update_that_is_too_long_is_refused_before_it_is_looked_at() -> None:
    with pytest.raises(errors.TooLong):
        update.operations(" " * (update.LONGEST + 1))


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
