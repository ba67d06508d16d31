"""Why a question is not asked, why it must be answered, why its answer is refused: the rule, and what it read.

What the reader may not see is not told: the reading is named, its question and its answer are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from forms.explaining import Allowed, resolved, shown
from forms.expressions import compile
from forms.expressions.graph import references
from forms.expressions.nodes import Binary, Expression
from forms.expressions.values import to_boolean, to_number
from forms.growing import address, below, standing
from forms.structure import Formula, Group, Question, Repeat
from forms.tree import Node

if TYPE_CHECKING:
    from forms.instance import Instance

NOT_ASKED = "“%(label)s” is asked only when other answers call for it."
PART_NOT_ASKED = "The part “%(label)s” is asked only when other answers call for it."
NO_ROW = "“%(label)s” has %(count)s lines, according to other answers: this is one too many."
NEEDED = "“%(label)s” must be answered because of other answers."
REFUSED = "The answer to “%(label)s” does not go with other answers."
WITHHELD = "an answer you may not read"


@dataclass(frozen=True, slots=True)
class Read:
    """An answer that a rule read. `shown` is empty when there is none. When `withheld`, nothing else is told: say
    `WITHHELD`.
    """

    path: str
    label: str
    shown: str
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """`kind` is question, group or row: what the rule belongs to, at `path`. `message` is an English msgid filled from
    `params`; `rule` is the expression of the sheet, empty when it names what the reader may not see.
    """

    kind: str
    path: str
    message: str
    params: Mapping[str, Any]
    reads: tuple[Read, ...]
    rule: str = ""


class Reasons:
    """Asks after the rules of one set of answers, for a reader to whom only `allowed` questions are shown."""

    def __init__(self, instance: Instance, lang: str, allowed: Allowed) -> None:
        self.instance = instance
        self.form = instance.form
        self.lang = lang
        self.allowed = allowed

    def hidden(self, node: Node) -> Reason | None:
        """The outermost rule that keeps a node from being asked."""
        for ancestor in node.ancestors():
            if ancestor.surplus:
                return self.beyond(ancestor)
            if not ancestor.wanted:
                return self.not_wanted(ancestor)
        return None

    def beyond(self, row: Node) -> Reason:
        """A row that the count of its repeat leaves out."""
        repeat = self.form.groups[row.path]
        above = row.parent
        if not isinstance(repeat, Repeat) or repeat.count is None or above is None:
            return Reason("row", address(row, self.form), NO_ROW, {"label": self.label(row), "count": 0}, ())
        wanted = to_number(repeat.count(self.instance.at(row)))
        count = int(wanted) if wanted > 0 else 0
        reads = self.reads([repeat.count.tree], repeat.path, above, "")
        return self.reason("row", row, NO_ROW, repeat.count, reads, count=count)

    def not_wanted(self, node: Node) -> Reason | None:
        part: Group | Question = self.form.questions.get(node.path) or self.form.groups[node.path]
        if part.relevant is None:
            return None
        kind, message = ("group", PART_NOT_ASKED) if isinstance(part, Group) else ("question", NOT_ASKED)
        reads = self.reads(self.failing(part.relevant.tree, node), node.path, node, node.path)
        return self.reason(kind, node, message, part.relevant, reads)

    def no_row(self, repeat: Repeat, parent: Node) -> Reason | None:
        """Why a repeat without rows may not have any; none when it may."""
        place = standing(repeat, parent)
        if repeat.relevant is None or self.instance.holds(repeat.relevant, place):
            return None
        told = tuple(self.reads(self.failing(repeat.relevant.tree, place), repeat.path, place, repeat.path))
        path = f"{address(parent, self.form)}/{repeat.name}"
        return Reason("group", path, PART_NOT_ASKED, {"label": self.label(place)}, told, _rule(repeat.relevant, told))

    def required(self, node: Node, question: Question) -> Reason | None:
        if question.required is None or not node.relevant or not self.instance.holds(question.required, node):
            return None
        reads = self.reads([question.required.tree], node.path, node, node.path)
        return self.reason("question", node, NEEDED, question.required, reads)

    def refused(self, node: Node, question: Question) -> Reason | None:
        asked = question.constraint is not None and node.relevant and node.text
        if not asked or self.instance.holds(question.constraint, node):
            return None
        reads = self.reads([question.constraint.tree], node.path, node, node.path)
        return self.reason("question", node, REFUSED, question.constraint, reads)

    def failing(self, tree: Expression, node: Node) -> list[Expression]:
        """Of conditions that must all hold, those that do not."""
        if isinstance(tree, Binary) and tree.operator == "and":
            return [*self.failing(tree.left, node), *self.failing(tree.right, node)]
        return [] if to_boolean(compile(tree)(self.instance.at(node))) else [tree]

    def reason(self, kind: str, node: Node, message: str, rule: Formula, reads: Iterator[Read], **more: Any) -> Reason:
        told = tuple(reads)
        params = {"label": self.label(node), **more}
        return Reason(kind, address(node, self.form), message, params, told, _rule(rule, told))

    def reads(self, parts: Iterable[Expression], at: str, node: Node, own: str) -> Iterator[Read]:
        """The answers that parts of a rule standing at a path read, in the order of the form; the question itself, at
        `own`, is left out, withheld ones come once, at the end.
        """
        found = self.named(parts, at) - {own}
        read = [question for path, question in self.form.questions.items() if path in found]
        for question in filter(self.allowed, read):
            yield from (self.read(leaf, question) for leaf in _near(node, question.path))
        if not all(map(self.allowed, read)):
            yield Read("", "", "", withheld=True)

    def named(self, parts: Iterable[Expression], at: str) -> set[str]:
        """The paths that parts of a rule read. A calculation without a label is nothing a person knows: what it reads
        stands in its place.
        """
        found: set[str] = set()
        waiting = [(part, at) for part in parts]
        while waiting:
            part, place = waiting.pop()
            fresh = {one.path for one in references(part, place, self.members)} - found
            found |= fresh
            waiting += [(rule.tree, path) for path in fresh if (rule := self.nameless(path)) is not None]
        return {path for path in found if self.nameless(path) is None}

    def nameless(self, path: str) -> Formula | None:
        """The calculation of a question without a label, when the reader may see what it says."""
        question = self.form.questions.get(path)
        return question.calculation if question and not question.label and self.allowed(question) else None

    def members(self, path: str) -> list[str]:
        group = self.form.groups.get(path)
        return [part.path for part in group.children] if group else []

    def read(self, leaf: Node, question: Question) -> Read:
        label = resolved(self.instance, question.label, self.lang, leaf, self.allowed) or question.name
        text = shown(self.instance, leaf, self.lang) if leaf.relevant else ""
        return Read(address(leaf, self.form), label, text)

    def label(self, node: Node) -> str:
        part = self.form.questions.get(node.path) or self.form.groups[node.path]
        return resolved(self.instance, part.label, self.lang, node, self.allowed) or part.name


def _rule(rule: Formula, told: tuple[Read, ...]) -> str:
    return "" if any(read.withheld for read in told) else rule.text


def _near(node: Node, path: str) -> list[Node]:
    """The answers of a question, seen from the innermost branch that holds both: in a row, those of that row."""
    base = node
    while base.parent is not None and not path.startswith(f"{base.path}/"):
        base = base.parent
    return below(base, path)
