"""A question's page in a real browser without scripts: by keyboard alone, on a telephone and a desk, and with axe."""

import re
from typing import Any

import pytest

from servers import Server

pytestmark = pytest.mark.heavy

PAGES = [
    "innovations-by-route?_sort=-innovation&_filter=i",
    "innovations-in-place?drawing=bar",
    "innovations-by-route-and-factor?route=licencing&factor=partnrships",
    "innovations-by-route-and-factor?basis=stated",
    "modelled-and-observed?_page=2",
    "innovation-as-graph",
    "innovations-by-route?rout=x",
]
"""A table sorted and picked, a picture to be chosen, wrong values, no rows, a later page, a graph, a wrong name."""

INTO_VIEW = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@pytest.mark.parametrize("width", [390, 1280])
def test_pages_keep_nobody_out_and_fit_their_window(server: Server, width: int) -> None:
    browsing = pytest.importorskip("browsing")
    with browsing.opened(width) as page:
        for address in PAGES:
            page.goto(f"{server.base}/queries/{address}")
            for one in page.query_selector_all("details:not([open]) > summary")[:12]:
                one.click()
            assert browsing.faults(page) == [], address
            assert page.evaluate(INTO_VIEW), address


def test_a_question_is_asked_sorted_picked_and_taken_by_keyboard_alone(server: Server) -> None:
    browsing = pytest.importorskip("browsing")
    with browsing.opened() as page:
        page.goto(f"{server.base}/queries/innovations-in-place")
        browsing.reach(page, "p-place")
        page.keyboard.press("Control+a")
        page.keyboard.type("wigan")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("place=wigan"))
        assert page.input_value("#p-place") == "Wigan"
        assert "_more" not in page.url, "the enter key asks, and does not add a field"
        before = names(page)
        browsing.reach(page, "innovation")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("_sort=innovation"))
        assert page.inner_text("th[aria-sort=ascending]").strip(" ▲") == "innovation"
        assert sorted(names(page), key=str.casefold) == names(page)
        assert set(before) == set(names(page))
        browsing.reach(page, "t-filter")
        page.keyboard.type(before[0].split()[0])
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("_filter="))
        assert 0 < len(names(page)) < len(before)
        browsing.reach(page, "1 receipt")
        page.keyboard.press("Enter")
        page.wait_for_selector("details.receipt[open] cite")
        browsing.reach(page, "CSV")
        with page.expect_download() as taken:
            page.keyboard.press("Enter")
        text = taken.value.path().read_text(encoding="utf-8-sig")
        assert before[0].split()[0] in text


def test_a_wrong_value_is_mended_by_its_link(server: Server) -> None:
    browsing = pytest.importorskip("browsing")
    with browsing.opened() as page:
        page.goto(f"{server.base}/queries/innovations-by-route?route=licencing")
        browsing.reach(page, "licensing and affiliation")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("route:licensing-and-affiliation"))
        assert names(page)


def names(page: Any) -> list[str]:
    """What the first column shows."""
    return [text.strip() for text in page.locator("td[data-heading=innovation]").all_inner_texts()]
