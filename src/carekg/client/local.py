"""The graph of a store on this machine, or behind the address of a SPARQL service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from carekg import query, search, store, syntax
from carekg.client import arguments, finding, reading
from carekg.client.reading import Given
from carekg.explain import empty
from carekg.query.deprecated import Deprecated, read


class Local:
    """Asks the questions of a folder of a store that is open here; an answer has ``rows`` rows at most."""

    def __init__(self, place: str, queries: Mapping[str, query.Query], graph: store.Store, rows: int) -> None:
        self.place, self.queries = place, queries
        self._asker, self._rows = query.Asker(queries, graph), rows
        self._index: search.Index | None = None
        self._deprecated: tuple[str, Deprecated] | None = None

    def choices(self, parameter: query.Parameter) -> list[query.Choice]:
        """Give the values that a parameter takes."""
        return self._asker.choices(parameter)

    def ask(self, question: query.Query, given: Mapping[str, Sequence[str]]) -> Given:
        """Give the answer to a prepared question; see `carekg.client.Graph.ask` for the errors."""
        answer = self._asker.ask(question, given, "turtle" if question.is_graph else "json", rows=self._rows)
        path, fields = arguments.path(question.name, given)
        address = f"/{path}" + (f"?{urlencode(fields)}" if fields else "")
        return Given(answer.read(), question.is_graph, answer.cut, address)

    def why(self, question: query.Query, given: Mapping[str, Sequence[str]]) -> list[str]:
        """Give why a prepared question has no rows, in sentences."""
        found = empty.reasons(self._asker, question, given)
        return [reading.reason(one.sentence, one.address) for one in found]

    def deprecated(self) -> Deprecated:
        """Give what is no longer to be used in the graph, asked anew where it has changed."""
        version = self._asker.graph.version
        if self._deprecated is None or self._deprecated[0] != version:
            self._deprecated = (version, read(self._asker.graph))
        return self._deprecated[1]

    def select(self, text: str) -> Given:
        """Give the answer to a SPARQL query; see `carekg.client.Graph.sparql` for the errors."""
        is_graph = syntax.asks_for_graph(text)
        answer = self._asker.graph.answer(store.Question(text, "turtle" if is_graph else "json", rows=self._rows))
        return Given(answer.read(), is_graph, answer.cut)

    def find(self, text: str, chosen: Mapping[str, Sequence[str]], most: int) -> finding.Hits:
        """Give the things in which words are found, best first; the index is made with the first search."""
        if self._index is None:
            self._index = search.Index(self._asker)
            self._index.start().join()  # of a large graph it takes longer than a page in a browser would wait
        return finding.stated(self._index.find(search.Search(text, chosen, size=most)))

    def close(self) -> None:
        """Let go of the index and of the processes that read the store."""
        if self._index is not None:
            self._index.close()
        self._asker.graph.close()

