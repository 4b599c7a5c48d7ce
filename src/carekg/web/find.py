"""Finding things by words and by facets: a page, and the same as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from flask import Blueprint, Response, current_app, jsonify, render_template, request, url_for

from carekg import errors
from carekg.answers import asking
from carekg.answers.values import Question
from carekg.search import Choice, Found, Hit, Index, Search, Segment, Shown
from carekg.terms import compact
from carekg.web import formats, site
from carekg.web.described import operations
from carekg.web.questions import tabular

blueprint = Blueprint("find", __name__)

KEY: Final = "carekg.find"
"""Under which an application keeps its index."""

OWN: Final = ("format", "page", "q")
"""Names in an address that are no facets."""

MOST_ROWS: Final = 1_000
"""Things that a CSV has."""

FEW: Final = 5
"""Questions that are offered."""

OPEN: Final = 6
"""Choices of a facet that stand open; further ones can be opened."""

COLUMNS: Final = ("name", "iri", "kinds", "about", "found in", "text", "source", "deprecated")


def index() -> Index:
    """Give the index of this application's graph."""
    kept: Index = current_app.extensions.setdefault(KEY, Index(site.asker()))
    return kept


def ready() -> None:
    """Have the index made, or brought up to date, before somebody asks for it."""
    index().start()


@blueprint.get("/find")
@blueprint.get("/find.<form>")
def find(form: str | None = None) -> Response | str:
    """Find things by words and by facets, as a page, JSON or CSV; every facet is a parameter too."""
    if form == formats.HTML.ending or (form is None and formats.prefers_html()):
        return _page()
    chosen = formats.wanted(operations.LISTS, form)
    if chosen.name == "csv":
        return _csv(index().find(_asked(page=1, size=MOST_ROWS)))
    return jsonify(_data(index().find(_asked())))


def _asked(**more: Any) -> Search:
    """Give what an address asks for.

    :raises BadValue: the page is no number.
    """
    page = request.args.get("page", "1")
    if not page.isdecimal() or not page.isascii() or len(page) > 6:
        raise errors.BadValue(page, "the number of a page, such as 2")
    chosen = {name: request.args.getlist(name) for name in request.args if name not in OWN}
    return Search(**{"text": request.args.get("q", "").strip(), "chosen": chosen, "page": int(page), **more})


def address(search: Search, form: str | None = None, **changes: Any) -> str:
    """Give the address of a search, with changes: a text, a page, or the values of a facet."""
    keys = {name: [_key(value) for value in values] for name, values in search.chosen.items()}
    said: dict[str, Any] = {"q": search.text, **keys, **changes}
    if str(said.get("page")) == "1":
        del said["page"]
    return url_for(".find", form=form, **{name: value for name, value in said.items() if value})


def _key(value: str) -> str:
    return compact(value).strip("<>") if value.startswith(("http://", "https://")) else value


# --- as a page -----------------------------------------------------------------------------------------------------


def _page() -> Response:
    """Give the page of a search; what is wrong with it is said above its form, which still has what was typed."""
    try:
        found = index().find(_asked())
    except (errors.BadInput, errors.InTheMaking) as error:
        text = request.args.get("q", "")[:300]
        page = render_template("find.html", problem=str(error), search=Search(text), found=None, most=0)
        return Response(page, status=error.http_status, headers=error.headers())
    fits = _fitting(found) if found.search.page == 1 and found.search.text else []
    page = render_template("find.html", problem="", search=found.search, found=found, removed=_removed(found),
                           address=address, toggled=toggled, fits=fits, most=OPEN)
    return Response(page)


def toggled(search: Search, facet: Shown, choice: Choice, form: str | None = None) -> str:
    """Give the address of a search with a value chosen that is not, or the other way round."""
    values = [one for one in search.chosen.get(facet.name, ()) if one != choice.value]
    if not choice.chosen:
        values.append(choice.value)
    changes: dict[str, Any] = {facet.name: [_key(one) for one in values], "page": 1}
    return address(search, form, **changes)


def _removed(found: Found) -> list[tuple[str, str, str]]:
    """Give what is chosen: the facet, the value, and the address without it."""
    return [(facet.label, choice.label, toggled(found.search, facet, choice))
            for facet in found.facets for choice in facet.choices if choice.chosen]


def _fitting(found: Found) -> list[Question]:
    """Give prepared questions that have all words of what was typed, or else one of them."""
    text = found.search.text.replace('"', " ")
    fits = list(asking.questions(site.asker(), text).questions)
    for word in sorted(text.split(), key=len, reverse=True) if not fits and not found.total else ():
        fits += asking.questions(site.asker(), word).questions if len(word) > 3 else ()
    return list({one.name: one for one in fits}.values())[:FEW]


# --- as data -------------------------------------------------------------------------------------------------------


def _data(found: Found) -> dict[str, Any]:
    """Give a search as JSON."""
    here = found.search
    pages = {"next": here.page + 1} if here.page < found.pages else {}
    return {
        "q": here.text, "total": found.total, "page": here.page, "pages": found.pages,
        "addresses": {name: address(here, "json", page=str(page)) for name, page in pages.items()},
        "change": found.number, "made": found.made, "late": found.late, "ranked": found.is_ranked,
        "taken": [{"typed": one.typed, "for": one.words} for one in found.taken], "left_out": found.left_out,
        "results": [_hit(one) for one in found.hits], "facets": [_facet(here, one) for one in found.facets],
        "near": [{"iri": one.iri, "label": one.label, "kinds": one.kinds, "why": one.why} for one in found.near],
        "without": [{"left_out": one.left_out, "q": one.text, "total": one.count} for one in found.without],
        "questions": [{"name": one.name, "asks": one.asks} for one in _fitting(found)] if here.text else [],
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {"iri": hit.iri, "name": compact(hit.iri).strip("<>"), "label": hit.name, "kinds": hit.kinds,
            "address": site.local(hit.iri), "deprecated": hit.deprecated, "segments": _segments(hit.label),
            "about": _segments(hit.about),
            "found": [{"where": why.where, "segments": _segments(why.segments), **(
                {"passage": why.source.passage, "source": why.source.iri, "source_label": why.source.label}
                if why.source else {})} for why in hit.why]}


def _segments(segments: Iterable[Segment]) -> list[dict[str, Any]]:
    return [{"text": one.text, "hit": one.hit} for one in segments]


def _facet(search: Search, facet: Shown) -> dict[str, Any]:
    return {"name": facet.name, "label": facet.label, "left": facet.left, "fault": facet.fault or None,
            "values": [{"value": one.value, "key": one.key, "label": one.label, "count": one.count,
                        "chosen": one.chosen, "depth": one.depth, "address": toggled(search, facet, one, "json")}
                       for one in facet.choices]}


def _csv(found: Found) -> Response:
    """Give what a search finds as CSV: a row for each place in which a thing was found, one at least for each thing."""
    rows: list[Iterable[str]] = [COLUMNS]
    for hit in found.hits:
        head = (hit.name, hit.iri, "; ".join(hit.kinds), "".join(one.text for one in hit.about))
        places = [(why.where, why.text, why.source.label if why.source else "") for why in hit.why]
        rows += [(*head, *place, "yes" if hit.deprecated else "") for place in places or [("", "", "")]]
    response = Response(tabular.listed(rows), content_type="text/csv; charset=utf-8")
    if found.total > MOST_ROWS:
        response.headers[formats.CUT] = str(MOST_ROWS)
    return response
