"""A process of its own that sets the proof of a model while somebody writes it: an order as JSON in, JSON out.

    {"pdf": base64, "docx": base64, "findings": [{"code", "msgid", "params", "line", "clause"}], "missing": ["李"]}

A model that is refused gives its findings and no file. What `documents.draft` does for the words of a dossier, this
does for those of an author: "specimen" stands on every page, and the process is bounded (`documents.limits`).
"""

from __future__ import annotations

import base64
import dataclasses
import datetime
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from documents import docx, limits, model, orders, pdf
from documents.as_data import content_hash
from documents.findings import Finding, ModelRefused
from documents.house import HouseStyle
from documents.library import Library

MARK = "specimen"


def proved(told: Mapping[str, Any]) -> dict[str, Any]:
    """The proof of an order: text, data, lang, reference, day (ISO), issuer, organisation, address, house, and where
    they are wanted clauses, files, models (as in `documents.library.Library`), docx (true) and large (true).
    Raises NotSet.
    """
    try:
        rendered = _rendered(told)
    except ModelRefused as refused:
        return {"findings": _said(refused.findings), "missing": []}
    style = HouseStyle.load(Path(told["house"]), organisation=told["organisation"], address=tuple(told["address"]))
    day = datetime.date.fromisoformat(told["day"])
    large = bool(told.get("large"))
    made = pdf.write(rendered.document, style, date=day, mark=MARK, large_print=large)
    files = {"pdf": _carried(made.bytes)}
    if told.get("docx"):
        said = content_hash(rendered.document)
        files["docx"] = _carried(docx.write(rendered.document, style, content_hash=said, mark=MARK))
    return files | {"findings": _said(rendered.findings), "missing": list(made.missing_characters)}


def _rendered(told: Mapping[str, Any]) -> model.Rendered:
    library = Library(told.get("clauses") or {}, told.get("files") or {}, told.get("models") or {})
    return model.render(
        model.load(told["text"], library),
        told["data"],
        lang=told["lang"],
        reference=told["reference"],
        date=datetime.date.fromisoformat(told["day"]),
        verify_url=None,
        issuer=told["issuer"],
    )


def _said(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    return [dataclasses.asdict(one) | {"params": dict(one.params)} for one in findings]


def _carried(made: bytes) -> str:
    return base64.b64encode(made).decode()


def main() -> int:
    """Standard input to standard output; exit code 1: the paper could not be set."""
    limits.hold()
    told = json.loads(sys.stdin.buffer.read(), object_hook=orders.read)
    try:
        made = proved(told)
    except pdf.NotSet as fault:
        sys.stderr.write(type(fault).__name__)
        return 1
    sys.stdout.write(json.dumps(made, default=str))
    return 0


if __name__ == "__main__":
    sys.exit(main())
