"""What can go wrong: the tree that is drawn is the tree there is, and every error is a sentence."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

import carekg
import small
from carekg import errors
from carekg.errors import CarekgError

DRAWN_LINE = re.compile(r"    ([│├└─ ]*)([A-Z]\w+(?:, [A-Z]\w+)*)(?:\s+exit (\d))?(?:\s+HTTP (\d{3}))?(?:\s{2,}.*)?$")


class Drawn(NamedTuple):
    """One class of the tree as the docstring draws it."""

    parent: str
    exit_code: int | None
    http_status: int | None


def drawn() -> dict[str, Drawn]:
    """The tree of the module's docstring."""
    found: dict[str, Drawn] = {}
    above: list[str] = []
    for line in str(errors.__doc__).splitlines():
        match = DRAWN_LINE.match(line)
        if match:
            depth = len(match[1]) // 4
            del above[depth:]
            parent = above[-1] if above else ""
            for name in match[2].split(", "):
                found[name] = Drawn(parent, int(match[3]) if match[3] else None, int(match[4]) if match[4] else None)
            above.append(match[2].split(", ")[-1])
    return found


def there() -> dict[str, type[CarekgError]]:
    """Every error class of the module."""
    members = inspect.getmembers(errors, inspect.isclass)
    return {name: one for name, one in members if issubclass(one, CarekgError)}


def test_the_tree_that_is_drawn_is_the_tree_there_is() -> None:
    parents = {name: "" if one is CarekgError else one.__base__.__name__ for name, one in there().items()}
    assert len(parents) > 15
    assert {name: one.parent for name, one in drawn().items()} == parents


@pytest.mark.parametrize("name", sorted(there()))
def test_an_error_has_the_exit_code_and_the_status_that_are_drawn(name: str) -> None:
    tree = drawn()

    def of(wanted: str, attribute: str) -> int:
        value = getattr(tree[wanted], attribute)
        return value if value is not None else of(tree[wanted].parent, attribute)

    one = there()[name]
    assert (one.exit_code, one.http_status) == (of(name, "exit_code"), of(name, "http_status"))


def test_every_error_of_the_package_is_in_the_tree() -> None:
    for module in pkgutil.walk_packages(carekg.__path__, "carekg."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)

    def below(one: type[CarekgError]) -> set[str]:
        return {one.__name__}.union(*(below(sub) for sub in one.__subclasses__() if sub.__module__ != __name__))

    assert below(CarekgError) == set(there())


# --- sentences ---------------------------------------------------------------------------------------------------

SAMPLES = [
    errors.NoChange(7, 3),
    errors.CannotUndo(2, "what it changed was changed again", later=["change 3 by ann on 2026-01-31 12:00"]),
    errors.Overtaken(["change 3 by ann on 2026-01-31 12:00: the report says so"]),
    errors.Busy(16),
    errors.BeyondMemory(26_000_000, 26_000_000 * 4096, 14 * 2**30),
    errors.InTheMaking(),
    errors.NoFullText("no such module: fts5"),
    errors.Unreachable("http://127.0.0.1:8000/", "connection refused"),
    errors.NoAnswer("http://127.0.0.1:8000/queries.json", 30.0),
    errors.NotOurs("http://127.0.0.1:8000/queries.json", "a page of HTML"),
    errors.MissingExtra("pandas", "pandas"),
    errors.WouldLose("a graph", "an empty folder"),
    errors.BadMember("queries", "an object"),
    errors.TooMany("queries", 200, 100),
    errors.BadBody("a dot is missing", 3, 7),
    errors.BrokenDocument("grants.json", "breaks off after grant 17 (360G-fund-17), at byte 20,480"),
    errors.BadGrants(["Grant 3: currency is `POUND`; right would be `GBP`."], 1, "it is told in faults.csv"),
    errors.Unmet("changed", "<https://example.org/g>"),
    errors.OverSize(1024),
    errors.TooLong(1_000_001, 1_000_000),
    errors.Unmet("missing", "<https://example.org/g>"),
    errors.Unmet("there", "<https://example.org/g>"),
    errors.LeavingQuery("SERVICE"),
    errors.Derived("term", "<https://w3id.org/carekg/def#Site>"),
    errors.Derived("graph", "<https://w3id.org/carekg/graph/inferred>"),
    errors.UnknownThings(["innovation:nobody, which site:x speaks of, is described nowhere"]),
    errors.MissingPart(Path("/f"), "ontology", "put one there"),
    errors.BrokenFile(Path("a.ttl"), "a dot is missing"),
    errors.BrokenFile(Path("a.ttl"), "a dot is missing", 3),
    errors.BrokenFile(Path("a.ttl"), "a dot is missing", 3, 7),
    errors.UnknownTerms(["a.ttl:3: sh:mincount is not a term of its vocabulary"]),
    errors.UncoveredAxiom("owl:hasKey", "care:Award"),
    errors.DriftedPhrases(["a.ttl:3: passage:x: `so it is` is not on line 4; it stands on line 5"]),
    errors.UnknownQuery("inovations", []),
    errors.UnknownQuery("inovations", ["innovations-by-route"]),
    errors.UnknownParameter("rout", "innovations-by-route", ["route"]),
    errors.UnknownParameter("rout", "innovations-by-route", []),
    errors.BadValue("licencing", "a route"),
    errors.BadValue("x" * 500, "a route", ["one", "two", "three"]),
    errors.MissingValue("place", "innovations-in-place", "name a place"),
    errors.BadQuery("expected OPTIONAL"),
    errors.BadQuery("expected OPTIONAL", 1, 20, "queries/a.rq"),
    errors.UnknownFormat("yaml", ["csv", "json"]),
    errors.UnsupportedMedia("", "application/sparql-query"),
    errors.NotFound("https://example.org/x"),
    errors.NotFound("https://example.org/x", ["y"]),
    errors.Gone("https://example.org/x"),
    errors.Gone("https://example.org/x", ["y", "z"]),
    errors.OverDeadline(10.0),
    errors.OverMemory(1024),
    errors.OverDrawn("it took more than 10 seconds"),
    errors.BadLook("_page", "x", "a whole number from 1 on"),
    errors.BadDrawing("a bar needs a column for `y`"),
    errors.NothingToDraw("no row has a year in `began`"),
    errors.ReadOnly(),
    errors.Unauthorized("needs a token"),
    errors.TooOften("600 per minute", 12),
    errors.LoginsTooOften("20 per minute", 12),
    errors.BadLogin(),
    errors.NotLoggedIn(),
    errors.Forged("The CSRF token is missing"),
    errors.RoleNeeded("steward", "reader", "jo", "To commit changes", "save the change as a draft"),
    errors.NotYours("revise", "jo"),
    errors.OwnDraft(),
    errors.Closed("withdrawn by jo"),
    errors.NoDraft(),
    errors.NoPlan(),
    errors.Crowded("You have 96 requests under way"),
    errors.TooLarge(2),
    errors.TooSlow(60.0),
    errors.NeedsLength(),
    errors.UnsupportedCoding("br", ["gzip"]),
    errors.UnusableShapes("A shape has two paths."),
    errors.BothChanged(["data/a.ttl: a:b rdfs:label is `x` in the file and `y` by stewards"]),
    errors.Unwritable("data/a.ttl", "Permission denied"),
    errors.BadSheet("a.csv", "is empty", "fill it in"),
    errors.WrongCells(["C3: `x`: No such place."]),
    errors.Unconfirmed(["`x` in column `place`, row 3: a or b?"]),
]


@pytest.mark.parametrize("error", SAMPLES, ids=lambda error: type(error).__name__)
def test_an_error_says_what_is_wrong_in_one_line_that_ends_as_a_sentence(error: CarekgError) -> None:
    assert str(error).endswith((".", "?"))
    assert "\n" not in str(error)
    assert len(str(error)) < 700


def test_every_error_that_composes_its_own_sentence_has_a_sample() -> None:
    composing = {name for name, one in there().items() if "__init__" in vars(one)}
    assert composing - {"InvalidGraph"} == {type(error).__name__ for error in SAMPLES}


@pytest.mark.parametrize(("error", "head"), [
    (errors.InvalidGraph, "25 violations, so nothing was changed."),
    (errors.UnknownTerms, "25 unknown terms, so nothing was changed."),
    (errors.DriftedPhrases, "25 phrases are not on their lines."),
])
def test_several_problems_are_told_with_their_count_and_one_line_each(
    error: Callable[[list[str]], CarekgError], head: str
) -> None:
    many = str(error([f"problem {n}" for n in range(25)])).splitlines()
    assert (many[0], len(many), many[-1]) == (head, 22, "  ... and 5 more")


def test_a_single_violation_is_told_in_two_lines() -> None:
    one = str(errors.InvalidGraph(["data/a.ttl:3: award:x: An award has one amount."]))
    assert one.splitlines() == ["1 violation, so nothing was changed.",
                                "  data/a.ttl:3: award:x: An award has one amount."]


def raised() -> list[tuple[str, ast.Call]]:
    """Every place in the code where an error without a sentence of its own is made, with its words."""
    plain = {name for name, one in there().items() if "__init__" not in vars(one)}
    found = []
    for path in sorted((small.ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).removeprefix("errors.") in plain and node.args:
                found.append((f"{path.name}:{node.lineno}", node))
    return found


@pytest.mark.parametrize(("_place", "call"), raised(), ids=[place for place, _ in raised()])
def test_a_sentence_written_where_the_error_is_raised_ends_as_one(_place: str, call: ast.Call) -> None:
    words: ast.expr = call.args[0]
    while isinstance(words, ast.Call | ast.Attribute):  # f"...".rstrip() + "."
        words = words.func if isinstance(words, ast.Call) else words.value
    words = words.right if isinstance(words, ast.BinOp) else words
    last = words.values[-1] if isinstance(words, ast.JoinedStr) else words
    assert isinstance(last, ast.Constant), ast.unparse(call)
    assert str(last.value).endswith((".", "?")), ast.unparse(call)


def test_the_offending_value_is_shown_short() -> None:
    told = errors.BadValue("x" * 500, "a route")
    assert told.value == "x" * 500
    assert str(told) == f"`{'x' * 77}...` is not a route."


@pytest.mark.parametrize(("near", "end"), [
    ([], "."), (["one"], "; did you mean one?"), (["one", "two"], "; did you mean one or two?"),
    (["one", "two", "three"], "; did you mean one, two or three?")])
def test_near_misses_are_offered_as_a_question(near: list[str], end: str) -> None:
    assert str(errors.UnknownQuery("x", near)) == f"There is no prepared query `x`{end}"
