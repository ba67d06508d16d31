"""Where each answer comes from: who, when, from what. Beside the answers, by path, through every way they are written.

A line is [who, when, source] and, for some sources, one thing more: for `seen` and `confirmed` the line before, for
`paper` what is known of the paper. Sources: declared (somebody typed what was said), seen (on a document), prefilled
(from the household's file), paper (keyed), import, earlier (an earlier version), confirmed (unchanged). What is
computed has no line: its formula tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.instance import Instance

Line = list[Any]
Lines = Mapping[str, Any]

SEEN, CONFIRMED = "seen", "confirmed"


def texts(instance: Instance) -> dict[str, str]:
    """Answers that somebody gave, by path; those that are not asked at the moment too, for they come back unchanged."""
    return {
        path: node.text
        for path, node, question in instance.leaves()
        if question.kind != "note" and not question.computed and (node.text or node.relevant)
    }


def told(lines: Lines, before: Mapping[str, str], after: Mapping[str, str], line: Line) -> dict[str, Any]:
    """The lines after a save: `line` for what reads differently now, those of answers that are gone left out."""
    changed = {path: line for path, text in after.items() if before.get(path, "") != text}
    return of_answers({**lines, **changed}, after)


def of_answers(lines: Lines, after: Mapping[str, str]) -> dict[str, Any]:
    """The lines of the answers that are there."""
    return {path: line for path, line in lines.items() if path in after}


def without_row(lines: Lines, row: str) -> dict[str, Any]:
    """The lines once a row has gone (`/data/C/person[2]`): those of later rows follow their answers."""
    gone = _place(row)
    return {_moved(path, row, -1): line for path, line in lines.items() if _place_in(path, row) != gone}


def with_row(lines: Lines, row: str) -> dict[str, Any]:
    """The lines once a row stands where another one stood: that one and later ones follow their answers."""
    return {_moved(path, row, 1): line for path, line in lines.items()}


def _moved(path: str, row: str, step: int) -> str:
    """The path of an answer after a row before its own has come or gone."""
    place = _place_in(path, row)
    if place < _place(row):
        return path
    repeat = row.rpartition("[")[0]
    return f"{repeat}[{place + step}]{path[len(f'{repeat}[{place}]') :]}"


def _place(row: str) -> int:
    return int(row.removesuffix("]").rpartition("[")[2])


def _place_in(path: str, row: str) -> int:
    """In which row of the same repeat a path stands; 0 when in none."""
    repeat, _, _number = row.rpartition("[")
    number, bracket, _rest = path.removeprefix(f"{repeat}[").partition("]")
    return int(number) if path.startswith(f"{repeat}[") and bracket and number.isdigit() else 0


# -- seen on a document -------------------------------------------------------------------------------------------


def is_seen(line: Line | None) -> bool:
    """Whether the answer was seen on a document, even if it was confirmed since."""
    while line and line[2] == CONFIRMED and len(line) > 3:
        line = line[3]
    return bool(line) and line[2] == SEEN


def box(path: str, line: Line | None) -> str:
    """What the box beside an answer sends. A ticked one says when: should the answer change, the box means nothing."""
    return f"{path} {line[1]}" if line and is_seen(line) else path


def marked(lines: Lines, boxes: Mapping[str, bool], ticked: frozenset[str], who: str, when: str) -> dict[str, Any]:
    """The lines after the boxes of a page were read.

    boxes: paths of the answers that had one, and whether they were seen before this save: an answer that changes under
    a ticked box is seen no longer. ticked: what the ticked ones sent.
    """
    found = dict(lines)
    for path, before in boxes.items():
        line = found.get(path)
        if line is None:
            continue
        if is_seen(line) and not ticked & {path, box(path, line)}:
            found[path] = _unseen(line)
        elif path in ticked and not before and not is_seen(line):
            found[path] = [who, when, SEEN, line]
    return found


def _unseen(line: Line) -> Line:
    """The line as it was before somebody ticked the box by mistake."""
    while line[2] in {SEEN, CONFIRMED} and len(line) > 3:
        line = line[3]
    return line
