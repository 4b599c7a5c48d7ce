"""Answers as plain values: each claim with its standing and its receipts, each page with what it leaves out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from carekg import query, vocabulary
from carekg.answers import asking, describing, naming, passages, tables, values, words
from carekg.answers.paging import MOST, Page
from carekg.names import Remembered

__all__ = ["MOST", "Answers", "Page", "values"]


class Answers:
    """Answers about the graph of an asker; remembers names and vocabulary while the graph stays the same."""

    def __init__(self, asker: query.Asker) -> None:
        self.asker = asker
        self._names = Remembered(asker.graph)
        self._words: tuple[str, vocabulary.Vocabulary] | None = None

    def found(self, text: str, kinds: Sequence[str] = (), limit: int = 10) -> values.Findings:
        """Give the things that a text may mean."""
        return naming.found(self._names.read(), text, kinds, limit)

    def described(self, thing: str, page: Page) -> values.Description:
        """Give what is known of a thing, with one page of its claims."""
        return describing.described(self.asker, self._names.read(), thing, page)

    def passages(self, thing: str, page: Page) -> values.Passages:
        """Give one page of the passages that a thing, its claims or a source have."""
        return passages.of(self.asker, self._names.read(), thing, page)

    def questions(self, text: str = "", tag: str = "", choices: bool = False) -> values.Questions:
        """Give the prepared questions that fit."""
        return asking.questions(self.asker, text, tag, choices)

    def answered(self, question: str, arguments: Mapping[str, Sequence[str]], page: Page) -> values.Answer:
        """Give one page of the answer to a prepared question."""
        return asking.answered(self.asker, question, arguments, page)

    def selected(self, sparql: str, limit: int) -> values.Result:
        """Give the result of a SPARQL query that only reads."""
        return tables.selected(self.asker.graph, sparql, limit)

    def words(self, about: str = "") -> values.Words:
        """Give the vocabulary in short."""
        version, kept = self.asker.graph.version, self._words
        if kept is None or kept[0] != version:
            kept = self._words = (version, vocabulary.described(self.asker.graph))
        return words.written(kept[1], about)
