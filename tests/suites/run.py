"""Runs one W3C test on an engine and says in a sentence what is wrong, or nothing where it passes."""

import re
from collections.abc import Iterator
from typing import Final

import pyoxigraph as ox

from suites import answers
from suites.engine import QUADS, Engine, Failed, Malformed, Reading
from suites.manifest import BASE, Case, Files, Shelf
from suites.rows import Row, same

FROM: Final = re.compile(r"\bFROM\s+(?:NAMED\s+)?<([^>]*)>", re.IGNORECASE)


def outcome(case: Case, engine: Engine, shelf: Shelf) -> str:
    """Run a test; give nothing where it passes, else what is wrong."""
    try:
        if "Syntax" in case.kind:
            return _syntax(case, engine, shelf)
        return (_update if case.kind == "UpdateEvaluationTest" else _query)(case, engine, shelf)
    except Malformed as error:
        return f"refused as malformed: {error}"
    except Failed as error:
        return f"failed: {error}"
    except (SyntaxError, ValueError) as error:
        return f"the answer does not parse: {error}"


def _syntax(case: Case, engine: Engine, shelf: Shelf) -> str:
    """Hold a text against what the grammar says of it."""
    found = engine.reads(shelf.text(case.text), case.text, update="Update" in case.kind)
    if case.kind.startswith("Positive"):
        return "refused, though it is well-formed" if found is Reading.MALFORMED else ""
    return "accepted, though it is not well-formed" if found is Reading.FINE else ""


def _query(case: Case, engine: Engine, shelf: Shelf) -> str:
    """Ask a query and compare its answer with the expected one."""
    text = shelf.text(case.text)
    data = _with_from(case, text)
    engine.fill(list(_quads(shelf, data)), [name for name, _ in data.named])
    ending = case.answer.rpartition(".")[2]
    wanted = shelf.path(case.answer).read_bytes()
    if ending in answers.TABLES:
        expected, media = answers.table(wanted, answers.TABLES[ending]), answers.TABLES[ending]
    else:
        expected = answers.described(wanted, answers.GRAPHS[ending], case.answer)
        graph = expected.columns == answers.TRIPLE
        media = "application/n-triples" if graph else "application/sparql-results+json"
    body, given = engine.ask(text, case.text, media)
    if given != media:
        return f"the answer is {given}, and {media} was asked for"
    graph = expected.columns == answers.TRIPLE
    found = answers.graph(body, media, case.text) if graph else answers.table(body, media)
    return "" if expected.agrees(found, case.lax) else f"expected {_shown(expected)}, found {_shown(found)}"


def _update(case: Case, engine: Engine, shelf: Shelf) -> str:
    """Carry out an update and compare what is held then with what is expected."""
    engine.fill(list(_quads(shelf, case.data)), [name for name, _ in case.data.named])
    engine.update(shelf.text(case.text), case.text)
    body, media = engine.ask(QUADS, BASE, "application/sparql-results+json")
    found = answers.table(body, media)._in(("s", "p", "o", "g"))
    wanted: list[Row] = [(q.subject, q.predicate, q.object, None if q.graph_name == ox.DefaultGraph() else q.graph_name)
                         for q in set(_quads(shelf, case.after))]
    return "" if same(wanted, found) else f"expected {wanted}, found {found}"


def _with_from(case: Case, text: str) -> Files:
    """Give a test's data with the files that its query names itself, under their own names."""
    if case.data != Files():
        return case.data
    here = case.text.rpartition("/")[0]
    names = [one if ":" in one else f"{here}/{one}" for one in FROM.findall(text)]
    return Files((), tuple((name, name) for name in names))


def _quads(shelf: Shelf, files: Files) -> Iterator[ox.Quad]:
    """Give the quads of a dataset's files."""
    for address in files.default:
        yield from _read(shelf, address, ox.DefaultGraph())
    for name, address in files.named:
        yield from _read(shelf, address, ox.NamedNode(name))


def _read(shelf: Shelf, address: str, into: ox.NamedNode | ox.DefaultGraph) -> Iterator[ox.Quad]:
    """Give the quads of a file, those of its default graph in the graph it is read into; blank nodes are its own."""
    form = ox.RdfFormat.from_extension(address.rpartition(".")[2])
    for quad in ox.parse(shelf.path(address).read_bytes(), form, base_iri=address, rename_blank_nodes=True):
        graph = into if quad.graph_name == ox.DefaultGraph() else quad.graph_name
        yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def _shown(answer: answers.Answer) -> str:
    """Give an answer's size and first rows."""
    return f"{len(answer.rows)} rows of {answer.columns}: {answer.rows[:8]}"
