"""The questionnaire, its cover and its codes handed to Typst.

Typst starts threads: `documents.pdf` says in which processes it may run.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from documents import fonts
from documents.house import HouseStyle
from documents.pdf import PdfResult, code, compiled
from documents.questionnaire.cover import Cover
from documents.questionnaire.laying import Laying
from documents.questionnaire.wording import Plain, Words
from documents.wording import long_date

MOST_CODES = 60
"""Pages that get a code of their own."""

_ROLES = ("by_household", "by_officer", "by_relative", "by_association")


def write(
    sheet: Plain, cover: Cover, style: HouseStyle, *, date: datetime.date, large_print: bool = False
) -> PdfResult:
    """Set a questionnaire (`forms.paper.Questionnaire` as plain data) as PDF/A-3a and PDF/UA-1.

    The same arguments give the same bytes. Raises NotSet when the theme cannot be used.
    """
    missing: set[str] = set()
    paper = _paper(sheet, cover, style, date, large_print)
    data = json.dumps(_drawable(paper, missing), ensure_ascii=False).encode()
    files = {"main.typ": style.theme.encode(), "paper.json": data, **_codes(cover)}
    return PdfResult(compiled(files, date), (), tuple(sorted(missing)))


def _paper(sheet: Plain, cover: Cover, style: HouseStyle, date: datetime.date, large_print: bool) -> dict[str, Any]:
    lang = _language(sheet["lang"])
    words = Words(style, lang)
    laying = Laying(words, large=large_print)
    printed = words("made_on", date=long_date(date.isoformat()[:10], lang))
    return {
        "lang": lang,
        "title": sheet["title"],
        "filled": sheet["filled"],
        "look": _look(style, large_print),
        "words": _said(words, bool(sheet["filled"])),
        "page": words("page", page="\0", pages="\0").split("\0"),
        "foot": [words("to_fill"), sheet["title"], printed],
        "version": words("version", version=f"\0{sheet['version']}\0").split("\0") if sheet["version"] else [],
        "organisation": cover.organisation,
        "operation": cover.operation,
        "reference": cover.reference,
        "household": cover.household,
        "codes": MOST_CODES if cover.address else 0,
        "roles": [words(role) for role in _ROLES],
        "sections": [laying.section(section, sheet["title"]) for section in sheet["sections"]],
    }


def _language(told: str) -> str:
    """Two or three letters, as the typesetter takes them; a form that names no language is written in French here."""
    code = told.partition("-")[0].lower()
    return code if code.isascii() and code.isalpha() and len(code) in (2, 3) else "fr"


def _said(words: Words, filled: bool) -> dict[str, str]:
    names = (
        *("to_fill", "reference", "household", "filled_on", "filled_at", "filled_by", "name", "how_title", "how_pen"),
        *("how_skip", "privacy_title", "privacy", "day", "end_title", "end_text", "end_date", "end_person"),
        "end_helper",
    )
    return {name: words(name) for name in names} | {"how_change": words("how_printed" if filled else "how_change")}


def _look(style: HouseStyle, large_print: bool) -> dict[str, Any]:
    size = style.large_text_pt if large_print else style.text_pt
    colours = {"accent": style.accent, "soft": style.soft, "ink": style.ink, "quiet": style.quiet, "line": style.line}
    return colours | {"size": size, "large": large_print, "families": fonts.FAMILIES["sans"]}


def _codes(cover: Cover) -> dict[str, bytes]:
    if not cover.address:
        return {}
    return {f"code-{page}.svg": code(f"{cover.address}?page={page}") for page in range(1, MOST_CODES + 1)}


def _drawable(value: Any, missing: set[str]) -> Any:
    """The same data with every sign that no font draws exchanged for a visible one."""
    if isinstance(value, str):
        return fonts.replaced(value, missing)
    if isinstance(value, Mapping):
        return {name: _drawable(one, missing) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return list(map(partial(_drawable, missing=missing), value))
    return value
