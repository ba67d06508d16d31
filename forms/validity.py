"""What has become too old: answers whose validity is over, gathered by page with who gave them and when."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from forms.growing import address, leaves
from forms.instance import Instance
from forms.structure import Question
from forms.tree import Node
from forms.visibility import EVERYTHING, Lens, label_for, may_see_at


@dataclass(frozen=True, slots=True)
class Given:
    """When an answer was given, and by whom (empty when nobody knows)."""

    day: date
    by: str = ""


@dataclass(frozen=True, slots=True)
class Stale:
    """One answer that must be asked again: it held until `until`, that day included."""

    path: str
    label: str
    section: str
    given: Given
    until: date


@dataclass(frozen=True, slots=True)
class StaleBlock:
    """One page with answers that are too old. `since` is the day of the oldest, `by` everybody who gave one of them."""

    section: str
    label: str
    since: date
    by: tuple[str, ...]
    answers: tuple[Stale, ...]


Limits = Mapping[str, int]
"""Name of a page → how many days its answers hold, in place of what its form says."""


def stale_answers(
    instance: Instance,
    answered: Mapping[str, Given | date],
    today: date,
    lang: str,
    lens: Lens = EVERYTHING,
    *,
    limits: Limits | None = None,
    outdated: Collection[str] = frozenset(),
) -> list[Stale]:
    """Relevant answers older than the validity (in days) of their question or its group, in the order of the form.

    answered: when each was given, by address. An answer without a day, and one that is calculated, is never stale.
    outdated: addresses of answers that something has overtaken since, whatever their age.
    """
    found = []
    for node, question, path, until in _ageing(instance, answered, lens, limits or {}, outdated):
        if today > until:
            label = label_for(instance, question.label, lang, node, lens)
            found.append(Stale(path, label, question.page, _given(answered[path]), until))
    return found


def first_stale_day(
    instance: Instance,
    answered: Mapping[str, Given | date],
    lens: Lens = EVERYTHING,
    *,
    limits: Limits | None = None,
    outdated: Collection[str] = frozenset(),
) -> date | None:
    """The first day on which one of these answers is too old; None when each of them holds for ever."""
    ends = (until for *_answer, until in _ageing(instance, answered, lens, limits or {}, outdated))
    last = min(ends, default=date.max)
    return None if last == date.max else last + timedelta(days=1)


def _ageing(
    instance: Instance, answered: Mapping[str, Given | date], lens: Lens, limits: Limits, outdated: Collection[str]
) -> Iterator[tuple[Node, Question, str, date]]:
    """Answers that count, are seen through this lens and do not hold for ever: (node, question, address, last day)."""
    instance.recompute()
    for node, question in leaves(instance.root, instance.form):
        path = address(node, instance.form)
        until = _holds_until(question, _given(answered.get(path)), limits, overtaken=path in outdated)
        asked = node.relevant and node.text and not question.computed
        if until is not None and asked and may_see_at(instance.form, question, node, lens):
            yield node, question, path, until


def _holds_until(question: Question, given: Given | None, limits: Limits, *, overtaken: bool = False) -> date | None:
    """The last day on which an answer holds; None when it holds for ever."""
    if given is None:
        return None
    if overtaken:
        return given.day - timedelta(days=1)
    days = limits.get(question.page.rpartition("/")[2], question.validity)
    return None if days is None else _until(given.day, days)


def _until(day: date, validity: int) -> date:
    try:
        return day + timedelta(days=validity)
    except OverflowError:
        return date.max


def _given(told: Given | date | None) -> Given | None:
    return Given(told) if isinstance(told, date) else told


def stale(instance: Instance, answered: Mapping[str, Given | date], today: date) -> list[str]:
    """Addresses of the answers that are too old."""
    return [found.path for found in stale_answers(instance, answered, today, instance.language)]


def stale_blocks(
    instance: Instance,
    answered: Mapping[str, Given | date],
    today: date,
    lang: str,
    lens: Lens = EVERYTHING,
    *,
    limits: Limits | None = None,
    outdated: Collection[str] = frozenset(),
) -> list[StaleBlock]:
    """The same by page: what to ask again, since when, answered by whom."""
    found = stale_answers(instance, answered, today, lang, lens, limits=limits, outdated=outdated)
    pages = {section.path: section for section in instance.form.sections}
    blocks = []
    for path, section in pages.items():
        here = tuple(one for one in found if one.section == path)
        if here:
            by = tuple(dict.fromkeys(one.given.by for one in here if one.given.by))
            blocks.append(StaleBlock(path, section.label[lang], min(one.given.day for one in here), by, here))
    return blocks
