"""Streamable HTTP for assistants: one endpoint, `/mcp`, that keeps no sessions and answers only to its own names."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from carekg import errors
from carekg.assistant.server import Server
from carekg.settings import Settings

LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
ANY: Final = ("0.0.0.0", "::")
AT_ONCE: Final = 64
"""Connections that are served at the same time; others are told to come back."""


def serve(server: Server, settings: Settings, host: str, port: int) -> None:
    """Serve until stopped."""
    application = server.streamable_http_app(
        host=host, json_response=True, stateless_http=True, max_request_body_size=settings.body_mb * 2**20,
        transport_security=guarded(settings.public_url, host, port))
    uvicorn.run(_posted(application), host=host, port=port, log_level="warning", access_log=False, server_header=False,
                limit_concurrency=AT_ONCE, timeout_graceful_shutdown=int(settings.deadline) + 1)


def _posted(application: ASGIApp) -> ASGIApp:
    """Give the application for POST alone: where nothing is pushed and no session is kept, the protocol allows 405.

    See https://modelcontextprotocol.io/specification/2025-06-18/basic/transports#listening-for-messages-from-the-server.
    """
    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] != "POST":
            await Response("This is an MCP server: send JSON-RPC to /mcp by POST.\n", 405, {"Allow": "POST"},
                           "text/plain")(scope, receive, send)
        else:
            await application(scope, receive, send)
    return answer


def guarded(public_url: str, host: str, port: int) -> TransportSecuritySettings:
    """Give the names under which requests may come, so that no web page reaches a server here by rebinding a name.

    :raises BadInput: it listens everywhere, and nobody said under which name it is reached.
    """
    public = urlsplit(public_url)
    if host in ANY and not public.netloc:
        raise errors.BadInput(f"With --host {host} the name under which clients reach this server has to be known: set "
                              "CAREKG_PUBLIC_URL to it, such as https://care.example.org.")
    own = f"[{host}]" if ":" in host else host
    hosts = [f"{name}:{port}" for name in dict.fromkeys((*LOOPBACK, own))]
    return TransportSecuritySettings(
        allowed_hosts=[*hosts, *([public.netloc] if public.netloc else [])],
        allowed_origins=[*(f"http://{name}" for name in hosts),
                         *([f"{public.scheme}://{public.netloc}"] if public.netloc else [])])
