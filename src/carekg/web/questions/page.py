"""A question's page: what it asks, its form, its answer as a table that can be looked at, and what to take along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from flask import Response, render_template, url_for

from carekg import errors
from carekg.explain import empty, slow
from carekg.explain.model import Reason
from carekg.query import Asker, Query
from carekg.web import site
from carekg.web.questions import about, commands, drawn, fields, kept, taking
from carekg.web.questions.address import MORE, Address
from carekg.web.questions.laid import Laid
from carekg.web.questions.looking import Looking

MOST_TEXT: Final = 100_000
"""Characters of a graph that a page shows."""

LONGEST: Final = 6_000
"""Characters of an address that browsers and servers between them take for certain."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with an address: a sentence, and the addresses of what may have been meant."""

    sentence: str
    near: tuple[tuple[str, str], ...] = ()


@dataclass
class Answer:
    """What a page shows of an answer: its terms, and the table or the triples; or what is wrong, and the status."""

    terms: about.Terms | None = None
    laid: Laid | None = None
    triples: str = ""
    cut: int = 0
    problem: Problem | None = None
    status: int = 200


def page(query: Query, address: Address) -> Response:
    """Give the page; what is wrong with a value is said above the form, where it can be mended."""
    asker = site.asker()
    form, address = fields.fields(asker, query, address), address.without([MORE])
    answer = _answered(asker, query, address)
    looking = Looking(address, answer.laid) if answer.laid else None
    picture = drawn.drawn(query, address, answer.laid) if answer.laid and answer.laid.rows else None
    status = 400 if (looking and looking.wrong) or (picture and picture.wrong) else answer.status
    shown = render_template(
        "question.html", query=query, address=address, form=form, answer=answer,
        looking=looking, picture=picture, reasons=_reasons(asker, query, address, answer),
        tally=_tally(asker, query, answer),
        taking=_taking(query, address, answer, looking) if answer.terms is not None else None,
        most=min(kept.MOST, site.settings().rows), elsewhere=site.settings().rows)
    return Response(shown, status=status)


def _answered(asker: Asker, query: Query, address: Address) -> Answer:
    terms: about.Terms = {}
    try:
        terms = asker.terms(query, taking.given(address))
        text = query.bind(terms)
        if not query.is_graph:
            laid = kept.laid(text)
            return Answer(terms, laid, cut=laid.cut)
        found = asker.ask(query, taking.given(address), rows=site.settings().rows, client=site.client())
        return Answer(terms, triples=found.read().decode(), cut=found.cut)
    except errors.UnknownParameter as error:
        return Answer(problem=Problem(str(error), fields.unknown(query, address)), status=error.http_status)
    except (errors.OverDeadline, errors.OverMemory, errors.OverSize) as error:
        return Answer(problem=Problem(slow.of_question(error, query, terms)), status=error.http_status)
    except (errors.BadInput, errors.Refused) as error:
        return Answer(problem=Problem(str(error)), status=error.http_status)


def _tally(asker: Asker, query: Query, answer: Answer) -> dict[str, int]:
    """Count rows by value; what is counted in a part is not counted."""
    return asker.tally(query, answer.laid.table) if answer.laid and not answer.cut else {}


def _reasons(asker: Asker, query: Query, address: Address, answer: Answer) -> list[Reason]:
    """Give why there is no row, where there is none."""
    if answer.laid is None or answer.laid.rows:
        return []
    return answer.laid.once("reasons", lambda: empty.reasons(
        asker, query, taking.given(address), client=site.client()))


# --- to take along --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Taking:
    """What can be taken along: forms with their addresses, for people and for programs, and how to ask elsewhere."""

    permanent: str
    tables: Sequence[tuple[str, str, str]]
    exact: Sequence[tuple[str, str]]
    commands: Sequence[commands.Command]
    sparql: str
    text: str
    picked: int = 0


def _taking(query: Query, address: Address, answer: Answer, looking: Looking | None) -> Taking:
    permanent = about.permanent(query, address, answer.terms or {})
    text = query.bind(answer.terms or {})
    edit = f"/sparql?{urlencode({'query': text})}"
    offered = [(one.name, str(address.asked.at(url_for(".question", name=query.name, form=one.name))))
               for one in taking.offered(query) if query.is_graph or one.name not in taking.MADE]
    is_picked = looking is not None and looking.is_picked
    return Taking(site.address(str(permanent)), [] if query.is_graph else _tables(query, address), offered,
                  commands.commands(query, site.address("/"), permanent, _addresses(query, permanent)),
                  edit if len(edit) <= LONGEST else "", text, len(looking.view.picked) if is_picked and looking else 0)


def _tables(query: Query, address: Address) -> list[tuple[str, str, str]]:
    """Give the forms of the table: a name, an address with what was asked and picked, and what it is for."""
    pairs = (*address.asked.pairs, *address.looking)
    table = url_for(".rows", name=query.name, form="csv").removesuffix("csv")
    whole = Address("", tuple(pair for pair in pairs if pair[0] != "_rows"))
    return [("Excel", str(whole.at(url_for(".question", name=query.name, form="xlsx"))),
             "typed cells, links, receipts, and a sheet about the answer"),
            ("CSV", str(whole.at(f"{table}csv")), "one line for each row, safe to open in a spreadsheet"),
            ("JSON", str(whole.at(f"{table}json")), "each row with its receipts"),
            ("Turtle", str(whole.at(url_for(".question", name=query.name, form="turtle"))),
             "the statements behind the rows, with their passages, as RDF")]


def _addresses(query: Query, permanent: Address) -> commands.Addresses:
    exact = url_for(".question", name=query.name, form="turtle" if query.is_graph else "csv")
    table = exact if query.is_graph else url_for(".rows", name=query.name, form="csv")
    return commands.Addresses(site.address(str(permanent.at(table))), site.address(str(permanent.asked.at(exact))))

