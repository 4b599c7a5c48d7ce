"""How soon a page is there, and how much it loads: ``python -m benchmarks.pages``, over the shipped graph.

The first answer is the time of the very first request for a page, when nothing about it is remembered, of a server
that has stood for a while (``STOOD``); later ones are medians. A page's weight is its document with every style and
script that it names.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

from benchmarks import scene, served

ROUNDS: Final = 9
STOOD: Final = 12.0
"""Seconds since the start of the server: it makes ready some things of itself when its first requests have gone."""

MOST_SECONDS: Final = 0.300
MOST_SCRIPT: Final = 300_000

PAGES: Final = (
    "/", "/help", "/queries", "/queries/innovations-by-route-and-factor", "/queries/disagreements",
    "/queries/innovations-in-place?place=north-west", "/find?q=shared+lives", "/find", "/id/innovation/iris.html",
    "/id/innovation/shared-lives.html", "/concept/route/partnerships.html", "/concept/factor/partnerships.html",
    "/compare?thing=innovation:iris&thing=innovation:shared-lives", "/plan", "/sparql", "/def", "/history",
    "/catalogue", "/why?s=innovation:iris&p=rdf:type&o=care:Innovation",
)
EDITOR: Final = ("/sparql",)
"""Pages that have a script."""

NAMED: Final = re.compile(r'<(link|script)\b[^>]*?(?:href|src)="([^"]+)"[^>]*>')


@dataclass(frozen=True)
class Line:
    """Seconds until the first and a later answer were read, bytes of the document, of its styles, of its scripts."""

    path: str
    first: float
    later: float
    page: int
    style: int
    script: int

    @property
    def within(self) -> bool:
        """Say whether a page keeps its budgets."""
        return self.first <= MOST_SECONDS and (self.path in EDITOR or self.script <= MOST_SCRIPT)


def measured(server: served.Server, path: str) -> Line:
    """Give what a page takes.

    :raises RuntimeError: it is no page.
    """
    times = []
    for _ in range(1 + ROUNDS):
        began = time.perf_counter()
        answer = server.pool.request("GET", path, headers={"Accept": "text/html"})
        times.append(time.perf_counter() - began)
        if answer.status != 200:
            raise RuntimeError(f"{path} gave {answer.status}")
    text, sizes = answer.data.decode(), {"link": 0, "script": 0}
    for tag, address in NAMED.findall(text):
        if tag == "script" or re.search(rf'rel="(?:stylesheet|modulepreload)"[^>]*{re.escape(address)}', text):
            sizes[tag] += len(server.get(urljoin(path, address)).data)
    return Line(path, times[0], statistics.median(times[1:]), len(answer.data), sizes["link"], sizes["script"])


def main() -> int:
    """Measure every page and print a table; give 1 where a budget is missed, else 0."""
    with tempfile.TemporaryDirectory(prefix="carekg-bench-") as name:
        place = Path(name)
        with served.serving(place / "store", scene.copied_folder(place / "folder")) as server:
            time.sleep(STOOD)
            print(f"Memory of the server, in MB: {server.weight().pss:.0f}.\n")
            lines = [measured(server, path) for path in PAGES]
    print("| page | first, ms | later, ms | page, kB | style, kB | script, kB | within |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | --- |")
    for one in lines:
        print(f"| `{one.path}` | {one.first * 1000:.0f} | {one.later * 1000:.0f} | {one.page / 1000:.0f} | "
              f"{one.style / 1000:.0f} | {one.script / 1000:.0f} | {'yes' if one.within else '**no**'} |")
    return 0 if all(one.within for one in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
