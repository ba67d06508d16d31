"""What python-docx cannot say: fields, list numbering, repeated header rows, language, alternative texts, shading.

Element names are those of ECMA-376 part 1 (WordprocessingML).
"""

from docx.document import Document as Docx
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml.etree import SubElement, _Element

_LINE, _TABLE, _SECTION = qn("w:p"), qn("w:tbl"), qn("w:sectPr")
_RUN, _MANNER, _BOLD, _ITALIC = qn("w:r"), qn("w:rPr"), qn("w:b"), qn("w:i")
_WORDS, _BREAK, _SPACE = qn("w:t"), qn("w:br"), qn("xml:space")
_EXTENDED = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"


def element(tag: str, **attributes: object) -> _Element:
    """`element("w:lang", val="fr-FR")`: attributes get the prefix of the tag."""
    made = OxmlElement(tag)
    prefix = tag.partition(":")[0]
    for name, value in attributes.items():
        made.set(qn(f"{prefix}:{name}"), str(value))
    return made


def add_line(place: Docx | _Cell) -> Paragraph:
    """A new paragraph at the end, as python-docx adds it, in a fraction of the time."""
    line = element("w:p")
    if isinstance(place, _Cell):
        place._tc.append(line)
        return Paragraph(line, place)
    body = place._body
    (last,) = body._element[-1:]
    (last.addprevious if last.tag == _SECTION else body._element.append)(line)
    return Paragraph(line, body)


def lines_of(place: Docx | _Cell) -> list[_Element]:
    """The paragraphs that stand in a place itself, as elements: wrapping each would take longer than writing it."""
    return (place._tc if isinstance(place, _Cell) else place._body._element).findall(_LINE)


def last_line(place: Docx | _Cell) -> Paragraph:
    return Paragraph(lines_of(place)[-1], place)


def is_untouched(cell: _Cell) -> bool:
    """Whether a cell holds nothing but the empty paragraph that it begins with."""
    held = [one for one in cell._tc if one.tag in (_LINE, _TABLE)]
    return len(held) == 1 and held[0].tag == _LINE and not len(held[0])


def add_words(line: Paragraph, text: str, *, strong: bool = False, emphasis: bool = False) -> Run:
    """A run of words; a line feed is a line break. As python-docx writes them, in a fraction of the time."""
    run = SubElement(line._p, _RUN)
    if strong or emphasis:
        manner = SubElement(run, _MANNER)
        for tag in (_BOLD,) * strong + (_ITALIC,) * emphasis:
            SubElement(manner, tag)
    for at, piece in enumerate(text.split("\n")):
        if at:
            SubElement(run, _BREAK)
        if piece:
            words = SubElement(run, _WORDS)
            words.text = piece
            if piece.strip() != piece:
                words.set(_SPACE, "preserve")
    return Run(run, line)


def add_field(paragraph: Paragraph, instruction: str) -> None:
    """A field such as PAGE or NUMPAGES; the shown "1" is replaced when the file is opened."""
    field = element("w:fldSimple", instr=instruction)
    run = element("w:r")
    text = element("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def set_language(styles: _Element, code: str) -> None:
    """The language of everything that says nothing else (`w:docDefaults`)."""
    properties = styles.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    properties.append(element("w:lang", val=code, eastAsia=code, bidi="ar-SA"))


def one_language(styles: _Element, code: str) -> None:
    """The same language in the styles that say one themselves."""
    for said in styles.iter(qn("w:lang")):
        said.set(qn("w:val"), code)


def tighten(paragraph: Paragraph) -> None:
    """Little room above and below a new paragraph: 2 points, said here in twentieths."""
    properties = element("w:pPr")
    properties.append(element("w:spacing", before=40, after=40))
    paragraph._p.insert(0, properties)


def set_application(made: Docx, name: str) -> None:
    """Which program made the file, in place of what the empty document of python-docx says (ECMA-376 part 1, 22.2)."""
    relations = made.part.package.rels
    for identity, relation in list(relations.items()):
        if relation.reltype == RELATION.THUMBNAIL:
            del relations[identity]
        elif relation.reltype == RELATION.EXTENDED_PROPERTIES:
            told = parse_xml(f'<Properties xmlns="{_EXTENDED}"><Application/></Properties>')
            told[0].text = name
            relation.target_part._blob = serialize_part_xml(told)


def offer_instead(made: Docx, family: str, other: str, kind: str) -> None:
    """Which font to take where one is not installed; `kind`: "swiss" or "roman" (ECMA-376 part 1, 17.8.3)."""
    for relation in made.part.rels.values():
        if relation.reltype == RELATION.FONT_TABLE:
            told = parse_xml(relation.target_part.blob)
            one = element("w:font", name=family)
            one.extend((element("w:altName", val=other), element("w:family", val=kind)))
            told.append(one)
            relation.target_part._blob = serialize_part_xml(told)


def drop_parts(made: Docx, *kinds: str) -> None:
    """Leave out the parts of these kinds of relation (the last word of their address)."""
    for identity, relation in list(made.part.rels.items()):
        if relation.reltype.rpartition("/")[2] in kinds:
            del made.part.rels[identity]


def set_fonts(properties: _Element, name: str) -> None:
    """One family for every script, so that Word does not mix in its own."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = element("w:rFonts")
        properties.insert(0, fonts)
    for old in list(fonts.attrib):
        del fonts.attrib[old]
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), name)


def cells_of(row: _Row) -> list[_Cell]:
    """The cells of a row of ours, none of which is merged with another; python-docx looks for that each time."""
    return [_Cell(one, row.table) for one in row._tr.tc_lst]


def repeat_header(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(element("w:tblHeader"))


def keep_row_whole(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(element("w:cantSplit"))


def shade(cell: _Cell, colour: str) -> None:
    cell._tc.get_or_add_tcPr().append(element("w:shd", val="clear", color="auto", fill=colour.lstrip("#")))


def borders(table: Table, colour: str, **edges: int) -> None:
    """Edges by name (top, bottom, left, right, insideH, insideV) with their width in eighths of a point."""
    properties = table._tbl.tblPr
    drawn = element("w:tblBorders")
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV"):
        size = edges.get(edge, 0)
        drawn.append(element(f"w:{edge}", val="single" if size else "nil", sz=size, space=0, color=colour.lstrip("#")))
    _before(properties, drawn, "shd", "tblLayout", "tblCellMar", "tblLook")


def indent(table: Table, twentieths: int) -> None:
    """How far the left edge of a table stands from the margin, in twentieths of a point."""
    placed = element("w:tblInd", w=twentieths, type="dxa")
    _before(table._tbl.tblPr, placed, "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook")


def pad(cell: _Cell, **edges: int) -> None:
    """Room inside a cell, by edge (top, left, bottom, right in this order), in twentieths of a point."""
    room = element("w:tcMar")
    for edge, twentieths in edges.items():
        room.append(element(f"w:{edge}", w=twentieths, type="dxa"))
    cell._tc.get_or_add_tcPr().append(room)


def keep_together(table: Table) -> None:
    """All rows on one page: each stays with the next."""
    for row in table.rows[:-1]:
        for line in row._tr.iter(qn("w:p")):
            line.get_or_add_pPr().get_or_add_keepNext()


def paragraph_line(paragraph: Paragraph, edge: str, colour: str, size: int = 8, space: int = 4) -> None:
    """A line along one edge of a paragraph."""
    properties = paragraph._p.get_or_add_pPr()
    drawn = element("w:pBdr")
    drawn.append(element(f"w:{edge}", val="single", sz=size, space=space, color=colour.lstrip("#")))
    _before(properties, drawn, "shd", "tabs", "bidi", "spacing", "ind", "contextualSpacing", "jc", "rPr", "sectPr")


def _before(parent: _Element, child: _Element, *names: str) -> None:
    """Put a child in its place: the schema fixes the order, and Word refuses some files that ignore it."""
    later = [other for other in parent if other.tag in {qn(f"w:{name}") for name in names}]
    (later[0].addprevious if later else parent.append)(child)


def describe(run: Run, text: str) -> None:
    """The alternative text of the picture in a run."""
    for properties in run._r.iter(qn("wp:docPr")):
        properties.set("descr", text)


def new_numbering(numbering: _Element, *, ordered: bool, start: int) -> int:
    """A list of its own, so that its numbers begin anew; returns its `numId`."""
    number = 1 + max((int(n.get(qn("w:abstractNumId"))) for n in numbering.findall(qn("w:abstractNum"))), default=0)
    abstract = element("w:abstractNum", abstractNumId=number)
    abstract.append(element("w:multiLevelType", val="hybridMultilevel"))
    for level in range(4):
        abstract.append(_level(level, ordered, start if level == 0 else 1))
    first = numbering.find(qn("w:num"))
    (first.addprevious if first is not None else numbering.append)(abstract)
    identity = 1 + max((int(n.get(qn("w:numId"))) for n in numbering.findall(qn("w:num"))), default=0)
    made = element("w:num", numId=identity)
    made.append(element("w:abstractNumId", val=number))
    numbering.append(made)
    return identity


def _level(level: int, ordered: bool, start: int) -> _Element:
    made = element("w:lvl", ilvl=level)
    made.append(element("w:start", val=start))
    made.append(element("w:numFmt", val="decimal" if ordered else "bullet"))
    made.append(element("w:lvlText", val=f"%{level + 1}." if ordered else "•–•–"[level]))
    made.append(element("w:lvlJc", val="left"))
    properties = element("w:pPr")
    properties.append(element("w:ind", left=397 * (level + 1), hanging=284))
    made.append(properties)
    return made


def number_paragraph(paragraph: Paragraph, identity: int, level: int) -> None:
    numbered = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    numbered.get_or_add_ilvl().val = level
    numbered.get_or_add_numId().val = identity


def add_link(paragraph: Paragraph, run: Run, address: str) -> None:
    """Move a run of the paragraph into a link to `address`."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, kind, is_external=True))
    run._r.addprevious(link)
    link.append(run._r)


def set_outline(style: ParagraphStyle, level: int) -> None:
    """Make a style a heading of that level, from 1, for navigation and for tables of contents."""
    style.element.get_or_add_pPr().append(element("w:outlineLvl", val=level - 1))


def add_inner_link(run: Run, anchor: str) -> None:
    """Move a run of a paragraph into a link to a bookmark of the same file."""
    link = element("w:hyperlink", anchor=anchor, history=1)
    run._r.addprevious(link)
    link.append(run._r)


def bookmark(paragraph: Paragraph, name: str, identity: int) -> None:
    """Give the words of a paragraph a name that links lead to."""
    properties = paragraph._p.pPr
    start = element("w:bookmarkStart", id=identity, name=name)
    (properties.addnext if properties is not None else lambda one: paragraph._p.insert(0, one))(start)
    paragraph._p.append(element("w:bookmarkEnd", id=identity))


def open_contents(paragraph: Paragraph, instruction: str) -> None:
    """Begin a field whose result is the paragraphs that follow, until `close_field`."""
    marks = [_mark("begin"), _instruction(instruction), _mark("separate")]
    properties = paragraph._p.pPr
    for at, one in enumerate(marks, start=0 if properties is None else 1):
        paragraph._p.insert(at, one)


def close_field(paragraph: Paragraph) -> None:
    paragraph._p.append(_mark("end"))


def _mark(kind: str) -> _Element:
    run = element("w:r")
    run.append(element("w:fldChar", fldCharType=kind))
    return run


def _instruction(words: str) -> _Element:
    run, told = element("w:r"), element("w:instrText")
    told.text = words
    run.append(told)
    return run
