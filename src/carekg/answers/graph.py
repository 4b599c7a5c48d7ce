"""Asks a store about one thing: queries with the thing's IRI written in, and cells put into values."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Final

import pyoxigraph as ox

from carekg import errors, store
from carekg.answers.values import Named, Receipt
from carekg.terms import INFERRED, PREFIXES, compact

_PREFIXES: Final = "".join(f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in (
    "care", "dcterms", "owl", "rdf", "rdfs", "schema", "skos"))

RECEIPT: Final = """
  ?passage care:isFrom ?source ; care:words ?words .
  ?source rdfs:label ?sourceLabel .
  OPTIONAL { ?passage care:section ?section }
  OPTIONAL { ?passage care:line ?line }
  OPTIONAL { ?passage care:paraphrase ?paraphrase }
  OPTIONAL { ?source dcterms:issued ?issued }
  OPTIONAL { ?source schema:url ?address }
"""
"""What a passage shows of itself."""

SEEN: Final = "?passage ?words ?source ?sourceLabel ?section ?line ?paraphrase ?issued ?address"
"""The variables of a receipt."""

Row = Mapping[str, str]


def rows(graph: store.Store, text: str, *items: str) -> list[dict[str, str]]:
    """Give the solutions of a query in which ITEMS stands for IRIs, and ITEM for the first of them."""
    terms = [node(item) for item in items]
    filled = text.replace("INFERRED", f"<{INFERRED}>").replace("RECEIPT", RECEIPT).replace("SEEN", SEEN)
    filled = filled.replace("ITEMS", " ".join(map(str, terms))).replace("ITEM", str(terms[0]) if terms else "")
    found = json.loads(graph.answer(store.Question(_PREFIXES + filled)).read())
    return [{name: term["value"] for name, term in row.items()} for row in found["results"]["bindings"]]


def node(iri: str) -> ox.NamedNode:
    """Give an IRI as a term.

    :raises BadValue: it is none.
    """
    try:
        return ox.NamedNode(iri)
    except ValueError:
        raise errors.BadValue(iri, "an IRI: it has characters that no IRI has") from None


def name(iri: str) -> str:
    """Give the short name of an IRI, or the IRI itself where no prefix covers it; a blank node as it is."""
    return compact(iri).strip("<>")


def named(row: Row, variable: str) -> Named:
    """Give the thing or the value that a row has under a name, with its label."""
    value = row.get(variable, "")
    return Named(name(value) if value.startswith("http") else value, row.get(f"{variable}Label", ""))


def receipt(row: Row) -> Receipt:
    """Give the receipt that a row with the variables of SEEN holds."""
    line = f"line {row['line']}" if "line" in row else ""
    return Receipt(words=row["words"], source=named(row, "source"),
                   where=", ".join(filter(None, (row.get("section", ""), line))),
                   paraphrased=row.get("paraphrase") == row["words"],
                   issued=row.get("issued", ""),
                   address=row.get("address", ""), passage=name(row["passage"]))


def receipts(found: Iterable[Row], key: str) -> dict[str, tuple[Receipt, ...]]:
    """Give the receipts in rows by what stands under a key, each once."""
    kept: dict[str, dict[Receipt, None]] = {}
    for row in found:
        kept.setdefault(row[key], {})[receipt(row)] = None
    return {one: tuple(several) for one, several in kept.items()}
