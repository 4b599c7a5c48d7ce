"""How much of a sheet is read: enough for a year's work, and no more than is checked in a minute or two."""

from __future__ import annotations

from typing import Final

MOST_ROWS: Final = 20_000
LAST_ROW: Final = 2**20
"""Rows that a sheet of Excel has; most of them are empty."""

MOST_COLUMNS: Final = 250
MOST_CHARACTERS: Final = 32_767
"""Characters of a cell, as Excel has it."""

MOST_CELLS: Final = 50_000_000
"""Cells that are looked at, empty ones with them: a short file can have columns and rows without end."""

MOST_UNPACKED_MB: Final = 200
"""Megabytes that the parts of a workbook may have together, once they are unpacked."""

MOST_PARTS: Final = 1_000
