"""What may be given as an answer of each kind: pictures, sounds, films, documents. The content decides."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from workflow.filing.rules import scans
from workflow.filing.rules.scans import LARGEST

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ODT = "application/vnd.oasis.opendocument.text"
_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_INSIDE = {"word/document.xml": (_DOCX, "docx"), "xl/workbook.xml": (_XLSX, "xlsx")}
_OPEN_DOCUMENT = {_ODT: "odt", _ODS: "ods"}
_PLAIN = {scans.PDF: "pdf", scans.PNG: "png", scans.JPEG: "jpg"}
_MOST_MEMBERS = 5000

EMPTY = "This file is empty. Choose it again."
TOO_LARGE = "This file is larger than 15 MB. Make it smaller, or give a part of it."
NOT_OF_THIS_KIND = {
    "image": "This file is not a picture (JPEG, PNG). Take a photograph, or choose another file.",
    "audio": "This file is not a sound recording that can be kept (MP3, M4A, OGG, WAV).",
    "video": "This file is not a film that can be kept (MP4, WebM, MOV).",
    "file": "This file is none of those that can be kept: PDF, JPEG, PNG, DOCX, XLSX, ODT, ODS.",
}

_CLOSED = 0x1 | 0x20 | 0x40  # encrypted, patched


class NotKept(ValueError):
    """The file cannot be an answer; its text is a message id."""


@dataclass(frozen=True, slots=True)
class Sort:
    """What the bytes are: media type and the ending of the name."""

    mime: str
    extension: str


def sort_of(data: bytes, kind: str) -> Sort:
    """What these bytes are as the answer to a question of a kind (image, audio, video, file). Raises NotKept."""
    if not data:
        raise NotKept(EMPTY)
    if len(data) > LARGEST:
        raise NotKept(TOO_LARGE)
    found = _SORTERS[kind](data)
    if found is None:
        raise NotKept(NOT_OF_THIS_KIND[kind])
    return found


def _image(data: bytes) -> Sort | None:
    found = scans.kind_of(data)
    return Sort(found, _PLAIN[found]) if found in {scans.PNG, scans.JPEG} else None


def _document(data: bytes) -> Sort | None:
    found = scans.kind_of(data)
    return Sort(found, _PLAIN[found]) if found else _office(data)


def _office(data: bytes) -> Sort | None:
    """A text or a table without macros, by the names of its members; only the type of OpenDocument is unpacked."""
    if not data.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if len(names) > _MOST_MEMBERS or any(name.endswith("vbaProject.bin") for name in names):
                return None
            told = _declared(archive) if "mimetype" in names else ""
    except (zipfile.BadZipFile, OSError, EOFError, ValueError):
        return None
    except NotImplementedError:  # how zipfile says that an entry asks for a version of the format it lacks
        return None
    if told in _OPEN_DOCUMENT:
        return Sort(told, _OPEN_DOCUMENT[told])
    inside = next((_INSIDE[name] for name in names if name in _INSIDE), None)
    return Sort(*inside) if inside else None


def _declared(archive: zipfile.ZipFile) -> str:
    """What an OpenDocument says it is: as its standard asks, neither packed nor encrypted."""
    entry = archive.getinfo("mimetype")
    if entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & _CLOSED:
        return ""
    with archive.open(entry) as member:
        return member.read(100).decode("ascii", "replace").strip()


def _audio(data: bytes) -> Sort | None:
    if data.startswith(b"ID3") or (data[:1] == b"\xff" and data[1:2] in {b"\xfb", b"\xf3", b"\xf2"}):
        return Sort("audio/mpeg", "mp3")
    if data.startswith(b"RIFF") and data[8:12] == b"WAVE":
        return Sort("audio/wav", "wav")
    if data.startswith(b"OggS"):
        return Sort("audio/ogg", "ogg")
    if data.startswith(b"\x1aE\xdf\xa3"):
        return Sort("audio/webm", "webm")
    if data.startswith(b"#!AMR"):
        return Sort("audio/amr", "amr")
    return Sort("audio/mp4", "m4a") if data[4:8] == b"ftyp" else None


def _video(data: bytes) -> Sort | None:
    if data.startswith(b"\x1aE\xdf\xa3"):
        return Sort("video/webm", "webm")
    if data[4:8] != b"ftyp":
        return None
    return Sort("video/quicktime", "mov") if data[8:12] == b"qt  " else Sort("video/mp4", "mp4")


_SORTERS = {"image": _image, "audio": _audio, "video": _video, "file": _document}
