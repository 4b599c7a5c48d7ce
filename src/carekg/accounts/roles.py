"""What each role may do: one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from carekg import errors


class Role(StrEnum):
    """What somebody may do; each role may do all that those before it may."""

    READER = "reader"
    CONTRIBUTOR = "contributor"
    STEWARD = "steward"
    ADMIN = "admin"

    def covers(self, other: Role) -> bool:
        """Say whether this role may do all that another may."""
        return ORDER.index(self) >= ORDER.index(other)


ORDER: Final = tuple(Role)


class Right(NamedTuple):
    """Something that one may do: from which role on, in words that follow "may", and what others can do instead."""

    role: Role
    words: str
    instead: str = ""


RIGHTS: Final[Mapping[str, Right]] = {
    "see": Right(Role.READER, "see the list of drafts, and what is said of each"),
    "draft": Right(Role.CONTRIBUTOR, "save changes as drafts, revise and withdraw their own"),
    "comment": Right(Role.CONTRIBUTOR, "comment on drafts"),
    "commit": Right(Role.STEWARD, "commit changes", "a contributor can save the change as a draft"),
    "approve": Right(Role.STEWARD, "approve the drafts of others, which commits them", "you can comment on the draft"),
    "withdraw": Right(Role.ADMIN, "withdraw the drafts of others"),
    "users": Right(Role.ADMIN, "see all users and give them roles"),
}
"""What takes a role, by a short name. Reading the graph takes none."""


@dataclass(frozen=True)
class Who:
    """Somebody who is known: by which name changes are theirs, with which role, under which name they are shown."""

    name: str
    role: Role
    shown: str = ""

    def may(self, what: str) -> bool:
        """Say whether they have one of the rights."""
        return self.role.covers(RIGHTS[what].role)


def refuse_without(who: Who, needed: Role, what: str = "For this", instead: str = "") -> None:
    """Let somebody pass whose role covers another.

    :raises RoleNeeded: it does not.
    """
    if not who.role.covers(needed):
        raise errors.RoleNeeded(needed, who.role, who.name, what, instead)


def role(text: str) -> Role:
    """Give the role of that name.

    :raises BadValue: there is none.
    """
    try:
        return Role(text.strip().lower())
    except ValueError:
        raise errors.BadValue(text, f"a role: {', '.join(ORDER[:-1])} or {ORDER[-1]}") from None
