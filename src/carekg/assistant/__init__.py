"""The graph for assistants by the Model Context Protocol (https://modelcontextprotocol.io): read-only, with receipts.

The protocol's SDK is an extra, since it brings a second web server, OAuth and cryptography, which nothing else needs.
"""

from __future__ import annotations

from typing import Final

from carekg import errors
from carekg.query import Asker
from carekg.settings import Settings

NEEDED: Final = "mcp>=2.3,<3"
"""The SDK, as the extra `mcp` of the package names it."""


def require() -> None:
    """Say how to install the SDK where it is missing.

    :raises BadInput: it is.
    """
    try:
        import mcp.server  # noqa: F401 - only whether it is there
    except ModuleNotFoundError:
        raise errors.BadInput("The SDK of the Model Context Protocol is not installed; install it beside carekg with "
                              f"`pip install '{NEEDED}'`.") from None


def run(asker: Asker, settings: Settings, address: tuple[str, int] | None = None) -> None:
    """Serve one assistant on stdin and stdout until it leaves, or many over HTTP at a host and a port."""
    from carekg.assistant import server, transport

    made = server.create(asker)
    if address is None:
        made.run("stdio")
    else:
        transport.serve(made, settings, *address)
