"""The readers of a store on this machine, which follow its pointer and its history.

A large graph is answered from disk at first, at once, while a copy in memory is made beside it; that takes its place.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

from carekg import errors
from carekg.reader.effect import Effect
from carekg.store.asked import Limits
from carekg.store.building import Building
from carekg.store.generations import Generations
from carekg.store.history import History
from carekg.store.readers import Readers

FITS_IN_MEMORY: Final = 8_000_000
"""Triples up to which answers come from memory; above, from disk."""

SOON: Final = 300_000
"""Triples up to which a copy in memory is made before the first answer: it takes less than a second."""

LAG: Final = 500
"""Changes by which the quads on disk may lag behind the history while readers answer from memory."""


class Following:
    """Readers of the generation that is ``served``, which have ``seen`` every change up to that number.

    While it is ``filling`` memory, answers come from disk.

    :param triples: how many there are; None where answers are to come from disk.
    """

    def __init__(self, generations: Generations, history: History, limits: Limits,
                 triples: Callable[[], int | None]) -> None:
        self.generations, self.history, self.limits = generations, history, limits
        self.building = Building(generations, history)
        self.served, self.seen, self.filling = "", 0, False
        self._triples = triples
        self._lock = threading.RLock()
        self._readers: Readers | None = None
        self._old: list[Readers] = []
        self._looked, self._closed = 0.0, False

    def name(self) -> str:
        """Give the name of the generation that is to be served, or nothing."""
        return str(self.history.served().get("name", ""))

    def is_fresh(self) -> bool:
        """Say whether there are readers, and whether anything is new was looked at within the last second."""
        return self._readers is not None and time.monotonic() - self._looked < 1

    def look_again(self) -> None:
        """Have the next who asks look whether anything is new."""
        self._looked = 0.0

    def current(self, path: str, *, changing: bool) -> Readers:
        """Give readers of the generation that the pointer names, and of its last change, looked at once a second.

        :param changing: a change is being made here, which its maker lets the readers see.
        :raises StoreError: there is nothing at ``path``.
        """
        if self._readers and self.is_fresh():
            return self._readers
        with self._lock:
            self._looked = time.monotonic()
            name = self.name()
            if not name and self.history.last():  # whoever took it over was stopped before the quads were there
                self.mend()
                name = self.name()
            if not name:
                raise errors.StoreError(f"There is no graph at {path} yet; run `carekg build` first.")
            changed = not changing and self.history.last() != self.seen
            if self._readers is None or name != self.served or changed:
                return self._follow(name)
            return self._readers

    def latest(self, path: str) -> Readers:
        """Give readers that have seen every change, for one who holds the writer's lock."""
        self.current(path, changing=True)
        with self._lock:
            name = self.name()
            if self._readers and (name, self.history.last()) == (self.served, self.seen):
                return self._readers
            self.building.write_through(name)
            return self._follow(name)

    def let_see(self, number: int, effect: Effect) -> None:
        """Let readers see a change that has just been written down, by one who holds the writer's lock."""
        readers = self._readers
        if readers is None or not readers.in_memory:
            self.building.write_through(self.served, effect)
        elif number - self.building.reached(self.served) >= LAG:
            with contextlib.suppress(errors.StoreError):  # it stands in the history, and there is a next time
                self.building.write_through(self.served)
        with self._lock:
            if self._readers is None or number <= self.seen:  # a copy in memory came meanwhile, and has it
                return
            with contextlib.suppress(errors.StoreError):  # a parent that has died sees it when it is started anew
                self._readers.apply(effect)
            self.seen = number

    def mend(self) -> None:
        """Make the quads on disk anew from the history alone."""
        with self.generations.only_writer():
            self.building.made_anew()

    def close(self) -> None:
        """End the readers."""
        with self._lock:
            self._closed = True
            for readers in [*self._old, *([self._readers] if self._readers else [])]:
                readers.close()
            self._old, self._readers = [], None

    # --- starting readers, and changing over to them -------------------------------------------------------

    def _follow(self, name: str) -> Readers:
        """Have readers of a generation, or of the one that has replaced it meanwhile, that have seen every change."""
        if self._readers and self._readers.in_memory and name == self.served and self._fits():
            self.seen = self._catch_up(self._readers, self.seen)
            return self._readers
        while True:
            try:
                readers, seen = self._in_memory(name) if self._is_soon() else self._on_disk(name)
                break
            except errors.StoreError:
                newer = self.name()
                if newer == name and self.generations.is_whole(name):
                    raise
                if newer == name:  # the disk has lost what the history still has
                    self.mend()
                name = self.name()
        self._change_over(name, readers, seen)
        if self._fits() and not readers.in_memory and not self.filling:
            self.filling = True
            threading.Thread(target=self._fill, name="filling memory", daemon=True).start()
        return readers

    def _fill(self) -> None:
        """Make a copy in memory, and have it answer from then on; once more where a build has come meanwhile."""
        while self.filling:
            name, made = self.served, None
            with contextlib.suppress(errors.StoreError, OSError):
                made = self._in_memory(name)
            with self._lock:
                wanted = not self._closed and self._readers is not None and not self._readers.in_memory
                if made and wanted and name == self.served:
                    with contextlib.suppress(errors.StoreError):
                        self._change_over(name, made[0], self._catch_up(*made))
                        made = None
                self.filling = wanted and name != self.served
            if made:
                made[0].close()

    def _change_over(self, name: str, readers: Readers, seen: int) -> None:
        """Have other readers answer; those before are closed once their running queries must have ended."""
        old = self._readers
        self._readers, self.served, self.seen = readers, name, seen
        if old:
            self._old.append(old)
            later = threading.Timer(old.limits.deadline + 1, self._leave, (old,))
            later.daemon = True
            later.start()

    def _leave(self, old: Readers) -> None:
        with self._lock, contextlib.suppress(ValueError):  # all were closed meanwhile
            self._old.remove(old)
        old.close()

    def _in_memory(self, name: str) -> tuple[Readers, int]:
        """Start readers with a copy in memory; give the number of the last change they have seen."""
        seen = max(self.history.last(), self.building.reached(name))
        readers = Readers(self.generations.quads(name), self.limits, since=lambda: self._since(name))
        return readers, self._catch_up(readers, seen)

    def _on_disk(self, name: str) -> tuple[Readers, int]:
        """Start readers on disk; give the number of the last change they have seen."""
        with contextlib.suppress(errors.StoreError), self.generations.only_writer():
            self.building.write_through(name)
        reached = self.building.reached(name)
        return Readers(self.generations.quads(name), self.limits, in_memory=False), reached

    def _fits(self) -> bool:
        triples = self._triples()
        return triples is not None and triples <= FITS_IN_MEMORY

    def _is_soon(self) -> bool:
        return self._fits() and (self._triples() or 0) <= SOON

    def _since(self, name: str) -> Iterator[Effect]:
        """Give what was done since the quads of a generation were written to disk."""
        return (effect for _, effect in self.history.effects(self.building.reached(name)))

    def _catch_up(self, readers: Readers, seen: int) -> int:
        """Let readers in memory see the changes after a number; give that of the last."""
        for number, effect in self.history.effects(seen):
            readers.apply(effect)
            seen = number
        return seen
