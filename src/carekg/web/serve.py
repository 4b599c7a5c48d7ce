"""Starts the application on a production server: Granian, one worker whose threads wait on the reader processes."""

from __future__ import annotations

import contextlib
import gc
import math
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

from flask import Flask

from carekg import build, errors, folder, query, web
from carekg.settings import Settings
from carekg.store import Question, open_store
from carekg.web import warming
from carekg.web.guard import connections, limits

HEADERS: Final = 10
"""Seconds in which a request's headers have to be here, and a connection to be used again."""

HEADERS_SIZE: Final = 128 * 2**10
"""Bytes of headers that are read before the server answers 431; it reads in pieces, so that twice as many may pass."""

STILL: Final = 30.0
"""Seconds for which any connection may be still."""

ENDING: Final = 5
"""Seconds beyond the deadline of a query in which running requests may end when the server is stopped."""


def application(settings: Settings) -> Flask:
    """Give the application for these settings: the folder's queries on the settings' store."""
    queries = _whole(folder.queries(settings.folder))
    graph = open_store(settings)
    if settings.store == "memory:":  # which is this process's own
        build.build(settings.folder, graph)
    if graph.manifest():  # a store that cannot be read is told now, not with the first question
        graph.answer(Question("ASK {}"))  # and its readers stand ready
    return web.create_app(query.Asker(queries, graph), settings)


def _whole(paths: Mapping[str, Path]) -> dict[str, query.Query]:
    """Give the queries that are right: a folder that was broken after its graph was built takes no others away."""
    found: dict[str, query.Query] = {}
    for name, path in paths.items():
        with contextlib.suppress(errors.BrokenFile):  # told where the folder was to be built
            found |= query.catalogue({name: path})
    return found


def watched(settings: Settings, port: int, parent: int) -> Flask:
    """Give the application in the process that serves it, where its connections and its parent are watched.

    A connection may be still for as long as a query waits for its turn and runs, and then some.
    """
    threading.Thread(target=_end_with, args=(parent,), name="parent", daemon=True).start()
    try:
        app = application(settings)
    except errors.CarekgError as error:  # such as a broken folder, whose graph was to be in memory only
        print(f"carekg: {error}", file=sys.stderr, flush=True)
        sys.exit(error.exit_code)
    warming.begin(app)
    connections.Watch(port, max(3 * settings.deadline, STILL), 0 if settings.proxies else connections.MOST).start()
    return app


def run(settings: Settings, host: str, port: int) -> None:
    """Serve until stopped: upon SIGTERM or Ctrl+C no request is taken any more, and those that run may end."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    server = Granian("carekg", address=host, port=port, interface=Interfaces.WSGI, workers=1,
                     blocking_threads=limits.THREADS, http=HTTPModes.http1, websockets=False,
                     http1_settings=HTTP1Settings(header_read_timeout=HEADERS * 1000, max_buffer_size=HEADERS_SIZE),
                     workers_kill_timeout=math.ceil(settings.deadline) + ENDING, respawn_failed_workers=True,
                     log_access=False, log_level=LogLevels.error)
    gc.collect()
    gc.freeze()  # what is here is shared with the process that serves, for as long as its collector leaves it alone
    server.serve(target_loader=partial(watched, settings, port, os.getpid()), wrap_loader=False)


def _end_with(parent: int) -> None:
    """End this process where the one that started it has gone, however it went: nobody else would."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def refuse_taken(host: str, port: int) -> None:
    """Try to bind, so that an address in use is told in a sentence.

    :raises StoreError: the address is taken or not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise errors.StoreError(f"Nothing can be served on {host} port {port}: {error.strerror}; "
                                    "choose another with --port.") from None
