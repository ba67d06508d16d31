"""A process of its own that sets what stands in the box of a signature: an order as JSON comes in, a PDF goes out.

The order: lines, mark (a picture in base64, or none), width, height (points), house (folder of the house style).
Exit code 1: it could not be set.
"""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from documents import limits, pdf
from documents.house import HouseStyle
from documents.stamping import Stamp, drawn


def made(told: Mapping[str, Any]) -> bytes:
    """Raises NotSet when the mark is no picture."""
    mark = base64.b64decode(told["mark"]) if told["mark"] else None
    style = HouseStyle.load(Path(told["house"]), organisation="")
    return drawn(Stamp(tuple(told["lines"]), mark), told["width"], told["height"], style)


def main() -> int:
    """Standard input to standard output."""
    limits.hold()
    told = json.loads(sys.stdin.buffer.read())
    try:
        sys.stdout.buffer.write(made(told))
    except pdf.NotSet as fault:
        sys.stderr.write(type(fault).__name__)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
