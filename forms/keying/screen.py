"""The keying screen as plain data: every question of the form, asked or not, with its number and its short codes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from forms.checking import AnswerError
from forms.consequences import may_be_none
from forms.growing import branch
from forms.instance import Instance
from forms.keying.reading import ignored, keyed_here
from forms.keying.typed import shown
from forms.kinds import MOVED_LABEL
from forms.pages import name_of
from forms.paper import choice_codes, numbers
from forms.structure import Group, Question, Repeat, Wording
from forms.tree import Node
from forms.upload_fields import KINDS
from forms.visibility import Lens, may_see_at

LINES, LINES_INSIDE = 6, 2
"""Lines of a list that stand ready to be keyed, as many as are printed; inside another list, fewer."""

FORMATS: Mapping[str, str] = {
    "date": "DDMMYYYY",
    "time": "HHMM",
    "datetime": "DDMMYYYY HHMM",
    "integer": "whole number",
    "decimal": "number",
    "range": "number",
    "select_multiple": "codes, with spaces between",
    "rank": "codes in order",
    "acknowledge": "1 if ticked",
    "geopoint": "latitude longitude",
}
"""Kind of question → English msgid of how it is typed; a list of codes says it by itself."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One question to key. `name` is the HTML name and id; `value` what stands in the box: codes for choices. `codes`:
    (code, label) of each choice. `format`: msgid of how it is typed, or empty. `kind` is text, lines or file (which is
    not keyed). `ignored`: an answer stands there that other answers do not call for. `error_text`: the author's words.
    """

    number: str
    path: str
    name: str
    label: str
    kind: str
    value: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    format: str = ""
    none: bool = False
    error: AnswerError | None = None
    error_text: str = ""
    ignored: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a list; `blank` when nothing stands in it yet."""

    number: int
    name: str
    blank: bool
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """A list, with the lines it has and those that stand ready."""

    label: str
    name: str
    path: str
    lines: tuple[Line, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A page or a group of the form (`parts`), a question (`cell`) or a list (`lines`). `page` marks the first."""

    label: str = ""
    name: str = ""
    parts: tuple[Part, ...] = ()
    cell: Cell | None = None
    lines: Lines | None = None
    page: bool = False


def screen(
    instance: Instance,
    lang: str,
    lens: Lens,
    *,
    closed: Collection[str] = (),
    errors: Iterable[AnswerError] = (),
    typed: Mapping[str, str] | None = None,
    more: str = "",
) -> tuple[Part, ...]:
    """Everything that is keyed of a form, page by page. `closed`: paths of pages that may not be changed, left out.
    `typed`: what stands in the boxes instead of the answers, by HTML name. `more`: path of a list that gets
    further lines.
    """
    instance.recompute()
    drawing = _Screen(instance, lang, lens, closed, more=more)
    drawing.typed, drawing.errors = typed or {}, {error.path: error for error in errors}
    return tuple(part for part in map(drawing.page, instance.form.sections) if part.parts)


class _Screen:
    def __init__(self, instance: Instance, lang: str, lens: Lens, closed: Collection[str], *, more: str) -> None:
        self.instance, self.form, self.lang, self.lens = instance, instance.form, lang, lens
        self.closed, self.more = closed, more
        self.typed: Mapping[str, str] = {}
        self.errors: Mapping[str, AnswerError] = {}
        self.ignored = frozenset(ignored(instance, lens))
        self.numbers = numbers(instance.form)

    def page(self, section: Group) -> Part:
        root = self.instance.root
        if isinstance(section, Repeat):
            parts: tuple[Part, ...] = tuple(self.repeat(section, root, root.path))
        elif section.path == self.form.root.path:
            parts = self.parts(section, root, root.path)
        else:
            parts = self.parts(section, root.children[section.name][0], section.path)
        return Part(self.said(section.label), name_of(section.path), parts, page=True)

    def said(self, wording: Wording) -> str:
        return wording[self.lang]

    def parts(self, group: Group, node: Node, path: str) -> tuple[Part, ...]:
        return tuple(found for part in group.children for found in self.part(part, node, path))

    def part(self, part: Group | Question, parent: Node, above: str) -> Iterator[Part]:
        if isinstance(part, Repeat):
            yield from self.repeat(part, parent, above)
            return
        node, path = parent.children[part.name][0], f"{above}/{part.name}"
        if isinstance(part, Group):
            inside = self.parts(part, node, path)
            if inside:
                yield Part(self.said(part.label), name_of(path), inside)
        elif self.drawn(part, node):
            yield Part(cell=self.cell(part, node, path))

    def drawn(self, question: Question, node: Node) -> bool:
        if not question.asked or question.name.startswith(MOVED_LABEL):
            return False
        if question.kind in KINDS:
            return question.page not in self.closed and may_see_at(self.form, question, node, self.lens)
        return keyed_here(self.instance, question, node, self.lens, self.closed)

    def cell(self, question: Question, node: Node, path: str) -> Cell:
        name, error = name_of(path), self.errors.get(path)
        codes = choice_codes(question)
        labels = {choice.value: choice.label[self.lang] for choice in question.choices}
        several = question.kind in {"select_multiple", "rank"}
        return Cell(
            number=self.numbers.get(question.path, ""),
            path=path,
            name=name,
            label=self.said(question.label),
            kind="file" if question.kind in KINDS else "lines" if question.kind == "multiline" else "text",
            value=self.typed.get(name, shown(question, node.text, self.lang)),
            codes=tuple((code, labels[value]) for value, code in codes.items()),
            format=FORMATS.get(question.kind, "") if several or not codes else "",
            none=may_be_none(question),
            error=error,
            error_text=error.custom[self.lang] if error and error.custom else "",
            ignored=path in self.ignored,
            wide=question.kind in {"text", "multiline"},
        )

    def repeat(self, repeat: Repeat, parent: Node, above: str) -> Iterator[Part]:
        path = f"{above}/{repeat.name}"
        rows = parent.children.get(repeat.name, [])
        ready = LINES_INSIDE if "[" in path else LINES
        ready = max(ready, len(rows) + 1) + (LINES if self.more == path else 0)
        last = self._typed_to(path)
        lines = [self.line(repeat, parent, path, place) for place in range(1, max(ready, last) + 1)]
        if any(line.parts for line in lines):
            yield Part(lines=Lines(self.said(repeat.label), name_of(path), path, tuple(lines), repeat.count is None))

    def _typed_to(self, path: str) -> int:
        """The last line in which something was typed that is not stored."""
        start = name_of(path) + "~"
        told = (name.removeprefix(start).partition(":")[0] for name, text in self.typed.items() if text.strip())
        return max((int(row) for row in told if row.isdigit() and len(row) < 4), default=0)

    def line(self, repeat: Repeat, parent: Node, path: str, place: int) -> Line:
        rows = parent.children.get(repeat.name, [])
        node = rows[place - 1] if place <= len(rows) else branch(repeat, parent)
        parts = self.parts(repeat, node, f"{path}[{place}]")
        return Line(place, name_of(f"{path}[{place}]"), blank=not any(_filled(part) for part in parts), parts=parts)


def _filled(part: Part) -> bool:
    if part.cell is not None:
        return bool(part.cell.value)
    inside = part.parts + tuple(one for line in (part.lines.lines if part.lines else ()) for one in line.parts)
    return any(_filled(one) for one in inside)
