"""The index of a graph: made by a thread of its own, and kept up to date, while the one before still answers."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

from carekg import errors
from carekg.query import Asker, Facet
from carekg.search import choosing, database, facets, finding, keeping, making, state
from carekg.search.model import Found, Search

PATIENCE: Final = 0.3
"""Seconds for which a search waits for an index that is behind: a change of a few things takes less."""

FIRST: Final = 8.0
"""Seconds for which a search waits where there is no index yet."""

AGAIN: Final = 10.0
"""Seconds after which an index that could not be made is tried again: reading a whole graph is work."""


class Index:
    """Searches an asker's graph by the facets that its prepared questions declare."""

    def __init__(self, asker: Asker) -> None:
        self.asker = asker
        self.declared = facets.declared(asker)
        self._files = keeping.Files(asker.graph, self.declared)
        self._state: state.State | None = None
        self._lock = threading.Lock()
        self._making: threading.Thread | None = None
        self._fault: Exception | None = None
        self._again = 0.0

    @property
    def facets(self) -> list[Facet]:
        """Give the facets: the kind of thing, then those that questions declare, each name once."""
        named = {one.facet.name: one.facet for one in reversed(self.declared)}
        return [choosing.KINDS, *(one.facet for one in self.declared if named[one.facet.name] is one.facet)]

    def find(self, search: Search) -> Found:
        """Give one page of what a search finds, in the graph as it is now, or was a moment ago where it is ``late``.

        :raises BadInput: the text is too long; a facet, a value or the page is not there.
        :raises InTheMaking: there is no index yet.
        :raises NoFullText, StoreError: there can be none.
        """
        current = self.current()
        try:
            found = finding.find(current, self.facets, search)
        except sqlite3.Error:  # somebody has removed the file: there is a graph to make it of again
            self._state = None
            found = finding.find(self.current(), self.facets, search)
        return replace(found, late=current.version != self.asker.graph.version)

    def current(self, patience: float = PATIENCE) -> state.State:
        """Give the index of the graph as it is; after some patience, that of the graph as it was."""
        known = self._state
        if known is not None and known.version == self.asker.graph.version:
            return known
        if time.monotonic() >= self._again:
            self.start().join(patience if known else FIRST)
        if self._state is not None:
            return self._state
        if self._fault is not None:
            raise self._fault.with_traceback(None)  # it is raised for each who searches, and would grow
        raise errors.InTheMaking

    def start(self) -> threading.Thread:
        """Have the index brought up to date by a thread, the one that is at it already where there is one."""
        with self._lock:
            if self._making is None or not self._making.is_alive():
                self._making = threading.Thread(target=self._run, name="index", daemon=True)
                self._making.start()
            return self._making

    def close(self) -> None:
        """Let go of the files, once what is being made is made."""
        if self._making is not None:
            self._making.join()
        if self._state is not None:
            self._state.database.close()
        self._files.clear()

    def _run(self) -> None:
        before = self._state
        try:
            self._state, self._fault = self._made(before), None
            if before is not None and before.database is not self._state.database:
                before.database.close()
                self._files.let_go(before.database.path)
        except (sqlite3.Error, OSError) as error:
            self._failed(errors.StoreError(f"Nothing can be found here now: the index cannot be written ({error}). Is "
                                           "the disk full? It is tried again by and by."))
        except Exception as error:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        """Keep what is told to whoever searches, as long as there is no index; it is tried again after a while."""
        self._fault, self._again = error.with_traceback(None), time.monotonic() + AGAIN

    def _made(self, known: state.State | None) -> state.State:
        """Give the index of the graph as it is now: by what has changed, where that is known."""
        graph = self.asker.graph
        number, version = graph.seen, graph.version  # in this order: what is read is of that version, or newer
        if known is not None and known.version == version:
            return known
        database.refuse_without_fts5()
        kept = self._files.kept()
        try:
            if known is not None and self._is_followed(known, number):
                return self._followed(known.database, number, version)
            if known is None and kept is not None and kept.exists():
                return self._followed(database.Database(kept), number, version)
        except sqlite3.OperationalError:  # it cannot be written, or another process writes for long
            kept = None
        except sqlite3.DatabaseError:  # it is damaged
            self._files.drop()
        return state.load(self._whole(kept, number, version))

    def _followed(self, known: database.Database, number: int, version: str) -> state.State:
        making.follow(known, self.asker, self.declared, number, version)
        return state.load(known)

    def _whole(self, kept: Path | None, number: int, version: str) -> database.Database:
        """Make the index of the whole graph: beside it, or where that cannot be written, in a temporary folder."""
        if kept is not None:
            with contextlib.suppress(OSError, sqlite3.OperationalError), keeping.making(kept) as path:
                if path is not None:
                    making.whole(path, self.asker, self.declared, number, version)
            if kept.exists():
                return database.Database(kept)
        with self._files.passing() as path:
            return making.whole(path, self.asker, self.declared, number, version)

    def _is_followed(self, known: state.State, number: int) -> bool:
        """Say whether changes alone lead from an index to the graph: no build lies between, and there is a history."""
        made = int(self.asker.graph.history.served().get("made", 0))
        return number >= known.number >= made > 0
