"""Who may write: tokens by name, kept as hashes in a file that only its owner reads.

A token is 256 random bits, so one SHA-256 is enough at rest: a slow hash protects what people can guess, and nobody
guesses 256 bits. The token itself is shown once, when it is made, and stands in no file, log or error.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import hmac
import json
import os
import re
import secrets
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from carekg import errors
from carekg.settings import Settings

FROM_ENVIRONMENT: Final = "CAREKG_TOKEN"
"""The name that the token from the environment has."""

BITS: Final = 256
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
CREDENTIALS: Final = re.compile(r"bearer +([A-Za-z0-9._~+/-]+=*) *", re.IGNORECASE)
"""RFC 6750, 2.1; the name of a scheme is read in any case (RFC 9110, 11.1)."""


@dataclass(frozen=True)
class Token:
    """What is kept of a token: its name, its hash in hexadecimal, and the day it was made."""

    name: str
    sha256: str
    made: str


class Keeper:
    """The tokens of a server, read anew each time: whom `carekg token remove` removed can write no more."""

    def __init__(self, settings: Settings) -> None:
        self.path = settings.tokens_file
        self._environment = hashed(settings.token) if settings.token else ""

    def holder(self, authorization: str | None) -> str:
        """Give the name of the token in an ``Authorization`` header.

        :raises ReadOnly: this server has no tokens, so that nobody writes.
        :raises Unauthorized: the header is missing, is not of the Bearer scheme, or its token is not known.
        """
        known = self._known()
        if not known:
            raise errors.ReadOnly()
        if not authorization:
            raise errors.Unauthorized("needs a token")
        given = CREDENTIALS.fullmatch(authorization.strip())
        if given is None:
            raise errors.Unauthorized("needs a token in the Bearer scheme, and the header has another")
        digest = hashed(given[1])
        # Every hash is compared, and each in constant time: how long it takes says nothing of any of them.
        found = [name for name, kept in known if hmac.compare_digest(digest, kept)]
        if not found:
            raise errors.Unauthorized("has a token that is not known here", wrong=True)
        return found[0]

    def is_open(self) -> bool:
        """Say whether anybody may write at all."""
        return bool(self._known())

    def _known(self) -> list[tuple[str, str]]:
        kept = [(one.name, one.sha256) for one in tokens(self.path)]
        return [(FROM_ENVIRONMENT, self._environment), *kept] if self._environment else kept


def hashed(token: str) -> str:
    """Give the hash under which a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def tokens(path: Path) -> list[Token]:
    """Give the tokens of a file; where there is none, there are none.

    :raises StoreError: the file is not what this module writes, or others may write it.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise errors.StoreError(f"The tokens in {path} cannot be read: {error.strerror}.") from None
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise errors.StoreError(f"The tokens in {path} can be changed by others, so none is trusted; "
                                f"run `chmod 600 {path}`, then look through `carekg token list`.")
    try:
        return [Token(str(one["name"]), str(one["sha256"]), str(one["made"])) for one in json.loads(text)]
    except (ValueError, TypeError, KeyError):
        raise errors.StoreError(f"{path} is not a file of tokens; remove it and make them anew with "
                                "`carekg token add NAME`.") from None


def add(path: Path, name: str) -> str:
    """Make a token, keep its hash under a name, and give the token: nobody can show it again.

    :raises BadValue: the name is not one.
    :raises BadInput: a token has that name.
    """
    if not NAME.fullmatch(name):
        raise errors.BadValue(name, "a name of a token: up to 64 letters, digits, dots, hyphens and underscores")
    token = secrets.token_urlsafe(BITS // 8)
    with _changing(path) as kept:
        if any(one.name == name for one in kept):
            raise errors.BadInput(f"There is a token `{name}` already; remove it first, or choose another name.")
        kept.append(Token(name, hashed(token), datetime.now(UTC).date().isoformat()))
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


@contextlib.contextmanager
def _changing(path: Path) -> Iterator[list[Token]]:
    """Give the tokens to be changed and write them whole, while no other process does the same."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _locked(path.parent):
            kept = tokens(path)
            yield kept
            _write(path, json.dumps([asdict(one) for one in kept], indent=2) + "\n")
    except OSError as error:
        raise errors.StoreError(f"The tokens in {path} cannot be written: {error.strerror}.") from None


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write(path: Path, text: str) -> None:
    """Put a text in place of a file, all or nothing; a draft of `mkstemp` is its owner's alone (mode 600)."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise
