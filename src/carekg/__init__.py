"""carekg: an open knowledge graph of how innovations in health and social care spread.

``carekg.connect()`` opens a graph in a notebook or a script; see :func:`carekg.client.connect`.
"""

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Give what scripts ask for; it is read when it is wanted, for everything below stands on this module."""
    if name == "connect":
        import importlib

        return importlib.import_module("carekg.client").connect
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), "connect"])
