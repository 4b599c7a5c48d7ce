"""Answers that were laid out, kept while the graph stays the same, so that turning a page asks nothing again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Final

from flask import current_app

from carekg import store
from carekg.query import Table
from carekg.web import site
from carekg.web.questions.laid import Laid

KEY: Final = "carekg.laid"
"""Under which an application keeps them."""

MOST: Final = 20_000
"""Rows of data that a page is made of; a page in a browser is no place for more, and the downloads go on."""

ALL: Final = 60_000
"""Rows that are kept in all."""

Asked = tuple[str, int]


class Kept:
    """The answers looked at last, of one version of the graph, with no more than ``ALL`` rows in all.

    Unlike :class:`carekg.web.remembered.Remembered`, who asks something else waits for nobody.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version = ""
        self._kept: OrderedDict[Asked, Laid] = OrderedDict()

    def of(self, graph: store.Store, text: str, rows: int, client: str) -> Laid:
        """Give the answer to a query, with at most so many rows of data."""
        version, asked = graph.version, (text, rows)
        with self._lock:
            if version != self._version:
                self._kept.clear()
                self._version = version
            if asked in self._kept:
                self._kept.move_to_end(asked)
                return self._kept[asked]
        answer = graph.answer(store.Question(text, "json", rows=rows, client=client))
        cut = answer.cut
        laid = Laid(Table.from_json(answer.read()), cut)
        if graph.version == version:
            self._keep(version, asked, laid)
        return laid

    def _keep(self, version: str, asked: Asked, laid: Laid) -> None:
        with self._lock:
            if version == self._version:
                self._kept[asked] = laid
                while len(self._kept) > 1 and sum(1 + len(one.rows) for one in self._kept.values()) > ALL:
                    self._kept.popitem(last=False)


def laid(text: str, most: int = MOST) -> Laid:
    """Give the answer to a query in the graph that the application serves."""
    kept: Kept = current_app.extensions.setdefault(KEY, Kept())
    return kept.of(site.asker().graph, text, min(site.settings().rows, most), site.client())
