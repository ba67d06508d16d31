"""The house style in Word's terms: page, styles, letterhead, footer. Built in code, so that no binary is kept."""

import datetime
import io
from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache
from typing import Any

from docx import Document as new_document
from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph

from documents import docx_xml
from documents.content import Document
from documents.fonts import FAMILIES, narrow_space
from documents.house import HouseStyle
from documents.letterhead import feet, heads
from documents.typography import typeset

LANGUAGES = {"fr": "fr-FR", "en": "en-GB"}
TEXT_WIDTH_MM = 160.0
CELL_PADDING = 108
"""Between the edge of a cell and its words, in twentieths of a point, where nothing else is said."""
INSTEAD = {"sans": ("Verdana", "swiss"), "serif": ("Cambria", "roman")}
"""What Word takes where the fonts of the house are not installed."""
SIZES = {"Title": 20.0, "Heading 1": 15.0, "Heading 2": 12.5, "Heading 3": 11.0, "Heading 4": 10.5}
_NO_WORDS: Any = ()
"""In place of the words of a house where only its looks count: a dictionary could not be told from another quickly."""
# No clock in an engine: the file's dates are the paper's own, or this when it has none.
_EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


def prepared(
    document: Document, style: HouseStyle, content_hash: str, mark: str | None, base: Docx | None = None
) -> Docx:
    """An empty paper in the house style: page, styles, header and footer are in place. `base`: a letterhead, which
    only gets what it lacks.
    """
    looks = replace(style, organisation="", address=(), theme="", words=_NO_WORDS)
    made = base or new_document(io.BytesIO(_dressed(document.meta.typeface, document.meta.contents, looks)))
    docx_xml.set_language(made.styles.element, LANGUAGES.get(document.lang, document.lang))
    if base is None:
        _footer(made, document, style, content_hash)
    else:
        docx_xml.one_language(made.styles.element, LANGUAGES.get(document.lang, document.lang))
        _missing_styles(made, style)
        _foot_of_letterhead(made, document, style, content_hash)
    _properties(made, document, style)
    _header(made, document, style, mark, own_head=base is not None)
    return made


@lru_cache(maxsize=8)
def _dressed(typeface: str, contents: bool, looks: HouseStyle) -> bytes:
    """An empty file with the page and the styles of a house, whatever it says: made once for all its papers."""
    made = _blank()
    _page(made, looks)
    _styles(made, typeface, contents, looks)
    saved = io.BytesIO()
    made.save(saved)
    return saved.getvalue()


def _blank() -> Docx:
    """The empty document of python-docx without what no paper of ours needs: a hundred looks of tables, twice."""
    made = new_document()
    docx_xml.drop_parts(made, "stylesWithEffects", "customXml")
    for one in list(made.styles):
        if one.type == WD_STYLE_TYPE.TABLE and one.name not in ("Normal Table", "Table Grid"):
            one.delete()
    return made


def text_width(made: Docx) -> float:
    """Millimetres between the margins of the page."""
    section = made.sections[0]
    page = (section.page_width or Mm(210)) - (section.left_margin or Mm(25)) - (section.right_margin or Mm(25))
    return page / Mm(1)


def colour(code: str) -> RGBColor:
    return RGBColor.from_string(code.lstrip("#"))


def _page(made: Docx, style: HouseStyle) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(style.margin_mm)
    section.top_margin, section.bottom_margin = Mm(style.margin_mm - 5), Mm(style.margin_mm + 3)
    section.header_distance = section.footer_distance = Mm(12)


def _styles(made: Docx, typeface: str, contents: bool, style: HouseStyle) -> None:
    family = FAMILIES[typeface][0]
    docx_xml.offer_instead(made, family, *INSTEAD[typeface])
    for name in ("Normal", "Subtitle", "Caption", "Header", "Footer", *SIZES):
        _one_style(made, name, family, SIZES.get(name, style.text_pt), style)
    for name in SIZES:
        made.styles[name].font.bold = True
        made.styles[name].paragraph_format.keep_with_next = True
    made.styles["Title"].paragraph_format.space_after = Pt(4)
    _spacing(made, style)
    _own_styles(made, style)
    if contents:
        _contents_styles(made, style)


def _one_style(made: Docx, name: str, family: str, size: float, style: HouseStyle) -> None:
    one = made.styles[name]
    one.font.size, one.font.italic, one.font.color.rgb = Pt(size), False, colour(style.ink)
    docx_xml.set_fonts(one.element.get_or_add_rPr(), family)
    for tag in ("w:pBdr", "w:tabs", "w:kern"):
        for gone in one.element.findall(f".//{docx_xml.qn(tag)}"):
            gone.getparent().remove(gone)
    for stretched in one.element.findall(f"{docx_xml.qn('w:rPr')}/{docx_xml.qn('w:spacing')}"):
        stretched.getparent().remove(stretched)


def _spacing(made: Docx, style: HouseStyle) -> None:
    normal = made.styles["Normal"].paragraph_format
    normal.space_after, normal.line_spacing = Pt(6), 1.08
    made.styles["Heading 1"].font.color.rgb = colour(style.accent)
    for level, above in ((1, 16), (2, 13), (3, 10), (4, 8)):
        form = made.styles[f"Heading {level}"].paragraph_format
        form.space_before, form.space_after = Pt(above), Pt(5)
    for name in ("Subtitle", "Footer", "Header"):
        made.styles[name].font.color.rgb = colour(style.quiet)
    made.styles["Footer"].font.size = Pt(8.5)
    made.styles["Caption"].font.bold = True
    made.styles["Caption"].paragraph_format.keep_with_next = True


def _own_styles(made: Docx, style: HouseStyle) -> None:
    for name, size, tone in (("Lead", style.text_pt * 1.18, style.ink), ("Small", 9.0, style.quiet)):
        _added(made, name, size, tone)


def _missing_styles(made: Docx, style: HouseStyle) -> None:
    """The styles a letterhead lacks; those it has stay as they are."""
    text, has = style.text_pt, {one.name for one in made.styles}
    told = {"Normal": text, "Subtitle": text, "Caption": text, "Lead": text * 1.18, "Small": 9.0, **SIZES}
    told |= {"TOC Heading": 12.5, "toc 1": text, "toc 2": text}
    for name, size in told.items():
        if name not in has:
            added = _added(made, name, size, style.ink)
            added.font.bold = name in SIZES or name in ("Caption", "TOC Heading") or None
            added.paragraph_format.keep_with_next = name in SIZES or name == "Caption" or None
            if name.startswith("Heading "):
                docx_xml.set_outline(added, int(name[-1]))


def _contents_styles(made: Docx, style: HouseStyle) -> None:
    _added(made, "TOC Heading", 12.5, style.accent, {"TOC Heading"}).font.bold = True
    first, second = (_added(made, f"toc {level}", style.text_pt, style.ink) for level in (1, 2))
    first.font.bold, second.paragraph_format.left_indent = True, Mm(5)
    first.paragraph_format.space_after = second.paragraph_format.space_after = Pt(3)


def _added(made: Docx, name: str, size: float, tone: str, known: Collection[str] = ()) -> ParagraphStyle:
    """A style of ours on the normal one; one of those `known` is there already and is changed."""
    one = made.styles[name] if name in known else made.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if name != "Normal":
        one.base_style = made.styles["Normal"]
    one.font.size, one.font.color.rgb = Pt(size), colour(tone)
    return one


def _properties(made: Docx, document: Document, style: HouseStyle) -> None:
    about = made.core_properties
    date = datetime.datetime.fromisoformat(document.meta.date) if document.meta.date else _EPOCH
    about.title, about.subject, about.author = document.title, document.meta.subtitle, style.organisation
    about.keywords, about.comments = document.meta.reference, ""
    about.created = about.modified = date
    about.last_modified_by, about.language = style.organisation, LANGUAGES.get(document.lang, document.lang)
    docx_xml.set_application(made, "Relais")


def _header(made: Docx, document: Document, style: HouseStyle, mark: str | None, *, own_head: bool) -> None:
    for header in heads(made) if mark is not None else ():
        line = header.add_paragraph() if own_head else header.paragraphs[0]
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        run = line.add_run(style.says(document.lang, f"{mark}_text"))
        run.bold, run.font.color.rgb = True, RGBColor(0xA4, 0x26, 0x2C)


def _footer(made: Docx, document: Document, style: HouseStyle, content_hash: str) -> None:
    footer, lang, meta = made.sections[0].footer, document.lang, document.meta
    first = footer.paragraphs[0]
    docx_xml.paragraph_line(first, "top", style.line)
    first.paragraph_format.tab_stops.clear_all()
    first.paragraph_format.tab_stops.add_tab_stop(Mm(TEXT_WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT)
    version = style.says(lang, "version", version=meta.version) if meta.version else ""
    said = " · ".join(part for part in (meta.reference, version, document.title) if part)
    first.add_run(typeset(said, lang, narrow_space(meta.typeface)) + "\t")
    before, between, after = style.says(lang, "page", page="\0", pages="\0").split("\0")
    for words, field in ((before, "PAGE"), (between, "NUMPAGES")):
        first.add_run(words)
        docx_xml.add_field(first, field)
    first.add_run(after)
    _small(footer.add_paragraph(), style.says(lang, "working_copy"))
    _small(footer.add_paragraph(), style.says(lang, "content_hash", hash=content_hash))


def _foot_of_letterhead(made: Docx, document: Document, style: HouseStyle, content_hash: str) -> None:
    """Under the letterhead's own foot: which paper this is a copy of, and that it is one."""
    lang, meta = document.lang, document.meta
    version = style.says(lang, "version", version=meta.version) if meta.version else ""
    said = " · ".join(part for part in (meta.reference, version, document.title) if part)
    for footer in feet(made):
        for words in (said, style.says(lang, "working_copy"), style.says(lang, "content_hash", hash=content_hash)):
            _small(footer.add_paragraph(), typeset(words, lang, narrow_space(meta.typeface)))


def _small(paragraph: Paragraph, words: str) -> None:
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.add_run(words).font.size = Pt(7.5)
