"""A process of its own that sets one form: an order as JSON comes in, a PDF goes out; nothing is written anywhere.

Whoever may not start Typst (`documents.pdf` says why) calls this one. Exit code 1: the paper could not be set.
"""

from __future__ import annotations

import datetime
import sys
from pathlib import Path
from typing import Any

from documents import alone
from documents.house import HouseStyle
from documents.pdf import NotSet
from documents.questionnaire.cover import Cover
from documents.questionnaire.writing import write


def ordered(order: dict[str, Any]) -> bytes:
    """The order: {"sheet": …, "cover": …, "house": folder of the house style, "date": ISO, "large": bool}. Raises
    NotSet.
    """
    cover = Cover(**order["cover"])
    style = HouseStyle.load(Path(order["house"]), organisation=cover.organisation, form=True)
    day = datetime.date.fromisoformat(order["date"])
    return write(order["sheet"], cover, style, date=day, large_print=order["large"]).bytes


def main() -> int:
    """Standard input to standard output; exit code 1: the questionnaire could not be set."""
    return alone.answer(ordered, NotSet, why=True)


if __name__ == "__main__":
    sys.exit(main())
