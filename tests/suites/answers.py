"""Reads what a query answers, or is expected to answer, from any of the formats that the suites have it in."""

import csv
import dataclasses
import io
from typing import Final

import pyoxigraph as ox

from suites.rows import Row, Term, same, same_in_order

RS: Final = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
TABLES: Final = {
    "srx": "application/sparql-results+xml",
    "srj": "application/sparql-results+json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
"""Endings of files of results, and what to ask a server for to compare with them."""

GRAPHS: Final = {"ttl": "text/turtle", "nt": "application/n-triples", "rdf": "application/rdf+xml"}
"""Endings of files of triples, likewise."""


@dataclasses.dataclass(frozen=True)
class Answer:
    """A table (with its columns), a truth (one cell) or a graph (three columns)."""

    columns: tuple[str, ...]
    rows: list[Row]
    ordered: bool = False

    def agrees(self, found: "Answer", lax: bool = False) -> bool:
        """Say whether an answer is the expected one; where it may be lax, it is not minded how often a row comes."""
        if sorted(self.columns) != sorted(found.columns):
            return False
        rows = found._in(self.columns)
        if lax:
            return same(list(dict.fromkeys(self.rows)), list(dict.fromkeys(rows)))
        return (same_in_order if self.ordered else same)(self.rows, rows)

    def _in(self, columns: tuple[str, ...]) -> list[Row]:
        """Give the rows with their columns in another order."""
        places = [self.columns.index(column) for column in columns]
        return [tuple(row[place] for place in places) for row in self.rows]


TRIPLE: Final = ("subject", "predicate", "object")
TRUTH: Final = ("boolean",)


def truth(value: bool) -> Answer:
    """Give what an ASK answers."""
    return Answer(TRUTH, [(ox.Literal(value),)])


def graph(data: bytes, media: str, base: str) -> Answer:
    """Read triples."""
    form = ox.RdfFormat.from_media_type(media)
    if form is None:
        raise ValueError(f"{media} is not a format of RDF")
    found = {(quad.subject, quad.predicate, quad.object) for quad in ox.parse(data, form, base_iri=base)}
    return Answer(TRIPLE, list(found))


def table(data: bytes, media: str) -> Answer:
    """Read a table of results or a truth."""
    if media == "text/csv":
        return _of_csv(data)
    form = ox.QueryResultsFormat.from_media_type(media)
    if form is None:
        raise ValueError(f"{media} is not a format of results")
    found = ox.parse_query_results(data, form)
    if isinstance(found, ox.QueryBoolean):
        return truth(bool(found))
    return Answer(tuple(one.value for one in found.variables), [tuple(row) for row in found])


def described(data: bytes, media: str, base: str) -> Answer:
    """Read a table that is described in RDF with the result set vocabulary, or the graph where it is just a graph."""
    store = ox.Store()
    store.load(data, ox.RdfFormat.from_media_type(media), base_iri=base)
    if not store.query(f"ASK {{ ?set a <{RS}ResultSet> }}"):
        return graph(data, media, base)
    for row in store.query(f"SELECT ?truth {{ ?set <{RS}boolean> ?truth }}"):
        return truth(row["truth"].value in ("true", "1"))
    names = store.query(f"SELECT DISTINCT ?name {{ ?set <{RS}resultVariable> ?name }} ORDER BY ?name")
    columns = tuple(row["name"].value for row in names)
    found = _solutions(store)
    places = [place for _, place in found.values()]
    ordered = bool(places) and all(place is not None for place in places)
    cells = sorted(found.values(), key=lambda one: one[1] or 0)
    return Answer(columns, [tuple(values.get(column) for column in columns) for values, _ in cells], ordered)


def _solutions(store: ox.Store) -> dict[Term, tuple[dict[str, Term], int | None]]:
    """Give the values of each solution by column, and its place where it has one."""
    found: dict[Term, tuple[dict[str, Term], int | None]] = {}
    for row in store.query(f"""SELECT ?solution ?place ?name ?value {{
        ?set <{RS}solution> ?solution OPTIONAL {{ ?solution <{RS}index> ?place }}
        OPTIONAL {{ ?solution <{RS}binding> ?cell . ?cell <{RS}variable> ?name ; <{RS}value> ?value }} }}"""):
        place = int(row["place"].value) if row["place"] else None
        values, _ = found.setdefault(row["solution"], ({}, place))
        if row["name"]:
            values[row["name"].value] = row["value"]
    return found


def _of_csv(data: bytes) -> Answer:
    """Read CSV, in which only blank nodes can be told from other terms."""
    head, *lines = list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))
    return Answer(tuple(head), [tuple(_cell(text) for text in line) for line in lines if line])


def _cell(text: str) -> Term:
    """Give what a cell of CSV stands for."""
    return ox.BlankNode(text[2:]) if text.startswith("_:") else ox.Literal(text)
