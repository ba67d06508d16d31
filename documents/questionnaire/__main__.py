"""A process of its own that sets one form: an order as JSON comes in, a PDF goes out; nothing is written anywhere.

Whoever may not start Typst (`documents.pdf` says why) calls this one. Exit code 1: the paper could not be set.
"""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path

from documents import limits
from documents.house import HouseStyle
from documents.pdf import NotSet
from documents.questionnaire.cover import Cover
from documents.questionnaire.writing import write


def main() -> int:
    """The order: {"sheet": …, "cover": …, "house": folder of the house style, "date": ISO, "large": bool}."""
    limits.hold()
    order = json.loads(sys.stdin.buffer.read())
    cover = Cover(**order["cover"])
    style = HouseStyle.load(Path(order["house"]), organisation=cover.organisation, form=True)
    day = datetime.date.fromisoformat(order["date"])
    try:
        made = write(order["sheet"], cover, style, date=day, large_print=order["large"])
    except NotSet as fault:
        sys.stderr.write(str(fault))
        return 1
    sys.stdout.buffer.write(made.bytes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
