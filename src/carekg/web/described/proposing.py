"""What the routes of users, drafts and sheets take and give: one table, a part of that in `routes`."""

from __future__ import annotations

from typing import Any, Final

from carekg import patch
from carekg.drafts import COMMITTED, OPEN, WITHDRAWN
from carekg.web.described.operations import ASKING, HTML, JSON, Operation, example, of_type

FORM: Final = "application/x-www-form-urlencoded"
REFUSED: Final = (400, 401, 403)
"""What a request may meet that takes a role."""

SENT: Final = (*REFUSED, 411, *ASKING)
"""What it may meet where it has a body."""

_DRAFT: Final = {"name": example("AAAAAAAAAAAAAAAAAAAAAA")}
_FIELD: Final = {"csrf_token": "The hidden field of the form; a request with a token needs none."}


def _schema(**fields: str) -> dict[str, Any]:
    """Give the schema of an object of texts, each with a sentence on it."""
    return {"type": "object", "properties": {
        name: {"type": "string", "description": sentence} for name, sentence in fields.items()}}


def _body(*, also: tuple[str, ...] = (), **fields: str) -> dict[str, Any]:
    """Give a body that is a form or JSON, or a text of another type."""
    content: dict[str, Any] = {FORM: {"schema": _schema(**fields, **_FIELD)},
                               "application/json": {"schema": _schema(**fields)},
                               **{media: {"schema": {"type": "string"}} for media in also}}
    return {"required": True, "content": content}


def _form(**fields: str) -> dict[str, Any]:
    return {"required": True, "content": {FORM: {"schema": _schema(**fields, **_FIELD)}}}


def _act(statuses: tuple[int, ...], body: dict[str, Any], *more: int) -> Operation:
    """Give what is done to one draft."""
    return Operation("drafts", (JSON,), (404, 409, *more, *SENT), body=body, paths=_DRAFT,
                     statuses=(*statuses, 303), needs_token=True)


_CHANGE: Final = _body(
    also=(patch.MEDIA, "application/sparql-update"),
    title="What it is called; its reason where it has none.", why="Why the graph is to be changed.",
    source="The IRI of what the change rests on.", patch="The change as RDF Patch.",
    update="The change as SPARQL Update, in the place of a patch.",
    against="The number of the last change that was there when it was made.")
_STATE: Final = {"name": "state", "in": "query", "required": False, "description": "Only drafts in this state.",
                 "schema": {"enum": [OPEN, COMMITTED, WITHDRAWN, "all"]}}

_BEFORE: Final = {"name": "before", "in": "query", "required": False, "schema": {"type": "integer", "minimum": 0},
                  "description": "Only drafts with lower numbers."}

_DRAFTS: Final = {
    "GET drafts.listing": Operation("drafts", (JSON, HTML), (*REFUSED, *ASKING), (_STATE, _BEFORE), statuses=(200, 303),
                                    needs_token=True),
    "GET drafts.new": Operation("drafts", (HTML,), (*REFUSED, *ASKING), statuses=(200, 303), needs_token=True),
    "POST drafts.save": Operation("drafts", (JSON,), (415, *SENT), body=_CHANGE, statuses=(201, 303),
                                  needs_token=True),
    "GET drafts.draft": Operation("drafts", (JSON, HTML, of_type("patch", patch.MEDIA)), (403, 404, *ASKING),
                                  paths=_DRAFT),
    "POST drafts.comment": _act((201,), _body(said="The comment.")),
    "POST drafts.revise": _act((200,), _CHANGE, 415),
    "POST drafts.withdraw": _act((200,), _body()),
    "POST drafts.approve": _act((200,), _body(
        revision="The number of the revision that was looked at; else the last.",
        against="The number of the graph's last change when it was looked at."), 422),
}

_ACCOUNTS: Final = {
    "GET accounts.login": Operation("accounts", (HTML,), (403, *ASKING)),
    "POST accounts.entered": Operation("accounts", (), SENT, body=_form(
        name="The user's name.", password="The user's password.", next="The path to go on to."), statuses=(303,)),
    "POST accounts.logout": Operation("accounts", (), (400, 411, *ASKING), body=_form(), statuses=(303,)),
    "GET accounts.account": Operation("accounts", (HTML,), (401, *ASKING), statuses=(200, 303)),
    "POST accounts.password": Operation("accounts", (), SENT, body=_form(
        old="The password so far.", new="The new password.", again="The new password again."), statuses=(303,)),
    "POST accounts.elsewhere": Operation("accounts", (), SENT, body=_form(), statuses=(303,)),
    "GET accounts.users": Operation("accounts", (HTML,), (*REFUSED, *ASKING), statuses=(200, 303)),
    "POST accounts.give": Operation("accounts", (), SENT, body=_form(role="The new role."),
                                    paths={"name": example("ann")}, statuses=(303,)),
}

_BOOK: Final = of_type("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_SENT: Final = {"required": True, "content": {"multipart/form-data": {"schema": {
    "type": "object", "required": ["file"], "properties": {
        "file": {"type": "string", "format": "binary", "description": "An .xlsx or .csv file."},
        "do": {"enum": ["check", "copy", "commit", "draft"], "description": "What is done with it."},
        **_schema(**{"class": "What its rows are, where neither sheet nor file is called by it."},
                  source="The source of the sheet and of passages that name none, by name or key.",
                  why="Why; else the file's name.", **_FIELD)["properties"]}}}}}
_SHEETS: Final = {
    "GET sheets.start": Operation("sheets", (HTML,), ASKING),
    "GET sheets.template": Operation("sheets", (_BOOK,), (400, *ASKING), paths={"name": example("site")}, parameters=(
        {"name": "filled", "in": "query", "required": False, "schema": {"enum": ["1"]},
         "description": "With all things of the class."},)),
    "POST sheets.sent": Operation("sheets", (JSON, HTML, _BOOK), (409, 415, 422, *SENT), body=_SENT,
                                  statuses=(200, 303), needs_token=True),
}

KNOWN: Final[dict[str, Operation]] = {**_DRAFTS, **_ACCOUNTS, **_SHEETS}
"""Method and endpoint to what it takes and gives."""
