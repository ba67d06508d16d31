"""Questions answered by writing: text, numbers, days and times. One small class per kind.

The canonical text of an answer is what the instance stores: numbers with a point, days as YYYY-MM-DD, times as HH:MM.
Reading is generous with the way people write; what cannot be read stays as typed, and `refusal` says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from forms import readings
from forms.structure import Choice, Question

Offered = Callable[[], Sequence[Choice]]


def none_offered() -> Sequence[Choice]:
    """Of a question without choices."""
    return ()


@dataclass(frozen=True, slots=True)
class Posted:
    """What a page sent for one question: `values` under its name (none: not sent), `parts` under its name and a part
    (`data:C:place!lat`), for questions asked in several boxes.
    """

    values: Sequence[str] | None = None
    parts: Mapping[str, str] = field(default_factory=dict)


class TextField:
    """Free text on one line."""

    input: Mapping[str, str] = {"type": "text", "width": "full"}

    def __init__(self, question: Question) -> None:
        self.question = question

    def parse(self, typed: str) -> str:
        """What a person typed, as canonical text; unreadable input comes back as typed."""
        return " ".join(typed.split())

    def read(self, posted: Posted, offered: Offered = none_offered) -> str | None:
        """What a page sent, as canonical text; none when it sent nothing for this question.

        `offered` gives the choices offered now, asked for only when needed.
        """
        if posted.values is None:
            return None
        return self.parse(posted.values[-1] if posted.values else "")

    def parts(self, text: str, lang: str) -> Mapping[str, str]:
        """What stands in each box of a question asked in several, by the name of its part."""
        return {}

    def refusal(self, _text: str) -> str | None:
        """An English msgid when the canonical text is not of this kind."""
        return None

    def show(self, text: str, lang: str) -> str:
        """The answer as people of that language read it; choices are shown by their labels elsewhere."""
        return text

    def edit(self, text: str, lang: str) -> str:
        """The answer as it stands in the box where it can be changed; what cannot be read stays as typed."""
        return text

    def sent_back(self, text: str, before: str) -> bool:
        """Whether `text` is what a page sends when nobody touched the box that shows `before`: a box shows an instant
        without its seconds, a year without its day.
        """
        return text in {before, *(self.parse(self.edit(before, lang)) for lang in ("fr", "en"))}

    def export(self, text: str) -> Any:
        """The typed value, none without an answer."""
        return text or None


class NumbersField(TextField):
    """Text for which a telephone shows its keys for numbers."""

    input: Mapping[str, str] = {"type": "text", "inputmode": "tel", "width": "20"}


class UrlField(TextField):
    input: Mapping[str, str] = {"type": "text", "inputmode": "url", "width": "full"}

    def parse(self, typed: str) -> str:
        return "".join(typed.split())


class MaskedField(TextField):
    """Text that is not shown while it is typed."""

    input: Mapping[str, str] = {"type": "password", "autocomplete": "off", "width": "20"}


class MultilineField(TextField):
    input: Mapping[str, str] = {"type": "textarea", "width": "full"}

    def parse(self, typed: str) -> str:
        return typed.replace("\r\n", "\n").replace("\r", "\n").strip()


class IntegerField(TextField):
    input: Mapping[str, str] = {"type": "text", "inputmode": "numeric", "width": "8"}
    message = "Write a whole number, for example 3."

    def parse(self, typed: str) -> str:
        return readings.integer(typed) or typed.strip()

    def refusal(self, text: str) -> str | None:
        return None if readings.is_integer(text) else self.message

    def show(self, text: str, lang: str) -> str:
        return readings.show_number(text, lang, "money" in self.question.appearance.split())

    def edit(self, text: str, lang: str) -> str:
        return text if lang == "en" or not readings.is_decimal(text) else text.replace(".", ",")

    def export(self, text: str) -> Any:
        return int(text) if readings.is_integer(text) else text or None


class DecimalField(IntegerField):
    input: Mapping[str, str] = {"type": "text", "inputmode": "decimal", "width": "12"}
    message = "Write a number, for example 412.50."

    def parse(self, typed: str) -> str:
        return readings.decimal(typed) or typed.strip()

    def refusal(self, text: str) -> str | None:
        return None if readings.is_decimal(text) else self.message

    def export(self, text: str) -> Any:
        return float(text) if readings.is_decimal(text) else text or None


class DateField(TextField):
    input: Mapping[str, str] = {"type": "text", "inputmode": "numeric", "width": "12"}
    message = "Write a day that exists, for example 23/11/2026."

    def parse(self, typed: str) -> str:
        return readings.day(typed) or typed.strip()

    def refusal(self, text: str) -> str | None:
        return None if readings.as_day(text) else self.message

    def show(self, text: str, lang: str) -> str:
        found = readings.as_day(text)
        return readings.show_day(found, lang) if found else text

    def edit(self, text: str, lang: str) -> str:
        found = readings.as_day(text)
        return f"{found:%d/%m}/{found.year:04}" if found else text

    def export(self, text: str) -> date | str | None:
        return readings.as_day(text) or text or None


class MonthField(DateField):
    """A month of a year; its first day is stored."""

    input: Mapping[str, str] = {**DateField.input, "format": "A month and a year, for example 11/2026."}
    message = "Write a month and a year, for example 11/2026."

    def parse(self, typed: str) -> str:
        return readings.month(typed) or readings.day(typed) or typed.strip()

    def show(self, text: str, lang: str) -> str:
        found = readings.as_day(text)
        return readings.show_month(found, lang) if found else text

    def edit(self, text: str, lang: str) -> str:
        found = readings.as_day(text)
        return f"{found:%m}/{found.year:04}" if found else text


class YearField(DateField):
    """A year; its first day is stored."""

    input: Mapping[str, str] = {
        "type": "text",
        "inputmode": "numeric",
        "width": "8",
        "format": "A year in four digits, for example 2026.",
    }
    message = "Write a year in four digits, for example 2026."

    def parse(self, typed: str) -> str:
        return readings.year(typed) or readings.day(typed) or typed.strip()

    def show(self, text: str, lang: str) -> str:
        return text[:4] if readings.as_day(text) else text

    def edit(self, text: str, lang: str) -> str:
        return self.show(text, lang)


class TimeField(TextField):
    input: Mapping[str, str] = {"type": "text", "inputmode": "numeric", "width": "8"}
    message = "Write a time of the day, for example 14:30."

    def parse(self, typed: str) -> str:
        return readings.time_of_day(typed) or typed.strip()

    def refusal(self, text: str) -> str | None:
        return None if readings.as_time_of_day(text) else self.message

    def show(self, text: str, lang: str) -> str:
        return _hour(text[:5], lang) if readings.as_time_of_day(text) else text[:5]


class DatetimeField(TextField):
    input: Mapping[str, str] = {"type": "text", "width": "20"}
    message = "Write a day and a time, for example 23/11/2026 14:30."

    def parse(self, typed: str) -> str:
        return readings.instant(typed) or typed.strip()

    def refusal(self, text: str) -> str | None:
        return None if readings.as_moment(text) else self.message

    def show(self, text: str, lang: str) -> str:
        found = readings.as_moment(text)
        return f"{readings.show_day(found, lang)}, {_hour(f'{found:%H:%M}', lang)}" if found else text

    def edit(self, text: str, lang: str) -> str:
        found = readings.as_moment(text)
        return f"{found:%d/%m}/{found.year:04} {found:%H:%M}" if found else text

    def export(self, text: str) -> datetime | str | None:
        return readings.as_moment(text) or text or None


class CalculateField(TextField):
    """A computed answer without a page of its own: numbers are shown as numbers, days as days."""

    def show(self, text: str, lang: str) -> str:
        if readings.as_day(text):
            return DateField(self.question).show(text, lang)
        money = "money" in self.question.appearance.split()
        return readings.show_number(text, lang, money) if readings.is_decimal(text) else text


def _hour(text: str, lang: str) -> str:
    """`14 h 30` in French, `14:30` elsewhere."""
    return text.replace(":", " h ") if lang == "fr" else text
