"""Content tree → DOCX: the working copy, with real headings, numbered lists, repeated table headers and languages.

The footer says that the PDF is the original and carries the content hash, so that a copy can be matched to it.
"""

import io
from functools import singledispatchmethod
from itertools import zip_longest

from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
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
    SignatureBlock,
    Signatures,
    Square,
    Table,
    plain,
    walk,
)
from documents.docx_places import Place, Places, bookmark_name
from documents.docx_style import CELL_PADDING, colour, prepared
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
    is_short,
    long_date,
    signing_line,
    title_of,
    verification,
)

_ALIGN = {"left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}
_DEEPEST_LIST = 3
_IN_CONTENTS = 2
_SHORT = 8
"""Rows of a table that stands whole on one page."""
_LINE = 1.4
"""The height of a line, in sizes of its letters, as Word sets the fonts of the house."""


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
    writer.indent = 0 if base is not None else CELL_PADDING
    writer.opening(mark, own_head=base is not None)
    writer.sequence(made, document.blocks)
    saved = io.BytesIO()
    made.save(saved)
    return saved.getvalue()


class _Writer(Places):
    """Writes blocks into a place: the body of the file, or a cell of a table."""

    def __init__(self, made: Docx, document: Document, style: HouseStyle, *, sealed: bool) -> None:
        super().__init__(made, document, style)
        self.sealed = sealed
        self.bookmarks = self.entries = 0

    # ---- the top of the first page

    def opening(self, mark: str | None, *, own_head: bool) -> None:
        document, style = self.document, self.style
        if not own_head:
            self._letterhead()
        self.line(self.made, (Run(document.title),), "Title")
        if document.meta.subtitle:
            self.line(self.made, (Run(document.meta.subtitle),), "Subtitle")
        dated = date = long_date(document.meta.date, document.lang)
        if document.meta.reference:
            dated = style.says(document.lang, "dated", reference=document.meta.reference, date=date)
        self.line(self.made, (Run(dated),), "Small").paragraph_format.space_after = Pt(16)
        if mark is not None:
            warning = self.framed(self.made, "#FFFFFF", "#A4262C").paragraphs[0]
            warning.add_run(style.says(document.lang, f"{mark}_text")).bold = True
            self.gap(self.made)
        if document.meta.contents:
            self._contents()

    def _contents(self) -> None:
        """The table of contents: a field that Word can renew, its entries written so that it is right as it is.

        It leads by links and names no page (`\\n`): a page is only known once somebody's Word has set the text.
        """
        self.line(self.made, (Run(self.style.says(self.document.lang, "contents")),), "TOC Heading")
        told = [block for block in walk(self.document.blocks) if isinstance(block, TitleBlock)]
        told = [block for block in told if _depth(block) <= _IN_CONTENTS]
        lines = [self._entry(block, at) for at, block in enumerate(told)]
        if lines:
            docx_xml.open_contents(lines[0], f' TOC \\o "1-{_IN_CONTENTS}" \\h \\n \\z ')
            docx_xml.close_field(lines[-1])

    def _entry(self, block: TitleBlock, at: int) -> Line:
        line = self.line(self.made, (), f"toc {_depth(block)}")
        title = title_of(block, self.style, self.document.lang)
        for run in typeset_runs(title, self.document.lang, self.narrow):
            docx_xml.add_inner_link(line.add_run(run.text), f"_Toc{at + 1:06}")
        return line

    def _letterhead(self) -> None:
        table = self.grid(self.made, 1, (0.6, 0.4))
        docx_xml.borders(table, self.style.accent, bottom=10)
        organisation, address = table.rows[0].cells
        name = organisation.paragraphs[0].add_run(self.style.organisation)
        name.bold, name.font.size, name.font.color.rgb = True, Pt(13), colour(self.style.accent)
        line = address.paragraphs[0]
        line._p.style = self.style_ids["Small"]
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self.words(line, Run("\n".join(self.style.address)))
        self.gap(self.made)

    # ---- blocks

    def sequence(self, place: Place, blocks: tuple[Block, ...]) -> None:
        for block, following in zip_longest(blocks, blocks[1:]):
            self.block(block, place)
            if isinstance(block, Paragraph) and leads_on(block, following):
                docx_xml.last_line(place).paragraph_format.keep_with_next = True

    @singledispatchmethod
    def block(self, block: Block, place: Place) -> None:
        raise TypeError(type(block))

    @block.register
    def _title(self, block: Heading | Article | AnnexTitle, place: Place) -> None:
        line = self.line(place, title_of(block, self.style, self.document.lang), f"Heading {_depth(block)}")
        if isinstance(block, AnnexTitle):
            line.paragraph_format.page_break_before = True
        self._bookmark(line, block.anchor)
        if self.document.meta.contents and _depth(block) <= _IN_CONTENTS:
            self.entries += 1
            self._bookmark(line, f"_Toc{self.entries:06}", own=False)

    def _bookmark(self, line: Line, anchor: str, *, own: bool = True) -> None:
        if anchor:
            self.bookmarks += 1
            docx_xml.bookmark(line, bookmark_name(anchor) if own else anchor, self.bookmarks)

    @block.register
    def _attached(self, block: AttachedFiles, place: Place) -> None:
        self.sequence(place, attached_list(block, self.style, self.document.lang))

    @block.register
    def _paragraph(self, block: Paragraph, place: Place) -> None:
        line = self.line(place, block.runs)
        if block.announces:
            line.paragraph_format.keep_with_next = True

    @block.register
    def _parties(self, block: Parties, place: Place) -> None:
        self.sequence(self.framed(place, "#FFFFFF", self.style.accent), block.blocks)
        self.gap(place)

    @block.register
    def _rule(self, block: Rule, place: Place) -> None:
        docx_xml.paragraph_line(self.line(place, ()), "bottom", self.style.line)

    @block.register
    def _page_break(self, block: PageBreak, place: Place) -> None:
        self.broken = True

    @block.register
    def _list(self, block: ListBlock, place: Place) -> None:
        self._items(block, place, 0)

    def _items(self, block: ListBlock, place: Place, level: int) -> None:
        numbering = self.made.part.numbering_part.element
        identity = docx_xml.new_numbering(numbering, ordered=block.ordered, start=block.start)
        for item in block.items:
            for at, inner in enumerate(item):
                if at == 0 and isinstance(inner, Paragraph):
                    line = self.line(place, inner.runs)
                    line.paragraph_format.space_after = Pt(2)
                    docx_xml.number_paragraph(line, identity, min(level, _DEEPEST_LIST))
                elif isinstance(inner, ListBlock):
                    self._items(inner, place, level + 1)
                else:
                    self.block(inner, place)
        if level == 0:
            docx_xml.last_line(place).paragraph_format.space_after = Pt(6)

    @block.register
    def _styled(self, block: Lead | Quote, place: Place) -> None:
        before = len(docx_xml.lines_of(place))
        self.sequence(place, block.blocks)
        for line in docx_xml.lines_of(place)[before:]:
            if isinstance(block, Lead):
                line.style = self.style_ids["Lead"]
            else:
                Line(line, place).paragraph_format.left_indent = Mm(6)

    @block.register
    def _table(self, block: Table, place: Place) -> None:
        self._caption(block, place)
        table = self.grid(place, 1 + len(block.rows), shares(block))
        docx_xml.borders(table, self.style.line, bottom=4, insideH=4)
        docx_xml.repeat_header(table.rows[0])
        for row, cells in zip(table.rows, (block.header, *block.rows), strict=True):
            docx_xml.keep_row_whole(row)
            for cell, runs, alignment in zip(docx_xml.cells_of(row), cells, block.alignment, strict=True):
                line = self.cell(cell, runs)
                if alignment != "left":
                    line.alignment = _ALIGN[alignment]
        for cell in docx_xml.cells_of(table.rows[0]):
            docx_xml.shade(cell, self.style.soft)
            for run in cell.paragraphs[0].runs:
                run.bold = True
        if len(block.rows) <= _SHORT:
            docx_xml.keep_together(table)
        self.gap(place)

    @block.register
    def _key_values(self, block: KeyValues, place: Place) -> None:
        table = self.grid(place, len(block.rows), (2, 3))
        docx_xml.borders(table, self.style.line, bottom=4, insideH=4)
        empty = (Run(self.style.says(self.document.lang, "empty")),)
        for row, (label, value) in zip(table.rows, block.rows, strict=True):
            left, right = docx_xml.cells_of(row)
            for run in self.cell(left, label).runs:
                run.font.color.rgb = colour(self.style.quiet)
            self.cell(right, value or empty)
        self.gap(place)

    @block.register
    def _notice(self, block: Notice, place: Place) -> None:
        inside = self.framed(place, self.style.soft, self.style.accent)
        if block.title:
            title = inside.paragraphs[0].add_run(block.title)
            title.bold, title.font.color.rgb = True, colour(self.style.accent)
        self.sequence(inside, block.blocks)
        self.gap(place)

    @block.register
    def _signatures(self, block: Signatures, place: Place) -> None:
        for pair in (block.blocks[at : at + 2] for at in range(0, len(block.blocks), 2)):
            table = self.grid(place, 1, (1, 1))
            docx_xml.keep_row_whole(table.rows[0])
            tall = max(len(self._signer(one)) for one in pair)
            for cell, one in zip(table.rows[0].cells, pair, strict=False):
                self._signature(cell, one, tall)
            self.gap(place)

    def _signer(self, block: SignatureBlock) -> tuple[Run, ...]:
        """Who signs, line by line."""
        line = signing_line(block, self.style, self.document.lang)
        said = (block.capacity, block.organisation, block.deliberation, line)
        named = (Run(block.name, strong=True),) if block.name else ()
        return (*named, *(Run(words) for words in said if words))

    def _signature(self, cell: _Cell, block: SignatureBlock, tall: int) -> None:
        """`tall`: the lines of whoever signs beside, so that both sign at the same height."""
        told = self._signer(block)
        for run in told:
            written = self.line(cell, (run,))
            written.paragraph_format.space_after, written.paragraph_format.keep_with_next = Pt(1), True
        box = self.line(cell, (Run(self.style.says(self.document.lang, "signature")),), "Small")
        lower = (tall - len(told)) * (self.style.text_pt * _LINE + 1)
        box.paragraph_format.space_before, box.paragraph_format.space_after = Pt(8 + lower), Pt(54)
        docx_xml.paragraph_line(box, "top", self.style.quiet, size=6)

    @block.register
    def _figure(self, block: Figure, place: Place) -> None:
        self._caption(block, place)
        data = drawn_as_png(block.data) if block.media_type == SVG else block.data
        run = self.line(place, ()).add_run()
        run.add_picture(io.BytesIO(data), width=Mm(min(block.width_mm, self.width)))
        docx_xml.describe(run, block.alt)

    def _caption(self, block: Table | Figure, place: Place) -> None:
        if block.caption:
            caption = caption_of(block, self.document, self.style)
            self._bookmark(self.line(place, (Run(caption),), "Caption"), block.anchor)

    @block.register
    def _code(self, block: QRCode, place: Place) -> None:
        alt = self.style.says(self.document.lang, "verify_alt", address=block.data)
        short = is_short(self.document)
        words = self.scanned(place, block.data, alt, width=15 if short else 20)
        title, *lines = verification(self.document, self.style, self.sealed)
        if title:
            self.line(words, (Run(title, strong=True),))
        for text in lines:
            self.line(words, (Run(text),), "Small")
        self.line(words, (Run(block.data, href=block.data),), "Small")

    @block.register
    def _square(self, block: Square, place: Place) -> None:
        alt = self.style.says(self.document.lang, "square_alt", address=block.address)
        words = self.scanned(place, block.address, alt)
        if block.label:
            self.line(words, (Run(block.label, strong=True),))
        self.line(words, (Run(block.address, href=block.address),), "Small")
        self.gap(place)


def leads_on(block: Paragraph, following: Block | None) -> bool:
    """Whether the words lead to what follows them, and so stay on its page."""
    ends = plain(block.runs).rstrip().endswith(":")
    return isinstance(following, Signatures) or (ends and isinstance(following, ListBlock | Table | KeyValues | Quote))


def _depth(block: TitleBlock) -> int:
    return 1 if isinstance(block, AnnexTitle) else block.level
