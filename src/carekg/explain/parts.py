"""The parts of a query's WHERE clause: what of it can be left out, one at a time.

The text is cut by its tokens (https://www.w3.org/TR/sparql11-query/#rGroupGraphPatternSub): a subject with several
properties becomes one part for each. What a cut does not fit, the engine refuses to parse; nobody is misled by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Final

from carekg import syntax
from carekg.syntax import Token

OPENS: Final = {"(": ")", "[": "]", "{": "}"}
BLOCKS: Final = {"OPTIONAL": "optional", "MINUS": "minus", "GRAPH": "graph", "FILTER": "filter", "BIND": "bind",
                 "VALUES": "values"}
"""Words with which a part begins that is not a triple pattern, and what it is called."""

LONGEST: Final = 50_000
"""Characters that a query may have."""

MOST: Final = 200
"""Parts that a query may have: more would be looked at for longer than an answer may take."""

TESTS: Final = ("triple", "filter", "minus", "group", "graph", "values")
"""Parts that can leave nothing over; the others only add."""


@dataclass(frozen=True)
class Part:
    """One part: what it is (triple, filter, optional, minus, group, graph, bind, values), and its text."""

    kind: str
    text: str

    @cached_property
    def variables(self) -> frozenset[str]:
        """Give the names of its variables."""
        return frozenset(one.text[1:] for one in syntax.tokens(self.text) if one.kind == "variable")

    @cached_property
    def binds(self) -> str:
        """Give the name of the variable that a BIND gives a value to, its last."""
        return next((one.text[1:] for one in reversed([*syntax.tokens(self.text)]) if one.kind == "variable"), "")


@dataclass(frozen=True)
class Where:
    """A query taken apart: its prologue, what stands before the WHERE clause, its parts, and what stands after."""

    prologue: str
    head: str
    parts: tuple[Part, ...]
    tail: str

    def text(self, parts: Iterable[Part] | None = None) -> str:
        """Give the query with these parts, or all, and not in any order: that takes time and changes no count."""
        return f"{self.prologue}{self.head}{{\n{_joined(self.parts if parts is None else parts)}\n}}{self._unordered}"

    def ask(self, parts: Iterable[Part]) -> str:
        """Give the query whether these parts have a solution together."""
        return f"{self.prologue}ASK {self._dataset}{{\n{_joined(_deciding(parts))}\n}}"

    def counting(self, parts: Iterable[Part]) -> str:
        """Give the query that counts the solutions of these parts, as ``solutions``."""
        return f"{self.prologue}SELECT (COUNT(*) AS ?solutions) {self._dataset}WHERE {{\n{_joined(parts)}\n}}"

    def selecting(self, name: str, parts: Iterable[Part] | None = None) -> str:
        """Give the query for the values of one variable in these parts, or in all."""
        inside = _joined(_deciding(self.parts if parts is None else parts, name))
        return f"{self.prologue}SELECT DISTINCT ?{name} {self._dataset}WHERE {{\n{inside}\n}}"

    def without(self, part: Part) -> list[Part]:
        """Give the other parts."""
        return [one for one in self.parts if one is not part]

    @property
    def _dataset(self) -> str:
        """Give the graphs that the query names (https://www.w3.org/TR/sparql11-query/#rDatasetClause)."""
        found = list(syntax.tokens(self.head))
        words = [(n, one.text.upper()) for n, one in enumerate(found) if one.kind == "word"]
        start = next((n for n, word in words if word == "FROM"), None)
        end = next((n for n, word in words if word == "WHERE"), len(found))
        return "" if start is None else _text(found[start:end])

    @property
    def _unordered(self) -> str:
        found = list(syntax.tokens(self.tail))
        words = [(one.text.upper(), one.start) for one in found if one.kind == "word"]
        start = next((at for word, at in words if word == "ORDER"), None)
        if start is None:
            return self.tail
        end = next((at for word, at in words if at > start and word in ("LIMIT", "OFFSET", "VALUES")), len(self.tail))
        return self.tail[:start] + self.tail[end:]


def of(text: str) -> Where | None:
    """Take a query apart, or give nothing where its WHERE clause cannot be found, or is too long."""
    if len(text) > LONGEST:
        return None
    found = list(syntax.tokens(text))
    form = next((n for n, one in enumerate(found) if _is_word(one, "SELECT", "CONSTRUCT", "ASK", "DESCRIBE")), None)
    opening = None if form is None else _opening(found, form)
    if form is None or opening is None or (closing := _closed(found, opening)) is None:
        return None
    inside = found[opening + 1:closing]
    if _is_word(_first(inside), "SELECT"):  # the whole of it is a query of its own
        return None
    cut = tuple(islice(_parts(inside), MOST + 1))
    if len(cut) > MOST:
        return None
    return Where(_text(found[:form]), _text(found[form:opening]), cut, _text(found[closing + 1:]))


def _opening(found: Sequence[Token], form: int) -> int | None:
    """Give the place of the brace that opens the WHERE clause; a template and what is selected may have their own."""
    braces = [n for n in range(form, len(found)) if found[n].text == "{" and found[n].kind == "sign"]
    if not _is_word(found[form], "CONSTRUCT") or not braces:
        return braces[0] if braces else None
    before = [one for one in found[form + 1:braces[0]] if one.kind not in ("space", "comment")]
    if any(_is_word(one, "WHERE") for one in before):
        return braces[0]
    after = _closed(found, braces[0]) or len(found)
    return next((n for n in braces if n > after), None)


def _deciding(parts: Iterable[Part], *names: str) -> list[Part]:
    """Give the parts on which it turns whether there is a solution, and what variables of these names stand for.

    An OPTIONAL or a BIND is left out where no other part that stays has a variable that it brings.
    """
    kept = list(parts)
    for part in reversed([one for one in kept if one.kind in ("optional", "bind")]):
        others = [one for one in kept if one is not part]
        given = {name for one in others if one.kind not in ("optional", "bind") for name in one.variables
                 if one.kind != "filter"}
        used = {name for one in others for name in one.variables if one.kind != "optional"}
        brought = part.variables - given if part.kind == "optional" else part.variables & {part.binds}
        if not brought & (used | set(names)) and not any(
                brought & one.variables for one in others if one.kind == "optional"):
            kept = others
    return kept


# --- cutting ------------------------------------------------------------------------------------------------------


def _parts(found: Sequence[Token]) -> Iterator[Part]:
    place = 0
    while place < len(found):
        one = found[place]
        if one.kind in ("space", "comment") or one.text == ".":
            place += 1
            continue
        word = one.text.upper() if one.kind == "word" else ""
        if one.text == "{":
            end = _union_end(found, place)
            yield Part("group", _text(found[place:end]))
        elif word in BLOCKS:
            end = _block_end(found, place)
            yield Part(BLOCKS[word], _text(found[place:end]))
        else:
            end = _triples_end(found, place)
            yield from _triples(found[place:end])
        place = max(end, place + 1)


def _block_end(found: Sequence[Token], place: int) -> int:
    """Give the place after a block: a filter ends with its brackets or its braces, the others with theirs."""
    word = found[place].text.upper()
    wanted = {"BIND": "(", "FILTER": "({"}.get(word, "{")
    for n in range(place + 1, len(found)):
        if found[n].kind == "sign" and found[n].text in wanted:
            closing = _closed(found, n)
            return len(found) if closing is None else closing + 1
    return len(found)


def _union_end(found: Sequence[Token], place: int) -> int:
    """Give the place after a group and the groups that stand in a union with it."""
    while True:
        end = (_closed(found, place) or len(found) - 1) + 1
        following = list(islice((n for n in range(end, len(found)) if found[n].kind not in ("space", "comment")), 2))
        if len(following) < 2 or not _is_word(found[following[0]], "UNION") or found[following[1]].text != "{":
            return end
        place = following[1]


def _triples_end(found: Sequence[Token], place: int) -> int:
    """Give the place of what ends some triples of one subject: a full stop, or the beginning of another part."""
    n = place
    while n < len(found):
        one = found[n]
        if one.kind == "sign" and one.text in ("(", "["):
            n = (_closed(found, n) or len(found)) + 1
            continue
        if one.text == "{" or (one.kind == "word" and one.text.upper() in BLOCKS):
            return n
        if one.text == "." and not _is_decimal(found, n):
            return n
        if one.kind == "prefixed" and one.text.endswith("."):  # the stop stands against the name
            return n + 1
        n += 1
    return len(found)


def _triples(found: Sequence[Token]) -> Iterator[Part]:
    """Give one part for each property of a subject."""
    start = next((n for n, one in enumerate(found) if one.kind not in ("space", "comment")), len(found))
    end = start + 1
    if found[start].kind == "sign" and found[start].text in OPENS:
        end = (_closed(found, start) or len(found)) + 1
    subject, rest, depth = _text(found[start:end]), [[]], 0  # type: ignore[var-annotated]
    for one in found[end:]:
        if one.kind == "sign":
            depth += (one.text in OPENS) - (one.text in OPENS.values())
        if one.text == ";" and depth == 0:
            rest.append([])
        elif one.kind != "comment":
            rest[-1].append(one)
    pieces = [_text(piece).strip().removesuffix(".").rstrip() for piece in rest]
    yield from (Part("triple", f"{subject} {piece} .".replace("  ", " ")) for piece in pieces if piece)
    if not any(pieces):
        yield Part("triple", f"{subject} .")


def _is_decimal(found: Sequence[Token], n: int) -> bool:
    """Say whether a full stop stands within a number."""
    around = [*found[n - 1:n], *found[n + 1:n + 2]] if n else []
    return len(around) == 2 and all(one.kind == "word" and one.text[0].isdigit() for one in around)


def _closed(found: Sequence[Token], opening: int) -> int | None:
    """Give the place of the bracket that closes another."""
    depth = 0
    for n in range(opening, len(found)):
        if found[n].kind == "sign":
            depth += (found[n].text in OPENS) - (found[n].text in OPENS.values())
            if depth == 0:
                return n
    return None


def _first(found: Sequence[Token]) -> Token | None:
    return next((one for one in found if one.kind not in ("space", "comment")), None)


def _is_word(token: Token | None, *words: str) -> bool:
    return token is not None and token.kind == "word" and token.text.upper() in words


def _text(found: Iterable[Token]) -> str:
    return "".join(one.text for one in found)


def _joined(parts: Iterable[Part]) -> str:
    return "\n".join(f"  {one.text}" for one in parts)
