"""Which thing each row is about: one that is known, by its key or its name, or a new one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from carekg import store
from carekg.forms import minting
from carekg.forms.model import Field
from carekg.importers.sheets import keys, stated
from carekg.importers.sheets.columns import SUBJECT
from carekg.importers.sheets.naming import Question, short
from carekg.importers.sheets.rows import Reader, Said
from carekg.importers.sheets.table import folded
from carekg.names import LABEL, Match, Name
from carekg.terms import BASE, CARE, expand

LINKS: Final = frozenset(map(str, (CARE.Claim,)))
"""Classes whose things are told apart by what they are about as well as by what they go by."""


@dataclass
class Told:
    """A thing of the sheet, whether it is new, the first name that its rows give it, and what they say."""

    iri: str
    is_new: bool
    name: str
    rows: list[Said] = field(default_factory=list)


class Identities:
    """Finds the things that rows are about."""

    def __init__(self, graph: store.Store, reader: Reader, above: Sequence[str]) -> None:
        self._graph, self._reader, self._known = graph, reader, reader.known
        self._class = reader.layout.form.iri
        self._subject = self._subject_of(above)
        self._home = keys.home(self._class, self._known.homes(self._class))
        self._keys = keys.Keys(keys.taken(graph, self._home))
        self.told: dict[str, Told] = {}
        self._named: dict[tuple[str, ...], tuple[str, bool]] = {}
        """Things by what rows call them that are not known by it, each with whether it is new."""

    def find(self, rows: Sequence[Said]) -> dict[str, Told]:
        """Give the things by their IRIs, in the order of their first rows; rows in doubt are left out.

        A row with a key says what its name means for all rows, wherever it stands.
        """
        held = self._candidates(rows)
        for said in sorted(rows, key=lambda row: not row.key):
            found = self._of(said, held)
            if found is not None:
                iri, is_new = found
                self.told.setdefault(iri, Told(iri, is_new, "")).rows.append(said)
                if said.key and said.name:
                    self._named.setdefault(self._called(said), found)
        for one in self.told.values():
            one.rows.sort(key=lambda said: said.row.number)
            one.name = next((said.name for said in one.rows if said.name), "")
        return dict(sorted(self.told.items(), key=lambda item: item[1].rows[0].row.number))

    def _of(self, said: Said, held: stated.Statements) -> tuple[str, bool] | None:
        """Give the thing of a row and whether it is new; None where that is wrong or in doubt, which is noted."""
        if said.key:
            return self._by_key(said)
        if not said.name:
            self._unnamed(said)
            return None
        if self._reader.layout.is_claim:
            return self._claim(said, held)
        meaning = self._known.own(said.name, self._class, self._head())
        if meaning.question:
            self._reader.ask(meaning.question, said.row.number)
            return None
        return (meaning.iri, False) if meaning.iri else self._fresh(said)

    def _by_key(self, said: Said) -> tuple[str, bool] | None:
        if iri := self._known.by_key(said.key, (self._class,)):
            return iri, False
        number = self._reader.number(self._reader.layout.columns[0])
        if other := self._known.by_key(said.key):
            kind = self._reader.layout.form.label
            self._reader.problem(said.row, number, f"{self._known.label(other)} is there, and is no {kind}.",
                                 "Name another, or leave the cell empty for something new.")
            return None
        iri = expand(said.key) or self._home + said.key.removeprefix(self._home.removeprefix(BASE + "id/"))
        local = iri.removeprefix(self._home)
        if not local or local != minting.slug(local) or not iri.startswith(self._home):
            right = f"{short(self._home)}{minting.slug(said.key.rpartition('/')[2]) or 'some-name'}"
            self._reader.problem(said.row, number, "There is no such key, and a new one cannot look so.",
                                 f"Right is {right}, or nothing.")
            return None
        self._keys.take(iri)
        return iri, True

    def _unnamed(self, said: Said) -> None:
        head = self._head()
        naming = self._reader.layout.column(self._reader.layout.naming) if self._reader.layout.naming else None
        number = self._reader.number(naming)
        if not any(problem.row == said.row.number and problem.column == number for problem in self._reader.problems):
            self._reader.problem(said.row, number, f"The row has neither an id nor anything in `{head}`.",
                                 "Give one of the two.")

    def _claim(self, said: Said, held: stated.Statements) -> tuple[str, bool] | None:
        """Give the claim of a row: one of the same words about the same subject, or a new one."""
        if said.is_open:
            return None
        same = self._same(said, held, self._subjects(said))
        if len(same) > 1:
            answer = self._known.answer(self._head(), said.name)
            if iri := self._known.by_key(answer, (self._class,)):
                return iri, False
            things = self._known.names.things
            found = tuple(Match(things[iri], 100, Name(iri, said.name, LABEL), "It says just this.") for iri in same)
            self._reader.ask(Question(self._head(), said.name, found, given=answer), said.row.number)
            return None
        if same:
            return same[0], False
        return self._fresh(said)

    def _subjects(self, said: Said) -> set[str]:
        return {str(one) for one in said.values.get(self._subject.key, ())} if self._subject else set()

    def _same(self, said: Said, held: stated.Statements, subjects: set[str]) -> list[str]:
        paths = set(self._subject.predicates) if self._subject else set()
        return [iri for iri in self._known.called(said.name, self._class)
                if not subjects or subjects & {str(value) for path, value in held.get(iri, ()) if path in paths}]

    def _candidates(self, rows: Sequence[Said]) -> stated.Statements:
        """Give what is stated of the claims that say what a row says."""
        if not self._reader.layout.is_claim:
            return {}
        return stated.of(self._graph, {iri for said in rows if said.name and not said.key
                                       for iri in self._known.called(said.name, self._class)})

    def _called(self, said: Said) -> tuple[str, ...]:
        """Give what tells the thing of a row from others of the sheet: its name, that of a claim with its subject."""
        return folded(said.name), *sorted(self._subjects(said))

    def _fresh(self, said: Said) -> tuple[str, bool]:
        """Give the thing of a name that is not known: the same for all rows of that name, a new one for the first."""
        key = self._called(said)
        if key not in self._named:
            form = self._reader.layout.form
            fields = {one.key: one for one in form.fields}
            worth = {name: [(next(iter(fields[name].predicates)), term) for term in terms]
                     for name, terms in said.values.items()}
            scheme = minting.scheme(form, worth)
            below = f"{scheme.rstrip('/')}/" if scheme.startswith(BASE) else self._home
            self._named[key] = self._keys.fresh(below, minting.stem(form, worth)), True
        return self._named[key]

    def _head(self) -> str:
        naming = self._reader.layout.naming
        column = self._reader.layout.column(naming) if naming else None
        return column.head if column else ""

    def _subject_of(self, above: Iterable[str]) -> Field | None:
        """Give the field of what a claim is about: the one that may be linked in several ways, one of them held."""
        return self._reader.layout.form.of(SUBJECT) if LINKS & set(above) else None
