"""Statements taken out of a Turtle text and put into it, where they stand; every other line stays as it is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from carekg.terms import PREFIXES
from carekg.turtle.document import Block, Document
from carekg.turtle.inside import Edit, Held, taken_out, within
from carekg.turtle.nesting import Nested, Statement, statements
from carekg.turtle.spelling import Speller
from carekg.turtle.tokens import tokens
from carekg.turtle.writing import block, order, subjects, write

Placed = tuple[Block, str]
"""A block and its subject."""


def edited(text: str, base: str, wanted: Iterable[Statement]) -> str:
    """Give a text that states just what is wanted, and is otherwise as it was.

    Where it cannot be had so (names of blank nodes would have to change), the text is written anew below its head.

    :param base: what relative IRIs begin with.
    """
    goal = set(wanted)
    document = Document.of(text, base)
    now = statements(document.triples)
    if now == goal:
        return text
    made = _Editor(document).text(now - goal, goal - now)
    if made is not None and _states(made, base) == goal:
        return made
    triples = [triple for one in goal for triple in one.triples()]
    return write(triples, {**PREFIXES, **document.prefixes}, _head(text))


def _states(text: str, base: str) -> set[Statement]:
    """Give what a text states; nothing where it does not parse."""
    try:
        return statements(Document.of(text, base).triples)
    except SyntaxError:
        return set()


def _head(text: str) -> str:
    """Give the comments with which a text begins."""
    return "".join(re.findall(r"\A(?:#[^\n]*\n)+", text))


class _Editor:
    """Takes statements out of a text and puts others in, with the prefixes that it has, and with more where needed."""

    def __init__(self, document: Document) -> None:
        self.document = document
        taken = {name for name, _, _ in document.declared}
        extra = {prefix: iri for prefix, iri in PREFIXES.items()
                 if prefix not in taken and iri not in document.prefixes.values()}
        self.extra = extra
        self.newline = "\r\n" if "\r\n" in document.text else "\n"
        on_lines = self.newline == "\n"  # else the line ends of a text would become those of the file
        self.speller = Speller({**extra, **document.prefixes}, on_lines=on_lines)

    def text(self, gone: set[Statement], come: set[Statement]) -> str | None:
        """Give the text with all edits, or None where a statement cannot be taken out by itself."""
        blocks = [(one, self._subject(one)) for one in self.document.blocks]
        new: dict[str, list[Statement]] = defaultdict(list)
        for statement in sorted(come):
            new[statement.subject].append(statement)
        touched = {statement.subject for statement in (*gone, *come)}
        edits: list[Edit] = []
        cut: set[Statement] = set()
        staying: list[Placed] = []
        for number, (one, subject) in enumerate(blocks):
            if subject in touched:
                held = self._held(one, gone)
                cut |= {statement for part in held if part.goes for statement in part.states}
                is_last = all(subject != other for _, other in blocks[number + 1:])
                here = [] if not self.document.parts(one) else _for_block(new, subject, held, is_last=is_last)
                if not here and all(part.goes for part in held):
                    edits.append(taken_out(self.document, one))
                    continue
                edits += [] if not self.document.parts(one) else within(self.document, one, held, here, self.speller)
            staying.append((one, subject))
        if cut != gone:
            return None
        edits += self._new_blocks(staying, {subject: rest for subject, rest in new.items() if rest})
        return _applied(self.document.text, [*self._prefixes(), *edits], self.newline)

    def _subject(self, one: Block) -> str:
        """Give the subject of a block as statements have it."""
        found = self.document.stated(one, next(iter(self.document.parts(one)), None))
        return min(found).subject if found else ""

    def _held(self, one: Block, gone: set[Statement]) -> list[Held]:
        """Give what each part of a block states, and whether it goes; a block that is all brackets is one part."""
        found = [(part, self.document.stated(one, part)) for part in self.document.parts(one) or (None,)]
        return [Held(part, states, bool(states) and states <= gone) for part, states in found]

    def _new_blocks(self, blocks: Sequence[Placed], new: dict[str, list[Statement]]) -> list[Edit]:
        """Give the subjects that no block has, each at the end of those like it, or in its place where they are sorted.

        Those for one place come as one edit, in order.
        """
        at: dict[tuple[int, bool], list[str]] = defaultdict(list)
        for subject in sorted(new, key=order):
            known = frozenset(name for one in new[subject] for name in one.names())
            graph = Nested.of((triple for one in new[subject] for triple in one.triples()), known)
            written = "\n\n".join(block(graph, one, self.speller) for one in subjects(graph))
            at[_place(self.document.text, blocks, subject)].append(written)
        gap = {place: "\n" if self.document.text[:place].endswith("\n") else "\n\n" for place, _ in at}
        return [Edit(place, place, "\n\n".join(written) + "\n\n" if before else gap[place] + "\n\n".join(written))
                for (place, before), written in at.items()]

    def _prefixes(self) -> list[Edit]:
        """Declare the prefixes that are used and were not declared, each in its place among the others."""
        found: list[Edit] = []
        for prefix in sorted(self.speller.used & set(self.extra)):
            line = f"@prefix {prefix}: <{self.extra[prefix]}> ."
            before = [end for name, _, end in self.document.declared if name < prefix]
            after = [start for _, start, _ in self.document.declared]
            head = len(_head(self.document.text))
            found.append(Edit(max(before), max(before), f"\n{line}") if before else
                         Edit(min(after), min(after), f"{line}\n") if after else Edit(head, head, f"{line}\n"))
        return found


def _for_block(new: dict[str, list[Statement]], subject: str, held: Sequence[Held], *, is_last: bool
               ) -> list[Statement]:
    """Take those new statements of a subject that one of its blocks takes in: of its properties; the last, the rest."""
    mine = {statement.predicate for part in held for statement in part.states}
    here = [one for one in new.get(subject, []) if is_last or one.predicate in mine]
    new[subject] = [one for one in new.get(subject, []) if one not in here]
    return here


def _place(text: str, blocks: Sequence[Placed], subject: str) -> tuple[int, bool]:
    """Give where a new subject comes, and whether before what stands there."""
    def kind(name: str) -> str:
        return name[: max(name.rfind("/"), name.rfind("#"))]

    alike = [one for one in blocks if kind(one[1]) == kind(subject)]
    near = alike or list(blocks)
    names = [order(name) for _, name in near]
    if not near:
        return len(text), False
    if names == sorted(names):
        smaller = [one for one, name in near if order(name) < order(subject)]
        return (_end(text, smaller[-1]), False) if smaller else (_start(text, near[0][0]), True)
    return _end(text, near[-1][0]), False


def _end(text: str, one: Block) -> int:
    """Give where the line of a block's end is over, where nothing but a comment follows on it."""
    rest = re.compile(r"[^\S\n]*(?:#[^\n]*)?(?=\r?\n|\Z)").match(text, one.end)
    return rest.end() if rest and rest.group().strip() else one.end


def _start(text: str, one: Block) -> int:
    """Give where a block begins, with the comment right above it."""
    above = re.search(r"(?:(?<=\n)|\A)(?:#[^\n]*\n)+\Z", text[:one.start])
    return above.start() if above and above.start() and "prefix" not in text[:one.start][above.start():] else one.start


def _applied(text: str, edits: Sequence[Edit], newline: str) -> str | None:
    """Give a text with edits made, or None where two are of the same stretch."""
    found, place = [], 0
    for edit in sorted(edits):
        if edit.start < place:
            return None
        found += [text[place:edit.start], edit.new.replace("\n", newline)]
        place = edit.end
    made = "".join([*found, text[place:]])
    return made if made.endswith("\n") else made + newline


def keeps_comments(before: str, after: str) -> bool:
    """Say whether a text has all comments that it had before."""
    left = [token.text for token in tokens(after) if token.kind == "comment"]
    return all(token.text in left for token in tokens(before) if token.kind == "comment")
