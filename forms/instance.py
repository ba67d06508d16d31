"""One set of answers to a form: the tree that holds them and everything the rules of the form say about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms import checking, counting, explaining, growing, offering, starting, storing, triggering
from forms.checking import AnswerError
from forms.consequences import called_for
from forms.explaining import Allowed, Explanation, anything
from forms.expressions import Context, Now
from forms.expressions.values import to_boolean
from forms.fields import typed
from forms.growing import RowLimit, UnknownPath
from forms.reasons import Reason, Reasons
from forms.recomputing import Engine, Leaves
from forms.storing import Identity
from forms.structure import Choice, Form, Formula, Question, Repeat, Wording
from forms.tree import Node
from forms.wordings import instance_name

ROW_LIMIT = 500

__all__ = ["ROW_LIMIT", "AnswerError", "Explanation", "Instance", "Now", "RowLimit", "UnknownPath"]


class Instance:
    """Answers to one form. Reading always sees the rules applied to the latest answers.

    Paths are form paths with row numbers counted from 1 (`/data/C/person[2]/age`). Answers are canonical texts: numbers
    with a point, days as YYYY-MM-DD, several choices separated by spaces.
    """

    def __init__(self, form: Form, root: Node, now: Now, identity: Identity, row_limit: int = ROW_LIMIT) -> None:
        self.form = form
        self.root = root
        self.now = now
        self.row_limit = row_limit
        self._identity = identity
        growing.put_meta(root, identity.instance_id, identity.deprecated_id)
        self.language = form.default_language
        self.context = Context(root, root, now, form.instances, None, 1, 1, self._choice_label, self._wording)
        self.context.language = form.default_language
        self.engine = Engine(form, self.context, row_limit)
        self._changed: set[str] = set()
        self._stale = True

    # -- beginnings and ends

    @classmethod
    def new(cls, form: Form, now: Now, row_limit: int = ROW_LIMIT) -> Instance:
        """A fresh instance with its defaults evaluated."""
        root = growing.empty_tree(form)
        growing.put_defaults(root, form)
        instance = cls(form, root, now, Identity(f"uuid:{now.uuid()}"), row_limit)
        if form.worked_out:
            instance.engine.fresh.append(root)
        return instance

    @classmethod
    def from_xml(cls, form: Form, xml: str, now: Now, row_limit: int = ROW_LIMIT, submitted: bool = True) -> Instance:
        """The answers of a submitted instance, or of one that was stored here and is read again whatever its rows.

        Raises UnreadableInstance, RowLimit (only when submitted).
        """
        root, identity = storing.read_xml(form, xml, row_limit if submitted else None)
        return cls(form, root, now, identity, row_limit)

    @classmethod
    def from_answers(cls, form: Form, answers: Mapping[str, Any], now: Now, row_limit: int = ROW_LIMIT) -> Instance:
        """A fresh instance with answers nested by group name, repeats as lists. They set off triggers, which leave what
        is answered here alone. Raises UnknownPath, RowLimit.
        """
        instance = cls.new(form, now, row_limit)
        given = storing.put_answers(instance, form.root, form.root.path, answers)
        spared = {id(node) for node, _ in given}
        for node, changed in given if form.triggers else ():
            if changed:
                triggering.fire(instance, node, spared)
        return instance

    def to_xml(self) -> str:
        self._settle()
        return storing.write_xml(self.form, self.root, self.identity, self.name)

    def answers(self) -> dict[str, Any]:
        """Nested by group name, repeats as lists, several choices as a list; what from_answers takes."""
        self._settle()
        return storing.answers_of(self.form.root, self.root)

    def copy(self) -> Instance:
        return Instance.from_xml(self.form, self.to_xml(), self.now, self.row_limit, submitted=False)

    def revised(self) -> Instance:
        """The same answers under a new identifier that remembers the one it replaces."""
        twin = self.copy()
        twin.identity = Identity(f"uuid:{self.now.uuid()}", self.identity.instance_id)
        return twin

    def pruned(self) -> Instance:
        """The same answers without those that are not relevant."""
        twin = self.copy()
        twin.recompute()
        storing.prune(self.form, twin.root)
        twin.engine.forget_places()  # and nothing runs again: what was left out must not be calculated back
        return twin

    @property
    def identity(self) -> Identity:
        return self._identity

    @identity.setter
    def identity(self, identity: Identity) -> None:
        self._identity = identity
        growing.put_meta(self.root, identity.instance_id, identity.deprecated_id)
        self._stale = True

    @property
    def name(self) -> str:
        """What the author calls this set of answers (`instance_name`); empty when the form says nothing of it."""
        self._settle()
        return growing.meta(self.root, "instanceName")

    # -- answers

    def node(self, path: str) -> Node:
        self._settle()
        return growing.find(self.root, path)

    def get(self, path: str) -> str:
        return self.node(path).text

    def set(self, path: str, value: str) -> None:
        """Store a canonical text, and do what this answer sets off. Characters that XML cannot hold are left out.

        Raises UnknownPath.
        """
        node, changed = self.put(path, value)
        if changed:
            triggering.fire(self, node)

    def put(self, path: str, value: str) -> tuple[Node, bool]:
        """Store a canonical text and set nothing off: the node, and whether it reads differently now.

        Raises UnknownPath.
        """
        node = self._find(path)
        if node.path not in self.form.questions:
            raise UnknownPath(path)
        return node, self.write(node, storing.legal(value))

    def _find(self, path: str) -> Node:
        """The node at a path; a row may have to be counted first."""
        try:
            return growing.find(self.root, path)
        except UnknownPath:
            return self.node(path)

    def write(self, node: Node, text: str) -> bool:
        """Put a text into the node of a question; whether it reads differently now."""
        if self.engine.fresh:
            self._settle()
        if text == node.text:
            return False
        node.text = text
        self._changed.add(node.path)
        self._stale = self._stale or self.form.questions[node.path].computed
        return True

    def leaves(self) -> Leaves:
        """(path, node, question) of every question, in the order of the form, whether relevant or not."""
        self._settle()
        return self.engine.leaves()

    def rows(self, path: str) -> int:
        """Number of rows of a repeat, without those beyond its count."""
        self._settle()
        return sum(1 for row in growing.rows_at(self.root, path)[1] if not row.surplus)

    def raw_rows(self, path: str) -> int:
        """Number of rows of a repeat as stored, those beyond its count included."""
        return len(growing.rows_at(self.root, path)[1])

    def add_row(self, path: str) -> int:
        """Add a row at the end; how many rows there are now. Raises UnknownPath, RowLimit."""
        parent, rows = growing.rows_at(self.root, path)
        repeat = self._repeat(parent, path)
        if len(rows) >= self.row_limit:
            raise RowLimit(path, self.row_limit)
        if growing.room(self.root, repeat.path, self.row_limit) < 1:
            raise RowLimit(path, self.row_limit, in_all=True)
        row = growing.new_row(repeat, parent)
        growing.put_defaults(row, self.form)
        if self.form.worked_out:
            self.engine.fresh.append(row)
        self._rows_changed()
        return len(parent.children[repeat.name])

    def remove_row(self, path: str, index: int) -> None:
        """Remove a row, counted from 1. Raises UnknownPath."""
        parent, rows = growing.rows_at(self.root, path)
        self._repeat(parent, path)
        if not 1 <= index <= len(rows):
            raise UnknownPath(f"{path}[{index}]")
        del rows[index - 1]
        self._rows_changed()

    def move_row(self, path: str, index: int, place: int) -> None:
        """Give a row another place, both counted from 1. Raises UnknownPath."""
        parent, rows = growing.rows_at(self.root, path)
        self._repeat(parent, path)
        if not (1 <= index <= len(rows) and 1 <= place <= len(rows)):
            raise UnknownPath(f"{path}[{index}]")
        rows.insert(place - 1, rows.pop(index - 1))
        self._rows_changed()

    def _repeat(self, parent: Node, path: str) -> Repeat:
        repeat = self.form.groups.get(f"{parent.path}/{path.rpartition('/')[2]}")
        if not isinstance(repeat, Repeat):
            raise UnknownPath(path)
        return repeat

    # -- rules

    def recompute(self) -> None:
        """Apply the rules to what has changed. Reading does it by itself."""
        self._settle()

    def _settle(self) -> None:
        if self._stale:
            self._stale = False
            self._changed.clear()
            self.engine.forget_places()
            self.engine.run_all()
        elif self._changed:
            changed, self._changed = self._changed, set()
            self.engine.run_readers(changed)
        while self.engine.fresh:
            fresh, self.engine.fresh = self.engine.fresh, []
            starting.put_worked_out(self.engine, fresh)

    def _rows_changed(self) -> None:
        self._stale = True
        self.engine.forget_places()

    def relevant(self, path: str) -> bool:
        return self.node(path).relevant

    def required(self, path: str) -> bool:
        node = self.node(path)
        question = self.question(path)
        return node.relevant and (self.holds(question.required, node) or called_for(question, node))

    def readonly(self, path: str) -> bool:
        question = self.question(path)
        return question.computed or self.holds(question.readonly, self.node(path))

    def question(self, path: str) -> Question:
        found = self.form.questions.get(growing.find(self.root, path).path)
        if found is None:
            raise UnknownPath(path)
        return found

    def holds(self, formula: Formula | None, node: Node) -> bool:
        return formula is not None and to_boolean(formula(self.at(node)))

    def at(self, node: Node) -> Context:
        """The context in which an expression stands at a node."""
        self.context.node = node
        return self.context

    def choices(self, path: str) -> tuple[Choice, ...]:
        """What a question offers now."""
        node = self.node(path)
        return self.choices_at(node, self.question(path))

    def choices_at(self, node: Node, question: Question) -> tuple[Choice, ...]:
        return offering.offered(self, node, question)

    def errors(self, section_path: str | None = None) -> list[AnswerError]:
        """What is wrong with the answers of one page, or of all; in the order of the form."""
        self._settle()
        return [*checking.errors(self, section_path), *counting.too_many(self, section_path)]

    # -- reading

    def values(self) -> dict[str, Any]:
        """Typed values of all relevant questions by path with row numbers; None without an answer."""
        self._settle()
        found = {}
        for node, question in growing.leaves(self.root, self.form):
            if node.relevant and question.kind != "note":
                found[growing.address(node, self.form)] = typed(question, node.text)
        return found

    def label(self, path: str, lang: str) -> str:
        node = self.node(path)
        part = self.form.questions.get(node.path) or self.form.groups[node.path]
        return self.text(part.label, lang, path)

    def text(self, wording: Wording, lang: str, path: str) -> str:
        """A wording with its references replaced by the answers as they are shown."""
        return explaining.resolved(self, wording, lang, self.node(path))

    def explain(self, path: str, lang: str = "") -> Explanation | None:
        """Where a calculated value comes from; none for a question that people answer."""
        return explaining.explain(self, self.node(path), self.question(path), lang or self.language)

    def why_hidden(self, path: str, lang: str = "", allowed: Allowed = anything) -> Reason | None:
        """Why a question, a group or a row is not asked now; none when it is asked. Raises UnknownPath."""
        return Reasons(self, lang or self.language, allowed).hidden(self.node(path))

    def why_required(self, path: str, lang: str = "", allowed: Allowed = anything) -> Reason | None:
        """Why an answer is needed; none when it is not. Raises UnknownPath."""
        return Reasons(self, lang or self.language, allowed).required(self.node(path), self.question(path))

    def why_refused(self, path: str, lang: str = "", allowed: Allowed = anything) -> Reason | None:
        """Which answers make the constraint of this one fail; none when it holds. Raises UnknownPath."""
        return Reasons(self, lang or self.language, allowed).refused(self.node(path), self.question(path))

    def _choice_label(self, path: str, value: str) -> str:
        """The label of a choice; answers that serve as choices are called by themselves."""
        question = self.form.questions.get(path)
        if question is None or question.choice_filter is None:
            return ""
        if not question.choices and instance_name(question.choice_filter.formula.tree) is None:
            return value
        found = next((choice for choice in question.choices if choice.value == value), None)
        return found.label.get(self.language, "") if found else ""

    def _wording(self, name: str) -> str:
        wording = self.form.wordings.get(name)
        return wording[self.language] if wording else ""
