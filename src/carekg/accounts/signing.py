"""The key by which sessions are signed: from the settings, else made once and kept in a file beside the users."""

from __future__ import annotations

import secrets
from typing import Final

from carekg import errors
from carekg.accounts.kept import OTHERS_READ, OTHERS_WRITE, Kept
from carekg.settings import Settings

BYTES: Final = 32
SHORTEST: Final = 20


def key(settings: Settings) -> str:
    """Give the key, made now where there is none yet; whoever knows it can log in as anybody.

    :raises StoreError: its file is broken, cannot be written, or can be read by others.
    """
    if settings.secret:
        return settings.secret
    file = Kept(settings.secret_file, "key of sessions", "remove it, so that a new one is made",
                refused=OTHERS_READ | OTHERS_WRITE)
    if (found := file.read()) is None:
        with file.changing():
            if (found := file.read()) is None:
                found = secrets.token_hex(BYTES).encode()
                file.write(found.decode())
    if len(found) < SHORTEST:
        raise errors.StoreError(f"{file.path} holds no key of sessions; remove it, so that a new one is made.")
    return found.decode("ascii", "replace").strip()
