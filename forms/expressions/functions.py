"""The table of all functions of the dialect: name, number of arguments, what computes it.

Source of the list: ODK XForms specification (March 2024). Those of `REFUSED` are known and refused by name.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from forms.expressions import date_functions as dates
from forms.expressions import node_functions as sets
from forms.expressions import number_functions as numbers
from forms.expressions import text_functions as text

MANY = 10_000


@dataclass(frozen=True, slots=True)
class Function:
    """`call(context, *values)`; between `least` and `most` arguments."""

    call: Callable[..., object]
    least: int
    most: int


# Evaluated by the compiler itself, because not all of their arguments are: least and most arguments.
LAZY = {"if": (3, 3), "coalesce": (2, MANY), "once": (1, 1), "true": (0, 0), "false": (0, 0)}

REFUSED = frozenset({"digest", "base64-decode", "area", "distance", "extract-signed", "geofence", "pulldata"})

_G = numbers.guarded

FUNCTIONS: dict[str, Function] = {
    "string": Function(text.string, 0, 1),
    "concat": Function(text.concat, 0, MANY),
    "join": Function(text.join, 1, MANY),
    "substr": Function(text.substr, 2, 3),
    "substring": Function(text.substring, 2, 3),
    "substring-before": Function(text.substring_before, 2, 2),
    "substring-after": Function(text.substring_after, 2, 2),
    "translate": Function(text.translate, 3, 3),
    "string-length": Function(text.string_length, 0, 1),
    "normalize-space": Function(text.normalize_space, 0, 1),
    "contains": Function(text.contains, 2, 2),
    "starts-with": Function(text.starts_with, 2, 2),
    "ends-with": Function(text.ends_with, 2, 2),
    "uuid": Function(text.uuid, 0, 0),
    "regex": Function(text.regex, 2, 2),
    "boolean": Function(text.boolean, 1, 1),
    "boolean-from-string": Function(text.boolean_from_string, 1, 1),
    "not": Function(text.negation, 1, 1),
    "checklist": Function(text.checklist, 2, MANY),
    "weighted-checklist": Function(text.weighted_checklist, 2, MANY),
    "number": Function(numbers.number, 0, 1),
    "int": Function(numbers.integer, 1, 1),
    "sum": Function(numbers.total, 1, MANY),
    "max": Function(numbers.largest, 1, MANY),
    "min": Function(numbers.smallest, 1, MANY),
    "round": Function(numbers.rounded, 1, 2),
    "floor": Function(numbers.floor, 1, 1),
    "ceiling": Function(numbers.ceiling, 1, 1),
    "abs": Function(_G(abs), 1, 1),
    "pow": Function(_G(numbers.power), 2, 2),
    "sqrt": Function(_G(math.sqrt), 1, 1),
    "exp": Function(_G(math.exp), 1, 1),
    "exp10": Function(_G(numbers.exponential_10), 1, 1),
    "log": Function(_G(numbers.logarithm), 1, 1),
    "log10": Function(_G(numbers.logarithm_10), 1, 1),
    "sin": Function(_G(math.sin), 1, 1),
    "cos": Function(_G(math.cos), 1, 1),
    "tan": Function(_G(math.tan), 1, 1),
    "asin": Function(_G(math.asin), 1, 1),
    "acos": Function(_G(math.acos), 1, 1),
    "atan": Function(_G(math.atan), 1, 1),
    "atan2": Function(_G(math.atan2), 2, 2),
    "pi": Function(numbers.pi, 0, 0),
    "random": Function(numbers.random, 0, 0),
    "today": Function(dates.today, 0, 0),
    "now": Function(dates.now, 0, 0),
    "date": Function(dates.to_date, 1, 1),
    "format-date": Function(dates.format_date, 2, 2),
    "format-date-time": Function(dates.format_date, 2, 2),
    "decimal-date-time": Function(dates.decimal_date_time, 1, 1),
    "decimal-time": Function(dates.decimal_time, 1, 1),
    "count": Function(sets.count, 1, 1),
    "count-non-empty": Function(sets.count_non_empty, 1, 1),
    "position": Function(sets.position, 0, 1),
    "last": Function(sets.last, 0, 0),
    "current": Function(sets.current, 0, 0),
    "instance": Function(sets.instance, 1, 1),
    "randomize": Function(sets.randomize, 1, 2),
    "indexed-repeat": Function(sets.indexed_repeat, 3, 7),
    "selected": Function(sets.selected, 2, 2),
    "selected-at": Function(sets.selected_at, 2, 2),
    "count-selected": Function(sets.count_selected, 1, 1),
    "jr:choice-name": Function(sets.choice_name, 2, 2),
    "jr:itext": Function(sets.itext, 1, 1),
}
