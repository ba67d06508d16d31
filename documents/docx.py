"""Content tree → DOCX: the working copy, with real headings, numbered lists, repeated table headers and languages.

The footer says that the PDF is the original and carries the content hash, so that a copy can be matched to it.
"""

import io
from functools import singledispatchmethod

import segno
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.shared import Mm, Pt
from docx.table import Table as DocxTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph as Line

from documents import docx_xml
from documents.as_data import shares
from documents.content import (
    Article,
    Block,
    Document,
    Figure,
    Heading,
    KeyValues,
    Lead,
    ListBlock,
    Notice,
    PageBreak,
    Paragraph,
    Parties,
    QRCode,
    Quote,
    Rule,
    Run,
    Runs,
    SignatureBlock,
    Signatures,
    Table,
)
from documents.docx_style import TEXT_WIDTH_MM, colour, prepared
from documents.house import HouseStyle
from documents.wording import article_label, is_sealed, long_date, signing_line, verification

_ALIGN = {"left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}
_DEEPEST_LIST = 3
Place = Docx | _Cell


def write(document: Document, style: HouseStyle, *, content_hash: str, mark: str | None = None) -> bytes:
    """The working copy. `content_hash`: of `documents.as_data.content_hash`; `mark`: as for `documents.pdf.write`."""
    made = prepared(document, style, content_hash, mark)
    writer = _Writer(made, document, style, sealed=is_sealed(mark))
    writer.opening(mark)
    writer.sequence(made, document.blocks)
    saved = io.BytesIO()
    made.save(saved)
    return saved.getvalue()


class _Writer:
    """Writes blocks into a place: the body of the file, or a cell of a table."""

    def __init__(self, made: Docx, document: Document, style: HouseStyle, *, sealed: bool) -> None:
        self.made, self.document, self.style, self.sealed = made, document, style, sealed
        # Asking python-docx for a style by name searches the whole list each time; their ids are read once.
        self.style_ids = {one.name: one.style_id for one in made.styles}

    # ---- the top of the first page

    def opening(self, mark: str | None) -> None:
        document, style = self.document, self.style
        self._letterhead()
        self._line(self.made, (Run(document.title),), "Title")
        if document.meta.subtitle:
            self._line(self.made, (Run(document.meta.subtitle),), "Subtitle")
        date = long_date(document.meta.date, document.lang)
        dated = style.says(document.lang, "dated", reference=document.meta.reference, date=date)
        self._line(self.made, (Run(dated),), "Small").paragraph_format.space_after = Pt(16)
        if mark is not None:
            warning = self._framed(self.made, "#FFFFFF", "#A4262C").paragraphs[0]
            warning.add_run(style.says(document.lang, f"{mark}_text")).bold = True
            self._gap(self.made)

    def _letterhead(self) -> None:
        table = self._grid(self.made, 1, (0.6, 0.4))
        docx_xml.borders(table, self.style.accent, bottom=10)
        organisation, address = table.rows[0].cells
        name = organisation.paragraphs[0].add_run(self.style.organisation)
        name.bold, name.font.size, name.font.color.rgb = True, Pt(13), colour(self.style.accent)
        line = address.paragraphs[0]
        line._p.style = self.style_ids["Small"]
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self._words(line, Run("\n".join(self.style.address)))
        self._gap(self.made)

    # ---- blocks

    def sequence(self, place: Place, blocks: tuple[Block, ...]) -> None:
        for block in blocks:
            self.block(block, place)

    @singledispatchmethod
    def block(self, block: Block, place: Place) -> None:
        raise TypeError(type(block))

    @block.register
    def _heading(self, block: Heading, place: Place) -> None:
        self._line(place, block.runs, f"Heading {block.level}")

    @block.register
    def _article(self, block: Article, place: Place) -> None:
        runs = article_label(block, self.style, self.document.lang)
        self._line(place, runs, f"Heading {block.level}")

    @block.register
    def _paragraph(self, block: Paragraph, place: Place) -> None:
        line = self._line(place, block.runs)
        if block.announces:
            line.paragraph_format.keep_with_next = True

    @block.register
    def _parties(self, block: Parties, place: Place) -> None:
        self.sequence(self._framed(place, "#FFFFFF", self.style.accent), block.blocks)
        self._gap(place)

    @block.register
    def _rule(self, block: Rule, place: Place) -> None:
        docx_xml.paragraph_line(self._line(place, ()), "bottom", self.style.line)

    @block.register
    def _page_break(self, block: PageBreak, place: Place) -> None:
        self._line(place, ()).add_run().add_break(WD_BREAK.PAGE)

    @block.register
    def _list(self, block: ListBlock, place: Place) -> None:
        self._items(block, place, 0)

    def _items(self, block: ListBlock, place: Place, level: int) -> None:
        numbering = self.made.part.numbering_part.element
        identity = docx_xml.new_numbering(numbering, ordered=block.ordered, start=block.start)
        for item in block.items:
            for at, inner in enumerate(item):
                if at == 0 and isinstance(inner, Paragraph):
                    line = self._line(place, inner.runs)
                    line.paragraph_format.space_after = Pt(2)
                    docx_xml.number_paragraph(line, identity, min(level, _DEEPEST_LIST))
                elif isinstance(inner, ListBlock):
                    self._items(inner, place, level + 1)
                else:
                    self.block(inner, place)

    @block.register
    def _styled(self, block: Lead | Quote, place: Place) -> None:
        before = len(place.paragraphs)
        self.sequence(place, block.blocks)
        for line in place.paragraphs[before:]:
            if isinstance(block, Lead):
                line._p.style = self.style_ids["Lead"]
            else:
                line.paragraph_format.left_indent = Mm(6)

    @block.register
    def _table(self, block: Table, place: Place) -> None:
        if block.caption:
            self._line(place, (Run(block.caption),), "Caption")
        table = self._grid(place, 1 + len(block.rows), shares(block))
        docx_xml.borders(table, self.style.line, bottom=4, insideH=4)
        docx_xml.repeat_header(table.rows[0])
        for row, cells in zip(table.rows, (block.header, *block.rows), strict=True):
            docx_xml.keep_row_whole(row)
            for cell, runs, alignment in zip(row.cells, cells, block.alignment, strict=True):
                self._cell(cell, runs).alignment = _ALIGN[alignment]
        for cell in table.rows[0].cells:
            docx_xml.shade(cell, self.style.soft)
            for run in cell.paragraphs[0].runs:
                run.bold = True
        self._gap(place)

    @block.register
    def _key_values(self, block: KeyValues, place: Place) -> None:
        table = self._grid(place, len(block.rows), (2, 3))
        docx_xml.borders(table, self.style.line, bottom=4, insideH=4)
        empty = (Run(self.style.says(self.document.lang, "empty")),)
        for row, (label, value) in zip(table.rows, block.rows, strict=True):
            left, right = row.cells
            for run in self._cell(left, label).runs:
                run.font.color.rgb = colour(self.style.quiet)
            self._cell(right, value or empty)
        self._gap(place)

    @block.register
    def _notice(self, block: Notice, place: Place) -> None:
        inside = self._framed(place, self.style.soft, self.style.accent)
        if block.title:
            title = inside.paragraphs[0].add_run(block.title)
            title.bold, title.font.color.rgb = True, colour(self.style.accent)
        self.sequence(inside, block.blocks)
        self._gap(place)

    @block.register
    def _signatures(self, block: Signatures, place: Place) -> None:
        for pair in (block.blocks[at : at + 2] for at in range(0, len(block.blocks), 2)):
            table = self._grid(place, 1, (1, 1))
            docx_xml.keep_row_whole(table.rows[0])
            for cell, one in zip(table.rows[0].cells, pair, strict=False):
                self._signature(cell, one)
            self._gap(place)

    def _signature(self, cell: _Cell, block: SignatureBlock) -> None:
        line = signing_line(block, self.style, self.document.lang)
        said = (block.name, block.capacity, block.organisation, block.deliberation, line)
        for at, words in enumerate(part for part in said if part):
            written = self._line(cell, (Run(words, strong=at == 0),))
            written.paragraph_format.space_after, written.paragraph_format.keep_with_next = Pt(1), True
        box = self._line(cell, (Run(self.style.says(self.document.lang, "signature")),), "Small")
        box.paragraph_format.space_before, box.paragraph_format.space_after = Pt(8), Pt(60)
        docx_xml.paragraph_line(box, "top", self.style.quiet, size=6)

    @block.register
    def _figure(self, block: Figure, place: Place) -> None:
        if block.caption:
            self._line(place, (Run(block.caption),), "Caption")
        run = self._line(place, ()).add_run()
        run.add_picture(io.BytesIO(block.data), width=Mm(min(block.width_mm, TEXT_WIDTH_MM)))
        docx_xml.describe(run, block.alt)

    @block.register
    def _code(self, block: QRCode, place: Place) -> None:
        table = self._grid(place, 1, (0.2, 0.8))
        docx_xml.keep_row_whole(table.rows[0])
        picture, words = table.rows[0].cells
        drawn = io.BytesIO()
        segno.make(block.data, error="m", micro=False).save(drawn, kind="png", scale=6, border=0)
        run = picture.paragraphs[0].add_run()
        run.add_picture(io.BytesIO(drawn.getvalue()), width=Mm(27))
        docx_xml.describe(run, self.style.says(self.document.lang, "verify_alt", address=block.data))
        title, *lines = verification(self.document, self.style, self.sealed)
        self._line(words, (Run(title, strong=True),))
        for text in lines:
            self._line(words, (Run(text),), "Small")
        self._line(words, (Run(block.data, href=block.data),), "Small")

    # ---- lines and places

    def _line(self, place: Place, runs: Runs, style: str | None = None) -> Line:
        """A new paragraph; the empty one every cell begins with is used first."""
        unused = isinstance(place, _Cell) and len(place.paragraphs) == 1 and not len(place.paragraphs[0]._p)
        line = place.paragraphs[0] if unused else place.add_paragraph()
        if style:
            line._p.style = self.style_ids[style]
        for run in runs:
            self._words(line, run)
        return line

    def _cell(self, cell: _Cell, runs: Runs) -> Line:
        line = self._line(cell, runs)
        line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(2)
        return line

    def _words(self, line: Line, run: Run) -> None:
        written = line.add_run(run.text)
        written.bold, written.italic = run.strong or None, run.emphasis or None
        if run.href:
            written.font.color.rgb, written.font.underline = colour(self.style.accent), True
            docx_xml.add_link(line, written, run.href)

    def _grid(self, place: Place, rows: int, widths: tuple[float, ...]) -> DocxTable:
        """A table without lines over the whole width, with columns in these shares."""
        table = place.add_table(rows, len(widths))
        table.autofit = False
        for column, share in zip(table.columns, widths, strict=True):
            column.width = Mm(TEXT_WIDTH_MM * share / sum(widths))
        for row in table.rows:
            for cell, share in zip(row.cells, widths, strict=True):
                cell.width = Mm(TEXT_WIDTH_MM * share / sum(widths))
        return table

    def _framed(self, place: Place, fill: str, edge: str) -> _Cell:
        table = self._grid(place, 1, (1,))
        docx_xml.borders(table, edge, left=18)
        cell = table.rows[0].cells[0]
        docx_xml.shade(cell, fill)
        return cell

    def _gap(self, place: Place) -> None:
        """Word needs a paragraph between two tables; a low one keeps the rhythm."""
        line = place.add_paragraph()
        line.paragraph_format.space_after, line.paragraph_format.line_spacing = Pt(0), Pt(8)
