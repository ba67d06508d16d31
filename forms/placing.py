"""Where a page shows the shared consequence of a confidential answer: right under it, for those who read both."""

from __future__ import annotations

from collections.abc import Iterator

from forms.consequences import COPIED, MARK, causes_of, may_be_none, nearest, repeats
from forms.explaining import shown
from forms.instance import Instance
from forms.structure import Form, Question
from forms.tree import Node
from forms.visibility import Lens, may_see

_UNDRAWN = frozenset({"calculate", "hidden"})


class Placing:
    """The consequences of one form as one reader sees them."""

    def __init__(self, instance: Instance, lang: str, lens: Lens) -> None:
        self.instance = instance
        self.form = instance.form
        self.lang = lang
        self.lens = lens
        self.order = {path: place for place, path in enumerate(self.form.questions)}
        self.consequences = [question for question in self.form.questions.values() if question.causes]

    def host(self, question: Question, node: Node) -> Node | None:
        """The last cause on the same page, in the same row, that this reader is asked now: what the question stands
        under. None when it keeps the place the author gave it.
        """
        for path in sorted(question.causes, key=self.order.__getitem__, reverse=True):
            leaves = nearest(node, path) if self.may_host(self.form.questions[path], question) else []
            if leaves and leaves[0].relevant:
                return leaves[0]
        return None

    def may_host(self, cause: Question, question: Question) -> bool:
        beside = cause.page == question.page and _same_rows(self.form, cause, question)
        return beside and not cause.causes and cause.kind not in _UNDRAWN and may_see(cause, self.lens)

    def below(self, cause: Question, node: Node) -> Iterator[tuple[Question, Node]]:
        """What stands right under one answer, in the order of the form."""
        for question in self.consequences:
            if cause.path in question.causes:
                found = nearest(node, question.path)
                if found and found[0].relevant and self.host(question, found[0]) is node:
                    yield question, found[0]

    def reads_causes(self, question: Question) -> bool:
        """Whether this reader also reads what the question stands for."""
        return bool(question.causes) and all(may_see(self.form.questions[path], self.lens) for path in question.causes)

    def box(self, question: Question) -> str:
        """The value of the box "no consequence"; empty when there is none."""
        return MARK if self.reads_causes(question) and may_be_none(question) else ""

    def caution(self, question: Question, node: Node) -> str:
        """A msgid when the wording gives away a cause that this reader may read; empty otherwise."""
        if not node.text or not self.reads_causes(question):
            return ""
        wording = shown(self.instance, node, self.lang)
        causes = (shown(self.instance, leaf, self.lang) for leaf in causes_of(question, node))
        return COPIED if any(repeats(cause, wording) for cause in causes) else ""


def _same_rows(form: Form, one: Question, other: Question) -> bool:
    return form.repeats_above(one.path) == form.repeats_above(other.path)
