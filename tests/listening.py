"""Programs that listen on a port of this machine: begun, waited for, and ended."""

import contextlib
import pathlib
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

PATIENCE = 30.0
"""Seconds in which a program has to come up, to answer, or to go."""


def free_port() -> int:
    """A port on which nobody listens just now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


def is_open(port: int) -> bool:
    """Whether somebody listens on a port."""
    try:
        with socket.create_connection(("127.0.0.1", port), PATIENCE):
            return True
    except OSError:
        return False


@contextlib.contextmanager
def running(
    command: Sequence[str], answers: Callable[[], bool], log: pathlib.Path, env: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A program from when it answers; what it writes to stderr goes to a file, and is told where it does not answer."""
    with log.open("wb") as stderr, subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=stderr, env=env) as process:
        try:
            _wait_for(process, answers, log)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for(process: subprocess.Popen[bytes], answers: Callable[[], bool], log: pathlib.Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        if answers():
            return
        time.sleep(0.05)
    raise TimeoutError(f"The program does not answer. It wrote:\n{log.read_text(errors='replace')}")
