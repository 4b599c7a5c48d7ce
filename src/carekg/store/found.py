"""What a store finds: the solutions of a query as texts or as terms, and the quads of some of its graphs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import pyoxigraph as ox

from carekg import errors
from carekg.store.asked import Question

if TYPE_CHECKING:
    from carekg.store import Store

GRAPHS: Final = "SELECT ?g WHERE { GRAPH ?g {} }"
"""The named graphs (SPARQL 1.1 Query, section 18.6), which an engine knows without looking through its quads."""


def rows(store: Store, query: str) -> list[dict[str, str]]:
    """Give the solutions of a SELECT query as a list of name to lexical value; unbound names are absent.

    :raises StoreError: the answer is no answer.
    """
    try:
        found: dict[str, Any] = json.loads(store.answer(Question(query)).read())
        return [{name: term["value"] for name, term in row.items()} for row in found["results"]["bindings"]]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise errors.StoreError("The store's answer is not in the SPARQL results format that was asked for.") from None


def solutions(store: Store, query: str) -> Iterator[dict[str, Any]]:
    """Give the solutions of a SELECT query as terms by name; unbound names are absent."""
    found = ox.parse_query_results(store.answer(Question(query)).read(), ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QuerySolutions):
        names = [variable.value for variable in found.variables]
        for solution in found:
            yield {name: term for name in names if (term := solution[name]) is not None}


def quads(store: Store, *starts: str) -> list[ox.Quad]:
    """Give the quads of the named graphs whose IRIs begin with one of ``starts``.

    The graphs are listed first: a filter on the name of a graph would look through all quads there are.
    """
    names = [str(row["g"]) for row in solutions(store, GRAPHS) if getattr(row["g"], "value", "").startswith(starts)]
    if not names:
        return []
    text = f"SELECT ?g ?s ?p ?o WHERE {{ VALUES ?g {{ {' '.join(names)} }} GRAPH ?g {{ ?s ?p ?o }} }}"
    return [ox.Quad(row["s"], row["p"], row["o"], row["g"]) for row in solutions(store, text)]
