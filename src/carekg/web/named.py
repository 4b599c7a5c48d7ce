"""The names in the graph that an application serves, read anew when it has changed."""

from __future__ import annotations

from typing import Final

from flask import current_app

from carekg.names import Names, Remembered
from carekg.web import site

KEY: Final = "carekg.names"
"""Under which an application keeps them."""


def names() -> Names:
    """Give the names."""
    kept: Remembered = current_app.extensions.setdefault(KEY, Remembered(site.asker().graph))
    return kept.read()
