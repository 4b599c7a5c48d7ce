"""From a knowledge folder to a store: read, look for misspelt terms, validate, reason, store."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox

from carekg import catalogue, errors, folder, lint, query
from carekg.change import whole
from carekg.query import record
from carekg.store import About, Manifest, Question, Store, rows
from carekg.store.history.provenance import GRAPH as HISTORY
from carekg.terms import INFERRED, expand


def build(path: Path, store: Store, progress: whole.Progress = lambda _stage, _seconds: None,
          about: About | None = None) -> Manifest:
    """Build a folder's graph into a store; the graph that was there stays until the new one is whole.

    An empty folder makes an empty store, which is then filled by updates.

    :param about: who builds, and why.
    :raises WouldLose: the store holds what no build of this folder could give back.
    """
    _refuse_loss(path, store)
    stages = whole.Stages(progress)
    if folder.is_empty(path):
        manifest = Manifest(folder.digest(path), datetime.now(UTC).isoformat(timespec="seconds"), 0, plain=True)
        store.replace([], manifest)
        return manifest
    return whole.commit(_change(path, stages), store, stages, about)


def check(path: Path, progress: whole.Progress = lambda _stage, _seconds: None) -> folder.Folder:
    """Do all of a build but the writing; give the folder."""
    stages = whole.Stages(progress)
    whole.check(_change(path, stages), stages)
    return folder.load(path)


def is_current(path: Path, store: Store) -> bool:
    """Say whether a store holds just what a folder's files say; a plain store holds all that an empty one says."""
    manifest = _manifest(store)
    if manifest is None or not path.is_dir():
        return False
    if manifest.plain:  # whichever version of carekg made it
        return folder.is_empty(path)
    return manifest.digest == folder.digest(path)


def lag(path: Path, store: Store, place: str) -> str:
    """Give a sentence where a store holds something else than its folder's graph, nothing where it is current.

    A build would not bring that into every store.
    """
    manifest = _manifest(store)
    if manifest is None or is_current(path, store):
        return ""
    if manifest.plain:
        return (f"{place} is the store of a plain server: it holds what was written to it, and not the graph of "
                f"{path}, whose questions may find nothing there. Name another with --store.")
    if folder.is_empty(path):
        return f"{path} is empty, and {place} holds a graph that was made from another folder."
    return f"{path} has changed since the graph was built; `carekg build` brings it in."


def _manifest(store: Store) -> Manifest | None:
    """Give what a store says it holds; nothing where that cannot be read, which a build mends, or says why not."""
    try:
        return store.manifest()
    except errors.StoreError:
        return None


def _refuse_loss(path: Path, store: Store) -> None:
    """Refuse to replace what was written to a plain store, and a graph that was made from a folder by nothing."""
    manifest = _manifest(store)
    if manifest is None or not path.is_dir():
        return
    if manifest.plain and manifest.triples:
        raise errors.WouldLose("what was written to it and stands nowhere else", f"the graph of {path}")
    if not manifest.plain and folder.is_empty(path):
        raise errors.WouldLose("a graph that was made from a folder", f"{path}, which is empty,")


def _change(path: Path, stages: whole.Stages) -> whole.Change:
    with stages.stage("read"):
        read = folder.load(path)
        queries = query.catalogue(read.queries)
        query.refuse_clashes(queries)
        texts = {name: one.text + "".join(_defaults(one)) for name, one in queries.items()}
        lint.check(read, texts)
        records = [b"".join(folder.canonical(record.triples(one), record.GRAPH + one.name)) for one in queries.values()]
        described = b"".join(folder.canonical(catalogue.triples(read), catalogue.GRAPH))
    return whole.Change(
        ontology=_triples(read.ontology), shapes=_triples(read.shapes), data=_triples(read.data),
        quads=(*(file.quads() for file in read.files), *records, described), digest=read.digest, where=read.where)


def _triples(files: Iterable[folder.File]) -> tuple[ox.Triple, ...]:
    return tuple(dict.fromkeys(triple for file in files for triple in file.triples))


def _defaults(one: query.Query) -> Iterable[str]:
    """Give the defaults that the vocabulary must have; a thing may be missing from other people's data."""
    return (f"\n<{iri}>" for p in one.parameters
            if p.type == "concept" and p.default and (iri := expand(p.default)))


def exported(store: Store, form: str, inferred: bool) -> bytes:
    """Give a store's graph: ``n-quads`` in canonical form, or ``turtle`` of the union of graphs.

    All but the record of who changed it when, by which no two stores are alike.
    """
    left_out = f"FILTER(?g != {HISTORY}" + (")" if inferred else f" && ?g != <{INFERRED}>)")
    union = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} {left_out} }}"
    if form == "turtle":
        return store.answer(Question(union, form="turtle")).read()
    names = [row["g"] for row in rows(store, f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?s ?p ?o }} {left_out} }}")]
    lines: list[bytes] = []
    for name in names:
        text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
        graph = store.answer(Question(text, form="n-triples")).read()
        triples = (quad.triple for quad in ox.parse(graph, ox.RdfFormat.N_TRIPLES))
        lines += folder.canonical(triples, name)
    return b"".join(sorted(lines))
