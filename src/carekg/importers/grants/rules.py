"""What a grant has to be: the standard's own JSON schema, compiled once, and what our vocabulary asks for beyond it.

Each fault is told by the field, the value that stands there, and what would be right.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from importlib import resources
from typing import Any, Final

import jsonschema_rs
from rapidfuzz import fuzz, process

GRANT: Final = "360-giving-schema.json"
PACKAGE: Final = "360-giving-package-schema.json"
VERSION: Final = "1.4.3"

LONGEST: Final = 200
"""Characters that an identifier may have: it becomes part of an address."""

LARGEST: Final = Decimal(10) ** 15
"""What no sum of money reaches."""

FINEST: Final = 20
"""Digits behind the point that a sum may have."""

DATES: Final = ("awardDate", "plannedDates/0/startDate", "plannedDates/0/endDate", "actualDates/0/startDate",
                "actualDates/0/endDate")
KINDS: Final = {"number": "a number such as 12000.50, without quotes, commas or a sign of its currency",
                "string": "a text", "array": "a list in square brackets", "object": "an object in curly brackets"}
DATE: Final = "a date that exists, such as 2024-05-31"
KINDS_OF: Final = {"fundingOrganization": "a list of funders", "awardDate": DATE, "amountAwarded": KINDS["number"],
                   "currency": "the code of a currency, such as GBP"}
PARTY: Final = "`recipientOrganization` or `recipientIndividual`, one of the two"


@dataclass(frozen=True)
class Fault:
    """Something that is wrong with a grant: the path to a field, what stands there, and what would be right."""

    path: str
    value: str
    right: str

    def sentence(self) -> str:
        """Give the fault as a person reads it."""
        return f"{self.path or 'the grant'} is {self.value}; right would be {self.right}"


@dataclass
class Read:
    """A grant as it was read: where it stands in a table, what it says, and what went wrong on the way."""

    where: str
    said: Any
    faults: list[Fault] = field(default_factory=list)


class Rules:
    """The schema of the standard, ready to be held against grants."""

    def __init__(self) -> None:
        self.schema = schema(GRANT)
        self._validator = jsonschema_rs.validator_for(self.schema, validate_formats=True)

    def faults(self, grant: Any) -> list[Fault]:
        """Give all that is wrong with a grant."""
        try:
            if self._validator.is_valid(grant):
                return list(_beyond(grant))
            return list(dict.fromkeys(self._told(grant)))
        except (ValueError, RecursionError):
            return [Fault("", "nested too deeply", "an object whose members lie a few levels deep")]

    def _told(self, grant: Any) -> Iterator[Fault]:
        for error in self._validator.iter_errors(grant):
            path = "/".join(map(str, error.instance_path))
            if not isinstance(grant, dict):
                yield Fault("", shown(grant), KINDS["object"])
            elif not path:
                yield from self._missing(grant)
            else:
                yield Fault(path, shown(error.instance), self._right(path, error))

    def _missing(self, grant: Mapping[str, Any]) -> Iterator[Fault]:
        """Say which members a grant lacks; of the two ways of naming a recipient it has to have one."""
        both = [set(way["required"]) for way in self.schema["oneOf"]]
        for name in sorted(set.intersection(*both) - set(grant)):
            yield Fault(name, "missing", f"{KINDS_OF.get(name, 'a text')}, which every grant has")
        given = {"recipientOrganization", "recipientIndividual"} & set(grant)
        if len(given) != 1:
            yield Fault("recipientOrganization", "there twice, as an organisation and as an individual"
                        if given else "missing", PARTY)

    def _right(self, path: str, error: jsonschema_rs.ValidationError) -> str:
        """Give what would be right in the place of an error."""
        last = path.rpartition("/")[2]
        match type(error.kind).__name__:
            case "Type":
                types = _flat([self._at(error.schema_path)])
                return " or ".join(KINDS[one] for one in types if one in KINDS)
            case "Enum":
                return _one_of(error.instance, self._at(error.schema_path))
            case "OneOfNotValid" | "OneOfMultipleValid" if "date" in last.lower():
                return DATE
            case "Format" if "date" in last.lower():
                return "a date with its time, such as 2024-05-31T00:00:00Z"
            case "Format":
                return "an address such as https://example.org/"
            case "Required":
                return f"an object with {', '.join(f'`{one}`' for one in self._at(error.schema_path))}"
            case "MinItems":
                return "a list with one member or more"
        return error.message.splitlines()[0][:160]

    def _at(self, path: list[Any]) -> Any:
        """Give what stands at a path of the schema."""
        found: Any = self.schema
        for step in path:
            found = found[step]
        return found


class Titles:
    """The headings of the spreadsheet form: which field of a grant, or of the package, each title stands for.

    The standard derives the titles from the schema: those of the fields on the way, with colons between.
    """

    def __init__(self, name: str = GRANT) -> None:
        self.schema = schema(name)

    def path(self, heading: str) -> tuple[list[str | int], Any] | None:
        """Give the path of the field that a heading names, and the schema of its value; None where it names none.

        The number of a list's member may be left out, and stands for the first.
        """
        steps = [step.strip() for step in heading.replace("/", ":").split(":")]
        return self._found(self.schema, steps, [])

    def _found(self, at: Any, steps: list[str], path: list[str | int]) -> tuple[list[str | int], Any] | None:
        at = self._resolved(at)
        if _is(at, "array"):
            is_numbered = bool(steps) and steps[0].isdecimal() and len(steps[0]) < 5
            number, rest = (int(steps[0]), steps[1:]) if is_numbered else (0, steps)
            return self._found(at["items"], rest, [*path, number]) if number < MEMBERS else None
        if not steps:
            return None if _is(at, "object") else (path, at)
        for name, inner in at.get("properties", {}).items():
            title = self._resolved(inner).get("title") if "title" not in inner else inner["title"]
            if _plain(steps[0]) in (_plain(name), _plain(title or name)):
                return self._found(inner, steps[1:], [*path, name])
        return None

    def _resolved(self, at: Any) -> Any:
        """Give a part of the schema with what it refers to."""
        if "$ref" not in at:
            return at
        found: Any = self.schema
        for step in at["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return found


MEMBERS: Final = 100
"""Members of a list that headings may number."""


def schema(name: str) -> Any:
    """Give a schema of the standard."""
    return json.loads(resources.files(__package__).joinpath("standard", name).read_text(encoding="utf-8"))


def shown(value: Any) -> str:
    """Give a value on one line, cut where it is long."""
    text = str(value) if isinstance(value, str | Decimal) else json.dumps(value, ensure_ascii=False, default=str)
    line = " ".join(text.split())
    return f"`{line if len(line) <= 80 else line[:77] + '...'}`"


def _beyond(grant: Mapping[str, Any]) -> Iterator[Fault]:
    """Say what the schema lets pass and no award can have."""
    for path, one in _identified(grant):
        if not one["id"].strip() or len(one["id"]) > LONGEST:
            yield Fault(f"{path}id", shown(one["id"]), f"an identifier of 1 to {LONGEST} characters")
        if path and not one["name"].strip():
            yield Fault(f"{path}name", shown(one["name"]), "a name")
    for path in DATES:
        value = at(grant, path)
        if value is not None and not exists(value):
            yield Fault(path, shown(value), DATE)
    begins, ends = at(grant, "actualDates/0/startDate"), at(grant, "actualDates/0/endDate")
    if begins and ends and ends[:10] < begins[:len(ends[:10])]:
        yield Fault("actualDates/0/endDate", shown(ends), f"no earlier than the start, {begins[:10]}")
    if not _in_range(grant["amountAwarded"]):
        yield Fault("amountAwarded", shown(grant["amountAwarded"]), "a sum of money, below a thousand million million")


def _identified(grant: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "", grant
    for name in ("fundingOrganization", "recipientOrganization"):
        yield from ((f"{name}/{number}/", one) for number, one in enumerate(grant.get(name, ())))


def at(grant: Any, path: str) -> Any:
    """Give the value at a path of a grant, None where there is none."""
    for step in path.split("/"):
        if isinstance(grant, list):
            grant = grant[int(step)] if int(step) < len(grant) else None
        else:
            grant = grant.get(step) if isinstance(grant, dict) else None
    return grant


def exists(value: str) -> bool:
    """Say whether a date of the right form is a day, a month or a year that there is."""
    try:
        datetime.date.fromisoformat(value[:10] + "-01-01"[len(value[:10]) - 4:] if len(value) < 10 else value[:10])
    except ValueError:
        return False
    return True


def _in_range(amount: Any) -> bool:
    try:
        value = Decimal(amount)
        return abs(value) < LARGEST and int(value.as_tuple().exponent) >= -FINEST
    except (ArithmeticError, ValueError, TypeError):  # such as an infinite one
        return False


def _one_of(value: Any, known: list[str]) -> str:
    if len(known) <= 5:
        return " or ".join(f"`{one}`" for one in known)
    near = process.extractOne(str(value).upper(), known, scorer=fuzz.ratio, score_cutoff=60)
    alike = near is not None and len(near[0]) == len(str(value))
    return f"a code of its list, such as `{near[0] if near and alike else 'GBP' if 'GBP' in known else known[0]}`"


def _is(part: Any, kind: str) -> bool:
    return kind in _flat([part.get("type", "object" if "properties" in part else "")])


def _flat(types: Any) -> list[Any]:
    return [inner for one in types for inner in (one if isinstance(one, list) else [one])]


def _plain(title: str) -> str:
    return "".join(title.lower().split())
