"""Makes the plan of a sheet: what each of its things gains and loses, by what is stated of it now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyoxigraph as ox

from carekg import store
from carekg.forms.model import Field, Term
from carekg.forms.reading import Forms
from carekg.importers.sheets import heads, identity, stated, values
from carekg.importers.sheets.columns import Layout
from carekg.importers.sheets.identity import Told
from carekg.importers.sheets.naming import Known
from carekg.importers.sheets.parts import TYPE, Pair, Parts
from carekg.importers.sheets.plan import CHANGED, CREATED, UNCHANGED, Difference, Plan, Planned
from carekg.importers.sheets.rows import Reader, Said
from carekg.importers.sheets.table import Table, folded, shown
from carekg.names import Names


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
    maker = Maker(graph, reader, told, source)
    things = tuple(maker.things())
    order = sorted({*table.problems, *problems, *reader.problems}, key=lambda one: (one.row, one.column))
    return Plan(table, layout, columns, things, order, tuple(reader.questions.values()), against, maker.cells)


class Maker:
    """Makes the plan of each thing out of what its rows say and what is stated."""

    def __init__(self, graph: store.Store, reader: Reader, told: Mapping[str, Told], source: str) -> None:
        self._reader, self._told, self._layout = reader, told, reader.layout
        self._held = stated.of(graph, told)
        self._parts = Parts.of(graph, self._layout, source, self._held,
                               (said.parts for one in told.values() for said in one.rows))
        self._own = {folded(said.name): one.iri for one in told.values() for said in one.rows if said.name}
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
            whole = key in self._stating(one)
            before = {pair for pair in held if pair[0] in field_.predicates}
            added = {pair for pair in wanted if not any(_same(pair, other) for other in before)}
            removed = {pair for pair in before if whole and not any(_same(pair, other) for other in wanted)}
            if added or removed:
                differences.append(Difference(field_.label, self._shown(field_, added), self._shown(field_, removed)))
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
        return {key for said in one.rows for key in (*said.values, *said.waiting, *said.hows, *said.cleared)}

    def _wanted(self, one: Told, found: Planned) -> dict[str, set[Pair]]:
        """Give the values that each field is to have; what is described in place comes to what a cell names."""
        wanted = {key: pairs or set() for key, pairs in self._named(one).items()}
        for said in one.rows:
            for key, part in said.parts.items():
                self._note(one, said, key)
                wanted.setdefault(key, set()).add(self._part(one, said, key, part, found))
        return wanted

    def _named(self, one: Told) -> dict[str, set[Pair] | None]:
        """Give the values that the cells of each field name; None where they say that it is to have none."""
        wanted: dict[str, set[Pair] | None] = {}
        rows: dict[str, int] = {}
        for said in one.rows:
            for key in dict.fromkeys([*said.values, *said.waiting, *said.cleared, *said.hows]):
                if self._is_key(one, said, key):
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
        return wanted

    def _is_key(self, one: Told, said: Said, key: str) -> bool:
        """Say whether a field is what a row found a known thing by: its name then stays as it is."""
        naming = self._layout.naming
        return naming is not None and key == naming.key and not one.is_new and not said.key

    def _pairs(self, one: Told, said: Said, key: str) -> set[Pair]:
        field_ = self._fields[key]
        terms: list[Term] = list(said.values.get(key, ()))
        if key not in said.values:  # only how it is linked is said
            terms += [value for path, value in self._held.get(one.iri, ()) if path in field_.predicates]
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
        """Remember in which cell a property was typed first."""
        field_ = self._fields[key]
        number = self._reader.number(self._layout.column(field_))
        for path in field_.predicates:
            self.cells.setdefault((one.iri, path), (said.row.number, number))

    def _part(self, one: Told, said: Said, key: str, part: Mapping[str, Term], found: Planned) -> Pair:
        """Give the link to what a row describes in place, and plan what is to be stated of it."""
        field_ = self._fields[key]
        path = next(iter(field_.predicates))
        owned = {value.value for way, value in self._held.get(one.iri, ()) if way == path
                 and isinstance(value, ox.NamedNode)}
        iri, pairs = self._parts.iri(key, part, one.iri, owned)
        found.added += [(iri, *pair) for pair in pairs]
        for inner in self._layout.parts[key].fields:
            number = self._reader.number(self._layout.column(inner, field_))
            for way in inner.predicates:
                self.cells.setdefault((iri, way), (said.row.number, number))
        self.cells.setdefault((iri, ""), (said.row.number, 0))
        return path, ox.NamedNode(iri)

    def _shown(self, field_: Field, pairs: set[Pair]) -> tuple[str, ...]:
        """Give values as a reader knows them: things by their names, and how they are linked where there are ways."""
        found = []
        for path, term in sorted(pairs, key=str):
            text = shown(values.shown(term))
            if isinstance(term, ox.NamedNode):
                mine = self._told.get(term.value)
                named = mine.name if mine else self._parts.words(term.value)
                text = named or self._reader.known.label(term.value)
            found.append(f"{text} ({field_.predicates[path]})" if len(field_.predicates) > 1 else text)
        return tuple(found)


def _same(one: Pair, other: Pair) -> bool:
    return one[0] == other[0] and values.are_alike(one[1], other[1])
