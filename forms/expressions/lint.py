"""What in an expression is legal here but understood differently elsewhere, or likely to be a slip.

The differences between the phone engine and the web engine were measured; only the subset on which both agree travels.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any, Literal

from forms.expressions.graph import references
from forms.expressions.nodes import Binary, Call, Expression, Path, Text, every

IsDate = Callable[[str], bool]

_NOT_PORTABLE = frozenset({"last", "floor", "ceiling", "substring"})
_ORDER = frozenset({"<", "<=", ">", ">=", "=", "!="})
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Remark:
    level: Literal["refused", "warning"]
    code: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    hint: str = ""


def remarks(tree: Expression, base: str, is_date: IsDate, instances: AbstractSet[str]) -> Iterator[Remark]:
    """Remarks on an expression standing at `base`; `is_date` says whether a path is a date question."""
    for part in every(tree):
        if isinstance(part, Call):
            yield from _call(part, instances)
        elif isinstance(part, Binary) and part.operator in _ORDER:
            yield from _date_as_text(part, base, is_date)


def _call(call: Call, instances: AbstractSet[str]) -> Iterator[Remark]:
    if call.name in _NOT_PORTABLE:
        message = "The function %(name)s() does not exist on telephones."
        yield Remark("warning", "not_portable", message, {"name": f"{call.name}"})
    if call.name == "regex" and len(call.arguments) == 2 and isinstance(call.arguments[1], Text):
        yield from _regex(call.arguments[1].value)
    if call.name == "instance" and isinstance(call.arguments[0], Text) and call.arguments[0].value not in instances:
        params = {"name": call.arguments[0].value}
        yield Remark("refused", "unknown_list", "There is no list %(name)s in this form.", params)


def _regex(pattern: str) -> Iterator[Remark]:
    try:
        re.compile(pattern)
    except (re.error, OverflowError) as fault:
        params = {"reason": str(fault)}
        yield Remark("refused", "regex", "This regular expression cannot work: %(reason)s.", params)
        return
    if not (pattern.startswith("^") and pattern.endswith("$")):
        message = "This regular expression is not anchored: telephones and browsers understand it differently."
        yield Remark("warning", "unanchored_regex", message, {}, "Begin it with ^ and end it with $.")


def _date_as_text(comparison: Binary, base: str, is_date: IsDate) -> Iterator[Remark]:
    sides = (comparison.left, comparison.right)
    texts = [side for side in sides if isinstance(side, Text) and _DATE.match(side.value)]
    paths = [side for side in sides if isinstance(side, Path)]
    reads = {found.path for path in paths for found in references(path, base, lambda _: ())}
    if texts and (comparison.operator not in {"=", "!="} or any(map(is_date, reads))):
        message = "A date is compared with a text: telephones and browsers understand it differently."
        hint = "Write date('%(text)s') instead of '%(text)s'."
        yield Remark("warning", "date_as_text", message, {"text": texts[0].value}, hint)
