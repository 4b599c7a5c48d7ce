"""The house: every module stands only on floors below its own; one module reads the environment; none keeps state."""

import ast
import functools
from collections.abc import Iterator

import small

SOURCE = small.ROOT / "src" / "carekg"

FLOORS = {
    "carekg": 0,  # the version, which anything may read
    "carekg.terms": 1,
    "carekg.errors": 1,
    "carekg.syntax": 1,
    "carekg.reader": 1,
    "carekg.settings": 2,
    "carekg.turtle": 2,
    "carekg.update": 2,
    "carekg.folder": 2,
    "carekg.catalogue": 2,
    "carekg.filed": 2,
    "carekg.lint": 2,
    "carekg.phrases": 2,
    "carekg.glossary": 2,
    "carekg.documents": 2,
    "carekg.places": 2,
    "carekg.validation": 2,
    "carekg.reason": 2,
    "carekg.accounts": 2,
    "carekg.shared": 2,
    "carekg.store": 2,
    "carekg.patch": 2,
    "carekg.query": 3,
    "carekg.change": 3,
    "carekg.past": 3,
    "carekg.drafts": 3,
    "carekg.dump": 3,
    "carekg.explain": 3,
    "carekg.difference": 3,
    "carekg.pull": 3,
    "carekg.names": 3,
    "carekg.search": 3,
    "carekg.reports": 3,
    "carekg.reconciliation": 3,
    "carekg.forms": 3,
    "carekg.plans": 3,
    "carekg.importers": 3,
    "carekg.vocabulary": 3,
    "carekg.answers": 3,
    "carekg.profiles": 3,
    "carekg.charts": 3,
    "carekg.committed": 3,
    "carekg.conformance": 4,
    "carekg.assistant": 4,
    "carekg.build": 4,
    "carekg.client": 4,
    "carekg.inspecting": 4,
    "carekg.web": 4,
    "carekg.commands": 5,
    "carekg.cli": 5,
    "carekg.__main__": 6,
}
"""The floor of a module, or of a package and of all in it that is not named itself."""

BESIDE = {
    ("carekg.syntax", "carekg.errors"): "a text that leaves the house is refused with an error",
    ("carekg.syntax", "carekg.terms"): "a prefix that is not declared is told with its namespace",
    ("carekg.places", "carekg.turtle"): "where a statement stands, its text says",
    ("carekg.documents", "carekg.folder"): "a file that does not parse is told as a folder's are",
    ("carekg.documents", "carekg.places"): "a file says where its statements stand",
    ("carekg.folder", "carekg.places"): "a folder says where its statements stand",
    ("carekg.lint", "carekg.folder"): "what is looked through is a folder's files",
    ("carekg.phrases", "carekg.folder"): "what is looked up is in a folder's files",
    ("carekg.charts", "carekg.query"): "what is drawn is the answer to a prepared question",
    ("carekg.vocabulary", "carekg.query"): "a term on a page is a cell, as in every table",
    ("carekg.search", "carekg.names"): "what names a thing is known there, and so is what comes near",
    ("carekg.search", "carekg.query"): "prepared questions declare the facets",
    ("carekg.answers", "carekg.query"): "an answer is to a prepared question",
    ("carekg.profiles", "carekg.query"): "a section of a page is the answer to a prepared question",
    ("carekg.answers", "carekg.names"): "names are remembered for all answers",
    ("carekg.explain", "carekg.query"): "an empty answer is one to a prepared question",
    ("carekg.explain", "carekg.past"): "a statement is explained by the change that stated it",
    ("carekg.explain", "carekg.change"): "what would go with a statement is what a change would come to",
    ("carekg.explain", "carekg.reports"): "what would be wrong is told in plain words",
    ("carekg.answers", "carekg.vocabulary"): "the vocabulary is remembered for all answers",
    ("carekg.plans", "carekg.query"): "a plan is made of the answers to prepared questions",
    ("carekg.forms", "carekg.names"): "a typed name becomes a thing",
    ("carekg.forms", "carekg.reports"): "a line of a report is told at the place in which it was typed",
    ("carekg.importers.grants", "carekg.change"): "a batch of grants becomes a change",
    ("carekg.reconciliation", "carekg.names"): "what is matched is a name in the graph",
    ("carekg.catalogue", "carekg.folder"): "what is described is a folder's files",
    ("carekg.drafts", "carekg.change"): "a draft is a change, and is committed as one",
    ("carekg.web.serve", "carekg.build"): "what is only in memory is built by the process that serves it",
    ("carekg.store", "carekg.settings"): "the settings say which store to open",
    ("carekg.client", "carekg.build"): "a graph that is connected to for the first time is built",
    ("carekg.cli", "carekg.commands"): "the command line is its commands together",
    ("carekg.importers.sheets", "carekg.forms"): "a column is a field of a form",
    ("carekg.importers.sheets", "carekg.change"): "a sheet is held against the guard",
    ("carekg.importers.sheets", "carekg.names"): "things go by their names",
    ("carekg.importers.sheets", "carekg.reports"): "what is wrong is told in plain words",
    ("carekg.accounts", "carekg.settings"): "the settings say where the tokens are",
}
"""Packages of one floor of which one imports from the other, each pair with its reason."""


@functools.cache
def modules() -> dict[str, ast.Module]:
    """Every module of the package, by name."""
    return {".".join(["carekg", *path.relative_to(SOURCE).with_suffix("").parts]).removesuffix(".__init__"):
            ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SOURCE.rglob("*.py"))}


@functools.cache
def imports(name: str) -> set[str]:
    """The modules of ours that a module imports, wherever in its text."""
    known = set(modules())
    found: set[str] = set()
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name in known}
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (inner & known) or {node.module}
            found |= {node.module} if inner - known else set()
    return found


def package(name: str) -> str:
    """The room that a module is in."""
    return ".".join(name.split(".")[:2])


def floor(name: str) -> int:
    """The floor of a module: its own, else that of its package."""
    return FLOORS.get(name, FLOORS[package(name)])


def crossing() -> Iterator[tuple[str, str]]:
    """Every import from one package into another."""
    return ((one, other) for one in modules() for other in imports(one) if package(one) != package(other))


def allowing(one: str, other: str) -> set[tuple[str, str]]:
    """The pairs that let one module import another of its floor."""
    return {pair for pair in BESIDE if f"{one}.".startswith(f"{pair[0]}.") and f"{other}.".startswith(f"{pair[1]}.")}


def test_every_package_has_its_floor_and_every_floor_is_lived_on() -> None:
    assert {package(name) for name in modules()} - set(FLOORS) == set()
    assert set(FLOORS) - set(modules()) == set()


def test_a_module_imports_only_what_is_below_it() -> None:
    assert {(one, other) for one, other in crossing()
            if floor(other) >= floor(one) and not allowing(one, other)} == set()


def test_every_exception_is_used_and_has_its_reason() -> None:
    used = {pair for one, other in crossing() if floor(other) == floor(one) for pair in allowing(one, other)}
    assert set(BESIDE) - used == set()
    assert all(BESIDE.values())


def test_packages_do_not_import_each_other_in_a_circle() -> None:
    remaining = {name: {other for other in imports(name) if package(other) != package(name)} for name in modules()}
    while free := [name for name, found in remaining.items() if not found & set(remaining)]:
        for name in free:
            del remaining[name]
    assert remaining == {}


def test_only_settings_reads_the_environment() -> None:
    readers = {name for name, tree in modules().items() for node in ast.walk(tree)
               if (isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "os.environb", "os.getenv"))
               or (isinstance(node, ast.alias) and node.name in ("environ", "getenv"))}
    assert readers == {"carekg.settings"}


def test_the_reader_process_carries_nothing_but_the_engine() -> None:
    room = {name for name in modules() if package(name) == "carekg.reader"}
    for name in room:
        nodes = list(ast.walk(modules()[name]))
        found = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        found |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
        assert {one for one in found if one.startswith("carekg")} <= {"carekg"} | room, name
        assert {one.split(".")[0] for one in found} & {"rdflib", "pyshacl", "flask", "owlrl"} == set(), name


# --- no state in modules ------------------------------------------------------------------------------------------


def names_assigned(tree: ast.Module) -> Iterator[tuple[str, ast.expr | None]]:
    """The names that a module gives values to at its top, and the values."""
    for node in tree.body:
        if isinstance(node, ast.Assign):
            yield from ((ast.unparse(target), node.value) for target in node.targets)
        elif isinstance(node, ast.AnnAssign):
            yield ast.unparse(node.target), node.value


def changed(tree: ast.Module) -> set[str]:
    """The names that a module's functions change: by ``global``, by item, or by a method that changes."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            found |= set(node.names)
        targets = node.targets if isinstance(node, ast.Assign | ast.Delete) else []
        found |= {ast.unparse(t.value) for t in targets if isinstance(t, ast.Subscript)}
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in (
                "append", "add", "update", "clear", "pop", "setdefault", "extend", "remove"):
            found.add(ast.unparse(node.func.value))
    return found


def cached(tree: ast.Module) -> list[str]:
    """The functions that a module has remember what they gave."""
    return [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
            for decorator in node.decorator_list if ast.unparse(decorator).split(".")[-1].startswith(("cache", "lru"))
            and "cached_property" not in ast.unparse(decorator)]


def test_a_module_keeps_no_state() -> None:
    for name, tree in modules().items():
        top = {target for target, _ in names_assigned(tree) if not target.startswith("__")}
        assert (name, top & changed(tree), cached(tree)) == (name, set(), [])


def test_a_table_at_the_top_of_a_module_is_marked_as_constant() -> None:
    for name, tree in modules().items():
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.List | ast.Dict | ast.Set):
                assert ast.unparse(node.targets[0]).isupper() or ast.unparse(node.targets[0]) == "__all__", name
