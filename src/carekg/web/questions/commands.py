"""How the same answer is asked for elsewhere: on a command line, in Python, in R, in Excel and Power BI."""

from __future__ import annotations

import json
import keyword
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from carekg.query import Query
from carekg.web.questions.address import ONLY, Address


@dataclass(frozen=True)
class Command:
    """What to copy, for whom; ``note`` says what it gives and what it takes."""

    name: str
    text: str
    note: str


@dataclass(frozen=True)
class Addresses:
    """Where an answer is: as a table with a line a row, and the answer of SPARQL, exactly as it is."""

    table: str
    exact: str


def commands(query: Query, root: str, permanent: Address, where: Addresses) -> list[Command]:
    """Give what to copy."""
    if query.is_graph:
        return [_curl(where.exact, f"{query.name}.ttl", "The triples, as Turtle.")]
    return [
        _curl(where.table, f"{query.name}.csv", "The table, with one line for each row, as a file."),
        Command("Python", _python(query, root, permanent),
                f"A data frame; it takes carekg and `pip install pandas`.{_unpicked(permanent)}"),
        Command("Python without carekg", f"import pandas\n\nanswer = pandas.read_csv({where.table!r})\nprint(answer)",
                "A data frame of the table; it takes `pip install pandas`."),
        Command("R", f"answer <- read.csv({r(where.table)}, fileEncoding = \"UTF-8-BOM\", "
                "na.strings = \"\", check.names = FALSE)\nprint(answer)", "A data frame, with nothing but R itself."),
        Command("Excel and Power BI", where.table,
                "In Excel: Data, Get Data, From Other Sources, From Web; in Power BI Desktop: Get data, Web. Paste "
                "this address, and choose 65001: Unicode (UTF-8) where you are asked for the origin of the file."),
        Command("Power Query", _power_query(where.table),
                "The same for the Advanced Editor of Excel and Power BI, which asks anew with every refresh."),
    ]


def _curl(address: str, file: str, note: str) -> Command:
    return Command("curl", f"curl --fail --output {shlex.quote(file)} {shlex.quote(address)}", note)


def _python(query: Query, root: str, permanent: Address) -> str:
    """Give the call of our own client; what is no name of Python's goes in as a key."""
    given: dict[str, Sequence[str]] = {name: permanent.values(name) for name, _ in permanent.asked.pairs}
    named = {name: (values[0] or None) if len(values) == 1 else list(values) for name, values in given.items()}
    plain = [f", {name}={value!r}" for name, value in named.items() if _is_name(name)]
    others = {name: value for name, value in named.items() if not _is_name(name)}
    more = f", **{others!r}" if others else ""
    return (f"import carekg\n\nkg = carekg.connect({root!r})\n"
            f"answer = kg.ask({query.name!r}{''.join(plain)}{more})\nprint(answer.to_pandas())")


def _unpicked(permanent: Address) -> str:
    """Say that our own client gives all rows, where a reader looks at some of them or in another order."""
    is_looked_at = any(key in ("_sort", "_filter") or key.startswith(ONLY) for key, _ in permanent.pairs)
    return " It gives all rows as the question orders them; what you sorted or picked here is not in it." \
        if is_looked_at else ""


def _is_name(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name) and name not in ("self", "name", "question")


def r(text: str) -> str:
    r"""Give a text as R reads it: the escapes of JSON are R's too, but ``\/``, which JSON does not need."""
    return json.dumps(text)


def m(text: str) -> str:
    """Give a text as Power Query's M reads it (https://learn.microsoft.com/powerquery-m/m-spec-lexical-structure)."""
    return '"' + text.replace("#(", "#(#)(").replace('"', '""') + '"'


def _power_query(address: str) -> str:
    return ("let\n"
            f"    Source = Csv.Document(Web.Contents({m(address)}),\n"
            "        [Delimiter = \",\", Encoding = 65001, QuoteStyle = QuoteStyle.Csv]),\n"
            "    Answer = Table.PromoteHeaders(Source, [PromoteAllScalars = true])\n"
            "in\n"
            "    Answer")
