"""Functions on numbers: ODK XForms specification, "Number functions".

`sum`, `min` and `max` pass over blank answers, as on the phone: a household with one income still unknown keeps the sum
of the others.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from decimal import Context as Precision

from forms.expressions.context import Context
from forms.expressions.text_functions import spread
from forms.expressions.values import Value, to_boolean, to_number, to_text


def number(context: Context, value: Value | None = None) -> float:
    return to_number([context.node] if value is None else value)


def integer(_: Context, value: Value) -> float:
    amount = to_number(value)
    return float(math.trunc(amount)) if math.isfinite(amount) else amount


def _answered(values: tuple[Value, ...]) -> list[float]:
    return [to_number(value) for value in spread(values) if to_text(value) != ""]


def total(_: Context, *values: Value) -> float:
    """Exact but for the last rounding; more than a number can hold is infinite."""
    numbers = _answered(values)
    if not all(map(math.isfinite, numbers)):
        return math.nan
    try:
        return math.fsum(numbers)
    except OverflowError:
        return float(sum(numbers))


def largest(_: Context, *values: Value) -> float:
    return _extreme(max, values)


def smallest(_: Context, *values: Value) -> float:
    return _extreme(min, values)


def _extreme(choose: Callable[[list[float]], float], values: tuple[Value, ...]) -> float:
    numbers = _answered(values)
    return math.nan if not numbers or any(map(math.isnan, numbers)) else choose(numbers)


def rounded(_: Context, value: Value, places: Value = 0.0) -> float:
    """Half away from zero; `places` may be negative (tens, hundreds)."""
    amount, digits = to_number(value), to_number(places)
    if not math.isfinite(amount) or not math.isfinite(digits):
        return amount if math.isfinite(digits) else math.nan
    return _round_decimal(amount, max(-30, min(30, int(digits))))


def _round_decimal(amount: float, digits: int) -> float:
    """Rounds what is written (2.345), not its binary neighbour (2.34499…)."""

    quantum = Decimal(1).scaleb(-digits)
    rounded_amount = Decimal(repr(amount)).quantize(quantum, ROUND_HALF_UP, Precision(prec=400))
    return float(rounded_amount) + 0.0


def floor(_: Context, value: Value) -> float:
    amount = to_number(value)
    return float(math.floor(amount)) if math.isfinite(amount) else amount


def ceiling(_: Context, value: Value) -> float:
    amount = to_number(value)
    return float(math.ceil(amount)) if math.isfinite(amount) else amount


def guarded(function: Callable[..., float]) -> Callable[..., float]:
    """A function of the mathematics library whose refusals become "not a number", as XPath wants."""

    def evaluate(_: Context, *values: Value) -> float:
        try:
            return float(function(*(to_number(value) for value in values)))
        except ValueError:
            return math.nan
        except OverflowError:
            return math.inf

    return evaluate


def power(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except ValueError:
        return math.inf if base == 0 else math.nan


def logarithm(amount: float) -> float:
    return -math.inf if amount == 0 else math.log(amount)


def logarithm_10(amount: float) -> float:
    return -math.inf if amount == 0 else math.log10(amount)


def exponential_10(amount: float) -> float:
    return power(10.0, amount)


def random(context: Context) -> float:
    return context.now.random()


def pi(_: Context) -> float:
    return math.pi


def count_true(_: Context, *values: Value) -> float:
    return float(sum(to_boolean(value) for value in spread(values)))
