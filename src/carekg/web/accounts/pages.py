"""The pages for users: logging in and out, one's own account, and for admins the list of all."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from carekg import errors
from carekg.accounts.roles import ORDER, RIGHTS
from carekg.accounts.users import User, Users
from carekg.drafts import Drafts
from carekg.store import Entry
from carekg.web import formats, site
from carekg.web.accounts import sessions
from carekg.web.accounts.door import door
from carekg.web.protocol import permission

blueprint = Blueprint("accounts", __name__)

BACK: Final = 1000
"""Changes that are looked through for somebody's own."""

LONGEST: Final = 2000
"""Characters of an address to which one comes back."""


@blueprint.get("/login")
def login() -> str:
    """Give the form with which a user logs in."""
    _refuse_without_users()
    return render_template("login.html", field=sessions.any_field(), next=local(request.args.get("next", "")))


@blueprint.post("/login")
def entered() -> AnyResponse | tuple[str, int]:
    """Log a user in, and lead to where they came from."""
    _refuse_without_users()
    sessions.refuse_forged()
    wanted, name = local(request.form.get("next", "")), request.form.get("name", "").strip()
    try:
        found = door().let_in(_users(), name, request.form.get("password", ""), site.client())
    except (errors.BadLogin, errors.LoginsTooOften) as error:
        page = render_template("login.html", field=sessions.any_field(), next=wanted, problem=str(error), name=name)
        return page, error.http_status
    sessions.begin(found)
    return redirect(wanted or url_for("accounts.account"), 303)


@blueprint.post("/logout")
def logout() -> AnyResponse:
    """Log out whoever is logged in."""
    if sessions.user():
        sessions.refuse_forged()
        sessions.end()
    return redirect("/", 303)


@blueprint.get("/account")
def account() -> str:
    """Show users what they may do, their drafts and their changes."""
    return _account(permission.session())


@blueprint.post("/account/password")
def password() -> AnyResponse | tuple[str, int]:
    """Give somebody who is logged in another password, and log them out everywhere else."""
    user = permission.session()
    old, new, again = (request.form.get(name, "") for name in ("old", "new", "again"))
    try:
        if new != again:
            raise errors.BadInput("The new password was typed in two ways; type it twice alike.")
        door().let_in(_users(), user.name, old, site.client())
        sessions.begin(_users().change_password(user.name, new))
    except errors.BadLogin:
        return _account(user, "The password that you have now was not right; nothing was changed."), 403
    except (errors.BadInput, errors.LoginsTooOften) as error:
        return _account(user, str(error)), error.http_status
    return redirect(url_for("accounts.account", done="password"), 303)


@blueprint.post("/account/sessions")
def elsewhere() -> AnyResponse:
    """Log somebody out wherever else they are logged in."""
    sessions.begin(_users().end_sessions(permission.session().name))
    return redirect(url_for("accounts.account", done="sessions"), 303)


@blueprint.get("/users")
def users() -> str:
    """Show an admin who has an account, with which role."""
    permission.may("users")
    return render_template("users.html", users=_users().all(), roles=ORDER, rights=RIGHTS.values())


@blueprint.post("/users/<name>/role")
def give(name: str) -> AnyResponse:
    """Give a user another role, which logs them out."""
    if permission.may("users").name == name:
        raise errors.BadInput("Nobody changes their own role here: ask another admin, or whoever runs the server.")
    _users().give(name, request.form.get("role", ""))
    return redirect(url_for("accounts.users"), 303)


def local(address: str) -> str:
    """Give an address where it is one of this server, as a path; else nothing.

    Browsers read a backslash as a slash, and leave out signs that are not printed: neither stands in ours.
    """
    found = urlsplit(address) if len(address) <= LONGEST and address.isprintable() else None
    is_path = found and address.startswith("/") and not address.startswith("//") and "\\" not in address
    return address if found and is_path and not found.scheme and not found.netloc else ""


def instead() -> AnyResponse | None:
    """Lead somebody to the login page who asks for a page that takes one; None for everybody else."""
    is_page = request.method in ("GET", "HEAD") and formats.prefers_html() and "Authorization" not in request.headers
    if not is_page or not sessions.has_users():
        return None
    return redirect(url_for("accounts.login", next=request.full_path.rstrip("?")), 303)


def _refuse_without_users() -> None:
    if not sessions.has_users():
        raise errors.Refused("Nobody can log in here, for there are no users; whoever runs this server adds them with "
                             "`carekg user add NAME`.")


def _users() -> Users:
    return Users(site.settings())


def _account(user: User, problem: str = "") -> str:
    """Give the page of an account; of a graph that another service keeps, without drafts and changes."""
    graph = site.asker().graph
    mine = [] if graph.history.path is None else Drafts(graph, None).listed(author=user.name)
    changes: list[Entry] = [one for one in graph.history.entries(most=BACK) if one.about.who == user.name]
    return render_template("account.html", user=user, rights=RIGHTS.values(), drafts=mine, changes=changes,
                           problem=problem, done=request.args.get("done", ""), back=BACK)
