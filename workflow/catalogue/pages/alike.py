"""Choices that say the same: nobody could tell them apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from workflow.errors import FieldError, Invalid

SAME_WORDS = "Two choices say “%(text)s”: nobody could tell them apart. Change one of them."

Offered = tuple[str, str, bool]
"""(field where a choice is worded, its words, whether they were typed here)."""


def told_apart(langs: Iterable[str], before: Sequence[tuple[str, Mapping[str, str]]], told: Mapping[str, Any]) -> None:
    """Raises Invalid when words typed for a choice are those of another one that is offered.

    before: the choices below, (value, words by language); told: what is changed in them, as a Change keeps it.
    """
    wrong = [one for lang in langs for one in alike(list(_offered(lang, before, told)))]
    if wrong:
        raise Invalid(wrong)


def alike(offered: Sequence[Offered]) -> list[FieldError]:
    """What is wrong with the words that were typed; those that were there before are nobody's fault here."""
    seen = {_plain(text) for _field, text, typed in offered if not typed}
    wrong = []
    for field, text, typed in offered:
        if typed and _plain(text) in seen:
            wrong.append(FieldError(field, SAME_WORDS, {"text": text.strip()}))
        seen.add(_plain(text))
    return [one for one in wrong if one.params["text"]]


def _offered(lang: str, before: Sequence[tuple[str, Mapping[str, str]]], told: Mapping[str, Any]) -> Iterator[Offered]:
    for number, (value, label) in enumerate(before, 1):
        if value not in told["hidden"]:
            typed = told["labels"].get(value, {}).get(lang)
            yield f"choice_{number}_{lang}", typed or label.get(lang, ""), bool(typed)
    for new in told["added"]:
        yield f"more_{lang}", new["label"].get(lang, ""), True


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
