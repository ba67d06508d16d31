"""Read what people write and write what people read: numbers and dates as they are typed in France and elsewhere."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

from babel.core import UnknownLocaleError
from babel.dates import format_date, format_skeleton

NARROW_SPACE = "\u202f"
_INTEGER = re.compile(r"-?\d{1,18}\Z", re.ASCII)
_DECIMAL = re.compile(r"-?(\d{1,18}(\.\d{0,12})?|\.\d{1,12})\Z", re.ASCII)
# What a calculation may write: more digits than anybody types.
_COMPUTED = re.compile(r"-?\d{1,24}(\.\d{0,24})?\Z", re.ASCII)
_NOISE = re.compile(r"[\s\u00a0\u202f\u2009'’_]|€|%|EUR\b")
_DAY = re.compile(r"(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4})\Z", re.ASCII)
_MONTH = re.compile(r"(?:(\d{1,2})\s*[/.\-\s]\s*(\d{4})|(\d{4})-(\d{1,2}))\Z", re.ASCII)
_TIME = re.compile(r"(\d{1,2})\s*(?:[h:]\s*(\d{2})?)(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:\d{2})?\Z", re.ASCII)
_COMPUTED_DIGITS = 6


def _ascii_digits(text: str) -> str:
    """Digits of any script as 0-9, the Arabic decimal mark as a point, the typographic minus as a hyphen."""
    table = {"٫": ".", "−": "-", "–": "-"}
    return "".join(
        table.get(letter) or (str(unicodedata.decimal(letter)) if letter.isdecimal() else letter) for letter in text
    )


def decimal(typed: str) -> str | None:
    """`1 234,50 €` → `1234.50`; none when it is not a number."""
    text = _NOISE.sub("", _ascii_digits(typed))
    if "," in text and "." in text:
        text = text.replace(".", "") if text.rfind(",") > text.rfind(".") else text.replace(",", "")
    text = text.replace(",", ".").removeprefix("+")
    return _tidy(text) if _DECIMAL.match(text) else None


def _tidy(text: str) -> str:
    """No useless zeros in front, no point without digits around."""
    sign, body = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, fraction = body.partition(".")
    whole = whole.lstrip("0") or "0"
    return f"{sign}{whole}.{fraction}" if point and fraction else f"{sign}{whole}"


def tidy(number: Decimal) -> str:
    """A number as canonical text: `4`, `0.5`."""
    return _tidy(f"{number:f}") if "." not in f"{number:f}" else _tidy(f"{number:f}".rstrip("0"))


def integer(typed: str) -> str | None:
    """`3`, `1 200` or `3,0`; none when it is not a whole number."""
    text = decimal(typed)
    if text is None:
        return None
    whole, _, fraction = text.partition(".")
    return whole if not fraction.strip("0") else None


def is_integer(text: str) -> bool:
    return bool(_INTEGER.match(text))


def is_decimal(text: str) -> bool:
    return bool(_DECIMAL.match(text))


def show_number(text: str, lang: str, money: bool = False) -> str:
    """Thousands apart, the decimal mark of the language; money has two decimals or none."""
    if not _COMPUTED.match(text):
        return text
    amount = _rounded(Decimal(text), money)
    whole, _, fraction = f"{amount:,f}".partition(".")
    if lang == "en":
        return f"{whole}.{fraction}" if fraction else whole
    whole = whole.replace(",", NARROW_SPACE)
    return f"{whole},{fraction}" if fraction else whole


def show_day(found: date, lang: str) -> str:
    """`23 novembre 2026`, as the language writes a day in full; without a calendar for it, `23/11/2026`."""
    try:
        text = format_date(found, "long", locale=_calendar(lang))
    except (UnknownLocaleError, ValueError):
        return f"{found:%d/%m}/{found.year:04}"
    return f"1er{text[1:]}" if lang == "fr" and text.startswith("1 ") else text


def show_month(found: date, lang: str) -> str:
    """`novembre 2026`; without a calendar for the language, `11/2026`."""
    try:
        return str(format_skeleton("yMMMM", found, locale=_calendar(lang)))
    except (UnknownLocaleError, ValueError):
        return f"{found:%m}/{found.year:04}"


def _calendar(lang: str) -> str:
    """Days come before months in the English of Europe."""
    return "en_GB" if lang == "en" else lang.replace("-", "_")


def _rounded(amount: Decimal, money: bool) -> Decimal:
    if money:
        cents = amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
        return cents if cents % 1 else cents.quantize(Decimal(1))
    digits = -int(amount.as_tuple().exponent)
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP).normalize() + 0 if digits > _COMPUTED_DIGITS else amount


def day(typed: str) -> str | None:
    """`23/11/2026`, `23.11.2026` or `2026-11-23` → `2026-11-23`; none when there is no such day."""
    text = _ascii_digits(typed).strip()
    found = _DAY.match(text)
    if found:
        days, months, years = (int(part) for part in found.groups())
        text = f"{years:04}-{months:02}-{days:02}"
    return text if as_day(text) else None


def month(typed: str) -> str | None:
    """`11/2026` or `2026-11` → `2026-11-01`; none when there is no such month."""
    found = _MONTH.match(_ascii_digits(typed).strip())
    months, years = (found.group(1) or found.group(4), found.group(2) or found.group(3)) if found else ("", "")
    text = f"{years}-{months:0>2}-01"
    return text if found and as_day(text) else None


def year(typed: str) -> str | None:
    """`2026` → `2026-01-01`; none when it is not a year of four digits."""
    text = f"{_ascii_digits(typed).strip()}-01-01"
    return text if as_day(text) else None


def as_day(text: str) -> date | None:
    if len(text) != 10 or text[4] != "-":
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def time_of_day(typed: str) -> str | None:
    """`14h30`, `14 h` or `14:30` → `14:30`; none when there is no such time."""
    found = _TIME.match(_ascii_digits(typed).strip().lower())
    if not found:
        return None
    text = f"{int(found.group(1)):02}:{found.group(2) or '00'}"
    return text if as_time_of_day(text) else None


def as_time_of_day(text: str) -> time | None:
    try:
        return time.fromisoformat(text) if ":" in text else None
    except ValueError:
        return None


def instant(typed: str) -> str | None:
    """A day and a time → `2026-11-23T14:30`; none when it cannot be read."""
    text = typed.strip()
    if as_moment(text):
        return text
    first, _, rest = text.replace("T", " ").partition(" ")
    days, times = day(first), time_of_day(rest)
    return f"{days}T{times}" if days and times else None


def as_moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        return None
