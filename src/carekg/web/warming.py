"""Makes ready what the first to ask would wait for: the index of texts, and the vocabulary."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Final

from flask import Flask

from carekg import errors
from carekg.web import find
from carekg.web.linked import vocabulary

CALM: Final = 3.0
"""Seconds after the start of a server in which its first requests go before all this."""

MAKING: Final[tuple[Callable[[], object], ...]] = (find.ready, vocabulary.read)


def begin(app: Flask, calm: float = CALM) -> threading.Timer:
    """Have all of it made in a thread of its own, a while after the start of a server; give that thread."""
    started = threading.Timer(calm, _make, (app,))
    started.daemon = True
    started.start()
    return started


def _make(app: Flask) -> None:
    with app.app_context():
        for one in MAKING:
            with contextlib.suppress(errors.CarekgError):  # whoever asks for it is told what is wrong
                one()
