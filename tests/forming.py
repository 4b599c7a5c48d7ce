"""A form as its reader uses it: found by its labels, typed into, and sent by a button."""

import html.parser
from urllib.parse import urljoin

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from pages import BROWSER, Page


class Sheet(html.parser.HTMLParser):
    """The form on a page: what a browser would send of it, by name, and the names by their labels."""

    def __init__(self, client: FlaskClient, answer: TestResponse, headers: dict[str, str] | None = None) -> None:
        super().__init__()
        self.client, self.answer, self.headers = client, answer, {**BROWSER, **(headers or {})}
        self.page = Page(answer.text)
        assert self.page.open == []
        self.action, self.focus = "", ""
        self.sent: dict[str, str] = {}
        self.labels: dict[str, list[str]] = {}
        self.buttons: dict[str, str] = {}
        self.described: dict[str, str] = {}
        self._select, self._text, self._label = "", "", ""
        self.feed(answer.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if "autofocus" in given:
            self.focus = name or given.get("aria-labelledby", "")
        if "aria-describedby" in given:
            self.described[name] = given["aria-describedby"]
        if tag == "form" and given.get("id") == "form":
            self.action = given.get("action", "")
        elif tag == "label":
            self._label = given.get("for", "")
        elif tag == "button":
            self.buttons[given.get("aria-label", "") or given.get("value", "")] = given.get("value", "")
        else:
            self._field(tag, name, given)

    def _field(self, tag: str, name: str, given: dict[str, str]) -> None:
        """Note what a browser would send of a field."""
        if tag == "input" and name and (given.get("type") != "radio" or "checked" in given):
            self.sent[name] = given.get("value", "")
        elif tag == "select":
            self._select, self.sent[name] = name, ""
        elif tag == "option" and self._select and "selected" in given:
            self.sent[self._select] = given.get("value", "")
        elif tag == "textarea":
            self._text, self.sent[name] = name, ""

    def handle_data(self, data: str) -> None:
        if self._text:
            self.sent[self._text] += data
        elif self._label:
            self.labels.setdefault(" ".join(data.split()), []).append(self._label)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self.sent[self._text] = self.sent[self._text].removeprefix("\n")
            self._text = ""
        elif tag == "label":
            self._label = ""

    def name(self, label: str, number: int = 0) -> str:
        """The name of the place that has a label."""
        return str(self.labels[label][number])

    def type(self, label: str, text: str, number: int = 0) -> "Sheet":
        """Type into the place that has a label, or choose there."""
        name = self.name(label, number)
        assert name in self.sent, name
        self.sent[name] = text
        return self

    def pick(self, name: str, iri: str) -> "Sheet":
        """Choose one of several things that a text may mean."""
        self.sent[f"{name}.pick"] = iri
        return self

    def press(self, button: str, status: int = 200) -> "Sheet":
        """Press a button, by its value or its name for screen readers, and get the form that comes back."""
        answer = self.pressed(button)
        assert answer.status_code == status, answer.text
        return Sheet(self.client, answer, self.headers)

    def pressed(self, button: str) -> TestResponse:
        """Press a button, and get the answer."""
        data = {**self.sent, "do": self.buttons.get(button, button)}
        return self.client.post(urljoin("/", self.action), data=data, headers=self.headers)

    def problem(self, name: str) -> str:
        """What is said beside a place, as a screen reader finds it."""
        wrong = f"wrong-{name}"
        assert wrong in self.described.get(name, "").split(), (name, self.described.get(name))
        start = self.answer.text.index(f'id="{wrong}"')
        return self.answer.text[start:self.answer.text.index("</div>", start)]


def opened(client: FlaskClient, address: str, headers: dict[str, str] | None = None) -> Sheet:
    """The form at an address."""
    answer = client.get(address, headers={**BROWSER, **(headers or {})})
    assert answer.status_code == 200, answer.text
    return Sheet(client, answer, headers)
