"""Carry answers to another version of their form: what is kept, moved, converted; what is lost stays readable."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest

from forms.explaining import shown
from forms.expressions import Now
from forms.fields import field_for
from forms.growing import UnknownPath, address, leaves
from forms.instance import Instance, RowLimit
from forms.structure import Choice, Form, Question, Repeat
from forms.tree import Node

KEPT, MOVED, CONVERTED, LOST = "kept", "moved", "converted", "lost"

NO_PLACE = "The newer form has no such question."
NO_CHOICE = "The newer form no longer offers this choice."
OTHER_KIND = "The newer form asks for another kind of answer."
CALCULATED = "The newer form calculates this answer."
NO_ROW = "The newer form has no room for this line."

_FREE = frozenset({"text", "multiline", "barcode"})
_UNTYPED = frozenset({"note", "calculate"})
_ALONE = frozenset({"file", "image", "audio", "video", "acknowledge", "geotrace", "geoshape", "note"})
"""Kinds whose answers mean nothing as another kind."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one answer. `before` reads as it did; `after` as it reads now; `reason` is a msgid, for what was
    lost. `path` is the old address, `place` the new one (empty when it has none). An answer of several choices may
    have two fates: the choices that are left, and those that are lost.
    """

    kind: str
    path: str
    label: str
    before: str
    place: str = ""
    after: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Carried:
    instance: Instance
    fates: tuple[Fate, ...]

    @property
    def lost(self) -> tuple[Fate, ...]:
        return tuple(fate for fate in self.fates if fate.kind == LOST)


def carry(instance: Instance, form: Form, now: Now, lang: str, renamed: Mapping[str, str] | None = None) -> Carried:
    """The answers under another version of the form. The identifier is new and remembers the one it replaces.

    renamed: old path → new path, for questions that only somebody who knows them can tell to be the same. A question
    that stands elsewhere under the same name is found without that.
    """
    instance.recompute()
    carried = Instance.from_xml(form, instance.to_xml(), now, instance.row_limit, submitted=False).revised()
    carrier = _Carrier(instance, carried, _places(instance.form, form, renamed or {}), lang)
    return Carried(carried, tuple(carrier.fates()))


def _places(old: Form, new: Form, renamed: Mapping[str, str]) -> dict[str, str]:
    """Old path → new path of every question that is still there."""
    found = {path: renamed.get(path, path) for path in old.questions if renamed.get(path, path) in new.questions}
    taken = set(found.values())
    for name, path in _once(old).items():
        elsewhere = _once(new).get(name)
        if path not in found and elsewhere and elsewhere not in taken:
            found[path] = elsewhere
    return found


def _once(form: Form) -> dict[str, str]:
    """Name → path, of names that only one question has."""
    names: dict[str, list[str]] = {}
    for question in form.questions.values():
        names.setdefault(question.name, []).append(question.path)
    return {name: paths[0] for name, paths in names.items() if len(paths) == 1}


class _Carrier:
    def __init__(self, old: Instance, new: Instance, places: Mapping[str, str], lang: str) -> None:
        self.old = old
        self.new = new
        self.places = places
        self.lang = lang
        self.used: set[str] = set()

    def fates(self) -> Iterator[Fate]:
        for node, question in list(leaves(self.old.root, self.old.form)):
            if node.text and not question.computed and question.kind not in _UNTYPED:
                yield from self.fate(node, question)

    def fate(self, node: Node, question: Question) -> Iterator[Fate]:
        place = self.places.get(question.path)
        if place is None:
            yield self.lost(node, question, NO_PLACE)
            return
        target = self.new.form.questions[place]
        path = self.row_for(address(node, self.old.form), target)
        if target.computed:
            yield self.lost(node, question, CALCULATED)
        elif not path or path in self.used:
            yield self.lost(node, question, NO_ROW)
        else:
            self.used.add(path)
            yield from self.put(node, question, path, target)

    def put(self, node: Node, question: Question, path: str, target: Question) -> Iterator[Fate]:
        text, left_out, reason = self.converted(node, question, path, target)
        self.new.set(path, text)
        before = shown(self.old, node, self.lang)
        if left_out:
            yield self.lost(node, question, reason, left_out)
        if text:
            after = shown(self.new, self.new.node(path), self.lang)
            moved = MOVED if place_of(path) != question.path else KEPT
            kind = moved if text == node.text and question.kind == target.kind else CONVERTED
            yield Fate(kind, address(node, self.old.form), self.label(node, question), before, path, after)

    def lost(self, node: Node, question: Question, reason: str, words: str = "") -> Fate:
        before = words or shown(self.old, node, self.lang)
        return Fate(LOST, address(node, self.old.form), self.label(node, question), before, reason=reason)

    def label(self, node: Node, question: Question) -> str:
        return self.old.text(question.label, self.lang, address(node, self.old.form)) or question.name

    # -- the place

    def row_for(self, path: str, target: Question) -> str:
        """The new address: the same rows, made where they are missing; empty when there is no room."""
        numbers = iter(_rows_of(path, self.old.form))
        steps, here = target.path.split("/")[1:], ""
        for end, step in enumerate(steps):
            here = f"{here}/{step}"
            if isinstance(self.new.form.groups.get("/" + "/".join(steps[: end + 1])), Repeat):
                number = next(numbers, 1)
                if not self.has_row(here, number):
                    return ""
                here = f"{here}[{number}]"
        return here if all(number == 1 for number in numbers) else ""

    def has_row(self, repeat: str, number: int) -> bool:
        try:
            while self.new.raw_rows(repeat) < number:
                self.new.add_row(repeat)
        except (RowLimit, UnknownPath):
            return False
        return True

    # -- the answer

    def converted(self, node: Node, question: Question, path: str, target: Question) -> tuple[str, str, str]:
        """(text under the newer form, words that are lost, why)."""
        if target.choice_filter is not None:
            return self.chosen(node, question, path, target)
        if target.kind in {"hidden", question.kind}:
            return node.text, "", ""
        if not {question.kind, target.kind}.isdisjoint(_ALONE):
            return "", shown(self.old, node, self.lang), OTHER_KIND
        said = node.text if question.choice_filter is None else shown(self.old, node, self.lang)
        if target.kind in _FREE:
            return said, "", ""
        asked = field_for(target)
        read = asked.parse(_shortened(said, target))
        if asked.refusal(read):
            return "", shown(self.old, node, self.lang), OTHER_KIND
        return read, "", ""

    def chosen(self, node: Node, question: Question, path: str, target: Question) -> tuple[str, str, str]:
        """By value first, by label next. What no list offers is lost; of one choice only one is left."""
        offered = target.choices or self.new.choices_at(self.new.node(path), target)
        several = question.choice_filter is not None and question.kind != "select_one"
        said = node.text.split() if several else [node.text]
        labels = [self.old_label(node, question, value) for value in said]
        found = [_same(offered, value, label) for value, label in zip_longest(said, labels)]
        kept = [value for value in dict.fromkeys(found) if value]
        if target.kind == "select_one" and len(kept) > 1:
            return "", ", ".join(labels), OTHER_KIND
        gone = [label for value, label in zip(found, labels, strict=True) if not value]
        return " ".join(kept), ", ".join(gone), NO_CHOICE

    def old_label(self, node: Node, question: Question, value: str) -> str:
        known = next((choice for choice in question.choices if choice.value == value), None)
        return known.label[self.lang] if known and known.label else value


def _same(offered: tuple[Choice, ...], value: str, label: str) -> str:
    if any(choice.value == value for choice in offered):
        return value
    wanted = label.strip().casefold()
    return next((choice.value for choice in offered if wanted in _labels(choice)), "")


def _labels(choice: Choice) -> set[str]:
    return {choice.label[lang].casefold() for lang in choice.label}


def _shortened(text: str, target: Question) -> str:
    """A whole number written as a decimal; the day of an instant."""
    if target.type == "int" and re.fullmatch(r"-?\d+\.0+", text):
        return text.partition(".")[0]
    return text[:10] if target.kind == "date" and re.match(r"\d{4}-\d\d-\d\dT", text) else text


def _rows_of(path: str, form: Form) -> list[int]:
    """Numbers of the rows on the way to an address, from outside inwards."""
    return [int(step.partition("[")[2][:-1]) for step in path.split("/") if step.endswith("]")]


def place_of(path: str) -> str:
    """A path without its row numbers."""
    return "/".join(step.partition("[")[0] for step in path.split("/"))
