"""Whether two bags of rows of RDF terms are the same but for the names of their blank nodes."""

import collections
from collections.abc import Iterator

import pyoxigraph as ox

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Row = tuple[Term | None, ...]


def same(left: list[Row], right: list[Row]) -> bool:
    """Say whether the rows are the same in any order, each as often on the one side as on the other."""
    fixed, moving = _parted(left)
    other_fixed, other_moving = _parted(right)
    return collections.Counter(fixed) == collections.Counter(other_fixed) and _matched(moving, other_moving, {}, {})


def same_in_order(left: list[Row], right: list[Row]) -> bool:
    """Say whether the rows are the same one by one."""
    there: dict[ox.BlankNode, ox.BlankNode] = {}
    back: dict[ox.BlankNode, ox.BlankNode] = {}
    if len(left) != len(right):
        return False
    for one, other in zip(left, right, strict=True):
        named = _named(one, other, there, back)
        if named is None:
            return False
        there, back = named
    return True


def _parted(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    """Give the rows without blank nodes, and those with, the fewest first since they leave the least choice."""
    count = {row: sum(isinstance(leaf, ox.BlankNode) for leaf in _leaves(row)) for row in rows}
    return [row for row in rows if not count[row]], sorted((row for row in rows if count[row]), key=count.__getitem__)


def _matched(
    left: list[Row], right: list[Row],
    there: dict[ox.BlankNode, ox.BlankNode], back: dict[ox.BlankNode, ox.BlankNode],
) -> bool:
    """Say whether the rows of one side can be paired with those of the other, given the names paired so far."""
    if not left or not right:
        return not left and not right
    for place, other in enumerate(right):
        named = _named(left[0], other, there, back)
        if named and _matched(left[1:], right[:place] + right[place + 1:], *named):
            return True
    return False


def _named(
    one: Row, other: Row, there: dict[ox.BlankNode, ox.BlankNode], back: dict[ox.BlankNode, ox.BlankNode],
) -> tuple[dict[ox.BlankNode, ox.BlankNode], dict[ox.BlankNode, ox.BlankNode]] | None:
    """Give the names paired once two rows are held to be the same, or nothing where they cannot be."""
    leaves, others = list(_leaves(one)), list(_leaves(other))
    if len(leaves) != len(others):
        return None
    there, back = dict(there), dict(back)
    for leaf, match in zip(leaves, others, strict=True):
        if isinstance(leaf, ox.BlankNode) and isinstance(match, ox.BlankNode):
            if there.setdefault(leaf, match) != match or back.setdefault(match, leaf) != leaf:
                return None
        elif leaf != match:
            return None
    return there, back


def _leaves(row: Row) -> Iterator[ox.NamedNode | ox.BlankNode | ox.Literal | str]:
    """Give the terms of a row, those inside a triple term after a mark."""
    for term in row:
        if isinstance(term, ox.Triple):
            yield "<<"
            yield from _leaves((term.subject, term.predicate, term.object))
        else:
            yield "unbound" if term is None else term
