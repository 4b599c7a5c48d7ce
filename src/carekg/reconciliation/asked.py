"""Reads what a client sends to a reconciliation service, member by member.

Clauses are those of the Reconciliation Service API 0.2, https://www.w3.org/community/reports/reconciliation/.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from carekg import errors

MOST_QUERIES: Final = 25
"""Queries that a batch has at most; the manifest says so as ``batchSize``."""

MOST_IDS: Final = 1000
MOST_PROPERTIES: Final = 20
MOST_VALUES: Final = 100
"""Values of properties that a batch has at most, all queries together: each has to be looked up."""

MOST_CHARACTERS: Final = 10_000
MOST_OF_VALUE: Final = 1_000
MOST_CANDIDATES: Final = 100
USUAL: Final = 10
"""Candidates that a query gets which names no limit."""

STRICT: Final = ("any", "should", "all")
MEMBERS: Final = ("query", "type", "limit", "properties", "type_strict")


class Wanted(NamedTuple):
    """A property, and the values of which a candidate has one."""

    pid: str
    values: tuple[str, ...]


class Query(NamedTuple):
    """One reconciliation query, as it was sent; names of types and properties are not looked up yet."""

    text: str
    types: tuple[str, ...] = ()
    limit: int = USUAL
    properties: tuple[Wanted, ...] = ()
    strict: str = "any"


class Column(NamedTuple):
    """A property of a data extension query, and how many values a thing gives of it; none for all."""

    pid: str
    most: int | None = None


class Extension(NamedTuple):
    """A data extension query: which values of which things."""

    ids: tuple[str, ...]
    columns: tuple[Column, ...]


def batch(text: str) -> dict[str, Query]:
    """Give the queries of a batch by their keys.

    :raises BadMember, TooMany: it is no batch; the sentence says which member is not right.
    """
    sent = _object("queries", _json("queries", text))
    if len(sent) > MOST_QUERIES:
        raise errors.TooMany("queries", len(sent), MOST_QUERIES)
    read = {key: _query(f"queries.{_shown(key)}", one) for key, one in sent.items()}
    if (values := sum(len(one.values) for query in read.values() for one in query.properties)) > MOST_VALUES:
        raise errors.TooMany("queries.*.properties.*.v", values, MOST_VALUES)
    return read


def single(text: str) -> Query:
    """Give the query that is sent alone, as a JSON object or as the plain text of a name."""
    return _query("query", _json("query", text)) if text.lstrip().startswith("{") else Query(_text("query", text))


def extension(text: str) -> Extension:
    """Give a data extension query.

    :raises BadMember, TooMany: it is none; the sentence says which member is not right.
    """
    sent = _object("extend", _json("extend", text))
    ids = [_text("extend.ids", one) for one in _array("extend.ids", sent.get("ids"), MOST_IDS)]
    columns = _array("extend.properties", sent.get("properties"), MOST_PROPERTIES)
    return Extension(tuple(dict.fromkeys(ids)), tuple(map(_column, columns)))


def _json(where: str, text: str) -> Any:
    try:
        return json.loads(text, parse_constant=lambda name: float(name))
    except json.JSONDecodeError as error:
        right = f"JSON, and it is not at line {error.lineno}, column {error.colno}: {error.msg}"
        raise errors.BadMember(where, right) from None
    except (ValueError, RecursionError):
        raise errors.BadMember(where, "JSON with fewer brackets within brackets, and with shorter numbers") from None


def _query(where: str, sent: Any) -> Query:
    said = _object(where, sent)
    if unknown := [name for name in said if name not in MEMBERS]:
        raise errors.BadMember(f"{where}.{_shown(unknown[0])}", f"one of the members {', '.join(MEMBERS)}")
    if "query" not in said and not said.get("properties"):
        raise errors.BadMember(where, "a query: it has `query`, a name to look for, or `properties`, or both")
    strict = said.get("type_strict", "any")
    if strict not in STRICT:
        raise errors.BadMember(f"{where}.type_strict", f"one of {', '.join(STRICT)}")
    types = said.get("type", [])
    types = _array(f"{where}.type", [types] if isinstance(types, str) else types, MOST_PROPERTIES)
    properties = _array(f"{where}.properties", said.get("properties", []), MOST_PROPERTIES)
    return Query(_text(f"{where}.query", said.get("query", "")), tuple(_text(f"{where}.type", one) for one in types),
                 _limit(f"{where}.limit", said.get("limit", USUAL)),
                 tuple(_wanted(f"{where}.properties[{n}]", one) for n, one in enumerate(properties)), strict)


def _wanted(where: str, sent: Any) -> Wanted:
    said = _object(where, sent)
    if "v" not in said:
        raise errors.BadMember(where, "an object with `pid`, a property, and `v`, a value or an array of values")
    values = said["v"] if isinstance(said["v"], list) else [said["v"]]
    return Wanted(_text(f"{where}.pid", said.get("pid")),
                  tuple(_value(f"{where}.v", one) for one in _array(f"{where}.v", values, MOST_VALUES)))


def _value(where: str, sent: Any) -> str:
    """Give a value as text: clause 4.1 has strings, numbers, booleans and entities."""
    if isinstance(sent, dict) and "id" in sent:
        return _text(f"{where}.id", sent["id"], MOST_OF_VALUE)
    if isinstance(sent, bool):
        return str(sent).lower()
    if isinstance(sent, int | float) and math.isfinite(sent):
        return f"{sent:g}" if isinstance(sent, float) else str(sent)
    if isinstance(sent, str):
        return _text(where, sent, MOST_OF_VALUE)
    raise errors.BadMember(where, "a text, a number, true, false, or an object with `id`, or an array of such")


def _column(sent: Any) -> Column:
    said = _object("extend.properties", sent)
    settings = said.get("settings")
    most = _object("extend.properties.settings", settings or {}).get("limit")
    if most in (None, "", 0, "0"):
        return Column(_text("extend.properties.id", said.get("id")))
    most = int(most) if isinstance(most, str) and most.isdecimal() and len(most) < 10 else most
    return Column(_text("extend.properties.id", said.get("id")), _limit("extend.properties.settings.limit", most))


def _limit(where: str, sent: Any) -> int:
    right = "a whole number above 0"
    if isinstance(sent, bool) or not isinstance(sent, int | float) or not sent >= 1:
        raise errors.BadMember(where, right)
    if isinstance(sent, float) and sent != sent // 1:
        raise errors.BadMember(where, right)
    return int(min(sent, MOST_CANDIDATES))


def _object(where: str, sent: Any) -> Mapping[str, Any]:
    if not isinstance(sent, dict):
        raise errors.BadMember(where, "an object in JSON")
    return sent


def _array(where: str, sent: Any, most: int) -> list[Any]:
    if not isinstance(sent, list):
        raise errors.BadMember(where, "an array in JSON")
    if len(sent) > most:
        raise errors.TooMany(where, len(sent), most)
    return sent


def _text(where: str, sent: Any, most: int = MOST_CHARACTERS) -> str:
    if not isinstance(sent, str) or len(sent) > most:
        raise errors.BadMember(where, f"a text of at most {most:,} characters")
    return sent


def _shown(key: str) -> str:
    return key if len(key) <= 40 else key[:37] + "..."
