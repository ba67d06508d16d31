"""Answers over time: what reads differently, and the hashes by which an earlier set is known again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from forms.explaining import shown
from forms.growing import address, leaves
from forms.instance import Instance
from forms.rows import Alignment, Reads
from forms.structure import Question
from forms.tree import Node
from forms.visibility import EVERYTHING, Lens, label_for, may_see_at


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that reads differently; `before` or `after` is empty when there was or is no answer.

    `section` is the path of the page. `kind` is changed, added or removed; the path of a removed answer is the one it
    had.
    """

    path: str
    label: str
    before: str
    after: str
    section: str
    kind: str = "changed"


def diff(old: Instance, new: Instance, lang: str, lens: Lens = EVERYTHING) -> list[Change]:
    """Visible answers that differ, page by page; a row of a repeat is compared with itself, wherever it stands now."""
    old.recompute()
    new.recompute()

    def reads(side: Instance, question: Question, node: Node) -> bool:
        shown_at_all = bool(question.label) and question.kind != "note"
        return shown_at_all and may_see_at(side.form, question, node, lens)

    aligned = Alignment(old, new, reads)
    before, after = _answers(old, aligned, reads), _answers(new, aligned, reads)
    paths = [*after, *(path for path in before if path not in after)]
    found = [change for path in paths if (change := _change(path, (old, before), (new, after), lang, lens))]
    pages = {section.path: place for place, section in enumerate(new.form.sections)}
    return sorted(found, key=lambda change: pages.get(change.section, len(pages)))


_Side = tuple[Instance, Mapping[str, tuple[Node, Question]]]


def _answers(instance: Instance, aligned: Alignment, reads: Reads) -> dict[str, tuple[Node, Question]]:
    side = aligned.old if instance is aligned.old else aligned.new
    return {
        aligned.address(node, side): (node, question)
        for node, question in leaves(instance.root, instance.form)
        if node.relevant and node.text and reads(instance, question, node)
    }


def _change(path: str, old: _Side, new: _Side, lang: str, lens: Lens) -> Change | None:
    before, after = old[1].get(path), new[1].get(path)
    if before and after and before[0].text == after[0].text:
        return None
    latest = new if after else old
    node, question = latest[1][path]
    label = label_for(latest[0], question.label, lang, node, lens)
    kind = "changed" if before and after else "added" if after else "removed"
    where = address(node, latest[0].form)
    return Change(where, label, _shown(old, path, lang), _shown(new, path, lang), question.page, kind)


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
    """`section_hash` of every page by its name."""
    return hashes(instance)[1]


def answers_hash(instance: Instance) -> str:
    """SHA-256 of the form version and all relevant answers: what is frozen when a step is decided."""
    return hashes(instance)[0]


def hashes(instance: Instance) -> tuple[str, dict[str, str]]:
    """`answers_hash` and `section_hashes`, in one walk through the answers."""
    instance.recompute()
    whole, sections = _digest(instance.form.hash), instance.form.sections
    digests = {section.path: _digest(section.path) for section in sections}
    for page, path, text in _lines(instance):
        told = _parts(path, text)
        whole.update(told)
        if page in digests:
            digests[page].update(told)
    return whole.hexdigest(), {section.name: digests[section.path].hexdigest() for section in sections}


def _hash(instance: Instance, page: str) -> str:
    instance.recompute()
    digest = _digest(page)
    for found, path, text in _lines(instance):
        if page == found:
            digest.update(_parts(path, text))
    return digest.hexdigest()


def _digest(first: str) -> hashlib._Hash:
    return hashlib.sha256(first.encode())


def _parts(path: str, text: str) -> bytes:
    """Each part after its length: no two lists of parts are taken for one another."""
    first, second = path.encode(), text.encode()
    return b"".join((len(first).to_bytes(8, "big"), first, len(second).to_bytes(8, "big"), second))


def _lines(instance: Instance) -> Iterator[tuple[str | None, str, str]]:
    """(page, path, text) of every relevant answer that somebody gave."""
    for path, node, question in instance.leaves():
        if node.relevant and node.text and question.kind != "note" and not question.computed:
            yield question.page, path, node.text
