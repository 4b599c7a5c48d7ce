"""What can be set from outside: the only module that reads the environment."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import platformdirs

from carekg import errors

SHIPPED: Final = Path(__file__).parent / "knowledge"
"""Where a wheel carries the knowledge folder."""

CHECKOUT: Final = Path(__file__).parents[2]
"""The top of a checkout, whose own folders are the knowledge folder."""


@dataclass(frozen=True)
class Settings:
    """Where things are and how much a query may take.

    ``store`` is a path, ``memory:`` or the ``http(s)`` address of a SPARQL 1.1 query service; ``update`` the
    address of its update service, where that differs. ``deadline`` is in seconds.
    """

    folder: Path
    store: str
    update: str = ""
    deadline: float = 10.0
    memory_mb: int = 1024
    sources: Path | None = None
    public_url: str = ""
    rows: int = 1_000_000
    answer_mb: int = 1024
    body_mb: int = 2
    upload_mb: int = 100
    readers: int = 16
    hosts: frozenset[str] = frozenset()
    tokens: Path | None = None
    rate: str = "600 per minute"
    proxies: int = 0
    log: str = ""
    token: str = field(default="", repr=False)

    @property
    def tokens_file(self) -> Path:
        """Give the file of tokens: as set, else beside an embedded store, else under the user's data directory."""
        if self.tokens:
            return self.tokens
        if self.store == "memory:" or self.store.startswith(("http://", "https://")):
            return Path(platformdirs.user_data_dir("carekg")) / "tokens.json"
        place = Path(self.store)
        return place.with_name(f"{place.name}-tokens.json")


def shipped_folder() -> Path:
    """Give the knowledge folder that comes with carekg: in the wheel, or the checkout itself."""
    return SHIPPED if SHIPPED.is_dir() else CHECKOUT


def load(folder: Path | None = None, store: str | None = None) -> Settings:
    """Give the settings from the command line's choices first, the environment next, defaults last."""
    chosen = folder or Path(os.environ.get("CAREKG_FOLDER") or shipped_folder())
    where = store or os.environ.get("CAREKG_STORE") or str(_default_store(chosen))
    sources = os.environ.get("CAREKG_SOURCES")
    return Settings(
        folder=chosen,
        store=where,
        update=os.environ.get("CAREKG_UPDATE", ""),
        deadline=_number("CAREKG_DEADLINE", 10.0),
        memory_mb=int(_number("CAREKG_MEMORY_MB", 1024)),
        sources=Path(sources) if sources else None,
        tokens=Path(os.environ["CAREKG_TOKENS"]) if os.environ.get("CAREKG_TOKENS") else None,
        token=os.environ.get("CAREKG_TOKEN", ""),
    )


def _default_store(folder: Path) -> Path:
    """Give the store's place under the user's data directory: one for each knowledge folder."""
    root = Path(platformdirs.user_data_dir("carekg"))
    resolved = folder.resolve()
    if resolved == SHIPPED.resolve():
        return root / "store"
    return root / f"store-{resolved.name}-{hashlib.sha256(str(resolved).encode()).hexdigest()[:8]}"


def _number(name: str, default: float) -> float:
    """Give a positive number from the environment, or the default."""
    text = os.environ.get(name, "")
    try:
        value = float(text) if text else default
    except ValueError:
        value = -1
    if not 0 < value < float("inf"):
        raise errors.BadValue(text, f"a value for {name}: it takes a number above 0")
    return value
