"""What can go wrong, as one tree. Each error composes its own sentence: what, where, what would be right.

::

    CarekgError                      exit 1   HTTP 500
    ├── FolderError                  exit 2   HTTP 500   a knowledge folder is not whole
    │   ├── MissingPart                                  no ontology, no such folder
    │   ├── BrokenFile                                   a file that does not parse
    │   ├── UnknownTerms                                 an IRI that its namespace does not have
    │   ├── UncoveredAxiom                               the ontology says what reasoning does not cover
    │   └── DriftedPhrases                               a quoted phrase is not on its line of the document
    ├── InvalidGraph                 exit 3   HTTP 422   shapes are violated
    ├── StoreError                   exit 4   HTTP 503   the store cannot be read or written
    │   ├── Busy                                         every reader is at work
    │   ├── Swept                                        a file went before a reader had opened it
    │   └── InTheMaking                                  what is made of the graph once is not ready
    ├── BadInput                     exit 2   HTTP 400   the user can mend it
    │   ├── UnknownQuery                      HTTP 404
    │   ├── UnknownParameter
    │   ├── BadValue, MissingValue
    │   ├── BadMember                                    a member of the JSON that was sent is not right
    │   ├── TooMany                           HTTP 413   more of something than is read at once
    │   ├── BadQuery, BadBody
    │   ├── UnknownFormat                     HTTP 406
    │   ├── UnsupportedMedia                  HTTP 415
    │   │   └── UnsupportedCoding
    │   ├── NeedsLength                       HTTP 411
    │   ├── Unmet                             HTTP 404, 409, 412   a graph is not as the request takes it to be
    │   ├── NotFound                          HTTP 404
    │   └── Gone                              HTTP 410   what was removed
    └── Refused                      exit 5   HTTP 403   not allowed here
        ├── ReadOnly                 exit 5   HTTP 403
        ├── Unauthorized             exit 5   HTTP 401
        ├── TooOften                 exit 5   HTTP 429
        ├── Crowded                  exit 5   HTTP 503
        ├── TooLarge                 exit 5   HTTP 413
        ├── TooSlow                  exit 5   HTTP 408
        ├── LeavingQuery             exit 5   HTTP 403
        ├── OverDeadline             exit 5   HTTP 408
        └── OverMemory, OverSize, TooLong  exit 5   HTTP 413
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar


class CarekgError(Exception):
    """Anything that carekg reports to its user in one sentence."""

    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 500

    def headers(self) -> dict[str, str]:
        """Give the headers that an answer with this error has, as its status asks for them."""
        return {}


class FolderError(CarekgError):
    """A knowledge folder cannot be used as it is."""

    exit_code = 2


class MissingPart(FolderError):
    """A folder lacks what every knowledge folder has."""

    def __init__(self, folder: Path, part: str, right: str) -> None:
        self.folder, self.part = folder, part
        super().__init__(f"{folder} has no {part}; {right}.")


class BrokenFile(FolderError):
    """A file cannot be read as what its name says it is."""

    def __init__(self, path: Path, what: str, line: int | None = None, column: int | None = None) -> None:
        self.path, self.line, self.column = path, line, column
        spot = f":{line}" + (f":{column}" if column else "") if line else ""
        super().__init__(f"{path}{spot}: {what}.")


MOST = 20
"""Problems that one error names."""


def _listed(head: str, problems: Sequence[str]) -> str:
    """Give a head and a line for each problem."""
    left = len(problems) - MOST
    more = [f"  ... and {left} more"] if left > 0 else []
    return "\n".join([head, *(f"  {one}" for one in problems[:MOST]), *more])


class UnknownTerms(FolderError):
    """Files use IRIs that do not exist in the namespaces that carekg knows."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        several = _listed(f"{len(problems)} unknown terms, so nothing was changed.", problems)
        super().__init__(several if len(problems) > 1 else f"Unknown term: {problems[0]}.")


class UncoveredAxiom(FolderError):
    """An ontology uses a construct of OWL that reasoning does not cover."""

    def __init__(self, construct: str, where: str) -> None:
        self.construct = construct
        super().__init__(f"The ontology uses {construct} on {where}, which reasoning does not cover: "
                         "state it in the OWL 2 RL constructs listed in reason.py, or leave it out.")


class DriftedPhrases(FolderError):
    """Passages quote what does not stand where they say."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        several = _listed(f"{len(problems)} phrases are not on their lines.", problems)
        super().__init__(several if len(problems) > 1 else f"A phrase is not on its line: {problems[0]}.")


class InvalidGraph(CarekgError):
    """The data violate the shapes; the report says where."""

    exit_code = 3
    http_status = 422

    def __init__(self, sentences: Sequence[str]) -> None:
        self.sentences = list(sentences)
        count = len(sentences)
        super().__init__(_listed(f"{count} violation{'s' if count > 1 else ''}, so nothing was changed.", sentences))


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


class InTheMaking(StoreError):
    """What is made of a graph once, and then kept, is being made, and enough requests wait for it."""

    def __init__(self) -> None:
        super().__init__("This is being made just now, and others wait for it; ask again in a few seconds.")

    def headers(self) -> dict[str, str]:
        """Give the time to wait (RFC 9110, 10.2.3)."""
        return {"Retry-After": "5"}


class BadInput(CarekgError):
    """Something that the user typed is not right, and the sentence says what would be."""

    exit_code = 2
    http_status = 400


class UnknownQuery(BadInput):
    """There is no prepared query of that name."""

    http_status = 404

    def __init__(self, name: str, near: Sequence[str]) -> None:
        self.name = name
        super().__init__(f"There is no prepared query `{name}`{_did_you_mean(near)}")


class UnknownParameter(BadInput):
    """A prepared query has no such parameter."""

    def __init__(self, name: str, query: str, known: Sequence[str]) -> None:
        self.name = name
        takes = ", ".join(f"`{k}`" for k in known) or "none"
        super().__init__(f"`{name}` is not a parameter of {query}; it takes {takes}.")


class BadValue(BadInput):
    """A value does not fit its parameter."""

    def __init__(self, value: str, what: str, near: Sequence[str] = ()) -> None:
        self.value = value
        line = " ".join(value.split())
        shown = line if len(line) <= 80 else line[:77] + "..."
        super().__init__(f"`{shown}` is not {what}{_did_you_mean(near)}")


class MissingValue(BadInput):
    """A parameter that has to be given was not."""

    def __init__(self, name: str, query: str, right: str) -> None:
        self.name = name
        super().__init__(f"{query} needs `{name}`: {right}.")


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


class BadQuery(BadInput):
    """A SPARQL text does not parse or cannot be answered."""

    def __init__(self, what: str, line: int | None = None, column: int | None = None, path: str = "") -> None:
        self.line, self.column = line, column
        spot = f" at line {line}, column {column}" if line else ""
        super().__init__(f"{path + ': ' if path else ''}The query does not parse{spot}: {what}.")


class BadBody(BadInput):
    """A document that was sent does not parse."""

    def __init__(self, what: str, line: int | None = None, column: int | None = None) -> None:
        self.line, self.column = line, column
        spot = f" at line {line}" + (f", column {column}" if column else "") if line else ""
        super().__init__(f"The document does not parse{spot}: {what}; nothing was changed.")


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


class NotFound(BadInput):
    """Nothing is known of an IRI."""

    http_status = 404

    def __init__(self, iri: str, near: Sequence[str] = ()) -> None:
        self.iri, self.near = iri, list(near)
        super().__init__(f"Nothing is known of {iri}{_did_you_mean(near)}")


class Gone(BadInput):
    """What an IRI named was removed."""

    http_status = 410

    def __init__(self, iri: str, replaced_by: Sequence[str] = ()) -> None:
        self.iri = iri
        *first, last = replaced_by or [""]
        names = ", ".join(first) + " and " + last if first else last
        instead = f"{names} {'have' if first else 'has'} taken its place" if last else "nothing has taken its place"
        super().__init__(f"{iri} was removed; {instead}.")


class Unmet(BadInput):
    """A graph is not as a request takes it to be: ``missing``, ``there`` already, or ``changed`` meanwhile."""

    _SAID: ClassVar[dict[str, tuple[int, str]]] = {
        "missing": (404, "There is no graph {}."),
        "there": (409, "There is a graph {} already; nothing was changed."),
        "changed": (412, "The graph {} is not as your request expects it: it was changed meanwhile; nothing was "
                         "written. Get it again and send your change anew."),
    }

    def __init__(self, what: str, graph: str) -> None:
        self.what, self.graph = what, graph
        self.http_status, sentence = self._SAID[what]  # type: ignore[misc]
        super().__init__(sentence.format(graph))


class Refused(CarekgError):
    """Understood, and not allowed here."""

    exit_code = 5
    http_status = 403


class ReadOnly(Refused):
    """Nobody may write, since the server has no tokens."""

    def __init__(self) -> None:
        super().__init__("This server is read-only: it has no tokens. Whoever runs it makes one with "
                         "`carekg token add NAME`.")


class Unauthorized(Refused):
    """A request that writes does not come from somebody who may."""

    http_status = 401

    def __init__(self, what: str, *, wrong: bool = False) -> None:
        self.wrong = wrong
        super().__init__(f"A request that writes {what}; send `Authorization: Bearer TOKEN`, with a token that "
                         "`carekg token add NAME` made on the server.")

    def headers(self) -> dict[str, str]:
        """Give the challenge (RFC 6750, 3): an error code only where a token was sent."""
        return {"WWW-Authenticate": 'Bearer realm="carekg"' + (', error="invalid_token"' if self.wrong else "")}


class TooOften(Refused):
    """A client has asked more than its share."""

    http_status = 429

    def __init__(self, limit: str, seconds: int) -> None:
        self.limit, self.seconds = limit, seconds
        super().__init__(f"You have asked as often as one client may ({limit}); ask again in {seconds} s.")

    def headers(self) -> dict[str, str]:
        """Give the time to wait (RFC 6585, 4)."""
        return {"Retry-After": str(self.seconds)}


class Crowded(Refused):
    """There is no room for one more request just now."""

    http_status = 503

    def __init__(self, what: str) -> None:
        super().__init__(f"{what}; ask again in a moment.")

    def headers(self) -> dict[str, str]:
        """Give the time to wait."""
        return {"Retry-After": "1"}


class TooLarge(Refused):
    """A request has a larger body than is read."""

    http_status = 413

    def __init__(self, megabytes: int) -> None:
        self.megabytes = megabytes
        super().__init__(f"The request is larger than {megabytes} MB, packed or unpacked, the most that is read.")


class TooSlow(Refused):
    """The body of a request did not come in time."""

    http_status = 408

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"The body of the request was not here within {seconds:g} s; send it faster, or less of it.")

    def headers(self) -> dict[str, str]:
        """Give that the connection ends here (RFC 9110, 15.5.9)."""
        return {"Connection": "close"}


class LeavingQuery(Refused):
    """A query would open an address or a file."""

    def __init__(self, keyword: str) -> None:
        self.keyword = keyword
        super().__init__(f"{keyword} is refused: nothing that is asked here opens another address or file; "
                         "fetch those data on your side and join them there.")


class OverDeadline(Refused):
    """A query was stopped at its deadline."""

    http_status = 408

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"The query was stopped at its deadline of {seconds:g} s; "
                         "join its patterns on shared variables, or ask for less with FILTER or LIMIT.")


class OverMemory(Refused):
    """A query died in its reader process, for want of memory or by the depth of its text."""

    http_status = 413

    def __init__(self, megabytes: int) -> None:
        self.megabytes = megabytes
        super().__init__(f"The query broke off in its reader: it needs more than the {megabytes} MB a query may take, "
                         "or its text is nested too deeply; ask for less, or in shorter chains.")


class OverSize(Refused):
    """An answer has more bytes than one may have."""

    http_status = 413

    def __init__(self, megabytes: int) -> None:
        self.megabytes = megabytes
        super().__init__(f"The answer has more than {megabytes} MB, the most that is given; ask for less, "
                         "or for its parts with LIMIT and OFFSET.")


class TooLong(Refused):
    """A text has more characters than are read."""

    http_status = 413

    def __init__(self, characters: int, most: int) -> None:
        self.characters = characters
        super().__init__(f"The query has {characters:,} characters, and {most:,} is the most that is read.")


def _did_you_mean(near: Sequence[str]) -> str:
    """Give the end of a sentence that offers near misses, or just its full stop."""
    if not near:
        return "."
    *first, last = near
    return "; did you mean " + (", ".join(first) + " or " + last if first else last) + "?"
