"""A page in two languages: the second stands under the first, so that one reads aloud what the other reads along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from forms.pages import Item, Row
from forms.showing import Also, Option
from forms.structure import Group


def together(items: Sequence[Item], others: Sequence[Item], marks: Mapping[str, str]) -> tuple[Item, ...]:
    """`items` with the words of `others`, the same page drawn in a second language; `marks` are its lang and dir.

    What reads the same in both is written once.
    """
    return tuple(_item(one, other, marks) for one, other in zip(items, others, strict=True))


def _item(item: Item, other: Item, marks: Mapping[str, str]) -> Item:
    return replace(
        item,
        also=_also(item.label, other.label, item.hint, other.hint, marks),
        choices=tuple(_option(one, two, marks) for one, two in zip(item.choices, other.choices, strict=True)),
        children=together(item.children, other.children, marks),
        rows=tuple(_row(one, two, marks) for one, two in zip(item.rows, other.rows, strict=True)),
    )


def _row(row: Row, other: Row, marks: Mapping[str, str]) -> Row:
    also = _also(row.label, other.label, "", "", marks)
    return replace(row, also=also, children=together(row.children, other.children, marks))


def _option(option: Option, other: Option, marks: Mapping[str, str]) -> Option:
    return replace(option, also=_also(option.label, other.label, "", "", marks))


def _also(label: str, other: str, hint: str, other_hint: str, marks: Mapping[str, str]) -> Also | None:
    said, hinted = ("" if label == other else other), ("" if hint == other_hint else other_hint)
    return Also(said, hinted, **marks) if said or hinted else None


def untranslated(sections: Iterable[Group], lang: str) -> int:
    """How many questions of these pages have no words of their own in a language: they are read in the form's own."""
    questions = (question for section in sections for question in section.questions())
    return sum(1 for question in questions if question.label and not question.label.has(lang))
