"""Starts the application on a production server: Granian, one worker whose threads wait on the reader processes."""

from __future__ import annotations

import socket
from functools import partial

from flask import Flask

from carekg import build, errors, folder, query, web
from carekg.settings import Settings
from carekg.store import Question, open_store

THREADS = 32
"""Requests that are answered at the same time: twice as many as there may be readers, so that pages still come."""


def application(settings: Settings) -> Flask:
    """Give the application for these settings: the folder's queries on the settings' store."""
    queries = query.catalogue(folder.queries(settings.folder))
    graph = open_store(settings)
    if settings.store == "memory:":  # which is this process's own
        build.build(settings.folder, graph)
    if graph.manifest():  # a store that cannot be read is told now, not with the first question
        graph.answer(Question("ASK {}"))  # and its readers stand ready
    return web.create_app(query.Asker(queries, graph), settings)


def run(settings: Settings, host: str, port: int) -> None:
    """Serve until stopped."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian("carekg", address=host, port=port, interface=Interfaces.WSGI, workers=1,
                     blocking_threads=THREADS, log_access=False, log_level=LogLevels.error)
    server.serve(target_loader=partial(application, settings), wrap_loader=False)


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
