"""A graph that is connected to: ask it, look up what it takes, and get answers that can be taken along."""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Final, Protocol, Self

import pyoxigraph as ox

from carekg import errors, query, syntax
from carekg.client import arguments, reading
from carekg.client.answer import Answer
from carekg.client.finding import Hits
from carekg.client.questions import Questions, parameter_of
from carekg.client.reading import Given, Rows
from carekg.query import Cell
from carekg.query.deprecated import Deprecated
from carekg.terms import PREFIXES, compact, expand

DESCRIBED: Final = """SELECT ?property ?propertyLabel ?value ?valueLabel WHERE {
  ITEM ?property ?value .
  OPTIONAL { ?property rdfs:label ?propertyLabel }
  OPTIONAL { ?value rdfs:label ?valueLabel }
} ORDER BY ?propertyLabel ?property ?valueLabel ?value"""


class Source(Protocol):
    """What answers: a store that is open here, or a server."""

    @property
    def place(self) -> str:
        """Give in words which graph it is."""

    @property
    def queries(self) -> Mapping[str, query.Query]:
        """Give the prepared questions by name."""

    def choices(self, parameter: query.Parameter) -> list[query.Choice]:
        """Give the values that a parameter takes."""

    def ask(self, question: query.Query, given: Mapping[str, Sequence[str]]) -> Given:
        """Give the answer to a prepared question."""

    def why(self, question: query.Query, given: Mapping[str, Sequence[str]]) -> list[str]:
        """Give why a prepared question has no rows, in sentences."""

    def select(self, text: str) -> Given:
        """Give the answer to a SPARQL query."""

    def find(self, text: str, chosen: Mapping[str, Sequence[str]], most: int) -> Hits:
        """Give the things in which words are found, best first."""

    def deprecated(self) -> Deprecated:
        """Give what is no longer to be used in the graph."""

    def close(self) -> None:
        """Let go of it."""


class Graph:
    """A graph: ``kg.ask("innovations-by-route", route="partnerships")``, or by completion ``kg.questions.<TAB>``.

    Close it when you are done, or use it in a ``with`` statement; it closes itself when the program ends.

    :ivar questions: the prepared questions as functions.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._end = weakref.finalize(self, source.close)
        self.questions = Questions(source.queries, self.ask, source.choices)

    def ask(self, question: str, /, **given: Any) -> Answer:
        """Ask a prepared question.

        :param question: its name, such as ``"innovations-by-route"``; ``kg.questions`` lists all.
        :param given: values by parameter: a label, a key such as ``"partnerships"``, an IRI, a number, a day; a list
            where several are taken; None to leave an optional parameter open. What is not given takes its default.
        :returns: the rows with their receipts; empty where nothing fits, with a ``note`` on why.
        :raises UnknownQuery, UnknownParameter, BadValue, MissingValue: with near misses or what would be right.
        :raises Refused: it takes longer or more than one question may.
        :raises StoreError: the store or the server does not answer.
        """
        asked = query.find(self._source.queries, question)
        typed = {asked.parameter(parameter_of(name)).name: arguments.typed(value) for name, value in given.items()}
        found = self._source.ask(asked, typed)
        rows = reading.prepared(found, self._source.deprecated())
        told = {name: ", ".join(texts) for name, texts in typed.items() if any(texts)}
        return Answer(rows, asks=asked.summary, question=question, asked=told, address=found.address, cut=found.cut,
                      note=_note(rows, found.cut, asked.when_empty), why=lambda: self._source.why(asked, typed))

    def sparql(self, text: str) -> Answer:
        """Ask in SPARQL: a SELECT gives its rows, an ASK one truth, a CONSTRUCT or DESCRIBE the triples of its graph.

        :raises BadInput: it does not parse; the sentence says where.
        :raises Refused: it writes, opens an address, or takes longer or more than one query may.
        :raises StoreError: the store or the server does not answer.
        """
        if syntax.is_update(text):
            raise errors.Refused("Nothing is written here; send a SELECT, ASK, CONSTRUCT or DESCRIBE query.")
        found = self._source.select(text)
        rows = reading.selected(found)
        return Answer(rows, asks="A query in SPARQL", cut=found.cut, note=_note(rows, found.cut))

    def choices(self, parameter: str, question: str = "") -> Answer:
        """Give the values that a parameter takes: ``key``, ``label``, ``other_names``, each with its ``label_iri``.

        :param question: the question whose parameter it is, where parameters of that name take different things.
        :raises UnknownParameter: no question, or not this one, has such a parameter.
        :raises BadValue: parameters of that name take different things, so that a question has to be named.
        """
        queries = self._source.queries
        asked = [query.find(queries, question)] if question else list(queries.values())
        found = {(one.type, one.source): one for each in asked for one in each.parameters if one.name == parameter}
        if not found:
            known = sorted({one.name for each in asked for one in each.parameters})
            raise errors.UnknownParameter(parameter, question or "any question", known)
        if len(found) > 1:
            having = [f"`{each.name}`" for each in asked if any(one.name == parameter for one in each.parameters)]
            raise errors.BadValue(parameter, "one parameter but several; name its question too", having[:3])
        (one,) = found.values()
        rows = [(Cell(choice.key), Cell(choice.label, choice.iri), Cell("; ".join(choice.others)))
                for choice in self._source.choices(one)]
        listed = reading.listed(("key", "label", "other names"), rows)
        return Answer(listed, asks=f"What {one.a_label} may be",
                      note="" if rows or one.of else f"Any {one.type} will do: there is no list.")

    def find(self, text: str, /, *, most: int = 20, **chosen: Any) -> Answer:
        """Find things by words in their names, descriptions and passages, best first.

        :param most: so many things at most.
        :param chosen: values by facet, such as ``kind="care:Innovation"`` or ``area="mental-health"``; a value that is
            none is told with those that there are.
        :returns: ``label`` with its IRI, ``name`` (short for the IRI), ``kinds``, ``about``, ``found_in``; the passages
            in which the words stand are the receipts.
        :raises BadInput: a facet or a value is not there, the text is too long, or ``most`` is less than one.
        """
        if most < 1:
            raise errors.BadValue(str(most), "so many things at most that one can be found; write 1 or more")
        if not text.strip() and not chosen:
            raise errors.BadInput("Nothing is looked for; give words, or the value of a facet such as "
                                  "`kind=\"care:Innovation\"`.")
        hits = self._source.find(text, {name: arguments.typed(value) for name, value in chosen.items()}, most)
        return Answer(hits.answer(), asks=f"What has the words “{text}”", note=hits.note)

    def describe(self, thing: str) -> Answer:
        """Give what is stated of a thing: ``property`` and ``value``, each with its IRI where it has one.

        :param thing: its IRI, or short such as ``"innovation:iris"``.
        :raises BadValue: that is no IRI.
        :raises NotFound: nothing is stated of it.
        """
        iri = expand(thing.strip()) or thing.strip()
        try:
            item = str(ox.NamedNode(iri))
        except ValueError:
            raise errors.BadValue(thing, "an IRI, or short such as `innovation:iris`") from None
        found = self._source.select(f"PREFIX rdfs: <{PREFIXES['rdfs']}>\n" + DESCRIBED.replace("ITEM", item))
        rows = reading.prepared(found)
        if not rows.rows:
            raise errors.NotFound(compact(iri))
        return Answer(rows, asks=f"What is stated of {compact(iri)}", cut=found.cut, note=_note(rows, found.cut))

    def close(self) -> None:
        """Let go of the store or the server."""
        self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<carekg: {self._source.place}, with {len(self.questions)} prepared questions in `.questions`>"


def _note(rows: Rows, cut: int, when_empty: str = "") -> str:
    """Give a sentence on what is not there."""
    if cut:
        return f"This is cut after {cut:,} rows, the most that one answer has: count nothing in it, and ask for less."
    return "" if rows.rows else when_empty or "No rows."
