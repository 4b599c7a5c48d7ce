"""A page as tests look at it."""

import html.parser

from flask.testing import FlaskClient

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
"""What a browser asks for."""


class Page(html.parser.HTMLParser):
    """What a test wants to know of a page: its links, the ids in it, its words, its data blocks, and tags left open."""

    VOID = frozenset({"meta", "link", "input", "br", "hr", "img", "source"})
    LAX = frozenset({"option", "p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.texts: list[str] = []
        self.tags: set[str] = set()
        self.blocks: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if (tag, dict(attrs).get("type")) == ("script", "application/ld+json"):  # data that a browser does not run
            self.blocks.append("")
        else:
            self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action")]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in self.VOID | self.LAX:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID | self.LAX:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] == ["script"] and self.blocks:
            self.blocks[-1] += data
        else:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())


def page(client: FlaskClient, address: str, status: int = 200) -> Page:
    """A page as a browser gets it, by way of redirects, with all its tags closed."""
    answer = client.get(address, headers=BROWSER, follow_redirects=True)
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "text/html"
    found = Page(answer.text)
    assert found.open == []
    return found
