"""What a Word file says: lines in reading order, each with what Word notes beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

TITLE, HEADING, PARAGRAPH, ITEM, ROW, PICTURE = "title", "heading", "paragraph", "item", "row", "picture"


@dataclass(frozen=True, slots=True)
class Change:
    """A change Word has tracked: `kind` is inserted, deleted or moved; `when` as Word writes it, "" when unknown."""

    kind: str
    text: str
    who: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment in the margin; `on`: the words it is about."""

    text: str
    who: str = ""
    when: str = ""
    on: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """What a model has no words for. `kind`: picture, text_box, equation, footnote, hidden; `text`: what it says."""

    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A title, a paragraph, an item of a list (`level` from 0) or a row of a table, whose cells are texts.

    Of a heading `level` counts from 1. Every other kind has one cell. Within a cell a line feed is a line break.
    """

    kind: str
    cells: tuple[str, ...]
    level: int = 0
    ordered: bool = False
    changes: tuple[Change, ...] = ()
    remarks: tuple[Remark, ...] = ()
    left: tuple[Left, ...] = ()

    @property
    def text(self) -> str:
        return " | ".join(self.cells) if len(self.cells) > 1 else self.cells[0]


@dataclass(frozen=True, slots=True)
class WordText:
    """A file as it is read. `foot`: the words of its footers; `about`: title, reference, author of its properties."""

    lines: tuple[Line, ...]
    foot: str = ""
    about: Mapping[str, str] = field(default_factory=dict)
