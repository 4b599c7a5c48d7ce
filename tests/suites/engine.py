"""What the suites are run on: the engine in this process, which is what a server is held against."""

import enum
from collections.abc import Iterable
from typing import Final, Protocol

import pyoxigraph as ox

QUADS: Final = "SELECT ?s ?p ?o ?g { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
"""Asks for all that a dataset holds, so that a blank node has one name throughout."""


class Malformed(Exception):
    """A text was refused because it does not parse."""


class Failed(Exception):
    """A text was understood and could not be answered or carried out."""


class Reading(enum.Enum):
    """What an engine thinks of a text; a refusal that does not say why may be for either reason."""

    FINE = enum.auto()
    MALFORMED = enum.auto()
    DOUBTFUL = enum.auto()


class Engine(Protocol):
    """What can be filled, asked and changed."""

    def fill(self, quads: Iterable[ox.Quad], graphs: Iterable[str] = ()) -> None:
        """Hold these quads and nothing else; these graphs are there though they may be empty."""

    def ask(self, text: str, base: str, media: str) -> tuple[bytes, str]:
        """Give the answer to a query and its media type: the one asked for."""

    def update(self, text: str, base: str) -> None:
        """Carry out an update."""

    def reads(self, text: str, base: str, update: bool) -> Reading:
        """Say whether a text is a well-formed query or update."""


class InProcess:
    """Oxigraph as Python has it, without a server."""

    def __init__(self) -> None:
        self.store = ox.Store()

    def fill(self, quads: Iterable[ox.Quad], graphs: Iterable[str] = ()) -> None:
        self.store = ox.Store()
        self.store.extend(quads)
        for name in graphs:
            self.store.add_graph(ox.NamedNode(name))

    def ask(self, text: str, base: str, media: str) -> tuple[bytes, str]:
        try:
            found = self.store.query(text, base_iri=base)
            graph = isinstance(found, ox.QueryTriples)
            form = ox.RdfFormat.from_media_type(media) if graph else ox.QueryResultsFormat.from_media_type(media)
            return found.serialize(format=form), media
        except SyntaxError as error:
            raise Malformed(str(error)) from error
        except (OSError, RuntimeError, ValueError) as error:
            raise Failed(str(error)) from error

    def update(self, text: str, base: str) -> None:
        try:
            self.store.update(text, base_iri=base)
        except SyntaxError as error:
            raise Malformed(str(error)) from error
        except (OSError, RuntimeError, ValueError) as error:
            raise Failed(str(error)) from error

    def reads(self, text: str, base: str, update: bool) -> Reading:
        self.fill([])
        try:
            if update:
                self.update(text, base)
            else:
                self.ask(text, base, "application/sparql-results+json")
        except Malformed:
            return Reading.MALFORMED
        except Failed:
            pass  # understood, and not possible on an empty store
        return Reading.FINE
