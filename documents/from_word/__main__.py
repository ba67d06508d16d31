"""A process of its own that lays a Word file somebody sent beside our own text: an order as JSON in, JSON out.

The file comes from outside, so it is read where little can go wrong: bounded (`documents.limits`), with nothing but a
pipe to speak through. The order is that of `documents.orders.order`: text, data, lang, reference, day (ISO), issuer,
organisation, address, house, clauses, files, models; `word`, the bytes of the file, or `lines`, as read before;
`verify_url` where the paper has one, `invented` where the data are those of an example.

    {"articles": [fields of laid.Laid], "lines": [fields of lines.Line], "foot", "about", "findings"}
    {"refused": {"code", "msgid", "params", "line", "clause"}, "whose": "theirs" or "ours"}
"""

from __future__ import annotations

import dataclasses
import datetime
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from documents import alone, pdf
from documents.findings import Finding, ModelRefused
from documents.from_word.laid import Written, laid
from documents.from_word.lines import Change, Left, Line, Remark, WordText
from documents.from_word.reading import read
from documents.harmless import WordRefused
from documents.house import HouseStyle
from documents.library import Library


def compared(told: Mapping[str, Any]) -> dict[str, Any]:
    """What the process answers. Raises NotSet (`documents.pdf`) when a drawing of ours cannot become a picture."""
    try:
        theirs = _theirs(told)
    except WordRefused as refused:
        return {"refused": _finding(refused.finding), "whose": "theirs"}
    about = {"lines": [dataclasses.asdict(one) for one in theirs.lines], "foot": theirs.foot, "about": theirs.about}
    if "text" not in told or not told["text"]:
        return about
    house = HouseStyle.load(Path(told["house"]), organisation=told["organisation"], address=tuple(told["address"]))
    try:
        articles, findings = laid(theirs.lines, _written(told), house)
    except ModelRefused as refused:
        return {"refused": _finding(refused.findings[0]), "whose": "ours"}
    return about | {
        "articles": [dataclasses.asdict(one) for one in articles],
        "findings": [_finding(one) for one in findings],
    }


def _theirs(told: Mapping[str, Any]) -> WordText:
    if "word" in told:
        return read(told["word"])
    return WordText(tuple(line_of(one) for one in told["lines"]))


def line_of(told: Mapping[str, Any]) -> Line:
    """A line as JSON carried it."""
    return Line(
        told["kind"],
        tuple(told["cells"]),
        told["level"],
        told["ordered"],
        tuple(Change(**one) for one in told["changes"]),
        tuple(Remark(**one) for one in told["remarks"]),
        tuple(Left(**one) for one in told["left"]),
    )


def _written(told: Mapping[str, Any]) -> Written:
    return Written(
        told["text"],
        told["data"],
        Library(told.get("clauses") or {}, told.get("files") or {}, told.get("models") or {}),
        told["lang"],
        told["reference"],
        datetime.date.fromisoformat(told["day"]),
        told["issuer"],
        told.get("verify_url"),
        bool(told.get("invented")),
    )


def _finding(one: Finding) -> dict[str, Any]:
    return dataclasses.asdict(one) | {"params": dict(one.params)}


def main() -> int:
    """Standard input to standard output; exit code 1: the comparison could not be made."""
    return alone.answer(compared, pdf.NotSet)


if __name__ == "__main__":
    sys.exit(main())
