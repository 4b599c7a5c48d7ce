"""Understood, and not allowed here: who asks, how often, how much."""

from __future__ import annotations

from carekg.errors.base import CarekgError


class Refused(CarekgError):
    """Understood, and not allowed here."""

    exit_code = 5
    http_status = 403


class ReadOnly(Refused):
    """Nobody may write, since the server has no tokens."""

    def __init__(self) -> None:
        super().__init__("This server is read-only: it has no tokens and no users. Whoever runs it makes them with "
                         "`carekg user add NAME` and `carekg token add NAME`.")


class Unauthorized(Refused):
    """A request that writes does not come from somebody who may."""

    http_status = 401

    def __init__(self, what: str, *, wrong: bool = False) -> None:
        self.wrong = wrong
        super().__init__(f"A request that writes {what}; send `Authorization: Bearer TOKEN`, with a token that "
                         "`carekg token add NAME` made on the server, or log in at /login.")

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
        super().__init__(f"{keyword} is refused: it opens no file, and an address only where its host is listed, which "
                         "whoever runs the server does in CAREKG_HOSTS; else fetch those data on your side.")


class Derived(Refused):
    """A change touches what nobody states: a made ``graph``, a ``triple`` that follows, a ``term`` of files."""

    def __init__(self, what: str, which: str) -> None:
        self.what, self.which = what, which
        told = {"graph": f"The graph {which} is made of files or of other graphs; statements go into graphs of data, "
                         "or name no graph.",
                "triple": f"Nobody states {which}: it follows from other statements, or comes with the vocabulary; "
                          "change those.",
                "term": f"The vocabulary describes {which}: it is changed in the folder's files, not by those who "
                        "state data."}
        super().__init__(f"{told[what]} Nothing was changed.")


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


class OverDrawn(Refused):
    """A picture takes too long, or too much memory, to make."""

    http_status = 413

    def __init__(self, why: str) -> None:
        super().__init__(f"The picture was given up, for {why}; ask for less, or take the table instead.")


class OverSize(Refused):
    """An answer has more bytes than one may have."""

    http_status = 413

    def __init__(self, megabytes: int) -> None:
        self.megabytes = megabytes
        super().__init__(f"The answer has more than {megabytes} MB, the most that is given; ask for less, "
                         "or for its parts by queries with ORDER BY, LIMIT and OFFSET.")


class TooLong(Refused):
    """A text has more characters than are read."""

    http_status = 413

    def __init__(self, characters: int, most: int) -> None:
        self.characters = characters
        super().__init__(f"The query has {characters:,} characters, and {most:,} is the most that is read.")
