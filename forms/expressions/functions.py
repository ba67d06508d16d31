"""The table of all functions of the dialect: name, number of arguments, what computes it.

Source of the list: ODK XForms specification (March 2024). Those of `REFUSED` are known and refused by name. A few more
exist because one of the two reference engines has them: `last`, `floor`, `ceiling`, `substring`, `date-time`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from forms.expressions import date_functions as dates
from forms.expressions import node_functions as sets
from forms.expressions import number_functions as numbers
from forms.expressions import text_functions as text
from forms.expressions.errors import ExpressionError
from forms.expressions.nodes import Call

MANY = 10_000


@dataclass(frozen=True, slots=True)
class Function:
    """`call(context, *values)`; between `least` and `most` arguments."""

    call: Callable[..., object]
    least: int
    most: int


# Evaluated by the compiler itself, because not all of their arguments are: least and most arguments.
LAZY = {"if": (3, 3), "coalesce": (2, MANY), "once": (1, 1), "true": (0, 0), "false": (0, 0)}

_MEASURED = (
    "The function %(name)s() is not computed here: places are kept as they were noted, they are not measured.",
    "Ask for the figure itself, or compute it from the exported coordinates.",
)
_TELEPHONE = (
    "The function %(name)s() exists only in the telephone application, not in the standard.",
    "Ask for this information with a question of its own.",
)
# Known and refused by name: why, and what to do instead.
REFUSED: dict[str, tuple[str, str]] = {
    "digest": (
        "The function digest() is not computed here: a fingerprint of an answer would let hidden answers be guessed.",
        "Leave it out: the server seals every version of the answers by itself.",
    ),
    "base64-decode": (
        "The function base64-decode() is not computed here: no question of a form carries encoded text.",
        "Put the text into a list and read it with pulldata().",
    ),
    "area": _MEASURED,
    "distance": _MEASURED,
    "extract-signed": _TELEPHONE,
    "geofence": _TELEPHONE,
}

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
    "uuid": Function(text.uuid, 0, 1),
    "pulldata": Function(sets.pulldata, 4, 4),
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
    "date-time": Function(dates.to_instant, 1, 1),
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


def check_call(call: Call) -> None:
    """Raises ExpressionError for a function that does not exist, is refused, or has too few or too many arguments."""
    if call.name in REFUSED:
        message, hint = REFUSED[call.name]
        raise ExpressionError(message, call.at, "refused", hint, name=call.name)
    if call.name not in FUNCTIONS and call.name not in LAZY:
        raise _unknown(call)
    least, most = LAZY.get(call.name) or (FUNCTIONS[call.name].least, FUNCTIONS[call.name].most)
    found = len(call.arguments)
    if not least <= found <= most or (call.name in _IN_PAIRS and found % 2 != least % 2):
        message = "The function %(name)s() cannot work with %(found)s arguments."
        raise ExpressionError(message, call.at, "arguments", name=call.name, found=found)


# After their first arguments the others come two by two.
_IN_PAIRS = frozenset({"indexed-repeat", "weighted-checklist"})


def _unknown(call: Call) -> ExpressionError:
    near = get_close_matches(call.name.lower(), [*FUNCTIONS, *LAZY], 1, 0.75)
    message = "There is no function %(name)s()."
    if not near:
        return ExpressionError(message, call.at, "unknown_function", name=call.name)
    hint = "Did you mean %(near)s()?"
    return ExpressionError(message, call.at, "unknown_function", hint, name=call.name, near=near[0])
