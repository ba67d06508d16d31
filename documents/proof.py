"""A process of its own that sets the proof of a model while somebody writes it: an order as JSON in, JSON out.

    {"pdf": base64, "docx": base64, "pages": [PNG in base64], "count": 12, "at": 3,
     "findings": [{"code", "msgid", "params", "line", "clause"}], "missing": ["李"]}

A model that is refused gives its findings and no file. What `documents.draft` does for the words of a dossier, this
does for those of an author: "specimen" stands on every page, and the process is bounded (`documents.limits`).
"""

from __future__ import annotations

import base64
import dataclasses
import datetime
import io
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PIL import Image

from documents import alone, assembly, audiences, docx, model, pdf, seeking
from documents.annexes import AnnexFile
from documents.as_data import content_hash
from documents.findings import Finding, ModelRefused
from documents.house import HouseStyle
from documents.library import Library

MARK = "specimen"
MOST_PAGES = 30
_FAR_LONGER = 4
_PPI, _COLOURS = 96.0, 16
"""Enough to read a page beside its text; a page then weighs 50 kB instead of 500."""


def proved(told: Mapping[str, Any]) -> dict[str, Any]:
    """The proof of an order: text, data, lang, reference, day (ISO), issuer, organisation, address, house, and where
    they are wanted clauses, files, models (as in `documents.library.Library`), docx (true), large (true) and pages
    (true): the first `MOST_PAGES` as pictures, none of a paper that is far longer; `count` is how many it has. `mark`:
    another word said on every page. `annexes`: files attached, [{name, media_type, data, title}]. `levels` and
    `readers`: as for `documents.audiences.too_high`.
    Raises NotSet.
    """
    try:
        rendered = _rendered(told)
    except ModelRefused as refused:
        return {"findings": _said(refused.findings), "missing": []}
    style = HouseStyle.load(Path(told["house"]), organisation=told["organisation"], address=tuple(told["address"]))
    day = datetime.date.fromisoformat(told["day"])
    large = bool(told.get("large"))
    mark = told.get("mark") or MARK
    made = pdf.write(rendered.document, style, date=day, mark=mark, large_print=large)
    files: dict[str, Any] = {"pdf": _carried(made.bytes)}
    if told.get("docx"):
        said = content_hash(rendered.document)
        files["docx"] = _carried(docx.write(rendered.document, style, content_hash=said, mark=mark))
    if told.get("pages"):
        files |= _pages(made.bytes, lambda: pdf.pages(rendered.document, style, mark=mark, large_print=large, ppi=_PPI))
    if told.get("look") and files.get("pages"):
        files["at"] = seeking.page_of(made.bytes, told["look"])
    return files | {"findings": _said(rendered.findings), "missing": list(made.missing_characters)}


def _rendered(told: Mapping[str, Any]) -> model.Rendered:
    library = Library(told.get("clauses") or {}, told.get("files") or {}, told.get("models") or {})
    loaded = model.load(told["text"], library)
    rendered = model.render(
        loaded,
        told["data"],
        lang=told["lang"],
        reference=told["reference"],
        date=datetime.date.fromisoformat(told["day"]),
        verify_url=None,
        issuer=told["issuer"],
        annex_files=[AnnexFile(**one) for one in told.get("annexes") or ()],
    )
    told_to = told.get("levels") or {}, told.get("readers") or {}, model.landlord_of(told["data"])
    return dataclasses.replace(rendered, findings=(*rendered.findings, *audiences.too_high(loaded, *told_to)))


def _pages(made: bytes, drawn: Callable[[], tuple[bytes, ...]]) -> dict[str, Any]:
    """The typesetter draws all pages or none, and each takes time."""
    count = assembly.pages_of(made)
    wanted = count <= _FAR_LONGER * MOST_PAGES
    return {"count": count, "pages": [_carried(_light(one)) for one in drawn()[:MOST_PAGES]] if wanted else []}


def _light(page: bytes) -> bytes:
    made = io.BytesIO()
    with Image.open(io.BytesIO(page)) as picture:
        few = picture.convert("RGB").quantize(_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(made, "PNG")
    return made.getvalue()


def _said(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    return [dataclasses.asdict(one) | {"params": dict(one.params)} for one in findings]


def _carried(made: bytes) -> str:
    return base64.b64encode(made).decode()


def main() -> int:
    """Standard input to standard output; exit code 1: the paper could not be set."""
    return alone.answer(proved, pdf.NotSet)


if __name__ == "__main__":
    sys.exit(main())
