"""Who asks, and what they may: a program by its token, a person by the session of their browser."""

from __future__ import annotations

import contextlib

from flask import g, request

from carekg import errors
from carekg.accounts import roles, tokens
from carekg.accounts.roles import RIGHTS, Role, Who
from carekg.accounts.users import User
from carekg.web import formats, site
from carekg.web.accounts import sessions


def writer() -> str:
    """Give the name of who may commit a change; the body of the request may then be as large as an upload.

    :raises ReadOnly: the server has no tokens and no users.
    :raises Unauthorized: the request has no token and no session, or a token that is not known.
    :raises RoleNeeded: the role of who asks is none that commits.
    :raises Forged: a session's request does not come from a form of this server.
    """
    return may("commit").name


def may(right: str) -> Who:
    """Give who asks, where they have one of the rights in :data:`carekg.accounts.roles.RIGHTS`; see `writer`."""
    wanted = RIGHTS[right]
    return _asks(wanted.role, f"To {wanted.words.partition(',')[0]}", wanted.instead)


def need(role: Role | str) -> str:
    """Give the name of who asks, where they have a role or one above it; see `writer` for the errors."""
    return _asks(Role(role), "For this", "").name


def session() -> User:
    """Give the user who is logged in with a browser; see `writer` for the errors.

    :raises NotLoggedIn: nobody is.
    """
    user = sessions.user()
    if user is None:
        raise errors.NotLoggedIn()
    if request.method not in sessions.SAFE:
        sessions.refuse_forged()
    g.writer = user.name
    return user


def known() -> Who | None:
    """Give who asks, where that is known, whether or not the request may do something for them."""
    sent = request.headers.get("Authorization")
    if sent is None:
        user = sessions.user()
        return user.who if user else None
    with contextlib.suppress(errors.Refused):
        return tokens.Keeper(site.settings()).who(sent)
    return None


def widen() -> None:
    """Let the body of a request be as large as an upload where somebody sends it who may write."""
    who = known()
    if who and who.may("draft"):
        request.max_content_length = request.max_form_memory_size = site.settings().upload_mb * 2**20


def is_open() -> bool:
    """Say whether anybody may write at all."""
    return is_plain() or tokens.Keeper(site.settings()).is_open()


def is_plain() -> bool:
    """Say whether this is a plain SPARQL server, of an empty folder."""
    manifest = site.asker().graph.manifest()
    return manifest is not None and manifest.plain


def _asks(role: Role, what: str, instead: str) -> Who:
    """Give who asks where their role covers another, and note it for the access log."""
    sent = request.headers.get("Authorization")
    is_person = sent is None and (sessions.user() or (formats.prefers_html() and sessions.has_users()))
    who = session().who if is_person else tokens.Keeper(site.settings()).who(sent)
    roles.refuse_without(who, role, what, instead)
    widen()
    g.writer = who.name
    return who
