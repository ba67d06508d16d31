"""The rules of a form that change answers: what each reads, what it writes, and the order in which they run."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from forms.expressions.graph import Order, Rule, ordered, references
from forms.expressions.nodes import Call, every
from forms.structure import Formula, Group, Question, Repeat

Members = Mapping[str, tuple[str, ...]]


def rules_of(
    questions: Mapping[str, Question],
    groups: Mapping[str, Group],
    more: Mapping[str, Formula],
    without: Container[tuple[str, str]] = (),
) -> Order:
    """All counts, relevances and calculations in the order in which they run. `more` are calculations outside any
    question: path → formula; `without` names rules to leave out, by path and aspect. Raises Cycle.
    """
    members = {path: tuple(child.path for child in group.children) for path, group in groups.items()}
    repeats = [path for path, group in groups.items() if isinstance(group, Repeat)]
    ruled = (one for one in _ruled(questions, groups, more) if one[:2] not in without)
    return ordered([_rule(*one, members, repeats) for one in ruled])


def _ruled(
    questions: Mapping[str, Question], groups: Mapping[str, Group], more: Mapping[str, Formula]
) -> Iterator[tuple[str, str, Formula]]:
    for group in groups.values():
        if isinstance(group, Repeat) and group.count is not None:
            yield group.path, "count", group.count
    for part in (*groups.values(), *questions.values()):
        if part.relevant is not None:
            yield part.path, "relevant", part.relevant
    for question in questions.values():
        if question.calculation is not None:
            yield question.path, "calculate", question.calculation
    for path, formula in more.items():
        yield path, "calculate", formula


def _rule(path: str, aspect: str, formula: Formula, members: Members, repeats: Iterable[str]) -> Rule:
    read = references(formula.tree, path, lambda parent: members.get(parent, ()))
    loose = frozenset(reference.path for reference in read if reference.loose)
    reads = frozenset(reference.path for reference in read if not reference.loose)
    reads |= _not_mine(loose, path, repeats)
    writes = frozenset({path} if aspect == "calculate" else _below(path, members))
    if aspect == "count":  # "one more row while the last one says yes" reads the rows that it makes
        reads, loose, writes = frozenset(), reads | loose, writes | {_rows_of(path)}
    keeps = any(isinstance(part, Call) and part.name == "once" for part in every(formula.tree))
    return Rule(path, aspect, formula.evaluate, reads | _rows_above(path, aspect, repeats), loose, writes, keeps)


def _rows_above(path: str, aspect: str, repeats: Iterable[str]) -> frozenset[str]:
    """A rule inside a repeat runs after its rows have been counted."""
    above = (repeat for repeat in repeats if f"{path}/".startswith(f"{repeat}/"))
    return frozenset(_rows_of(repeat) for repeat in above if aspect != "count" or repeat != path)


def _not_mine(loose: frozenset[str], path: str, repeats: Iterable[str]) -> frozenset[str]:
    """Readings through a filter count for the order unless they may fall in another row of the own repeat."""
    mine = [repeat for repeat in repeats if path == repeat or path.startswith(f"{repeat}/")]
    return frozenset(read for read in loose if not any(read == own or read.startswith(f"{own}/") for own in mine))


def _below(path: str, members: Members) -> Iterator[str]:
    yield path
    for child in members.get(path, ()):
        yield from _below(child, members)


def _rows_of(repeat: str) -> str:
    """What a count writes besides the answers: the existence of the rows."""
    return f"{repeat}/#rows"
