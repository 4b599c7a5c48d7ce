"""JSON Schemas of what goes into the HTTP API and what comes out: parameters of questions, answers, errors.

OpenAPI 3.1 takes the schemas of https://json-schema.org/draft/2020-12/schema as they are.
"""

from __future__ import annotations

from typing import Any, Final

from carekg import errors
from carekg.query import Asker, Choice, Parameter
from carekg.terms import compact

Schema = dict[str, Any]

FEW: Final = 60
"""Choices up to which all are listed."""

SHOWN: Final = 5
"""Choices that are shown where there are more."""

LITERALS: Final[dict[str, Schema]] = {
    "text": {"type": "string", "minLength": 1, "maxLength": 1000},
    "integer": {"type": "integer", "minimum": -(10**18) + 1, "maximum": 10**18 - 1},
    "decimal": {"type": "string", "format": "decimal", "pattern": r"^[+-]?[0-9]{1,18}(\.[0-9]{1,18})?$"},
    "year": {"type": "string", "pattern": "^[0-9]{4}$"},
    "date": {"type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
}
"""What a literal parameter takes, as `carekg.query.parameter.LITERALS` has it."""

TERM: Final[Schema] = {
    "type": "object",
    "required": ["type"],
    "properties": {"type": {"enum": ["uri", "literal", "typed-literal", "bnode", "triple"]}, "value": {},
                   "xml:lang": {"type": "string"}, "datatype": {"type": "string"}},
}
RESULTS: Final[Schema] = {
    "type": "object",
    "description": "https://www.w3.org/TR/sparql11-results-json/",
    "required": ["head"],
    "properties": {
        "head": {"type": "object", "properties": {"vars": {"type": "array", "items": {"type": "string"}}}},
        "results": {"type": "object", "required": ["bindings"], "properties": {
            "bindings": {"type": "array", "items": {"type": "object", "additionalProperties": TERM}}}},
        "boolean": {"type": "boolean"},
    },
}


def parameter(asker: Asker, one: Parameter) -> dict[str, Any]:
    """Give the OpenAPI parameter of a question's parameter: its type, its choices, its default."""
    schema, default = value(asker, one), _default(asker, one)
    made: dict[str, Any] = {"name": one.name, "in": "query", "description": _description(one),
                            "required": default is None and not one.optional, "schema": schema}
    if default is not None and one.optional:  # taken only where nothing at all is asked for, so no default of its own
        made["description"] += f" A question without any argument is asked with `{default}`."
    elif default is not None:
        schema["default"] = default
    if one.repeatable:
        schema = {"type": "array", "items": {k: v for k, v in schema.items() if k != "default"}}
        made |= {"schema": schema if default is None else {**schema, "default": [default]},
                 "style": "form", "explode": True}
    return made


def value(asker: Asker, one: Parameter) -> Schema:
    """Give the schema of one value; an empty one leaves an optional parameter open."""
    if one.type in LITERALS:
        known = LITERALS[one.type]
        return {"anyOf": [dict(known), {"const": ""}]} if one.optional else dict(known)
    choices = [name(asker, one, choice) for choice in asker.choices(one)]
    if 0 < len(choices) <= FEW:
        return {"type": "string", "enum": [*choices, *([""] if one.optional else [])]}
    return {"type": "string", "maxLength": 1000, "examples": choices[:SHOWN]}


def name(asker: Asker, one: Parameter, choice: Choice) -> str:
    """Give the shortest name by which a choice can be asked for: its key, else its prefixed name or its IRI."""
    for typed in (choice.key, compact(choice.iri)):
        try:
            if asker.term(one, typed).value == choice.iri:
                return typed
        except errors.BadValue:
            continue
    return choice.iri


def _default(asker: Asker, one: Parameter) -> str | int | None:
    """Give the default as a value of the schema, or None where there is none in this graph."""
    if one.default is None:
        return None
    if one.type == "integer":
        return int(one.default)
    if one.type in LITERALS:
        return one.default
    try:
        iri = asker.term(one, one.default).value
    except errors.BadValue:
        return None
    return next(name(asker, one, choice) for choice in asker.choices(one) if choice.iri == iri)


def _description(one: Parameter) -> str:
    """Give a sentence on what the parameter is and which values it takes."""
    label = one.label[0].upper() + one.label[1:]
    said = [f"{label}: {one.description}." if one.description else f"{label}."]
    if one.type not in LITERALS:
        kind = "a concept of" if one.type == "concept" else "a thing of the class"
        said.append(f"It is {kind} {one.source}, by the last part of its IRI, its label, another of its names, "
                    "its prefixed name or its IRI.")
    if one.optional:
        said.append("Empty leaves it open.")
    return " ".join(said)
