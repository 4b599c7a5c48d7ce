"""The house: every module stands only on floors below its own; one module reads the environment; none keeps state."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import small

SOURCE = small.ROOT / "src" / "carekg"

FLOORS = {
    "carekg": 0,  # the version, which anything may read
    "carekg.terms": 1,
    "carekg.errors": 1,
    "carekg.errors.accounts": 1,
    "carekg.errors.base": 1,
    "carekg.errors.folders": 1,
    "carekg.errors.grants": 1,
    "carekg.errors.inputs": 1,
    "carekg.errors.refusals": 1,
    "carekg.errors.sheets": 1,
    "carekg.errors.stores": 1,
    "carekg.syntax": 1,
    "carekg.reader": 1,
    "carekg.reader.__main__": 1,
    "carekg.reader.asking": 1,
    "carekg.reader.checking": 1,
    "carekg.reader.checking.following": 1,
    "carekg.reader.checking.marking": 1,
    "carekg.reader.checking.paths": 1,
    "carekg.reader.checking.reach": 1,
    "carekg.reader.checking.stating": 1,
    "carekg.reader.checking.view": 1,
    "carekg.reader.changing": 1,
    "carekg.reader.effect": 1,
    "carekg.reader.graphs": 1,
    "carekg.reader.judging": 1,
    "carekg.reader.layered": 1,
    "carekg.reader.rows": 1,
    "carekg.settings": 2,
    "carekg.turtle": 2,
    "carekg.turtle.document": 2,
    "carekg.turtle.editing": 2,
    "carekg.turtle.inside": 2,
    "carekg.turtle.nesting": 2,
    "carekg.turtle.spelling": 2,
    "carekg.turtle.tokens": 2,
    "carekg.turtle.writing": 2,
    "carekg.update": 2,
    "carekg.folder": 2,
    "carekg.catalogue": 2,
    "carekg.lint": 2,
    "carekg.phrases": 2,
    "carekg.documents": 2,
    "carekg.places": 2,
    "carekg.validation": 2,
    "carekg.validation.alternatives": 2,
    "carekg.validation.faults": 2,
    "carekg.validation.finding": 2,
    "carekg.validation.kinds": 2,
    "carekg.validation.first": 2,
    "carekg.validation.partial": 2,
    "carekg.validation.paths": 2,
    "carekg.validation.queried": 2,
    "carekg.validation.reading": 2,
    "carekg.validation.reads": 2,
    "carekg.reason": 2,
    "carekg.accounts": 2,
    "carekg.accounts.kept": 2,
    "carekg.accounts.passwords": 2,
    "carekg.accounts.roles": 2,
    "carekg.accounts.signing": 2,
    "carekg.accounts.tokens": 2,
    "carekg.accounts.users": 2,
    "carekg.store": 2,
    "carekg.store.building": 2,
    "carekg.store.embedded": 2,
    "carekg.store.filling": 2,
    "carekg.store.generations": 2,
    "carekg.store.history": 2,
    "carekg.store.history.things": 2,
    "carekg.store.history.database": 2,
    "carekg.store.history.entry": 2,
    "carekg.store.history.packing": 2,
    "carekg.store.history.provenance": 2,
    "carekg.store.history.replay": 2,
    "carekg.store.asked": 2,
    "carekg.store.parent": 2,
    "carekg.store.readers": 2,
    "carekg.store.remote": 2,
    "carekg.store.turns": 2,
    "carekg.query": 3,
    "carekg.query.ask": 3,
    "carekg.query.file": 3,
    "carekg.query.header": 3,
    "carekg.query.parameter": 3,
    "carekg.query.record": 3,
    "carekg.query.table": 3,
    "carekg.change.codes": 3,
    "carekg.change.guard": 3,
    "carekg.change": 3,
    "carekg.change.undo": 3,
    "carekg.change.whole": 3,
    "carekg.past": 3,
    "carekg.past.blame": 3,
    "carekg.past.copies": 3,
    "carekg.past.log": 3,
    "carekg.drafts": 3,
    "carekg.drafts.database": 3,
    "carekg.drafts.model": 3,
    "carekg.drafts.today": 3,
    "carekg.dump": 3,
    "carekg.explain": 3,
    "carekg.conformance": 4,
    "carekg.difference": 3,
    "carekg.difference.sides": 3,
    "carekg.pull": 3,
    "carekg.pull.drafts": 3,
    "carekg.pull.merging": 3,
    "carekg.names": 3,
    "carekg.names.model": 3,
    "carekg.names.reading": 3,
    "carekg.names.scoring": 3,
    "carekg.reports": 3,
    "carekg.reports.known": 3,
    "carekg.reports.model": 3,
    "carekg.reports.near": 3,
    "carekg.reports.source": 3,
    "carekg.reports.telling": 3,
    "carekg.reports.typed": 3,
    "carekg.reports.unknowns": 3,
    "carekg.reconciliation": 3,
    "carekg.reconciliation.asked": 3,
    "carekg.reconciliation.matching": 3,
    "carekg.reconciliation.space": 3,
    "carekg.reconciliation.values": 3,
    "carekg.forms": 3,
    "carekg.forms.choices": 3,
    "carekg.forms.difference": 3,
    "carekg.forms.filling": 3,
    "carekg.forms.merging": 3,
    "carekg.forms.minting": 3,
    "carekg.forms.model": 3,
    "carekg.forms.reading": 3,
    "carekg.forms.sending": 3,
    "carekg.forms.stating": 3,
    "carekg.forms.telling": 3,
    "carekg.forms.typed": 3,
    "carekg.importers": 3,
    "carekg.importers.grants": 3,
    "carekg.importers.grants.bodies": 3,
    "carekg.importers.grants.checking": 3,
    "carekg.importers.grants.documents": 3,
    "carekg.importers.grants.importing": 3,
    "carekg.importers.grants.known": 3,
    "carekg.importers.grants.mapping": 3,
    "carekg.importers.grants.naming": 3,
    "carekg.importers.grants.packages": 3,
    "carekg.importers.grants.reading": 3,
    "carekg.importers.grants.reports": 3,
    "carekg.importers.grants.rules": 3,
    "carekg.importers.grants.seen": 3,
    "carekg.importers.grants.tables": 3,
    "carekg.importers.sheets": 3,
    "carekg.importers.sheets.checked": 3,
    "carekg.importers.sheets.columns": 3,
    "carekg.importers.sheets.delimited": 3,
    "carekg.importers.sheets.desk": 3,
    "carekg.importers.sheets.heads": 3,
    "carekg.importers.sheets.identity": 3,
    "carekg.importers.sheets.judging": 3,
    "carekg.importers.sheets.keys": 3,
    "carekg.importers.sheets.limits": 3,
    "carekg.importers.sheets.making": 3,
    "carekg.importers.sheets.naming": 3,
    "carekg.importers.sheets.opening": 3,
    "carekg.importers.sheets.parts": 3,
    "carekg.importers.sheets.plan": 3,
    "carekg.importers.sheets.rows": 3,
    "carekg.importers.sheets.stated": 3,
    "carekg.importers.sheets.table": 3,
    "carekg.importers.sheets.template": 3,
    "carekg.importers.sheets.told": 3,
    "carekg.importers.sheets.values": 3,
    "carekg.importers.sheets.workbook": 3,
    "carekg.importers.sheets.written": 3,
    "carekg.vocabulary": 3,
    "carekg.vocabulary.model": 3,
    "carekg.vocabulary.reading": 3,
    "carekg.answers": 3,
    "carekg.answers.asking": 3,
    "carekg.answers.describing": 3,
    "carekg.answers.graph": 3,
    "carekg.answers.naming": 3,
    "carekg.answers.paging": 3,
    "carekg.answers.passages": 3,
    "carekg.answers.tables": 3,
    "carekg.answers.values": 3,
    "carekg.answers.words": 3,
    "carekg.assistant": 4,
    "carekg.assistant.server": 4,
    "carekg.assistant.texts": 4,
    "carekg.assistant.tools": 4,
    "carekg.assistant.transport": 4,
    "carekg.build": 4,
    "carekg.inspecting": 4,
    "carekg.web": 4,
    "carekg.web.accounts": 4,
    "carekg.web.accounts.door": 4,
    "carekg.web.accounts.pages": 4,
    "carekg.web.accounts.sessions": 4,
    "carekg.web.diffs": 4,
    "carekg.web.drafts": 4,
    "carekg.web.drafts.pages": 4,
    "carekg.web.drafts.reading": 4,
    "carekg.web.feeds.atom": 4,
    "carekg.web.forms": 4,
    "carekg.web.forms.buttons": 4,
    "carekg.web.forms.desk": 4,
    "carekg.web.forms.drawing": 4,
    "carekg.web.forms.editing": 4,
    "carekg.web.linked.catalogue": 4,
    "carekg.web.feeds.changes": 4,
    "carekg.web.linked.crawlers": 4,
    "carekg.web.linked.description": 4,
    "carekg.web.linked.documents": 4,
    "carekg.web.protocol": 4,
    "carekg.web.history": 4,
    "carekg.web.history.data": 4,
    "carekg.web.history.pages": 4,
    "carekg.web.linked": 4,
    "carekg.web.described": 4,
    "carekg.web.feeds": 4,
    "carekg.web.guard": 4,
    "carekg.web.conditions": 4,
    "carekg.web.formats": 4,
    "carekg.web.linked.jsonld": 4,
    "carekg.web.described.dumped": 4,
    "carekg.web.described.dumps": 4,
    "carekg.web.described.examples": 4,
    "carekg.web.feeds.feed": 4,
    "carekg.web.feeds.kept": 4,
    "carekg.web.described.openapi": 4,
    "carekg.web.described.operations": 4,
    "carekg.web.named": 4,
    "carekg.web.questions": 4,
    "carekg.web.reconcile": 4,
    "carekg.web.described.partitions": 4,
    "carekg.web.remembered": 4,
    "carekg.web.described.proposing": 4,
    "carekg.web.described.routes": 4,
    "carekg.web.described.schemas": 4,
    "carekg.web.described.statements": 4,
    "carekg.web.described.void": 4,
    "carekg.web.linked.schema_org": 4,
    "carekg.web.guard.access": 4,
    "carekg.web.guard.connections": 4,
    "carekg.web.guard.gate": 4,
    "carekg.web.guard.headers": 4,
    "carekg.web.guard.health": 4,
    "carekg.web.guard.limits": 4,
    "carekg.web.guard.metrics": 4,
    "carekg.web.guard.received": 4,
    "carekg.web.serve": 4,
    "carekg.web.sheets": 4,
    "carekg.web.sheets.pages": 4,
    "carekg.web.sheets.upload": 4,
    "carekg.web.site": 4,
    "carekg.web.protocol.sparql": 4,
    "carekg.web.linked.things": 4,
    "carekg.web.linked.vocabulary": 4,
    "carekg.web.linked.writing": 4,
    "carekg.commands": 5,
    "carekg.commands.accounts": 5,
    "carekg.commands.asking": 5,
    "carekg.commands.grants": 5,
    "carekg.commands.importing": 5,
    "carekg.commands.keeping": 5,
    "carekg.commands.looking_back": 5,
    "carekg.commands.filing": 5,
    "carekg.commands.making": 5,
    "carekg.commands.operating": 5,
    "carekg.commands.serving": 5,
    "carekg.commands.validating": 5,
    "carekg.commands.sheets": 5,
    "carekg.commands.shown": 5,
    "carekg.patch": 2,
    "carekg.web.protocol.bodies": 4,
    "carekg.web.protocol.commits": 4,
    "carekg.web.protocol.graphs": 4,
    "carekg.web.protocol.loading": 4,
    "carekg.web.protocol.permission": 4,
    "carekg.web.protocol.service": 4,
    "carekg.web.protocol.telling": 4,
    "carekg.cli": 5,
    "carekg.__main__": 6,
}
"""Module to floor."""

BESIDE = {
    ("carekg.syntax", "carekg.errors"): "a text that leaves the house is refused with an error",
    ("carekg.syntax", "carekg.terms"): "a prefix that is not declared is told with its namespace",
    ("carekg.places", "carekg.turtle"): "where a statement stands, its text says",
    ("carekg.places", "carekg.turtle.document"): "where a statement stands, its text says",
    ("carekg.places", "carekg.turtle.nesting"): "where a statement stands, its text says",
    ("carekg.places", "carekg.turtle.spelling"): "where a statement stands, its text says",
    ("carekg.documents", "carekg.folder"): "a file that does not parse is told as a folder's are",
    ("carekg.documents", "carekg.places"): "a file says where its statements stand",
    ("carekg.folder", "carekg.places"): "a folder says where its statements stand",
    ("carekg.lint", "carekg.folder"): "what is looked through is a folder's files",
    ("carekg.phrases", "carekg.folder"): "what is looked up is in a folder's files",
    ("carekg.vocabulary", "carekg.query"): "a term on a page is a cell, as in every table",
    ("carekg.vocabulary.model", "carekg.query"): "a term on a page is a cell, as in every table",
    ("carekg.vocabulary.reading", "carekg.query"): "a term on a page is a cell, as in every table",
    ("carekg.answers", "carekg.query"): "an answer is to a prepared question",
    ("carekg.answers", "carekg.names"): "names are remembered for all answers",
    ("carekg.answers", "carekg.vocabulary"): "the vocabulary is remembered for all answers",
    ("carekg.answers.asking", "carekg.query"): "an answer is to a prepared question",
    ("carekg.answers.asking", "carekg.query.table"): "a receipt in our own words is marked as such",
    ("carekg.answers.describing", "carekg.query"): "a description leads to the questions that take the thing",
    ("carekg.answers.describing", "carekg.names"): "a thing is described that goes by a name",
    ("carekg.answers.naming", "carekg.names"): "a typed name becomes a thing",
    ("carekg.answers.passages", "carekg.query"): "passages are asked of the same graph",
    ("carekg.answers.passages", "carekg.names"): "passages are those of a thing that goes by a name",
    ("carekg.answers.words", "carekg.query"): "a term in the vocabulary is a cell, as in every table",
    ("carekg.answers.words", "carekg.vocabulary"): "the vocabulary in short is made of the whole",
    ("carekg.forms.choices", "carekg.names"): "a typed name becomes a thing",
    ("carekg.forms.telling", "carekg.reports"): "a line of a report is told at the place in which it was typed",
    ("carekg.importers.grants.importing", "carekg.change"): "a batch of grants becomes a change",
    ("carekg.importers.grants.importing", "carekg.change.guard"): "each batch is judged by the guard of the graph",
    ("carekg.reconciliation", "carekg.names"): "what is matched is a name in the graph",
    ("carekg.reconciliation.matching", "carekg.names"): "what is matched is a name in the graph",
    ("carekg.reconciliation.matching", "carekg.names.reading"): "which properties are identifiers, names say",
    ("carekg.reconciliation.matching", "carekg.names.scoring"): "texts are folded as names are",
    ("carekg.reconciliation.space", "carekg.names"): "types and properties go by names as things do",
    ("carekg.reconciliation.values", "carekg.names"): "a value that is a thing is given by its name",
    ("carekg.catalogue", "carekg.folder"): "what is described is a folder's files",
    ("carekg.drafts", "carekg.change"): "a draft is a change, and is committed as one",
    ("carekg.drafts", "carekg.change.guard"): "a draft is held against the guard each time it is looked at",
    ("carekg.drafts.today", "carekg.change"): "a draft is tried as the change that it is",
    ("carekg.drafts.today", "carekg.change.guard"): "a draft is held against the guard each time it is looked at",
    ("carekg.web.serve", "carekg.build"): "what is only in memory is built by the process that serves it",
    ("carekg.store", "carekg.settings"): "the settings say which store to open",
    ("carekg.cli", "carekg.commands.accounts"): "the command line is its commands together",
    ("carekg.cli", "carekg.commands.sheets"): "the command line is its commands together",
    ("carekg.importers.sheets.columns", "carekg.forms.model"): "a column is a field of a form",
    ("carekg.importers.sheets.columns", "carekg.forms.reading"): "the columns of a class are those of its form",
    ("carekg.importers.sheets.desk", "carekg.change.guard"): "a sheet is held against the guard",
    ("carekg.importers.sheets.desk", "carekg.forms.model"): "a column is a field of a form",
    ("carekg.importers.sheets.desk", "carekg.forms.reading"): "the columns of a class are those of its form",
    ("carekg.importers.sheets.desk", "carekg.names"): "things go by their names",
    ("carekg.importers.sheets.identity", "carekg.forms.minting"): "new things get their keys as in a form",
    ("carekg.importers.sheets.identity", "carekg.forms.model"): "a column is a field of a form",
    ("carekg.importers.sheets.identity", "carekg.names"): "things go by their names",
    ("carekg.importers.sheets.judging", "carekg.change"): "a sheet is one change",
    ("carekg.importers.sheets.judging", "carekg.change.guard"): "a sheet is held against the guard",
    ("carekg.importers.sheets.judging", "carekg.forms.reading"): "the columns of a class are those of its form",
    ("carekg.importers.sheets.judging", "carekg.reports"): "what is wrong is told in plain words",
    ("carekg.importers.sheets.keys", "carekg.forms.minting"): "new things get their keys as in a form",
    ("carekg.importers.sheets.making", "carekg.forms.model"): "a column is a field of a form",
    ("carekg.importers.sheets.making", "carekg.forms.reading"): "the columns of a class are those of its form",
    ("carekg.importers.sheets.making", "carekg.names"): "things go by their names",
    ("carekg.importers.sheets.naming", "carekg.names"): "things go by their names",
    ("carekg.importers.sheets.parts", "carekg.forms.minting"): "new things get their keys as in a form",
    ("carekg.importers.sheets.parts", "carekg.forms.model"): "a column is a field of a form",
    ("carekg.importers.sheets.plan", "carekg.change"): "a sheet is one change",
    ("carekg.importers.sheets.plan", "carekg.forms.model"): "a column is a field of a form",
    ("carekg.importers.sheets.rows", "carekg.forms.model"): "a column is a field of a form",
    ("carekg.importers.sheets.stated", "carekg.forms.model"): "a column is a field of a form",
    ("carekg.importers.sheets.template", "carekg.forms.model"): "a column is a field of a form",
    ("carekg.importers.sheets.template", "carekg.forms.typed"): "a cell is read as a field is",
    ("carekg.importers.sheets.values", "carekg.forms.model"): "a column is a field of a form",
    ("carekg.importers.sheets.values", "carekg.forms.typed"): "a cell is read as a field is",
    ("carekg.cli", "carekg.commands.asking"): "the command line is its commands together",
    ("carekg.cli", "carekg.commands.importing"): "the command line is its commands together",
    ("carekg.cli", "carekg.commands.keeping"): "the command line is its commands together",
    ("carekg.cli", "carekg.commands.looking_back"): "the command line is its commands together",
    ("carekg.cli", "carekg.commands.validating"): "the command line is its commands together",
    ("carekg.cli", "carekg.commands.filing"): "the command line is its commands together",
    ("carekg.cli", "carekg.commands.making"): "the command line is its commands together",
    ("carekg.cli", "carekg.commands.operating"): "the command line is its commands together",
    ("carekg.cli", "carekg.commands.serving"): "the command line is its commands together",
    ("carekg.accounts.tokens", "carekg.settings"): "the settings say where the tokens are",
    ("carekg.accounts.users", "carekg.settings"): "the settings say where the users are",
    ("carekg.accounts.signing", "carekg.settings"): "the settings have the key, or say where it is",
}
"""Imports from the same floor, each with its reason; the modules of one package may import each other."""


def modules() -> dict[str, Path]:
    """Every module of the package, by name."""
    return {".".join(["carekg", *path.relative_to(SOURCE).with_suffix("").parts]).removesuffix(".__init__"): path
            for path in sorted(SOURCE.rglob("*.py"))}


def imports(path: Path) -> set[str]:
    """The modules of ours that a module imports, wherever in its text."""
    known = modules()
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name in known}
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (inner & set(known)) or {node.module}
            found |= {node.module} if inner - set(known) else set()
    return found


def is_allowed(one: str, other: str) -> bool:
    """Say whether a module may import another."""
    same_package = one.split(".")[:2] == other.split(".")[:2]
    return FLOORS[other] < FLOORS[one] or (one, other) in BESIDE or same_package


def test_every_module_has_its_floor() -> None:
    assert set(modules()) - set(FLOORS) == set()


@pytest.mark.parametrize("name", modules())
def test_a_module_imports_only_what_is_below_it(name: str) -> None:
    found = imports(modules()[name])
    assert {other for other in found if not is_allowed(name, other)} == set()


def test_every_exception_is_used_and_has_its_reason() -> None:
    known = modules()
    same_floor = {pair: why for pair, why in BESIDE.items() if FLOORS[pair[0]] == FLOORS[pair[1]]}
    for (one, other), why in same_floor.items():
        assert other in imports(known[one]), (one, other)
        assert why


def test_packages_do_not_import_each_other_in_a_circle() -> None:
    known = modules()
    graph = {name: imports(path) - {name} for name, path in known.items()}
    outside = {name: {o for o in found if o.split(".")[:2] != name.split(".")[:2]} for name, found in graph.items()}
    remaining = dict(outside)
    while free := [name for name, found in remaining.items() if not found & set(remaining)]:
        for name in free:
            del remaining[name]
    assert remaining == {}


def test_only_settings_reads_the_environment() -> None:
    readers = {name for name, path in modules().items()
               for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
               if (isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "os.environb", "os.getenv"))
               or (isinstance(node, ast.alias) and node.name in ("environ", "getenv"))}
    assert readers == {"carekg.settings"}


@pytest.mark.parametrize("name", [name for name in modules() if name.startswith("carekg.reader")])
def test_the_reader_process_carries_nothing_but_the_engine(name: str) -> None:
    tree = ast.parse(modules()[name].read_text(encoding="utf-8"))
    found = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    found |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    ours = {one for one in found if one.startswith("carekg")}
    assert ours <= {"carekg"} | {one for one in modules() if one.startswith("carekg.reader")}
    assert {one.split(".")[0] for one in found} & {"rdflib", "pyshacl", "flask", "owlrl"} == set()


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


@pytest.mark.parametrize("name", modules())
def test_a_module_keeps_no_state(name: str) -> None:
    tree = ast.parse(modules()[name].read_text(encoding="utf-8"))
    top = {target: value for target, value in names_assigned(tree) if not target.startswith("__")}
    assert {target for target in top if target in changed(tree)} == set()
    caches = [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
              for decorator in node.decorator_list if ast.unparse(decorator).split(".")[-1].startswith(("cache", "lru"))
              and "cached_property" not in ast.unparse(decorator)]
    assert caches == []


def test_a_table_at_the_top_of_a_module_is_marked_as_constant() -> None:
    for name, path in modules().items():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.List | ast.Dict | ast.Set):
                assert ast.unparse(node.targets[0]).isupper() or ast.unparse(node.targets[0]) == "__all__", name
