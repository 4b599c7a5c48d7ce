"""A plan as a document of Word: headings, tables whose first row is repeated, and numbered notes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from carekg.plans.document import NATURE, NO_LONGER, Block, Document

INK: Final = RGBColor(0x1D, 0x2A, 0x30)
ACCENT: Final = RGBColor(0x0B, 0x61, 0x56)
HEAD: Final = "Plan head"
CELL: Final = "Plan cell"
NOTE: Final = "Plan note"
"""Names of the styles of a table's first row, of its other cells, and of notes."""

WIDE: Final = 261
"""Millimetres of a page between its margins."""

NOT_IN_XML: Final = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not hold (https://www.w3.org/TR/xml/#charsets)."""


def written(plan: Document) -> bytes:
    """Give a plan as the bytes of a file of Word, on A4 across, in British English."""
    made = docx.Document()
    _styled(made, plan)
    made.add_heading(_clean(plan.title), 0)
    made.add_paragraph(NATURE)
    _colophon(made, plan)
    made.add_heading("What was described", 1)
    _table(made, ("fact", "told"), [(label, "; ".join(values)) for label, values in plan.described])
    for block in plan.blocks:
        _block(made, block)
    if plan.unasked:
        made.add_heading("Not asked", 1)
        for heading, why in plan.unasked:
            made.add_paragraph(_clean(f"{heading}: {why}"), style="List Bullet")
    _notes(made, plan)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _styled(made: Any, plan: Document) -> None:
    page = made.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(18)
    normal = made.styles["Normal"]
    normal.font.name, normal.font.size, normal.font.color.rgb = "Calibri", Pt(10.5), INK
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    normal.element.get_or_add_rPr().append(language)
    for name, size, after in ((HEAD, 9, 1), (CELL, 9, 1), (NOTE, 8.5, 2)):
        style = made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style, style.font.size, style.paragraph_format.space_after = normal, Pt(size), Pt(after)
    made.styles[HEAD].font.bold = True
    for name in ("Title", "Heading 1", "Heading 2"):
        made.styles[name].font.color.rgb = ACCENT
    made.core_properties.title, made.core_properties.author = _clean(plan.title), "carekg"
    made.core_properties.language, made.core_properties.comments = "en-GB", ""
    made.core_properties.subject = f"Made on {plan.about.made} of the graph {plan.about.graph}"
    page.footer.paragraphs[0].text = _clean(f"{plan.title} · {plan.about.made} · {plan.about.address}")


def _colophon(made: Any, plan: Document) -> None:
    about = plan.about
    _table(made, ("this document", ""), [
        ("Made", about.made), ("Graph", about.graph), ("Address, to ask again", about.address),
        ("Licence", about.licence)])


def _block(made: Any, block: Block) -> None:
    made.add_heading(_clean(block.heading), 1)
    made.add_paragraph(_clean(f"{block.question} {block.told}"))
    if block.about:
        made.add_paragraph(_clean(block.about)).runs[0].italic = True
    if block.lines:
        rows = [(*(cell.text + (f" ({NO_LONGER})" if line.is_deprecated and not n else "")
                   for n, cell in enumerate(line.cells)), ", ".join(map(str, line.notes))) for line in block.lines]
        _table(made, (*block.columns, "notes"), rows)


def _table(made: Any, headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """Add a table; its first row is repeated on each page, and no row breaks over two."""
    listed = [headings, *rows]
    table = made.add_table(rows=len(listed), cols=len(headings), style="Table Grid")
    widths, heads, cells = _widths(listed), made.styles[HEAD].style_id, made.styles[CELL].style_id
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):  # LibreOffice reads these, Word those of the cells
        column.width = width
    for number, (row, texts) in enumerate(zip(table.rows, listed, strict=True)):
        _flag(row, "w:cantSplit" if number else "w:tblHeader")
        for cell, text, width in zip(row.cells, texts, widths, strict=True):
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph._p.style = cells if number else heads  # by id: looking it up anew takes half of the time
            paragraph.add_run(_clean(text))
    made.add_paragraph(style=NOTE)


def _widths(rows: Sequence[tuple[str, ...]]) -> list[Mm]:
    """Give each column room as its texts need it: a long one more, none less than its longest word."""
    columns = list(zip(*rows, strict=True))
    least = [max(len(word) for text in column for word in (text.split() or [""])) for column in columns]
    wanted = [max(min(sum(map(len, column)) / len(column), 60), 1.3 * word) + 3
              for column, word in zip(columns, least, strict=True)]
    return [Mm(WIDE * width / sum(wanted)) for width in wanted]


def _flag(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _notes(made: Any, plan: Document) -> None:
    made.add_heading("Notes: who says it, where, and in which words", 1)
    made.add_paragraph("Words in quotation marks are the source's own; others are ours.")
    for number, one in enumerate(plan.notes, 1):
        where = f", {one.where}" if one.where else ""
        made.add_paragraph(_clean(f"[{number}] {one.quoted} {one.source.text}{where}. {one.source.iri}"), style=NOTE)


def _clean(text: str) -> str:
    return NOT_IN_XML.sub("\ufffd", text)
