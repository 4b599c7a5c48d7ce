"""A store cannot be read or written."""

from __future__ import annotations

from carekg.errors.base import CarekgError


class StoreError(CarekgError):
    """A store cannot be reached, read or written."""

    exit_code = 4
    http_status = 503


class Busy(StoreError):
    """Every reader is at work, and stayed so."""

    def __init__(self, readers: int) -> None:
        super().__init__(f"All {readers} readers are busy with long queries; try again shortly.")


class Swept(StoreError):
    """A file of a store on disk went when a change was written, before a reader had opened it."""


class WouldLose(StoreError):
    """A store holds what a build would take away and could not give back."""

    def __init__(self, held: str, instead: str) -> None:
        super().__init__(f"The store holds {held}, and {instead} would take its place; nothing was changed. "
                         "Name another store with --store, or remove this one (`carekg config` says where it is).")


class BeyondMemory(StoreError):
    """What stewards and imports have stated beyond the folder does not fit into memory."""

    def __init__(self, statements: int, needed: int, free: int) -> None:
        super().__init__(f"The store holds some {statements:,} statements beyond the folder, which are all taken into "
                         f"memory: about {needed / 2**30:.1f} GB, where {free / 2**30:.1f} GB are free; nothing was "
                         "changed. Do it where there is more memory; or build a new store, and import anew.")


class InTheMaking(StoreError):
    """What is made of a graph once, and then kept, is being made, and enough requests wait for it."""

    def __init__(self) -> None:
        super().__init__("This is being made just now, and others wait for it; ask again in a few seconds.")

    def headers(self) -> dict[str, str]:
        """Give the time to wait (RFC 9110, 10.2.3)."""
        return {"Retry-After": "5"}


class NoFullText(StoreError):
    """The SQLite of this Python cannot search texts."""

    def __init__(self, why: str) -> None:
        super().__init__(f"Nothing can be searched here, for the SQLite of this Python was made without FTS5 ({why}); "
                         "run carekg with a Python whose sqlite3 has it.")
