"""Lines, cells and frames of a DOCX: where the blocks of a paper are put (`documents.docx`)."""

import io

from docx.document import Document as Docx
from docx.shared import Mm, Pt
from docx.table import Table as DocxTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph as Line

from documents import docx_xml
from documents.content import Document, Run, Runs
from documents.docx_style import colour, text_width
from documents.fonts import narrow_space
from documents.house import HouseStyle
from documents.qr import code_of
from documents.typography import typeset_runs

Place = Docx | _Cell


class Places:
    """The body of a file and the cells in it, with the typography and the styles of one paper."""

    def __init__(self, made: Docx, document: Document, style: HouseStyle) -> None:
        self.made, self.document, self.style = made, document, style
        # Asking python-docx for a style by name searches the whole list each time; their ids are read once.
        self.style_ids = {one.name: one.style_id for one in made.styles}
        self.width, self.narrow = text_width(made), narrow_space(document.meta.typeface)
        self.indent = 0  # of the left edge of tables, in twentieths of a point
        self.broken = False  # the next thing in the body stands on a new page

    def line(self, place: Place, runs: Runs, style: str | None = None) -> Line:
        """A new paragraph; the empty one every cell begins with is used first."""
        unused = isinstance(place, _Cell) and docx_xml.is_untouched(place)
        line = place.paragraphs[0] if unused else docx_xml.add_line(place)
        if self.broken and place is self.made:
            line.paragraph_format.page_break_before, self.broken = True, False
        if style:
            line._p.style = self.style_ids[style]
        for run in typeset_runs(runs, self.document.lang, self.narrow):
            self.words(line, run)
        return line

    def cell(self, cell: _Cell, runs: Runs) -> Line:
        line = self.line(cell, runs)
        docx_xml.tighten(line)
        return line

    def words(self, line: Line, run: Run) -> None:
        written = docx_xml.add_words(line, run.text, strong=run.strong, emphasis=run.emphasis)
        if run.href:
            written.font.color.rgb, written.font.underline = colour(self.style.accent), True
            docx_xml.add_link(line, written, run.href)
        elif run.to:
            docx_xml.add_inner_link(written, bookmark_name(run.to))

    def grid(self, place: Place, rows: int, widths: tuple[float, ...]) -> DocxTable:
        """A table without lines over the whole width, with columns in these shares."""
        if self.broken and place is self.made:
            self.gap(place, new_page=True)
        table = place.add_table(rows, len(widths))
        table.autofit = False
        if self.indent and place is self.made:
            docx_xml.indent(table, self.indent)
        for column, share in zip(table.columns, widths, strict=True):
            column.width = Mm(self.width * share / sum(widths))
        for row in table._tbl.tr_lst:
            for cell, share in zip(row.tc_lst, widths, strict=True):
                cell.width = Mm(self.width * share / sum(widths))
        return table

    def framed(self, place: Place, fill: str, edge: str) -> _Cell:
        table = self.grid(place, 1, (1,))
        docx_xml.borders(table, edge, left=18)
        cell = table.rows[0].cells[0]
        docx_xml.shade(cell, fill)
        docx_xml.pad(cell, top=140, left=200, bottom=80, right=200)
        return cell

    def gap(self, place: Place, *, new_page: bool = False) -> None:
        """Word needs a paragraph between two tables; a low one keeps the rhythm."""
        line = place.add_paragraph()
        if new_page:
            line.paragraph_format.page_break_before, self.broken = True, False
        line.paragraph_format.space_after, line.paragraph_format.line_spacing = Pt(0), Pt(8)

    def scanned(self, place: Place, address: str, alt: str, width: float = 20) -> _Cell:
        """A code to scan, `width` millimetres wide; returns the cell beside it."""
        share = (width + 5) / self.width
        table = self.grid(place, 1, (share, 1 - share))
        docx_xml.keep_row_whole(table.rows[0])
        picture, words = table.rows[0].cells
        drawn = io.BytesIO()
        code_of(address).save(drawn, kind="png", scale=6, border=0)
        run = picture.paragraphs[0].add_run()
        run.add_picture(io.BytesIO(drawn.getvalue()), width=Mm(width))
        docx_xml.describe(run, alt)
        return words


def bookmark_name(anchor: str) -> str:
    """Word takes letters, digits and _ only, 40 at most, a letter first."""
    return ("a_" + anchor.replace("-", "__").replace("/", "_"))[:40]
