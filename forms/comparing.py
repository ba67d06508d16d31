"""Compare two versions of a form, for those who must decide whether to publish the newer one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from forms.structure import Choice, Form, Formula, Group, Question, Repeat, Wording

ADDED = "Question added"
REMOVED = "Question removed: its answers are no longer asked"
RENAMED = "Probably the same question under another name: %(name)s"
MOVED = "Question moved to another place"
REORDERED = "Question asked earlier or later than before"
GROUP_ADDED = "Group added"
GROUP_REMOVED = "Group removed"
ASPECTS = {
    "title": "Title",
    "label": "Wording of the question",
    "hint": "Hint",
    "guidance": "Guidance",
    "required_message": "Sentence when the answer is missing",
    "constraint_message": "Sentence when the answer is not possible",
    "type": "Kind of question",
    "appearance": "Appearance",
    "level": "Who may read the answer",
    "purpose": "What the answer serves for",
    "validity": "How many days the answer holds",
    "keep": "How long the answer is kept",
    "section": "Section",
    "index": "Whether lists may search the answer",
    "consequence": "Confidential questions it stands for",
    "relevant": "When the question is asked",
    "required": "When an answer is needed",
    "constraint": "Which answers are possible",
    "calculation": "How the answer is calculated",
    "readonly": "When the answer is closed",
    "default": "Answer given at first",
    "choice_filter": "Which choices are offered",
    "repeat_count": "Number of lines",
    "repeat": "Whether it is answered line by line",
    "choice_added": "Choices added",
    "choice_removed": "Choices removed: answers that chose them find no place",
    "choice_label": "Wording of a choice",
}
"""What changed, by kind: msgids."""

_TEXTS = ("label", "hint", "guidance", "required_message", "constraint_message")
_FORMULAS = ("relevant", "required", "constraint", "calculation", "readonly")
_PATH = re.compile(r"(?<![\w.'\")\]])(?:\.\./|/)(?:[\w.-]+/|\.\./)*([A-Za-z_][\w.-]*)")


@dataclass(frozen=True, slots=True)
class FormChange:
    """One difference. `path` is that of the newer form, of the older one for what was removed; `message` a msgid filled
    from `params`; `section` the path of the page. `before` and `after` read as an author writes them; `lang` is the
    language of a text.
    """

    kind: str
    path: str
    name: str
    label: str
    message: str
    before: str = ""
    after: str = ""
    section: str = ""
    lang: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


def compare(old: Form, new: Form, lang: str) -> list[FormChange]:
    """What changed, in the order of the newer form; what was removed comes last. Equal forms have no differences."""
    return list(_Comparison(old, new, lang).changes())


class _Comparison:
    def __init__(self, old: Form, new: Form, lang: str) -> None:
        self.old = old
        self.new = new
        self.lang = lang
        self.pairs = {path: path for path in new.questions if path in old.questions}
        self.moved = self.found(lambda question: (question.name,))
        self.pairs |= self.moved
        self.renamed = self.found(lambda question: (question.label[lang], question.kind) if question.label else None)
        self.pairs |= self.renamed
        self.reordered = self.out_of_order()

    def found(self, mark: Any) -> dict[str, str]:
        """New path → old path of questions without a partner whose mark is the same, and theirs alone on each side."""
        old = _once(self.old, set(self.pairs.values()), mark)
        new = _once(self.new, set(self.pairs), mark)
        return {path: old[key] for key, path in new.items() if key in old}

    def out_of_order(self) -> set[str]:
        """Among questions that stayed in their group, those that others have overtaken."""
        stayed = [path for path in self.new.questions if self.pairs.get(path) == path]
        before = [path for path in self.old.questions if path in set(stayed)]
        blocks = SequenceMatcher(None, before, stayed, autojunk=False).get_matching_blocks()
        kept = {stayed[block.b + step] for block in blocks for step in range(block.size)}
        return set(stayed) - kept

    def changes(self) -> Iterator[FormChange]:
        if self.old.title != self.new.title:
            root = self.new.root
            yield FormChange(
                "title", root.path, root.name, self.new.title, ASPECTS["title"], self.old.title, self.new.title
            )
        yield from self.groups()
        for path, question in self.new.questions.items():
            before = self.old.questions.get(self.pairs.get(path, ""))
            if before is None:
                yield self.change("added", question, ADDED, after=_kind(question))
            else:
                yield from self.question(before, question)
        left = set(self.pairs.values())
        for path, question in self.old.questions.items():
            if path not in left:
                yield self.change("removed", question, REMOVED, before=_kind(question))

    def question(self, old: Question, new: Question) -> Iterator[FormChange]:
        if new.path in self.renamed:
            yield self.change("renamed", new, RENAMED, old.name, new.name, params={"name": old.name})
        if new.path in self.moved or (new.path in self.renamed and _above(old.path) != _above(new.path)):
            yield self.change("moved", new, MOVED, self.place(self.old, old.path), self.place(self.new, new.path))
        elif new.path in self.reordered:
            yield self.change("reordered", new, REORDERED)
        yield from self.texts(old, new)
        for kind, before, after in _facts(old, new):
            if before != after:
                yield self.change(kind, new, ASPECTS[kind], before, after)
        yield from self.choices(old, new)

    def texts(self, old: Question, new: Question) -> Iterator[FormChange]:
        for aspect in _TEXTS:
            for lang, before, after in _wordings(getattr(old, aspect), getattr(new, aspect)):
                yield self.change(aspect, new, ASPECTS[aspect], before, after, lang=lang)

    def choices(self, old: Question, new: Question) -> Iterator[FormChange]:
        before = {choice.value: choice for choice in old.choices}
        after = {choice.value: choice for choice in new.choices}
        for value in filter(before.__contains__, after):
            for lang, was, now in _wordings(before[value].label, after[value].label):
                yield self.change("choice_label", new, ASPECTS["choice_label"], was, now, lang=lang)
        added, removed = self.named(after, before), self.named(before, after)
        if added:
            yield self.change("choice_added", new, ASPECTS["choice_added"], after=added)
        if removed:
            yield self.change("choice_removed", new, ASPECTS["choice_removed"], removed)

    def named(self, choices: Mapping[str, Choice], others: Mapping[str, Choice]) -> str:
        """The labels of the choices that the others have not."""
        return ", ".join(one.label[self.lang] or value for value, one in choices.items() if value not in others)

    def groups(self) -> Iterator[FormChange]:
        for path, group in self.new.groups.items():
            before = self.old.groups.get(path)
            if before is None:
                yield self.change("group_added", group, GROUP_ADDED)
            elif path != self.new.root.path:
                yield from self.group(before, group)
        for path, group in self.old.groups.items():
            if path not in self.new.groups:
                yield self.change("group_removed", group, GROUP_REMOVED)

    def group(self, old: Group, new: Group) -> Iterator[FormChange]:
        for lang, before, after in _wordings(old.label, new.label):
            yield self.change("label", new, ASPECTS["label"], before, after, lang=lang)
        for kind, was, now in _group_facts(old, new):
            if was != now:
                yield self.change(kind, new, ASPECTS[kind], was, now)

    def place(self, form: Form, path: str) -> str:
        """The labels of the groups around a question, from outside inwards."""
        steps = path.split("/")
        around = (form.groups.get("/".join(steps[:end])) for end in range(3, len(steps)))
        return " › ".join(group.label[self.lang] or group.name for group in around if group) or form.title

    def change(
        self,
        kind: str,
        part: Question | Group,
        message: str,
        before: str = "",
        after: str = "",
        *,
        lang: str = "",
        params: Mapping[str, Any] | None = None,
    ) -> FormChange:
        section = part.page if isinstance(part, Question) else "/".join(part.path.split("/")[:3])
        label = part.label[self.lang] or part.name
        return FormChange(kind, part.path, part.name, label, message, before, after, section, lang, params or {})


def _once(form: Form, taken: set[str], mark: Any) -> dict[Any, str]:
    """Mark → path of the questions that are not taken, for marks that only one of them wears."""
    found: dict[Any, list[str]] = {}
    for path, question in form.questions.items():
        key = mark(question)
        if path not in taken and key is not None:
            found.setdefault(key, []).append(path)
    return {key: paths[0] for key, paths in found.items() if len(paths) == 1}


def _above(path: str) -> str:
    return path.rpartition("/")[0]


def _kind(question: Question) -> str:
    return question.kind


def _facts(old: Question, new: Question) -> Iterator[tuple[str, str, str]]:
    yield "type", old.kind, new.kind
    yield "appearance", old.appearance, new.appearance
    yield "level", old.level, new.level
    yield "purpose", " ".join(old.purpose), " ".join(new.purpose)
    yield "validity", _number(old.validity), _number(new.validity)
    yield "keep", old.keep or "", new.keep or ""
    yield "section", old.section or "", new.section or ""
    yield "index", _truth(old.index), _truth(new.index)
    yield "consequence", _names(old.causes), _names(new.causes)
    for aspect in _FORMULAS:
        yield aspect, written(getattr(old, aspect)), written(getattr(new, aspect))
    yield "default", _default(old), _default(new)
    yield "choice_filter", _filter(old), _filter(new)


def _group_facts(old: Group, new: Group) -> Iterator[tuple[str, str, str]]:
    yield "relevant", written(old.relevant), written(new.relevant)
    yield "repeat", _truth(isinstance(old, Repeat)), _truth(isinstance(new, Repeat))
    yield "repeat_count", _count(old), _count(new)


def _wordings(old: Wording, new: Wording) -> Iterator[tuple[str, str, str]]:
    """(language, before, after) of every language in which a text differs."""
    for lang in dict.fromkeys((*old, *new)):
        before, after = (_written_text(wording, lang) if wording.has(lang) else "" for wording in (old, new))
        if before != after:
            yield lang, before, after


def _written_text(wording: Wording, lang: str) -> str:
    return "".join(part if isinstance(part, str) else written(part) for part in wording.parts(lang)).strip()


def written(formula: Formula | None) -> str:
    """A formula as its author wrote it: `${name}` instead of a path."""
    return "" if formula is None else as_written(formula.text)


def as_written(text: str) -> str:
    """The text of a formula with `${name}` instead of paths."""
    return _PATH.sub(r"${\1}", " ".join(text.split()))


def _default(question: Question) -> str:
    return question.default or written(question.first_load or question.new_row)


def _filter(question: Question) -> str:
    """What stands between brackets behind the list."""
    source = question.choice_filter
    return written(source.formula) if source is not None and source.filtered else ""


def _count(group: Group) -> str:
    return written(group.count) if isinstance(group, Repeat) else ""


def _number(number: int | None) -> str:
    return "" if number is None else str(number)


def _truth(value: bool) -> str:
    return "yes" if value else "no"


def _names(paths: tuple[str, ...]) -> str:
    return " ".join(path.rpartition("/")[2] for path in paths)
