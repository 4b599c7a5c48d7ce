"""Updates that are made up: their operations, in all the ways in which they may be written."""

from collections.abc import Iterable
from typing import NamedTuple

from hypothesis import strategies as st


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
