"""An organisation's own letterhead, a .docx that somebody uploaded: how a paper is written into it.

Its page, styles, headers and footers win; what stands in its text is left out. `documents.harmless` judges the file
before any part of it is read as Word.
"""

import io
from collections.abc import Iterator

from docx import Document as open_document
from docx.document import Document as Docx
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml.ns import nsdecls, qn
from docx.parts.numbering import NumberingPart
from docx.section import _Footer, _Header

from documents.docx_xml import element
from documents.harmless import MOST_BYTES, WordRefused, check

__all__ = ["MOST_BYTES", "LetterheadRefused", "check", "feet", "heads", "opened"]

LetterheadRefused = WordRefused
"""The file cannot serve as letterhead; `finding` says why in one sentence."""


def opened(data: bytes) -> Docx:
    """The letterhead, checked, without its text: its first page, styles, headers and footers are in place.

    Raises LetterheadRefused.
    """
    check(data)
    try:
        made = open_document(io.BytesIO(data))
        _emptied(made)
        _countable(made)
    except (ValueError, KeyError, AttributeError, IndexError) as error:  # parts that Word would not have left out
        raise LetterheadRefused("not_docx") from error
    return made


def _emptied(made: Docx) -> None:
    """Take the text out. The first page is the one that bears the letterhead, so the first section rules them all."""
    body = made.element.body
    first = next(iter(body.iter(qn("w:sectPr"))), None)
    for one in list(body):
        body.remove(one)
    if first is None:
        raise KeyError("no section")
    for gone in (*first.findall(qn("w:type")), *first.findall(qn("w:sectPrChange"))):
        first.remove(gone)
    body.append(first)


def _countable(made: Docx) -> None:
    """Lists need a part that says how they count, defaults one that says the language: not every file has them."""
    part = made.part
    if not any(one.reltype == RELATIONSHIP_TYPE.NUMBERING for one in part.rels.values()):
        empty = f"<w:numbering {nsdecls('w')}/>".encode()
        numbering = NumberingPart.load(PackURI("/word/numbering.xml"), CONTENT_TYPE.WML_NUMBERING, empty, part.package)
        part.relate_to(numbering, RELATIONSHIP_TYPE.NUMBERING)
    at = made.styles.element
    for tag in ("w:docDefaults", "w:rPrDefault", "w:rPr"):
        found = at.find(qn(tag))
        if found is None:
            found = element(tag)
            at.insert(0, found)
        at = found


def feet(made: Docx) -> Iterator[_Footer]:
    """The footers that stand on the pages of the paper: of the first page too where it has its own."""
    section = made.sections[0]
    yield section.footer
    if section.different_first_page_header_footer:
        yield section.first_page_footer


def heads(made: Docx) -> Iterator[_Header]:
    """The headers, likewise."""
    section = made.sections[0]
    yield section.header
    if section.different_first_page_header_footer:
        yield section.first_page_header
