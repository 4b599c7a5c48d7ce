"""Who asks may not do this, or not to this draft: the sentence says who may."""

from __future__ import annotations

from carekg.errors.inputs import BadInput
from carekg.errors.refusals import Refused, TooOften, Unauthorized


class RoleNeeded(Refused):
    """Somebody who is known asks for what takes another role."""

    def __init__(self, needed: str, has: str, who: str, what: str = "For this", instead: str = "") -> None:
        self.needed, self.has, self.who = needed, has, who
        other = f" Nothing was changed; {instead}." if instead else ""
        super().__init__(f"{what}, the role {needed} is needed, and {who} has the role {has}; for another, "
                         f"ask whoever runs this server.{other}")


class BadLogin(Refused):
    """A name and a password are not those of a user; it is not said which of them is wrong."""

    http_status = 401

    def __init__(self) -> None:
        super().__init__("There is no user with that name and that password; look at both, and try again.")


class NotLoggedIn(Unauthorized):
    """A browser asks for what takes somebody who is logged in, and nobody is, or no longer."""

    def __init__(self) -> None:
        super().__init__("needs a user")
        self.args = ("You are not logged in, or no longer; nothing was done. Log in at /login.",)


class LoginsTooOften(TooOften):
    """A password was tried too often, by one client or for one name."""

    def __init__(self, limit: str, seconds: int) -> None:
        super().__init__(limit, seconds)
        self.args = (f"This was tried as often as is taken ({limit}); try again in {seconds} s.",)


class Forged(Refused):
    """A form that writes was not sent from a page of this server that its sender was looking at."""

    http_status = 400

    def __init__(self, why: str) -> None:
        super().__init__(f"Nothing was done, for the form is not from a page that you were given here ({why}). Load "
                         "the page again and send it from there; a program sends a token instead of logging in.")


class NotYours(Refused):
    """A draft is somebody else's."""

    def __init__(self, what: str, author: str) -> None:
        self.author = author
        super().__init__(f"Only its author, {author}, may {what} this draft; you can comment on it.")


class OwnDraft(Refused):
    """An author would approve of their own draft."""

    def __init__(self) -> None:
        super().__init__("A draft is approved by another steward than its author, and you are its author; send its "
                         "address to somebody else.")


class Closed(BadInput):
    """A draft was committed or withdrawn already."""

    http_status = 409

    def __init__(self, how: str) -> None:
        super().__init__(f"Nothing was done: the draft is no longer open, it was {how}.")


class NoDraft(BadInput):
    """No draft has this address."""

    http_status = 404

    def __init__(self) -> None:
        super().__init__("There is no draft at this address; who logs in finds the addresses of all drafts at /drafts.")


class NoPlan(BadInput):
    """No plan is kept at this address."""

    http_status = 404

    def __init__(self) -> None:
        super().__init__("No plan is kept at this address, or no longer; who logs in finds their own at /plans, and a "
                         "new one is made at /plan.")
