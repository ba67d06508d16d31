"""What a printed form consists of, as plain data: the writer of papers knows nothing of questions and rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from forms.paper.routing import Condition


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: `code` is what the keying screen takes; `mark` is empty, "x", or its place in a ranking."""

    code: str
    label: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Space:
    """Where the pen answers. `kind` is line, lines, boxes, digits, date, month, year, time, datetime, one, several,
    rank, listed (written from a list too long to print), tick, place, points, file or signature.

    `count`: lines or boxes; `decimals`: boxes after the comma; `unit`: € or nothing; `low`, `high`: the ends of a
    scale; `none`: offers the box "no consequence", `none_said` when it is ticked.
    """

    kind: str
    options: tuple[Option, ...] = ()
    count: int = 1
    decimals: int = 0
    unit: str = ""
    low: str = ""
    high: str = ""
    none: bool = False
    none_said: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A question, or a note (`kind`). `value` is the answer known already, as it is read; empty for choices, which
    carry their marks.
    """

    kind: str
    path: str
    number: str
    label: str
    hint: str = ""
    condition: Condition | None = None
    required: bool = False
    space: Space | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Questions with the same choices, the choices above."""

    label: str
    hint: str
    options: tuple[Option, ...]
    several: bool
    entries: tuple[Entry, ...]
    kind: str = "matrix"


@dataclass(frozen=True, slots=True)
class Lines:
    """A repeat whose rows are the lines of a table: one column for each entry; as `sheets` it is turned round, one line
    for each of many entries. `rows` are the answers known, row by row, choices after their codes; `count` rows are
    printed in all, `fixed` when there can be no more of them.
    """

    label: str
    condition: Condition | None
    entries: tuple[Entry, ...]
    rows: tuple[tuple[str, ...], ...]
    count: int
    fixed: bool
    kind: str = "lines"


@dataclass(frozen=True, slots=True)
class Block:
    """A group inside a page, or one numbered row of a repeat that holds tables itself (`row` counts from 1)."""

    label: str
    condition: Condition | None
    parts: tuple[Part, ...]
    row: int = 0
    more: bool = False
    kind: str = "block"


Part = Entry | Matrix | Lines | Block


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the form."""

    path: str
    label: str
    condition: Condition | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    form_id: str
    version: str
    title: str
    lang: str
    filled: bool
    sections: tuple[Section, ...]

    def entries(self) -> Iterator[Entry]:
        """Every question and note that is printed, in order."""
        for section in self.sections:
            yield from _entries(section.parts)


def _entries(parts: tuple[Part, ...]) -> Iterator[Entry]:
    for part in parts:
        match part:
            case Entry():
                yield part
            case Block():
                yield from _entries(part.parts)
            case Matrix() | Lines():
                yield from part.entries
