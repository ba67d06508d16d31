"""What works here and is understood differently by the phone or by the web engine: the rows of docs/dialect.md."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet

from forms.expressions.graph import references
from forms.expressions.nodes import Binary, Call, Expression, Negative, Number, Path, Text, every, parts
from forms.expressions.remark import Remark

IsDate = Callable[[str], bool]

_NOT_ON_TELEPHONES = {
    "last": "Count the rows instead: [position() = count(…)].",
    "floor": "Write int() for numbers that are not below zero.",
    "ceiling": "Write if(int(x) = x, x, int(x) + 1).",
    "substring": "Write substr(), which counts from 0: substr('abc', 1, 3).",
}
_ORDER = frozenset({"<", "<=", ">", ">=", "=", "!="})
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
# Functions that take the answers of several rows. The last four do so only when nothing else is handed to them.
_TAKES_ROWS = frozenset({"count", "count-non-empty", "sum", "randomize", "position", "indexed-repeat"})
_TAKES_ROWS_ALONE = {"min": 0, "max": 0, "concat": 0, "join": 1, "checklist": 2}


def does_not_travel(tree: Expression, base: str, is_date: IsDate, repeats: AbstractSet[str]) -> Iterator[Remark]:
    """Warnings only. Paths are form paths; `repeats` are those of the repeats."""
    for part in every(tree):
        if isinstance(part, Call):
            yield from _call(part)
        elif isinstance(part, Binary):
            yield from _operator(part, base, is_date)
        elif isinstance(part, Path):
            yield from _path(part)
    yield from _several_rows(tree, base, repeats)


def _call(call: Call) -> Iterator[Remark]:
    if call.name in _NOT_ON_TELEPHONES:
        message = "The function %(name)s() does not exist on telephones."
        yield Remark("warning", "not_portable", message, {"name": call.name}, _NOT_ON_TELEPHONES[call.name])
    if call.name in {"string", "number"} and not call.arguments:
        message = "Telephones do not know %(name)s() without anything between the brackets."
        yield Remark("warning", "not_portable", message, {"name": call.name}, "Write %(name)s(.).")
    if call.name == "coalesce" and len(call.arguments) > 2:
        message = "Telephones know coalesce() with two values only."
        yield Remark("warning", "not_portable", message, {}, "Write coalesce(a, coalesce(b, c)).")
    if call.name == "selected" and isinstance(call.arguments[1], Number):
        message = "Telephones want the choice of selected() between quotes."
        yield Remark("warning", "selected_number", message, {}, "Write selected(…, '1').")
    if call.name == "regex" and isinstance(call.arguments[1], Text):
        yield from _regex(call.arguments[1].value)
    if call.name == "round" and any(_may_be_negative(part) for part in every(call.arguments[0])):
        message = "Below zero, telephones round a half up (-1.5 gives -1), browsers down (-2); here: -2."
        yield Remark("warning", "round_below_zero", message, {}, "Round a number that is not below zero.")


def _may_be_negative(part: Expression) -> bool:
    return isinstance(part, Negative) or (isinstance(part, Binary) and part.operator == "-")


def _regex(expression: str) -> Iterator[Remark]:
    if not (expression.startswith("^") and expression.endswith("$")):
        message = "This regular expression is not anchored: telephones and browsers understand it differently."
        yield Remark("warning", "unanchored_regex", message, {}, "Begin it with ^ and end it with $.")
    if re.search(r"\\[pP]\{", expression):
        message = "Browsers do not know \\p{…} in a regular expression."
        yield Remark("warning", "regex_letters", message, {}, "Write the letters: [A-Za-zÀ-ÖØ-öø-ÿ].")


def _operator(binary: Binary, base: str, is_date: IsDate) -> Iterator[Remark]:
    if binary.operator == "|":
        message = "Telephones do not know the sign | between two paths."
        yield Remark("warning", "not_portable", message, {}, "Count or add each of them, then add the results.")
    elif binary.operator in _ORDER:
        yield from _date_as_text(binary, base, is_date)


def _date_as_text(comparison: Binary, base: str, is_date: IsDate) -> Iterator[Remark]:
    sides = (comparison.left, comparison.right)
    texts = [side for side in sides if isinstance(side, Text) and _DATE.match(side.value)]
    paths = [side for side in sides if isinstance(side, Path)]
    reads = {found.path for path in paths for found in references(path, base, lambda _: ())}
    if texts and (comparison.operator not in {"=", "!="} or any(map(is_date, reads))):
        message = "A date is compared with a text: telephones and browsers understand it differently."
        hint = "Write date('%(text)s') instead of '%(text)s'."
        yield Remark("warning", "date_as_text", message, {"text": texts[0].value}, hint)


def _path(path: Path) -> Iterator[Remark]:
    filters = [predicate for step in path.steps for predicate in step.predicates]
    for kept in filters:
        if isinstance(kept, Number):
            message = "Telephones find no row with [%(place)s]."
            params = {"place": f"{kept.value:g}"}
            yield Remark("warning", "place_in_brackets", message, params, "Write [position() = %(place)s].")
        elif isinstance(kept, Path):
            message = "Telephones find no row with a filter that compares nothing."
            yield Remark("warning", "bare_filter", message, {}, "Write what the answer must be: [name != ''].")
    if any(step.name == "*" and step.axis == "child" for step in path.steps):
        message = "Telephones do not know the sign * in a path."
        yield Remark("warning", "not_portable", message, {}, "Name the questions one by one.")
    if filters and path.base is not None and not isinstance(path.base, Call):
        message = "Telephones do not know a filter after a bracket."
        yield Remark("warning", "not_portable", message, {}, "Put the filter into the path: /data/person[age > 17].")


def _several_rows(tree: Expression, base: str, repeats: AbstractSet[str]) -> Iterator[Remark]:
    """A path that may lead to several rows where a single answer is wanted, and the rows of one's own repeat."""
    for part, here in [(Call("string", (tree,), 0), base), *_placed(tree, base)]:
        for path in _wanted_single(part):
            repeat = _foreign_repeat(path, here, repeats) if isinstance(path, Path) else None
            if repeat:
                message = "This reads the rows of %(repeat)s all at once, where a single answer is wanted."
                hint = "Use sum(), count() or join() for all rows, or indexed-repeat() for one of them."
                yield Remark("warning", "several_rows", message, {"repeat": repeat.rpartition("/")[2]}, hint)
        if isinstance(part, Call) and part.name in {"count", "count-non-empty"}:
            yield from _own_repeat(part.arguments[0], here, repeats)


def _own_repeat(counted: Expression, here: str, repeats: AbstractSet[str]) -> Iterator[Remark]:
    plain = isinstance(counted, Path) and counted.absolute and not any(step.predicates for step in counted.steps)
    path = "".join(f"/{step.name}" for step in counted.steps) if plain and isinstance(counted, Path) else ""
    if path in repeats and f"{here}/".startswith(f"{path}/"):
        message = "Inside %(repeat)s, telephones and browsers count one row only; here all rows are counted."
        hint = "Count the rows in a calculation outside the repeat, and read that calculation."
        yield Remark("warning", "own_repeat", message, {"repeat": path.rpartition("/")[2]}, hint)


def _placed(tree: Expression, here: str) -> Iterator[tuple[Expression, str]]:
    """Every part of an expression with the form path where it stands: in a filter, that of the row looked at."""
    yield tree, here
    if not isinstance(tree, Path):
        for part in parts(tree):
            yield from _placed(part, here)
        return
    if tree.base is not None:
        yield from _placed(tree.base, here)
    at = ""
    for step in tree.steps:
        at = f"{at}/{step.name}"
        for predicate in step.predicates:
            yield from _placed(predicate, at if tree.absolute else here)


def _wanted_single(part: Expression) -> tuple[Expression, ...]:
    if isinstance(part, Path) or (isinstance(part, Binary) and part.operator == "|"):
        return ()
    if not isinstance(part, Call):
        return parts(part)
    if part.name in _TAKES_ROWS:
        return ()
    first = _TAKES_ROWS_ALONE.get(part.name)
    if first is not None and len(part.arguments) == first + 1:
        return part.arguments[:first]
    return part.arguments


def _foreign_repeat(path: Path, base: str, repeats: AbstractSet[str]) -> str | None:
    """The outermost repeat that an absolute path goes through without a filter and without standing in it."""
    if not path.absolute:
        return None
    at = ""
    for step in path.steps:
        at = f"{at}/{step.name}"
        if at in repeats and not f"{base}/".startswith(f"{at}/"):
            return None if step.predicates else at
    return None
