"""A process of its own that reads models and says what is to say about them, without setting a page: an order as JSON
in, JSON out.

    [{"refused": false, "findings": [{"code", "msgid", "params", "line", "clause"}]}]

What `documents.proof` does for the eye, this does for a list: every example of a model, every model of a clause. The
process is bounded (`documents.limits`).
"""

from __future__ import annotations

import dataclasses
import datetime
import sys
from collections.abc import Mapping
from typing import Any

from documents import alone, audiences, model
from documents.findings import Finding, ModelRefused
from documents.library import Library

SECONDS = 20


def judged(told: Mapping[str, Any]) -> dict[str, Any]:
    """One order: text, data, lang, reference, day (ISO), issuer, and where they are wanted clauses, files, models;
    levels, readers: as for `documents.audiences.too_high`.
    """
    library = Library(told.get("clauses") or {}, told.get("files") or {}, told.get("models") or {})
    told_to = told.get("levels") or {}, told.get("readers") or {}, model.landlord_of(told["data"])
    try:
        loaded = model.load(told["text"], library)
        rendered = model.render(
            loaded,
            told["data"],
            lang=told["lang"],
            reference=told["reference"],
            date=datetime.date.fromisoformat(told["day"]),
            verify_url=None,
            issuer=told["issuer"],
        )
        high = audiences.too_high(loaded, *told_to)
    except ModelRefused as refused:
        return {"refused": True, "findings": said(refused.findings)}
    return {"refused": False, "findings": said((*rendered.findings, *high))}


def said(findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    return [dataclasses.asdict(one) | {"params": dict(one.params)} for one in findings]


def main() -> int:
    """Standard input to standard output."""
    return alone.answer(lambda told: [judged(one) for one in told["orders"]], seconds=SECONDS)


if __name__ == "__main__":
    sys.exit(main())
