"""Columns that a formula reads in a list, and that the list does not have: the list would stay empty in the field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from forms.criticism.written import Written
from forms.expressions.nodes import Call, Expression, Path, Step, Text, parts
from forms.findings import shortened
from forms.problems import Problem
from forms.structure import Form
from forms.tree import Node
from forms.vocabulary import nearest

_TOLD = 12  # columns named when none is near
_ITEM = ("root", "item")
_TRANSLATED = "itextId"  # what stands for the label in a list of several languages
Shape = Mapping[tuple[str, ...], set[str]]
"""Names of what a list holds, by the names that lead there."""


@dataclass(frozen=True, slots=True)
class _Here:
    """A place inside a list."""

    name: str
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Missing:
    here: _Here
    column: str


@dataclass(slots=True)
class Columns:
    """The columns of the lists of one form, each list looked at once and only when a formula reads it."""

    form: Form
    written: Written
    shapes: dict[str, Shape] = field(default_factory=dict)

    def problems(self, path: str, aspect: str, tree: Expression) -> Iterator[Problem]:
        for missing in dict.fromkeys(self._visit(tree, None)):
            yield self._told(path, aspect, missing)

    def _visit(self, tree: Expression, here: _Here | None) -> Iterator[_Missing]:
        """What is missing; `here`: the items that a filter around this part looks at."""
        if isinstance(tree, Path):
            yield from self._path(tree, here)
            return
        if isinstance(tree, Call) and tree.name == "pulldata":
            yield from self._pulled(tree)
        for part in parts(tree):
            yield from self._visit(part, here)

    def _path(self, path: Path, here: _Here | None) -> Iterator[_Missing]:
        at = here if path.base is None and not path.absolute else _list_of(path.base)
        if path.base is not None and at is None:
            yield from self._visit(path.base, here)
        for step in path.steps:
            if at is not None and step.axis == "child" and step.name != "*" and not self._has(at, step.name):
                yield _Missing(at, step.name)
                at = None
            at = _moved(at, step)
            for predicate in step.predicates:
                yield from self._visit(predicate, at)

    def _pulled(self, call: Call) -> Iterator[_Missing]:
        """pulldata(list, wanted column, column of the key, key)"""
        name, *columns = call.arguments[:3]
        if isinstance(name, Text):
            at = _Here(name.value, _ITEM)
            texts = [column.value for column in columns if isinstance(column, Text)]
            yield from (_Missing(at, text) for text in texts if not self._has(at, text))

    def _has(self, at: _Here, name: str) -> bool:
        """Whether a list holds something of that name there; an unknown or empty list is told elsewhere."""
        known = self.shape(at.name).get(at.steps)
        return not known or name in known or (name == "label" and _TRANSLATED in known)

    def shape(self, name: str) -> Shape:
        if name not in self.shapes:
            found: dict[tuple[str, ...], set[str]] = {}
            tree = self.form.instances.get(name)
            if tree is not None:
                _measure(tree, (), found)
            self.shapes[name] = found
        return self.shapes[name]

    def _told(self, path: str, aspect: str, missing: _Missing) -> Problem:
        at, column = missing.here, missing.column
        params = {"name": at.name, "column": shortened(column)}
        if at.steps == _ITEM and column in self.written.columns and not self._in_file(at.name):
            message = "No choice of the list %(name)s fills the column %(column)s."
            hint = "Fill it in the rows of this list, or name another column."
            return Problem("warning", "empty_list_column", path, aspect, message, params, hint)
        known = self.shape(at.name)[at.steps] - {_TRANSLATED}
        meant = nearest(column, sorted(known | ({"label"} if at.steps == _ITEM else set())), {})
        message = "The list %(name)s has no column %(column)s."
        hint = "Did you mean %(meant)s?" if meant else "Its columns are: %(columns)s."
        told = {"meant": meant, "columns": ", ".join(sorted(known)[:_TOLD])}
        return Problem("refused", "list_column", path, aspect, message, params | told, hint)

    def _in_file(self, name: str) -> bool:
        return any(file.rpartition(".")[0] == name for file in self.form.files)


def _list_of(base: Expression | None) -> _Here | None:
    name = base.arguments[0] if isinstance(base, Call) and base.name == "instance" and base.arguments else None
    return _Here(name.value) if isinstance(name, Text) else None


def _moved(at: _Here | None, step: Step) -> _Here | None:
    """After a step; nowhere certain after one that goes up or to everything below."""
    if at is None or step.axis == "self":
        return at
    if step.axis == "parent" or step.name == "*":
        return None
    return _Here(at.name, (*at.steps, step.name))


def _measure(node: Node, steps: tuple[str, ...], found: dict[tuple[str, ...], set[str]]) -> None:
    names = found.setdefault(steps, set())
    for name, children in node.children.items():
        names.add(name)
        below = (*steps, name)
        for child in children:
            _measure(child, below, found)
