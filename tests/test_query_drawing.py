"""How an answer may be drawn: what a header says, what an address says, and the sentence on each mistake."""

import pathlib

import pytest

from carekg import errors, query
from carekg.query import Drawing
from carekg.query.drawing import of_address

HEAD = "#+ summary: Which numbers are there?\n"
BODY = "SELECT ?thing ?number WHERE { ?thing <https://example.org/p> ?number } ORDER BY ?thing\n"
BAR = Drawing("bar", (("y", ("thing",)), ("x", ("number",))))


def loaded(tmp_path: pathlib.Path, *lines: str, body: str = BODY) -> query.Query:
    """The query that a file with those lines under ``drawings`` makes."""
    path = tmp_path / "queries" / "numbers.rq"
    path.parent.mkdir()
    path.write_text(HEAD + "".join(f"#+ {line}\n" for line in ("drawings:", *lines)) + body, encoding="utf-8")
    return query.load(path)


def test_a_header_declares_drawings_the_first_one_the_default(tmp_path: pathlib.Path) -> None:
    found = loaded(tmp_path, "  - {kind: bar, y: thing, x: number, title: Numbers}",
                   "  - {kind: line, x: number, y: number}")
    assert [one.kind for one in found.drawings] == ["bar", "line"]
    assert (found.drawings[0].column("x"), found.drawings[0].title) == ("number", "Numbers")
    assert found.drawings[1].column("colour") == ""


@pytest.mark.parametrize(("line", "sentence"), [
    ("  - {kind: pie, y: thing}", "`pie` is no kind of drawing; it takes one of bar, line, matrix"),
    ("  - bar", "`bar` is no drawing; give it a kind"),
    ("  - {kind: bar, x: number}", "a bar needs a column for `y`"),
    ("  - {kind: bar, y: thing, start: number}", "a bar has no role `start`; it takes y, x, count, colour, link"),
    ("  - {kind: bar, y: thong}", "a bar draws `thong`, which is no column of the answer; it has thing, number"),
    ("  - {kind: bar, y: [thing, number]}", "a bar has 2 columns for `y`; it takes one"),
    ("  - {kind: bar, y: 7}", "a bar has `y: 7`; write the name of a column"),
    ("  - {kind: bar, y: thing, title: 7}", "a bar has the title `7`; write a text"),
    ("  kind: bar", "write a list"),
    ("  [{kind: bar, y: thing}, {kind: bar, y: number}]", "declares 2 drawings of the kind bar; each kind stands once"),
])
def test_a_mistake_in_a_header_is_told_in_one_sentence(line: str, sentence: str, tmp_path: pathlib.Path) -> None:
    with pytest.raises(errors.BrokenFile) as caught:
        loaded(tmp_path, line)
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("queries/numbers.rq")
    assert "\n" not in str(caught.value)


def test_a_question_that_gives_a_graph_is_not_drawn(tmp_path: pathlib.Path) -> None:
    with pytest.raises(errors.BrokenFile, match="no column of the answer; it has none"):
        loaded(tmp_path, "  - {kind: bar, y: thing}", body="CONSTRUCT WHERE { ?a <https://example.org/p> ?b }\n")


def test_an_address_asks_for_a_declared_drawing_or_gives_its_columns() -> None:
    flow = Drawing("flow", (("from", ("a",)), ("to", ("b",))))
    assert of_address("", {}, [BAR, flow]) == BAR
    assert of_address("flow", {}, [BAR, flow]) == flow
    assert of_address("bar", {"x": []}, [BAR]).column("x") == ""
    assert of_address("bar", {"y": ["other"]}, [BAR]).column("y") == "other"
    assert of_address("network", {"from": ["a"], "to": ["b"]}, [BAR]).used == ("a", "b")


@pytest.mark.parametrize(("kind", "roles", "sentence"), [
    ("pie", {}, "`pie` is no kind of drawing"),
    ("flow", {}, "declares no flow (it declares bar); name its columns: drawing.from=COLUMN&drawing.to=COLUMN"),
    ("flow", {"from": ["a"]}, "a flow needs a column for `to`"),
    ("bar", {"y": ["x y"]}, "write the name of a column"),
    ("bar", {"wide": ["a"]}, "a bar has no role `wide`"),
])
def test_an_address_that_cannot_be_drawn_says_what_is_missing(
    kind: str, roles: dict[str, list[str]], sentence: str
) -> None:
    with pytest.raises(errors.BadDrawing) as caught:
        of_address(kind, roles, [BAR])
    assert sentence in str(caught.value)


def test_the_words_of_a_receipt_are_no_column_that_is_drawn(tmp_path: pathlib.Path) -> None:
    body = "SELECT ?thing ?words ?source WHERE { ?thing <https://example.org/p> ?words, ?source } ORDER BY ?thing\n"
    with pytest.raises(errors.BrokenFile, match="a bar draws `words`, which is no column of the answer; it has thing"):
        loaded(tmp_path, "  - {kind: bar, y: words}", body=body)
