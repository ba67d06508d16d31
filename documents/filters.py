"""How values are said: amounts, numbers, dates, lists, in the paper's language.

Forms of numbers and dates come from the Unicode CLDR through Babel. Each filter takes None or "" and gives "".
A value that cannot be read as what the filter wants is shown as it is: a paper never stops for a typing error.
"""

import datetime
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from babel.core import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

NO_BREAK, NARROW_NO_BREAK = "\u00a0", "\u202f"
_YES = {"oui", "yes", "true", "1", "o", "y", "vrai"}
_NO = {"non", "no", "false", "0", "n", "faux"}
# English as it is written in Europe: day before month.
_LOCALES = {"en": "en_GB"}
_YES_NO = {"fr": ("oui", "non"), "en": ("yes", "no")}


def for_language(lang: str) -> dict[str, Callable[..., str]]:
    """The filters of one language, by the name models use."""
    locale = Locale.parse(_LOCALES.get(lang, lang))
    return {
        "euro": lambda value: _euro(value, locale),
        "nombre": lambda value, digits=None: _number(value, locale, digits),
        "pourcent": lambda value, digits=None: _percent(value, locale, digits),
        "date_longue": lambda value: _date(value, locale, "full"),
        "date_courte": lambda value: _date(value, locale, "short"),
        "oui_non": lambda value: _yes_no(value, lang),
        "liste": lambda value: _list(value, locale),
    }


def as_text(value: object) -> str:
    """A value without any filter: None is nothing, whole floats lose their `.0`, lists are joined by commas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list | tuple):
        return ", ".join(as_text(item) for item in value)
    return str(value)


def _decimal(value: object) -> Decimal | None:
    try:
        number = Decimal(str(value).strip().replace(",", ".")) if not isinstance(value, bool) else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() and abs(number) < Decimal(10) ** 15 else None


def _spaced(text: str) -> str:
    return text.replace(NARROW_NO_BREAK, NO_BREAK).replace(" ", NO_BREAK)


def _euro(value: object, locale: Locale) -> str:
    number = _decimal(value)
    return as_text(value) if number is None else _spaced(format_currency(number, "EUR", locale=locale))


def _number(value: object, locale: Locale, digits: object) -> str:
    number = _decimal(value)
    return as_text(value) if number is None else _spaced(format_decimal(number, _pattern(digits), locale=locale))


def _percent(value: object, locale: Locale, digits: object) -> str:
    text = _number(value, locale, digits)
    gap = NO_BREAK if locale.language == "fr" else ""
    return f"{text}{gap}%" if _decimal(value) is not None else text


def _pattern(digits: object) -> str:
    places = _decimal(digits)
    return "#,##0.###" if places is None else "#,##0" + ("." + "0" * min(int(places), 6) if places > 0 else "")


def _date(value: object, locale: Locale, form: str) -> str:
    day = _day(value)
    if day is None:
        return as_text(value)
    if form == "short":
        return format_date(day, "dd/MM/yyyy", locale=locale)
    text = format_date(day, form, locale=locale)
    return text.replace(" 1 ", " 1er ", 1) if locale.language == "fr" and day.day == 1 else text


def _day(value: object) -> datetime.date | None:
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _yes_no(value: object, lang: str) -> str:
    word = as_text(value).strip().lower()
    yes, no = _YES_NO.get(lang, _YES_NO["en"])
    return yes if word in _YES else no if word in _NO else as_text(value)


def _list(value: object, locale: Locale) -> str:
    if not isinstance(value, list | tuple):
        return as_text(value)
    return format_list([as_text(item) for item in value if item not in (None, "")], locale=locale)
