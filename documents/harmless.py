"""Is a Word file that somebody uploaded harmless? Judged before any part of it is read as Word.

Sizes from the directory of the archive (PKWARE APPNOTE 4.3.12), then every part as XML without document types, then
the relations (ECMA-376 part 2, 9.3). A part is XML by its name, its declared type (10.1.2), who relates to it or how it
begins, whichever says so: readers of Word files differ in what they go by. What is no XML is a picture, a font or what
a printer was told, or is refused.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from lxml import etree

from documents.findings import Finding

MOST_BYTES, MOST_PARTS, MOST_INFLATED, MOST_OF_A_PART = 10_000_000, 400, 60_000_000, 20_000_000
HIGHEST_RATIO = 200
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TYPES, TEXT = "[Content_Types].xml", "word/document.xml"
_WORD = (  # transitional and strict
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_EMBEDDED = {"oleObject", "package", "control", "activeXControlBinary", "frame", "subDocument"}
_SEEN = {"image", "thumbnail", "hdphoto", "font", "printerSettings", "origin"}  # relations to what is no XML
_SEEN_TYPES = re.compile(r"image/|font/|application/(x-font|.*(obfuscatedfont|printersettings|signature-origin)$)")
_XML_TYPE = re.compile(r"(application|text)/xml$|.*\+xml$")
_BLANK = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"  # before the first sign of XML, byte order marks included
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
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:  # all zipfile says
        raise WordRefused("not_docx") from error
    _judged(parts, frozenset(ignored))
    return parts


def _measured(parts: list[zipfile.ZipInfo]) -> None:
    names = [one.filename for one in parts]
    if len(names) != len(set(map(_key, names))):
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
    types = _types(read_xml(parts[_TYPES]))
    if any("macroenabled" in kind for kind in types.values()):
        raise WordRefused("macro")
    if types.get(_key(TEXT)) != _MAIN:
        raise WordRefused("not_docx")
    related = _related(parts, ignored)
    for name, data in parts.items():
        key = _key(name)
        kind = types.get(key, types.get(f".{key.rpartition('.')[2]}", ""))
        root = _as_xml(data, kind, must=key.endswith((".xml", ".rels")) or key in related)
        if root is not None:
            _judge_relations(root, ignored)
            _judge_part(root, ignored)


def _key(name: str) -> str:
    """The name of a part as it is compared: without regard to case (ECMA-376 part 2, 9.1.1.1) or to how it is coded."""
    return unquote(name).lower().removeprefix("/")


def _types(declared: etree._Element) -> dict[str, str]:
    """The declared types by key of a part, or by ending (“.png”). Raises WordRefused for two types of one thing."""
    types: dict[str, str] = {}
    for one in declared.iter("{*}Default", "{*}Override"):
        part = one.get("PartName")
        key = f".{one.get('Extension', '').lower()}" if part is None else _key(part)
        kind = one.get("ContentType", "").partition(";")[0].strip().lower()
        if types.setdefault(key, kind) != kind:
            raise WordRefused("not_docx")
    return types


def _related(parts: dict[str, bytes], ignored: frozenset[str]) -> set[str]:
    """Judges the relations, and gives the keys of the parts they lead to that can be nothing but XML."""
    found: set[str] = set()
    for name, data in parts.items():
        if _key(name).endswith(".rels"):
            relations = read_xml(data)
            _judge_relations(relations, ignored)
            found |= set(_targets(relations, dirname(dirname(_key(name)))))
    return found


def _targets(relations: etree._Element, folder: str) -> Iterator[str]:
    for one in relations.iter(_RELATION):
        if one.get("TargetMode", "Internal") == "Internal" and one.get("Type", "").rpartition("/")[2] not in _SEEN:
            yield normpath(join("/", folder, unquote(one.get("Target", "")).partition("#")[0].lower())).strip("/")


def _as_xml(data: bytes, kind: str, *, must: bool) -> etree._Element | None:
    """The part as XML, or nothing when it is only to be looked at. Raises WordRefused when it is neither."""
    if must or _XML_TYPE.match(kind):
        return read_xml(data)
    seen = _SEEN_TYPES.match(kind) is not None
    if data.lstrip(_BLANK)[:1] == b"<":
        try:
            return read_xml(data)
        except WordRefused as refused:
            if not seen or refused.finding.code != "not_docx":  # a font may begin with any sign
                raise
    if data and not seen:
        raise WordRefused("embedded")
    return None


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
        if one.get("TargetMode", "Internal") != "Internal" and not linked and kind not in ignored:
            raise WordRefused("external", target)


def _judge_part(root: etree._Element, ignored: frozenset[str]) -> None:
    if next(root.iter(*_named("altChunk")), None) is not None:
        raise WordRefused("foreign_text")
    if next(root.iter(*_named("object", "control")), None) is not None:
        raise WordRefused("embedded")
    # Word may cut an instruction into several runs.
    told = "".join(one.text or "" for one in root.iter(*_named("instrText")))
    fields = root.iter(*_named("fldSimple"))
    simple = " ".join(one.get(name, "") for one in fields for name in _named("instr"))
    if "hyperlink" in ignored:  # an address may hold any word
        told, simple = _QUOTED.sub("", told), _QUOTED.sub("", simple)
    found = _FETCHING.search(told) or _FETCHING.search(simple)
    if found:
        raise WordRefused("external", found[0])


def _named(*names: str) -> list[str]:
    return [space + name for space in _WORD for name in names]
