"""A process of its own that sets the draft of one paper: an order as JSON comes in, a PDF goes out.

Nothing is written anywhere and nothing is sealed: "draft" stands on every page. Whoever may not start Typst
(`documents.pdf` says why) calls this one. Exit code 1: the paper could not be set.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from documents import alone, model, pdf
from documents.findings import ModelRefused
from documents.house import HouseStyle

MARK = "draft"


def written(told: Mapping[str, Any]) -> bytes:
    """The PDF of an order. Raises ModelRefused and NotSet."""
    day = datetime.date.fromisoformat(told["day"])
    style = HouseStyle.load(Path(told["house"]), organisation=told["organisation"], address=tuple(told["address"]))
    rendered = model.render(
        model.load(told["text"]),
        told["data"],
        lang=told["lang"],
        reference=told["reference"],
        date=day,
        verify_url=None,
        issuer=told["issuer"],
    )
    return pdf.write(rendered.document, style, date=day, mark=MARK).bytes


def main() -> int:
    """Standard input to standard output."""
    return alone.answer(written, ModelRefused, pdf.NotSet)


if __name__ == "__main__":
    sys.exit(main())
