"""What can be set from outside: the only module that reads the environment.

The fields of `Settings` are the one table of settings. A field says its type and default, and beside them its unit
and a sentence on what it is for; its name in the environment is ``CAREKG_`` and its own in capitals. What is read,
how it is checked, what `carekg config` prints and the table in docs/configuration.md all follow from the fields.
"""

from __future__ import annotations

import contextlib
import difflib
import getpass
import hashlib
import ipaddress
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple, get_type_hints
from urllib.parse import urlsplit

import platformdirs

from carekg import errors

SHIPPED: Final = Path(__file__).parent / "knowledge"
"""Where a wheel carries the knowledge folder."""

CHECKOUT: Final = Path(__file__).parents[2]
"""The top of a checkout, whose own folders are the knowledge folder."""

HEAD: Final = "CAREKG_"
"""What each setting's name in the environment begins with."""

OFF: Final = "off"
"""The rate of a server that counts nobody's requests."""

NOTHING: Final[tuple[Any, ...]] = (None, "", frozenset())
"""Values of what is not set."""


class Kind(NamedTuple):
    """A kind of value: what reads its text, and the end of the sentence on a text that it cannot read."""

    read: Callable[[str], Any]
    takes: str = ""


class Told(NamedTuple):
    """What is known of a setting beside its type and default; ``unset`` says what holds where it has no value."""

    sentence: str
    kind: Kind = Kind(str)
    unit: str = ""
    unset: str = "none"
    secret: bool = False


def _number(text: str) -> float:
    value = float(text)
    if not 0 < value < float("inf"):
        raise ValueError
    return value


def _whole(least: int, most: int = sys.maxsize) -> Callable[[str], int]:
    """Give what reads a whole number of a range."""
    def read(text: str) -> int:
        value = int(text)
        if not least <= value <= most:
            raise ValueError
        return value
    return read


def _matching(pattern: str) -> Callable[[str], str]:
    """Give what reads a text that matches a pattern, without the space around it."""
    def read(text: str) -> str:
        if not re.fullmatch(pattern, text.strip()):
            raise ValueError
        return text.strip()
    return read


def _address(text: str) -> str:
    """Read an IP address."""
    return str(ipaddress.ip_address(text.strip()))


def _root(text: str) -> str:
    """Read the address of a whole server."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or any((parts.path.strip("/"), *parts[3:])):
        raise ValueError
    return text.rstrip("/") + "/"


def _names(text: str) -> frozenset[str]:
    """Read names of hosts, with or without ports."""
    found = frozenset(text.lower().replace(",", " ").split())
    if not all(re.fullmatch(r"[a-z0-9_.:\[\]-]+", one) for one in found):
        raise ValueError
    return found


PATH: Final = Kind(Path)
NUMBER: Final = Kind(_number, "it takes a number above 0")
COUNT: Final = Kind(_whole(1), "it takes a whole number above 0")
SOME: Final = Kind(_whole(0), "it takes a whole number")
PORT: Final = Kind(_whole(1, 65535), "it takes a whole number from 1 to 65535")
ROOT: Final = Kind(_root, "it takes an address such as https://example.org/, without a path")
NAMES: Final = Kind(_names, "it takes names of hosts with commas between")
RATE: Final = Kind(_matching(rf"{OFF}|[1-9]\d{{0,8}} per (second|minute|hour|day)"),
                   f"it takes a rate such as `600 per minute`, or `{OFF}`")
ADDRESS: Final = Kind(_address, "it takes an IP address")
SECRET: Final = Kind(_matching(r"[A-Za-z0-9._~+/-]{20,}=*"), "it takes 20 or more letters, digits and signs of -._~+/")


@dataclass(frozen=True)
class Settings:
    """Where things are, who may do what, and how much a request may take: the table of all settings."""

    folder: Annotated[Path, Told("The knowledge folder: ontology/ shapes/ data/ queries/. Also `--folder`.", PATH,
                                 unset="the one shipped")]
    store: Annotated[str, Told("Where the graph is kept: a folder, `memory:`, or the address of a SPARQL 1.1 query "
                               "service. Also `--store`.", unset="a folder under your data directory")]
    update: Annotated[str, Told("The address of that service's updates, where it is another.")] = ""
    deadline: Annotated[float, Told("A query is stopped after that long.", NUMBER, "seconds")] = 10.0
    memory_mb: Annotated[int, Told("A query may take that much memory.", COUNT, "MB")] = 1024
    sources: Annotated[Path | None, Told("A folder with copies of the documents, in which `carekg check` looks up "
                                         "each quoted phrase.", PATH)] = None
    public_url: Annotated[str, Told("The address under which others reach the server; it stands in links and "
                                    "descriptions.", ROOT, unset="as each request has it")] = ""
    rows: Annotated[int, Told("An answer may have that many rows or triples.", COUNT, "rows")] = 1_000_000
    answer_mb: Annotated[int, Told("An answer may be that large.", COUNT, "MB")] = 1024
    body_mb: Annotated[int, Told("A request may have that large a body, also once it is unpacked.", COUNT, "MB")] = 2
    upload_mb: Annotated[int, Told("A request with a token may have that large a body.", COUNT, "MB")] = 100
    query_chars: Annotated[int, Told("A query may be that long.", COUNT, "characters")] = 1_000_000
    readers: Annotated[int, Told("That many queries run at the same time; others wait, each client in turn.", COUNT,
                                 "processes")] = 16
    hosts: Annotated[frozenset[str], Told("The hosts that a query may reach with SERVICE, and an update with LOAD.",
                                          NAMES)] = frozenset()
    tokens: Annotated[Path | None, Told("The file that keeps the tokens of those who may write, as hashes.", PATH,
                                        unset="a file beside the store")] = None
    token: Annotated[str, Told("One more token, for containers; `openssl rand -hex 32` makes one. It is never shown.",
                               SECRET, secret=True)] = field(default="", repr=False)
    users: Annotated[Path | None, Told("The file that keeps the users, with hashes of their passwords.", PATH,
                                       unset="a file beside that of the tokens")] = None
    secret: Annotated[str, Told("The key that signs the sessions of browsers, for several servers behind one address. "
                                "It is never shown.", SECRET, unset="made once and kept beside the users",
                                secret=True)] = field(default="", repr=False)
    session_hours: Annotated[int, Told("Who logs in is logged out after that long.", COUNT, "hours")] = 12
    who: Annotated[str, Told("Who changes the graph on the command line, as its history names them.",
                             unset="your name on this machine")] = ""
    rate: Annotated[str, Told(f"One client may ask that often; `{OFF}` counts nobody.", RATE)] = "600 per minute"
    proxies: Annotated[int, Told("The server is behind that many proxies, and each adds the client's address to "
                                 "X-Forwarded-For.", SOME, "proxies")] = 0
    log: Annotated[str, Told("The access log, one JSON object a line: `-` for the terminal (stderr), or a file.")] = ""
    slow_log: Annotated[str, Told("The log of slow queries, with their text and values, one JSON object a line: `-` "
                                  "for the terminal (stderr), or a file.")] = ""
    slow: Annotated[float, Told("A query is slow from then on.", NUMBER, "seconds")] = 1.0
    address: Annotated[str, Told("`carekg serve` listens on that address. Also `--host`.", ADDRESS)] = "127.0.0.1"
    port: Annotated[int, Told("`carekg serve` listens on that port. Also `--port`.", PORT)] = 8000

    @property
    def tokens_file(self) -> Path:
        """Give the file of tokens: as set, else beside an embedded store, else under the user's data directory."""
        if self.tokens:
            return self.tokens
        if self.store == "memory:" or self.store.startswith(("http://", "https://")):
            return Path(platformdirs.user_data_dir("carekg")) / "tokens.json"
        place = Path(self.store)
        return place.with_name(f"{place.name}-tokens.json")

    @property
    def person(self) -> str:
        """Give who uses the command line: as set, else as the machine knows them, or nothing."""
        with contextlib.suppress(OSError, KeyError, ImportError):  # somebody without a name is nobody named
            return self.who or getpass.getuser()
        return ""

    @property
    def users_file(self) -> Path:
        """Give the file of users: as set, else beside that of tokens."""
        return self.users or self._beside_tokens("users.json")

    @property
    def secret_file(self) -> Path:
        """Give the file of the key that signs sessions, beside that of tokens."""
        return self._beside_tokens("session-key")

    def _beside_tokens(self, name: str) -> Path:
        place = self.tokens_file
        head = place.stem.removesuffix("tokens").rstrip("-")
        return place.with_name(f"{head}-{name}" if head else name)


class Effective(NamedTuple):
    """A setting as it is: its name, its value as people read it, where that came from, and what it is for."""

    name: str
    value: str
    origin: str
    sentence: str


def shipped_folder() -> Path:
    """Give the knowledge folder that comes with carekg: in the wheel, or the checkout itself."""
    return SHIPPED if SHIPPED.is_dir() else CHECKOUT


def load(folder: Path | None = None, store: str | None = None) -> Settings:
    """Give the settings from the command line's choices first, the environment next, defaults last.

    :raises BadValue: a value is not one of its setting.
    :raises BadInput: the environment sets what is no setting.
    """
    known = _told()
    values = {name: _read(name, known[name], text) for name, text in _given(os.environ).items()}
    chosen = folder or values.get("folder") or shipped_folder()
    where = store or values.get("store") or str(_default_store(chosen))
    return Settings(**{**values, "folder": chosen, "store": where})


def effective(settings: Settings, options: Mapping[str, Any]) -> Iterator[Effective]:
    """Give each setting as it is, with where it came from; ``options`` are those of the command line.

    A secret is said to be set, and not shown.
    """
    given = _given(os.environ)
    for name, told in _told().items():
        value = getattr(settings, f"{name}_file" if name in ("tokens", "users") else name)
        origin = "option" if options.get(name) else "environment" if name in given else "default"
        shown = "set, and not shown" if told.secret and value else f"{_shown(told, value)} {told.unit}".strip()
        yield Effective(HEAD + name.upper(), shown, origin, told.sentence)


def missing(settings: Settings) -> Iterator[str]:
    """Give a sentence for each setting that names what is not there: it may be made later, and so is not refused."""
    places = {"folder": settings.folder, "sources": settings.sources}
    yield from (f"{HEAD}{name.upper()} names {place}, which is no folder."
                for name, place in places.items() if place and not place.is_dir())
    for name, log in (("LOG", settings.log), ("SLOW_LOG", settings.slow_log)):
        if log not in ("", "-") and not Path(log).absolute().parent.is_dir():
            yield f"{HEAD}{name} names {log}, and there is no such folder to write it in."


def table() -> str:
    """Give the table of all settings in Markdown, for the documentation."""
    defaults = {one.name: one.default for one in fields(Settings)}
    lines = ["| setting | default | unit | what it is for |", "| --- | --- | --- | --- |"]
    for name, told in _told().items():
        value = "" if defaults[name] is MISSING else defaults[name]
        shown = _shown(told, value) if value in NOTHING else f"`{_shown(told, value)}`"
        lines.append(f"| `{HEAD}{name.upper()}` | {shown} | {told.unit} | {told.sentence} |")
    return "\n".join(lines) + "\n"


def _told() -> dict[str, Told]:
    """Give what is told of each field of the settings, in their order."""
    hints = get_type_hints(Settings, include_extras=True)
    return {one.name: hints[one.name].__metadata__[0] for one in fields(Settings)}


def _given(environment: Mapping[str, str]) -> dict[str, str]:
    """Give what an environment sets, by field; what is set to nothing is not set."""
    found = {name.removeprefix(HEAD): text for name, text in environment.items() if name.startswith(HEAD)}
    known = {name.upper() for name in _told()}
    for name in found:
        if name not in known:  # a limit that is misspelt would not hold, and nobody would know
            near = difflib.get_close_matches(name, known, 1) or ["..., as `carekg config` lists them"]
            raise errors.BadInput(f"{HEAD}{name} is not a setting; did you mean {HEAD}{near[0]}?")
    return {name.lower(): text for name, text in found.items() if text}


def _read(name: str, told: Told, text: str) -> Any:
    """Give a setting's value from its text."""
    try:
        return told.kind.read(text)
    except ValueError:
        what = f"a value for {HEAD}{name.upper()}: {told.kind.takes}"
        raise errors.BadValue("..." if told.secret else text, what) from None


def _shown(told: Told, value: Any) -> str:
    """Give a value as people read it; a password in an address is left out."""
    if value in NOTHING:
        return told.unset
    if isinstance(value, frozenset):
        return ", ".join(sorted(value))
    return re.sub(r"(?<=://)[^/@]*@", "...@", f"{value:g}" if isinstance(value, float) else str(value))


def _default_store(folder: Path) -> Path:
    """Give the store's place under the user's data directory: one for each knowledge folder."""
    root = Path(platformdirs.user_data_dir("carekg"))
    resolved = folder.resolve()
    if resolved == SHIPPED.resolve():
        return root / "store"
    return root / f"store-{resolved.name}-{hashlib.sha256(str(resolved).encode()).hexdigest()[:8]}"
