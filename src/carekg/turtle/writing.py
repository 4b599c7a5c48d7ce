"""A graph in the one form of Turtle that is ours: the same triples give the same text, and it is as people write it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import pyoxigraph as ox

from carekg.terms import PREFIXES
from carekg.turtle.nesting import Nested
from carekg.turtle.spelling import TYPE, Speller, Term

FIRST: Final = (TYPE, *(PREFIXES[prefix] + name for prefix, name in (
    ("rdfs", "label"), ("skos", "prefLabel"), ("skos", "altLabel"), ("skos", "definition"))))
"""Properties that come before all others, in their order."""

STEP: Final = "    "
WIDE: Final = 120
"""Characters up to which what is in brackets may stand on one line."""


def write(triples: Iterable[ox.Triple], prefixes: Mapping[str, str] = PREFIXES, head: str = "") -> str:
    """Write a graph: prefixes, then its subjects in order, each with its types first and one statement a line.

    :param prefixes: those that may be used; only those that are used are declared.
    :param head: comment lines for the top.
    """
    graph, speller = Nested.of(triples), Speller(prefixes)
    blocks = [block(graph, subject, speller) for subject in subjects(graph)]
    declared = [f"@prefix {prefix}: <{prefixes[prefix]}> .\n" for prefix in sorted(speller.used)]
    return "\n".join(part for part in (head + "".join(declared), *(f"{one}\n" for one in blocks)) if part)


def subjects(graph: Nested) -> list[Term]:
    """Give the subjects that stand at the left of a line, in order."""
    plain = Speller({}, on_lines=False)
    outside = (one for one in graph.about if one not in graph.inside)
    return sorted(outside, key=lambda one: order(graph.term(one, plain)))


def order(subject: str) -> tuple[int, str]:
    """Give what sorts things with an IRI first, those with a name next, the others last."""
    return ("<_".find(subject[0]) % 3, subject.strip("<>"))


def block(graph: Nested, subject: Term, speller: Speller) -> str:
    """Write all that is said of a subject."""
    name = "[]" if subject in graph.alone else speller.term(graph.renamed(subject))
    return f"{name} {f' ;{chr(10)}{STEP}'.join(pairs(graph, subject, speller, STEP))} ."


def pairs(graph: Nested, subject: Term, speller: Speller, indent: str) -> list[str]:
    """Write each property of a subject with its values."""
    by_predicate: dict[str, list[Term]] = {}
    for triple in graph.triples(subject):
        by_predicate.setdefault(triple.predicate.value, []).append(triple.object)
    return [f"{speller.predicate(predicate)}{_objects(graph, by_predicate[predicate], speller, indent)}"
            for predicate in sorted(by_predicate, key=rank)]


def rank(predicate: str) -> tuple[int, str]:
    """Give what sorts properties: types and names first, then by IRI."""
    return (FIRST.index(predicate) if predicate in FIRST else len(FIRST), predicate)


def _objects(graph: Nested, values: list[Term], speller: Speller, indent: str) -> str:
    """Write the values of a property: one beside it, several on lines of their own."""
    plain = Speller({}, on_lines=False)
    ordered = sorted(values, key=lambda one: graph.term(one, plain))
    if len(ordered) == 1:
        return " " + value(graph, ordered[0], speller, indent)
    deeper = indent + STEP
    return "".join(f"\n{deeper}{value(graph, one, speller, deeper)}" + (" ," if one is not ordered[-1] else "")
                   for one in ordered)


def value(graph: Nested, term: Term, speller: Speller, indent: str) -> str:
    """Write a value; what is nested in it on lines of their own, where one line is too short for it."""
    if term not in graph.inside:
        return speller.term(graph.renamed(term))
    deeper = indent + STEP
    members = graph.members(term)
    parts = ([value(graph, one, speller, deeper) for one in members] if members is not None
             else pairs(graph, term, speller, deeper))
    opening, between, closing = ("(", "", ")") if members is not None else ("[", " ;", "]")
    short = " ".join([opening, f"{between} ".join(parts), closing]) if parts else "[]"
    if "\n" not in short and len(short) <= WIDE - len(indent) and (members is not None or len(parts) <= 1):
        return short
    return f"{opening}\n{deeper}" + f"{between}\n{deeper}".join(parts) + f"\n{indent}{closing}"
