"""What is typed from paper, as canonical text: short codes for choices, days and hours as a row of digits."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from forms.consequences import MARK, may_be_none
from forms.fields import field_for
from forms.paper import choice_codes
from forms.plain_fields import Posted
from forms.readings import is_integer
from forms.structure import Question

_DIGITS = re.compile(r"[0-9]+\Z", re.ASCII)
_BETWEEN = re.compile(r"[\s,;+/]+")
_TICKED = frozenset({"1", "x", "ok", "oui", "o", "yes", "y"})
_NOTHING = frozenset({"0", "-", "–", "—"})


def read(question: Question, typed: str) -> str:
    """Canonical text of what was typed for a question; what cannot be read stays as it was typed."""
    text = typed.strip()
    if not text:
        return ""
    if may_be_none(question) and text in _NOTHING:
        return MARK
    reader = _READERS.get(question.kind)
    return reader(question, text) if reader else _plain(question, text)


def _plain(question: Question, text: str) -> str:
    found = field_for(question).read(Posted((text,)), lambda: question.choices)
    return text if found is None else found


def _one(question: Question, text: str) -> str:
    return _values(question).get(text.casefold(), text)


def _several(question: Question, text: str) -> str:
    """Codes in any order, with a space, a comma or a plus between them."""
    whole = _values(question).get(text.casefold())
    if whole is not None:
        return whole
    known = _values(question)
    told = dict.fromkeys(known.get(part.casefold(), part) for part in _BETWEEN.split(text) if part)
    if question.kind == "rank":
        return " ".join(told)
    order = [choice.value for choice in question.choices]
    return " ".join(sorted(told, key=lambda value: order.index(value) if value in order else len(order)))


def _values(question: Question) -> Mapping[str, str]:
    """How each choice may be typed: its code, its name, its label in any language."""
    codes = choice_codes(question)
    known: dict[str, str] = {}
    for choice in reversed(question.choices):
        known |= dict.fromkeys((label.casefold() for label in choice.label.values() if label), choice.value)
    for choice in question.choices:
        known[choice.value.casefold()] = choice.value
    return known | {code: value for value, code in codes.items()}


def _ticked(_question: Question, text: str) -> str:
    return "OK" if text.casefold() in _TICKED else "" if text.casefold() in _NOTHING else text


def _day(question: Question, text: str) -> str:
    """23112026, or any way the page takes; 112026 where a month is asked."""
    if _DIGITS.match(text) and len(text) == 8:
        text = f"{text[:2]}/{text[2:4]}/{text[4:]}"
    elif _DIGITS.match(text) and len(text) == 6:
        text = f"{text[:2]}/{text[2:]}"
    return _plain(question, text)


def _hour(question: Question, text: str) -> str:
    """1430, 930 or any way the page takes."""
    if _DIGITS.match(text) and len(text) in (3, 4):
        text = f"{text[:-2]}:{text[-2:]}"
    elif is_integer(text) and len(text) < 3:
        text = f"{text}:00"
    return _plain(question, text)


def _moment(question: Question, text: str) -> str:
    days, _space, hours = text.partition(" ")
    if not _DIGITS.match(days):
        return _plain(question, text)
    digits = hours.strip()
    clock = f"{digits[:-2]}:{digits[-2:]}" if _DIGITS.match(digits) and len(digits) in (3, 4) else digits
    return _plain(question, f"{days[:2]}/{days[2:4]}/{days[4:]} {clock}")


_READERS: Mapping[str, Callable[[Question, str], str]] = {
    "select_one": _one,
    "select_multiple": _several,
    "rank": _several,
    "acknowledge": _ticked,
    "date": _day,
    "time": _hour,
    "datetime": _moment,
}


def shown(question: Question, text: str, lang: str) -> str:
    """An answer as it stands in the box where it is keyed: codes for choices."""
    if question.kind in {"select_one", "select_multiple", "rank"}:
        codes = choice_codes(question)
        known = text.split() if question.kind != "select_one" else [text]
        return " ".join(codes.get(value, value) for value in known)
    if question.kind == "acknowledge":
        return "1" if text == "OK" else text
    return field_for(question).edit(text, lang)
