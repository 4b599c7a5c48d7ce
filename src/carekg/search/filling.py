"""Fills an index with what a store says of all things, or of some anew: by the same way, so that both give the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from carekg import store
from carekg.search import reading, text
from carekg.search.asked import PLAIN
from carekg.search.reading import ABOUT, ASIDE, CODE, NAME, OTHER, WORDS

SHORT: Final = 120
"""Characters of what a thing without a name goes by, and by which it is sorted."""


class Numbers:
    """The numbers of things in an index; who has none gets one."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._known: dict[str, int] = {}

    def __getitem__(self, iri: str) -> int:
        found = self._known.get(iri)
        if found is None:
            self._connection.execute("INSERT OR IGNORE INTO thing (iri) VALUES (?)", (iri,))
            found, = self._connection.execute("SELECT id FROM thing WHERE iri = ?", (iri,)).fetchone()
            self._known[iri] = found
        return int(found)


def fill(connection: sqlite3.Connection, graph: store.Store, some: reading.Some = None) -> None:
    """Write what can be searched of all things into an empty index, or of some in the place of what stands there."""
    numbers = Numbers(connection)
    which = None if some is None else [numbers[iri] for iri in some]
    _forget(connection, which or ())
    connection.executemany("INSERT OR IGNORE INTO said VALUES (?, ?, ?, ?)", (
        (numbers[one.thing], one.field, one.rank, one.text) for one in reading.texts(graph, some)))
    for table, pairs in (("rests", reading.borne_out(graph, some)), ("source", reading.sources(graph, some)),
                         ("kind", reading.kinds(graph, some))):
        connection.executemany(f"INSERT OR IGNORE INTO {table} VALUES (?, ?)",
                               ((numbers[one], numbers[other]) for one, other in pairs))
    connection.executemany("UPDATE thing SET deprecated = 1 WHERE id = ?",
                           ((numbers[iri],) for iri in reading.deprecated(graph, some)))
    if which is None:
        which = [number for number, in connection.execute("SELECT DISTINCT thing FROM said")]
    _finish(connection, which, {numbers[iri] for iri in ASIDE})


def hanging_on(connection: sqlite3.Connection, some: Iterable[str]) -> set[str]:
    """Give the things that an index finds by the passages which some things are."""
    asked = ("SELECT thing.iri FROM thing JOIN rests ON rests.thing = thing.id "
             "JOIN thing AS passage ON passage.id = rests.passage WHERE passage.iri = ?")
    return {str(iri) for one in some for iri, in connection.execute(asked, (one,))}


def _forget(connection: sqlite3.Connection, which: Iterable[int]) -> None:
    """Take out what an index has of some things, but for their numbers."""
    rows = [(number,) for number in which]
    for table in ("said", "name", "rests", "source", "kind"):
        connection.executemany(f"DELETE FROM {table} WHERE thing = ?", rows)
    connection.executemany("DELETE FROM texts WHERE rowid = ?", rows)
    connection.executemany("UPDATE thing SET label = '', about = '', named = 0, shown = 0, deprecated = 0, place = '' "
                           "WHERE id = ?", rows)


def _finish(connection: sqlite3.Connection, which: Iterable[int], aside: set[int]) -> None:
    """Put together what has been written of things, so that they are found."""
    for number in which:
        kinds = {kind for kind, in connection.execute("SELECT kind FROM kind WHERE thing = ?", (number,))}
        said = _said(connection, number)
        if any(said) and not kinds & aside:
            _show(connection, number, said)


def _said(connection: sqlite3.Connection, number: int) -> list[list[str]]:
    """Give the texts of a thing by where they stand, those of its passages among its words."""
    found: list[list[str]] = [[] for _ in range(WORDS + 1)]
    for field, words in connection.execute(
            "SELECT field, text FROM said WHERE thing = ? ORDER BY field, rank, text", (number,)):
        found[field].append(words)
    return [list(dict.fromkeys(texts)) for texts in found]


def _show(connection: sqlite3.Connection, number: int, said: list[list[str]]) -> None:
    label, about = _label(said)
    named = bool(said[NAME] or said[OTHER])
    place = f"{'' if named else '~'}{text.folded([label])[:SHORT]}"
    connection.execute("UPDATE thing SET label = ?, about = ?, named = ?, shown = 1, place = ? WHERE id = ?",
                       (label, about, named, place, number))
    connection.executemany("INSERT OR IGNORE INTO name VALUES (?, ?, ?, ?)", (
        (folded, number, field, whole) for field in (NAME, OTHER, CODE) for one in said[field]
        for folded, whole in _names(one)))
    words = dict.fromkeys([*said[WORDS], *_passages(connection, number)])
    connection.execute("INSERT INTO texts (rowid, label, others, codes, about, passages) VALUES (?, ?, ?, ?, ?, ?)", (
        number, *map(text.folded, (said[NAME], said[OTHER], said[CODE], said[ABOUT], words))))


def _names(name: str) -> Iterator[tuple[str, bool]]:
    """Give a name as it is compared: whole, then without its plain words; all of some names are plain."""
    words = text.words(name)
    yield " ".join(words)[:SHORT], True
    if telling := [word for word in words if word not in PLAIN]:
        yield " ".join(telling)[:SHORT], False


def _label(said: Collection[list[str]]) -> tuple[str, str]:
    """Give what a thing goes by, and a line about it: who has no name goes by that line, or by its words."""
    names, others, codes, about, words = said
    line = about[0] if about else ""
    for texts in (names, others):
        if texts:
            return texts[0], line
    if line:
        return line, about[1] if len(about) > 1 else ""
    return (f"“{words[0]}”", "") if words else (codes[0], "")


def _passages(connection: sqlite3.Connection, number: int) -> Iterator[str]:
    """Give the words of the passages on which a thing and what is claimed of it rest."""
    return (words for words, in connection.execute(
        "SELECT DISTINCT said.text FROM rests JOIN said ON said.thing = rests.passage AND said.field = ? "
        "WHERE rests.thing = ? ORDER BY said.text", (WORDS, number)))
