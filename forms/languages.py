"""The languages of a workbook, as its headers spell them: one language in two ways, a default that none speaks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from forms.findings import Finding
from forms.headers import SPOKEN
from forms.places import column_of
from forms.vocabulary import snake
from forms.xform import language_code

_CODE = re.compile(r"\s*\([^()]*\)\Z")
At = tuple[str, str]
"""Sheet, header."""


def spoken(sheets: Mapping[str, Any]) -> dict[str, At]:
    """Languages as they are written, with the first header of each; "" for texts without a language."""
    found: dict[str, At] = {}
    for sheet in ("survey", "choices"):
        rows = sheets.get(sheet) or ()
        for header in (sheets.get(f"{sheet}_header") or [{}])[0]:
            if column_of(sheet, header) in SPOKEN and any(row.get(header) for row in rows):
                found.setdefault(_language(header), (sheet, header))
    return found


def _language(header: str) -> str:
    """label::Français (fr), media::image::fr, bind::jr:constraintMsg::fr"""
    words = [word.strip() for word in header.split("::")]
    own = 2 if snake(words[0]) in {"media", "bind"} else 1
    return words[own] if len(words) > own else ""


def languages(sheets: Mapping[str, Any]) -> Iterator[Finding]:
    """Two spellings of one language (refused when texts would take the place of others); an unknown default."""
    found = spoken(sheets)
    yield from _twice({language: at for language, at in found.items() if language})
    yield from _default(sheets, found)


def _twice(found: Mapping[str, At]) -> Iterator[Finding]:
    for first, second in combinations(found, 2):
        same_code = language_code(first) == language_code(second)
        if same_code or _alike(first, second):
            sheet, header = found[second]
            message = "The columns %(first)s and %(second)s spell one language in two ways."
            params = {"first": found[first][1], "second": header, "meant": first}
            hint = "Write it the same way in all headers: %(meant)s."
            yield Finding(
                "refused" if same_code else "warning", "language_twice", sheet, 1, header, message, params, hint
            )


def _alike(first: str, second: str) -> bool:
    """Whether only capitals, accents or a missing code tell them apart: French (fr) and french."""
    coded = bool(_CODE.search(first)) and bool(_CODE.search(second))
    return not coded and _bare(first) == _bare(second)


def _bare(language: str) -> str:
    letters = unicodedata.normalize("NFKD", _CODE.sub("", language))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold().strip()


def _default(sheets: Mapping[str, Any], found: Mapping[str, At]) -> Iterator[Finding]:
    number, row = next(((at, row) for at, row in enumerate(sheets.get("settings") or (), 2) if row), (2, {}))
    header = next((header for header in row if column_of("settings", header) == "default_language"), "")
    wanted = row.get(header, "").strip()
    if not wanted or not found or "" in found or wanted in found:
        return
    near = (name for name in found if language_code(name) == language_code(wanted) or _bare(name) == _bare(wanted))
    message = "No column speaks the default language %(value)s."
    params = {"value": wanted, "meant": next(near, next(iter(found)))}
    hint = "Write it as the headers do, for example %(meant)s."
    yield Finding("warning", "default_language", "settings", number, header, message, params, hint)
