"""What an expression can be worth, and how one kind becomes another (XPath 1.0, section 4, with the ODK dates).

A value is a text, a number (float), a truth value, a date, an instant, or a list of nodes. Dates are worth their number
of days since 1970-01-01, as in the ODK XForms specification; an instant counts the fraction of the day.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from operator import eq, ge, gt, le, lt, ne

from forms.tree import Node

Atom = str | float | bool | date | datetime
Value = Atom | list[Node]

_EPOCH = date(1970, 1, 1)
_DAY = 86_400.0
# XPath 1.0, section 4.4: no plus sign and no exponent.
_NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)\Z", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", re.ASCII)
_NUMERIC_KINDS = frozenset({"int", "integer", "decimal"})
_COMPARE: dict[str, Callable[[float, float], bool]] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def node_value(node: Node) -> Atom:
    """The typed value of one node: a number or a date where the bind says so and the text allows it."""
    text = node.string()
    if node.kind in _NUMERIC_KINDS and text:
        number = text_to_number(text)
        return text if math.isnan(number) else number
    if node.kind == "date":
        return as_date(text) or text
    if node.kind == "dateTime":
        return as_instant(text) or text
    return text


def atom(value: Value) -> Atom:
    """A single value: that of the first node of a list, the empty text when it has none."""
    if isinstance(value, list):
        return node_value(value[0]) if value else ""
    return value


def to_text(value: Value) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return value[0].string() if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    return value.isoformat() if isinstance(value, date) else number_to_text(value)


def number_to_text(number: float) -> str:
    """The shortest decimal writing, never an exponent: XPath 1.0, section 4.2."""
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == int(number):
        return str(int(number))
    shortest = repr(number)
    return shortest if "e" not in shortest else f"{number:.20f}".rstrip("0").rstrip(".")


def text_to_number(text: str) -> float:
    if text.isdigit() and text.isascii() and len(text) < 16:  # most answers: the short way
        return float(text)
    text = text.strip()
    return float(text) if len(text) < 400 and _NUMBER.match(text) else math.nan


def to_number(value: Value) -> float:
    if isinstance(value, list):
        value = atom(value)
    if isinstance(value, str):
        return text_to_number(value)
    if isinstance(value, datetime):
        return instant_to_days(value)
    return float((value - _EPOCH).days) if isinstance(value, date) else float(value)


def instant_to_days(instant: datetime) -> float:
    """Days since 1970-01-01T00:00 by the clock that wrote the instant, as on the phone: half past midnight is on its
    own day, wherever the clock stands.
    """
    return instant.replace(tzinfo=UTC).timestamp() / _DAY


def days_to_date(days: float) -> date | None:
    try:
        return date.fromordinal(_EPOCH.toordinal() + math.floor(days))
    except (OverflowError, ValueError):
        return None


def to_boolean(value: Value) -> bool:
    """A list holds when one of its answers does, as on the phone: an answer that was not given is false."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    if isinstance(value, list):
        return any(to_boolean(node_value(node)) for node in value)
    return True if isinstance(value, date) else bool(value)


def as_date(text: str) -> date | None:
    if not _DATE.match(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def as_instant(text: str) -> datetime | None:
    if not _INSTANT.match(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def as_time(text: str) -> time | None:
    try:
        return time.fromisoformat(text)
    except ValueError:
        return None


def compare(operator: str, left: Value, right: Value) -> bool:
    """`=`, `!=` and the order of two values; with a list of nodes: true as soon as one node makes it true.

    A list without any node is an answer that was not given: it compares like the empty text, as on the phone.
    """
    if isinstance(left, bool) or isinstance(right, bool):
        return _compare_truths(operator, left, right)
    if isinstance(left, list):
        return any(compare(operator, one, right) for one in _answers(left))
    if isinstance(right, list):
        return any(compare(operator, left, one) for one in _answers(right))
    return _compare_atoms(operator, left, right)


def _answers(nodes: list[Node]) -> list[Atom]:
    return [node_value(node) for node in nodes] or [""]


def _compare_truths(operator: str, left: Value, right: Value) -> bool:
    if operator in {"=", "!="}:
        return _COMPARE[operator](to_boolean(left), to_boolean(right))
    return _COMPARE[operator](to_number(left), to_number(right))


def _compare_atoms(operator: str, left: Atom, right: Atom) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        if operator in {"=", "!="}:
            return _COMPARE[operator](left, right)  # type: ignore[arg-type]
        return _COMPARE[operator](text_to_number(left), text_to_number(right))
    if isinstance(left, date) or isinstance(right, date):
        return _compare_moments(operator, _moment(left), _moment(right))
    return _COMPARE[operator](to_number(left), to_number(right))


def _moment(value: Atom) -> Atom:
    """A text that is written like a date is one, but only when the other side is a date."""
    return as_date(value) or as_instant(value) or value if isinstance(value, str) else value


def _compare_moments(operator: str, left: Atom, right: Atom) -> bool:
    """Two instants that both say how far their clocks are from universal time; otherwise what the clocks say."""
    if isinstance(left, datetime) and isinstance(right, datetime) and left.tzinfo and right.tzinfo:
        return _COMPARE[operator](left.timestamp(), right.timestamp())
    return _COMPARE[operator](to_number(left), to_number(right))
