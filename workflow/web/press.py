"""Forms to be filled with a pen and drafts of papers, set on demand in a process of their own and never stored.

Typst must not start in a process that forks, and the answers of a pre-filled form must lie nowhere: they go to the
child through a pipe, and the PDF comes back through another.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from documents import orders
from documents.letters.letter import Letter
from documents.questionnaire.cover import Cover
from forms.paper import Questionnaire

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "templates" / "house-style"
PATIENCE = 45  # seconds: a form takes one or two
_AT_ONCE = BoundedSemaphore(2)
_DRAWN = BoundedSemaphore(1)  # pages to be looked at stand in a queue of their own: nobody who signs waits behind them


class NotPrinted(Exception):
    """The form could not be set; `str()` is for the log."""


def printed(sheet: Questionnaire, cover: Cover, day: date, *, large: bool = False) -> bytes:
    """The PDF of a form. Raises NotPrinted. Whoever calls holds no transaction meanwhile."""
    order = {"sheet": asdict(sheet), "cover": asdict(cover), "house": str(HOUSE), "date": day.isoformat()}
    return _set("documents.questionnaire", json.dumps(order | {"large": large}))


def drafted(text: str, data: Mapping[str, Any], **said: Any) -> bytes:
    """The PDF of a paper that is not there yet, "draft" on every page: see `documents.orders.order`. Raises NotPrinted.
    Whoever calls holds no transaction meanwhile.
    """
    return _set("documents.draft", orders.order(text, data, house=str(HOUSE), **said))


def proved(text: str, data: Mapping[str, Any], **said: Any) -> dict[str, Any]:
    """The proof of a model: see `documents.proof`, its bytes still in base64. Raises NotPrinted. Whoever calls holds no
    transaction meanwhile.
    """
    return json.loads(_set("documents.proof", orders.order(text, data, house=str(HOUSE), **said)))


def judged(several: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What is to say about models, in the order in which they are given: see `documents.judging`. Raises NotPrinted.
    Whoever calls holds no transaction meanwhile.
    """
    return json.loads(_set("documents.judging", orders.told(several))) if several else []


def returned(text: str, data: Mapping[str, Any], **said: Any) -> dict[str, Any]:
    """A Word file that came back, read, and with `text` laid beside our own: see `documents.from_word`. Raises
    NotPrinted. Whoever calls holds no transaction meanwhile.
    """
    return json.loads(_set("documents.from_word", orders.order(text, data, house=str(HOUSE), **said)))


def lettered(letter: Letter) -> bytes:
    """The PDF of a letter, in large print. Raises NotPrinted. Whoever calls holds no transaction meanwhile."""
    return _set("documents.letters", json.dumps({"letter": asdict(letter), "house": str(HOUSE)}))


def bound(files: Sequence[Mapping[str, Any]], **said: Any) -> bytes:
    """Files as one PDF to be printed, a cover first: see `documents.binder.bound`. Raises NotPrinted. Whoever calls
    holds no transaction meanwhile.
    """
    return _set("documents.binder", orders.order("", {}, files=files, house=str(HOUSE), **said))


def tried(letterhead: bytes, text: str, data: Mapping[str, Any], **said: Any) -> dict[str, Any]:
    """A specimen in a letterhead that somebody uploaded, or why it is refused: see `documents.specimen.tried`. Raises
    NotPrinted. Whoever calls holds no transaction meanwhile.
    """
    return json.loads(
        _set("documents.specimen", orders.order(text, data, letterhead=letterhead, house=str(HOUSE), **said))
    )


def pictured(paper: bytes, page: int, count: int) -> list[bytes]:
    """Pages of a paper as PNG, from `page` (from 1), at most `count`: see `documents.showing`. Raises NotPrinted."""
    told = {"pdf": base64.b64encode(paper).decode(), "page": page, "count": count}
    made = json.loads(_set("documents.showing", json.dumps(told), _DRAWN))
    return [base64.b64decode(one) for one in made]


def spelled(paper: bytes) -> list[str]:
    """The words of each page of a paper. Raises NotPrinted."""
    return json.loads(_set("documents.showing", json.dumps({"pdf": base64.b64encode(paper).decode()})))


def stamped(lines: Sequence[str], mark: bytes | None, width: float, height: float) -> bytes:
    """What stands in the box of a signature, in points: see `documents.stamping`. Raises NotPrinted. Whoever calls
    holds no transaction meanwhile.
    """
    told = {"lines": list(lines), "mark": base64.b64encode(mark).decode() if mark else "", "house": str(HOUSE)}
    return _set("documents.stamped", json.dumps(told | {"width": width, "height": height}))


def _set(module: str, order: str, turn: BoundedSemaphore = _AT_ONCE) -> bytes:
    command = [sys.executable, "-m", module]
    with turn:
        try:
            done = subprocess.run(  # noqa: S603 - our own command
                command,
                input=order.encode(),
                capture_output=True,
                timeout=PATIENCE,
                check=False,
                cwd=ROOT,
                env=_surroundings(),
            )
        except subprocess.TimeoutExpired as fault:
            raise NotPrinted("too slow") from fault
    if done.returncode:
        raise NotPrinted(done.stderr.decode("utf-8", "replace")[-500:])
    return done.stdout


def _surroundings() -> dict[str, str]:
    """No setting or key of the application: the child needs none."""
    return {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT", "TMPDIR") if name in os.environ}
