"""The door at which passwords are tried: so often by one client, so often for one name, so many at the same time.

To hold a password against its hash takes time and 64 MB, so that whoever sends many would take them from the others.
"""

from __future__ import annotations

import math
import threading
import time
from typing import Final

import limits
from flask import Flask, current_app
from limits.strategies import FixedWindowRateLimiter

from carekg import errors
from carekg.accounts.users import User, Users
from carekg.web.guard.limits import Counts

KEY: Final = "carekg.door"
"""Under which an application keeps its door."""

CLIENT: Final = "20 per minute"
"""How often one client may try."""

NAME: Final = "50 per hour"
"""How often anybody may try in vain for one name: few guesses, and few whose owner is locked out by somebody else."""

PLACES: Final = 2
"""Passwords that are tried at the same time."""

PATIENCE: Final = 10.0
"""Seconds for which one waits for a place."""


class Tries:
    """A count of tries that ends."""

    def __init__(self, rate: str) -> None:
        self.rate, self._item = rate, limits.parse(rate)
        self._strategy = FixedWindowRateLimiter(Counts())

    def refuse_more(self, key: str) -> None:
        """Let somebody pass who has tries left.

        :raises LoginsTooOften: there are none.
        """
        if not self._strategy.test(self._item, key):
            left = self._strategy.get_window_stats(self._item, key).reset_time - time.time()
            raise errors.LoginsTooOften(self.rate, max(1, math.ceil(left)))

    def count(self, key: str) -> None:
        """Count a try."""
        self._strategy.hit(self._item, key)


class Door:
    """Where one application's users come in."""

    def __init__(self) -> None:
        self._clients, self._names = Tries(CLIENT), Tries(NAME)
        self._places = threading.BoundedSemaphore(PLACES)

    def let_in(self, users: Users, name: str, password: str, client: str) -> User:
        """Give the user whose name and password these are.

        :raises BadLogin: there is none.
        :raises LoginsTooOften: this was tried too often.
        :raises Crowded: too many try at the same time.
        """
        self._clients.refuse_more(client)
        self._clients.count(client)
        name = name[:100]
        if not self._places.acquire(timeout=PATIENCE):
            raise errors.Crowded("Many others log in just now")
        try:
            self._names.refuse_more(name)
            return users.let_in(name, password)
        except errors.BadLogin:
            self._names.count(name)
            raise
        finally:
            self._places.release()


def install(app: Flask) -> None:
    """Give an application its door."""
    app.extensions[KEY] = Door()


def door() -> Door:
    """Give the door of the application."""
    found: Door = current_app.extensions[KEY]
    return found
