"""Columns as tables of other libraries: pandas, polars, Arrow; each library is an extra of carekg.

The types are the same in all: whole numbers and years stay whole where values are missing, days are days, and what is
missing is missing, never a number that is none.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from carekg import errors
from carekg.client import kinds
from carekg.client.shaping import Filled

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

EXACT: Final = 15
"""Digits up to which a floating number gives back the decimal that it was made of (IEEE 754, 64 bits)."""

NULLABLE: Final = {kinds.INTEGER: "Int64", kinds.YEAR: "Int64", kinds.NUMBER: "Float64", kinds.TRUTH: "boolean"}
"""The types of pandas that hold what is missing beside what is whole; all other values but days are texts."""


def to_pandas(filled: Sequence[Filled], about: Mapping[str, Any]) -> pandas.DataFrame:
    """Give a data frame with nullable types; what is known of the whole is in its ``attrs``."""
    library = _needed("pandas", "pandas")
    frame: pandas.DataFrame = library.DataFrame(
        {column.name: _series(library, column.kind, values) for column, values in filled})
    frame.attrs.update(about)
    return frame


def to_polars(filled: Sequence[Filled]) -> polars.DataFrame:
    """Give a data frame of polars."""
    library = _needed("polars", "polars")
    types = {kinds.INTEGER: library.Int64, kinds.YEAR: library.Int64, kinds.NUMBER: library.Float64,
             kinds.TRUTH: library.Boolean, kinds.DATE: library.Date}

    def series(kind: str, values: list[Any]) -> Any:
        if kind == kinds.DECIMAL:
            return library.Series(values, dtype=library.Decimal(kinds.DIGITS, kinds.scale(values)))
        if kind == kinds.TIME:
            return library.Series(values, dtype=library.Datetime("us", "UTC" if _zoned(values) else None))
        return library.Series(values, dtype=types.get(kind, library.String))

    frame: polars.DataFrame = library.DataFrame({column.name: series(column.kind, values) for column, values in filled})
    return frame


def to_arrow(filled: Sequence[Filled], about: Mapping[str, Any]) -> pyarrow.Table:
    """Give an Arrow table; headings and units are in the metadata of its fields, the rest in that of its schema."""
    library = _needed("pyarrow", "arrow")
    types = {kinds.INTEGER: library.int64(), kinds.YEAR: library.int64(), kinds.NUMBER: library.float64(),
             kinds.TRUTH: library.bool_(), kinds.DATE: library.date32()}

    def typed(kind: str, values: list[Any]) -> Any:
        if kind == kinds.DECIMAL:
            return library.decimal128(kinds.DIGITS, kinds.scale(values))
        if kind == kinds.TIME:
            return library.timestamp("us", "UTC" if _zoned(values) else None)
        return types.get(kind, library.string())

    fields, arrays = [], []
    for column, values in filled:
        type_ = typed(column.kind, values)
        told = {"heading": column.heading, "kind": column.kind, "unit": column.unit, "unit_in": column.unit_in}
        fields.append(library.field(column.name, type_, metadata={key: text for key, text in told.items() if text}))
        arrays.append(library.array(values, type=type_))
    schema = library.schema(fields, metadata={key: str(value) for key, value in about.items()})
    table: pyarrow.Table = library.table(arrays, schema=schema)
    return table


def _needed(package: str, extra: str) -> Any:
    """Give a library.

    :raises MissingExtra: it is not installed; the sentence says how it is.
    """
    try:
        return importlib.import_module(package)
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        raise errors.MissingExtra(package, extra) from None


def _series(pandas: Any, kind: str, values: list[Any]) -> Any:
    """Give a column of pandas."""
    if kind == kinds.DECIMAL:
        if all(value is None or len(value.as_tuple().digits) <= EXACT for value in values):
            return pandas.array([None if value is None else float(value) for value in values], dtype="Float64")
        return pandas.Series(values, dtype=object)
    if kind in (kinds.DATE, kinds.TIME):  # in nanoseconds there are no years before 1677 and after 2262
        plain = [value.replace(tzinfo=None) if kind == kinds.TIME and value else value for value in values]
        unit = "datetime64[us]" if kind == kinds.TIME else "datetime64[s]"
        made = pandas.Series(_needed("numpy", "pandas").array(plain, dtype=unit))
        return made.dt.tz_localize("UTC") if _zoned(values) else made
    return pandas.array(values, dtype=NULLABLE.get(kind, "string"))


def _zoned(values: Sequence[Any]) -> bool:
    """Say whether times have a zone, which is then UTC."""
    return any(getattr(value, "tzinfo", None) is not None for value in values)
