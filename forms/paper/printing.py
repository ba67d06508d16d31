"""A form, blank or with the answers of one household, as the questionnaire that is printed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from forms.appearances import style_of, words_of
from forms.consequences import says_none
from forms.explaining import shown
from forms.expressions.nodes import Call, Number
from forms.fields import field_for
from forms.instance import Instance
from forms.kinds import MOVED_LABEL
from forms.paper.numbering import numbers
from forms.paper.routing import Condition, Routing
from forms.paper.sheet import Block, Entry, Lines, Matrix, Part, Questionnaire, Section
from forms.paper.spaces import TICKED, coded, options, space_of
from forms.structure import Form, Formula, Group, Question, Repeat, Wording
from forms.tree import Node
from forms.visibility import EVERYTHING, Lens, label_for, may_be_named, may_see_at

ROWS = 6
"""Lines printed for a repeat of which nothing is known."""

DAYS = frozenset(("date", "datetime"))
"""Printed in figures, as a hand writes them."""

_NESTED_ROWS = 2
_SPARE = 2
_MOST_COLUMNS = 4


def questionnaire(form: Form, lang: str, instance: Instance | None = None, lens: Lens = EVERYTHING) -> Questionnaire:
    """What is printed in that language: every question the lens lets through, in the order of the pages, with the
    answers known already when `instance` is given. Calculations are left out: the server works them out.
    """
    if instance is not None:
        instance.recompute()
    printer = _Printer(form, lang, instance, lens)
    sections = tuple(filter(lambda one: bool(one.parts), map(printer.section, form.sections)))
    return Questionnaire(form.form_id, form.version, form.title, lang, instance is not None, sections)


class _Printer:
    def __init__(self, form: Form, lang: str, instance: Instance | None, lens: Lens) -> None:
        self.form = form
        self.lang = lang
        self.instance = instance
        self.lens = lens
        self.numbers = dict(numbers(form))
        self.routing = Routing(form, self.numbers, lang, lambda question: may_be_named(form, question, lens))

    def section(self, section: Group) -> Section:
        if isinstance(section, Repeat):
            parent = self.instance.root if self.instance else None
            return Section(section.path, self.said(section.label, parent), None, self.repeat(section, parent))
        node = self.instance.engine.nodes(section.path)[0] if self.instance else None
        label = self.said(section.label, node)
        return Section(section.path, label, self.asked_if(section), self.parts(section, node))

    def parts(self, group: Group, node: Node | None) -> tuple[Part, ...]:
        found: list[Part] = []
        for columns, run in groupby(group.children, _columns):
            if columns is None:
                found.extend(part for child in run for part in self.part(child, node))
            else:
                head = found.pop() if found and self.heads(found[-1]) else None
                found.extend(self.matrix(list(run), node, head))
        return tuple(part for part in found if not (self.heads(part) and not getattr(part, "label", "")))

    def heads(self, part: Part) -> bool:
        """A note that stands over a table."""
        if not isinstance(part, Entry) or part.kind != "note":
            return False
        return "label" in words_of(self.form.questions[part.path].appearance)

    def part(self, part: Group | Question, parent: Node | None) -> Iterator[Part]:
        if isinstance(part, Repeat):
            yield from self.repeat(part, parent)
        elif isinstance(part, Group):
            inside = self.parts(part, _child(parent, part))
            if inside:
                yield Block(self.said(part.label, _child(parent, part)), self.asked_if(part), inside)
        else:
            entry = self.entry(part, _child(parent, part))
            if entry is not None:
                yield entry

    # -- questions ------------------------------------------------------------------------------------------------

    def shows(self, question: Question, node: Node | None) -> bool:
        """Whether something of it is printed for this reader."""
        if question.kind in {"calculate", "hidden"} or question.computed or question.name.startswith(MOVED_LABEL):
            return False
        if not question.label or (question.asked and _fixed(question)):
            return False
        return may_be_named(self.form, question, self.lens) or (
            node is not None and may_see_at(self.form, question, node, self.lens)
        )

    def entry(self, question: Question, node: Node | None) -> Entry | None:
        if not self.shows(question, node):
            return None
        text = self.text(question, node)
        note = question.kind == "note"
        space = None if note else space_of(question, self.lang, text)
        marked = space is not None and (bool(space.options) or space.none_said)
        return Entry(
            kind="note" if note else "question",
            path=question.path,
            number=self.numbers.get(question.path, ""),
            label=self.said(question.label, node),
            hint=self.said(question.hint, node),
            condition=self.asked_if(question),
            required=_always(question.required),
            space=space,
            value="" if marked else self.read(question, node) if text else self.usual(question),
        )

    def usual(self, question: Question) -> str:
        """What stands there from the start on a blank form, when it is written: nobody unmarks a choice in ink."""
        written = self.instance is None and bool(question.default) and not question.choices
        field = field_for(question)
        said = field.edit if question.kind in DAYS else field.show
        return said(question.default, self.lang) if written else ""

    def text(self, question: Question, node: Node | None) -> str:
        """The answer this reader may see; empty when there is none."""
        if node is None or not node.relevant or not may_see_at(self.form, question, node, self.lens):
            return ""
        return node.text

    def read(self, question: Question, node: Node | None) -> str:
        if node is None or self.instance is None or says_none(question, node.text):
            return ""
        if question.kind in DAYS:
            return field_for(question).edit(node.text, self.lang)
        return shown(self.instance, node, self.lang)

    def matrix(self, asked: list[Group | Question], parent: Node | None, head: Part | None) -> Iterator[Part]:
        shown_here = [one for one in asked if isinstance(one, Question) and self.shows(one, _child(parent, one))]
        entries = tuple(filter(None, (self.entry(one, _child(parent, one)) for one in shown_here)))
        if not entries:
            return
        label, hint = (head.label, head.hint) if isinstance(head, Entry) else ("", "")
        first = shown_here[0]
        heading = tuple(options(first, self.lang, {}))
        yield Matrix(label, hint, heading, first.kind == "select_multiple", entries)

    # -- repeats --------------------------------------------------------------------------------------------------

    def repeat(self, repeat: Repeat, parent: Node | None) -> tuple[Part, ...]:
        rows = [row for row in (parent.children.get(repeat.name, []) if parent else []) if row.relevant]
        if any(isinstance(group, Repeat) and group is not repeat for group in repeat.groups()):
            return tuple(self.row_blocks(repeat, rows, parent))
        questions = [one for one in repeat.questions() if one.kind != "note" and self.shows(one, None)]
        if not questions:
            return ()
        entries = tuple(filter(None, (self.entry(one, None) for one in questions)))
        known = tuple(tuple(self.cell(one, row) for one in questions) for row in rows)
        known = known if any(any(cells) for cells in known) else ()
        count, fixed = self.room(repeat, len(known), ROWS)
        kind = "lines" if len(entries) <= _MOST_COLUMNS else "sheets"
        return (Lines(self.said(repeat.label, parent), self.asked_if(repeat), entries, known, count, fixed, kind),)

    def room(self, repeat: Repeat, known: int, usual: int) -> tuple[int, bool]:
        """How many rows are printed, and whether there can be no more."""
        told = repeat.count.tree if repeat.count is not None else None
        if isinstance(told, Number) and 0 < told.value <= ROWS * 4:
            return max(int(told.value), known), True
        return max(usual, known + _SPARE if known else 0), False

    def cell(self, question: Question, row: Node) -> str:
        node = _within(row, question.path)
        text = self.text(question, node)
        if not text:
            return ""
        if question.kind in _MARKED:
            return TICKED
        return coded(question, self.lang, text) if question.choices else self.read(question, node)

    def row_blocks(self, repeat: Repeat, rows: list[Node], parent: Node | None) -> Iterator[Block]:
        count, fixed = self.room(repeat, len(rows), _NESTED_ROWS)
        condition = self.asked_if(repeat)
        for place in range(count):
            node = rows[place] if place < len(rows) else None
            inside = self.parts(repeat, node)
            if inside:
                more = place == count - 1 and not fixed
                label = self.said(repeat.label, node or parent)
                yield Block(label, None if place else condition, inside, place + 1, more)

    # -- words ----------------------------------------------------------------------------------------------------

    def said(self, wording: Wording, node: Node | None) -> str:
        if not wording:
            return ""
        if node is None or self.instance is None:
            return wording[self.lang]
        return label_for(self.instance, wording, self.lang, node, self.lens)

    def asked_if(self, part: Group | Question) -> Condition | None:
        found = self.routing.condition(part.relevant, part.path)
        return self.routing.worded(found) if found else None


def _child(parent: Node | None, part: Group | Question) -> Node | None:
    found = parent.children.get(part.name) if parent is not None else None
    return found[0] if found else None


def _within(row: Node, path: str) -> Node | None:
    """The answer to a question in one row, through the groups of that row."""
    node: Node | None = row
    for name in path[len(row.path) + 1 :].split("/"):
        found = node.children.get(name) if node is not None else None
        node = found[0] if found else None
    return node


def _columns(part: Group | Question) -> tuple[object, ...] | None:
    """What the questions of one table have in common; none for everything else."""
    if not isinstance(part, Question) or not part.asked or not part.choices or part.kind not in _TABLED:
        return None
    if style_of(part.kind, part.appearance) != "matrix":
        return None
    return (part.kind, *(choice.value for choice in part.choices))


_TABLED = frozenset({"select_one", "select_multiple"})
_MARKED = frozenset({"file", "image", "audio", "video", "acknowledge"})


def _always(rule: Formula | None) -> bool:
    return rule is not None and isinstance(rule.tree, Call) and rule.tree.name == "true"


def _fixed(question: Question) -> bool:
    """What is written by the form itself and read only: nobody answers it."""
    return _always(question.readonly)
