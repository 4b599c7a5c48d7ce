"""A store over HTTP: pages for people, and the same answers as data for tools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Flask, Response, g, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse

from carekg import errors, names
from carekg.query import Asker
from carekg.settings import Settings, load
from carekg.terms import compact
from carekg.web import compare, find, formats, guide, named, pictures, questions, reconcile, site, why
from carekg.web.accounts import door, sessions
from carekg.web.accounts import pages as account_pages
from carekg.web.described import dumps, examples, openapi, void
from carekg.web.drafts import pages as draft_pages
from carekg.web.editor import drawn, shared, terms
from carekg.web.editor import pages as editor_pages
from carekg.web.feeds import feed
from carekg.web.forms import editing
from carekg.web.guard import access, gate, headers, health, limits, metrics, received, slow
from carekg.web.history import data as taken_along
from carekg.web.history import pages as history
from carekg.web.linked import catalogue, crawlers, things, vocabulary, writing
from carekg.web.plans import kept as plan_pages
from carekg.web.protocol import commits, graphs, sparql, telling
from carekg.web.remembered import Remembered
from carekg.web.sheets import pages as sheets

SUBJECTS = (sparql, graphs, commits, telling, pictures, questions, things, compare, vocabulary, catalogue, crawlers,
            openapi, reconcile, void, dumps, examples, guide, feed, history, taken_along, health, metrics,
            account_pages, draft_pages, editing, sheets, find, why, drawn, shared, terms, plan_pages)
"""The modules whose blueprint the application has."""


def create_app(asker: Asker, settings: Settings | None = None) -> Flask:
    """Give the application that serves an asker's queries and its store."""
    app = Flask(__name__)
    settings = settings or load()
    largest = settings.body_mb * 2**20
    app.config.update(MAX_CONTENT_LENGTH=largest, MAX_FORM_MEMORY_SIZE=largest)
    app.url_map.strict_slashes = False
    app.extensions[site.KEY] = site.Site(asker, settings)
    app.extensions[vocabulary.KEY] = vocabulary.Remembered(asker.graph)
    app.extensions[named.KEY] = names.Remembered(asker.graph)
    app.extensions.update({key: Remembered() for key in (writing.KEY, crawlers.KEY)})
    app.extensions[pictures.KEY] = pictures.Studio()
    for subject in SUBJECTS:
        app.register_blueprint(subject.blueprint)
    app.jinja_env.filters.update(compact=compact, local=site.local)
    guide.install(app)
    app.add_url_rule("/", "home", home)
    app.register_error_handler(errors.CarekgError, _carekg_error)
    app.register_error_handler(HTTPException, _http_error)
    _guard(app, asker, settings)
    return app


def _guard(app: Flask, asker: Asker, settings: Settings) -> None:
    """Put around an application what guards, counts and tells of its requests."""
    headers.install(app)
    sessions.install(app, settings.session_hours)
    door.install(app)
    limiter = limits.install(app, settings.rate)
    received.install(app)
    noting = [metrics.install(app, asker.graph).note]
    if settings.log:
        noting.append(access.install(app, settings.log).note)
    if settings.slow_log:
        noting.append(slow.install(app, settings.slow_log, settings.slow).note)
    gate.install(app, limiter, *noting)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, settings.proxies, settings.proxies)  # type: ignore[method-assign]


def home() -> str:
    """Say what this is, what it holds and where to start."""
    manifest = site.asker().graph.manifest()
    if manifest and manifest.plain:
        return render_template("plain.html", manifest=manifest)
    return render_template("home.html", manifest=manifest, schema=catalogue.whole(), first=guide.first(),
                           groups=questions.groups(site.asker().queries.values()))


def _carekg_error(error: errors.CarekgError) -> AnyResponse | tuple[Response, int]:
    gate.failed(error)
    if isinstance(error, errors.Unauthorized) and (login := account_pages.instead()):
        return login
    if refusal := telling.refusal(error):
        return refusal
    near = error.near if isinstance(error, errors.NotFound) else ()
    response, status = _told(why.sentence(error), error.http_status, near, error)
    response.headers.update(error.headers())
    return response, status


def _http_error(error: HTTPException) -> tuple[Response, int]:
    methods = sorted(getattr(error, "valid_methods", None) or ["GET"])
    path = "".join(sign if sign.isprintable() else "\ufffd" for sign in request.path[:200])
    sentences: Mapping[int, str] = {
        404: f"There is no page {path}; start at /, /queries or /sparql.",
        405: f"{request.method} is not for {path}; it takes {', '.join(methods)}.",
        413: "The request is larger, or has more parts, than the most that is read.",
        500: "Something went wrong on this server; it was not your request's fault. The server's log has it.",
    }
    code = error.code or 500
    response, status = _told(sentences.get(code, f"{error.description or error.name}"), code)
    if code == 405:
        response.headers["Allow"] = ", ".join(methods)
    return response, status


def _told(sentence: str, status: int, near: Sequence[str] = (),
          error: errors.CarekgError | None = None) -> tuple[Response, int]:
    """Give an error as a page to a browser and as one line of text to everybody else."""
    if formats.prefers_html() and "typed" in g:  # a query comes back to be mended
        return editor_pages.to_mend(sentence, status, error), status
    if formats.prefers_html():
        links = [(iri, compact(iri)) for iri in near]
        return Response(render_template("error.html", sentence=sentence, status=status, links=links)), status
    return Response(sentence + "\n", mimetype="text/plain"), status
