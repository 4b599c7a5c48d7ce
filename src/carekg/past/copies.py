"""A backup of a store, taken while others write to it, and its return.

The history gives everything else, so a backup is the history and what is no part of it, the drafts and the plans that
users keep; SQLite copies each as it is at one moment.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import tempfile
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from carekg import __version__, errors
from carekg.store.embedded import EmbeddedStore
from carekg.store.history import FILE, History

KEPT: Final = {FILE: "history", "drafts.sqlite": "drafts", "plans.sqlite": "plans"}
"""The files that a backup holds, and what is in them."""

TOLD: Final = "backup.json"


def backup(store: EmbeddedStore, output: Path) -> int:
    """Write a backup of a store to a file, whole or not at all; give the number of the last change in it.

    :raises StoreError: there is nothing to back up, or the file cannot be written.
    """
    if not store.history.last():
        raise errors.StoreError(f"There is no graph at {store.path} yet, so there is nothing to back up.")
    draft = output.with_name(output.name + ".part")
    try:
        with tempfile.TemporaryDirectory(dir=output.parent, prefix=".backup-") as place:
            last = _copied(store, Path(place))
            with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as archive:  # what it holds is compressed already
                for file in sorted(Path(place).iterdir()):
                    archive.write(file, file.name)
            draft.replace(output)
    except (OSError, sqlite3.Error) as error:
        with contextlib.suppress(OSError):
            draft.unlink()
        why = getattr(error, "strerror", None) or error
        raise errors.StoreError(f"The backup cannot be written to {output}: {why}.") from None
    return last


def _copied(store: EmbeddedStore, place: Path) -> int:
    """Copy what is kept into a folder, each file as it is at one moment; give the number of the last change."""
    for name in KEPT:
        if (store.path / name).exists():
            _copy(store.path / name, place / name)
    if problem := _problem(place / FILE):
        raise errors.StoreError(f"The history of {store.path} is damaged ({problem}), and so would be its backup; none "
                                "was written. Bring back an earlier one with `carekg restore`.")
    last, history = _last(place / FILE)
    told = {"carekg": __version__, "made": datetime.now(UTC).isoformat(timespec="seconds"), "history": history,
            "last": last}
    (place / TOLD).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return last


def restore(store: EmbeddedStore, file: Path, *, force: bool = False) -> int:
    """Bring a backup back into a store; give the number of the last change that is there now.

    :param force: let go of what the store has and the backup has not.
    :raises BadInput: the file is no backup, or is damaged; or the store has changes that are not in it.
    """
    with tempfile.TemporaryDirectory(prefix="carekg-restore-") as folder:
        place = Path(folder)
        _unpack(file, place)
        last, history = _checked(file, place / FILE)
        with store.generations.only_writer():
            if not force:
                _refuse_loss(store, history, last, file)
            for name in KEPT:
                if (place / name).exists():
                    _bring(place / name, store.path / name)
    store.mend()
    return last


def _unpack(file: Path, place: Path) -> None:
    """Take what a backup holds into a folder; nothing else that an archive may have."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if not {FILE, TOLD} <= names:
                raise errors.BadInput(f"{file} is no backup: it holds no {FILE}; `carekg backup` writes one.")
            for name in names & {*KEPT, TOLD}:
                archive.extract(name, place)
    except FileNotFoundError:
        raise errors.BadInput(f"There is no file {file}.") from None
    except (OSError, zipfile.BadZipFile, EOFError, RuntimeError, zlib.error) as error:  # such as a password
        raise errors.BadInput(f"{file} is no backup, or a damaged one ({error}); `carekg backup` writes one.") from None


def _checked(file: Path, path: Path) -> tuple[int, str]:
    """Give the number of the last change of a history, and its name, once SQLite has found all that came whole."""
    for name in KEPT:
        one = path.with_name(name)
        if one.exists() and (problem := _problem(one)):
            raise errors.BadInput(f"The {KEPT[name]} in {file} {'is' if name == FILE else 'are'} damaged ({problem}); "
                                  "nothing was changed.")
    try:
        if not History(path.parent).entries(most=1):
            raise errors.BadInput(f"The history in {file} holds no change; `carekg backup` writes one that does.")
        return _last(path)
    except (errors.StoreError, sqlite3.Error, ValueError, TypeError):
        raise errors.BadInput(f"The history in {file} is none of carekg's; nothing was changed.") from None


def _problem(path: Path) -> str:
    """Say what SQLite finds wrong with a database, nothing where it is whole."""
    try:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            found = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        return str(error)
    return "" if found == "ok" else " ".join(found.splitlines()[-1].split())


def _refuse_loss(store: EmbeddedStore, history: str, last: int, file: Path) -> None:
    """Refuse to go back behind what a store has, or over to another history."""
    try:
        here, name = store.history.last(), store.history.name()
    except errors.StoreError:
        return  # it is damaged: there is nothing that could be read and lost
    if here and (name != history or here > last):
        what = f"{here - last} changes that {file} has not" if name == history else "another history"
        raise errors.BadInput(f"The store holds {what}; nothing was changed. Take a backup of it, then let go of them "
                              "with `--force`.")


def _bring(source: Path, target: Path) -> None:
    """Put a database in place of another: in one transaction, so that whoever reads it sees one or the other."""
    if target.exists() and _problem(target):  # it is kept aside: somebody may read more out of it
        target.rename(target.with_name(target.name + ".damaged"))
        for end in ("-wal", "-shm"):
            target.with_name(target.name + end).unlink(missing_ok=True)
    try:
        _copy(source, target)
    except sqlite3.Error as error:
        raise errors.StoreError(f"{target} cannot be written: {error}; it is as it was before.") from None


def _copy(source: Path, target: Path) -> None:
    is_fixed = not os.access(source.parent, os.W_OK)  # nobody writes there, and SQLite could not keep its locks
    address = source.absolute().as_uri() + ("?immutable=1" if is_fixed else "")
    with contextlib.closing(sqlite3.connect(address, timeout=30, uri=True)) as one, \
            contextlib.closing(sqlite3.connect(target, timeout=30)) as other:
        one.backup(other)


def _last(path: Path) -> tuple[int, str]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        number: Any = connection.execute("SELECT max(number) FROM change").fetchone()[0]
        name: Any = connection.execute("SELECT value FROM kept WHERE name = 'history'").fetchone()
    return int(number or 0), bytes(name[0]).decode() if name else ""
