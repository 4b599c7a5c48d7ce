"""Grants as tests make them up, files of them, and a desk at which they are imported into the small world."""

import copy
import csv
import json
from pathlib import Path
from typing import Any

import small
from carekg.change.guard import Guard
from carekg.importers.grants import reading
from carekg.importers.grants.documents import Documents
from carekg.importers.grants.importing import Importer, Tally
from carekg.importers.grants.rules import Read, Rules
from carekg.store import rows
from carekg.store.embedded import EmbeddedStore
from carekg.terms import PREFIXES

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
LANTERN = {"id": "GB-CHC-999999", "name": "The Lantern Trust (Saltmere)"}
GRANT = {
    "id": "360G-tide-1", "title": "Walks for all", "description": "Lantern walks on Fridays.", "currency": "GBP",
    "amountAwarded": 1250, "awardDate": "2021-03-04", "fundingOrganization": [
        {"id": "GB-CHC-1000001", "name": "Tide Foundation"}], "recipientOrganization": [LANTERN]}
HEADINGS = ["Identifier", "Title", "Description", "Currency", "Amount Awarded", "Award Date",
            "Recipient Org:0:Identifier", "Recipient Org:0:Name", "Funding Org:Identifier", "funding org:name"]
LINE = ["360G-tide-1", "Walks for all", "Lantern walks on Fridays.", "GBP", "1250", "2021-03-04", *LANTERN.values(),
        "GB-CHC-1000001", "Tide Foundation"]
PROLOGUE = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())


def grant(**changed: Any) -> dict[str, Any]:
    """A grant that is right but for what is changed; what is None is left out."""
    found = copy.deepcopy(GRANT) | changed
    return {name: value for name, value in found.items() if value is not None}


def numbered(count: int, **changed: Any) -> list[dict[str, Any]]:
    """So many grants that are right."""
    return [grant(id=f"360G-tide-{number}", **changed) for number in range(1, count + 1)]


def package(path: Path, grants: Any, **beside: Any) -> Path:
    """A file of grants in JSON that says who published it."""
    about = {"publisher": {"name": "Tide Foundation"}, "license": LICENCE}
    path.write_text(json.dumps({**about, **beside, "grants": grants}), encoding="utf-8")
    return path


def table(path: Path, headings: list[str], *lines: list[Any]) -> Path:
    """A file of grants in CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headings, *lines])
    return path


class Desk:
    """A store in which grants are imported, and asked for."""

    def __init__(self, store: EmbeddedStore) -> None:
        self.store, self.guard = store, Guard.over(store)

    def run(self, path: Path, batch: int = 1000, after: int = 0, *, preview: bool = False, **options: str) -> Tally:
        """Import a file."""
        source = reading.opened(path)
        documents = Documents(path.name, source.about(), **options)
        one = Importer(source, documents, self.store, self.guard, "ann", reading.digest(path), batch)
        return one.run(Rules(), after, lambda _tally: None, preview=preview)

    def ask(self, pattern: str) -> list[dict[str, str]]:
        """The solutions of a pattern in the union of all graphs, IRIs compact."""
        found = rows(self.store, f"{PROLOGUE} SELECT * WHERE {{ {pattern} }}")
        return [{name: small.compact(value) if value.startswith("http") else value for name, value in row.items()}
                for row in found]


def read(path: Path) -> list[Read]:
    """The grants of a file, as they are read."""
    return list(reading.opened(path).grants())
