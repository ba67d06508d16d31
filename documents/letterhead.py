"""An organisation's own letterhead, a .docx that somebody uploaded: is it harmless, and how a paper is written into it.

Its page, styles, headers and footers win; what stands in its text is left out. The file is judged before any part of
it is read as Word: sizes from the directory of the archive (PKWARE APPNOTE 4.3.12), then every part as XML without
document types, then the relations (ECMA-376 part 2, 9.3).
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from docx import Document as open_document
from docx.document import Document as Docx
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.oxml.ns import nsdecls, qn
from docx.parts.numbering import NumberingPart
from docx.section import _Footer, _Header
from lxml import etree

from documents.docx_xml import element
from documents.findings import Finding

MOST_BYTES, MOST_PARTS, MOST_INFLATED, MOST_OF_A_PART = 10_000_000, 400, 60_000_000, 20_000_000
HIGHEST_RATIO = 200
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TYPES, _TEXT = "[Content_Types].xml", "word/document.xml"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_EMBEDDED = {"oleObject", "package", "control", "activeXControlBinary", "frame", "subDocument"}
_MACROS = {"vbaProject", "wordVbaData", "keyMapCustomizations"}
_FETCHING = re.compile(r"\b(?:INCLUDEPICTURE|INCLUDETEXT|DDEAUTO|DDE|IMPORT|LINK|DATABASE)\b", re.IGNORECASE)
_ALLOWED_LINKS = ("http://", "https://", "mailto:")
_SAID = {
    "not_docx": "This file is not a Word document (.docx). Open it in Word and save it as “Word document (.docx)”.",
    "too_large": "This file is too large, or grows too much when it is opened: 10 MB and 400 parts at most.",
    "doctype": "This file declares a document type of its own, which Word never writes.",
    "macro": "This file holds macros. Save it as “Word document (.docx)”, which leaves them out.",
    "external": "This file fetches something from elsewhere (“%(target)s”): a linked picture, template or text. "
    "Put it into the file itself, or take the link away.",
    "embedded": "This file holds another file or program inside it. Take it out, then try again.",
    "foreign_text": "This file holds a piece of text in another format (altChunk). Open it in Word and save it again.",
}


class LetterheadRefused(Exception):
    """The file cannot serve as letterhead; `finding` says why in one sentence."""

    def __init__(self, code: str, target: str = ""):
        self.finding = Finding(code, _SAID[code], {"target": target[:120]} if code == "external" else {})
        super().__init__(code)


def check(data: bytes) -> None:
    """Raises LetterheadRefused when the file is no .docx, or could do harm to who opens it."""
    if len(data) > MOST_BYTES:
        raise LetterheadRefused("too_large")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _measured(archive.infolist())
            _judged({one.filename: archive.read(one) for one in archive.infolist() if not one.is_dir()})
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise LetterheadRefused("not_docx") from error


def _measured(parts: list[zipfile.ZipInfo]) -> None:
    names = [one.filename for one in parts]
    if len(names) != len({name.lower() for name in names}):
        raise LetterheadRefused("not_docx")
    if any(one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for one in parts):
        raise LetterheadRefused("not_docx")
    if any(name.startswith("/") or "\\" in name or ".." in name.split("/") for name in names):
        raise LetterheadRefused("not_docx")
    swollen = any(
        one.file_size > MOST_OF_A_PART or one.file_size > 1_000_000 + HIGHEST_RATIO * one.compress_size for one in parts
    )
    if swollen or len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > MOST_INFLATED:
        raise LetterheadRefused("too_large")


def _judged(parts: dict[str, bytes]) -> None:
    if _TYPES not in parts or _TEXT not in parts:
        raise LetterheadRefused("not_docx")
    if any("vbaproject" in name.lower() or "vbadata" in name.lower() for name in parts):
        raise LetterheadRefused("macro")
    types = _read(parts[_TYPES])
    said = {one.get("PartName"): one.get("ContentType", "") for one in types}
    if any("macroenabled" in kind.lower() for kind in said.values()):
        raise LetterheadRefused("macro")
    if said.get(f"/{_TEXT}") != _MAIN:
        raise LetterheadRefused("not_docx")
    for name, data in parts.items():
        if name.endswith(".rels"):
            _judge_relations(_read(data))
        elif name.endswith(".xml"):
            _judge_part(_read(data))


def _read(data: bytes) -> etree._Element:
    """A part as XML. A document type is refused before it is read, in any of the encodings XML knows."""
    if any("<!DOCTYPE".encode(code) in data for code in ("utf-8", "utf-16-le", "utf-16-be")):
        raise LetterheadRefused("doctype")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise LetterheadRefused("not_docx") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise LetterheadRefused("doctype")
    return root


def _judge_relations(relations: etree._Element) -> None:
    for one in relations.iter(_RELATION):
        kind, target = one.get("Type", "").rpartition("/")[2], one.get("Target", "")
        if kind in _MACROS:
            raise LetterheadRefused("macro")
        if kind == "aFChunk":
            raise LetterheadRefused("foreign_text")
        if kind in _EMBEDDED or "/embeddings/" in f"/{target.lower()}":
            raise LetterheadRefused("embedded")
        linked = kind == "hyperlink" and target.lower().startswith(_ALLOWED_LINKS)
        if one.get("TargetMode") == "External" and not linked:
            raise LetterheadRefused("external", target)


def _judge_part(root: etree._Element) -> None:
    if next(root.iter(qn("w:altChunk")), None) is not None:
        raise LetterheadRefused("foreign_text")
    if next(root.iter(qn("w:object"), qn("w:control")), None) is not None:
        raise LetterheadRefused("embedded")
    # Word may cut an instruction into several runs.
    told = "".join(one.text or "" for one in root.iter(qn("w:instrText")))
    simple = " ".join(one.get(qn("w:instr"), "") for one in root.iter(qn("w:fldSimple")))
    found = _FETCHING.search(told) or _FETCHING.search(simple)
    if found:
        raise LetterheadRefused("external", found[0])


# ---- writing into it


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
