"""A web server of somebody else, which answers as a test says."""

import contextlib
import http.server
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

Page = tuple[int, dict[str, str], bytes]
"""Status, headers and body."""

TURTLE = {"Content-Type": "text/turtle"}
RESULTS = {"Content-Type": "application/sparql-results+json"}


@dataclass
class Peer:
    """What a server answers by path and otherwise, after how long, and what it was asked for and sent."""

    port: int = 0
    pages: dict[str, Page] = field(default_factory=dict)
    otherwise: Page = (404, {}, b"")
    seconds: float = 0.0
    between_bytes: float = 0.0
    asked: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def opened() -> Iterator[Peer]:
    """A peer that has no page yet."""
    one = Peer()

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            one.asked.append(self.path)
            one.sent.append(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
            with contextlib.suppress(OSError):
                _answer(self, one)

        do_GET = do_POST = answer  # noqa: N815 - so the library calls them

        def log_message(self, *_: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        serving.daemon_threads, serving.block_on_close = True, False
        one.port = serving.server_address[1]
        thread = threading.Thread(target=serving.serve_forever, args=(0.05,))
        thread.start()
        yield one
        serving.shutdown()
        thread.join()


def _answer(to: http.server.BaseHTTPRequestHandler, one: Peer) -> None:
    time.sleep(one.seconds)
    status, headers, body = one.pages.get(to.path.partition("?")[0], one.otherwise)
    to.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        to.send_header(name, value)
    to.end_headers()
    pieces = [body[n:n + 1] for n in range(len(body))] if one.between_bytes else [body]
    for piece in pieces:
        to.wfile.write(piece)
        time.sleep(one.between_bytes)
