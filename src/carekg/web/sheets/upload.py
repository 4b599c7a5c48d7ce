"""A sheet that somebody has sent: the file comes with the form, and stays in it until the sheet is brought in.

Nothing is kept on the server between the pages; each time the sheet is read and checked anew, on the graph as it is.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from flask import current_app, request

from carekg import change, errors
from carekg.forms.reading import Forms, read
from carekg.importers import sheets
from carekg.importers.sheets.desk import Desk, Outcome
from carekg.importers.sheets.table import Table
from carekg.store import About
from carekg.web import named, site
from carekg.web.forms.editing import KEY
from carekg.web.protocol import commits
from carekg.web.remembered import Remembered

HOW: Final = "sheet"
MOST_ROWS: Final = 2_000
"""Rows of a sheet that is sent with the browser: more take longer to check than a page may keep anybody waiting."""

ANSWER: Final = "answer"
"""Begins the names of the fields in which names are confirmed; the column and the text follow."""

SETTLED: Final = "answers"
"""The field in which a page sends back what was confirmed on pages before it: a form has no more than some fields."""

MARK: Final = "\x1f"
"""Stands between the parts of such a name."""


def desk() -> Desk:
    """Give what the graph has for its sheets.

    :raises BadInput: it is a plain store, without shapes.
    """
    graph, guard = site.asker().graph, commits.guard()
    if guard is None:
        raise errors.BadInput("This is a plain server, without shapes: there are no classes that a sheet could be of.")
    kept: Remembered[Forms] = current_app.extensions.setdefault(KEY, Remembered(1))
    forms = kept.get(graph.version.partition(":")[0], "forms", lambda: read(graph))
    return Desk(graph, named.names(), guard, forms)


@dataclass(frozen=True)
class Upload:
    """A file with what its sender says of it; ``against`` is the last change that they know of, if they said so."""

    name: str
    content: bytes
    class_: str = ""
    source: str = ""
    why: str = ""
    against: int | None = None

    @classmethod
    def sent(cls) -> Upload:
        """Read the form of a request: a new file, or the one that an earlier page has sent back.

        :raises BadInput: it has neither, or a file that is damaged.
        """
        said = {key: request.form.get(key, "").strip() for key in ("class", "source", "why", "name", "against")}
        file = request.files.get("file")
        if file is not None and file.filename:
            name, content, against = file.filename, file.read(), ""
        else:
            try:
                content = base64.b64decode(request.form.get("content", ""), validate=True)
            except (binascii.Error, ValueError):
                raise errors.BadInput("The file did not come back whole; choose it again.") from None
            name, against = said["name"], said["against"]
        if not content:
            raise errors.BadInput("No file was chosen, or it is empty; choose an .xlsx or a .csv file.")
        number = int(against) if against.isascii() and against.isdecimal() and len(against) < 12 else None
        return cls(_called(name), content, said["class"], said["source"], commits.reason(said["why"]), number)

    @property
    def packed(self) -> str:
        """Give the content as a form sends it back."""
        return base64.b64encode(self.content).decode()

    @property
    def answers(self) -> dict[tuple[str, str], str]:
        """Give what names were said to mean, on this page or on those before it.

        :raises BadInput: what was said before did not come back whole.
        """
        try:
            found = {(column, text): str(value) for column, text, value in json.loads(request.form.get(SETTLED, "[]"))}
        except (ValueError, TypeError, RecursionError):
            raise errors.BadInput("The answers did not come back whole; choose the file again.") from None
        for key, value in request.form.items():
            head, *parts = key.split(MARK)
            if head == ANSWER and len(parts) == 2 and value:
                found[parts[0], parts[1]] = value
        return found


def _called(name: str) -> str:
    """Give the name of a file without its folder, and without what no header of an answer may have."""
    line = " ".join(name.replace("\\", "/").rpartition("/")[2].split())
    return "".join(filter(str.isprintable, line))[:200] or "sheet"


class Checked:
    """An upload, held against the graph as it is now."""

    def __init__(self, upload: Upload) -> None:
        self.upload, self.desk = upload, desk()

    @cached_property
    def table(self) -> Table:
        """Give the sheet as it was read.

        :raises BadSheet: it cannot be.
        """
        found = sheets.read(self.upload.name, self.upload.content, "", [*self.desk.titles(), self.upload.class_])
        if len(found.rows) > MOST_ROWS:
            raise errors.BadSheet(found.file, f"has {len(found.rows):,} rows, and {MOST_ROWS:,} is the most that a "
                                              "browser may send",
                                  "bring it in with `carekg import sheet` where the graph is, or cut it into parts")
        return found

    @cached_property
    def outcome(self) -> Outcome:
        """Give what the sheet would change, and what is wrong with it.

        :raises BadSheet, BadValue: it cannot be read, or is of no class.
        """
        return self.desk.checked(self.table, self.upload.class_, self.upload.answers, self.upload.source)

    def change(self, author: str) -> change.Change:
        """Give the change that the sheet makes.

        It is made against what its author has seen, where they have said after which change that was.
        """
        about = About(author, self.upload.why or f"Sheet {self.upload.name}", self.desk.source(self.upload.source), HOW)
        made = self.outcome.plan.change(about, site.client())
        return made if self.upload.against is None else replace(made, against=self.upload.against)
