"""Why something is here, and why something is not: a triple's page, and the explanation of an empty answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from flask import Blueprint, Response, current_app, g, jsonify, render_template, request, url_for
from flask.blueprints import BlueprintSetupState

from carekg import errors, reason, store
from carekg.explain import Reason, absent, empty, free, removal, slow, told, typed
from carekg.query import find
from carekg.terms import VOCABULARY
from carekg.web import diffs, formats, named, site
from carekg.web.described import operations
from carekg.web.protocol import commits, permission
from carekg.web.questions import address as addresses
from carekg.web.remembered import BRIEFLY, Remembered

blueprint = Blueprint("why", __name__)

KEY: Final = "carekg.rules"
"""Under which an application keeps the rules of its graph."""

TEXT: Final = operations.of_type("text", "text/plain")
FORMS: Final = (operations.JSON, TEXT)
"""The formats of an explanation, beside its page."""

ANSWERS: Final = ("questions.question", "questions.rows")
"""Endpoints that answer a prepared question."""

LOOKED_AT: Final = 1 << 13
"""Bytes up to which an answer is looked at for rows."""


@blueprint.record_once
def _prepare(state: BlueprintSetupState) -> None:
    state.app.extensions[KEY] = Remembered[list[reason.Rule]](1, BRIEFLY)
    state.app.jinja_env.filters["plain"] = diffs.plain


# --- why a triple is here -----------------------------------------------------------------------------------------


@blueprint.get("/why")
def triple() -> Response:
    """Say why the triple `s` `p` `o` is here: who stated it, or what it follows from; and what would go with it.

    The page works that out with `removed`, since the first time it takes a second or two; the data have it always.
    """
    asked = [request.args.get(name, "").strip() for name in ("s", "p", "o")]
    with_answers = request.args.get("answers") == "yes"
    if not asked[0] and not formats.prefers_html():
        raise errors.BadInput("Name a subject in `s`, a property in `p` and a value in `o`.")
    if not asked[0]:
        return Response(render_template("why.html", asked=asked))
    graph = site.asker().graph
    wanted = typed.read(graph, *asked)
    found = told.tell(graph, rules(), wanted.triple, site.client()) if wanted.triple else None
    if found is None:
        return _absent(wanted, asked)
    is_wanted = with_answers or request.args.get("removed") == "yes" or not formats.prefers_html()
    if found.stated and not is_wanted and not permission.is_plain():
        return Response(render_template("why.html", asked=asked, why=found))
    gone = _removal(found, with_answers=with_answers)
    turning = list(removal.turning(site.asker(), commits.guard(), found, site.client())) \
        if with_answers and not found.stated else []
    said = {**found.as_json(), "ifRemoved": gone.as_json()}
    if turning:
        said["restsOn"] = [{"statement": one.sentence, "why": one.address, "goesWithIt": goes} for one, goes in turning]
    lines = [*found.lines(), "", *removal.lines(graph, gone)]
    return _sent(said, lines, "why.html", 200, asked=asked, why=found, gone=gone, titles=removal.titles(graph, gone),
                 turning=turning)


def rules() -> list[reason.Rule]:
    """Give the rules of the graph that is served, made when somebody asks and anew when the graph was built anew."""
    graph = site.asker().graph
    kept: Remembered[list[reason.Rule]] = current_app.extensions[KEY]
    return kept.get(graph.version.partition(":")[0], "rules", lambda: reason.rules(
        quad.triple for quad in store.quads(graph, VOCABULARY[0])))


def _removal(found: told.Why, *, with_answers: bool) -> removal.Removal:
    """Give what would go with a triple; nothing is written, and nobody has to be logged in."""
    asker = site.asker()
    if not found.stated:
        return removal.Removal(unknown="Nobody states it, so nobody can take it out: it goes when what it follows from "
                                       "goes.")
    return removal.foretold(asker, commits.guard(), found.triple, with_answers=with_answers, client=site.client())


def _absent(wanted: typed.Typed, asked: Sequence[str]) -> Response:
    """Say that a triple is not here, or that not all of it was named, and what is here."""
    near = absent.told(site.asker().graph, wanted.subject, wanted.predicate, wanted.object)
    whole = wanted.triple is not None
    sentence = near.sentence(whole=whole)
    said: dict[str, Any] = {"sentence": sentence, "here": False if whole else None, "known": near.known}
    here = {"values": near.values, "subjects": near.subjects, "links": near.links}
    said |= {name: [{"statement": f"{one.triple} .", "words": one.sentence, "why": one.address} for one in several]
             for name, several in here.items() if several}
    if near.withdrawn:
        said["withdrawn"] = near.withdrawn.number
    alike = [] if near.known else [(one.iri, one.label) for one in named.names().near(wanted.subject.value)]
    if alike:
        said["near"] = [{"iri": iri, "label": label} for iri, label in alike]
    lines = [sentence, *(f"  {one.sentence}" for one in near.here), *(f"  {label}: {iri}" for iri, label in alike)]
    return _sent(said, lines, "why.html", 404 if whole or not near.known else 200, asked=asked, absent=near,
                 sentence=sentence, wanted=wanted, whole=whole, alike=alike)


def sentence(error: errors.CarekgError) -> str:
    """Give what an error says, and what to change about the query where it took too much."""
    is_much = isinstance(error, errors.OverDeadline | errors.OverMemory | errors.OverSize)
    told = slow.advice(g.typed) if is_much and "typed" in g else []
    return " ".join([str(error), *told])


# --- why an answer is empty ---------------------------------------------------------------------------------------


@blueprint.get("/queries/<name>/why")
@blueprint.get("/queries/<name>/why.<form>")
def question(name: str, form: str = "") -> Response:
    """Say why a prepared question has no rows with some arguments, and what to ask in its place."""
    query = find(site.asker().queries, name)
    arguments = {key: request.args.getlist(key) for key in request.args if not addresses.is_own(key)}
    found = [] if _has_rows(query.bind(site.asker().terms(query, arguments))) else \
        empty.reasons(site.asker(), query, arguments, client=site.client())
    text = request.query_string.decode("ascii", "replace")
    back = url_for("questions.question", name=name) + (f"?{text}" if text else "")
    return _explained(found, query.summary, back, form)


@blueprint.get("/sparql/why")
@blueprint.get("/sparql/why.<form>")
def sparql(form: str = "") -> Response:
    """Say why a SPARQL query has no result: names that are used nowhere, and parts that nothing fits."""
    text = request.args.get("query", "")
    settings = site.settings()
    if not text.strip():
        raise errors.BadInput("Send the query whose result is empty as `query`.")
    if len(text) > settings.query_chars:
        raise errors.TooLong(len(text), settings.query_chars)
    found = [] if _has_rows(text) else free.reasons(
        site.asker().graph, text, lambda iri: [one.iri for one in named.names().near(iri)], client=site.client())
    return _explained(found, "Why a SPARQL query has no result", url_for("sparql.endpoint", query=text), form)


def _has_rows(text: str) -> bool:
    """Say whether a query gives anything."""
    answer = site.asker().graph.answer(store.Question(text, rows=1, client=site.client()))
    kinds = {"solutions": "application/sparql-results+json", "boolean": "application/sparql-results+json"}
    return not is_empty(answer.read(), kinds.get(answer.kind, "text/turtle"))


def _explained(found: list[Reason], title: str, back: str, form: str) -> Response:
    said = {"question": title, "address": back, "empty": bool(found), "reasons": [one.as_json() for one in found]}
    lines = [f"{one.sentence} {site.address(one.address) if one.address else ''}".rstrip() for one in found]
    return _sent(said, lines or ["It has an answer."], "why_empty.html", 200, form, title=title, back=back,
                 reasons=found)


def is_empty(body: bytes, media: str) -> bool:
    """Say whether an answer has nothing in it: no row, no triple, or that it is not so."""
    if media == "application/sparql-results+json":
        squeezed = b"".join(body.split())
        return b'"bindings":[]' in squeezed or squeezed.endswith(b'"boolean":false}')
    if media == "application/json":  # a table with one line for each row
        return b'"rows":[]' in b"".join(body.split())
    if media in ("text/csv", "text/tab-separated-values"):
        return len(body.splitlines()) == 1
    if media == "application/sparql-results+xml":
        return b"<result>" not in body and b"<results" in body
    return media in ("text/turtle", "application/n-triples") and not body.strip()


@blueprint.after_app_request
def _linked(response: Response) -> Response:
    """Lead from an empty answer to what explains it (https://www.iana.org/assignments/link-relations, describedby)."""
    path = request.path
    if request.method not in ("GET", "HEAD") or response.status_code != 200 or response.is_streamed \
            or not path.startswith(("/queries/", "/sparql")) or (response.content_length or 0) > LOOKED_AT:
        return response
    if not is_empty(response.get_data(), response.mimetype or ""):
        return response
    text = request.query_string.decode("ascii", "replace")
    if request.endpoint in ANSWERS and request.view_args:
        where = url_for("why.question", name=request.view_args["name"], form="json") + (f"?{text}" if text else "")
    elif request.endpoint == "sparql.endpoint" and "query" in request.args:
        where = url_for("why.sparql", form="json", query=request.args["query"])
    else:
        return response
    response.headers.add("Link", f'<{where}>; rel="describedby"; type="application/json"')
    return response


def _sent(said: dict[str, Any], lines: Sequence[str], template: str, status: int, form: str = "",
          **filling: Any) -> Response:
    """Give an explanation as a page, as JSON or as text, as is wanted."""
    if not form and formats.prefers_html():
        return Response(render_template(template, **filling), status=status)
    chosen = formats.wanted(FORMS, form or None)
    if chosen.name == "text":
        return Response("\n".join(lines) + "\n", status=status, content_type="text/plain; charset=utf-8")
    response = jsonify(said)
    response.status_code = status
    return response
