"""What is no longer to be used in the graph that the application serves."""

from __future__ import annotations

from typing import Final

from flask import current_app

from carekg.query.deprecated import Deprecated, read
from carekg.web import site
from carekg.web.remembered import BRIEFLY, Remembered

KEY: Final = "carekg.deprecated"
"""Under which an application keeps what is deprecated in its graph."""


def deprecated() -> Deprecated:
    """Give what is deprecated in the graph that the application serves, asked anew where it has changed."""
    graph = site.asker().graph
    kept: Remembered[Deprecated] = current_app.extensions.setdefault(KEY, Remembered(1, BRIEFLY))
    return kept.get(graph.version, "deprecated", lambda: read(graph))
