"""One value as a person typed it → what it means: texts, decimals, days, telephone numbers, as the French write."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from workflow.dossiers.rules import folded
from workflow.exchange.rules.importing.sheet import Flaw, Value
from workflow.exchange.rules.importing.xlsx import day_of

SHOWN = 40  # characters of a wrong value that a sentence quotes


class Misread(Exception):
    """A value that cannot be taken. `message` is an English msgid with %(name)s parameters."""

    def __init__(self, code: str, message: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.params = params


def text(value: Value, longest: int) -> str:
    """A text; a number is written as people write it (204.0 → "204"). Raises Misread."""
    _whole(value)
    if isinstance(value, bool):
        raise _about(value, "text", "“%(value)s” is a yes or no, and a text is expected.")
    if isinstance(value, date):
        raise Misread(
            "became_date",
            "A date stands here instead of a text: the spreadsheet has probably changed what was typed. "
            "Give the cell the format “text”, then type it again.",
        )
    found = _plain(value) if isinstance(value, float | int) else " ".join(str(value).split())
    if len(found) > longest:
        raise Misread("long", "This text is too long: %(count)s characters at most.", count=longest)
    return found


def decimal(value: Value, least: float, most: float) -> float:
    """A number: 62.5, "62,5", "1 234,50", "62,5 m²". Raises Misread."""
    _whole(value)
    found = value if isinstance(value, float | int) and not isinstance(value, bool) else _parsed(value)
    if found is None:
        raise _about(value, "number", "“%(value)s” is not a number. Write for example 62,5.")
    if not least <= found <= most:
        raise _about(
            value, "range", "“%(value)s” is not possible here: between %(least)s and %(most)s.",
            least=_plain(least), most=_plain(most),
        )  # fmt: skip
    return float(found)


def count(value: Value, least: int, most: int) -> int:
    """A whole number. Raises Misread."""
    found = decimal(value, least, most)
    if found != int(found):
        raise _about(value, "whole", "“%(value)s” is not a whole number. Write for example 4.")
    return int(found)


_SIGNS = re.compile(r"[\s\u00a0\u202f\u2009'’]")
_UNIT = re.compile(r"(m2|m²|€|eur|euros?|pers\.?|personnes?|pièces?)$", re.IGNORECASE)


def _parsed(value: Value) -> float | None:
    """The last comma or point is the decimal one when it is the only one of its kind; the others part thousands."""
    if not isinstance(value, str):
        return None
    written = _UNIT.sub("", _SIGNS.sub("", value))
    comma, point = written.rfind(","), written.rfind(".")
    if comma >= 0 and point >= 0:
        thousands = "." if comma > point else ","
        written = written.replace(thousands, "")
    written = written.replace(",", ".")
    return float(written) if re.fullmatch(r"[+-]?[0-9]{1,12}(\.[0-9]{1,8})?", written) else None


# -- days ---------------------------------------------------------------------------------------------------------

_MONTHS = (
    ("janvier", "janv", "jan", "january"), ("fevrier", "fevr", "fev", "february", "feb"), ("mars", "mar", "march"),
    ("avril", "avr", "april", "apr"), ("mai", "may"), ("juin", "june", "jun"), ("juillet", "juil", "july", "jul"),
    ("aout", "august", "aug"), ("septembre", "sept", "sep", "september"), ("octobre", "oct", "october"),
    ("novembre", "nov", "november"), ("decembre", "dec", "december"),
)  # fmt: skip
MONTHS = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}
_FIGURES = re.compile(r"([0-9]{1,2})[/.\- ]([0-9]{1,2})[/.\- ]([0-9]{4}|[0-9]{2})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ][0-9:.]+Z?)?")
_WORDS = re.compile(r"(?:[a-z]+ )?([0-9]{1,2})(?:er|st|nd|rd|th)? ([a-z]+) ([0-9]{4}|[0-9]{2})")
SERIALS = (10_000, 80_000)  # 1927 to 2119: a plain number outside is no date


def day(value: Value) -> date:
    """A day: a date of the spreadsheet, 12/03/2026, 12 mars 2026, or a serial number of Excel. Raises Misread."""
    _whole(value)
    if isinstance(value, date):
        return value
    found = _serial(value) if isinstance(value, float | int) else _written(str(value))
    if found is None:
        raise _about(value, "day", "“%(value)s” is not a date. Write for example 12/03/2026.")
    return found


def _serial(value: float) -> date | None:
    return day_of(value) if not isinstance(value, bool) and SERIALS[0] <= value <= SERIALS[1] else None


def _written(told: str) -> date | None:
    told = " ".join(told.split())
    if found := _ISO.fullmatch(told):
        return _made(*found.groups())
    if found := _FIGURES.fullmatch(told):
        return _made(found[3], found[2], found[1])
    if told.isascii() and told.isdigit() and len(told) == 5:
        return _serial(float(told))
    if found := _WORDS.fullmatch(folded(told)):
        return _made(found[3], str(MONTHS.get(found[2], 0)), found[1])
    return None


def _made(year: str, month: str, number: str) -> date | None:
    full = int(year) if len(year) == 4 else (1900 if int(year) >= 70 else 2000) + int(year)
    try:
        return date(full, int(month), int(number))
    except ValueError:
        return None


# -- how to reach somebody ----------------------------------------------------------------------------------------

_MAIL = re.compile(r"[^@\s;,<>]+@[^@\s;,<>]+\.[^@\s;,<>.]+")


def phone(value: Value) -> str:
    """A telephone number, French ones in pairs. A spreadsheet that took it for a number has lost its first zero."""
    told = text(value, 40)
    digits = re.sub(r"[^0-9+]", "", told)
    if isinstance(value, float | int) and len(digits) == 9:
        digits = f"0{digits}"
    digits = re.sub(r"^(?:\+33|0033)0?(?=[1-9][0-9]{8}$)", "0", digits)
    if re.fullmatch(r"0[1-9][0-9]{8}", digits):
        return " ".join(digits[at : at + 2] for at in range(0, 10, 2))
    if not 6 <= len(re.sub(r"[^0-9]", "", digits)) <= 15:
        raise _about(value, "phone", "“%(value)s” is not a telephone number. Write for example 04 65 71 00 00.")
    return told


def email(value: Value) -> str:
    told = text(value, 320)
    if not _MAIL.fullmatch(told):
        raise _about(value, "email", "“%(value)s” is not an e-mail address. Write for example nom@exemple.fr.")
    return told.lower()


DWELLING_TYPES = tuple(f"T{rooms}" for rooms in range(1, 10))


def dwelling_type(value: Value) -> str:
    """T1 to T9: "T3", "t 3", "F3", "3 pièces", "3", "studio"; "T1 bis" keeps its bis."""
    told = folded(text(value, 60))
    if told == "studio":
        return "T1"
    found = re.fullmatch(r"(?:type )?[tf]? ?([1-9])( ?bis)?(?: pieces?)?(?: et plus)?", told)
    if not found:
        raise _about(value, "type", "“%(value)s” is not a type of dwelling. Write for example T3.")
    return f"T{found[1]}{' bis' if found[2] else ''}"


# -- what all of them ask first -----------------------------------------------------------------------------------


def _whole(value: Value) -> None:
    if not isinstance(value, Flaw):
        return
    if value.code == "formula":
        raise Misread(
            "formula",
            "This cell holds a formula whose result is not in the file. Open the file in your spreadsheet and save it "
            "again, or type the value.",
        )
    raise Misread("error", "This cell holds a calculation error (%(value)s).", value=value.shown)


def _about(value: Value, code: str, message: str, **params: Any) -> Misread:
    return Misread(code, message, value=shown(value), **params)


def shown(value: Value | None) -> str:
    """A value as a sentence quotes it."""
    if value is None:
        return ""
    if isinstance(value, Flaw):
        return value.shown
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    told = _plain(value) if isinstance(value, float | int) else " ".join(str(value).split())
    return told if len(told) <= SHOWN else f"{told[: SHOWN - 1]}…"


def _plain(value: float) -> str:
    """204.0 → "204"; 62.5 → "62,5"."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else f"{value:.10g}".replace(".", ",")
