"""A Turtle text with its places: where each statement stands, and the statement itself as the parser reads it."""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import pyoxigraph as ox

from carekg.turtle.nesting import Nested, Statement, renamed, statements
from carekg.turtle.tokens import Token, depths, tokens


@dataclass(frozen=True)
class Part:
    """A property and one of its values: where each begins and ends."""

    predicate: tuple[int, int]
    object: tuple[int, int]


@dataclass(frozen=True)
class Block:
    """What is said of one subject up to a full stop; ``directives`` are the prefixes and the base that hold there."""

    start: int
    end: int
    subject: tuple[int, int]
    parts: tuple[Part, ...]
    directives: str = field(repr=False)


@dataclass(frozen=True)
class Document:
    """A text, the IRI that its relative IRIs begin with, its blocks, and the prefixes that hold before the first."""

    text: str
    base: str
    blocks: tuple[Block, ...]
    prefixes: dict[str, str]
    declared: tuple[tuple[str, int, int], ...]
    """Each name that a prefix is declared for, wherever that is, with the declaration's place."""

    @classmethod
    def of(cls, text: str, base: str) -> Document:
        """Find the places in a text that parses."""
        blocks: list[Block] = []
        prefixes: dict[str, str] = {}
        declared: list[tuple[str, int, int]] = []
        directives = ""
        for sentence in _sentences(text):
            word = sentence[0].text.lstrip("@").upper()
            if word in ("PREFIX", "BASE", "VERSION") and sentence[0].kind in ("at", "word"):
                directives += text[sentence[0].start:sentence[-1].end] + "\n"
                if word == "PREFIX":
                    name = sentence[1].text.removesuffix(":")
                    declared.append((name, sentence[0].start, sentence[-1].end))
                    if not blocks:
                        prefixes[name] = _resolved(directives, name, base)
            else:
                blocks.append(_block(sentence, directives))
        return cls(text, base, tuple(blocks), prefixes, tuple(declared))

    @cached_property
    def triples(self) -> tuple[ox.Triple, ...]:
        """Give the triples of the text."""
        return tuple(dict.fromkeys(quad.triple for quad in _parsed(self.text, self.base)))

    @cached_property
    def _names(self) -> dict[ox.BlankNode, ox.BlankNode]:
        return dict(Nested.of(self.triples).names)

    def parts(self, block: Block) -> tuple[Part, ...]:
        """Give the parts of a block that are statements of their own; none where its subject has no name."""
        subject = self.text[slice(*block.subject)]
        has_name = not subject.startswith("[") and (
            not subject.startswith("_:") or ox.BlankNode(subject[2:]) in self._names)
        return block.parts if has_name else ()

    def stated(self, block: Block, part: Part | None = None) -> set[Statement]:
        """Give what a block, or one part of it, states by itself."""
        cut = self.text[block.start:block.end]
        if part is not None:
            cut = " ".join([*(self.text[slice(*place)] for place in (block.subject, part.predicate, part.object)), "."])
        found = [quad.triple for quad in _parsed(f"{block.directives}{cut}", self.base)]
        return statements((renamed(one, self._names) for one in found), frozenset(self._names.values()))


    def line(self, place: int) -> int:
        """Give the line of a place, from 1."""
        return bisect.bisect_right(self._starts, place)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(number + 1 for number, sign in enumerate(self.text) if sign == "\n")]


def _parsed(text: str, base: str) -> Iterator[ox.Quad]:
    return ox.parse(text, ox.RdfFormat.TURTLE, base_iri=base)


def _resolved(directives: str, name: str, base: str) -> str:
    """Give the namespace of a prefix as the parser understands it."""
    (quad,) = _parsed(f"{directives}<x:s> <x:p> {name}: .", base)
    return str(quad.object)[1:-1]


def _sentences(text: str) -> Iterator[list[Token]]:
    """Give the tokens of each statement or directive, without comments and space."""
    found: list[Token] = []
    solid = [token for token in tokens(text) if token.kind not in ("comment", "space")]
    for token, depth in depths(solid):
        found.append(token)
        bare = found[0].kind == "word" and found[0].text.upper()  # as SPARQL has it, without a full stop
        if (token.text == "." and not depth) or (bare in ("BASE", "VERSION") and len(found) == 2) or (
                bare == "PREFIX" and len(found) == 3):
            yield found
            found = []


def _block(sentence: Sequence[Token], directives: str) -> Block:
    """Find the parts of a statement: its subject, then properties with values between `;` and `,`."""
    groups = list(_grouped(sentence))
    parts: list[Part] = []
    predicate: tuple[int, int] | None = None
    value: list[tuple[int, int]] = []
    for group in groups[1:]:
        sign = sentence_sign(group)
        if sign and predicate and value:
            parts.append(Part(predicate, (value[0][0], value[-1][1])))
            value = []
        if sign in (";", "."):
            predicate = None
        elif not sign and predicate is None:
            predicate = (group[0].start, group[-1].end)
        elif not sign:
            value.append((group[0].start, group[-1].end))
    subject = groups[0]
    return Block(sentence[0].start, sentence[-1].end, (subject[0].start, subject[-1].end), tuple(parts), directives)


def sentence_sign(group: Sequence[Token]) -> str:
    """Give the sign that ends a value or a property, or nothing."""
    return group[0].text if group[0].kind == "sign" and group[0].text in ",;." else ""


def _grouped(sentence: Sequence[Token]) -> Iterator[list[Token]]:
    """Give the tokens of a statement, those of a bracket together."""
    found: list[Token] = []
    for token, depth in depths(list(sentence)):
        found.append(token)
        if depth == 0 or (depth == 1 and token.kind == "bracket" and token.text in ("]", ")", "|}", ")>>", ">>", "}")):
            yield found
            found = []
