"""Which part of a query the cursor is in, for the editor to offer what may stand there; `|` is the cursor."""

from typing import Any, Final

import pytest

import small

pytestmark = pytest.mark.heavy

MODULE: Final = f"""
import {{ read }} from "{(small.ROOT / 'editor' / 'src' / 'reading.ts').as_uri()}";
const found = JSON.parse(process.argv.at(-1)).map((text) => {{
  const at = text.lastIndexOf("|");
  const {{ place, subject, types, prefixes }} = read(text.slice(0, at) + text.slice(at + 1), at);
  return {{ place, of: [...(types.get(subject) ?? [])], prefixes: Object.fromEntries(prefixes) }};
}});
process.stdout.write(JSON.stringify(found));
"""
PLACES: Final = {
    "outside": ["|", "SELECT | WHERE {", "SELECT * { ?s ?p ?o } ORDER BY |"],
    "prefix": ["PREFIX |", "PREFIX ca|"],
    "none": ["# rem|", "SELECT * { ?s ?p 'wor|", "SELECT * { ?s ?p <x:unfinis|"],
    "subject": [
        "SELECT * { |", "SELECT * { ?s a care:X . |", "SELECT * { ?s ?p ?o FILTER(?o > 3) |",
        "SELECT * { BIND(STR(?x) AS ?y) |", "SELECT * { OPTIONAL { ?s ?p ?o } |"],
    "predicate": [
        "SELECT * { ?s |", "SELECT * { ?s ca|", "SELECT * { ?s a care:X ; |", "SELECT * { ?s care:p/|",
        "SELECT * { ?s ^|", "SELECT * { [ |", "SELECT * { [ a care:X ] |", "SELECT * { ?s ?p [ a ?c ] ; |",
        "SELECT * { ?s ?p ?o . FILTER regex(?o, 'x') ?t |", "SELECT * { ?s ?p ?o FILTER NOT EXISTS { ?s |",
        "SELECT * { ?s ?p ?o FILTER NOT EXISTS { ?s a ?c } ?t |", "SELECT * { GRAPH ?g { ?s |",
        "SELECT * { VALUES (?x) { (1) } ?s |", "SELECT * { { ?s a care:X } UNION { ?t |", "SELECT * { ?s ?p 4 ; |",
        "SELECT (COUNT(*) AS ?n) { ?s |", "CONSTRUCT { ?s a care:X } WHERE { ?s |",
        "SELECT * { { SELECT ?x { ?x a care:X } GROUP BY ?x } ?x |"],
    "object": [
        "SELECT * { ?s a |", "SELECT * { ?s a c|", "SELECT * { ?s a care:X ;\n  care:p |", "SELECT * { ?s a care:X , |",
        "SELECT * { ?s care:p/care:q |", "SELECT * { ?s care:p* |", "SELECT * { ?s (care:p|care:q)+ |",
        "SELECT * { OPTIONAL { ?s a |", "SELECT * { ?s ?p [ a |"],
    "value": ["SELECT * { VALUES ?x { |", "SELECT * { VALUES (?x ?y) { (|"],
    "graph": ["SELECT * { GRAPH |"],
    "expression": ["SELECT * { ?s ?p ?o FILTER(|", "SELECT * { BIND(|"],
}


def read(*texts: str) -> Any:
    """What the editor takes the texts for."""
    import node

    return node.run(MODULE, texts)


def test_the_place_of_the_cursor_is_known() -> None:
    texts = [text for of in PLACES.values() for text in of]
    found = dict(zip(texts, [one["place"] for one in read(*texts)], strict=True))
    assert found == {text: place for place, of in PLACES.items() for text in of}


def test_the_class_of_a_subject_is_known_from_anywhere_in_the_query() -> None:
    before, behind = read("SELECT * { ?x a care:X . ?x |", "SELECT * { ?x | . ?y ?p ?o . ?x a care:X, care:Y }")
    assert (before["of"], behind["of"]) == (["care:X"], ["care:X", "care:Y"])


def test_prefixes_are_those_that_the_text_declares() -> None:
    (found,) = read("PREFIX a: <x:a#>\nPREFIX b-c: <x:b#> SELECT * { ?s | }")
    assert found["prefixes"] == {"a": "x:a#", "b-c": "x:b#"}
