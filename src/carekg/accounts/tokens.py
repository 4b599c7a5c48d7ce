"""The tokens of programs that write: by name, kept as hashes in a file that only its owner reads.

A token is 256 random bits, so one SHA-256 is enough at rest: a slow hash protects what people can guess, and nobody
guesses 256 bits. The token itself is shown once, when it is made, and stands in no file, log or error.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from carekg import errors
from carekg.accounts.kept import NAME, Kept
from carekg.accounts.roles import Role, Who, role
from carekg.accounts.users import Users
from carekg.settings import Settings

FROM_ENVIRONMENT: Final = "CAREKG_TOKEN"
"""The name that the token from the environment has."""

BITS: Final = 256
CREDENTIALS: Final = re.compile(r"bearer +([A-Za-z0-9._~+/-]+=*) *", re.IGNORECASE)
"""RFC 6750, 2.1; the name of a scheme is read in any case (RFC 9110, 11.1)."""


@dataclass(frozen=True)
class Token:
    """What is kept of a token: its name, its hash in hexadecimal, the day it was made, what may be done with it.

    Where it belongs to a ``user``, it does what they do, in their name, and never more than they may.
    """

    name: str
    sha256: str
    made: str
    role: Role = Role.STEWARD
    user: str = ""


class Keeper:
    """The tokens of a server, read anew each time: whom `carekg token remove` removed can write no more."""

    def __init__(self, settings: Settings) -> None:
        self.path = settings.tokens_file
        self._environment = hashed(settings.token) if settings.token else ""
        self._users = Users(settings)

    def holder(self, authorization: str | None) -> str:
        """Give the name of the token in an ``Authorization`` header; see `who` for the errors."""
        return self._found(authorization).name

    def who(self, authorization: str | None) -> Who:
        """Give who sends an ``Authorization`` header.

        :raises ReadOnly: this server has no tokens and no users, so that nobody writes.
        :raises Unauthorized: the header is missing, is not of the Bearer scheme, or its token is not known.
        """
        found = self._found(authorization)
        if not found.user:
            return Who(found.name, found.role, found.name)
        user = self._users.find(found.user)
        if user is None:
            raise errors.Unauthorized("has a token of a user who was removed", wrong=True)
        return Who(user.name, min(found.role, user.role, key=list(Role).index), user.shown)

    def is_open(self) -> bool:
        """Say whether anybody may write at all."""
        return bool(self._known() or self._users.all())

    def _found(self, authorization: str | None) -> Token:
        known = self._known()
        if not known and not self.is_open():
            raise errors.ReadOnly()
        if not authorization:
            raise errors.Unauthorized("needs a token")
        given = CREDENTIALS.fullmatch(authorization.strip())
        if given is None:
            raise errors.Unauthorized("needs a token in the Bearer scheme, and the header has another")
        digest = hashed(given[1])
        # Every hash is compared, and each in constant time: how long it takes says nothing of any of them.
        found = [one for one in known if hmac.compare_digest(digest, one.sha256)]
        if not found:
            raise errors.Unauthorized("has a token that is not known here", wrong=True)
        return found[0]

    def _known(self) -> list[Token]:
        kept = tokens(self.path)
        return [Token(FROM_ENVIRONMENT, self._environment, ""), *kept] if self._environment else kept


def hashed(token: str) -> str:
    """Give the hash under which a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def tokens(path: Path) -> list[Token]:
    """Give the tokens of a file; where there is none, there are none.

    :raises StoreError: the file is not what this module writes, or others may write it.
    """
    text = _file(path).read()
    try:
        return [Token(str(one["name"]), str(one["sha256"]), str(one["made"]), Role(one.get("role", Role.STEWARD)),
                      str(one.get("user", ""))) for one in json.loads(b"[]" if text is None else text)]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise errors.StoreError(f"{path} is not a file of tokens; remove it and make them anew with "
                                "`carekg token add NAME`.") from None


def add(path: Path, name: str, given: str = Role.STEWARD, user: str = "") -> str:
    """Make a token, keep its hash under a name, and give the token: nobody can show it again.

    :param user: the user to whom it belongs, where it belongs to one.
    :raises BadValue: the name or the role is not one.
    :raises BadInput: a token has that name.
    """
    if not NAME.fullmatch(name):
        raise errors.BadValue(name, "a name of a token: up to 64 letters, digits, dots, hyphens and underscores")
    token, wanted = secrets.token_urlsafe(BITS // 8), role(given)
    with _changing(path) as kept:
        if any(one.name == name for one in kept):
            raise errors.BadInput(f"There is a token `{name}` already; remove it first, or choose another name.")
        kept.append(Token(name, hashed(token), datetime.now(UTC).date().isoformat(), wanted, user))
    return token


def remove(path: Path, name: str) -> None:
    """Forget a token: from now on nobody writes with it.

    :raises BadInput: there is none of that name.
    """
    with _changing(path) as kept:
        left = [one for one in kept if one.name != name]
        if len(left) == len(kept):
            names = ", ".join(f"`{one.name}`" for one in kept) or "none"
            raise errors.BadInput(f"There is no token `{name}` in {path}; there are {names}.")
        kept[:] = left


def _file(path: Path) -> Kept:
    return Kept(path, "tokens", "look through `carekg token list`")


@contextlib.contextmanager
def _changing(path: Path) -> Iterator[list[Token]]:
    """Give the tokens to be changed and write them whole, while no other process does the same."""
    file = _file(path)
    with file.changing():
        kept = tokens(path)
        yield kept
        file.write(json.dumps([asdict(one) for one in kept], indent=2) + "\n")
