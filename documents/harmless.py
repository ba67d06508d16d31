"""Is a Word file that somebody uploaded harmless? Judged before any part of it is read as Word.

Sizes from the directory of the archive (PKWARE APPNOTE 4.3.12), then every part as XML without document types, then
the relations (ECMA-376 part 2, 9.3).
"""

import io
import re
import zipfile
import zlib
from collections.abc import Collection

from docx.oxml.ns import qn
from lxml import etree

from documents.findings import Finding

MOST_BYTES, MOST_PARTS, MOST_INFLATED, MOST_OF_A_PART = 10_000_000, 400, 60_000_000, 20_000_000
HIGHEST_RATIO = 200
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TYPES, TEXT = "[Content_Types].xml", "word/document.xml"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_EMBEDDED = {"oleObject", "package", "control", "activeXControlBinary", "frame", "subDocument"}
_MACROS = {"vbaProject", "wordVbaData", "keyMapCustomizations"}
_FETCHING = re.compile(r"\b(?:INCLUDEPICTURE|INCLUDETEXT|DDEAUTO|DDE|IMPORT|LINK|DATABASE)\b", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')
_ALLOWED_LINKS = ("http://", "https://", "mailto:")
_SAID = {
    "not_docx": "This file is not a Word document (.docx). Open it in Word and save it as “Word document (.docx)”.",
    "too_large": "This file is too large, or grows too much when it is opened: %(most)s MB and 400 parts at most.",
    "doctype": "This file declares a document type of its own, which Word never writes.",
    "macro": "This file holds macros. Save it as “Word document (.docx)”, which leaves them out.",
    "external": "This file fetches something from elsewhere (“%(target)s”): a linked picture, template or text. "
    "Put it into the file itself, or take the link away.",
    "embedded": "This file holds another file or program inside it. Take it out, then try again.",
    "foreign_text": "This file holds a piece of text in another format (altChunk). Open it in Word and save it again.",
}


class WordRefused(Exception):
    """The file is no .docx or could do harm to who opens it; `finding` says why in one sentence."""

    def __init__(self, code: str, target: str = "", most: int = MOST_BYTES // 1_000_000):
        params = {"external": {"target": target[:120]}, "too_large": {"most": most}}
        self.finding = Finding(code, _SAID[code], params.get(code, {}))
        super().__init__(code)


def check(data: bytes, *, most_bytes: int = MOST_BYTES, ignored: Collection[str] = ()) -> None:
    """Raises WordRefused when the file is no .docx, or could do harm to who opens it.

    `ignored`: kinds of relations to elsewhere that do no harm to who only reads the words (“attachedTemplate”).
    """
    parts_of(data, most_bytes=most_bytes, ignored=ignored)


def parts_of(data: bytes, *, most_bytes: int = MOST_BYTES, ignored: Collection[str] = ()) -> dict[str, bytes]:
    """The parts of a file that has been judged, by name. Raises WordRefused."""
    if len(data) > most_bytes:
        raise WordRefused("too_large", most=most_bytes // 1_000_000)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _measured(archive.infolist())
            parts = {one.filename: archive.read(one) for one in archive.infolist() if not one.is_dir()}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise WordRefused("not_docx") from error
    _judged(parts, frozenset(ignored))
    return parts


def _measured(parts: list[zipfile.ZipInfo]) -> None:
    names = [one.filename for one in parts]
    if len(names) != len({name.lower() for name in names}):
        raise WordRefused("not_docx")
    if any(one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for one in parts):
        raise WordRefused("not_docx")
    if any(name.startswith("/") or "\\" in name or ".." in name.split("/") for name in names):
        raise WordRefused("not_docx")
    swollen = any(
        one.file_size > MOST_OF_A_PART or one.file_size > 1_000_000 + HIGHEST_RATIO * one.compress_size for one in parts
    )
    if swollen or len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > MOST_INFLATED:
        raise WordRefused("too_large")


def _judged(parts: dict[str, bytes], ignored: frozenset[str]) -> None:
    if _TYPES not in parts or TEXT not in parts:
        raise WordRefused("not_docx")
    if any("vbaproject" in name.lower() or "vbadata" in name.lower() for name in parts):
        raise WordRefused("macro")
    said = {one.get("PartName"): one.get("ContentType", "") for one in read_xml(parts[_TYPES])}
    if any("macroenabled" in kind.lower() for kind in said.values()):
        raise WordRefused("macro")
    if said.get(f"/{TEXT}") != _MAIN:
        raise WordRefused("not_docx")
    for name, data in parts.items():
        if name.endswith(".rels"):
            _judge_relations(read_xml(data), ignored)
        elif name.endswith(".xml"):
            _judge_part(read_xml(data), ignored)


def read_xml(data: bytes) -> etree._Element:
    """A part as XML. A document type is refused before it is read, in any of the encodings XML knows."""
    if any("<!DOCTYPE".encode(code) in data for code in ("utf-8", "utf-16-le", "utf-16-be")):
        raise WordRefused("doctype")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise WordRefused("not_docx") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise WordRefused("doctype")
    return root


def _judge_relations(relations: etree._Element, ignored: frozenset[str]) -> None:
    for one in relations.iter(_RELATION):
        kind, target = one.get("Type", "").rpartition("/")[2], one.get("Target", "")
        if kind in _MACROS:
            raise WordRefused("macro")
        if kind == "aFChunk":
            raise WordRefused("foreign_text")
        if kind in _EMBEDDED or "/embeddings/" in f"/{target.lower()}":
            raise WordRefused("embedded")
        linked = kind == "hyperlink" and target.lower().startswith(_ALLOWED_LINKS)
        if one.get("TargetMode") == "External" and not linked and kind not in ignored:
            raise WordRefused("external", target)


def _judge_part(root: etree._Element, ignored: frozenset[str]) -> None:
    if next(root.iter(qn("w:altChunk")), None) is not None:
        raise WordRefused("foreign_text")
    if next(root.iter(qn("w:object"), qn("w:control")), None) is not None:
        raise WordRefused("embedded")
    # Word may cut an instruction into several runs.
    told = "".join(one.text or "" for one in root.iter(qn("w:instrText")))
    simple = " ".join(one.get(qn("w:instr"), "") for one in root.iter(qn("w:fldSimple")))
    if "hyperlink" in ignored:  # an address may hold any word
        told, simple = _QUOTED.sub("", told), _QUOTED.sub("", simple)
    found = _FETCHING.search(told) or _FETCHING.search(simple)
    if found:
        raise WordRefused("external", found[0])
