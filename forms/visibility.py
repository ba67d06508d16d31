"""What a reader may see of a set of answers. The question is hidden, not only its answer.

Every answer that leaves the engine for a page, a paper, an export or a list passes here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from forms.checking import AnswerError
from forms.consequences import says_none, worded
from forms.explaining import anything, reads_only, resolved, shown
from forms.fields import typed
from forms.growing import address, leaves
from forms.instance import Instance
from forms.structure import LEVELS, Form, Group, Question, Repeat, Wording
from forms.tree import Node
from forms.upload_fields import KINDS as UPLOADS

FACT_LEVELS = frozenset({"V0", "V1"})


@dataclass(frozen=True, slots=True)
class Lens:
    """Through what a reader looks. A question passes when its level is among `levels`, it serves one of `purposes`
    (none given: all), stands in one of `sections` (names or paths of pages; none given: all), and serves nothing of
    `exclude_purposes`.
    """

    levels: frozenset[str]
    purposes: frozenset[str] | None = None
    sections: frozenset[str] | None = None
    exclude_purposes: frozenset[str] = frozenset()


EVERYTHING = Lens(frozenset(LEVELS))


def narrowed(lens: Lens, other: Lens) -> Lens:
    """What both let through: a reader looks at what somebody else may read."""
    return Lens(
        lens.levels & other.levels,
        _both(lens.purposes, other.purposes),
        _both(lens.sections, other.sections),
        lens.exclude_purposes | other.exclude_purposes,
    )


def _both(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    return one if other is None else other if one is None else one & other


def may_see(question: Question, lens: Lens) -> bool:
    purposes = (*question.purpose, *question.borrowed_purpose)
    if question.level not in lens.levels or lens.exclude_purposes.intersection(purposes):
        return False
    if question.borrowed_page and not _lends(question, lens):
        return False
    return _opens(lens, question.purpose, question.page)


def may_see_all(form: Form, lens: Lens) -> bool:
    """Whether no question that is asked is hidden: a paper form may hold the answer to any of them."""
    return all(may_see(question, lens) for question in form.questions.values() if question.asked)


def _lends(question: Question, lens: Lens) -> bool:
    """Whether the lens lets through the answers that serve as choices."""
    levels = question.borrowed_level in lens.levels
    return levels and _opens(lens, question.borrowed_purpose, question.borrowed_page)


def _opens(lens: Lens, purpose: tuple[str, ...], page: str) -> bool:
    if lens.purposes is not None and lens.purposes.isdisjoint(purpose):
        return False
    return lens.sections is None or page in lens.sections or page.rpartition("/")[2] in lens.sections


def may_see_at(form: Form, question: Question, node: Node, lens: Lens) -> bool:
    """The same for one answer. Who may not read the cause does not learn from its consequence that there is one: it
    passes only when it is worded.
    """
    if not may_see(question, lens):
        return False
    return worded(question, node) or all(may_see(form.questions[cause], lens) for cause in question.causes)


def may_open(instance: Instance, section: Group, lens: Lens) -> bool:
    """Whether a page exists for this reader: it holds something they see now, or once other answers call for it."""
    return any(_stands(instance, question, lens) for question in section.questions())


def _stands(instance: Instance, question: Question, lens: Lens) -> bool:
    if not question.label or not may_see(question, lens):
        return False
    nodes = instance.engine.nodes(question.path)
    return may_be_named(instance.form, question, lens) or any(worded(question, node) for node in nodes)


def may_be_named(form: Form, question: Question, lens: Lens) -> bool:
    """Whether a sentence about rules may name a question and its answer. A consequence is left unnamed before who may
    not read its cause, even when it is worded: that a rule reads it says too much.
    """
    return may_see(question, lens) and all(may_see(form.questions[cause], lens) for cause in question.causes)


def may_be_asked(instance: Instance, question: Question, node: Node, lens: Lens) -> bool:
    """Whether this reader may be told that an answer is needed: not when the rule reads what they may not see, since
    that it is needed would say what stands there.
    """
    form, rule = instance.form, question.required
    return rule is None or reads_only(instance, rule, node, lambda read: may_be_named(form, read, lens))


def errors_for(instance: Instance, found: Iterable[AnswerError], lens: Lens) -> list[AnswerError]:
    """The errors of the answers that the lens lets through."""
    asked = ((error, instance.node(error.path)) for error in found)
    return [error for error, node in asked if _may_be_told(instance, error, node, lens)]


def _may_be_told(instance: Instance, error: AnswerError, node: Node, lens: Lens) -> bool:
    question = instance.form.questions[node.path]
    if not may_see_at(instance.form, question, node, lens):
        return False
    return error.kind != "required" or may_be_asked(instance, question, node, lens)


def hindrances(instance: Instance, lens: Lens) -> list[AnswerError]:
    """What keeps these answers from being handed on by that reader: every error, except that an answer is asked of
    nobody who may not see it, or who may not read why it is needed: they could not mend it, and must not be told.
    """
    found = instance.errors()
    told = errors_for(instance, found, lens)
    return [error for error in found if error.kind != "required" or error in told]


def label_for(instance: Instance, wording: Wording, lang: str, node: Node, lens: Lens) -> str:
    """A label whose references to hidden answers stay hidden."""
    if lens is EVERYTHING:
        return resolved(instance, wording, lang, node, anything)
    return resolved(instance, wording, lang, node, lambda question: may_see(question, lens))


@dataclass(frozen=True, slots=True)
class ViewRow:
    """One answer as it is read; `raw` is the canonical text."""

    path: str
    name: str
    label: str
    value: str
    raw: str
    level: str
    kind: str


@dataclass(frozen=True, slots=True)
class ViewTable:
    """A repeat: one column per visible question, one line per row."""

    path: str
    label: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    members: tuple[tuple[ViewRow, ...], ...]


@dataclass(frozen=True, slots=True)
class ViewSection:
    """One page or one group inside it; `groups` and `tables` follow the order of the form."""

    path: str
    label: str
    rows: tuple[ViewRow, ...]
    tables: tuple[ViewTable, ...] = ()
    groups: tuple[ViewSection, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.rows or self.tables or self.groups)


@dataclass(frozen=True, slots=True)
class View:
    sections: tuple[ViewSection, ...]

    def rows(self) -> Iterator[ViewRow]:
        """Every visible answer, those of repeats included."""
        for section in self.sections:
            yield from _rows(section)


def _rows(section: ViewSection) -> Iterator[ViewRow]:
    yield from section.rows
    for table in section.tables:
        for members in table.members:
            yield from members
    for group in section.groups:
        yield from _rows(group)


Named = Callable[[str, str], str]
"""How a file given as an answer is spoken of: its path and text, in words; nothing for the name alone."""


def view(instance: Instance, lens: Lens, lang: str, named: Named = lambda _path, _text: "") -> View:
    """The relevant answers that the lens lets through, in the language of the reader."""
    instance.recompute()
    viewer = _Viewer(instance, lens, lang, named)
    sections = (viewer.page(section) for section in instance.form.sections)
    return View(tuple(section for section in sections if section is not None and not section.empty))


class _Viewer:
    def __init__(self, instance: Instance, lens: Lens, lang: str, named: Named) -> None:
        self.instance = instance
        self.form = instance.form
        self.lens = lens
        self.lang = lang
        self.named = named

    def page(self, section: Group) -> ViewSection | None:
        if isinstance(section, Repeat):
            table = self.table(section, self.instance.root)
            return ViewSection(section.path, table.label, (), (table,)) if table else None
        node = self.instance.engine.nodes(section.path)[0]
        return self.section(section, node) if node.relevant else None

    def section(self, group: Group, node: Node) -> ViewSection:
        rows: list[ViewRow] = []
        tables: list[ViewTable] = []
        groups: list[ViewSection] = []
        for part in group.children:
            if isinstance(part, Repeat):
                tables.extend(filter(None, [self.table(part, node)]))
            elif node.children[part.name][0].relevant:
                child = node.children[part.name][0]
                if isinstance(part, Group):
                    groups.append(self.section(part, child))
                elif self.shows(part) and may_see_at(self.form, part, child, self.lens):
                    rows.append(self.row(part, child))
        label = self.label(group, node)
        kept = tuple(inner for inner in groups if not inner.empty)
        return ViewSection(address(node, self.form), label, tuple(rows), tuple(tables), kept)

    def shows(self, question: Question) -> bool:
        return bool(question.label) and question.kind != "note" and may_see(question, self.lens)

    def label(self, part: Group | Question, node: Node) -> str:
        return label_for(self.instance, part.label, self.lang, node, self.lens)

    def row(self, question: Question, node: Node) -> ViewRow:
        path = address(node, self.form)
        file = self.named(path, node.text) if node.text and question.kind in UPLOADS else ""
        value = file or shown(self.instance, node, self.lang)
        return ViewRow(path, question.name, self.label(question, node), value, node.text, question.level, question.kind)

    def table(self, repeat: Repeat, parent: Node) -> ViewTable | None:
        """None when no question of the repeat may be seen: its number of rows says something too."""
        columns = [question for question in repeat.questions() if self.shows(question)]
        if not columns:
            return None
        rows = [row for row in parent.children.get(repeat.name, []) if row.relevant]
        members = tuple(tuple(self.members(row, columns)) for row in rows)
        header = tuple(column.label[self.lang] for column in columns)
        cells = tuple(self.cells(found, columns) for found in members)
        path = f"{address(parent, self.form)}/{repeat.name}"
        return ViewTable(path, self.label(repeat, parent), header, cells, members)

    def members(self, row: Node, columns: list[Question]) -> Iterator[ViewRow]:
        wanted = {column.path for column in columns}
        for node, question in leaves(row, self.form):
            if node.relevant and node.path in wanted and may_see_at(self.form, question, node, self.lens):
                yield self.row(question, node)

    def cells(self, members: tuple[ViewRow, ...], columns: list[Question]) -> tuple[str, ...]:
        """The answers of a row, column by column; several answers (a repeat inside) stand in one cell."""
        found: dict[str, list[str]] = {}
        for member in members:
            found.setdefault(member.name, []).append(member.value)
        return tuple(", ".join(value for value in found.get(column.name, []) if value) for column in columns)


def data(instance: Instance, lens: Lens, lang: str) -> dict[str, Any]:
    """Visible answers nested by names, for documents: typed values, and under `<name>_shown` how they read."""
    instance.recompute()
    return _data(instance, instance.form.root, instance.root, lens, lang)


def _data(instance: Instance, group: Group, node: Node, lens: Lens, lang: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in group.children:
        rows = [row for row in node.children.get(part.name, []) if row.relevant]
        if isinstance(part, Group) and not any(may_see(question, lens) for question in part.questions()):
            continue
        if isinstance(part, Repeat):
            found[part.name] = [_data(instance, part, row, lens, lang) for row in rows]
        elif isinstance(part, Group):
            found[part.name] = _data(instance, part, rows[0], lens, lang) if rows else {}
        elif part.kind != "note" and may_see(part, lens):
            open_to = rows and may_see_at(instance.form, part, rows[0], lens)
            found[part.name] = typed(part, rows[0].text) if open_to else None
            found[f"{part.name}_shown"] = shown(instance, rows[0], lang) if open_to else ""
    return found


@dataclass(frozen=True, slots=True)
class Fact:
    """An answer that lists may search: of level V0 or V1 and marked `relais:index`."""

    path: str
    name: str
    text: str
    number: float | None
    date: date | None
    level: str


def facts(instance: Instance) -> list[Fact]:
    """The facts of relevant, answered questions."""
    instance.recompute()
    found = []
    for node, question in leaves(instance.root, instance.form):
        listed = question.index and question.level in FACT_LEVELS and not says_none(question, node.text)
        if listed and node.relevant and node.text:
            found.append(_fact(address(node, instance.form), question, node.text))
    return found


def _fact(path: str, question: Question, text: str) -> Fact:
    value = typed(question, text)
    number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    day = value if type(value) is date else None
    return Fact(path, question.name, text, number, day, question.level)
