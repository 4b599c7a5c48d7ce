"""The users of a server: by name, with the name that others see, a role and a password's hash."""

from __future__ import annotations

import contextlib
import json
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Final

from carekg import errors
from carekg.accounts import passwords
from carekg.accounts.kept import NAME, Kept
from carekg.accounts.roles import Role, Who, role
from carekg.settings import Settings

SHOWN: Final = 100
"""Characters that a shown name may have."""


@dataclass(frozen=True)
class User:
    """What is kept of a user; ``stamp`` is made anew with a password or a role, and ends the sessions before it."""

    name: str
    shown: str
    role: Role
    password: str
    stamp: str
    made: str

    @property
    def who(self) -> Who:
        """Give who they are to whatever asks for a role."""
        return Who(self.name, self.role, self.shown)


class Users:
    """The users of a server, read anew each time: who was removed is so at once."""

    def __init__(self, settings: Settings) -> None:
        self.path = settings.users_file
        self._file = Kept(self.path, "users", "look through `carekg user list`")

    def all(self) -> list[User]:
        """Give the users; where there is no file, there are none.

        :raises StoreError: the file is not what this module writes, or others may write it.
        """
        text = self._file.read()
        try:
            return [User(str(one["name"]), str(one["shown"]), Role(one["role"]), str(one["password"]),
                         str(one["stamp"]), str(one["made"])) for one in json.loads(b"[]" if text is None else text)]
        except (ValueError, TypeError, KeyError, AttributeError):
            raise errors.StoreError(f"{self.path} is not a file of users; bring back a copy, or remove it and make "
                                    "them anew with `carekg user add NAME`.") from None

    def find(self, name: str) -> User | None:
        """Give the user of that name."""
        return next((one for one in self.all() if one.name == name), None)

    def let_in(self, name: str, password: str) -> User:
        """Give the user whose name and password these are, in the same time whether there is one of that name or not.

        :raises BadLogin: there is none.
        """
        found = self.find(name)
        if not passwords.fits(password, found.password if found else None) or found is None:
            raise errors.BadLogin()
        if passwords.is_outdated(found.password):
            with self._changing(name) as kept:
                kept[name] = replace(kept[name], password=passwords.hashed(password))
        return found

    def refuse_name(self, name: str) -> None:
        """Let a name pass that a new user may have.

        :raises BadValue: it is none.
        :raises BadInput: there is a user of that name.
        """
        if not NAME.fullmatch(name):
            raise errors.BadValue(name, "a name of a user: up to 64 letters, digits, dots, hyphens and underscores")
        if self.find(name):
            raise errors.BadInput(f"There is a user `{name}` already; choose another name.")

    def refuse_unknown(self, name: str) -> None:
        """Let the name of a user pass.

        :raises BadInput: there is no user of that name.
        """
        known = [one.name for one in self.all()]
        if name not in known:
            names = ", ".join(f"`{one}`" for one in known) or "none"
            raise errors.BadInput(f"There is no user `{name}` in {self.path}; there are {names}.")

    # --- written ------------------------------------------------------------------------------------------------

    def add(self, name: str, password: str, given: str = Role.READER, shown: str = "") -> User:
        """Add a user.

        :raises BadValue: the name, the role or the shown name is not one.
        :raises BadInput: there is one of that name, or the password will not do.
        """
        self.refuse_name(name)
        passwords.refuse_weak(password, name)
        made = User(name, _shown(shown or name), role(given), passwords.hashed(password), _stamp(),
                    datetime.now(UTC).date().isoformat())
        with self._changing() as kept:
            if name in kept:
                raise errors.BadInput(f"There is a user `{name}` already; choose another name.")
            kept[name] = made
        return made

    def give(self, name: str, given: str) -> User:
        """Give a user another role; who is logged in as them is so no more.

        :raises BadInput: there is no such user or role.
        """
        wanted = role(given)
        with self._changing(name) as kept:
            kept[name] = replace(kept[name], role=wanted, stamp=_stamp())
            return kept[name]

    def change_password(self, name: str, password: str) -> User:
        """Give a user another password; who is logged in as them is so no more.

        :raises BadInput: there is no such user, or the password will not do.
        """
        passwords.refuse_weak(password, name)
        made = passwords.hashed(password)
        with self._changing(name) as kept:
            kept[name] = replace(kept[name], password=made, stamp=_stamp())
            return kept[name]

    def end_sessions(self, name: str) -> User:
        """Log a user out wherever they are logged in."""
        with self._changing(name) as kept:
            kept[name] = replace(kept[name], stamp=_stamp())
            return kept[name]

    def remove(self, name: str) -> None:
        """Forget a user: they log in no more, and their tokens open nothing.

        :raises BadInput: there is none of that name.
        """
        with self._changing(name) as kept:
            del kept[name]

    @contextlib.contextmanager
    def _changing(self, name: str = "") -> Iterator[dict[str, User]]:
        """Give the users by name to be changed, and write them whole.

        :raises BadInput: there is none of that name.
        """
        with self._file.changing():
            if name:
                self.refuse_unknown(name)
            kept = {one.name: one for one in self.all()}
            yield kept
            self._file.write(json.dumps([asdict(one) for one in kept.values()], indent=2, ensure_ascii=False) + "\n")


def _stamp() -> str:
    return secrets.token_hex(8)


def _shown(text: str) -> str:
    """Give a name as others see it.

    :raises BadValue: it is too long, or has what nobody sees.
    """
    found = " ".join(text.split(" ")).strip()
    if not found or len(found) > SHOWN or any(unicodedata.category(one)[0] in "CZ" and one != " " for one in found):
        raise errors.BadValue(text, f"a name to be shown: one line of up to {SHOWN} characters that can be seen")
    return found
