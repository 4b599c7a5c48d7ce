"""A real browser: Debian's Chromium, led by Playwright, and axe-core, which looks for what keeps people out."""

import contextlib
import shutil
from collections.abc import Iterator
from typing import Final

from playwright.sync_api import Page, sync_playwright

import node

NAMES: Final = ("chromium", "google-chrome")
MOST: Final = 300
"""Times that the tab key is pressed on the way to something."""

FOCUSED: Final = """() => {
  const one = document.activeElement;
  const label = one.labels && one.labels.length ? one.labels[0].innerText : '';
  return [one.id, (one.getAttribute('aria-label') || label || one.innerText || '').replace(/\\s+/g, ' ').trim()];
}"""


@contextlib.contextmanager
def opened(width: int = 1280) -> Iterator[Page]:
    """A page of a fresh browser."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser.new_page(viewport={"width": width, "height": 900}, bypass_csp=False)
        browser.close()


def reach(page: Page, wanted: str) -> None:
    """Press the tab key until what has an id or a name, or the beginning of one, has the focus."""
    seen = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        seen.append(found)
        if found[0] == wanted or found[1].startswith(wanted):
            return
    raise AssertionError(f"{wanted} is not reached by the tab key, past {seen}")


def faults(page: Page) -> list[str]:
    """What axe-core finds wrong with a page, by its rules for WCAG 2.2 AA and good practice."""
    page.evaluate(node.file("axe-core/axe.min.js"))
    found = page.evaluate("() => axe.run(document)")
    return [f"{one['id']}: {place['html'][:200]}" for one in found["violations"] for place in one["nodes"]]
