"""What travels inside a paper: files attached to the PDF, the source data first among them."""

import hashlib
import io
import json
from collections.abc import Mapping

import pikepdf

DATA_NAME = "donnees.json"
DATA_MEDIA_TYPE = "application/json"


class Unreadable(Exception):
    """The bytes are not a PDF whose attachments can be read."""


def source_data(data: Mapping[str, object], description: str, name: str = DATA_NAME) -> tuple[str, str, bytes, str]:
    """The answers a paper was made from, as an attachment for `documents.pdf.write`: canonical JSON, UTF-8."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1, default=str)
    return name, DATA_MEDIA_TYPE, text.encode("utf-8", "replace"), description


def pages_of(pdf: bytes) -> int:
    """How many pages a PDF has. Raises Unreadable."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            return len(opened.pages)
    except pikepdf.PdfError as error:
        raise Unreadable(str(error)) from error


def filled(pdf: bytes, files: Mapping[str, bytes]) -> bytes:
    """A PDF whose attached files of these names hold other bytes; the same arguments give the same bytes."""
    if not files:
        return pdf
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for name, data in files.items():
            stream = opened.attachments[name].obj.EF.F
            stream.write(data)
            stream.Params.Size = len(data)
            stream.Params.CheckSum = pikepdf.String(hashlib.md5(data, usedforsecurity=False).digest())
        made = io.BytesIO()
        opened.save(made, deterministic_id=True)
    return made.getvalue()


def attached(pdf: bytes) -> dict[str, bytes]:
    """The attached files by name. Raises Unreadable."""
    try:
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            return {name: spec.get_file().read_bytes() for name, spec in opened.attachments.items()}
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(str(error)) from error


def embedded_data(pdf: bytes, name: str = DATA_NAME) -> object:
    """The source data of a paper, as it was handed in. Raises Unreadable when there is none."""
    try:
        return json.loads(attached(pdf)[name])
    except (KeyError, ValueError) as error:
        raise Unreadable(f"no {name}") from error
