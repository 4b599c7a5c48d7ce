"""Two to six things of one class side by side, as a page, as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pyoxigraph as ox
from flask import Blueprint, Response, jsonify, render_template, request

from carekg import errors, profiles, store
from carekg.query import Choice, Parameter
from carekg.terms import PREFIXES, compact
from carekg.web import formats, named, site
from carekg.web.described import operations
from carekg.web.questions import tabular
from carekg.web.questions.deprecated import deprecated

blueprint = Blueprint("compare", __name__)

OWN: Final = ("thing", "kind", "format")
"""Names that an address may have."""

KINDS: Final = f"""SELECT DISTINCT ?kind ?label WHERE {{
  {{ ITEM a ?kind }} UNION {{ ITEM <{PREFIXES['skos']}inScheme> ?kind }}
  OPTIONAL {{ ITEM <{PREFIXES['rdfs']}label> ?label }}
}} ORDER BY ?kind ?label"""

Things = dict[str, str]
"""Labels by IRI."""


@blueprint.get("/compare")
@blueprint.get("/compare.<form>")
def page(form: str | None = None) -> Response | str:
    """Put things of one class side by side, as a page, JSON or CSV; `thing` is given for each."""
    typed = list(dict.fromkeys(one.strip() for one in request.args.getlist("thing") if one.strip()))
    if form == formats.HTML.ending or (form is None and formats.prefers_html()):
        return _page(typed)
    chosen = formats.wanted(operations.LISTS, form)
    found = _compared(_things(typed))
    if chosen.name == "csv":
        return Response(as_csv(found), content_type="text/csv; charset=utf-8")
    return jsonify(_data(found))


def _page(typed: Sequence[str]) -> Response | str:
    """Give the page; what is wrong with what was asked is said above the form that can mend it."""
    found, problem, status = None, "", 200
    try:
        _known()
        if typed:
            found = _compared(_things(typed))
    except (errors.BadInput, errors.Refused) as error:
        problem, status = str(error), error.http_status
    kinds = _kinds()
    kind = _kind(typed, kinds)
    choices = _choices(kind)
    names = _names(choices)
    shown = [_labelled(one, names) for one in typed[:profiles.MOST]]
    body = render_template(
        "compare.html", found=found, problem=problem, kinds=kinds, kind=kind, choices=list(names.values()),
        shown=shown, blank=max(profiles.FEWEST - len(shown), 1 if len(shown) < profiles.MOST else 0),
        most=profiles.SHOWN, suffix=request.query_string.decode())
    return Response(body, status=status)


# --- what is compared -----------------------------------------------------------------------------------------------


def _known() -> None:
    """Refuse names in the address that mean nothing here.

    :raises UnknownParameter: there is one.
    """
    for name in request.args:
        if name not in OWN:
            raise errors.UnknownParameter(name, "/compare", OWN)


def _things(typed: Sequence[str]) -> Things:
    """Give the things that were typed.

    :raises BadInput: there are too few or too many, or one is not known.
    """
    _known()
    if len(typed) > profiles.MOST:
        raise errors.BadInput(f"{len(typed)} things are too many to stand side by side; give {profiles.FEWEST} "
                              f"to {profiles.MOST}.")
    found = dict(_resolved(one) for one in typed)
    if len(found) < profiles.FEWEST:
        alone = f"only {next(iter(found.values()))}" if found else "nothing"
        raise errors.BadInput(f"There is {alone} to compare; add another thing of the same class below, up to "
                              f"{profiles.MOST}.")
    return found


def _resolved(typed: str) -> tuple[str, str]:
    """Give the IRI and the label of the thing that a text names: its label, its key, or its short name.

    :raises BadValue: none does; the sentence offers near ones.
    """
    asker = site.asker()
    for parameter in _parameters().values():
        try:
            iri = asker.term(parameter, typed).value
        except errors.BadValue:
            continue
        return iri, next(one.label for one in asker.choices(parameter) if one.iri == iri)
    near = [match.thing.label for match in named.names().find(typed[:200], limit=3)]
    raise errors.BadValue(typed, "a thing that can be compared here", near)


def _compared(things: Things) -> profiles.Comparison:
    """Give the comparison of some things.

    :raises BadInput: they have no class in common that has a page of sections.
    """
    asker = site.asker()
    each = {label: _kinds_of(iri) & set(_parameters()) for iri, label in things.items()}
    common = set.intersection(*each.values())
    sections = profiles.sections(asker.queries.values(), common)
    if not any(one.placing.compare for one in sections):
        named_kinds = _kinds()
        told = ", ".join(f"{label} is of {' and '.join(sorted(named_kinds[one] for one in found)) or 'none'}"
                         for label, found in each.items())
        raise errors.BadInput(f"These are not of one class: {told}; compare things of one class, such as two "
                              "innovations.")
    return profiles.compared(asker, things, sections, deprecated().marks, rows=site.settings().rows,
                             client=site.client())


# --- what can be compared -------------------------------------------------------------------------------------------


def _parameters() -> Mapping[str, Parameter]:
    """Give a parameter that takes the things of each kind that can be compared."""
    found: dict[str, Parameter] = {}
    for query in sorted(site.asker().queries.values(), key=lambda one: min([p.order for p in one.page], default=0)):
        for placing in query.page:
            parameter = query.parameter(placing.parameter)
            if placing.compare and parameter.source == placing.kind:
                found.setdefault(placing.kind, parameter)
    return found


def _kinds() -> dict[str, str]:
    """Give the kinds that can be compared, each with what its things are called, most sections first."""
    sizes = {kind: len(profiles.sections(site.asker().queries.values(), {kind})) for kind in _parameters()}
    return {kind: _parameters()[kind].label for kind in sorted(sizes, key=lambda one: (-sizes[one], one))}


def _kind(typed: Sequence[str], kinds: Mapping[str, str]) -> str:
    """Give the kind whose things are offered: that of the first thing, the one asked for, or the first there is."""
    asked = request.args.get("kind", "")
    for one in typed[:1]:
        try:
            of = _kinds_of(_resolved(one)[0])
        except errors.BadInput:
            break
        return next((kind for kind in kinds if kind in of), "")
    return next((kind for kind in kinds if asked in (kind, compact(kind), kinds[kind])), next(iter(kinds), ""))


def _kinds_of(iri: str) -> set[str]:
    """Give the classes and schemes of a thing."""
    return {row["kind"] for row in store.rows(site.asker().graph, KINDS.replace("ITEM", str(ox.NamedNode(iri))))}


def _choices(kind: str) -> list[Choice]:
    return site.asker().choices(_parameters()[kind]) if kind else []


def _names(choices: Sequence[Choice]) -> dict[str, str]:
    """Give by IRI the text by which a form names each choice: its label where no other has it."""
    labels = [one.label.casefold() for one in choices]
    often = {label for label in labels if labels.count(label) > 1} if len(labels) != len(set(labels)) else set()
    return {one.iri: compact(one.iri) if one.label.casefold() in often else one.label for one in choices}


def _labelled(typed: str, names: Mapping[str, str]) -> str:
    """Give what a form shows for what was typed: the name of the thing where it is known."""
    try:
        return names.get(_resolved(typed)[0], typed)
    except errors.BadInput:
        return typed


# --- as data --------------------------------------------------------------------------------------------------------


def _data(found: profiles.Comparison) -> dict[str, Any]:
    return {
        "things": [{"iri": iri, "name": compact(iri), "label": label} for iri, label in found.things.items()],
        "rows": [{"section": row.section.key, "heading": row.section.placing.heading, "verdict": row.verdict,
                  "cells": [_cell(place) for place in row.places]} for row in found.rows]}


def _cell(place: profiles.Place) -> dict[str, Any]:
    values = [{"text": one.text, "iri": one.iri or None, "standing": one.standing or None,
               "deprecated": one.deprecated, "receipts": [
                   {"words": receipt.words, "source": receipt.source.iri, "label": receipt.source.text,
                    "where": receipt.where, "about": receipt.about} for receipt in one.receipts]}
              for one in place.values]
    return {"values": values, "gap": place.gap or None, "problem": place.problem or None}


def as_csv(found: profiles.Comparison) -> str:
    """Give a comparison as a table that no spreadsheet works out: a row for each section, a column for each thing."""
    return tabular.listed([["about", "verdict", *found.things.values()], *_lines(found)])


def _lines(found: profiles.Comparison) -> Iterator[list[str]]:
    for row in found.rows:
        cells = ["; ".join(one.shown for one in place.values) or place.problem or place.gap for place in row.places]
        yield [row.section.placing.heading, row.verdict, *cells]
