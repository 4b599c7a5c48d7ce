"""What rows describe in place, such as passages: found where it is there already, else new under a key of its words."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import pyoxigraph as ox

from carekg import store
from carekg.forms import minting
from carekg.forms.model import Form, Term
from carekg.importers.sheets import keys, stated, values
from carekg.importers.sheets.columns import Layout
from carekg.importers.sheets.table import shown
from carekg.terms import CARE, PREFIXES

TYPE: Final = PREFIXES["rdf"] + "type"
FROM: Final = str(CARE.isFrom)
PHRASE: Final = str(CARE.phrase)
PLACE: Final = (FROM, str(CARE.section), PHRASE)
"""What tells a passage from others: the rest is told of it."""

Pair = tuple[str, Term]
"""A property and a value."""

Comparable = frozenset[tuple[str, str]]


@dataclass
class Parts:
    """The parts of things: what is stated of those that are there, and of those that a sheet makes.

    Passages are shared by all that rests on them; other parts belong to one thing. ``source`` is that of passages
    which name none.
    """

    layout: Layout
    source: str
    held: stated.Statements
    _by_words: dict[str, dict[Comparable, list[str]]] = field(default_factory=dict)
    _by_phrase: dict[Comparable, list[tuple[Comparable, str]]] | None = None

    @classmethod
    def of(cls, graph: store.Store, layout: Layout, source: str, things: stated.Statements,
           said: Iterable[Mapping[str, Mapping[str, Term]]]) -> Parts:
        """Give the parts of some things, and the passages from the sources that rows name."""
        paths = {path for one in layout.form.fields if one.key in layout.parts for path in one.predicates}
        found = stated.of(graph, {value.value for pairs in things.values() for path, value in pairs
                                  if path in paths and isinstance(value, ox.NamedNode)})
        sources = {term.value for row in said for part in row.values() for term in part.values()
                   if isinstance(term, ox.NamedNode)} | ({source} - {""})
        if sources and any(map(_is_passage, layout.parts.values())):
            for iri, pairs in stated.passages(graph, sources).items():
                found[iri] |= pairs
        return cls(layout, source, found)

    def iri(self, key: str, part: Mapping[str, Term], owner: str, owned: set[str]) -> tuple[str, list[Pair]]:
        """Give the part that a row describes, and what is to be stated of it: nothing where it is there.

        :param key: the key of the field whose value it is.
        :param owned: the parts that its owner has.
        """
        form = self.layout.parts[key]
        predicates = {inner.key: next(iter(inner.predicates)) for inner in form.fields}
        pairs = {(predicates[name], term) for name, term in part.items()}
        if self.source and form.of(FROM) and not any(path == FROM for path, _ in pairs):
            pairs.add((FROM, ox.NamedNode(self.source)))
        said = _comparable(pairs)
        same = [iri for iri in self._saying(form).get(said, ()) if _is_passage(form) or iri in owned]
        same = same or (self._saying_more(form, said, owned) if _is_passage(form) else [])
        if same:
            return min(same), []
        iri = self._new(form, pairs, "" if _is_passage(form) else owner)
        self.held[iri] = {*pairs, (TYPE, ox.NamedNode(form.iri))}
        self._saying(form)[said].append(iri)
        return iri, sorted(self.held[iri], key=str)

    def words(self, iri: str) -> str:
        """Give what stands in a part: its texts; nothing where there is no such part."""
        texts = [term.value for _, term in sorted(self.held.get(iri, ()), key=str) if isinstance(term, ox.Literal)]
        return shown("; ".join(texts))

    def _saying(self, form: Form) -> dict[Comparable, list[str]]:
        """Give the parts that are there by what they say in all fields of their form."""
        if form.iri not in self._by_words:
            paths = {path for inner in form.fields for path in inner.predicates}
            found: dict[Comparable, list[str]] = defaultdict(list)
            for iri, pairs in self.held.items():
                found[_comparable(pair for pair in pairs if pair[0] in paths)].append(iri)
            self._by_words[form.iri] = found
        return self._by_words[form.iri]

    def _saying_more(self, form: Form, said: Comparable, owned: set[str]) -> list[str]:
        """Give the passage of the same source, section and phrase that says more, such as the line.

        Of several it is one that its owner has; where that has none of them, it is open which is meant.
        """
        if not any(path == PHRASE for path, _ in said):
            return []
        if self._by_phrase is None:
            self._by_phrase = defaultdict(list)
            for whole, iris in self._saying(form).items():
                self._by_phrase[_place(whole)] += [(whole, iri) for iri in iris]
        found = [iri for whole, iri in self._by_phrase.get(_place(said), ()) if said < whole]
        return [iri for iri in found if iri in owned] or (found if len(found) == 1 else [])

    def _new(self, form: Form, pairs: set[Pair], owner: str) -> str:
        """Give the IRI of a new part: the same for the same words, so that a sheet can be brought in again."""
        lines = sorted(f"{path} {term}" for path, term in pairs)
        digest = hashlib.sha256("\n".join([owner, *lines]).encode()).hexdigest()[:10]
        named = owner or next((term.value for path, term in sorted(pairs, key=str)
                               if isinstance(term, ox.NamedNode)), "")
        stem = f"{keys.home(form.iri)}{minting.slug(named.rpartition('/')[2]) or 'part'}-{digest}"
        iri, number = stem, 2
        while iri in self.held:  # there, and has been changed since
            iri, number = f"{stem}-{number}", number + 1
        return iri


def _is_passage(form: Form) -> bool:
    return form.iri == str(CARE.Passage)


def _comparable(pairs: Iterable[Pair]) -> Comparable:
    """Give statements as they are compared: texts without their language, numbers by value."""
    return frozenset((path, values.plain(term)) for path, term in pairs)


def _place(said: Comparable) -> Comparable:
    """Give of what a passage says that which tells it from others."""
    return frozenset(pair for pair in said if pair[0] in PLACE)
