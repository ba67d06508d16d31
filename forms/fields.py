"""One small class per kind of question: how it is asked, read, shown and exported.

The canonical text of an answer is what the instance stores: numbers with a point, days as YYYY-MM-DD, times as HH:MM,
several choices separated by spaces. Reading is generous with the way people write; what cannot be read stays as typed,
and `refusal` says why.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from forms import readings
from forms.structure import Question


class TextField:
    """Free text on one line."""

    input: Mapping[str, str] = {"type": "text", "width": "full"}

    def __init__(self, question: Question) -> None:
        self.question = question

    def parse(self, typed: str) -> str:
        """What a person typed, as canonical text; unreadable input comes back as typed."""
        return " ".join(typed.split())

    def refusal(self, _text: str) -> str | None:
        """An English msgid when the canonical text is not of this kind."""
        return None

    def show(self, text: str, lang: str) -> str:
        """The answer as people of that language read it; choices are shown by their labels elsewhere."""
        return text

    def edit(self, text: str, lang: str) -> str:
        """The answer as it stands in the box where it can be changed; what cannot be read stays as typed."""
        return text

    def export(self, text: str) -> Any:
        """The typed value, none without an answer."""
        return text or None


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


class RangeField(DecimalField):
    """A number between two ends; whole when the bind says so."""

    message = "Write a number between %(start)s and %(end)s."

    def refusal(self, text: str) -> str | None:
        good = readings.is_integer(text) if self.question.type == "int" else readings.is_decimal(text)
        limits = self.question.limits
        inside = good and limits.get("start", float(text)) <= float(text) <= limits.get("end", float(text))
        return None if inside else self.message


class DateField(TextField):
    input: Mapping[str, str] = {"type": "text", "inputmode": "numeric", "width": "12"}
    message = "Write a day that exists, for example 23/11/2026."

    def parse(self, typed: str) -> str:
        return readings.day(typed) or typed.strip()

    def refusal(self, text: str) -> str | None:
        return None if readings.as_day(text) else self.message

    def show(self, text: str, lang: str) -> str:
        found = readings.as_day(text)
        return found.strftime("%d/%m/%Y") if found else text

    def edit(self, text: str, lang: str) -> str:
        return self.show(text, lang)

    def export(self, text: str) -> date | str | None:
        return readings.as_day(text) or text or None


class TimeField(TextField):
    input: Mapping[str, str] = {"type": "text", "inputmode": "numeric", "width": "8"}
    message = "Write a time of the day, for example 14:30."

    def parse(self, typed: str) -> str:
        return readings.time_of_day(typed) or typed.strip()

    def refusal(self, text: str) -> str | None:
        return None if readings.as_time_of_day(text) else self.message

    def show(self, text: str, lang: str) -> str:
        return text[:5].replace(":", " h ") if lang == "fr" and readings.as_time_of_day(text) else text[:5]


class DatetimeField(TextField):
    input: Mapping[str, str] = {"type": "text", "width": "20"}
    message = "Write a day and a time, for example 23/11/2026 14:30."

    def parse(self, typed: str) -> str:
        return readings.instant(typed) or typed.strip()

    def refusal(self, text: str) -> str | None:
        return None if readings.as_moment(text) else self.message

    def show(self, text: str, lang: str) -> str:
        found = readings.as_moment(text)
        return found.strftime("%d/%m/%Y %H:%M") if found else text

    def edit(self, text: str, lang: str) -> str:
        return self.show(text, lang)

    def export(self, text: str) -> datetime | str | None:
        return readings.as_moment(text) or text or None


class SelectOneField(TextField):
    input: Mapping[str, str] = {"type": "radio"}

    def parse(self, typed: str) -> str:
        return typed.strip()


class SelectMultipleField(TextField):
    input: Mapping[str, str] = {"type": "checkbox"}

    def export(self, text: str) -> tuple[str, ...]:
        return tuple(text.split())


class RankField(SelectMultipleField):
    input: Mapping[str, str] = {"type": "text", "width": "full"}


class AcknowledgeField(TextField):
    """A box to tick: `OK` when ticked."""

    input: Mapping[str, str] = {"type": "checkbox"}

    def parse(self, typed: str) -> str:
        return "OK" if typed.strip() else ""

    def show(self, text: str, lang: str) -> str:
        return "✓" if text else ""

    def export(self, text: str) -> bool:
        return bool(text)


class GeopointField(TextField):
    """Latitude and longitude in degrees, optionally altitude and accuracy in metres, separated by spaces."""

    message = "Write a latitude and a longitude in degrees, for example 45.18 5.72."
    _number = re.compile(r"-?\d{1,6}(\.\d{1,12})?\Z", re.ASCII)

    def refusal(self, text: str) -> str | None:
        parts = text.split()
        good = 2 <= len(parts) <= 4 and all(self._number.match(part) for part in parts)
        return None if good and abs(float(parts[0])) <= 90 and abs(float(parts[1])) <= 180 else self.message


class CalculateField(TextField):
    """A computed answer without a page of its own: numbers are shown as numbers, days as days."""

    def show(self, text: str, lang: str) -> str:
        if readings.as_day(text):
            return DateField(self.question).show(text, lang)
        money = "money" in self.question.appearance.split()
        return readings.show_number(text, lang, money) if readings.is_decimal(text) else text


_FIELDS: dict[str, type[TextField]] = {
    "text": TextField,
    "multiline": MultilineField,
    "integer": IntegerField,
    "decimal": DecimalField,
    "range": RangeField,
    "date": DateField,
    "time": TimeField,
    "datetime": DatetimeField,
    "select_one": SelectOneField,
    "select_multiple": SelectMultipleField,
    "rank": RankField,
    "acknowledge": AcknowledgeField,
    "geopoint": GeopointField,
    "calculate": CalculateField,
}

_BY_TYPE = {
    "int": IntegerField,
    "decimal": DecimalField,
    "date": DateField,
    "time": TimeField,
    "dateTime": DatetimeField,
}


def field_for(question: Question) -> TextField:
    """How a question is asked, read and shown."""
    return _FIELDS.get(question.kind, TextField)(question)


def typed(question: Question, text: str) -> Any:
    """The value of an answer for programs: number, day, tuple of choices, text; none without an answer."""
    if question.kind in {"calculate", "hidden"}:
        kind = _BY_TYPE.get(question.type, TextField)
        return kind(question).export(text)
    return field_for(question).export(text) if text else None
