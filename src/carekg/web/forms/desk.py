"""One form on somebody's desk: what was stated when they got it, what they have typed, and what that comes to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

import pyoxigraph as ox

from carekg import change, errors, reports
from carekg.forms import difference, filling, sending, stating, telling
from carekg.forms.choices import Choices
from carekg.forms.difference import Difference, Row
from carekg.forms.model import NAMING, Choice, Entry, Filled, Form, Problem
from carekg.forms.reading import Forms
from carekg.reader.effect import Effect
from carekg.store import About
from carekg.terms import CARE
from carekg.web import named, site
from carekg.web.protocol import commits

WHY, SOURCE, AGAINST = "why", "source", "against"
"""The names under which a form sends what its change is about."""

SOURCES: Final = (str(CARE.Source),)


@dataclass
class Desk:
    """A form that was sent; ``typed`` are what its author has sent, by the names of places."""

    forms: Forms
    form: Form
    typed: dict[str, str]
    thing: str = ""
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.graph = site.asker().graph
        self.choices = Choices(self.graph, named.names)
        self.last = self.graph.history.last()  # read before what is stated: a change between makes a conflict, no loss
        against = number(self.typed.get(AGAINST, ""))
        if against is not None and against > self.last:  # a backup was restored after the form was given
            raise errors.BadInput(f"The form was given after change {against}, and the last one here is {self.last}: "
                                  "go back, keep what you typed, and load the form anew.")
        self.against = self.last if against is None else against
        self.stated = stating.of(self.graph, self.thing, self.against) if self.thing else stating.Stated(
            frozenset(), frozenset())
        self.form = filling.short(self.form, self.stated.now | self.stated.before)

    def given(self) -> Filled:
        """Give the form as it is given to somebody, with what is stated now."""
        if self.thing:
            return filling.filled(self.form, self.thing, self.stated.now, self.choices)
        return self.sent()

    def laid_over(self, effect: Effect) -> Filled:
        """Give the form of a thing with what is stated now, and upon it what a draft adds and takes away."""
        gone = {(quad.subject, quad.predicate, quad.object) for quad in effect.removed}
        left = {quad for quad in self.stated.now if (quad.subject, quad.predicate, quad.object) not in gone}
        come = {quad for quad in effect.added if quad.subject == ox.NamedNode(self.thing)}
        return filling.filled(self.form, self.thing, left | come, self.choices)

    def beside(self, found: Difference, effect: Effect) -> Difference:
        """Give what the form changes, and what a draft says beyond the fields of the form: that stays."""
        own = {predicate for one in self.form.fields for predicate in one.predicates}
        added, removed = ({quad for quad in quads if quad.subject != ox.NamedNode(self.thing)
                           or quad.predicate.value not in own} for quads in (effect.added, effect.removed))
        return replace(found, added=found.added | added, removed=found.removed | removed)

    def sent(self) -> Filled:
        """Give the form with what was typed."""
        return filling.settled(sending.taken(self.forms, self.form, self.typed, self.thing), self.choices)

    def difference(self) -> Difference:
        """Give what the form changes, by what its author had before them."""
        return difference.between(self.stated.before, self.sent(), self.choices, self.graph)

    def meanwhile(self) -> list[Row]:
        """Give how others have changed the thing since its author got the form."""
        now = filling.filled(self.form, self.thing, self.stated.now, self.choices)
        return difference.between(self.stated.before, now, self.choices, self.graph).rows

    def merged(self) -> Filled:
        """Give the form with what its author has changed, and all else as it is now.

        Where a field takes several values, what others have added to it and taken from it is so too.
        """
        touched = {row.key for row in self.difference().rows if row.thing == self.thing}
        touched |= {problem.place.partition(".")[0] for problem in self.difference().problems}
        then, now = (filling.filled(self.form, self.thing, quads, self.choices)
                     for quads in (self.stated.before, self.stated.now))
        sent = self.sent()
        for one in self.form.fields:
            if one.key in touched:
                mine, was, is_ = (filled.entries.get(one.key, []) for filled in (sent, then, now))
                now.entries[one.key] = mine if one.most == 1 else _laid_together(mine, was, is_)
        return now

    def change(self, found: Difference, author: str) -> change.Change:
        """Give the change that a form comes to."""
        why = self.typed.get(WHY, "").strip()
        if len(why) > commits.LONGEST:
            self.problems.append(Problem(WHY, f"It has {len(why):,} characters, and {commits.LONGEST:,} is the most."))
        about = About(author, why, self._source(found), "form")
        return change.Change.of(found.added, found.removed, about, self.against, site.client())

    def tried(self, found: Difference, author: str) -> list[Problem]:
        """Give all that is wrong with what was typed, or may be: the guard has looked at it, and nothing is made."""
        one = self.change(found, author)
        problems = [*found.problems, *self.problems, *self._alike(found)]
        guard = commits.guard()
        if guard is None or not found:
            return problems
        told = reports.told_of(change.tried(one, self.graph, guard), self.graph)
        return [*problems, *telling.problems(told, found, self.forms)]

    def _source(self, found: Difference) -> str:
        text = self.typed.get(SOURCE, "").strip()
        if not text:
            return ""
        if own := self._made(found, text):
            return own
        iri, near = self.choices.meant(text, SOURCES)
        if not iri:
            self.problems.append(Problem(SOURCE, f"No source here is called “{text[:80]}”.", tuple(near)))
        return iri

    def _made(self, found: Difference, text: str) -> str:
        """Give the source of a name that the same form makes, nothing where it makes none."""
        return next((iri for iri, (_, filled) in found.places.items() if not filled.thing and text in (
            entry.text.strip() for one in filled.form.fields if set(one.predicates) & set(NAMING)
            for entry in filled.of(one)) and SOURCES[0] in (filled.form.iri, *self.forms.above[filled.form.iri])), "")

    def _alike(self, found: Difference) -> list[Problem]:
        """Warn where something of the class of a new thing goes by its name already."""
        warned = []
        for prefix, filled in found.places.values():
            name = next((one for one in filled.form.fields if set(one.predicates) & set(NAMING)), None)
            texts = [entry.text for entry in filled.of(name)] if name and not filled.thing else []
            near: list[Choice] = self.choices.alike(texts[0], filled.form.iri) if texts else []
            if near and name:
                labels = " and ".join(f"“{one.label}”" for one in near)
                warned.append(Problem(f"{prefix}{name.key}.0", f"There is {labels} already; is this another one?", near,
                                      blocks=False))
        return warned


def _laid_together(mine: list[Entry], was: list[Entry], is_: list[Entry]) -> list[Entry]:
    """Give what somebody has typed with what others have added meanwhile; what they took away is blank in its place."""
    typed, then, now = ({entry.said for entry in entries if entry.new is None} for entries in (mine, was, is_))
    gone = then - now
    return [*(Entry() if entry.new is None and entry.said in gone else entry for entry in mine),
            *(entry for entry in is_ if entry.said not in then | typed)]


def number(text: str) -> int | None:
    """Give the number of a change that a form sends, None for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None


def form_of(forms: Forms, types: Iterable[str], iri: str) -> Form:
    """Give the form of a thing by its classes.

    :raises BadInput: no shape tells what its fields are.
    """
    found = forms.of(types)
    if not found:
        raise errors.BadInput(f"{iri} has no form, for no shape says what things of its class look like.")
    return found[0]
