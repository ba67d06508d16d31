"""Functions on texts and truth values: ODK XForms specification, "String" and "Boolean" functions."""

from __future__ import annotations

import math

from forms.expressions import patterns
from forms.expressions.context import Context
from forms.expressions.values import Value, to_boolean, to_number, to_text

MOST_LETTERS = 1_000


def texts(values: tuple[Value, ...]) -> list[str]:
    """The texts of all arguments, lists of nodes spread out."""
    found: list[str] = []
    for value in values:
        found.extend(node.string() for node in value) if isinstance(value, list) else found.append(to_text(value))
    return found


def concat(_: Context, *values: Value) -> str:
    return "".join(texts(values))


def join(_: Context, separator: Value, *values: Value) -> str:
    return to_text(separator).join(texts(values))


def substr(_: Context, value: Value, start: Value, end: Value | None = None) -> str:
    """Counted from 0, the end is not included; negative places count from the end of the text."""
    text = to_text(value)
    first = _place(start, len(text))
    last = len(text) if end is None else _place(end, len(text))
    return text[first:last]


def _place(value: Value, length: int) -> int:
    number = to_number(value)
    if math.isnan(number):
        return 0
    place = int(max(min(number, length), -length))
    return place + length if place < 0 else place


def substring(_: Context, value: Value, start: Value, length: Value | None = None) -> str:
    """XPath 1.0: counted from 1."""
    text = to_text(value)
    first = round_half_up(to_number(start))
    last = float("inf") if length is None else first + round_half_up(to_number(length))
    return "".join(letter for place, letter in enumerate(text, 1) if first <= place < last)


def round_half_up(number: float) -> float:
    return float((number + 0.5) // 1) if math.isfinite(number) else number


def substring_before(_: Context, value: Value, mark: Value) -> str:
    before, found, _after = to_text(value).partition(to_text(mark)) if to_text(mark) else ("", "", "")
    return before if found else ""


def substring_after(_: Context, value: Value, mark: Value) -> str:
    if not to_text(mark):
        return to_text(value)
    return to_text(value).partition(to_text(mark))[2]


def translate(_: Context, value: Value, source: Value, target: Value) -> str:
    letters, replacements = to_text(source), to_text(target)
    table: dict[int, str] = {}
    for place, letter in enumerate(letters):
        table.setdefault(ord(letter), replacements[place : place + 1])
    return to_text(value).translate(table)


def string(context: Context, value: Value | None = None) -> str:
    return context.node.string() if value is None else to_text(value)


def string_length(context: Context, value: Value | None = None) -> float:
    return float(len(string(context, value)))


def normalize_space(context: Context, value: Value | None = None) -> str:
    return " ".join(string(context, value).split())


def contains(_: Context, value: Value, part: Value) -> bool:
    return to_text(part) in to_text(value)


def starts_with(_: Context, value: Value, part: Value) -> bool:
    return to_text(value).startswith(to_text(part))


def ends_with(_: Context, value: Value, part: Value) -> bool:
    return to_text(value).endswith(to_text(part))


def uuid(context: Context, length: Value | None = None) -> str:
    """A fresh identifier; with a length, that many letters and digits drawn by chance."""
    if length is None:
        return context.now.uuid()
    wanted = to_number(length)
    count = int(max(0, min(wanted, MOST_LETTERS))) if not math.isnan(wanted) else 0
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    return "".join(letters[int(context.now.random() * len(letters))] for _ in range(count))


def regex(_: Context, value: Value, expression: Value) -> bool:
    """Whether the whole text matches, as on the phone (the web engine searches inside: the linter warns)."""
    return patterns.matches(to_text(value), to_text(expression))


def boolean(_: Context, value: Value) -> bool:
    return to_boolean(value)


def boolean_from_string(_: Context, value: Value) -> bool:
    """Capitals count as small letters, as on the phone: French spreadsheets write TRUE."""
    return to_text(value) == "1" or to_text(value).lower() == "true"


def negation(_: Context, value: Value) -> bool:
    return not to_boolean(value)


def checklist(_: Context, minimum: Value, maximum: Value, *values: Value) -> bool:
    """How many of the values hold lies between the two bounds; a bound below zero is none."""
    held = sum(to_boolean(value) for value in spread(values))
    low, high = to_number(minimum), to_number(maximum)
    return (low < 0 or held >= low) and (high < 0 or held <= high)


def weighted_checklist(_: Context, minimum: Value, maximum: Value, *values: Value) -> bool:
    """Like `checklist`, with pairs of a value and its weight (or two lists of equal length); both bounds count."""
    flags, weights = spread(values[::2]), spread(values[1::2])
    amount = sum(to_number(weight) for flag, weight in zip(flags, weights, strict=False) if to_boolean(flag))
    return to_number(minimum) <= amount <= to_number(maximum)


def spread(values: tuple[Value, ...]) -> list[Value]:
    """Lists of nodes replaced by their nodes."""
    return [one for value in values for one in ([[node] for node in value] if isinstance(value, list) else [value])]
