"""What is typed as NAME=VALUE on the command line."""

from __future__ import annotations

from collections.abc import Iterable

from carekg import errors


def by_name(given: Iterable[str], right: str) -> dict[str, list[str]]:
    """Give values by name; a name may come several times.

    :param right: what each is, and how it is written.
    :raises BadValue: one is not written so.
    """
    found: dict[str, list[str]] = {}
    for one in given:
        name, sign, value = one.partition("=")
        if not sign:
            raise errors.BadValue(one, right)
        found.setdefault(name, []).append(value)
    return found
