"""What every process of its own does that is handed one order on its standard input: bound, read, answer, end."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from documents import limits, orders

Made = bytes | dict[str, Any] | list[Any]


def answer(
    work: Callable[[Any], Made], *refused: type[Exception], seconds: int = limits.SECONDS, why: bool = False
) -> int:
    """Standard input (an order as JSON) to standard output: bytes as they are, anything else as JSON.

    Exit code 1 for what is `refused`, with the name of the fault on standard error; with `why` what the fault says,
    for faults that repeat no words of a paper.
    """
    limits.hold(seconds)
    told = json.loads(sys.stdin.buffer.read(), object_hook=orders.read)
    try:
        made = work(told)
    except refused as fault:
        sys.stderr.write(str(fault) if why else type(fault).__name__)
        return 1
    sys.stdout.buffer.write(made if isinstance(made, bytes) else json.dumps(made, default=str).encode())
    return 0
