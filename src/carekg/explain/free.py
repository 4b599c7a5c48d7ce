"""Why a SPARQL query that somebody wrote has no result: names that are used nowhere, and parts that nothing fits."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Final

import pyoxigraph as ox
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from carekg import syntax
from carekg.explain import model, parts
from carekg.explain.model import Count, Reason
from carekg.explain.trials import Trials
from carekg.explain.words import Wording
from carekg.store import Store
from carekg.syntax import Token
from carekg.terms import BASE, PREFIXES, compact

SECONDS: Final = 0.9
"""What an explanation may take."""

MOST_NAMES: Final = 60
"""Names of a query that are looked up."""

MOST_PARTS: Final = 4
"""Parts of a query that are offered for leaving out."""

ALIKE: Final = 0.8
"""How much a name has to look like another, of 1: the same beginning counts for more than the same end."""

Near = Callable[[str], Sequence[str]]
"""Gives the IRIs that are like one which is not there."""


def reasons(store: Store, text: str, near: Near = lambda _iri: (), deadline: float = SECONDS,
            client: str = "") -> list[Reason]:
    """Give why a query has no result, and what to change.

    :param near: gives the things whose IRI is like one that is not there.
    """
    if len(text) > parts.LONGEST:
        return [Reason("stopped", f"The query has {len(text):,} characters, and {parts.LONGEST:,} is the most that is "
                       "looked at for why it has no result; ask for a part of it.")]
    trials = Trials(store, deadline, client)
    where = parts.of(text)
    found = list(_unknown(text, len(where.prologue) + len(where.head) if where else 0, trials, near))
    if where:
        found += _untagged(where, trials)
        told = {one.pattern for one in found}
        found += _patterns(where, told, trials)
    if trials.stopped:
        found.append(Reason("stopped", "Not everything was tried: the time for explaining was over."))
    if not found:
        found.append(Reason("silent", "Each part of the query has matches, and no part alone is what leaves none "
                                      "over; take out parts until there are rows.", "/def", "The vocabulary"))
    return found


# --- names --------------------------------------------------------------------------------------------------------


def _unknown(text: str, start: int, trials: Trials, near: Near) -> Iterator[Reason]:
    """Give the names that the graph uses nowhere, each with those that may be meant; of names from a place on.

    The query that is offered has the likeliest in the place of each.
    """
    named = dict([(iri, one) for iri, one in _names(text) if one.start >= start][:MOST_NAMES])
    nodes = {iri: node for iri in named if (node := _node(iri))}
    rows = trials.rows("SELECT ?iri WHERE { " + f"VALUES ?iri {{ {' '.join(nodes.values())} }} FILTER("
                       "EXISTS { ?iri ?p ?o } || EXISTS { ?s ?iri ?o } || EXISTS { ?s ?p ?iri } || "
                       "EXISTS { GRAPH ?iri {} }) }") if nodes else None
    here = {row["iri"] for row in rows or ()}
    meant = {iri: _meant(iri, near, trials) for iri in nodes if rows is not None and iri not in here}
    other = text
    for iri, alike in sorted(meant.items(), key=lambda one: -named[one[0]].start):
        token = named[iri]
        if alike:
            other = other[:token.start] + _written(alike[0], token) + other[token.start + len(token.text):]
    where = parts.of(other) if other != text else None
    count = trials.count(where.text(), syntax.asks_for_graph(other)) if where and not _asks(where) else None
    for iri, alike in meant.items():
        shown = named[iri].text if named[iri].kind == "prefixed" else compact(iri)
        link = "Ask with these names" if len(meant) > 1 else f"Ask with {compact(alike[0])}" if alike else ""
        yield _said_of(shown, alike, other, link, count)


def _written(iri: str, token: Token) -> str:
    """Give an IRI as the query writes others: by the prefix of the name in whose place it stands."""
    prefix, _, local = compact(iri).partition(":")
    own = token.text.partition(":")[0]
    return f"{own}:{local}" if token.kind == "prefixed" and prefix == own else str(ox.NamedNode(iri))


def _said_of(shown: str, alike: Sequence[str], other: str, link: str, count: Count | None) -> Reason:
    said = f"“{shown}” is used nowhere in this graph"
    if not alike:
        return Reason("unknown", f"{said}.", "/def", "What names there are", pattern=shown)
    names = [compact(one) for one in alike[:3]]
    rows = f" With that, {count.there}." if count and count.rows else ""
    return Reason("unknown", f"{said}; did you mean {' or '.join(names)}?{rows}", model.sparql(other),
                  link, count.rows if count else None, bool(count and count.more), shown)


def _names(text: str) -> Iterator[tuple[str, Token]]:
    """Give the IRIs that a query names as things, classes, properties or graphs, each with a token that names it."""
    found = [one for one in syntax.tokens(text) if one.kind not in ("space", "comment")]
    prefixes = dict(re.findall(r"(?i)\bPREFIX\s+([\w.-]*):\s*<([^<>]*)>", text))
    seen: set[str] = set()
    for n, one in enumerate(found):
        before = found[n - 1].text if n else ""
        declares = before.upper() in ("PREFIX", "BASE") or (n > 1 and found[n - 2].text.upper() == "PREFIX")
        is_type, calls = before == "^", n + 1 < len(found) and found[n + 1].text == "("
        iri = one.text[1:-1] if one.kind == "iri" else _expanded(one, prefixes)
        if iri and not declares and not is_type and not calls and iri not in seen \
                and not iri.startswith(PREFIXES["xsd"]):
            seen.add(iri)
            yield iri, one


def _expanded(token: Token, prefixes: dict[str, str]) -> str:
    prefix, _, local = token.text.partition(":")
    return prefixes[prefix] + local.rstrip(".") if token.kind == "prefixed" and prefix in prefixes else ""


def _node(iri: str) -> str:
    try:
        return str(ox.NamedNode(iri))
    except ValueError:
        return ""


def _space(iri: str) -> str:
    """Give the namespace of an IRI: all of it but its last part."""
    return re.split(r"(?<=[#/])[^#/]*$", iri)[0]


def _meant(iri: str, near: Near, trials: Trials) -> list[str]:
    """Give the names that may be meant by one that is used nowhere: terms of its vocabulary, or things of its kind."""
    space = _space(iri)
    return _alike(iri, space, trials) or [one for one in near(iri) if _space(one) == space]


def _alike(iri: str, space: str, trials: Trials) -> list[str]:
    """Give the terms of a namespace that look like one: those that are declared here, else those that are used."""
    begins = f"FILTER(STRSTARTS(STR(?term), {ox.Literal(space)}))"
    kinds = " ".join(f"<{PREFIXES['owl']}{kind}>" for kind in ("Class", "ObjectProperty", "DatatypeProperty"))
    declared = f"SELECT ?term WHERE {{ VALUES ?kind {{ {kinds} }} ?term a ?kind {begins} }}"
    used = f"SELECT DISTINCT ?term WHERE {{ {{ ?s ?term ?o }} UNION {{ ?s a ?term }} {begins} }}"
    rows = trials.rows(declared) or ([] if space.startswith(BASE) else trials.rows(used) or [])
    ends = {row["term"]: row["term"].removeprefix(space) for row in rows}
    scored = process.extract(iri.removeprefix(space), ends, scorer=JaroWinkler.normalized_similarity,
                             score_cutoff=ALIKE, limit=3)
    return [term for _, _, term in scored]


# --- parts --------------------------------------------------------------------------------------------------------


def _untagged(where: parts.Where, trials: Trials) -> Iterator[Reason]:
    """Give the texts that are here with a language, where the query has them without."""
    for part in where.parts:
        found = [one for one in syntax.tokens(part.text) if one.kind not in ("space", "comment")]
        last = found[-2] if part.kind == "triple" and len(found) > 3 else None
        if last is None or last.kind != "string" or trials.holds(where.ask([part])) is not False:
            continue
        open_ = part.text[:last.start] + "?carekgText"
        rows = trials.rows(f"{where.prologue}SELECT DISTINCT ?carekgText WHERE {{ {open_} "
                           f"FILTER(STR(?carekgText) = {last.text}) }} LIMIT 1")
        if rows:
            other = parts.Part("triple", f"{open_} . FILTER(STR(?carekgText) = {last.text})")
            text = where.text([other if one is part else one for one in where.parts])
            count = trials.count(text)
            yield Reason("language", f"{last.text} stands here with a language or a type, so that the plain text is "
                         "another value; compare it with STR, or write its language, such as "
                         f"{last.text}@en.", model.sparql(text), "Ask with STR", count.rows if count else None,
                         bool(count and count.more), part.text)


def _patterns(where: parts.Where, told: Collection[str], trials: Trials) -> Iterator[Reason]:
    """Give the parts that nothing fits alone, and those without which there are rows.

    :param told: the parts, and the names in parts, of which it is said already why nothing fits them.
    """
    tests = [one for one in where.parts if one.kind in parts.TESTS and not _has(one, told)]
    wording = Wording(where.prologue, trials)
    wording.learn(tests)
    found = 0
    for part in tests:
        if found == MOST_PARTS or trials.is_over():
            return
        alone = part.kind == "triple" and trials.holds(where.ask([part])) is False
        rest = where.without(part)
        frees = bool(rest) and bool(trials.holds(where.ask(rest)))
        if not (alone or frees):
            continue
        found += 1
        text = where.text(rest) if frees else ""
        count = trials.count(text, syntax.asks_for_graph(text)) if frees and not _asks(where) else None
        nothing = "Nothing in this graph fits" if alone else "With all else as it is, nothing fits"
        without = f"; without it {count.there if count else 'the rest has matches'}" if frees else ""
        yield Reason("unused" if alone else "pattern", f"{nothing} “{wording.of(part)}”{without}.",
                     model.sparql(text) if frees else "", "Ask without it" if frees else "",
                     count.rows if count else None, bool(count and count.more), part.text)


def _has(part: parts.Part, told: Collection[str]) -> bool:
    """Say whether a part is one of those that are told of, or holds such a name."""
    return part.text in told or any(one.text in told for one in syntax.tokens(part.text))


def _asks(where: parts.Where) -> bool:
    return next(syntax.words(where.head), "") == "ASK"
