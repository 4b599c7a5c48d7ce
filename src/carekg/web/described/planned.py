"""What the routes of plans take and give: one table, a part of that in `routes`."""

from __future__ import annotations

from typing import Any, Final

from carekg.plans import document
from carekg.web.described.operations import ASKING, HTML, JSON, Operation, choice, ending, example, of_type
from carekg.web.described.proposing import FORM, REFUSED, SENT

DOCUMENT: Final = of_type("docx", document.WORD)
_FORMS: Final = (JSON, DOCUMENT, HTML)
_ONE: Final = {"name": example("AAAAAAAAAAAA")}
_FACTS: Final = (
    {"name": "facts", "in": "query", "style": "form", "explode": True, "required": False,
     "schema": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
     "description": "Facts of an innovation, such as `topic=dementia&place=Leeds&lack=funding`, by label, short name "
                    "or IRI; at least one. Which facts there are, the page says, and the sentence of an error."},
    {"name": "title", "in": "query", "required": False, "schema": {"type": "string", "maxLength": 120},
     "description": "What the innovation is called, for the heading."},
    {"name": "least", "in": "query", "required": False, "schema": {"type": "integer", "minimum": 0, "maximum": 999},
     "description": "How much an innovation has to have in common for the parts that follow to be about it."},
    {"name": "graph", "in": "query", "required": False, "schema": {"type": "string"},
     "description": "Of which graph the address was made; where that is another now, the page says so."},
)


def _body(**fields: str) -> dict[str, Any]:
    """Give a form with texts, each with a sentence on it."""
    told = {**fields, "csrf_token": "The hidden field of the form."}
    return {"required": True, "content": {FORM: {"schema": {"type": "object", "properties": {
        name: {"type": "string", "description": sentence} for name, sentence in told.items()}}}}}


def _act(*problems: int, body: dict[str, Any] | None = None) -> Operation:
    return Operation("questions", (), (404, *problems, *SENT), body=body or _body(), paths=_ONE, statuses=(303,))


KNOWN: Final[dict[str, Operation]] = {
    "GET plans.plan": Operation("questions", _FORMS, (400, 403, 404, 406, *ASKING), (*_FACTS, choice(_FORMS)),
                                paths={"form": ending(_FORMS)}, statuses=(200, 303)),
    "GET plans.describe": Operation("questions", (HTML,), (400, 403, *ASKING), _FACTS),
    "GET plans.printed": Operation("questions", (HTML,), (400, 403, *ASKING), _FACTS),
    "GET plans.listing": Operation("questions", (HTML,), (*REFUSED, *ASKING), statuses=(200, 303)),
    "POST plans.keep": Operation("questions", (), SENT, statuses=(303,), body=_body(
        name="What to call it.", plan="The query of the plan's address.")),
    "GET plans.opened": Operation("questions", (HTML,), (403, 404, *ASKING), paths=_ONE),
    "POST plans.rename": _act(body=_body(name="What to call it.")),
    "POST plans.renew": _act(),
    "POST plans.delete": _act(),
}
"""Method and endpoint to what it takes and gives."""
