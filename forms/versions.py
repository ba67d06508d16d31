"""Answers over time: what changed between two versions, what still holds, what has become too old."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from forms.explaining import shown
from forms.expressions import Now
from forms.growing import address, leaves
from forms.instance import Instance
from forms.structure import Form, Question
from forms.tree import Node
from forms.visibility import EVERYTHING, Lens, label_for, may_see


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that reads differently; `before` or `after` is empty when there was or is no answer.

    `section` is the path of the page.
    """

    path: str
    label: str
    before: str
    after: str
    section: str


def diff(old: Instance, new: Instance, lang: str, lens: Lens = EVERYTHING) -> list[Change]:
    """Visible answers that differ, in the order of the form; rows of repeats are compared place by place."""
    before, after = _answers(old, lens), _answers(new, lens)
    paths = [*after, *(path for path in before if path not in after)]
    return [change for path in paths if (change := _change(path, (old, before), (new, after), lang, lens))]


_Side = tuple[Instance, Mapping[str, tuple[Node, Question]]]


def _answers(instance: Instance, lens: Lens) -> dict[str, tuple[Node, Question]]:
    instance.recompute()
    return {
        address(node, instance.form): (node, question)
        for node, question in leaves(instance.root, instance.form)
        if node.relevant and node.text and question.label and question.kind != "note" and may_see(question, lens)
    }


def _change(path: str, old: _Side, new: _Side, lang: str, lens: Lens) -> Change | None:
    before, after = old[1].get(path), new[1].get(path)
    if before and after and before[0].text == after[0].text:
        return None
    latest = new if after else old
    node, question = latest[1][path]
    label = label_for(latest[0], question.label, lang, node, lens)
    return Change(path, label, _shown(old, path, lang), _shown(new, path, lang), question.page)


def _shown(side: _Side, path: str, lang: str) -> str:
    found = side[1].get(path)
    return shown(side[0], found[0], lang) if found else ""


def section_hash(instance: Instance, section_path: str) -> str:
    """SHA-256 of the relevant answers of one page: equal as long as nobody has changed them. Calculations and notes do
    not count: they follow from answers. Raises KeyError.
    """
    instance.form.section(section_path)
    return _hash(instance, section_path)


def section_hashes(instance: Instance) -> dict[str, str]:
    """`section_hash` of every page by its name, in one walk through the answers."""
    instance.recompute()
    digests = {section.path: _digest(section.path) for section in instance.form.sections}
    for page, path, text in _lines(instance):
        if page in digests:
            _take(digests[page], path, text)
    return {section.name: digests[section.path].hexdigest() for section in instance.form.sections}


def answers_hash(instance: Instance) -> str:
    """SHA-256 of the form version and all relevant answers: what is frozen when a step is decided."""
    return _hash(instance, None)


def _hash(instance: Instance, page: str | None) -> str:
    instance.recompute()
    digest = _digest(instance.form.hash if page is None else page)
    for found, path, text in _lines(instance):
        if page in (None, found):
            _take(digest, path, text)
    return digest.hexdigest()


def _digest(first: str) -> hashlib._Hash:
    return hashlib.sha256(first.encode())


def _take(digest: hashlib._Hash, *parts: str) -> None:
    """Each part after its length: no two lists of parts are taken for one another."""
    for part in parts:
        raw = part.encode()
        digest.update(len(raw).to_bytes(8, "big") + raw)


def _lines(instance: Instance) -> Iterator[tuple[str | None, str, str]]:
    """(page, path, text) of every relevant answer that somebody gave."""
    for node, question in leaves(instance.root, instance.form):
        if node.relevant and node.text and question.kind != "note" and not question.computed:
            yield question.page, address(node, instance.form), node.text


def carry(instance: Instance, form: Form, now: Now) -> tuple[Instance, list[str]]:
    """The answers under another version of the form, and the paths of the answers that found no place there."""
    carried = Instance.from_xml(form, instance.to_xml(), now, instance.row_limit).revised()
    kept = {address(node, form) for node, _ in leaves(carried.root, form) if node.text}
    return carried, [path for _page, path, _text in _lines(instance) if path not in kept]


def stale(instance: Instance, answered: Mapping[str, date], today: date) -> list[str]:
    """Paths of answers older than the validity (in days) of their question; `answered` says when each was given."""
    found = []
    for node, question in leaves(instance.root, instance.form):
        path = address(node, instance.form)
        given = answered.get(path)
        limit = question.validity
        if given and limit is not None and node.relevant and node.text and today - given > timedelta(days=limit):
            found.append(path)
    return found
