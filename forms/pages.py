"""One page of a form as plain data: what the templates draw, nested as the form is nested."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from forms.checking import AnswerError
from forms.consequences import called_for, may_be_none, says_none
from forms.explaining import reads_only, shown, spelled
from forms.expressions.values import number_to_text
from forms.fields import field_for
from forms.free_text import Remark, calls_for_a_reminder, remarks_on
from forms.growing import address, branch
from forms.instance import Instance
from forms.kinds import MOVED_LABEL
from forms.matrices import gathered
from forms.placing import Placing
from forms.reasons import Reason, Reasons
from forms.showing import NOTHING_OUTSIDE, Also, Kept, Option, Outside, Seen, drawn_as, first_of, numbers, options
from forms.structure import Group, Question, Repeat
from forms.tree import Node
from forms.upload_fields import KINDS as UPLOADS
from forms.visibility import EVERYTHING, Lens, label_for, may_be_asked, may_be_named, may_see, may_see_at

_UNDRAWN = frozenset({"calculate", "hidden"})


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a repeat; `number` counts from 1."""

    path: str
    label: str
    number: int
    children: tuple[Item, ...]
    also: Also | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """`kind` is question, group, repeat or matrix (questions with the same choices, in a table). `name` is the HTML
    name and id; `value` is what stands in the box, `shown` how the answer reads; `explanation` is the calculation with
    today's numbers. `error` is the error of the answer: its `custom` wording when the author wrote one, otherwise
    `message` (msgid) with `params`; `error_text` is the author's sentence already in the language of the page, or
    empty. `style` is the drawing its appearance asks for, `parts` what stands in each box of a question asked in
    several, `image` the picture shown with it, `kept` the file answered. `consequence` tells a reader of the cause that
    others read only this answer; `none` is the value of its box "no consequence", empty when there is no box,
    `none_said` whether it is ticked; `caution` a msgid about words that give the cause away. `why` tells which other
    answers make an answer needed or refused. `sound` and `film` are played beside the question. `question` is the form
    path, the same in every row; `own_lang` the language of a label that is not translated. `free` tells a text for
    which a reminder stands beside the field, `remarks` the words in it that call for a second look, `told` what a page
    sends back to say that it showed them. `also` are the same words in a second language, `seen` the box "seen on a
    document" (see `forms.bilingual`, `forms.provenance`).
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
    style: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    image: str = ""
    kept: Kept | None = None
    consequence: bool = False
    none: str = ""
    none_said: bool = False
    caution: str = ""
    why: Reason | None = None
    sound: str = ""
    film: str = ""
    question: str = ""
    own_lang: str = ""
    free: bool = False
    remarks: tuple[Remark, ...] = ()
    told: str = ""
    also: Also | None = None
    seen: Seen | None = None


def name_of(path: str) -> str:
    """The HTML name of a path; `path_of` turns it back. `/data/C/person[2]/age` → `data:C:person~2:age`."""
    return path.removeprefix("/").replace("/", ":").replace("[", "~").replace("]", "")


PART = "!"
"""Between the name of a question and one of its boxes, when it is asked in several: `data:C:place!lat`."""


def path_of(name: str) -> str:
    steps = (step.partition("~") for step in name.split(":"))
    return "/" + "/".join(f"{first}[{row}]" if mark else first for first, mark, row in steps)


def page(
    instance: Instance,
    section_path: str,
    lang: str,
    errors: Iterable[AnswerError] = (),
    lens: Lens = EVERYTHING,
    *,
    outside: Outside = NOTHING_OUTSIDE,
) -> tuple[Item, ...]:
    """The relevant questions of one page that the lens lets through, with their errors. Raises KeyError."""
    instance.recompute()
    section = instance.form.section(section_path)
    drawing = _Drawing(instance, lang, {error.path: error for error in errors}, lens, outside)
    node = next(iter(instance.engine.nodes(section.path)), instance.root)
    if isinstance(section, Repeat):
        return (drawing.repeat(section, node.parent or instance.root),)
    return drawing.children(section, node) if node.relevant else ()


class _Drawing:
    def __init__(
        self, instance: Instance, lang: str, errors: Mapping[str, AnswerError], lens: Lens, outside: Outside
    ) -> None:
        self.instance = instance
        self.form = instance.form
        self.lang = lang
        self.errors = errors
        self.lens = lens
        self.outside = outside
        self.placing = Placing(instance, lang, lens)
        self.reasons = Reasons(instance, lang, lambda read: may_be_named(instance.form, read, lens))

    def children(self, group: Group, node: Node) -> tuple[Item, ...]:
        return gathered((item for part in group.children for item in self.drawn(part, node)), Item)

    def drawn(self, part: Group | Question, parent: Node) -> Iterator[Item]:
        """What stands at the place of a part: itself, unless it stands under its cause, and what stands under it."""
        node = parent.children[part.name][0] if isinstance(part, Question) else None
        if node is not None and self.placing.host(part, node) is not None:
            return
        item = self.part(part, parent)
        if item is None:
            return
        yield item
        if node is not None:
            yield from filter(None, (self.question(*below) for below in self.placing.below(part, node)))

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
        if question.kind in _UNDRAWN or question.name.startswith(MOVED_LABEL):
            return None
        if not may_see_at(self.form, question, node, self.lens):
            return None
        path = address(node, self.form)
        asked, error = field_for(question), self.errors.get(path)
        choices = self.options(question, node)
        return Item(
            kind="question",
            path=path,
            name=name_of(path),
            id=name_of(path),
            label=label_for(self.instance, question.label, self.lang, node, self.lens),
            hint=label_for(self.instance, question.hint, self.lang, node, self.lens),
            guidance=label_for(self.instance, question.guidance, self.lang, node, self.lens),
            kind_of_question=question.kind,
            value=self.value(question, node),
            shown=shown(self.instance, node, self.lang),
            choices=choices,
            required=self.required(question, node),
            readonly=question.computed or self.instance.holds(question.readonly, node),
            computed=question.computed,
            error=error,
            error_text=label_for(self.instance, error.custom, self.lang, node, self.lens) if error else "",
            level=question.level,
            explanation=self.explanation(question, node),
            appearance=question.appearance,
            input={**asked.input, **_steps(question)},
            style=drawn_as(question, len(choices)),
            parts=asked.parts(node.text, self.lang),
            image=self.medium(question, "image", "big-image"),
            sound=self.medium(question, "audio"),
            film=self.medium(question, "video"),
            kept=self.outside.kept(path, node.text) if node.text and question.kind in UPLOADS else None,
            consequence=self.placing.reads_causes(question) and not question.computed,
            none=self.placing.box(question),
            none_said=says_none(question, node.text),
            caution=self.placing.caution(question, node),
            why=self.why(question, node, error),
            question=question.path,
            own_lang="" if question.label.has(self.lang) else self.form.default_language,
            free=calls_for_a_reminder(question),
            remarks=remarks_on(question, node),
        )

    def value(self, question: Question, node: Node) -> Any:
        if may_be_none(question) and says_none(question, node.text):
            return ""
        several = question.kind == "select_multiple"
        return node.text.split() if several else field_for(question).edit(node.text, self.lang)

    def required(self, question: Question, node: Node) -> bool:
        """A consequence is needed as soon as its cause is answered; who may not read the cause is not told so, and
        nobody is told of a need that follows from what they may not read.
        """
        if question.computed:
            return False
        needed = self.placing.reads_causes(question) and called_for(question, node)
        may_say = needed or may_be_asked(self.instance, question, node, self.lens)
        return needed or (may_say and self.instance.holds(question.required, node))

    def options(self, question: Question, node: Node) -> tuple[Option, ...]:
        if question.kind == "range" and question.appearance:
            picked = drawn_as(question, 0) in {"list", "scale"}
            return numbers(question, node.text, self.lang) if picked else ()
        if question.choice_filter is None:
            return ()
        offered = self.instance.choices_at(node, question)
        return options(question, offered, node.text, self.lang, self.outside)

    def medium(self, question: Question, *mediums: str) -> str:
        name = first_of(question.media, self.lang, *mediums) if question.media else ""
        return self.outside.media(name) if name else ""

    def why(self, question: Question, node: Node, error: AnswerError | None) -> Reason | None:
        """What other answers have to do with an answer that is refused or still missing, if anything."""
        found = None
        if error is not None and error.kind == "constraint":
            found = self.reasons.refused(node, question)
        elif question.required is not None and not node.text and not question.computed:
            found = self.reasons.required(node, question)
        return found if found is not None and found.reads else None

    def explanation(self, question: Question, node: Node) -> str:
        """The calculation with its numbers, unless it reads something that is hidden from this reader."""
        formula = question.calculation
        if formula is None or not reads_only(self.instance, formula, node, lambda read: may_see(read, self.lens)):
            return ""
        return spelled(self.instance, node, formula, self.lang)


def _steps(question: Question) -> dict[str, str]:
    """The ends and the step of a range, for the box and the slider beside it."""
    return {name: number_to_text(limit) for name, limit in question.limits.items()}
