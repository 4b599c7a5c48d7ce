"""The ``#+`` header of a ``.rq`` file, in the manner of grlc (https://grlc.io): YAML behind comment signs."""

from __future__ import annotations

from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any, Final

import yaml

from carekg import errors
from carekg.query import drawing, faceting, placing, planning
from carekg.query.parameter import MARK, OWN, TYPES, Parameter
from carekg.terms import SCHEMES, expand

TEXTS: Final = ("summary", "description", "when_empty")
KNOWN: Final = (*TEXTS, "tags", "parameters", "tally", "page", "drawings", "plan", "facet")


def read(path: Path, text: str) -> dict[str, Any]:
    """Give what a header says, as the fields of a query.

    :raises BrokenFile: it is not YAML, or says what a header does not say.
    """
    lines = "\n".join(line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+"))
    try:
        said = yaml.safe_load(lines) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = f"the #+ header is not YAML: {getattr(error, 'problem', error)}"
        raise errors.BrokenFile(shown(path), what, mark.line + 1 if mark else None) from None
    if not isinstance(said, dict) or not str(said.get("summary", "")).endswith("?"):
        raise _wrong(path, "needs a summary that is a question and ends in `?`")
    for name, value in said.items():
        if name not in KNOWN:
            raise _wrong(path, f"has `{name}`; it takes {', '.join(KNOWN)}")
        if name in TEXTS and not isinstance(value, str):
            raise _wrong(path, f"has `{name}: {value}`; write a text")
    parameters = tuple(_parameter(path, entry) for entry in _list(path, said, "parameters"))
    return {
        "summary": said["summary"],
        "description": said.get("description", "").strip(),
        "when_empty": said.get("when_empty", ""),
        "tags": tuple(map(str, _list(path, said, "tags"))),
        "parameters": parameters,
        "tally": _tally(path, said.get("tally")),
        "page": placing.read(said.get("page"), parameters, partial(_wrong, path)),
        "drawings": _drawings(path, _list(path, said, "drawings")),
        "facet": faceting.read(said.get("facet"), partial(_wrong, path)),
        "plan": planning.read(said.get("plan"), parameters, partial(_wrong, path)),
    }


def shown(path: Path) -> Path:
    """Give a query's path as its folder knows it."""
    return Path(path.parent.name) / path.name


def _list(path: Path, said: dict[str, Any], name: str) -> list[Any]:
    found = said.get(name) or []
    if not isinstance(found, list):
        raise _wrong(path, f"has `{name}: {found}`; write a list")
    return found


def _parameter(path: Path, entry: Any) -> Parameter:
    kinds = {field.name: bool if field.name in ("optional", "repeatable") else str for field in fields(Parameter)}
    if not isinstance(entry, dict):
        raise _wrong(path, f"has the parameter `{entry}`; give it name, label and type")
    for name, value in entry.items():
        if not isinstance(value, kinds.get(name, type(None))):
            right = "true or false" if kinds.get(name) is bool else "a text in quotation marks"
            unknown = f"; a parameter takes {', '.join(kinds)}" if name not in kinds else f"; write {right}"
            raise _wrong(path, f"has a parameter with `{name}: {value}`{unknown}")
    missing = [name for name in ("name", "label", "type") if not entry.get(name)]
    if missing:
        raise _wrong(path, f"has a parameter without {missing[0]}; give it name, label and type")
    parameter = Parameter(**entry)
    if parameter.name in OWN or parameter.name.startswith(MARK):
        raise _wrong(path, f"has the parameter `{parameter.name}`, whose name means something else in an address; "
                           f"{', '.join(OWN)} and all that begins with `{MARK}` do")
    named = parameter.of in SCHEMES or expand(parameter.of)
    if parameter.type not in TYPES or (parameter.type in ("concept", "thing") and not named):
        raise _wrong(path, f"has the parameter `{parameter.name}`, which needs a type ({', '.join(TYPES)}) and, for a "
                           "concept or a thing, `of`: the prefix of a scheme, or a class")
    return parameter


def _tally(path: Path, said: Any) -> tuple[str, str] | None:
    if said is None:
        return None
    if not isinstance(said, dict) or not {"column", "of"} == set(said) or not all(map(str, said.values())):
        raise _wrong(path, f"has `tally: {said}`; give it the column and, in `of`, the prefix of a scheme")
    return str(said["column"]), str(said["of"])


def _drawings(path: Path, entries: list[Any]) -> tuple[drawing.Drawing, ...]:
    try:
        found = tuple(map(drawing.read, entries))
    except errors.BadDrawing as error:
        raise _wrong(path, f"declares a drawing that is not right: {error.what}") from None
    kinds = [one.kind for one in found]
    if twice := [kind for kind in kinds if kinds.count(kind) > 1]:
        raise _wrong(path, f"declares {len(twice)} drawings of the kind {twice[0]}; each kind stands once")
    return found


def _wrong(path: Path, what: str) -> errors.BrokenFile:
    return errors.BrokenFile(shown(path), f"the #+ header {what}", 1)
