"""The text of a model in its two halves: settings, which one seldom touches, and words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MARK = "---"


def halves(text: str) -> tuple[str, str]:
    """(settings, words); no settings where the text does not begin with any."""
    lines = text.split("\n")
    ends = next((at for at, line in enumerate(lines[1:], start=1) if line.rstrip() == MARK), 0)
    if lines[0].rstrip() != MARK or not ends:
        return "", text
    return "\n".join(lines[1:ends]), "\n".join(lines[ends + 1 :])


def joined(settings: str, words: str) -> str:
    return f"{MARK}\n{settings.rstrip()}\n{MARK}\n{words}" if settings.strip() else words


def placed(remark: Mapping[str, Any], text: str) -> dict[str, Any]:
    """The remark with `field`, the half it is about, and `at`, its line there; a remark on a clause stays as it is."""
    settings, _words = halves(text)
    line, first = remark["line"] or 0, settings.count("\n") + 4 if settings else 1
    if remark["clause"] or not line:
        return {**remark, "field": "text", "at": line}
    if line >= first:
        return {**remark, "field": "text", "at": line - first + 1}
    return {**remark, "field": "settings", "at": max(1, line - 1)}
