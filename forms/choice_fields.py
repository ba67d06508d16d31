"""Questions answered by choosing: one of a list, several, an order, a number between two ends, a box to tick."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from forms import readings
from forms.plain_fields import DecimalField, Offered, Posted, TextField, none_offered


class SelectOneField(TextField):
    input: Mapping[str, str] = {"type": "radio"}

    def parse(self, typed: str) -> str:
        return typed.strip()

    def read(self, posted: Posted, offered: Offered = none_offered) -> str | None:
        """The value of a choice, or its label as it was typed in a box that helps to find it."""
        text = super().read(posted)
        typed = posted.parts.get("label", "").strip()
        return _value_of(typed, offered) if typed and text is not None else text


def _value_of(typed: str, offered: Offered) -> str:
    """The one choice with that label in any language; otherwise what was typed."""
    wanted = typed.casefold()
    found = {choice.value for choice in offered() if wanted in {label.casefold() for label in choice.label.values()}}
    return found.pop() if len(found) == 1 else typed


class SelectMultipleField(TextField):
    """Several choices, separated by spaces."""

    input: Mapping[str, str] = {"type": "checkbox"}

    def read(self, posted: Posted, offered: Offered = none_offered) -> str | None:
        if posted.values is None:
            return None
        return " ".join(dict.fromkeys(word for value in posted.values for word in value.split()))

    def sent_back(self, text: str, before: str) -> bool:
        """Boxes come in the order of the list, whatever the order in which they were ticked."""
        return set(text.split()) == set(before.split())

    def export(self, text: str) -> tuple[str, ...]:
        return tuple(text.split())


class RankField(SelectMultipleField):
    """All choices in the order of the person: asked as one place per choice, or by moving choices up and down.

    While places are missing or taken twice the text is `choice=place` for each choice, as it was typed.
    """

    input: Mapping[str, str] = {"type": "text", "inputmode": "numeric", "width": "4"}
    message = "Give each line a place of its own: 1, 2, 3 and so on."

    def read(self, posted: Posted, offered: Offered = none_offered) -> str | None:
        known = [choice.value for choice in offered()]
        if posted.parts.keys().isdisjoint(known):
            text = super().read(posted)
            return text if text is None else " ".join(word for word in text.split() if word in known)
        return self._order(
            {choice: "".join(posted.parts.get(choice, "").replace("=", " ").split()) for choice in known}
        )

    def sent_back(self, text: str, before: str) -> bool:
        return text == before

    def _order(self, typed: Mapping[str, str]) -> str:
        if not any(typed.values()):
            return ""
        places = {choice: readings.integer(place) for choice, place in typed.items()}
        numbers = {choice: int(place) for choice, place in places.items() if place is not None}
        if len(numbers) < len(typed) or len(set(numbers.values())) < len(typed):
            return " ".join(f"{choice}={place}" for choice, place in typed.items())
        return " ".join(sorted(numbers, key=numbers.__getitem__))

    def refusal(self, text: str) -> str | None:
        chosen = text.split()
        return self.message if "=" in text or len(set(chosen)) < len(chosen) else None

    def parts(self, text: str, lang: str) -> Mapping[str, str]:
        """The place of each choice as it was typed, or as the order says."""
        if "=" in text:
            pairs = (word.rpartition("=") for word in text.split())
            return {choice: place for choice, _mark, place in pairs}
        return {choice: str(place) for place, choice in enumerate(text.split(), 1)}


def ranked(text: str, offered: Sequence[str]) -> list[str]:
    """Every choice offered in the order of an answer; those it does not name come last, in the order of the list."""
    order = [value for value in text.split() if value in offered]
    return order + [value for value in offered if value not in order]


class AcknowledgeField(TextField):
    """A box to tick: `OK` when ticked."""

    input: Mapping[str, str] = {"type": "checkbox"}
    message = "This answer is not possible here."
    ticked = "OK"

    def parse(self, typed: str) -> str:
        return "OK" if typed.strip() else ""

    def read(self, posted: Posted, offered: Offered = none_offered) -> str | None:
        if posted.values is None:
            return None
        return "OK" if any(value.strip() for value in posted.values) else ""

    def refusal(self, text: str) -> str | None:
        return None if text == self.ticked else self.message

    def show(self, text: str, lang: str) -> str:
        return "✓" if text == self.ticked else text

    def edit(self, text: str, lang: str) -> str:
        return text if text == self.ticked else ""

    def export(self, text: str) -> bool:
        return text == self.ticked


class RangeField(DecimalField):
    """A number between two ends, by steps; whole when the bind says so."""

    message = "Write a number between %(start)s and %(end)s."
    between = "Write a number between %(start)s and %(end)s, by steps of %(step)s."
    most = 101

    def refusal(self, text: str) -> str | None:
        good = readings.is_integer(text) if self.question.type == "int" else readings.is_decimal(text)
        ends = sorted(self.question.limits.get(name, 0.0) for name in ("start", "end"))
        if not good or not ends[0] <= float(text) <= ends[1]:
            return self.message
        return None if self._on_a_step(Decimal(text)) else self.between

    def _on_a_step(self, number: Decimal) -> bool:
        step = self.step
        return not step or (number - _exact(self.question.limits.get("start", 0.0))) % step == 0

    @property
    def step(self) -> Decimal:
        return abs(_exact(self.question.limits.get("step", 0.0)))

    def offered(self) -> list[str]:
        """Every number between the ends, when they are few enough to be chosen from; otherwise none."""
        limits = self.question.limits
        start, end = (_exact(limits.get(name, 0.0)) for name in ("start", "end"))
        step = self.step or Decimal(1)
        count = int(abs(end - start) / step) + 1
        way = step if end >= start else -step
        return [readings.tidy(start + way * place) for place in range(count)] if count <= self.most else []

    def export(self, text: str) -> Any:
        return int(text) if self.question.type == "int" and readings.is_integer(text) else super().export(text)


def _exact(number: float) -> Decimal:
    return Decimal(str(number))
