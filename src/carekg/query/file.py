"""A prepared query: a question in a ``.rq`` file, its typed parameters, and the text with values bound in.

A parameter stands in the text as a variable. A value is resolved to an RDF term, serialised by pyoxigraph, and put
in the variable's place, so that the engine plans with a constant: substitution after planning ran a property path
15 to 30 times slower. What a person typed is never pasted.

Several values make a VALUES clause at the beginning of the text. Where that is not their place, as within a part of a
UNION or a query within the query, the text says ``VALUES $name { UNDEF }``, and values stand there and nowhere else. A
``{ VALUES $name { UNDEF } FILTER(BOUND($name)) }`` matches nothing while the parameter is open.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from carekg import errors, syntax
from carekg.query import drawing, faceting, header, placing, planning
from carekg.query.parameter import LITERALS, XSD, Parameter
from carekg.query.table import Table

OPENING = "{"
"""What stands in the place of a name for the brace that opens the WHERE clause."""

LISTED = "VALUES "
"""What stands before a name for the UNDEF in the place of which its values go."""


@dataclass(frozen=True)
class Query:
    """A prepared query as its file says it. ``tally`` names a column and the scheme whose values are counted in it."""

    name: str
    path: Path
    text: str
    summary: str
    description: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    when_empty: str = ""
    tally: tuple[str, str] | None = None
    page: tuple[placing.Placing, ...] = ()
    drawings: tuple[drawing.Drawing, ...] = ()
    facet: faceting.Facet | None = None
    plan: planning.Plan | None = None

    @cached_property
    def body(self) -> str:
        """Give the SPARQL text without its header."""
        return re.sub(r"(?m)^#\+.*\n?", "", self.text)

    @cached_property
    def columns(self) -> frozenset[str]:
        """Give the variables that a table has as columns, by name."""
        found = list(syntax.tokens(self.body))
        return frozenset(token.text[1:] for token in found[:_opening(found)] if token.kind == "variable")

    @cached_property
    def is_graph(self) -> bool:
        """Say whether the query gives a graph rather than a table."""
        return syntax.asks_for_graph(self.body)

    def parameter(self, name: str) -> Parameter:
        """Give the parameter of that name.

        :raises UnknownParameter: there is none.
        """
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        raise errors.UnknownParameter(name, self.name, [p.name for p in self.parameters])

    def bind(self, terms: Mapping[str, Sequence[ox.NamedNode | ox.Literal]]) -> str:
        """Give the SPARQL text with terms in the place of parameters.

        A parameter without a term stays a variable, which leaves it open.
        """
        listed = {name.removeprefix(LISTED) for _, name in self._pieces if name.startswith(LISTED)}
        single = {name: str(values[0]) for name, values in terms.items() if len(values) == 1 and name not in listed}
        single |= {LISTED + name: " ".join(map(str, terms[name])) for name in listed if terms.get(name)}
        several = "".join(f" VALUES ?{name} {{ {' '.join(map(str, values))} }}"
                          for name, values in terms.items() if len(values) > 1 and name not in listed)
        return "".join(text + several if name == OPENING else single.get(name, text) for text, name in self._pieces)

    @cached_property
    def _pieces(self) -> list[tuple[str, str]]:
        """Give the text cut where terms go in, once: pieces, each with the name of the variable that it is or none."""
        found = list(syntax.tokens(self.body))
        start = _opening(found)
        pieces = [("", "")]
        for n, token in enumerate(found):
            name = token.text[1:] if token.kind == "variable" and (n > start or self.is_graph) else ""
            name = name or _listed(found, n)
            if n == start:
                pieces += [(token.text, OPENING), ("", "")]
            elif name:
                pieces += [(token.text, name), ("", "")]
            else:
                pieces[-1] = (pieces[-1][0] + token.text, "")
        return pieces


# --- reading the files ---------------------------------------------------------------------------------------


def load(path: Path) -> Query:
    """Read a ``.rq`` file with its header and check that it binds and parses with its defaults.

    :raises BrokenFile: header or text are not right.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise errors.BrokenFile(header.shown(path), f"it cannot be read as UTF-8 text: {error}") from None
    query = Query(path.stem, path, text, **header.read(path, text))
    _check(query)
    return query


def catalogue(paths: Mapping[str, Path]) -> dict[str, Query]:
    """Read every prepared query of a folder, by name."""
    return {name: load(path) for name, path in sorted(paths.items())}


def refuse_clashes(queries: Mapping[str, Query]) -> None:
    """Let the queries of a folder pass whose headers go together.

    :raises BrokenFile: one takes for its part of a plan what none gives, or another takes as something else.
    """
    for query in queries.values():
        if what := planning.clash(query, queries):
            raise errors.BrokenFile(header.shown(query.path), f"the #+ header {what}", 1)


def _check(query: Query) -> None:
    """Hold a query's text against its parameters, and parse it free and bound."""
    _check_parameters(query)
    try:
        syntax.refuse_what_leaves(query.body)
    except errors.CarekgError as error:
        raise errors.BrokenFile(header.shown(query.path), str(error).rstrip(".")) from None
    for text in (query.body, query.bind({p.name: [_example(p)] for p in query.parameters})):
        try:
            columns = _columns(ox.Store().query(text))
        except SyntaxError as error:
            what, line, column = syntax.told(text, str(error))
            shift = query.text.count("\n") - query.body.count("\n")
            raise errors.BrokenFile(header.shown(query.path), what, line and line + shift, column) from None
        _check_drawings(query, columns)
        _check_facet(query, columns)


def _columns(found: object) -> list[str]:
    """Give the columns of an answer and let it go: an error that kept it would take it to another thread."""
    return [variable.value for variable in found.variables] if isinstance(found, ox.QuerySolutions) else []


def _check_facet(query: Query, columns: Sequence[str]) -> None:
    """Hold the facet that a header declares against the columns of the answer."""
    for name in faceting.unknown(query.facet, columns):
        what = f"`facet` names the column `{name}`, which is not among what it gives: {', '.join(columns) or 'none'}"
        raise errors.BrokenFile(header.shown(query.path), what)
    if query.facet and any(not one.optional for one in query.parameters):
        raise errors.BrokenFile(header.shown(query.path), "a query with `facet` is asked with nothing, so each of its "
                                "parameters has to be optional")


def _check_drawings(query: Query, columns: Sequence[str]) -> None:
    """Hold the drawings that a header declares against the columns of the answer, which an empty store gives too."""
    try:
        for one in query.drawings:
            drawing.check(one, [column.name for column in Table.of(columns).columns])
    except errors.BadDrawing as error:
        raise errors.BrokenFile(header.shown(query.path), f"of its drawings, {error.what}") from None


def _check_parameters(query: Query) -> None:
    found = list(syntax.tokens(query.body))
    opening = _opening(found)
    used = {token.text[1:] for token in found[opening:] if token.kind == "variable"}
    shown = {token.text[1:] for token in found[:opening] if token.kind == "variable"}
    declared = {parameter.name for parameter in query.parameters}
    for name in sorted(token.text[1:] for token in found if token.kind == "variable" and token.text[0] == "$"):
        if name not in declared:
            what = f"`${name}` is written as a parameter, which the #+ header does not declare"
            raise errors.BrokenFile(header.shown(query.path), what)
    for name in sorted(declared):
        if name not in used:
            raise errors.BrokenFile(header.shown(query.path), f"parameter `{name}` is not used in the WHERE clause")
        if name in shown and not query.is_graph:
            what = f"parameter `{name}` is projected; BIND it to another variable and project that"
            raise errors.BrokenFile(header.shown(query.path), what)
    _check_page(query, shown)
    _check_plan(query)


def _check_plan(query: Query) -> None:
    """Hold the part of a plan that a header declares against what the query gives."""
    if query.plan and query.is_graph:
        what = "`plan` is for a query that gives a table, and this one gives a graph"
        raise errors.BrokenFile(header.shown(query.path), what)
    for name in filter(None, (*query.plan.columns, query.plan.by)) if query.plan and query.columns else ():
        if name not in query.columns:
            what = f"`plan` shows the column `{name}`, which the query does not give; it gives "
            raise errors.BrokenFile(header.shown(query.path), what + ", ".join(sorted(query.columns)))


def _check_page(query: Query, shown: Collection[str]) -> None:
    """Hold the sections that a header declares against what the query gives."""
    if query.page and query.is_graph:
        what = "`page` is for a query that gives a table, and this one gives a graph"
        raise errors.BrokenFile(header.shown(query.path), what)
    drawn = {one.kind for one in query.drawings}
    for kind in (kind for one in query.page for kind in one.drawings if kind not in drawn):
        what = f"`page` has the drawing `{kind}`, which `drawings` does not declare"
        raise errors.BrokenFile(header.shown(query.path), what)
    for name in placing.unknown(query.page, shown) if shown else ():
        what = f"`page` shows the column `{name}`, which the query does not give; it gives {', '.join(sorted(shown))}"
        raise errors.BrokenFile(header.shown(query.path), what)


def _example(parameter: Parameter) -> ox.NamedNode | ox.Literal:
    if parameter.type in ("concept", "thing"):
        return ox.NamedNode(parameter.source)
    return ox.Literal("1", datatype=ox.NamedNode(XSD + LITERALS[parameter.type][0]))


def _opening(found: Sequence[syntax.Token]) -> int:
    """Give the index of the token that opens the WHERE clause."""
    is_construct = False
    for n, token in enumerate(found):
        word = token.text.upper() if token.kind == "word" else ""
        is_construct = is_construct or word == "CONSTRUCT"
        if token.text == "{" and (not is_construct or _previous_word(found, n) == "WHERE"):
            return n
    return len(found) - 1


def _listed(found: Sequence[syntax.Token], n: int) -> str:
    """Give the mark and the name of a parameter where a token is the UNDEF in ``VALUES $name { UNDEF }``."""
    if found[n].text != "UNDEF":
        return ""
    before = [token for token in found[max(n - 8, 0):n] if token.kind != "space"]
    is_list = [token.text.upper() for token in before[-3::2]] == ["VALUES", "{"]
    return LISTED + before[-2].text[1:] if is_list and before[-2].text.startswith("$") else ""


def _previous_word(found: Sequence[syntax.Token], n: int) -> str:
    before = [token for token in found[:n] if token.kind not in ("space", "comment")]
    return before[-1].text.upper() if before else ""
