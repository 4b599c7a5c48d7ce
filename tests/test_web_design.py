"""What all pages have in common: nobody is kept out, nothing runs over a phone, no script, no address elsewhere."""

from collections.abc import Iterator
from typing import Any

import pytest

from servers import Server

pytestmark = pytest.mark.heavy

PAGES = (
    "/", "/help", "/words", "/queries", "/sparql", "/def", "/shapes", "/catalogue", "/dumps", "/history", "/login",
    "/no/such/page", "/find", "/find?q=shared", "/find?q=zzzzqqq", "/plan", "/compare",
    "/queries/innovations-by-route-and-factor", "/queries/innovations-by-route-and-factor?factor=nonsense",
    "/queries/disagreements", "/queries/innovation-as-graph?innovation=iris",
    "/queries/innovations-by-route-and-factor?route=licensing-and-affiliation&factor=risk-aversion&strength=strong",
    "/compare?thing=innovation:iris&thing=innovation:shared-lives",
    "/why?s=innovation:iris&p=rdf:type&o=care:Innovation",
    "/id/innovation/iris.html", "/id/innovation/shared-lives.html", "/concept/route/partnerships.html",
    "/concept/factor/partnerships.html",
)
"""Pages of every kind, some with what is wrong or empty."""

WITH_SCRIPT = ("/sparql",)
"""Pages that do more where scripts run, and all they are for where none do."""

WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
"""By how many pixels a page is wider than the screen."""


@pytest.fixture(scope="module", params=[(390, "light"), (1280, "dark")], ids=["phone", "wide and dark"])
def page(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A page of a browser of that width, in light or dark."""
    browsing = pytest.importorskip("browsing")
    width, scheme = request.param
    with browsing.opened(width) as one:
        one.emulate_media(color_scheme=scheme)
        yield one


@pytest.mark.parametrize("path", PAGES)
def test_nobody_is_kept_out_of_a_page(page: Any, server: Server, path: str) -> None:
    import browsing

    page.goto(f"{server.base}{path}", wait_until="load")
    assert browsing.faults(page) == []
    assert page.evaluate(WIDER) <= 0, "the page is wider than its screen"


@pytest.mark.parametrize("path", [path for path in PAGES if path not in WITH_SCRIPT])
def test_a_page_asks_for_no_script_and_for_nothing_from_elsewhere(page: Any, server: Server, path: str) -> None:
    asked: list[tuple[str, str]] = []
    page.on("request", lambda one: asked.append((one.resource_type, one.url)))
    page.goto(f"{server.base}{path}", wait_until="load")
    assert {kind for kind, _ in asked} & {"script", "fetch", "xhr", "websocket"} == set()
    assert [url for _, url in asked if not url.startswith(f"{server.base}/")] == []
    assert page.evaluate("document.querySelectorAll('script:not([type=\"application/ld+json\"])').length") == 0
