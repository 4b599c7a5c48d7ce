"""From a place to a graph: the shipped one, a knowledge folder, a store, or a running server."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Final

from carekg import build, errors, folder, query, settings
from carekg.client.graph import Graph
from carekg.client.local import Local
from carekg.client.server import Server
from carekg.client.web import Web
from carekg.store import About, Store, open_store

if TYPE_CHECKING:
    import urllib3

TIMEOUT: Final = 30.0
"""Seconds that a server has for one answer: three times what it gives a query."""

WEB: Final = ("http://", "https://")

STORE: Final = "history.sqlite"
"""A file that every store on disk has."""

PARTS: Final = ("ontology", "shapes", "data", "queries")
"""The parts of a knowledge folder, one of which at least makes it one."""


def connect(place: str | Path | None = None, *, store: str | Path | None = None, timeout: float = TIMEOUT,
            pool: urllib3.PoolManager | None = None) -> Graph:
    """Connect to a graph.

    :param place: the address of a running server, such as ``"http://127.0.0.1:8000"``; a knowledge folder (with
        ``ontology/ shapes/ data/ queries/``); a store that `carekg build` made, which is asked the shipped questions;
        or nothing for the graph that comes with carekg. A graph that was not built yet is built first, once, below
        your data directory, which takes up to a minute.
    :param store: where the graph of a folder is kept instead: another folder, or ``"memory:"`` for this session only.
    :param timeout: seconds that a server has for one answer.
    :param pool: connections of your own making, such as a `urllib3.ProxyManager`.
    :raises Unreachable, NoAnswer, NotOurs: what answers at the address is silent, or no server of carekg.
    :raises FolderError, InvalidGraph: the folder is not whole or not right; the sentence says where.
    :raises StoreError: the store cannot be read.

    >>> kg = connect("http://127.0.0.1:8000")                                                   # doctest: +SKIP
    >>> kg.ask("innovations-by-route", route="licensing-and-affiliation").to_pandas()           # doctest: +SKIP
    """
    if isinstance(place, str) and place.strip().lower().startswith(WEB):
        return Graph(Server(Web(place, timeout, pool)))
    chosen = _settings(place, store)
    return Graph(_opened(chosen, _words(place, chosen)))


def _settings(place: str | Path | None, store: str | Path | None) -> settings.Settings:
    """Give the settings for a folder or a store."""
    where = None if store is None else str(store)
    if place is None:
        return settings.load(store=where)
    path = Path(place).expanduser()
    if (path / STORE).is_file():
        return settings.load(store=str(path))
    if path.is_dir() and any((path / part).is_dir() for part in PARTS):
        return settings.load(path, where)
    raise errors.BadValue(str(place), "a place of a graph: it takes the address of a server (http://...), a knowledge "
                                      "folder (with ontology/, data/ and queries/) or a store that was built")


def _words(place: str | Path | None, chosen: settings.Settings) -> str:
    """Give in words which graph it is."""
    if place is not None:
        return f"the graph in {place}"
    return "the graph that comes with carekg" if chosen.folder == settings.shipped_folder() else \
        f"the graph of {chosen.folder}"


def _opened(chosen: settings.Settings, words: str) -> Local:
    """Open the store that settings name, built first where it is not there."""
    queries = query.catalogue(folder.queries(chosen.folder))
    in_memory = chosen.store == "memory:"
    graph = open_store(chosen, briefly=not in_memory)
    try:
        _build_if_missing(chosen, graph, words)
    except BaseException:
        graph.close()
        raise
    return Local(words, queries, graph, chosen.rows)


def _build_if_missing(chosen: settings.Settings, graph: Store, words: str) -> None:
    """Build before the first question; warn where the store lags behind the folder."""
    if graph.manifest() is None:
        print(f"carekg: building {words}, once; this takes up to a minute.", file=sys.stderr)
        build.build(chosen.folder, graph, about=About(chosen.person))
    elif lag := build.lag(chosen.folder, graph, chosen.store):
        warnings.warn(lag, stacklevel=4)
