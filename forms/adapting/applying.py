"""Lay changes on a workbook, one after the other; what finds no place any more is told, never dropped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from forms.adapting.asking import put_question
from forms.adapting.bench import Bench
from forms.adapting.changes import Change, NotPossible
from forms.adapting.judging import Judge, Needs, overtaken
from forms.adapting.offering import offer
from forms.adapting.outline import Part, found, outline
from forms.adapting.readers import Readers
from forms.findings import Finding
from forms.sheets import tables_of
from forms.structure import Form
from forms.workbook import read_book
from forms.workbook.writing import write_book

_NONE = Needs()


@dataclass(frozen=True, slots=True)
class Adapted:
    """The workbook with the changes in it. `missed`: the place of a change in the list → why it was left out;
    `touched`: (sheet, row) of this workbook → the change that wrote there last.
    """

    workbook: bytes
    filename: str
    missed: Mapping[int, NotPossible]
    touched: Mapping[tuple[str, int], int]

    def blamed(self, findings: Iterable[Finding]) -> dict[int, list[Finding]]:
        """Change → what the check says of its rows; under -1 what it says of rows that no change touched."""
        told: dict[int, list[Finding]] = {}
        for one in findings:
            told.setdefault(self.touched.get((one.sheet, one.row or 0), -1), []).append(one)
        return told


def adapt(source: bytes, filename: str, form: Form, changes: Sequence[Change], needs: Needs = _NONE) -> Adapted:
    """Change a workbook. form: what it compiles to; needs: what leans on it from outside. Raises FormRefused for a
    workbook that cannot be read.
    """
    tables, _ = tables_of(read_book(source, filename))
    bench = Bench(tables, form.default_language)
    readers = Readers(form)
    missed: dict[int, NotPossible] = {}
    for place, change in enumerate(changes):
        bench.now = place
        no = _applied(bench, readers, needs, change)
        if no is not None:
            missed[place] = no
    stem = filename.rpartition(".")[0] or filename
    return Adapted(write_book(bench.finished()), f"{stem}.xlsx", missed, bench.marks())


def _applied(bench: Bench, readers: Readers, needs: Needs, change: Change) -> NotPossible | None:
    parts = outline(bench)
    no = Judge(bench, parts, readers, needs).refusal(change)
    if no is not None:
        return no
    if change.do == "add":
        _add(bench, parts, change)
        return None
    part = parts[change.at] if change.at in parts else found(parts, change.at)
    if part is None:
        raise KeyError(change.at)
    if change.do == "move":
        return _move(bench, parts, readers, part, change.told)
    _simply(bench, part, change)
    return None


def _simply(bench: Bench, part: Part, change: Change) -> None:
    row = bench.rows["survey"][part.first]
    match change.do:
        case "text":
            bench.speak("survey", row, "label", change.told.get("label", {}))
            bench.speak("survey", row, "hint", change.told.get("hint", {}))
        case "choices":
            offer(bench, part, change.told)
        case "required":
            bench.put("survey", row, "required", "yes" if change.told["required"] else "")
        case "hide":
            bench.put("survey", row, "relevant", "false()")


def _move(
    bench: Bench, parts: Mapping[str, Part], readers: Readers, part: Part, told: Mapping[str, Any]
) -> NotPossible | None:
    rows = bench.rows["survey"]
    block = rows[part.first : part.last + 1]
    place = _place(parts, told["into"], told["after"])
    before = [one.name for one in parts.values()]
    rest = rows[: part.first] + rows[part.last + 1 :]
    place -= len(block) if place > part.last else 0
    bench.rows["survey"] = [*rest[:place], *block, *rest[place:]]
    no = overtaken(readers, before, [one.name for one in outline(bench).values()])
    if no is not None:
        bench.rows["survey"] = rows
    else:
        bench.touch(block[0])
    return no


def _place(parts: Mapping[str, Part], into: str, after: str) -> int:
    """The row before which something is put: behind `after`, else at the top of the group."""
    behind = found(parts, after) if after else None
    group = found(parts, into) if into else None
    if behind is not None and behind.around == (group.at if group else ""):
        return behind.last + 1
    return group.first + 1 if group else 0


def _add(bench: Bench, parts: Mapping[str, Part], change: Change) -> None:
    told = dict(change.told)
    into, after = told.get("into", ""), told.get("after", "")
    group = found(parts, into) if into else None
    beside = (found(parts, after) if after else None) or group
    told["relevant"] = _condition(bench, parts, told.get("only_if") or {})
    put_question(bench, change.name, told, _place(parts, into, after), beside)


def _condition(bench: Bench, parts: Mapping[str, Part], only_if: Mapping[str, str]) -> str:
    part = found(parts, only_if["question"]) if only_if else None
    if part is None:
        return ""
    kind = bench.cell("survey", bench.rows["survey"][part.first], "type")
    value = only_if["value"]
    if "multiple" in kind or kind.startswith("select all"):
        return f"selected(${{{part.name}}}, '{value}')"
    return f"${{{part.name}}} = '{value}'"
