"""An ear on a port of this machine, for what is to knock nowhere."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Ear:
    """A listening port on this machine, and when somebody has knocked there."""

    address: str
    knocks: list[float] = field(default_factory=list)

    def heard(self) -> int:
        """How many connections came, after a moment for one that is on its way."""
        time.sleep(0.05)
        return len(self.knocks)


@contextlib.contextmanager
def opened() -> Iterator[Ear]:
    """An ear that hears until the end."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        one = Ear(f"http://127.0.0.1:{listening.getsockname()[1]}/")
        thread = threading.Thread(target=_hear, args=(listening, one.knocks))
        thread.start()
        yield one
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _hear(listening: socket.socket, knocks: list[float]) -> None:
    """Note every connection and close it, until the socket is shut."""
    with contextlib.suppress(OSError):
        while True:
            connection, _ = listening.accept()
            knocks.append(time.monotonic())
            connection.close()
