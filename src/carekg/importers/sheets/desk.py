"""Everything that a graph has for its sheets, read once: templates are made of it, and sheets are held against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath

from rapidfuzz import process

from carekg import errors, store
from carekg.change.guard import Guard
from carekg.forms import reading
from carekg.forms.model import Form
from carekg.forms.reading import Forms
from carekg.importers.sheets import columns, judging, making, plan
from carekg.importers.sheets.limits import MOST_ROWS
from carekg.importers.sheets.naming import Known
from carekg.importers.sheets.table import Problem, Table, folded
from carekg.names import Names
from carekg.terms import CARE, compact

Answers = Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Outcome:
    """What a sheet would change, and all that is wrong with it, by the sheet itself and by the guard of the graph."""

    plan: plan.Plan
    problems: tuple[Problem, ...]
    known: Known

    @property
    def is_ready(self) -> bool:
        """Say whether nothing is wrong and nothing is to be confirmed."""
        return not self.problems and not self.plan.questions

    @property
    def is_change(self) -> bool:
        """Say whether anything would change."""
        return any(one.added or one.removed for one in self.plan.things)

    def copy(self) -> bytes:
        """Give the copy of the sheet with errors and questions in it."""
        from carekg.importers.sheets import checked  # imported here: it brings the library that writes workbooks

        return checked.checked(self.plan, self.problems, self.known)

    def raise_for_problems(self) -> None:
        """Refuse what is wrong, and what is still to be confirmed.

        :raises WrongCells, Unconfirmed: with a sentence for each.
        """
        asked = [one.sentence() for one in self.plan.questions]
        if self.problems:
            raise errors.WrongCells([*(one.sentence() for one in self.problems), *(f"To be confirmed: {one}"
                                                                                   for one in asked)])
        if asked:
            raise errors.Unconfirmed(asked)


class Desk:
    """The forms, the names and the guard of a graph, as they are now."""

    def __init__(self, graph: store.Store, names: Names, guard: Guard, forms: Forms | None = None) -> None:
        self.graph, self.names, self.guard = graph, names, guard
        self.forms = forms or reading.read(graph)

    def kinds(self) -> list[Form]:
        """Give the classes that have templates: those whose things have a name or a summary."""
        return [form for form in self.forms.forms.values() if any(form.of(path) for path in columns.CALLED)]

    def find(self, name: str) -> columns.Layout:
        """Give the columns of a class by its label, ``prefix:name`` or IRI, in capitals or not.

        :raises BadValue: there is none, or its things have no names; the sentence offers near misses.
        """
        known = {key: form for form in self.kinds() for key in _keys(form)}
        if found := known.get(_squeezed(name)):
            return columns.layout(self.forms, found)
        near = process.extract(_squeezed(name), list(known), score_cutoff=70, limit=3)
        raise errors.BadValue(name, "a class of things that has a template",
                              list(dict.fromkeys(known[key].label for key, *_ in near)))

    def titles(self) -> list[str]:
        """Give what sheets with data may be called."""
        return [form.label for form in self.kinds()]

    def layout(self, table: Table, name: str = "") -> columns.Layout:
        """Give the columns of a table's class: the one that is named, or that its sheet or file is called by.

        :raises BadSheet: it is called by none.
        """
        if name:
            return self.find(name)
        labels = {folded(form.label): form for form in self.kinds()}
        stem = folded(PurePath(table.file).stem)
        for title in (folded(table.title), stem, stem.removesuffix("s")):
            if title in labels:
                return columns.layout(self.forms, labels[title])
        raise errors.BadSheet(table.file, f"does not say what its rows are: its sheet is called `{table.title}`",
                              "call the sheet by a class, such as Site, or name the class beside the file")

    def template(self, name: str, *, filled: bool = False) -> tuple[str, bytes]:
        """Give the template of a class, ``filled`` with all its things or not, and what to call the file.

        :raises BadInput: it has more things than rows of a sheet are read.
        """
        from carekg.importers.sheets import template  # imported here: it brings the library that writes workbooks

        layout = self.find(name)
        if filled and (count := len(self.names.typed([layout.form.iri]))) > MOST_ROWS:
            raise errors.BadInput(f"{count:,} things are a {layout.form.label}, and a sheet of {MOST_ROWS:,} rows is "
                                  "the most that is read; take the template that is not filled.")
        file = f"{'-'.join(layout.form.label.split())}.xlsx"
        return file, template.template(layout, Known(self.names, {}), self.graph if filled else None)

    def checked(self, table: Table, name: str = "", answers: Answers | None = None, source: str = "", *,
                judge: bool = True) -> Outcome:
        """Hold a table against the graph; nothing is changed.

        :param answers: to questions, beside those that the workbook holds.
        :param source: the name or key of the source of passages that name none.
        :param judge: ask the guard of the graph too; whoever commits at once is told by it then.
        """
        layout = self.layout(table, name)
        known = Known(self.names, {**table.answers, **(answers or {})})
        found = making.planned(table, self.forms, layout, self.graph, self.names, answers, self.source(source))
        problems = list(found.problems)
        if not table.heads:
            problems.append(Problem(0, 0, "", "It is empty.", "Right is a first row of heads, as in the template."))
        elif not found.columns:
            problems.append(Problem(table.head_row, 0, "", f"No head is a column of a {layout.form.label}.",
                                    "Take the template of the class, or name another class."))
        elif judge:
            problems += judging.judged(found, self.graph, self.guard, self.forms)
        ordered = sorted(dict.fromkeys(problems), key=lambda one: (one.row, one.column))
        return Outcome(replace(found, problems=ordered), tuple(ordered), known)

    def source(self, text: str) -> str:
        """Give the IRI of a source by its name or key.

        :raises BadValue: there is none, or several; the sentence offers some.
        """
        if not text:
            return ""
        meaning = Known(self.names, {}).reference(text, (str(CARE.Source),), "source")
        if meaning.iri:
            return meaning.iri
        near = [compact(one.thing.iri) for one in meaning.question.candidates[:3]] if meaning.question else []
        raise errors.BadValue(text, "a source that is known", near)


def _keys(form: Form) -> set[str]:
    local = form.iri.rpartition("#")[2].rpartition("/")[2]
    return {_squeezed(one) for one in (form.iri, compact(form.iri), form.label, local)}


def _squeezed(text: str) -> str:
    return "".join(text.replace("-", " ").replace("_", " ").split()).casefold()
