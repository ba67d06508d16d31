"""A process of its own that tries a letterhead somebody uploaded: an order as JSON comes in, JSON goes out.

    {"docx": base64, "pdf": base64}     or     {"refused": {"code", "msgid", "params"}}

The file may be hostile: the process is bounded (`documents.limits`), and nothing of it is written anywhere.
"""

from __future__ import annotations

import base64
import datetime
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from documents import alone, docx, letterhead, model, pdf
from documents.as_data import content_hash
from documents.house import HouseStyle

MARK = "specimen"


def tried(told: Mapping[str, Any]) -> dict[str, Any]:
    """A specimen in that letterhead, and the PDF beside it. Raises NotSet.

    told: letterhead (bytes), text and data of the model, lang, day (ISO), reference, issuer, organisation, address,
    house; with `only_check` the PDF, which no letterhead changes, is left out.
    """
    rendered = model.render(
        model.load(told["text"]),
        told["data"],
        lang=told["lang"],
        reference=told["reference"],
        date=datetime.date.fromisoformat(told["day"]),
        verify_url=None,
        issuer=told["issuer"],
    )
    style = HouseStyle.load(Path(told["house"]), organisation=told["organisation"], address=tuple(told["address"]))
    paper, said = rendered.document, content_hash(rendered.document)
    try:
        copy = docx.write(paper, style, content_hash=said, mark=MARK, letterhead=told["letterhead"])
    except letterhead.LetterheadRefused as refused:
        one = refused.finding
        return {"refused": {"code": one.code, "msgid": one.msgid, "params": dict(one.params)}}
    if told.get("only_check"):
        return {"docx": _carried(copy)}
    original = pdf.write(paper, style, date=datetime.date.fromisoformat(told["day"]), mark=MARK)
    return {"docx": _carried(copy), "pdf": _carried(original.bytes)}


def _carried(made: bytes) -> str:
    return base64.b64encode(made).decode()


def main() -> int:
    """Standard input to standard output; exit code 1: the specimen could not be set."""
    return alone.answer(tried, pdf.NotSet)


if __name__ == "__main__":
    sys.exit(main())
