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
    AnnexTitle,
    Article,
    AttachedFiles,
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
    Square,
    Table,
    walk,
)
from documents.docx_style import colour, prepared, text_width
from documents.fonts import narrow_space
from documents.house import HouseStyle
from documents.letterhead import opened
from documents.pdf import drawn_as_png
from documents.pictures import SVG
from documents.typography import typeset_runs
from documents.wording import (
    TitleBlock,
    attached_list,
    caption_of,
    is_sealed,
    long_date,
    signing_line,
    title_of,
    verification,
)

_ALIGN = {"left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}
_DEEPEST_LIST = 3
_IN_CONTENTS = 2
Place = Docx | _Cell


def write(
    document: Document,
    style: HouseStyle,
    *,
    content_hash: str,
    mark: str | None = None,
    letterhead: bytes | None = None,
) -> bytes:
    """The working copy. `content_hash`: of `documents.as_data.content_hash`; `mark`: as for `documents.pdf.write`.

    `letterhead`: the organisation's own .docx, whose page, styles, headers and footers win. Raises LetterheadRefused
    (`documents.letterhead`) when it cannot serve, NotSet when a drawing cannot be turned into a picture.
    """
    base = opened(letterhead) if letterhead is not None else None
    made = prepared(document, style, content_hash, mark, base)
    writer = _Writer(made, document, style, sealed=is_sealed(mark))
    writer.opening(mark, own_head=base is not None)
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
        self.width, self.narrow = text_width(made), narrow_space(document.meta.typeface)
        self.bookmarks = self.entries = 0

    # ---- the top of the first page

    def opening(self, mark: str | None, *, own_head: bool) -> None:
        document, style = self.document, self.style
        if not own_head:
            self._letterhead()
        self._line(self.made, (Run(document.title),), "Title")
        if document.meta.subtitle:
            self._line(self.made, (Run(document.meta.subtitle),), "Subtitle")
        dated = date = long_date(document.meta.date, document.lang)
        if document.meta.reference:
            dated = style.says(document.lang, "dated", reference=document.meta.reference, date=date)
        self._line(self.made, (Run(dated),), "Small").paragraph_format.space_after = Pt(16)
        if mark is not None:
            warning = self._framed(self.made, "#FFFFFF", "#A4262C").paragraphs[0]
            warning.add_run(style.says(document.lang, f"{mark}_text")).bold = True
            self._gap(self.made)
        if document.meta.contents:
            self._contents()

    def _contents(self) -> None:
        """The table of contents: a field that Word can renew, its entries written so that it is right as it is.

        It leads by links and names no page (`\\n`): a page is only known once somebody's Word has set the text.
        """
        self._line(self.made, (Run(self.style.says(self.document.lang, "contents")),), "TOC Heading")
        told = [block for block in walk(self.document.blocks) if isinstance(block, TitleBlock)]
        told = [block for block in told if _depth(block) <= _IN_CONTENTS]
        lines = [self._entry(block, at) for at, block in enumerate(told)]
        if lines:
            docx_xml.open_contents(lines[0], f' TOC \\o "1-{_IN_CONTENTS}" \\h \\n \\z ')
            docx_xml.close_field(lines[-1])

    def _entry(self, block: TitleBlock, at: int) -> Line:
        line = self._line(self.made, (), f"toc {_depth(block)}")
        title = title_of(block, self.style, self.document.lang)
        for run in typeset_runs(title, self.document.lang, self.narrow):
            docx_xml.add_inner_link(line.add_run(run.text), f"_Toc{at + 1:06}")
        return line

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
    def _title(self, block: Heading | Article | AnnexTitle, place: Place) -> None:
        line = self._line(place, title_of(block, self.style, self.document.lang), f"Heading {_depth(block)}")
        if isinstance(block, AnnexTitle):
            line.paragraph_format.page_break_before = True
        self._bookmark(line, block.anchor)
        if self.document.meta.contents and _depth(block) <= _IN_CONTENTS:
            self.entries += 1
            self._bookmark(line, f"_Toc{self.entries:06}", own=False)

    def _bookmark(self, line: Line, anchor: str, *, own: bool = True) -> None:
        if anchor:
            self.bookmarks += 1
            docx_xml.bookmark(line, _bookmark_name(anchor) if own else anchor, self.bookmarks)

    @block.register
    def _attached(self, block: AttachedFiles, place: Place) -> None:
        self.sequence(place, attached_list(block, self.style, self.document.lang))

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
        self._caption(block, place)
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
        self._caption(block, place)
        data = drawn_as_png(block.data) if block.media_type == SVG else block.data
        run = self._line(place, ()).add_run()
        run.add_picture(io.BytesIO(data), width=Mm(min(block.width_mm, self.width)))
        docx_xml.describe(run, block.alt)

    def _caption(self, block: Table | Figure, place: Place) -> None:
        if block.caption:
            caption = caption_of(block, self.document, self.style)
            self._bookmark(self._line(place, (Run(caption),), "Caption"), block.anchor)

    @block.register
    def _code(self, block: QRCode, place: Place) -> None:
        alt = self.style.says(self.document.lang, "verify_alt", address=block.data)
        words = self._scanned(place, block.data, alt)
        title, *lines = verification(self.document, self.style, self.sealed)
        self._line(words, (Run(title, strong=True),))
        for text in lines:
            self._line(words, (Run(text),), "Small")
        self._line(words, (Run(block.data, href=block.data),), "Small")

    @block.register
    def _square(self, block: Square, place: Place) -> None:
        alt = self.style.says(self.document.lang, "square_alt", address=block.address)
        words = self._scanned(place, block.address, alt)
        if block.label:
            self._line(words, (Run(block.label, strong=True),))
        self._line(words, (Run(block.address, href=block.address),), "Small")
        self._gap(place)

    def _scanned(self, place: Place, address: str, alt: str) -> _Cell:
        """A code to scan; returns the cell beside it."""
        table = self._grid(place, 1, (0.2, 0.8))
        docx_xml.keep_row_whole(table.rows[0])
        picture, words = table.rows[0].cells
        drawn = io.BytesIO()
        segno.make(address, error="m", micro=False).save(drawn, kind="png", scale=6, border=0)
        run = picture.paragraphs[0].add_run()
        run.add_picture(io.BytesIO(drawn.getvalue()), width=Mm(27))
        docx_xml.describe(run, alt)
        return words

    # ---- lines and places

    def _line(self, place: Place, runs: Runs, style: str | None = None) -> Line:
        """A new paragraph; the empty one every cell begins with is used first."""
        unused = isinstance(place, _Cell) and len(place.paragraphs) == 1 and not len(place.paragraphs[0]._p)
        line = place.paragraphs[0] if unused else place.add_paragraph()
        if style:
            line._p.style = self.style_ids[style]
        for run in typeset_runs(runs, self.document.lang, self.narrow):
            self._words(line, run)
        return line

    def _cell(self, cell: _Cell, runs: Runs) -> Line:
        line = self._line(cell, runs)
        docx_xml.tighten(line)
        return line

    def _words(self, line: Line, run: Run) -> None:
        written = line.add_run(run.text)
        if run.strong:
            written.bold = True
        if run.emphasis:
            written.italic = True
        if run.href:
            written.font.color.rgb, written.font.underline = colour(self.style.accent), True
            docx_xml.add_link(line, written, run.href)
        elif run.to:
            docx_xml.add_inner_link(written, _bookmark_name(run.to))

    def _grid(self, place: Place, rows: int, widths: tuple[float, ...]) -> DocxTable:
        """A table without lines over the whole width, with columns in these shares."""
        table = place.add_table(rows, len(widths))
        table.autofit = False
        for column, share in zip(table.columns, widths, strict=True):
            column.width = Mm(self.width * share / sum(widths))
        for row in table.rows:
            for cell, share in zip(row.cells, widths, strict=True):
                cell.width = Mm(self.width * share / sum(widths))
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


def _depth(block: TitleBlock) -> int:
    return 1 if isinstance(block, AnnexTitle) else block.level


def _bookmark_name(anchor: str) -> str:
    """Word takes letters, digits and _ only, 40 at most, a letter first."""
    return ("a_" + anchor.replace("-", "__").replace("/", "_"))[:40]
