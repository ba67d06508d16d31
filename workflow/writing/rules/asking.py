"""What a model asks: how a value as it was typed, or as a cell of a spreadsheet holds it, is understood."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from documents.front_matter import Ask

LONGEST = 4000
"""Characters of one answer."""
MISSING = "Answer this question."
NO_DAY = "Write a day, for example 31/12/2026."
NO_NUMBER = "Write a number, for example 12 or 412,50."
NO_CHOICE = "Choose one of: %(choices)s."
TOO_LONG = "Write at most %(count)s characters."

Fault = tuple[str, Mapping[str, Any]]
"""(English msgid, its parameters)."""


def read(ask: Ask, told: object) -> tuple[Any, Fault | None]:
    """(value as models read it, what is wrong). A day is ISO text; nothing is "", of a number None.

    told: text as it was typed, or what a cell holds (a day, a number).
    """
    words = _words(told)
    if not words:
        return (None if ask.type == "number" else ""), ((MISSING, {}) if ask.required else None)
    if len(words) > LONGEST:
        return words, (TOO_LONG, {"count": LONGEST})
    match ask.type:
        case "date":
            day = _day(words)
            return (day, None) if day else (words, (NO_DAY, {}))
        case "number":
            number = _number(words)
            return (number, None) if number is not None else (words, (NO_NUMBER, {}))
        case "choice":
            chosen = next((one for one in ask.choices if one.casefold() == words.casefold()), None)
            return (chosen, None) if chosen else (words, (NO_CHOICE, {"choices": ", ".join(ask.choices)}))
    return words, None


def read_all(asks: Iterable[Ask], told: Mapping[str, object]) -> tuple[dict[str, Any], dict[str, Fault]]:
    """({name: value}, {name: what is wrong}) of every question."""
    values: dict[str, Any] = {}
    faults: dict[str, Fault] = {}
    for ask in asks:
        values[ask.name], fault = read(ask, told.get(ask.name))
        if fault:
            faults[ask.name] = fault
    return values, faults


def left_open(asks: Iterable[Ask], told: Mapping[str, Any]) -> tuple[Ask, ...]:
    """The questions that were not answered once for all: they are asked for each household."""
    return tuple(ask for ask in asks if told.get(ask.name) in (None, ""))


def as_typed(value: object) -> str:
    """A value that was kept, as one types it."""
    if value is None:
        return ""
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)


def _words(told: object) -> str:
    if told is None:
        return ""
    if isinstance(told, datetime):
        return told.date().isoformat()
    if isinstance(told, float) and told.is_integer():
        return str(int(told))
    lines = (" ".join(line.split()) for line in str(told).replace("\r\n", "\n").split("\n"))
    return "\n".join(lines).strip()


def _day(words: str) -> str:
    matched = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", words, re.ASCII)
    try:
        day = date(int(matched[3]), int(matched[2]), int(matched[1])) if matched else date.fromisoformat(words)
    except ValueError:
        return ""
    return day.isoformat() if 1900 <= day.year <= 2200 else ""


def _number(words: str) -> int | float | None:
    plain = re.sub(r"[\s\u00a0\u202f]", "", words).removesuffix("€").removesuffix("%").replace(",", ".")
    if not re.fullmatch(r"-?\d{1,12}(\.\d{1,6})?", plain, re.ASCII):
        return None
    return float(plain) if "." in plain else int(plain)
