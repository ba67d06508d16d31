"""One page of a form as plain data: what the templates draw, nested as the form is nested."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from forms.checking import AnswerError
from forms.explaining import reads_only, shown
from forms.fields import field_for
from forms.growing import address, branch
from forms.instance import Instance
from forms.structure import Group, Question, Repeat
from forms.tree import Node
from forms.visibility import EVERYTHING, Lens, label_for, may_see


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    selected: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a repeat; `number` counts from 1."""

    path: str
    label: str
    number: int
    children: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """`kind` is question, group or repeat. `name` is the HTML name and id; `value` is what stands in the box, `shown`
    how the answer reads; `explanation` is the calculation with today's numbers. `error` is the error of the answer:
    its `custom` wording when the author wrote one, otherwise `message` (msgid) with `params`; `error_text` is the
    author's sentence already in the language of the page, or empty.
    """

    kind: str
    path: str
    name: str
    id: str
    label: str
    hint: str = ""
    guidance: str = ""
    kind_of_question: str = ""
    value: Any = ""
    shown: str = ""
    choices: tuple[Option, ...] = ()
    required: bool = False
    relevant: bool = True
    readonly: bool = False
    computed: bool = False
    error: AnswerError | None = None
    error_text: str = ""
    level: str = ""
    explanation: str = ""
    appearance: str = ""
    input: Mapping[str, str] = field(default_factory=dict)
    children: tuple[Item, ...] = ()
    rows: tuple[Row, ...] = ()
    may_add: bool = False


def name_of(path: str) -> str:
    """The HTML name of a path; `path_of` turns it back. `/data/C/person[2]/age` → `data:C:person~2:age`."""
    return path.removeprefix("/").replace("/", ":").replace("[", "~").replace("]", "")


def path_of(name: str) -> str:
    steps = (step.partition("~") for step in name.split(":"))
    return "/" + "/".join(f"{first}[{row}]" if mark else first for first, mark, row in steps)


def page(
    instance: Instance,
    section_path: str,
    lang: str,
    errors: Iterable[AnswerError] = (),
    lens: Lens = EVERYTHING,
) -> tuple[Item, ...]:
    """The relevant questions of one page that the lens lets through, with their errors. Raises KeyError."""
    instance.recompute()
    section = instance.form.section(section_path)
    drawing = _Drawing(instance, lang, {error.path: error for error in errors}, lens)
    node = next(iter(instance.engine.nodes(section.path)), instance.root)
    if isinstance(section, Repeat):
        return (drawing.repeat(section, node.parent or instance.root),)
    return drawing.children(section, node) if node.relevant else ()


class _Drawing:
    def __init__(self, instance: Instance, lang: str, errors: Mapping[str, AnswerError], lens: Lens) -> None:
        self.instance = instance
        self.form = instance.form
        self.lang = lang
        self.errors = errors
        self.lens = lens

    def children(self, group: Group, node: Node) -> tuple[Item, ...]:
        found = (self.part(part, node) for part in group.children)
        return tuple(item for item in found if item is not None)

    def part(self, part: Group | Question, parent: Node) -> Item | None:
        if isinstance(part, Repeat):
            item = self.repeat(part, parent)
            return item if item.may_add or any(row.children for row in item.rows) else None
        node = parent.children[part.name][0]
        if not node.relevant:
            return None
        return self.group(part, node) if isinstance(part, Group) else self.question(part, node)

    def group(self, group: Group, node: Node) -> Item | None:
        children = self.children(group, node)
        path = address(node, self.form)
        label = label_for(self.instance, group.label, self.lang, node, self.lens)
        return Item("group", path, name_of(path), name_of(path), label, children=children) if children else None

    def repeat(self, repeat: Repeat, parent: Node) -> Item:
        path = f"{address(parent, self.form)}/{repeat.name}"
        rows = tuple(self.row(repeat, row) for row in parent.children.get(repeat.name, []) if row.relevant)
        visible = any(may_see(question, self.lens) for question in repeat.questions())
        rule = repeat.relevant
        called_for = rule is None or bool(rows) or self.instance.holds(rule, branch(repeat, parent))
        room = repeat.count is None and parent.relevant and len(rows) < self.instance.row_limit
        may_add = visible and called_for and room
        label = label_for(self.instance, repeat.label, self.lang, parent, self.lens)
        return Item("repeat", path, name_of(path), name_of(path), label, rows=rows, may_add=may_add)

    def row(self, repeat: Repeat, node: Node) -> Row:
        label = label_for(self.instance, repeat.label, self.lang, node, self.lens)
        return Row(address(node, self.form), label, node.position(), self.children(repeat, node))

    def question(self, question: Question, node: Node) -> Item | None:
        if question.kind in {"calculate", "hidden"} or not may_see(question, self.lens):
            return None
        path = address(node, self.form)
        asked, error = field_for(question), self.errors.get(path)
        return Item(
            kind="question",
            path=path,
            name=name_of(path),
            id=name_of(path),
            label=label_for(self.instance, question.label, self.lang, node, self.lens),
            hint=label_for(self.instance, question.hint, self.lang, node, self.lens),
            guidance=label_for(self.instance, question.guidance, self.lang, node, self.lens),
            kind_of_question=question.kind,
            value=node.text.split() if question.kind == "select_multiple" else asked.edit(node.text, self.lang),
            shown=shown(self.instance, node, self.lang),
            choices=self.options(question, node),
            required=not question.computed and self.instance.holds(question.required, node),
            readonly=question.computed or self.instance.holds(question.readonly, node),
            computed=question.computed,
            error=error,
            error_text=label_for(self.instance, error.custom, self.lang, node, self.lens) if error else "",
            level=question.level,
            explanation=self.explanation(question, path),
            appearance=question.appearance,
            input=asked.input,
        )

    def options(self, question: Question, node: Node) -> tuple[Option, ...]:
        if question.choice_filter is None:
            return ()
        chosen = {node.text} if question.kind == "select_one" else set(node.text.split())
        offered = self.instance.choices_at(node, question)
        return tuple(Option(one.value, one.label[self.lang], one.value in chosen) for one in offered)

    def explanation(self, question: Question, path: str) -> str:
        """The calculation with its numbers, unless it reads something that is hidden from this reader."""
        node = self.instance.node(path)
        formula = question.calculation
        if formula is None or not reads_only(self.instance, formula, node, lambda read: may_see(read, self.lens)):
            return ""
        found = self.instance.explain(path, self.lang)
        return found.formula if found else ""
