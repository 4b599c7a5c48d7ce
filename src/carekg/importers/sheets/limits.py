"""How much of a sheet is read: enough for a year's work, and no more than is checked in a minute or two."""

from __future__ import annotations

from typing import Final

MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 250
MOST_CHARACTERS: Final = 32_767
"""Characters of a cell, as Excel has it."""

MOST_UNPACKED_MB: Final = 200
"""Megabytes that the parts of a workbook may have together, once they are unpacked."""

MOST_PARTS: Final = 1_000
