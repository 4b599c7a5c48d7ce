"""What a form that was sent would change: the quads by which it differs from what its author had before them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from carekg import store
from carekg.forms import filling, minting, typed
from carekg.forms.choices import NAMING, Choices
from carekg.forms.model import Choice, Entry, Field, Filled, Form, Problem, Term
from carekg.terms import PREFIXES, compact

TYPE: Final = ox.NamedNode(PREFIXES["rdf"] + "type")
TRUTHS: Final = ("true", "false")

Worth = dict[str, list[tuple[str, Term]]]
Known = dict[tuple[str, str, str], list[tuple[str, Term]]]
"""The values that entries stand for; several where they look the same, such as a text in a language and without."""


@dataclass(frozen=True)
class Row:
    """How one field of one thing changes: what it has no longer, and what it has anew, as texts."""

    thing: str
    about: str
    key: str
    label: str
    gone: tuple[str, ...]
    come: tuple[str, ...]


@dataclass
class Difference:
    """Quads to add and to remove, what is wrong with what was typed, and the things of the form by their places.

    ``thing`` is the IRI of what the form is about; ``places`` gives the beginning of the places of each thing.
    """

    thing: str = ""
    added: set[ox.Quad] = field(default_factory=set)
    removed: set[ox.Quad] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    places: dict[str, tuple[str, Filled]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


def between(before: Iterable[ox.Quad], filled: Filled, choices: Choices, graph: store.Store) -> Difference:
    """Give what differs between the quads that somebody had before them and what they have sent, all picks settled.

    What is new goes to the default graph, which stands for that of stewards; what replaces a value, to its graph.
    """
    reading = _Reading(choices, minting.Mint(graph))
    reading.found.thing = reading.read(filled, "", list(before), "")
    return reading.found


class _Reading:
    """Works through the things of a form, each after the one in which it is made."""

    def __init__(self, choices: Choices, mint: minting.Mint) -> None:
        self.choices, self.mint, self.found = choices, mint, Difference()
        self._own: dict[str, str] = {}

    def read(self, filled: Filled, prefix: str, before: list[ox.Quad], within: str) -> str:
        """Read one thing, and give its IRI."""
        form = filled.form
        stated = filling.values(form, before)
        worth: Worth = defaultdict(list)
        new: list[tuple[Field, str, Entry]] = []
        for one in form.fields:
            known: Known = defaultdict(list)
            for shown, had in filling.shown(one, stated.get(one.key, {}), self.choices):
                known[shown.said].append(had)
            for number, entry in enumerate(filled.entries.get(one.key, ())):
                place = f"{prefix}{one.key}.{number}"
                if entry.new is not None:
                    new.append((one, place, entry))
                elif not entry.is_blank and (pair := self._pair(one, entry, place, known)) is not None:
                    worth[one.key].append(pair)
        stem = minting.stem(form, worth, within)
        iri = filled.thing or self.mint.iri(form, stem, minting.scheme(form, worth))
        self._own[iri] = self._name(form, worth)
        self.found.places[iri] = (prefix, filled)
        first = len(self.found.rows)
        for one, place, entry in new:
            if entry.new is not None and (how := self._how(one, entry, place)):
                worth[one.key].append((how, ox.NamedNode(self.read(entry.new, f"{place}/", [], stem))))
        self._note(filled, iri, before, stated, worth, first)
        return iri

    # --- one place ----------------------------------------------------------------------------------------------------

    def _pair(self, one: Field, entry: Entry, place: str, known: Known) -> tuple[str, Term] | None:
        """Give the property and the value that an entry stands for, or note what is wrong with it."""
        if same := known.get(entry.said):
            return same.pop(0) if len(same) > 1 else same[0]
        how = self._how(one, entry, place)
        value = self._value(one, entry, place)
        return (how, value) if how and value is not None else None

    def _how(self, one: Field, entry: Entry, place: str) -> str:
        how = entry.how if entry.how in one.predicates else ""
        if not how:
            ways = ", ".join(one.predicates.values())
            self._problem(place, f"Say how it is linked: {ways}.")
        return how

    def _value(self, one: Field, entry: Entry, place: str) -> Term | None:
        kind = one.values.kind
        if kind == "list":
            return self._listed(one, entry, place)
        if kind == "thing":
            return self._thing(one, entry, place)
        if kind == "truth" and entry.text not in TRUTHS:
            self._problem(place, f"{_quoted(entry.text)} is neither true nor false.")
            return None
        try:
            return typed.term(entry.text, one.values, entry.language)
        except ValueError as wrong:
            self._problem(place, f"{_quoted(entry.text)} is not {wrong}{'' if str(wrong).endswith('?') else '.'}")
            return None

    def _listed(self, one: Field, entry: Entry, place: str) -> Term | None:
        all_ = self.choices.listed(one.values)
        same = [choice for choice in all_ if entry.text.strip().casefold() in (
            choice.value.casefold(), choice.label.casefold(), compact(choice.value).casefold())]
        if not same:
            self._problem(place, f"{_quoted(entry.text)} is not in the list of {one.label}.", all_[:12])
            return None
        plain = {str(term): term for term in one.values.listed}
        return plain.get(same[0].value) or ox.NamedNode(same[0].value)

    def _thing(self, one: Field, entry: Entry, place: str) -> Term | None:
        iri, near = self.choices.meant(entry.text, one.values.classes)
        if iri:
            return ox.NamedNode(iri)
        typed_ = _quoted(entry.text)
        same = bool(near) and near[0].label.casefold() == " ".join(entry.text.split()).casefold()
        self._problem(place, f"Several things are called {typed_}: choose one." if same else
                      f"Nothing here is called {typed_}: choose one of those like it, or make a new one." if near else
                      f"Nothing here is called {typed_}, or like it: type another name, or make a new one.", near)
        return None

    def _problem(self, place: str, message: str, near: Iterable[Choice] = ()) -> None:
        self.found.problems.append(Problem(place, message, tuple(near)))

    # --- what comes of it ---------------------------------------------------------------------------------------------

    def _note(self, filled: Filled, iri: str, before: list[ox.Quad],
              stated: Mapping[str, Mapping[tuple[str, Term], set[ox.Quad]]], worth: Worth, first: int) -> None:
        """Note the quads and the rows of one thing."""
        item, rows = ox.NamedNode(iri), []
        if not filled.thing:
            self.found.added.add(ox.Quad(item, TYPE, ox.NamedNode(filled.form.iri)))
        for one in filled.form.fields:
            had, has = stated.get(one.key, {}), dict.fromkeys(worth.get(one.key, ()))
            gone = [pair for pair in had if pair not in has]
            come = [pair for pair in has if pair not in had]
            self.found.removed |= {quad for pair in gone for quad in had[pair]}
            self.found.added |= {ox.Quad(item, ox.NamedNode(how), value, _place(before, how, gone, had))
                                 for how, value in come}
            if gone or come:
                texts = self._texts(one, gone), self._texts(one, come)
                rows.append(Row(iri, self._own[iri], one.key, one.label, *texts))
        self.found.rows[first:first] = rows

    def _texts(self, one: Field, pairs: list[tuple[str, Term]]) -> tuple[str, ...]:
        """Give values as people read them."""
        links = [value.value for _, value in pairs if isinstance(value, ox.NamedNode) and value.value not in self._own]
        names = {**self.choices.called(links), **self._own}
        told = [(how, names.get(value.value, value.value) if isinstance(value, ox.NamedNode) else typed.text(value))
                for how, value in pairs]
        return tuple(f"{one.predicates[how]}: {text}" if len(one.predicates) > 1 else text for how, text in told)

    def _name(self, form: Form, worth: Worth) -> str:
        """Give what a thing is called that the graph may not know yet."""
        texts = [value.value for name in NAMING if (one := form.of(name)) is not None
                 for how, value in worth.get(one.key, []) if isinstance(value, ox.Literal) and how == name]
        return texts[0] if texts else f"a new {form.label}"


def _place(before: Iterable[ox.Quad], how: str, gone: Iterable[tuple[str, Term]],
           had: Mapping[tuple[str, Term], set[ox.Quad]]) -> ox.NamedNode | ox.BlankNode | ox.DefaultGraph:
    """Give the graph for a value: that of one that it replaces, of its like, of the thing; else that of stewards."""
    replaced = [quad for pair in gone for quad in had[pair]]
    like = [quad for quad in before if quad.predicate.value == how]
    typed_ = [quad for quad in before if quad.predicate == TYPE]
    for quads in (replaced, like, typed_):
        if quads:
            return min((quad.graph_name for quad in quads), key=str)
    return ox.DefaultGraph()


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line if len(line) <= 80 else line[:77] + '...'}”"
