"""What in an expression cannot work, or works here and is understood differently elsewhere.

The differences between the phone engine and the web engine were measured (docs/dialect.md); only the subset on which
both agree travels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet

from forms.expressions import date_functions as dates
from forms.expressions import patterns
from forms.expressions.nodes import Binary, Call, Expression, Negative, Number, Path, Text, every
from forms.expressions.remark import Remark
from forms.expressions.travelling import IsDate, does_not_travel

__all__ = ["IsDate", "Remark", "remarks"]

# Functions that give a list of nodes, or may; all others give a single value.
_MAY_BE_LIST = frozenset({"instance", "current", "randomize", "indexed-repeat", "if", "coalesce", "once"})
_WANTS_LIST = frozenset({"count", "count-non-empty", "sum", "randomize"})
_LAYOUTS = frozenset({"format-date", "format-date-time"})
_DAYS = frozenset({"date", "date-time", "decimal-date-time", *_LAYOUTS})


def remarks(
    tree: Expression,
    base: str,
    is_date: IsDate,
    instances: AbstractSet[str],
    repeats: AbstractSet[str] = frozenset(),
) -> Iterator[Remark]:
    """Remarks on an expression standing at `base`.

    `is_date` says whether a path is a date question; `instances` are the lists of the form by name, `repeats` the
    paths of its repeats.
    """
    for part in every(tree):
        if isinstance(part, Call):
            for check in _CHECKS.get(part.name, ()):
                yield from check(part)
            yield from _unknown_list(part, instances)
    yield from does_not_travel(tree, base, is_date, repeats)


def _unknown_list(call: Call, instances: AbstractSet[str]) -> Iterator[Remark]:
    name = call.arguments[0] if call.name in {"instance", "pulldata"} else None
    if isinstance(name, Text) and name.value not in instances:
        message = "There is no list %(name)s in this form."
        yield Remark("refused", "unknown_list", message, {"name": name.value})


def _wants_list(call: Call) -> Iterator[Remark]:
    given = call.arguments[0]
    single = isinstance(given, Number | Text | Negative) or (isinstance(given, Binary) and given.operator != "|")
    if single or (isinstance(given, Call) and given.name not in _MAY_BE_LIST):
        message = "The function %(name)s() works on the answers of a repeat or on a list, not on a single value."
        hint = "Name a question inside a repeat: %(name)s(${age})."
        yield Remark("refused", "not_a_list", message, {"name": call.name}, hint)


def _regex(call: Call) -> Iterator[Remark]:
    expression = call.arguments[1]
    if not isinstance(expression, Text):
        return
    try:
        patterns.pattern(expression.value)
    except patterns.UnreadablePattern as fault:
        params = {"reason": str(fault)}
        yield Remark("refused", "regex", "This regular expression cannot work: %(reason)s.", params)


def _day(call: Call) -> Iterator[Remark]:
    written = call.arguments[0]
    if isinstance(written, Text) and written.value and dates.moment(written.value) is None:
        message = "%(text)s is not a day."
        hint = "Write the year, the month and the day: 2026-03-31."
        yield Remark("refused", "not_a_date", message, {"text": written.value}, hint)


def _layout(call: Call) -> Iterator[Remark]:
    layout = call.arguments[1]
    if not isinstance(layout, Text):
        return
    for unknown in dates.unknown_marks(layout.value):
        message = "%(mark)s is not a mark of %(name)s()."
        hint = "Marks are %%Y %%y %%m %%n %%b %%d %%e %%a %%H %%h %%M %%S %%3 %%W; a percent sign is written %%%%."
        yield Remark("refused", "format_mark", message, {"mark": unknown, "name": call.name}, hint)


def _choice_name(call: Call) -> Iterator[Remark]:
    if isinstance(call.arguments[1], Path):
        message = "The second part of jr:choice-name() is the name of the question between quotes."
        hint = "Write jr:choice-name(${question}, '${question}')."
        yield Remark("refused", "choice_name", message, {}, hint)


def _indexed(call: Call) -> Iterator[Remark]:
    target, *pairs = call.arguments
    repeats = pairs[::2]
    inside = isinstance(target, Path) and all(isinstance(repeat, Path) for repeat in repeats)
    if inside and all(_begins(target, repeat) for repeat in repeats if isinstance(repeat, Path) and repeat.absolute):  # type: ignore[arg-type]
        return
    message = "indexed-repeat() takes a question, then the repeat that holds it, then the number of the row."
    hint = "Write indexed-repeat(${age}, ${person}, 2)."
    yield Remark("refused", "indexed_repeat", message, {}, hint)


def _begins(target: Path, repeat: Path) -> bool:
    """Whether a path begins with another; relative paths are not compared."""
    names = [step.name for step in target.steps]
    return not target.absolute or names[: len(repeat.steps)] == [step.name for step in repeat.steps]


_CHECKS: dict[str, tuple[Callable[[Call], Iterator[Remark]], ...]] = {
    **dict.fromkeys(_WANTS_LIST, (_wants_list,)),
    **dict.fromkeys(_DAYS, (_day,)),
    **dict.fromkeys(_LAYOUTS, (_day, _layout)),
    "regex": (_regex,),
    "jr:choice-name": (_choice_name,),
    "indexed-repeat": (_indexed,),
}
