"""The prepared questions of a graph as functions, which completion and help know as they know any other."""

from __future__ import annotations

import inspect
import keyword
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING, Any, Final

from carekg import errors, query
from carekg.client.answer import Answer

MOST: Final = 40
"""Choices of a parameter that its description lists."""

TYPES: Final = {"integer": "int", "decimal": "Decimal", "year": "int", "date": "date"}
"""What a value of each type of parameter may be in Python; others are texts, and a text may stand for all."""

Asking = Callable[..., Answer]
Choosing = Callable[[query.Parameter], list[query.Choice]]


class Question:
    """A prepared question as a function: call it with its parameters as keywords and get an `Answer`."""

    def __init__(self, asked: query.Query, ask: Asking, choices: Choosing) -> None:
        self.name, self.summary, self.description, self.tags = asked.name, asked.summary, asked.description, asked.tags
        self.parameters = asked.parameters
        self.__name__ = self.__qualname__ = identifier(asked.name)
        self.__signature__ = _signature(asked)
        self._ask, self._choices = ask, choices

    def __call__(self, /, *unnamed: Any, **arguments: Any) -> Answer:
        """Ask it."""
        if unnamed:
            names = ", ".join(f"{_argument(one.name)}=..." for one in self.parameters)
            raise TypeError(f"{self.__name__} takes its values by name: {self.__name__}({names})")
        return self._ask(self.name, **arguments)

    def __repr__(self) -> str:
        return f"{self.__name__}{self.__signature__}"

    @property
    def __doc__(self) -> str:  # type: ignore[override]
        """Say what it asks, what it takes, and which values there are; these are looked up when somebody asks."""
        parts = [self.summary, *textwrap.wrap(self.description, 100, break_on_hyphens=False)]
        head = "\n".join([parts[0], "", *parts[1:]] if self.description else parts)
        taken = "\n".join(self._described(one) for one in self.parameters)
        takes = f"\n\nParameters\n----------\n{taken}" if taken else "\n\nIt takes no parameters."
        return f"{head}{takes}\n\nReturns\n-------\nAnswer\n    Its rows with their receipts; `to_pandas()` and others."

    def _described(self, parameter: query.Parameter) -> str:
        """Give a parameter in the manner of numpy's docstrings (https://numpydoc.readthedocs.io)."""
        kind = f"{TYPES.get(parameter.type, 'str')}{' or several' if parameter.repeatable else ''}"
        open_ = ", optional" if parameter.optional else ""
        default = f", default {parameter.default!r}" if parameter.default else open_
        said = f"{parameter.a_label[0].upper()}{parameter.a_label[1:]}"
        said += f": {parameter.description}." if parameter.description else "."
        if parameter.optional and parameter.default:
            said += " The default is for a question without any argument; None leaves it open."
        lines = textwrap.wrap(f"{said} {self._listed(parameter)}", 96, break_on_hyphens=False)
        return f"{_argument(parameter.name)} : {kind}{default}\n" + textwrap.indent("\n".join(lines), "    ")

    def _listed(self, parameter: query.Parameter) -> str:
        """Give the keys of the choices, where there are any and they can be had."""
        try:
            keys = [repr(one.key) for one in self._choices(parameter)]
        except errors.CarekgError:
            return ""
        more = f" and {len(keys) - MOST} more, which `choices({parameter.name!r})` lists" if len(keys) > MOST else ""
        return f"One of {', '.join(keys[:MOST])}{more}." if keys else ""


class Questions:
    """All questions of a graph: as attributes for completion, by name as items.

    The name of an attribute is that of the question with ``_`` for ``-``.
    """

    def __init__(self, queries: Mapping[str, query.Query], ask: Asking, choices: Choosing) -> None:
        self.__dict__["_all"] = {name: Question(one, ask, choices) for name, one in queries.items()}
        self.__dict__["_queries"] = queries
        for name, one in self._all.items():
            self.__dict__.setdefault(identifier(name), one)

    _all: dict[str, Question]
    _queries: Mapping[str, query.Query]

    def __getitem__(self, name: str) -> Question:
        query.find(self._queries, name)
        return self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def __contains__(self, name: object) -> bool:
        return name in self._all

    def __dir__(self) -> list[str]:
        return sorted(name for name in self.__dict__ if not name.startswith("_"))

    def __repr__(self) -> str:
        return "\n".join(f"{identifier(name)}: {one.summary}" for name, one in self._all.items())

    def _ipython_key_completions_(self) -> list[str]:
        return list(self._all)

    def _repr_html_(self) -> str:
        rows = "".join(f'<tr><td style="text-align:left"><code>{escape(identifier(name))}</code></td>'
                       f'<td style="text-align:left">{escape(one.summary)}</td></tr>'
                       for name, one in self._all.items())
        return f"<table><tbody>{rows}</tbody></table>"

    if TYPE_CHECKING:  # which attributes there are, the graph says
        def __getattr__(self, name: str) -> Question: ...


def identifier(name: str) -> str:
    """Give the name of a question as Python can write it."""
    made = re.sub(r"\W", "_", name)
    return f"q_{made}" if made[:1].isdigit() else _argument(made)


def parameter_of(name: str) -> str:
    """Give the name of the parameter that a keyword argument stands for, such as ``from_`` for ``from``."""
    return name[:-1] if name.endswith("_") and keyword.iskeyword(name[:-1]) else name


def _argument(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) else name


def _signature(asked: query.Query) -> inspect.Signature:
    """Give the signature of a question: keywords, those that have to be given without a default."""
    return inspect.Signature([
        inspect.Parameter(_argument(one.name), inspect.Parameter.KEYWORD_ONLY, annotation=TYPES.get(one.type, "str"),
                          default=one.default or (None if one.optional else inspect.Parameter.empty))
        for one in asked.parameters], return_annotation="Answer")
