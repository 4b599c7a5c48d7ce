"""Who is logged in with a browser: a signed cookie with a name, good while that user's password and role stay the same.

A browser sends its cookie with whatever another site makes it send, so that a form that writes also carries a token
that only a page of this server has (`refuse_forged`). Pages of somebody who is logged in are nobody else's; for
everybody else no cookie is set, and pages and data stay as they are.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
from datetime import timedelta
from typing import Any, Final

from flask import Flask, Request, Response, current_app, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf, validate_csrf
from itsdangerous import URLSafeTimedSerializer
from markupsafe import Markup
from wtforms import ValidationError

from carekg import errors
from carekg.accounts import signing
from carekg.accounts.users import User, Users
from carekg.web import site

COOKIE: Final = "carekg"
FIELD: Final = "csrf_token"
"""The name of the hidden field, and of what it is held against in the session."""

HEADER: Final = "X-CSRFToken"
"""Where a script puts the token that a form has in its field."""

SAFE: Final = ("GET", "HEAD", "OPTIONS")
OURS: Final = ("same-origin", "none")
"""What browsers say of a request that comes from a page of this server, or from nowhere (Fetch Metadata)."""


class Signed(SecureCookieSessionInterface):
    """Sessions in a cookie that is signed with SHA-256; the key is looked for only where there is a cookie."""

    digest_method = staticmethod(hashlib.sha256)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer:
        """Give what signs and reads cookies."""
        return URLSafeTimedSerializer(_key(app), salt=self.salt, serializer=self.serializer, signer_kwargs={
            "key_derivation": self.key_derivation, "digest_method": self.digest_method})

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Give the session of a cookie; an empty one where there is none, or it is not ours or too old."""
        if COOKIE in request.cookies:
            with contextlib.suppress(errors.StoreError):  # a key that cannot be read is told to whoever logs in
                return super().open_session(app, request)
        return self.session_class()

    def get_cookie_secure(self, app: Flask) -> bool:
        """Say whether a browser is to send the cookie over https only."""
        found: site.Site = app.extensions[site.KEY]
        return request.is_secure or found.settings.public_url.startswith("https:")


def install(app: Flask, hours: int) -> None:
    """Have an application know who is logged in, and templates show it."""
    app.session_interface = Signed()
    app.config.update(SESSION_COOKIE_NAME=COOKIE, SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax",
                      SESSION_REFRESH_EACH_REQUEST=False, PERMANENT_SESSION_LIFETIME=timedelta(hours=hours),
                      WTF_CSRF_TIME_LIMIT=None)  # what somebody types for an hour is not to be lost
    app.jinja_env.globals.update(csrf_field=field, logged_in=shown, has_users=has_users)
    app.after_request(_apart)


# --- who ------------------------------------------------------------------------------------------------------------


def user() -> User | None:
    """Give who is logged in; None where nobody is, or their password or role has changed since, or they were removed.

    :raises StoreError: the file of users is not to be trusted.
    """
    if "user" not in g:
        g.user = _user()
    found: User | None = g.user
    return found


def _user() -> User | None:
    if COOKIE not in request.cookies:
        return None
    name, stamp = session.get("user"), session.get("stamp")
    if not isinstance(name, str) or not isinstance(stamp, str):
        return None
    found = Users(site.settings()).find(name)
    return found if found and hmac.compare_digest(found.stamp, stamp) else None


def shown() -> User | None:
    """Give who is logged in, for a page that comes in any case."""
    with contextlib.suppress(errors.StoreError):
        return user()
    return None


def has_users() -> bool:
    """Say whether anybody could log in."""
    return site.settings().users_file.exists()


def begin(one: User) -> None:
    """Log somebody in, and let nothing of a session before this one stay."""
    session.clear()
    session.permanent = True
    # Forms that were open when a session ended are good in the next one: what was typed is not lost.
    ours = hmac.new(_key(current_app).encode(), f"forms {one.name} {one.stamp}".encode(), hashlib.sha256).hexdigest()
    session.update({"user": one.name, "stamp": one.stamp, FIELD: ours})
    g.user = one


def end() -> None:
    """Log out."""
    session.clear()
    g.user = None


# --- forms ----------------------------------------------------------------------------------------------------------


def field() -> Markup:
    """Give the hidden field of a form that writes, for templates: ``{{ csrf_field() }}``; nothing for the anonymous."""
    return any_field() if shown() else Markup()


def any_field() -> Markup:
    """Give the hidden field also to the anonymous, who get a cookie by it: the form by which one logs in needs it."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, generate_csrf(_key(current_app)))


def refuse_forged() -> None:
    """Let a request pass that comes from a form of this server, in the session in which the form was given.

    :raises Forged: it does not.
    """
    if request.headers.get("Sec-Fetch-Site", OURS[0]) not in OURS:
        raise errors.Forged("your browser says that it comes from another site")
    try:
        validate_csrf(request.form.get(FIELD) or request.headers.get(HEADER), _key(current_app))
    except ValidationError as error:
        raise errors.Forged(str(error).rstrip(".")) from None


def _key(app: Flask) -> str:
    found: site.Site = app.extensions[site.KEY]
    return signing.key(found.settings)


# --- caches ---------------------------------------------------------------------------------------------------------


def _apart(response: Response) -> Response:
    """Keep answers to somebody who is logged in from caches, and from those who come after them at the same browser."""
    known: Any = g.get("user")
    if response.mimetype == "text/html" or known:
        response.vary.add("Cookie")
    if known:
        response.headers["Cache-Control"] = "private, no-store"
    return response
