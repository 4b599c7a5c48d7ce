"""Passwords at rest: Argon2id, with a salt of its own for each, by argon2-cffi and its parameters (RFC 9106, 4).

What people choose can be guessed, so that a guess has to cost time and memory. Argon2 is what OWASP asks for first;
bcrypt reads 72 bytes only, and scrypt, which Werkzeug has, gives way sooner to machines made for guessing.
"""

from __future__ import annotations

import unicodedata
from typing import Final

import argon2

from carekg import errors

HASHER: Final = argon2.PasswordHasher()

NOBODYS: Final = "$argon2id$v=19$m=65536,t=3,p=4$bm9ib2R5cy1zYWx0LS0tLQ$JF8mRnwKmU3Y6T0eDnbNQpF5mN0m5o8u6bQkW1f2GXY"
"""No password's hash: to hold one against it takes as long as against that of a user."""

SHORTEST: Final = 12
LONGEST: Final = 1000
"""Characters of a password; hashing a longer one would cost those who did not send it."""

DIFFERENT: Final = 5
"""Different characters that a password has at least."""


def refuse_weak(password: str, name: str) -> None:
    """Let a user's password pass that nobody guesses at once.

    :raises BadInput: it is too short, too long, or guessed at once.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise errors.BadInput(f"The password has {len(password):,} characters; it takes {SHORTEST} to {LONGEST:,}. "
                              "Four or five words do well.")
    if len(set(password)) < DIFFERENT or name.lower() in (password.lower(), password[:len(password) // 2].lower()):
        raise errors.BadInput("The password is guessed at once: it repeats a few characters, or the name of its user. "
                              "Four or five words do well.")


def hashed(password: str) -> str:
    """Give the hash under which a password is kept."""
    return HASHER.hash(_bytes(password))


def fits(password: str, kept: str | None) -> bool:
    """Say whether a password is that of a hash, in the same time for nobody's as for a user's."""
    try:
        return HASHER.verify(kept or NOBODYS, _bytes(password) if len(password) <= LONGEST else b"") and bool(kept)
    except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Say whether a hash was made with weaker parameters than those of today."""
    return HASHER.check_needs_rehash(kept)


def _bytes(password: str) -> bytes:
    """Give a password as it is hashed: the same one, whatever keyboard has composed its letters (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
