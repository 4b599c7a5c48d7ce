"""What a change answers that was refused, or done with warnings: a page, a list, JSON, or the SHACL report.

A page gives back what was typed, with each line that is at fault marked, and leads from what is wrong to its place.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox
from flask import Blueprint, Response, g, render_template, request

from carekg import errors, reports, turtle
from carekg.change import Trial
from carekg.reports import Spot, Told, shacl
from carekg.reports.typed import Typed
from carekg.store import Update
from carekg.web import formats, site
from carekg.web.linked import writing

blueprint = Blueprint("telling", __name__)

WARNINGS: Final = "Carekg-Warnings"
"""The header that says how many warnings there are on a change that was made."""

WRITTEN: Final = ("turtle", "trig", "n-triples", "n-quads", "n3")
"""Formats of documents in which the place of a statement can be told."""

MOST: Final = 200
"""Lines of a report that a page or a text has; JSON and RDF have all."""

WHOLE: Final = 400
"""Lines of what was typed that a page gives back as they are; of more, those around the lines at fault."""

AROUND: Final = 3


@dataclass(frozen=True)
class Text:
    """What was typed: its name where there are several, itself, and how the ids of its lines begin."""

    name: str
    text: str
    anchor: str
    statements: Typed

    def shown(self, marked: set[str]) -> Iterator[tuple[int, str, bool]]:
        """Give the number of each line, itself, and whether something is wrong with it; nought stands for a gap."""
        lines = self.text.split("\n")
        wrong = {number for number in range(1, len(lines) + 1) if f"{self.anchor}{number}" in marked}
        near = {number + step for number in wrong for step in range(-AROUND, AROUND + 1)}
        last = 0
        for number, line in enumerate(lines, start=1):
            if len(lines) <= WHOLE or number in near:
                if number > last + 1:
                    yield 0, "", False
                yield number, line.rstrip("\r"), number in wrong
                last = number


def see(update: Update) -> Callable[[Trial], None]:
    """Give what keeps the trial of an update for the answer to a request."""
    def keep(trial: Trial) -> None:
        g.tried = (trial, update)

    return keep


def refusal(error: errors.CarekgError) -> Response | None:
    """Give the answer to a change that was refused for what it states; None for another error."""
    if not isinstance(error, errors.InvalidGraph | errors.UnknownThings) or "tried" not in g:
        return None
    trial, update = g.tried
    form = formats.report_wanted()
    if form is not None and form != formats.JSON and trial.report.violations:
        report = _shacl(trial, form)
        report.status_code = error.http_status
        return report
    texts = _texts(update)
    told = reports.told_of(trial, site.asker().graph, _where(texts))
    response = _told(told, f"{told.summary()}, so nothing was changed.", "Nothing was changed", texts, update)
    response.status_code = error.http_status
    return response


@blueprint.after_app_request
def _warned(response: Response) -> Response:
    """Say with a change that was made which warnings there are; an answer without a body has them in full."""
    if "tried" not in g or response.status_code >= 400 or not g.tried[0].report.warnings:
        return response
    trial, update = g.tried
    count = len(trial.report.warnings)
    response.headers[WARNINGS] = str(count)
    if response.status_code not in (201, 204) or response.get_data():
        return response
    texts = _texts(update)
    form = formats.report_wanted()
    if form is not None and form != formats.JSON:
        full = _shacl(trial, form)
    else:
        told = reports.told_of(trial, site.asker().graph, _where(texts))
        full = _told(told, f"The change was made, with {told.summary()}.", "Done, with warnings", texts, None)
    full.status_code = 200 if response.status_code == 204 else response.status_code
    full.headers.update({name: value for name, value in response.headers.items() if name != "Content-Length"
                         and name != "Content-Type"})
    return full


def _told(told: Told, head: str, title: str, texts: Sequence[Text], update: Update | None) -> Response:
    """Give what is told as JSON, a page or a text, as it is wanted."""
    if formats.report_wanted() == formats.JSON:
        body = json.dumps({"message": head, **told.as_data()}, ensure_ascii=False, indent=2) + "\n"
        return Response(body, content_type=formats.JSON.media[0])
    few = told.cut(MOST)
    left = len(told.lines) - len(few.lines)
    if formats.prefers_html():
        marked = {line.where.anchor for line in told.lines if line.where}
        return Response(render_template("refused.html", told=few, head=head, title=title, left=left, texts=texts,
                                        marked=marked, typed=update.text if update else None))
    more = f"\n... and {left} more; Accept: application/json has all." if left else ""
    return Response(f"{head}\n{few.as_text()}{more}\n", mimetype="text/plain")


def _shacl(trial: Trial, form: formats.Format) -> Response:
    """Give the SHACL report in a format of graphs."""
    triples = shacl.triples(trial.report)
    text = (turtle.write(triples).encode() if form.name in ("turtle", "n3")
            else writing.written([ox.Quad(*one) for one in triples], form.name))
    return Response(text, content_type=writing.content_type(form.media[0]))


def _texts(update: Update) -> list[Text]:
    """Give the texts that an update came in, as far as places can be told in them."""
    found = [("the update", update.text, update.base)] if update.text is not None else []
    for one in update.operations:
        if one["kind"] == "insert-document" and one["format"] in WRITTEN:
            found.append(("the document", one["text"], one["base"]))
    if not found and request.method == "PATCH":
        found.append(("the patch", request.get_data(as_text=True), ""))
    several = len(found) > 1
    return [_text(f"{name} {number}" if several else "", text, base, f"text-{number}-" if several else "line-")
            for number, (name, text, base) in enumerate(found, start=1)]


def _text(name: str, text: str, base: str, anchor: str) -> Text:
    return Text(name, text, anchor, Typed(text, base, name, anchor))


def _where(texts: Sequence[Text]) -> Callable[[str, str, str], Spot | None]:
    def where(subject: str, property_: str, value: str) -> Spot | None:
        return next(filter(None, (one.statements(subject, property_, value) for one in texts)), None)

    return where
