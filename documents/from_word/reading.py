"""The words of a Word file as they stand once every tracked change is accepted, and what Word notes beside them.

The file is never opened as Word would: its parts are judged (`documents.harmless`) and read as XML. Fields give the
words they show, tables of contents nothing; a table of one cell is a frame, and its lines stand for themselves.
"""

from collections.abc import Iterator
from dataclasses import replace

from docx.oxml.ns import qn
from lxml.etree import _Element

from documents.from_word import parts
from documents.from_word.inside import Inside
from documents.from_word.lines import HEADING, ITEM, PARAGRAPH, PICTURE, ROW, TITLE, Line, WordText
from documents.from_word.parts import Parts
from documents.from_word.words import typed_number
from documents.harmless import WordRefused, parts_of

MOST_BYTES = 20_000_000
MOST_LINES, MOST_LETTERS, DEEPEST = 20_000, 2_000_000, 12
_BULLETS = "•◦▪▫‣–—-*o\uf0b7\uf0a7\uf0d8\uf02d"
_LONGEST_TITLE = 200
_HARMLESS = ("attachedTemplate", "hyperlink")
"""What leads elsewhere without being fetched by who only reads the words."""


def read(data: bytes) -> WordText:
    """A .docx of at most 20 MB. Raises WordRefused with a sentence: no Word file, harmful, or longer than any text."""
    found = parts.parts(parts_of(data, most_bytes=MOST_BYTES, ignored=_HARMLESS))
    reader = _Reader(found)
    lines = tuple(reader.sequence(found.body, 0))
    return WordText(lines, found.foot, found.about)


class _Reader:
    """One walk through one text: which field is open, and how much was read."""

    def __init__(self, found: Parts) -> None:
        self.parts, self.inside = found, Inside(found)
        self.lines = self.letters = 0

    def sequence(self, place: _Element, depth: int) -> Iterator[Line]:
        """The lines of a body or a cell. A paragraph whose end was deleted goes on in the one that follows."""
        waiting: Line | None = None
        for block in self._blocks(place, depth):
            for line, unended in self._of(block, depth):
                joined = _joined(waiting, line) if waiting is not None else line
                if unended:
                    waiting = joined
                    continue
                waiting = None
                if _says(joined):
                    yield self._counted(joined)
        if waiting is not None and _says(waiting):
            yield self._counted(waiting)

    def _blocks(self, place: _Element, depth: int) -> Iterator[_Element]:
        """Paragraphs and tables, also those wrapped in content controls or tracked as a whole."""
        if depth > DEEPEST:
            raise WordRefused("too_large", most=MOST_BYTES // 1_000_000)
        for one in place:
            if one.tag in (qn("w:p"), qn("w:tbl")):
                yield one
            elif one.tag == qn("w:sdt"):
                content = one.find(qn("w:sdtContent"))
                if content is not None and not _is_contents(one):
                    yield from self._blocks(content, depth + 1)
            elif one.tag in (qn("w:customXml"), qn("w:ins"), qn("w:moveTo"), qn("w:smartTag")):
                yield from self._blocks(one, depth + 1)

    def _of(self, block: _Element, depth: int) -> Iterator[tuple[Line, bool]]:
        if block.tag == qn("w:p"):
            yield self._paragraph(block)
        else:
            yield from ((line, False) for line in self._table(block, depth))

    def _paragraph(self, block: _Element) -> tuple[Line, bool]:
        read = self.inside.paragraph(block)
        kind, level, ordered = self._kind(block, read.text.strip())
        text = _unbulleted(read.text) if kind == ITEM else read.text
        if kind == PARAGRAPH and text[:2].strip() in tuple("•◦▪‣\uf0b7\uf0a7") and text[:2].strip():
            kind, text = ITEM, _unbulleted(text)
        if not text.strip() and read.pictures:
            kind, text = PICTURE, " ".join(read.pictures)
        line = Line(kind, (text,), level, ordered, read.changes, read.remarks, read.left)
        return line, _unended(block)

    def _kind(self, block: _Element, text: str) -> tuple[str, int, bool]:
        """What a paragraph is: its own settings, then those of its style; a short “Article 3 – …” is a heading."""
        style = self.parts.styles.get(parts.value(block, "w:pPr", "w:pStyle"), self.parts.normal)
        if parts.is_title(style):
            return TITLE, 0, False
        outline = parts.value(block, "w:pPr", "w:outlineLvl")
        level = parts.number(outline, 9) + 1 if outline else style.level
        if 0 < level <= 9:
            return HEADING, level, False
        identity, depth = parts.counted(block)
        if identity == "":
            identity, depth = style.numbering[0], depth or style.numbering[1]
        if identity not in ("", "0"):
            shape = self.parts.formats.get((identity, depth), "bullet")
            return ITEM, depth, shape not in ("bullet", "none")
        if len(text) <= _LONGEST_TITLE and typed_number(text):
            return HEADING, 2, False
        return PARAGRAPH, 0, False

    def _table(self, table: _Element, depth: int) -> Iterator[Line]:
        rows = [one for one in self._rows(table)]
        cells = [[cell for cell in row.iter(qn("w:tc")) if _owner(cell) is row] for row in rows]
        if len(cells) == 1 and len(cells[0]) == 1:
            yield from self.sequence(cells[0][0], depth + 1)
            return
        for row in cells:
            inner = [tuple(self.sequence(cell, depth + 1)) for cell in row]
            texts = tuple("\n".join(line.text for line in lines) for lines in inner)
            told = [line for lines in inner for line in lines]
            yield Line(
                ROW,
                texts or ("",),
                changes=tuple(one for line in told for one in line.changes),
                remarks=tuple(one for line in told for one in line.remarks),
                left=tuple(one for line in told for one in line.left),
            )

    def _rows(self, table: _Element) -> Iterator[_Element]:
        for row in table.iter(qn("w:tr")):
            mine = next(row.iterancestors(qn("w:tbl"))) is table
            if mine and row.find(f"{qn('w:trPr')}/{qn('w:del')}") is None:
                yield row

    def _counted(self, line: Line) -> Line:
        line = replace(line, cells=tuple(cell.strip(" \n") for cell in line.cells))
        self.lines, self.letters = self.lines + 1, self.letters + sum(map(len, line.cells))
        if self.lines > MOST_LINES or self.letters > MOST_LETTERS:
            raise WordRefused("too_large", most=MOST_BYTES // 1_000_000)
        return line


def _owner(cell: _Element) -> _Element | None:
    return next(cell.iterancestors(qn("w:tr")), None)


def _says(line: Line) -> bool:
    return any(cell.strip() for cell in line.cells) or bool(line.left or line.changes or line.remarks)


def _unended(block: _Element) -> bool:
    """Whether the end of the paragraph was deleted, so that it goes on in the next one."""
    marks = block.find(f"{qn('w:pPr')}/{qn('w:rPr')}")
    return marks is not None and any(marks.find(qn(tag)) is not None for tag in ("w:del", "w:moveFrom"))


def _joined(first: Line, second: Line) -> Line:
    """Accepting the deletion of a paragraph's end leaves one paragraph, which is what the second one was."""
    cells = (first.cells[0] + second.cells[0], *second.cells[1:])
    kind, level, ordered = (first.kind, first.level, first.ordered) if first.cells[0].strip() else (
        second.kind, second.level, second.ordered)  # fmt: skip
    return Line(
        kind if second.kind != ROW else ROW,
        cells,
        level,
        ordered,
        first.changes + second.changes,
        first.remarks + second.remarks,
        first.left + second.left,
    )


def _unbulleted(text: str) -> str:
    stripped = text.lstrip(" \u00a0\t")
    return stripped[1:].lstrip(" \u00a0\t") if stripped[:1] in _BULLETS and stripped[1:2] in " \u00a0\t" else text


def _is_contents(control: _Element) -> bool:
    return any("table of contents" in one.get(qn("w:val"), "").lower() for one in control.iter(qn("w:docPartGallery")))
