"""Commands that are imported when they are asked for: most runs need one, and all of them together take a second."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping, MutableMapping

import click


class Later(MutableMapping[str, click.Command]):
    """The commands of a group by name; help and completion, which describe them, import them all."""

    def __init__(self, places: Mapping[str, str]) -> None:
        """Take the place of each command: ``module:name`` in this package."""
        self._places: dict[str, str | click.Command] = dict(places)

    def __getitem__(self, name: str) -> click.Command:
        place = self._places[name]
        if isinstance(place, click.Command):
            return place
        module, _, called = place.partition(":")
        command: click.Command = getattr(importlib.import_module(f"{__package__}.{module}"), called)
        return command

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._places[name] = command

    def __delitem__(self, name: str) -> None:
        del self._places[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
