"""An answer: rows of typed values with the receipts that they rest on, and the ways to take it along."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

from carekg.client import frames, shaping, showing
from carekg.client.reading import Rows
from carekg.client.shaping import Column, Receipts
from carekg.query import Receipt

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow


class Answer(Sequence[dict[str, Any]]):
    """The answer to a question: a sequence of rows, each a dictionary of typed values by column.

    A value is a `str`, `int`, `~decimal.Decimal`, `float`, `bool`, `~datetime.date`, `~datetime.datetime` or, where
    nothing is stated, None. A thing is its label; its IRI is in the column of that name with ``_iri``. A year is an
    `int`. A column whose values are of several kinds, such as years and days, holds texts, as the graph has them.
    Where rows tell of what is no longer to be used, a column ``deprecated`` marks them.

    :ivar question: the name of the prepared question; nothing for SPARQL.
    :ivar asks: what it asks, in words.
    :ivar asked: the values that were given, by parameter.
    :ivar address: where the answer is found again: whole if a server gave it, else its path on any server.
    :ivar cut: the number of rows after which it was cut, nought where it is whole.
    :ivar note: a sentence on why it is empty or cut; nothing where all is said.
    """

    def __init__(self, rows: Rows, *, asks: str, question: str = "", asked: Mapping[str, str] | None = None,
                 address: str = "", cut: int = 0, note: str = "", why: Callable[[], list[str]] = list) -> None:
        self._rows, self._why = rows, why
        self.question, self.asks, self.asked = question, asks, dict(asked or {})
        self.address, self.cut, self.note = address, cut, note

    # --- rows ---------------------------------------------------------------------------------------------------

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns of what is answered, with headings, kinds and units, without those of receipts."""
        return tuple(column for column, _ in self._filled)

    @property
    def receipts(self) -> list[tuple[Receipt, ...]]:
        """The receipts of each row: ``words``, ``source`` (``text`` and ``iri``), ``where``, and ``about`` what.

        The words are the source's own, unless ``where`` is ``paraphrased``.
        """
        return [row.receipts for row in self._rows.rows]

    def __len__(self) -> int:
        return len(self._rows.rows)

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...

    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Any]]: ...

    def __getitem__(self, index: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        return self._dicts[index]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._dicts)

    @cached_property
    def _filled(self) -> list[shaping.Filled]:
        return shaping.shaped(self._rows, None)

    @cached_property
    def _dicts(self) -> list[dict[str, Any]]:
        return self.to_dicts(receipts=None)

    def why(self) -> list[str]:
        """Give why the answer to a prepared question is empty, in sentences: which value nothing fits, what would do.

        Some end in the address of a question that has an answer. It is looked into when you ask, which takes seconds;
        an answer with rows has nothing to explain.

        :raises StoreError, Refused: the store or the server does not answer.
        """
        return [] if self._rows.rows else self._why()

    # --- taking it along ----------------------------------------------------------------------------------------

    def to_dicts(self, receipts: Receipts = "columns") -> list[dict[str, Any]]:
        """Give the rows as dictionaries.

        :param receipts: as for `to_pandas`.
        """
        filled = self._shaped(receipts)
        names = [column.name for column, _ in filled]
        return [dict(zip(names, row, strict=True)) for row in zip(*(values for _, values in filled), strict=True)]

    def to_pandas(self, receipts: Receipts = "columns") -> pandas.DataFrame:
        """Give a data frame of pandas; it takes ``pip install pandas``.

        Missing values are missing in every type: whole numbers and years are ``Int64``, decimals ``Float64`` (or
        `~decimal.Decimal` where they have more than 15 digits), days ``datetime64[s]``, texts ``string``. The question,
        the address, notes and units are in ``attrs``.

        :param receipts: ``"columns"``: a row for each row, its receipts in columns, one line a receipt, and the lines
            of ``receipt_words``, ``receipt_source`` and ``receipt_where`` in step. ``"rows"``: a row for each receipt;
            ``row`` is the number of the row that it bears out. None: no receipts.
        :raises MissingExtra: pandas is not installed.
        """
        return frames.to_pandas(self._shaped(receipts), self._about())

    def to_polars(self, receipts: Receipts = "columns") -> polars.DataFrame:
        """Give a data frame of polars; it takes ``pip install polars``.

        :param receipts: as for `to_pandas`.
        :raises MissingExtra: polars is not installed.
        """
        return frames.to_polars(self._shaped(receipts))

    def to_arrow(self, receipts: Receipts = "columns") -> pyarrow.Table:
        """Give an Arrow table, with units in the metadata of its fields; it takes ``pip install pyarrow``.

        :param receipts: as for `to_pandas`.
        :raises MissingExtra: pyarrow is not installed.
        """
        return frames.to_arrow(self._shaped(receipts), self._about())

    def _shaped(self, receipts: Receipts) -> list[shaping.Filled]:
        return self._filled if receipts is None else shaping.shaped(self._rows, receipts)

    def _about(self) -> dict[str, Any]:
        """Give what is known of the whole, as texts and mappings of texts."""
        units = {column.name: column.unit for column in self.columns if column.unit}
        told = {"question": self.question, "asks": self.asks, "address": self.address, "note": self.note,
                "units": units}
        return {key: value for key, value in told.items() if value}

    # --- showing it ---------------------------------------------------------------------------------------------

    def _repr_html_(self) -> str:
        return showing.html(self.asks, self.asked, self._rows, self._notes(), self.address)

    def __repr__(self) -> str:
        return showing.text(self.asks, self._rows, self._notes())

    def _notes(self) -> list[str]:
        gone = sum(self._rows.deprecated)
        marked = f"{showing.counted(gone)} no longer to be used: the column `deprecated` marks them." if gone else ""
        return [note for note in (self.note, marked) if note]
