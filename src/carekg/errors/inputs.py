"""What a user can mend: the sentence says what would be right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from carekg.errors.base import CarekgError, did_you_mean, listed


class BadInput(CarekgError):
    """Something that the user typed is not right, and the sentence says what would be."""

    exit_code = 2
    http_status = 400


class UnknownQuery(BadInput):
    """There is no prepared query of that name."""

    http_status = 404

    def __init__(self, name: str, near: Sequence[str]) -> None:
        self.name = name
        super().__init__(f"There is no prepared query `{name}`{did_you_mean(near)}")


class UnknownParameter(BadInput):
    """A prepared query has no such parameter."""

    def __init__(self, name: str, query: str, known: Sequence[str]) -> None:
        self.name, self.known = name, list(known)
        takes = ", ".join(f"`{k}`" for k in known) or "none"
        super().__init__(f"`{name}` is not a parameter of {query}; it takes {takes}.")


class BadValue(BadInput):
    """A value does not fit its parameter."""

    def __init__(self, value: str, what: str, near: Sequence[str] = ()) -> None:
        self.value, self.near = value, list(near)
        line = " ".join(value.split())
        shown = line if len(line) <= 80 else line[:77] + "..."
        super().__init__(f"`{shown}` is not {what}{did_you_mean(near)}")


class BadLook(BadInput):
    """What an address says of how an answer is to be looked at does not fit the answer."""

    def __init__(self, name: str, value: str, right: str, near: Sequence[str] = ()) -> None:
        self.name, self.value, self.near = name, value, list(near)
        said = f"{name}={value}" if value else name
        shown = said if len(said) <= 80 else said[:77] + "..."
        super().__init__(f"`{' '.join(shown.split())}` is not known here: it takes {right}{did_you_mean(near)}")


class MissingValue(BadInput):
    """A parameter that has to be given was not."""

    def __init__(self, name: str, query: str, right: str) -> None:
        self.name = name
        super().__init__(f"{query} needs `{name}`: {right}.")


class BadDrawing(BadInput):
    """An answer cannot be drawn in this way; ``what`` is the sentence without its beginning and its full stop."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(f"This cannot be drawn: {what}.")


class NothingToDraw(BadDrawing):
    """An answer has no row that the drawing could show; ``lacking`` says of what."""

    http_status = 404

    def __init__(self, lacking: str) -> None:
        self.lacking = lacking
        super().__init__(lacking)


class BadMember(BadInput):
    """A member of the JSON that was sent is not what it has to be."""

    def __init__(self, where: str, right: str) -> None:
        self.where = where
        super().__init__(f"`{where}` has to be {right}.")


class TooMany(BadInput):
    """There are more of something than are read at once."""

    http_status = 413

    def __init__(self, where: str, count: int, most: int) -> None:
        self.where, self.count, self.most = where, count, most
        super().__init__(f"`{where}` has {count:,} members, and {most:,} is the most at once; send them in parts.")


class UnknownThings(BadInput):
    """A change speaks of terms or things that are described nowhere."""

    http_status = 422

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        several = listed(f"{len(problems)} things do not exist, so nothing was changed.", problems)
        super().__init__(several if len(problems) > 1 else f"{problems[0]}; nothing was changed.")


class BadQuery(BadInput):
    """A SPARQL text does not parse or cannot be answered."""

    def __init__(self, what: str, line: int | None = None, column: int | None = None, path: str = "") -> None:
        self.line, self.column = line, column
        spot = f" at line {line}, column {column}" if line else ""
        super().__init__(f"{path + ': ' if path else ''}The query does not parse{spot}: {what}.")


class BadBody(BadInput):
    """A document that was sent, or loaded from an address, does not parse."""

    def __init__(self, what: str, line: int | None = None, column: int | None = None, address: str = "") -> None:
        self.line, self.column, self.address = line, column, address
        document = f"The document at {address}" if address else "The document"
        spot = f" at line {line}" + (f", column {column}" if column else "") if line else ""
        super().__init__(f"{document} does not parse{spot}: {what}; nothing was changed.")


class UnknownFormat(BadInput):
    """An answer cannot be given in the format asked for."""

    http_status = 406

    def __init__(self, asked: str, known: Sequence[str]) -> None:
        self.asked = asked
        super().__init__(f"`{asked}` is not a format of this answer; it comes as {', '.join(known)}.")


class UnsupportedMedia(BadInput):
    """A request has a body of a type that is not read."""

    http_status = 415

    def __init__(self, media: str, right: str) -> None:
        self.media = media
        super().__init__(f"A body of {media or 'no type'} is not read here; send {right}.")


class UnsupportedCoding(UnsupportedMedia):
    """A body is packed with something that is not unpacked here."""

    def __init__(self, coding: str, known: Sequence[str]) -> None:
        self.known = tuple(known)
        super().__init__(f"coding `{coding[:40]}`", "it plain, or packed with gzip or deflate")

    def headers(self) -> dict[str, str]:
        """Give what bodies may be packed with (RFC 9110, 15.5.16)."""
        return {"Accept-Encoding": ", ".join(self.known)}


class NeedsLength(BadInput):
    """A body does not say how long it is, and has to."""

    http_status = 411

    def __init__(self) -> None:
        super().__init__("A request that writes needs a Content-Length: a body in chunks that breaks off "
                         "cannot be told from a whole one.")


class Unmet(BadInput):
    """A graph is not as a request takes it to be: ``missing``, ``there`` already, or ``changed`` (RFC 9110, 13)."""

    _SAID: ClassVar[dict[str, tuple[int, str]]] = {
        "missing": (404, "There is no graph {}."),
        "there": (409, "There is a graph {} already; nothing was changed."),
        "changed": (412, "Nothing was done: {} is not as `If-Match`, `If-None-Match` or `If-Unmodified-Since` of your "
                         "request expects it; get it as it is now, and send a request that fits that."),
    }

    def __init__(self, what: str, graph: str) -> None:
        self.what, self.graph = what, graph
        self.http_status, sentence = self._SAID[what]  # type: ignore[misc]
        super().__init__(sentence.format(graph))


class NoChange(BadInput):
    """A change that is not in the history."""

    http_status = 404

    def __init__(self, number: int, last: int) -> None:
        self.number = number
        super().__init__(f"There is no change {number}; the last is {last}.")


class CannotUndo(BadInput):
    """A change that cannot be taken back as things are."""

    http_status = 409

    def __init__(self, number: int, why: str, details: str = "", later: Sequence[str] = ()) -> None:
        self.number, self.later = number, list(later)
        after = f" Undo first: {'; then '.join(later)}." if later else ""
        more = f"\n{details}" if details else ""
        super().__init__(f"Change {number} cannot be undone, and nothing was changed: {why}.{after}{more}")


class Overtaken(BadInput):
    """What a change touches was changed by others after its author had looked."""

    http_status = 409

    def __init__(self, newer: Sequence[str]) -> None:
        self.newer = list(newer)
        super().__init__("Nothing was changed: what you change was changed meanwhile, by " + "; by ".join(newer)
                         + ". Look at it as it is now, and change that.")


class NotFound(BadInput):
    """Nothing is known of an IRI."""

    http_status = 404

    def __init__(self, iri: str, near: Sequence[str] = ()) -> None:
        self.iri, self.near = iri, list(near)
        super().__init__(f"Nothing is known of {iri}{did_you_mean(near)}")


class Gone(BadInput):
    """What an IRI named was removed."""

    http_status = 410

    def __init__(self, iri: str, replaced_by: Sequence[str] = (), by: str = "") -> None:
        self.iri = iri
        *first, last = replaced_by or [""]
        names = ", ".join(first) + " and " + last if first else last
        instead = f"{names} {'have' if first else 'has'} taken its place" if last else "nothing has taken its place"
        super().__init__(f"{iri} was removed; {instead}{by}.")
