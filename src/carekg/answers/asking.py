"""Prepared questions: which there are, what they take, and their answers as rows with receipts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from carekg import query
from carekg.answers import graph, paging
from carekg.answers.tables import trimmed
from carekg.answers.values import Answer, Named, Parameter, Question, Questions, Receipt, Row
from carekg.query.table import PARAPHRASED

MOST_CHOICES: Final = 100
"""Choices of one parameter that are listed."""

FEW: Final = 10
"""Questions up to which choices are listed."""


def questions(asker: query.Asker, text: str = "", tag: str = "", choices: bool = False) -> Questions:
    """Give the questions that hold all words of a text and have a tag; their choices too where these are few."""
    words = text.casefold().split()
    found = [one for one in asker.queries.values()
             if (not tag or tag.casefold() in map(str.casefold, one.tags))
             and all(word in f"{one.name} {one.summary} {one.description} {one.tags}".casefold() for word in words)]
    full = len(found) <= FEW
    tags = sorted({tag for one in asker.queries.values() for tag in one.tags})
    notes = [] if found else [f"No question fits; leave `text` out for all. Tags: {', '.join(tags)}."]
    if choices and not full:
        notes.append(f"Choices and descriptions are listed for {FEW} questions at most: narrow it by `text` or `tag`.")
    return Questions(tuple(_question(asker, one, full, choices and full) for one in found), " ".join(notes))


def answered(asker: query.Asker, name: str, arguments: Mapping[str, Sequence[str]], page: paging.Page) -> Answer:
    """Give one page of the answer to a prepared question, each row with its receipts.

    :raises BadInput: there is no such question, parameter or value; the error offers near misses.
    """
    asked = query.find(asker.queries, name)
    bound = asker.terms(asked, arguments)
    taken = [one for one in bound if one not in arguments]
    default = (f"Not given, so the default was taken: {', '.join(f'`{one}`' for one in taken)}." if taken else "")
    said = Answer(asked.name, asked.summary, _asked(asker, asked, bound), note=default)
    if asked.is_graph:
        text, cut = trimmed(asker.ask(asked, arguments, "turtle"))
        return replace(said, turtle=text, note=paging.joined(default, cut))
    table = query.Table.from_json(asker.ask(asked, arguments).read())
    rows = table.rows()
    empty = "" if rows else asked.when_empty or "No rows."
    return replace(said, total=len(rows), columns=tuple(_keys(table.columns)), counts=asker.tally(asked, table) or None,
                   rows=tuple(_row(table, row) for row in page.of(rows)),
                   note=paging.joined(default, empty, page.note(len(rows), "rows") if rows else ""))


def _question(asker: query.Asker, one: query.Query, full: bool, choices: bool) -> Question:
    parameters = tuple(Parameter(
        p.name, p.label, p.type, p.description if full else "", p.default or "", p.optional, p.repeatable,
        tuple(choice.label for choice in asker.choices(p)[:MOST_CHOICES]) if choices else ()) for p in one.parameters)
    return Question(one.name, one.summary, one.description if full else "", one.tags if full else (), parameters)


def _asked(asker: query.Asker, asked: query.Query, bound: Mapping[str, Sequence[object]]) -> dict[str, str]:
    """Give what each parameter was taken to be, in words."""
    labels = {choice.iri: f"{choice.label} ({graph.name(choice.iri)})"
              for p in asked.parameters for choice in asker.choices(p)}
    values = {name: [getattr(term, "value", "") for term in terms] for name, terms in bound.items()}
    return {name: ", ".join(labels.get(value, value) for value in several) for name, several in values.items()}


def _keys(columns: Iterable[query.Column]) -> list[str]:
    """Give each column's heading, or its name where another has the same heading."""
    headings = [column.heading for column in columns]
    return [column.heading if headings.count(column.heading) == 1 else column.name for column in columns]


def _row(table: query.Table, row: query.Row) -> Row:
    cells = dict(zip(_keys(table.columns), row.cells, strict=True))
    return Row({key: cell.text for key, cell in cells.items() if cell.text},
               {key: graph.name(cell.iri) for key, cell in cells.items() if cell.iri},
               tuple(map(_receipt, row.receipts)))


def _receipt(one: query.Receipt) -> Receipt:
    paraphrased = one.where == PARAPHRASED
    return Receipt(one.words, Named(graph.name(one.source.iri), one.source.text),
                   "" if paraphrased else one.where, paraphrased, about=one.about)
