"""What a sheet would change: thing by thing, what it states and withdraws, and whence each of it comes."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from carekg import change, store
from carekg.forms import minting
from carekg.forms.model import Field, Form, Term
from carekg.forms.reading import Forms
from carekg.importers.sheets import heads, identity, keys, stated, values
from carekg.importers.sheets.columns import Column, Layout
from carekg.importers.sheets.identity import Told
from carekg.importers.sheets.naming import Known, Question
from carekg.importers.sheets.rows import Reader, Said
from carekg.importers.sheets.table import Problem, Table, folded, shown
from carekg.names import Names
from carekg.store import About
from carekg.terms import CARE, PREFIXES

TYPE: Final = PREFIXES["rdf"] + "type"
CREATED: Final = "new"
CHANGED: Final = "changed"
UNCHANGED: Final = "unchanged"

Pair = tuple[str, Term]
"""A property and a value."""

Comparable = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Difference:
    """What a field of a thing gains and loses, in words."""

    field: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


@dataclass
class Planned:
    """What becomes of one thing: its statements to add and to remove, and the cell that each comes from."""

    iri: str
    name: str
    verdict: str
    rows: tuple[int, ...]
    differences: tuple[Difference, ...] = ()
    added: list[tuple[str, str, Term]] = field(default_factory=list)
    removed: list[tuple[str, str, Term]] = field(default_factory=list)


@dataclass
class Plan:
    """What a sheet would change, what is wrong with it, and what has to be confirmed first.

    ``cells`` tell for a thing and a property the row and the column where it was typed.
    """

    table: Table
    layout: Layout
    columns: Mapping[int, Column]
    things: tuple[Planned, ...]
    problems: list[Problem]
    questions: tuple[Question, ...]
    against: int
    cells: Mapping[tuple[str, str], tuple[int, int]]

    def counts(self) -> dict[str, int]:
        """Give how many things are new, changed and unchanged."""
        return {verdict: sum(one.verdict == verdict for one in self.things)
                for verdict in (CREATED, CHANGED, UNCHANGED)}

    @property
    def is_ready(self) -> bool:
        """Say whether nothing is wrong and nothing is to be confirmed."""
        return not self.problems and not self.questions

    def change(self, about: About, client: str = "") -> change.Change:
        """Give the one change that the sheet makes."""
        added, removed = ({_quad(*one) for thing in self.things for one in getattr(thing, part)}
                          for part in ("added", "removed"))
        return change.Change.of(added, removed - added, about, self.against, client)


def planned(table: Table, forms: Forms, layout: Layout, graph: store.Store, names: Names,
            answers: Mapping[tuple[str, str], str] | None = None, source: str = "") -> Plan:
    """Give what a table would change in a graph.

    :param answers: to questions, beside those that the workbook holds.
    :param source: the IRI of the source of passages that name none.
    """
    against = graph.history.last()
    columns, problems = heads.matched(table, layout)
    known = Known(names, {**table.answers, **(answers or {})}, lambda class_: stated.instances(graph, class_))
    reader = Reader(layout, columns, known)
    naming = next((number for number, one in columns.items() if one.field == layout.naming and not one.within), 0)
    reader.names = {folded(row.cells[naming].text) for row in table.rows if naming in row.cells}
    said = [reader.said(row) for row in table.rows]
    told = identity.Identities(graph, reader, forms.above.get(layout.form.iri, ())).find(said)
    maker = _Maker(graph, reader, told, source)
    things = tuple(maker.things())
    order = sorted({*table.problems, *problems, *reader.problems}, key=lambda one: (one.row, one.column))
    return Plan(table, layout, columns, things, order, tuple(reader.questions.values()), against, maker.cells)


class _Maker:
    """Makes the plan of each thing out of what its rows say and what is stated."""

    def __init__(self, graph: store.Store, reader: Reader, told: Mapping[str, Told], source: str) -> None:
        self._reader, self._told, self._layout = reader, told, reader.layout
        self._source = source
        self._held = stated.of(graph, told)
        self._inner = self._parts_held(graph)
        self._by_words: dict[str, dict[Comparable, list[str]]] = {}
        self._own = {folded(one.name): one.iri for one in told.values() if one.name}
        self._fields = {one.key: one for one in self._layout.form.fields}
        self.cells: dict[tuple[str, str], tuple[int, int]] = {}

    def things(self) -> Iterator[Planned]:
        """Give the plan of each thing."""
        for one in self._told.values():
            yield self._planned(one)

    def _planned(self, one: Told) -> Planned:
        held = self._held.get(one.iri, set())
        found = Planned(one.iri, one.name or self._reader.known.label(one.iri), UNCHANGED,
                        tuple(said.row.number for said in one.rows))
        differences = []
        for key, wanted in self._wanted(one, found).items():
            field_ = self._fields[key]
            cleared, whole = wanted is None, key in self._stating(one)
            before = {pair for pair in held if pair[0] in field_.predicates}
            pairs = set() if wanted is None else wanted
            added = {pair for pair in pairs if not any(_same(pair, other) for other in before)}
            removed = {pair for pair in before if (whole or cleared) and not any(_same(pair, other) for other in pairs)}
            if added or removed:
                differences.append(Difference(field_.label, self._shown(added), self._shown(removed)))
                found.added += [(one.iri, *pair) for pair in added]
                found.removed += [(one.iri, *pair) for pair in removed]
        found.differences = tuple(differences)
        if one.is_new and not held:
            found.added.append((one.iri, TYPE, ox.NamedNode(self._layout.form.iri)))
            found.verdict = CREATED
        elif found.added or found.removed:
            found.verdict = CHANGED
        return found

    def _stating(self, one: Told) -> set[str]:
        """Give the fields whose cells say all values there are, so that others are withdrawn."""
        return {key for said in one.rows for key in (*said.values, *said.waiting)}

    def _wanted(self, one: Told, found: Planned) -> dict[str, set[Pair] | None]:
        """Give the values that each field is to have; None where it is to have none."""
        wanted: dict[str, set[Pair] | None] = {}
        rows: dict[str, int] = {}
        for said in one.rows:
            for key in [*dict.fromkeys([*said.values, *said.waiting, *said.cleared])]:
                if self._is_key(one, key):
                    continue
                pairs = None if key in said.cleared else self._pairs(one, said, key)
                self._note(one, said, key)
                if key in wanted and self._differ(wanted[key], pairs, self._fields[key]):
                    self._contradicts(said, key, rows[key])
                elif pairs is not None:
                    wanted[key] = (wanted.get(key) or set()) | pairs
                else:
                    wanted[key] = None
                rows.setdefault(key, said.row.number)
            for key, part in said.parts.items():
                self._note(one, said, key)
                wanted[key] = (wanted.get(key) or set()) | {self._part(one, said, key, part, found)}
        return wanted

    def _is_key(self, one: Told, key: str) -> bool:
        """Say whether a field is what a known thing was found by: its name then stays as it is."""
        naming = self._layout.naming
        return naming is not None and key == naming.key and not one.is_new and not one.by_key

    def _pairs(self, one: Told, said: Said, key: str) -> set[Pair]:
        field_ = self._fields[key]
        terms: list[Term] = list(said.values.get(key, ()))
        terms += [ox.NamedNode(self._own[folded(name)]) for name in said.waiting.get(key, ())
                  if folded(name) in self._own]
        return {(self._how(one, said, field_, term), term) for term in terms}

    def _how(self, one: Told, said: Said, field_: Field, term: Term) -> str:
        """Give the property by which a value is linked: the only one, the one that is said, or the one it has."""
        if len(field_.predicates) == 1:
            return next(iter(field_.predicates))
        if field_.key in said.hows:
            return said.hows[field_.key]
        held = [path for path, value in self._held.get(one.iri, ()) if path in field_.predicates and value == term]
        if not held:
            column = next((one for one in self._layout.columns if one.field == field_ and one.how), None)
            number = self._reader.number(column)
            ways = ", ".join(field_.predicates.values())
            self._reader.problem(said.row, number, f"It is not said how the row is linked to its {field_.label}.",
                                 f"Fill in `{column.head if column else ''}` with one of: {ways}.")
        return held[0] if held else next(iter(field_.predicates))

    @staticmethod
    def _differ(before: set[Pair] | None, pairs: set[Pair] | None, field_: Field) -> bool:
        """Say whether two rows of a thing contradict each other; where it may have several values, they add up."""
        if before is None or pairs is None:
            return before is not pairs
        return field_.most == 1 and not all(any(_same(one, other) for other in before) for one in pairs)

    def _contradicts(self, said: Said, key: str, row: int) -> None:
        field_ = self._fields[key]
        number = self._reader.number(self._layout.column(field_))
        self._reader.problem(said.row, number, f"Rows {row} and {said.row.number} are about the same "
                             f"{self._layout.form.label}, and differ in `{field_.label}`.",
                             "Make them the same, or give them different ids.")

    def _note(self, one: Told, said: Said, key: str) -> None:
        """Remember in which cell a property was typed, the last that is not empty."""
        field_ = self._fields[key]
        number = self._reader.number(self._layout.column(field_))
        for path in field_.predicates:
            self.cells.setdefault((one.iri, path), (said.row.number, number))

    # --- what is described in place ---------------------------------------------------------------------------------

    def _part(self, one: Told, said_row: Said, key: str, part: Mapping[str, Term], found: Planned) -> Pair:
        """Give the link to what a row describes in place: what is there and says the same, or something new."""
        form, field_ = self._layout.parts[key], self._fields[key]
        by_key = {inner.key: inner for inner in form.fields}
        pairs: set[Pair] = {(next(iter(by_key[name].predicates)), term) for name, term in part.items()}
        if self._source and not any(path == str(CARE.isFrom) for path, _ in pairs) and form.of(str(CARE.isFrom)):
            pairs.add((str(CARE.isFrom), ox.NamedNode(self._source)))
        path = next(iter(field_.predicates))
        shared = form.iri == str(CARE.Passage)
        said = _comparable(pairs)
        mine = {value.value for way, value in self._held.get(one.iri, ()) if way == path
                and isinstance(value, ox.NamedNode)}
        same = [iri for iri in self._saying(form).get(said, ()) if shared or iri in mine]
        iri = min(same) if same else self._new_part(form, pairs, "" if shared else one.iri)
        if iri not in self._inner:
            self._inner[iri] = {*pairs, (TYPE, ox.NamedNode(form.iri))}
            self._saying(form)[said].append(iri)
            found.added += [(iri, *pair) for pair in self._inner[iri]]
        self._note_part(iri, said_row, field_)
        return path, ox.NamedNode(iri)

    def _saying(self, form: Form) -> dict[Comparable, list[str]]:
        """Give the parts that are there by what they say in all fields of their form."""
        if form.iri not in self._by_words:
            paths = {path for inner in form.fields for path in inner.predicates}
            found: dict[Comparable, list[str]] = defaultdict(list)
            for iri, pairs in self._inner.items():
                found[_comparable(pair for pair in pairs if pair[0] in paths)].append(iri)
            self._by_words[form.iri] = found
        return self._by_words[form.iri]

    def _new_part(self, form: Form, pairs: set[Pair], parent: str) -> str:
        """Give the IRI of a part: the same for the same words, so that a sheet can be brought in again."""
        lines = sorted(f"{path} {term}" for path, term in pairs)
        digest = hashlib.sha256("\n".join([parent, *lines]).encode()).hexdigest()[:10]
        named = parent or next((term.value for path, term in pairs if isinstance(term, ox.NamedNode)), "")
        stem = minting.slug(named.rpartition("/")[2]) or "part"
        return f"{keys.home(form.iri)}{stem}-{digest}"

    def _note_part(self, iri: str, said: Said, field_: Field) -> None:
        """Remember in which cell each property of a part was typed."""
        for one in self._layout.parts[field_.key].fields:
            number = self._reader.number(self._layout.column(one, field_))
            for path in one.predicates:
                self.cells.setdefault((iri, path), (said.row.number, number))
        self.cells.setdefault((iri, ""), (said.row.number, 0))

    def _parts_held(self, graph: store.Store) -> stated.Statements:
        """Give what is stated of the parts of known things, and of the passages from the sources of the sheet."""
        paths = {path for key in self._layout.parts for path in self._field_paths(key)}
        linked = {value.value for pairs in self._held.values() for path, value in pairs
                  if path in paths and isinstance(value, ox.NamedNode)}
        found = stated.of(graph, linked)
        sources = {term.value for one in self._told.values() for said in one.rows for part in said.parts.values()
                   for term in part.values() if isinstance(term, ox.NamedNode)} | ({self._source} - {""})
        if any(form.iri == str(CARE.Passage) for form in self._layout.parts.values()) and sources:
            for iri, pairs in stated.passages(graph, sources).items():
                found[iri] |= pairs
        return found

    def _field_paths(self, key: str) -> Mapping[str, str]:
        return next(one.predicates for one in self._layout.form.fields if one.key == key)

    def _shown(self, pairs: set[Pair]) -> tuple[str, ...]:
        """Give values as a reader knows them: things by their names, with the words by which they are linked."""
        found = []
        for _path, term in sorted(pairs, key=str):
            if isinstance(term, ox.NamedNode):
                mine = self._told.get(term.value)
                inner = self._inner.get(term.value)
                found.append(mine.name if mine and mine.name else _words(inner) if inner
                             else self._reader.known.label(term.value))
            else:
                found.append(shown(values.shown(term)))
        return tuple(found)


def _words(pairs: set[Pair]) -> str:
    """Give what stands in a part: its texts."""
    texts = [term.value for _, term in sorted(pairs, key=str) if isinstance(term, ox.Literal)]
    return shown("; ".join(texts)) or "a part"


def _comparable(pairs: Iterable[Pair]) -> Comparable:
    """Give statements as they are compared: texts without their language, numbers by value."""
    return frozenset((path, values.plain(term)) for path, term in pairs)


def _same(one: Pair, other: Pair) -> bool:
    return one[0] == other[0] and values.are_alike(one[1], other[1])


def _quad(subject: str, predicate: str, value: Term) -> ox.Quad:
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), value)


def by_row(plan: Plan) -> dict[int, list[Planned]]:
    """Give what becomes of the thing of each row."""
    found: dict[int, list[Planned]] = defaultdict(list)
    for thing in plan.things:
        for row in thing.rows:
            found[row].append(thing)
    return found
