"""Plans that users keep: listed, opened with what has changed since, renamed, renewed and deleted.

Whoever has the address of a kept plan may read it: nobody can guess it. All else takes its owner.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from carekg import errors, plans
from carekg.accounts.users import User
from carekg.plans import kept
from carekg.web import site
from carekg.web.accounts import sessions
from carekg.web.plans.pages import blueprint, graph, made, refuse, result
from carekg.web.protocol import permission


@blueprint.get("/plans")
def listing() -> str:
    """List the plans that whoever is logged in keeps."""
    user = permission.session()
    return render_template("plans/kept.html", plans=_plans().listed(user.name), now=graph(), user=user)


@blueprint.post("/plans")
def keep() -> AnyResponse:
    """Keep the plan at an address under a name, for whoever is logged in."""
    user = permission.session()
    told, problems = _read(request.form.get("plan", ""))
    refuse(told, problems)
    one = _plans().save(user.name, request.form.get("name", ""), request.form.get("plan", ""), graph(),
                        kept.said(made(told).sections))
    return redirect(url_for(".opened", name=one), 303)


@blueprint.get("/plans/<name>")
def opened(name: str) -> AnyResponse | str:
    """Give a kept plan as it is now, with what differs from the day when it was kept."""
    one = _plans().plan(name)
    told, problems = _read(one.address)
    found = made(replace(told, title=told.title or one.name))
    user = sessions.shown()
    return result(found, kept=one, is_own=user is not None and user.name == one.owner, gone=problems,
                  changes=kept.changes(one.said, found.sections), is_same=one.graph == graph())


@blueprint.post("/plans/<name>/rename")
def rename(name: str) -> AnyResponse:
    """Give one's own plan another name."""
    _plans().rename(name, _user().name, request.form.get("name", ""))
    return redirect(url_for(".listing"), 303)


@blueprint.post("/plans/<name>/renew")
def renew(name: str) -> AnyResponse:
    """Keep one's own plan as it is now, so that what differs is told from today on."""
    user, one = _user(), _plans().plan(name)
    if one.owner != user.name:
        raise errors.NoPlan
    _plans().renew(name, user.name, graph(), kept.said(made(_read(one.address)[0]).sections))
    return redirect(url_for(".opened", name=name), 303)


@blueprint.post("/plans/<name>/delete")
def delete(name: str) -> AnyResponse:
    """Forget one's own plan."""
    _plans().delete(name, _user().name)
    return redirect(url_for(".listing"), 303)


def _plans() -> kept.Plans:
    return kept.Plans(site.asker().graph.history.path)


def _user() -> User:
    return permission.session()


def _read(address: str) -> tuple[plans.Description, list[plans.Problem]]:
    """Give the description of an address that was kept, and what in it is not there any more, which is left out.

    :raises BadInput: it has more fields than any description.
    """
    try:
        return plans.read(site.asker(), parse_qs(address[:kept.ADDRESS + 1], max_num_fields=500))
    except ValueError:
        raise errors.BadInput("The address of this plan has more than 500 fields; describe less.") from None
