"""The arithmetic of XPath 1.0, section 3.5: IEEE 754, never an error."""

from __future__ import annotations

import math
from collections.abc import Callable
from operator import add, mul, sub


def divide(left: float, right: float) -> float:
    if right != 0 or math.isnan(left):
        return left / right if right else math.nan
    return math.nan if left == 0 else math.copysign(math.inf, left) * math.copysign(1, right)


def remainder(left: float, right: float) -> float:
    """The sign of the dividend, as in XPath."""
    return math.nan if right == 0 or math.isinf(left) or math.isnan(right) else math.fmod(left, right)


ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": add,
    "-": sub,
    "*": mul,
    "div": divide,
    "mod": remainder,
}
