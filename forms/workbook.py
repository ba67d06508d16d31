"""Look at an uploaded workbook before anything opens it: is it what it says, and is it small enough?"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from forms.findings import Finding, FormRefused

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 80 * 1024 * 1024
MAX_RATIO = 200
_OLE = b"\xd0\xcf\x11\xe0"
_CELL = re.compile(r"(?<!\\)\|")
_SEPARATOR = re.compile(r"\s*\|?[\s:|-]+\|?\s*\Z")


def refuse(code: str, message: str, hint: str = "", **params: object) -> FormRefused:
    """A refusal of the whole file."""
    return FormRefused((Finding("refused", code, "", None, "", message, params, hint),))


def suffix_of(source: bytes, filename: str) -> str:
    """`.xlsx`, `.xls` or `.md`, checked against the content. Raises FormRefused."""
    suffix = filename[filename.rfind(".") :].lower() if "." in filename else ""
    if suffix not in {".xlsx", ".xls", ".md"}:
        raise refuse("file_type", "This file is not a workbook.", "Give a file that ends in .xlsx, .xls or .md.")
    if len(source) > MAX_BYTES:
        limit = MAX_BYTES // 1024 // 1024
        raise refuse("too_large", "This file is larger than %(limit)s MB.", "Remove pictures from it.", limit=limit)
    if suffix == ".xlsx":
        _check_archive(source)
    elif suffix == ".xls" and not source.startswith(_OLE):
        raise unreadable()
    return suffix


def unreadable() -> FormRefused:
    return refuse("unreadable", "This file cannot be read.", "Open it in your spreadsheet and save it again as .xlsx.")


def _check_archive(source: bytes) -> None:
    if source.startswith(_OLE):
        hint = "Save it without a password, in the .xlsx format."
        raise refuse("protected", "This workbook is protected by a password, or is an old .xls file.", hint)
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError) as fault:
        raise unreadable() from fault
    if unpacked > MAX_UNPACKED or unpacked > max(len(source), 1) * MAX_RATIO:
        raise refuse("too_large", "This workbook becomes too large when it is opened.", "Remove pictures from it.")
    if "[Content_Types].xml" not in names:
        raise unreadable()


def markdown_text(source: bytes) -> str:
    """The text of a Markdown workbook; every row has at most as many cells as its header. Raises FormRefused."""
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise refuse("encoding", "This text is not written in UTF-8.", "Save it again with the encoding UTF-8.") from (
            fault
        )
    findings = tuple(_wide_rows(text))
    if findings:
        raise FormRefused(findings)
    return text


def _wide_rows(text: str) -> Iterator[Finding]:
    sheet, width, row = "", 0, 0
    for line in text.splitlines():
        stripped = line.strip()
        if not stripped.startswith("|") or _SEPARATOR.match(stripped):
            continue
        cells = [cell.strip() for cell in _CELL.split(stripped.removeprefix("|").removesuffix("|"))]
        if cells[0]:
            sheet, width, row = cells[0], 0, 0
        if any(cells[1:]):
            row += 1
            width = width or len(cells)
            if len(cells) > width:
                message = "This row has more cells than the first row of its sheet."
                hint = "A vertical bar inside a cell is written \\|."
                yield Finding("refused", "cells", sheet, row, "", message, {}, hint)
