"""wrk, a load generator of other people's making: asks addresses in turn as fast as they are answered."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import urllib3

CONNECTIONS: Final = 8
"""Clients at the same time, each with one connection that is kept alive."""

MARK: Final = "@@"
SCRIPT: Final = """
local turn = 0
local paths = { PATHS }
request = function()
  turn = turn % #paths + 1
  return wrk.format("GET", paths[turn], { Accept = "*/*" })
end
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("\\n@@ %d %d %d %d %d %d\\n", summary.requests, summary.duration, latency:percentile(50),
                         latency:percentile(99), e.status, e.connect + e.read + e.write + e.timeout))
end
"""


@dataclass(frozen=True)
class Load:
    """Requests that were answered, in how many seconds; median and 99th percentile in milliseconds; errors by kind."""

    requests: int
    seconds: float
    p50: float
    p99: float
    bad_statuses: int
    broken: int

    @property
    def rate(self) -> float:
        """Give the requests a second."""
        return self.requests / self.seconds


def install() -> None:
    """Have wrk on this machine.

    :raises SystemExit: it is not there and cannot be installed; it says how.
    """
    if shutil.which("wrk"):
        return
    command = ["apt-get", "install", "--yes", "--quiet", "wrk"]
    if os.geteuid() != 0 or not shutil.which("apt-get") or subprocess.run(command, check=False).returncode:
        raise SystemExit("The load comes from wrk, which is not installed: `apt-get install wrk` as root has it.")


def pressed(base: str, paths: Sequence[str], seconds: float, connections: int = CONNECTIONS) -> Load:
    """Ask paths in turn for that long, and give what came of it.

    :raises RuntimeError: wrk did not say.
    """
    quoted = ", ".join(f'"{quote(path, safe="/?&=%.:+-_~*()")}"' for path in paths)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT.replace("PATHS", quoted))
        script.flush()
        command = ["wrk", "--threads", "1", "--connections", str(connections), "--timeout", "60s",
                   "--duration", f"{max(round(seconds), 1)}s", "--script", script.name, base]
        said = subprocess.run(command, capture_output=True, text=True, check=False)
    line = next((line for line in said.stdout.splitlines() if line.startswith(MARK)), "")
    if not line:
        raise RuntimeError(f"wrk said nothing of its requests: {said.stdout[-300:]} {said.stderr[-300:]}")
    requests, taken, p50, p99, statuses, broken = map(int, line.split()[1:])
    return Load(requests, taken / 1e6, p50 / 1000, p99 / 1000, statuses, broken)


def up(address: str, process: subprocess.Popen[bytes], patience: float = 300) -> None:
    """Wait until an address is answered.

    :raises RuntimeError: the process has ended, or is silent.
    """
    until = time.monotonic() + patience
    while time.monotonic() < until and process.poll() is None:
        try:
            if urllib3.request("GET", address, retries=False, timeout=5).status < 500:
                return
        except urllib3.exceptions.HTTPError:
            pass
        time.sleep(0.2)
    raise RuntimeError(f"{address} is not answered")
