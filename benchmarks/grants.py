"""Made-up grants in the 360Giving format, as many as wanted: the same number and seed give the same bytes.

``python -m benchmarks.grants --count 20000 FILE.json`` writes a file; FILE.csv has the spreadsheet form. Few funders
give most of the grants and few recipients get many, as in life; no name in it is anybody's.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final

FUNDERS: Final = 180
WORDS: Final = ("support", "older", "people", "young", "carers", "home", "community", "health", "garden", "kitchen",
                "advice", "training", "group", "weekly", "volunteers", "north", "estate", "families", "visits", "the",
                "to", "and", "of", "for", "with", "a", "in", "who", "live", "alone", "skills", "equipment", "running",
                "costs", "mental", "wellbeing", "project", "new", "local", "centre")
DISTRICTS: Final = ("E07000008", "E06000052", "E08000012", "E09000007", "E06000015", "E08000003", "W06000015",
                    "S12000036", "N09000003", "E05000123", "E01000001", "E06000057", "E09000033", "E10000017")
"""Codes of areas: most are in the graph that is shipped, two are of wards and smaller areas, which are not."""

DAYS: Final = 20 * 365
FIRST: Final = datetime.date(2004, 1, 1)


def grants(count: int, seed: int = 360) -> Iterator[dict[str, Any]]:
    """Give so many grants."""
    dice = random.Random(seed)
    for number in range(count):
        yield _grant(dice, number, count)


def written(file: IO[str], count: int, seed: int = 360) -> None:
    """Write a package of grants as JSON, one grant a line."""
    file.write('{"version": "1.4", "license": "https://creativecommons.org/licenses/by/4.0/", '
               '"publisher": {"name": "Made-up Grants Register", "identifier": "GB-CHC-9990000"}, "grants": [\n')
    for number, grant in enumerate(grants(count, seed)):
        file.write((",\n" if number else "") + json.dumps(grant))
    file.write("\n]}\n")


def tabled(file: IO[str], count: int, seed: int = 360) -> None:
    """Write grants in the spreadsheet form, as CSV."""
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for grant in grants(count, seed):
        writer.writerow([_at(grant, path) for path in COLUMNS.values()])


COLUMNS: Final = {
    "Identifier": "id", "Title": "title", "Description": "description", "Currency": "currency",
    "Amount Awarded": "amountAwarded", "Award Date": "awardDate", "Recipient Org:0:Identifier":
    "recipientOrganization/0/id", "Recipient Org:0:Name": "recipientOrganization/0/name",
    "Recipient Org:0:Charity Number": "recipientOrganization/0/charityNumber",
    "Recipient Ind:Identifier": "recipientIndividual/id", "Recipient Ind:Name": "recipientIndividual/name",
    "Funding Org:0:Identifier": "fundingOrganization/0/id", "Funding Org:0:Name": "fundingOrganization/0/name",
    "Beneficiary Location:0:Geographic Code": "beneficiaryLocation/0/geoCode",
    "Planned Dates:0:Start Date": "plannedDates/0/startDate", "Planned Dates:0:End Date": "plannedDates/0/endDate",
    "Grant Programme:0:Title": "grantProgramme/0/title",
}
"""Headings of the spreadsheet form, and where the value of each stands in a grant."""


def _at(grant: Any, path: str) -> Any:
    """Give the value at a path of a grant, nothing where there is none."""
    for step in path.split("/"):
        grant = grant[int(step)] if step.isdigit() and grant else grant.get(step, "") if grant else ""
    return grant


def _grant(dice: random.Random, number: int, count: int) -> dict[str, Any]:
    funder = int(FUNDERS * dice.random() ** 3)
    given = FIRST + datetime.timedelta(dice.randrange(DAYS))
    found: dict[str, Any] = {
        "id": f"360G-fund{funder}-{number:07d}", "title": _words(dice, 6), "description": _words(dice, 40),
        "currency": "GBP", "amountAwarded": _amount(dice), "awardDate": given.isoformat(),
        "fundingOrganization": [{"id": f"GB-CHC-{9990000 + funder}", "name": f"Made-up Foundation {funder}"}]}
    if dice.random() < 0.04:
        found["recipientIndividual"] = {"id": f"360G-fund{funder}-ind-{number}", "name": "Individual Recipient"}
    else:
        found["recipientOrganization"] = [_recipient(dice, count)]
    if dice.random() < 0.7:
        found["beneficiaryLocation"] = [{"geoCode": dice.choice(DISTRICTS), "geoCodeType": "LAD"}]
    if dice.random() < 0.6:
        ends = given + datetime.timedelta(30 * dice.randrange(3, 48))
        found["plannedDates"] = [{"startDate": given.isoformat(), "endDate": ends.isoformat()}]
    if dice.random() < 0.5:
        found["grantProgramme"] = [{"title": f"Programme {dice.randrange(1 + funder % 7)}"}]
    return found


def _amount(dice: random.Random) -> float | int:
    amount = round(500 * dice.paretovariate(0.9), 2)
    return min(amount, 20_000_000.0) if dice.random() < 0.1 else int(min(amount, 20_000_000))


def _recipient(dice: random.Random, count: int) -> dict[str, Any]:
    """Give a recipient: about one for three grants, most with one grant, a few with hundreds."""
    number = int(count / 2 * dice.random() ** 2)
    kind = number % 10
    if kind < 6:
        charity = str(2000000 + number)
        return {"id": f"GB-CHC-{charity}", "name": f"Made-up Charity {number}", "charityNumber": charity}
    if kind < 8:
        return {"id": f"GB-COH-{10000000 + number}", "name": f"Made-up Company {number}",
                "companyNumber": str(10000000 + number)}
    return {"id": f"360G-made-up-org-{number}", "name": f"Made-up Group {number}"}


def _words(dice: random.Random, most: int) -> str:
    return " ".join(dice.choices(WORDS, k=dice.randrange(3, most))).capitalize()


def main() -> None:
    """Write a file of grants."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.grants", description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=360)
    parser.add_argument("file", type=Path)
    chosen = parser.parse_args()
    with chosen.file.open("w", encoding="utf-8", newline="") as file:
        (tabled if chosen.file.suffix == ".csv" else written)(file, chosen.count, chosen.seed)


if __name__ == "__main__":
    main()
