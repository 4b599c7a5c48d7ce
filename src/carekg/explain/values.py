"""Other values with which a question has rows: the nearest ones, those for all else as it is, each value alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

import pyoxigraph as ox

from carekg.explain import model, near
from carekg.explain.asked import Asked
from carekg.explain.model import Reason
from carekg.query import Parameter

MOST_NEAR: Final = 3
"""Values near to one that are offered."""

MOST_TRIED: Final = 14
"""Values near to one that are tried one after another."""

WAYS: Final[Mapping[str, str]] = {
    "before": "which {value} replaced", "after": "which replaced {value}", "same": "which is close to {value}",
    "broader": "which takes in {value}", "narrower": "which is within {value}",
    "sibling": "which stands beside {value}", "related": "which is linked with {value}",
    "alike": "which is called alike",
}
"""How a value is near another."""


def nearest(asked: Asked) -> Iterator[Reason]:
    """Give the values nearest to those asked for with which there are rows."""
    for parameter in asked.to_blame:
        values = asked.terms[parameter.name]
        labels = asked.labels(parameter)
        if len(values) == 1 and values[0].value in labels:
            yield from islice(_nearest(asked, parameter, values[0].value, labels), MOST_NEAR + 1)


def _nearest(asked: Asked, parameter: Parameter, value: str, labels: Mapping[str, str]) -> Iterator[Reason]:
    having = asked.having(parameter)
    neighbours = near.of(value, labels, asked.trials)
    replaced = [one for one in neighbours if one.way in ("before", "after")]
    tried = [one for one in neighbours if having is None or one.iri in having][:MOST_TRIED]
    found: set[str] = set()
    empty = {one.iri for one in replaced if having is not None and one.iri not in having}
    for one in tried:
        if len(found) == MOST_NEAR or asked.trials.is_over():
            break
        terms = {**asked.terms, parameter.name: [ox.NamedNode(one.iri)]}
        count = asked.count(terms)
        if count and count.rows:
            found.add(one.iri)
            way = WAYS[one.way].format(value=f"“{labels[value]}”")
            yield Reason("near", f"For “{labels[one.iri]}”, {way}, {count.there}.", model.question(asked.query, terms),
                         f"Ask for {labels[one.iri]}", count.rows, count.more)
        elif count:
            empty.add(one.iri)
    for way, verb in (("before", "replaced {others}"), ("after", "was replaced by {others}")):
        names = [labels[one.iri] for one in replaced if one.way == way and one.iri in empty]
        if names:
            too = " too" if len(names) < sum(one.way == way for one in replaced) else ""
            yield Reason("replaced", f"“{labels[value]}” {verb.format(others=_listed(names))}{too}; there are no rows "
                         f"for {'it' if len(names) == 1 else 'them'}.", model.thing(value),
                         f"What is known of {labels[value]}")


def others(asked: Asked, offered: Collection[str]) -> Iterator[Reason]:
    """Give the values of each parameter with which there are rows, all else as it is, that are not offered already."""
    for parameter in asked.to_blame if len(asked.given) > 1 or not offered else ():
        labels = asked.labels(parameter)
        more = sorted((labels[one], one) for one in asked.having(parameter) or () if one in labels)
        terms = {iri: {**asked.terms, parameter.name: [ox.NamedNode(iri)]} for _, iri in more}
        fresh = [(label, model.question(asked.query, terms[iri])) for label, iri in more
                 if model.question(asked.query, terms[iri]) not in offered]
        if fresh and not parameter.optional:
            names = _listed([label for label, _ in fresh])
            begin = "With all else as it is, there" if len(asked.given) > 1 else "There"
            yield Reason("value", f"{begin} are rows for {len(fresh)} other values of {parameter.label}: {names}.",
                         fresh[0][1], f"Ask for {fresh[0][0]}")


def alone(asked: Asked) -> Iterator[Reason]:
    """Give how much there is for each argument without all others, where leaving out one was not enough."""
    for parameter in asked.given if len(asked.given) > 1 else ():
        terms = {parameter.name: asked.terms[parameter.name]}
        count = asked.count(terms)
        if count and count.rows:
            open_ = all(one.optional for one in asked.query.parameters if one is not parameter)
            address = model.question(asked.query, terms) if open_ else model.sparql(asked.query.bind(terms))
            yield Reason("alone", f"With only the {parameter.label} {asked.shown(parameter)}, and all else left open, "
                         f"{count.there}.", address, f"Ask with only the {parameter.label}", count.rows, count.more)


def _listed(names: Sequence[str]) -> str:
    shown = [f"“{name}”" for name in names[:5]]
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(shown) + more
