"""When a question is asked, said with the numbers of the paper: what can be said simply is, the rest points at them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from forms.expressions.graph import references
from forms.expressions.nodes import Binary, Call, Expression, Number, Path, Text
from forms.expressions.values import number_to_text
from forms.paper.numbering import choice_codes
from forms.structure import Form, Formula, Question

Allowed = Callable[[Question], bool]

_OPPOSITE = {
    "is": "is_not",
    "answered": "unanswered",
    "more": "at_most",
    "less": "at_least",
    "equal": "not_equal",
}
_OPPOSITE |= {after: before for before, after in _OPPOSITE.items()}
_OPEN = frozenset({"is_not", "unanswered", "not_equal"})
"""What holds of a question nobody has answered yet."""

_COMPARED = {"=": "equal", "!=": "not_equal", ">": "more", ">=": "at_least", "<": "less", "<=": "at_most"}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_MOST_CLAUSES = 4
_MOST_LABELS = 2


@dataclass(frozen=True, slots=True)
class Clause:
    """`kind` is is, is_not, answered, unanswered, more, less, at_least, at_most, equal or not_equal. `number` names the
    question, `label` does when it has none; `values` are choices in words, or their codes when there are many.
    """

    kind: str
    path: str
    number: str
    label: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """`clauses` hold together (`joined` "and") or one is enough ("or"). Without clauses the rule cannot be said in a
    few words: `see` are the numbers it depends on, maybe none.
    """

    clauses: tuple[Clause, ...] = ()
    joined: str = "and"
    see: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Joined:
    word: str
    parts: tuple[_Said, ...]


_Said = Clause | _Joined
_ALWAYS = _Joined("and", ())


class Routing:
    """Reads the rules of one form for whoever may be told of the questions that `allowed` lets through."""

    def __init__(self, form: Form, numbers: dict[str, str], lang: str, allowed: Allowed) -> None:
        self.form = form
        self.numbers = numbers
        self.lang = lang
        self.allowed = allowed
        self.places = {path: place for place, path in enumerate(form.questions)}

    def condition(self, rule: Formula | None, at: str) -> Condition | None:
        """What to print before the part at that path; None when it is always asked."""
        if rule is None:
            return None
        read = self._read(rule.tree, at)
        if any(not self.allowed(self.form.questions[path]) for path in read if path in self.form.questions):
            return Condition()
        said = self._said(rule.tree, at)
        told = said and self._so_far(said, self._place(at))
        if told == _ALWAYS:
            return None
        return (told and _flat(told)) or Condition(see=self._numbers(read))

    def _place(self, at: str) -> int:
        """Where a question stands, or the first one of a group."""
        return next((place for path, place in self.places.items() if f"{path}/".startswith(f"{at}/")), 0)

    def _so_far(self, said: _Said, here: int) -> _Said:
        """The same for a pen that goes from the first page to the last: what only an answer further on would exclude
        holds when one comes here.
        """
        if isinstance(said, Clause):
            further = self.places.get(said.path, here) > here
            return _ALWAYS if further and said.kind in _OPEN else said
        parts = [self._so_far(part, here) for part in said.parts]
        if said.word == "or" and _ALWAYS in parts:
            return _ALWAYS
        left = [part for part in parts if part != _ALWAYS]
        return left[0] if len(left) == 1 else _Joined(said.word, tuple(left))

    def _read(self, tree: Expression, at: str) -> list[str]:
        """The questions a rule reads in the order of the form; a calculation stands for what it reads itself."""
        found: set[str] = set()
        waiting = [(tree, at)]
        while waiting:
            part, place = waiting.pop()
            fresh = {one.path for one in references(part, place, self._members)} - found
            found |= fresh
            asked = (self.form.questions.get(path) for path in fresh)
            waiting += [(one.calculation.tree, one.path) for one in asked if one is not None and one.calculation]
        return [path for path in self.form.questions if path in found]

    def _numbers(self, paths: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.numbers[path] for path in paths if path in self.numbers)

    def _members(self, path: str) -> list[str]:
        group = self.form.groups.get(path)
        return [part.path for part in group.children] if group else []

    # -- a rule as clauses; None when it is not simple ------------------------------------------------------------

    def _said(self, tree: Expression, at: str) -> _Said | None:
        match tree:
            case Binary(operator="and" | "or" as word, left=left, right=right):
                return self._joined(word, (left, right), at)
            case Binary(operator=operator, left=left, right=right) if operator in _COMPARED:
                return self._compared(operator, left, right, at)
            case Call(name=name, arguments=arguments):
                return self._called(name, arguments, at)
        return None

    def _called(self, name: str, arguments: tuple[Expression, ...], at: str) -> _Said | None:
        match name, arguments:
            case "not", (inner,):
                said = self._said(inner, at)
                return _negated(said) if said else None
            case "selected", (Path() as path, Text(value=value)):
                return self._is(path, (value,), at)
            case "selected", (Text(value=values), Path() as path):
                return self._is(path, tuple(values.split()), at)
            case "true", ():
                return _ALWAYS
        return None

    def _joined(self, word: str, sides: tuple[Expression, ...], at: str) -> _Said | None:
        said = [self._said(side, at) for side in sides]
        parts = [part for one in said if one is not None for part in _opened(one, word)]
        return _merged(word, parts) if None not in said else None

    def _compared(self, operator: str, left: Expression, right: Expression, at: str) -> _Said | None:
        if not isinstance(left, Path | Call):
            left, right, operator = right, left, _TURNED.get(operator, operator)
        match left, right:
            case Path(), Text(value=""):
                clause = self._clause(left, "answered", at)
                return _either(clause, operator, "!=")
            case Path(), Text(value=value):
                return _either(self._is(left, (value,), at), operator, "=")
            case Path(), Number(value=number):
                clause = self._clause(left, _COMPARED[operator], at)
                return clause and replace(clause, values=(number_to_text(number),))
            case Call(name="count-selected" | "string-length", arguments=(Path() as path,)), Number(value=number):
                some = (operator, number) in ((">", 0.0), (">=", 1.0), ("!=", 0.0))
                return self._clause(path, "answered", at) if some else None
        return None

    def _is(self, path: Path, values: tuple[str, ...], at: str) -> Clause | None:
        clause = self._clause(path, "is", at)
        question = self.form.questions[clause.path] if clause else None
        if clause is None or question is None:
            return None
        known = {choice.value: choice.label[self.lang] or choice.value for choice in question.choices}
        if known and not known.keys() >= set(values):
            return None
        return replace(clause, values=values)

    def _clause(self, path: Path, kind: str, at: str) -> Clause | None:
        found = [one.path for one in references(path, at, self._members)]
        question = self.form.questions.get(found[0]) if len(found) == 1 else None
        if question is None:
            return None
        number, label = self.numbers.get(question.path, ""), question.label[self.lang] if question.label else ""
        return Clause(kind, question.path, number, label) if number or label else None

    def worded(self, condition: Condition) -> Condition:
        """The same with the choices in words, or by their codes where there are many."""
        return replace(condition, clauses=tuple(map(self._worded, condition.clauses)))

    def _worded(self, clause: Clause) -> Clause:
        question = self.form.questions[clause.path]
        if clause.kind not in ("is", "is_not") or not question.choices:
            return clause
        many = len(clause.values) > _MOST_LABELS and bool(clause.number)
        labels = {choice.value: choice.label[self.lang] or choice.value for choice in question.choices}
        told = choice_codes(question) if many else labels
        return replace(clause, values=tuple(told[value] for value in clause.values))


def _either(clause: Clause | None, operator: str, straight: str) -> _Said | None:
    """The clause, or its opposite; an order between words says nothing simple."""
    if clause is None or operator not in ("=", "!="):
        return None
    return clause if operator == straight else _negated(clause)


def _negated(said: _Said) -> _Said:
    if isinstance(said, Clause):
        return replace(said, kind=_OPPOSITE[said.kind])
    return _Joined("or" if said.word == "and" else "and", tuple(map(_negated, said.parts)))


def _opened(said: _Said, word: str) -> tuple[_Said, ...]:
    return said.parts if isinstance(said, _Joined) and said.word == word else (said,)


def _merged(word: str, parts: list[_Said]) -> _Said:
    """`x = a or x = b` is one clause; `x != '' and x != a` only needs the second, as does `x != '' and x = a`."""
    found: list[_Said] = []
    together = "is" if word == "or" else "is_not"
    for part in parts:
        same = next((one for one in found if _same(one, part, together)), None)
        if same is None:
            found.append(part)
        elif isinstance(same, Clause) and isinstance(part, Clause):
            values = tuple(dict.fromkeys((*same.values, *part.values)))
            found[found.index(same)] = replace(same, values=values)
    if word == "and":
        valued = {one.path for one in found if isinstance(one, Clause) and one.values}
        found = [one for one in found if not (isinstance(one, Clause) and _needless(one, valued))]
    return found[0] if len(found) == 1 else _Joined(word, tuple(found))


def _same(one: _Said, other: _Said, kind: str) -> bool:
    return isinstance(one, Clause) and isinstance(other, Clause) and (
        one.path == other.path and one.kind == other.kind == kind
    )  # fmt: skip


def _needless(clause: Clause, valued: set[str]) -> bool:
    return clause.kind == "answered" and clause.path in valued


def _flat(said: _Said) -> Condition | None:
    if isinstance(said, Clause):
        return Condition((said,))
    clauses = tuple(part for part in said.parts if isinstance(part, Clause))
    simple = len(clauses) == len(said.parts) <= _MOST_CLAUSES
    return Condition(clauses, said.word) if simple else None
