"""RDF Patch as others write it (https://afs.github.io/rdf-patch/), read into rows of N-Quads."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Final

import pyoxigraph as ox

from carekg import errors, syntax
from carekg.syntax import Token

MEDIA: Final = "application/rdf-patch"

CHANGES: Final = ("A", "D")
PREFIXES: Final = ("PA", "PD")
SPACE: Final = Token("space", "", 0)
DEEPEST: Final = 16
"""Triple terms within each other; the engine's parser goes down once for each."""

KNOWN: Final = "H, TX, TC, TA, PA, PD, A and D"


def rows(text: str, graph: str | None) -> list[tuple[str, str]]:
    """Give the letter and the N-Quads of each change, in order; those of neighbours with one letter together.

    :param graph: IRI of the one graph that is changed, nothing for the default graph; None where each quad names its
        own.
    :raises BadInput: a row is not right, with its number; or the patch takes back its own changes.
    """
    prefixes: dict[str, str] = {}
    found: list[tuple[str, str]] = []
    is_open = False
    for number, (code, terms) in enumerate(_read(text), start=1):
        if code == "TA":
            raise errors.BadInput(f"Row {number} of the patch is TA: it takes its changes back, so nothing was done.")
        if code in PREFIXES:
            _declare(prefixes, code, terms, number)
        elif code in CHANGES:
            line = _quad(prefixes, terms, graph, number)
            if found and found[-1][0] == code:
                found[-1] = (code, found[-1][1] + line)
            else:
                found.append((code, line))
        elif code in ("TX", "TC"):
            is_open = code == "TX"
        elif code != "H":
            raise errors.BadInput(f"Row {number} of the patch begins with `{code[:20]}`; rows begin with {KNOWN}.")
    if is_open:
        raise errors.BadInput("The patch begins a transaction with TX and does not end it with TC; did it break off?")
    return found


def _read(text: str) -> Iterator[tuple[str, list[list[Token]]]]:
    """Give the first word of each row and its terms, each with the tokens that it consists of.

    A full stop ends a row where space is before or behind it, and none is within a triple in brackets.

    :raises BadInput: the last row has no full stop.
    """
    row: list[list[Token]] = []
    apart, depth, number = True, 0, 1
    for token, behind in itertools.pairwise([*_tokens(text), SPACE]):
        depth += (token.text == "(") - (token.text == ")") if token.kind == "sign" else 0
        if depth > DEEPEST:
            raise errors.BadInput(f"Row {number} of the patch has triple terms more than {DEEPEST} deep.")
        is_stop = (token.kind, token.text) == ("sign", ".") and (apart or behind.kind in ("space", "comment"))
        if token.kind == "comment" or (token.kind == "space" and depth <= 0):
            apart = True
        elif is_stop and depth <= 0:
            yield _row(row)
            row, number = [], number + 1
        else:
            row.append([token]) if apart or not row else row[-1].append(token)
            apart = False
    if row:
        raise errors.BadInput(f"Row {number} of the patch has no full stop at its end; did the patch break off?")


def _tokens(text: str) -> Iterator[Token]:
    """Give the tokens of a patch; a full stop at the end of a name is none of the name's."""
    for token in syntax.tokens(text):
        if token.kind == "prefixed" and token.text.endswith(".") and not token.text.endswith("\\."):
            yield token._replace(text=token.text[:-1])
            yield Token("sign", ".", token.start + len(token.text) - 1)
        else:
            yield token


def _row(row: Sequence[list[Token]]) -> tuple[str, list[list[Token]]]:
    return ("".join(token.text for token in row[0]).upper() if row else "", list(row[1:]))


def _declare(prefixes: dict[str, str], code: str, terms: Sequence[Sequence[Token]], number: int) -> None:
    texts = ["".join(token.text for token in term) for term in terms]
    name = texts[0].strip("\"'").rstrip(":") if texts else ""
    if code == "PD":
        prefixes.pop(name, None)
    elif len(texts) == 2:
        prefixes[name] = texts[1].strip("<>\"'")
    else:
        raise errors.BadInput(f"Row {number} of the patch declares a prefix with {len(texts)} terms; it takes a name "
                              "and an IRI.")


def _quad(prefixes: dict[str, str], terms: Sequence[Sequence[Token]], graph: str | None, number: int) -> str:
    """Give a change's quad as a line of N-Quads."""
    if len(terms) not in (3, 4):
        raise errors.BadInput(f"Row {number} of the patch has {len(terms)} terms; a change has a subject, a predicate, "
                              "an object and at most a graph.")
    texts = ["".join(map(_written, term)) for term in terms]
    name = texts[3] if len(texts) == 4 else f"<{graph}>" if graph else ""
    triple = " ".join(texts[:3])
    head = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in prefixes.items())
    try:
        parsed = list(ox.parse(head + (f"{name} {{ {triple} }}" if name else f"{triple} ."), ox.RdfFormat.TRIG))
    except SyntaxError:
        parsed = []
    if len(parsed) != 1:
        raise errors.BadInput(f"Row {number} of the patch is no triple and no quad: {' '.join(texts)[:120]}.")
    if graph is not None and parsed[0].graph_name != (ox.NamedNode(graph) if graph else ox.DefaultGraph()):
        named = f"<{graph}>" if graph else "the default graph"
        raise errors.BadInput(f"Row {number} of the patch is of the graph {parsed[0].graph_name}, and the request "
                              f"names {named}; send rows of several graphs to an address that names none.")
    return (ox.serialize(parsed, format=ox.RdfFormat.N_QUADS) or b"").decode()


def _written(token: Token) -> str:
    """Give a token as Turtle has it; ``<_:name>`` is a blank node of the store."""
    is_blank = token.kind == "iri" and token.text.startswith("<_:")
    return token.text[1:-1] if is_blank else token.text
