"""A partner's lines as the Markdown of a model: whatever signs they hold are shown as they are."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from documents.from_word.lines import HEADING, ITEM, PICTURE, ROW, Line
from documents.from_word.words import typed_number, without_number

_SIGNS = re.compile(r"([\\`*_\[\]<>{}|~&])")
_AT_THE_HEAD = re.compile(r"^([ \t]*)(?:([#>+=-])|(\d{1,9})([.)](?=\s|$)))", re.MULTILINE)


def words(text: str, *, at_the_head: bool = False, one_line: bool = False) -> str:
    """A text that means nothing to Markdown or Liquid; a line feed is a line break, or a space with `one_line`."""
    safe = _SIGNS.sub(r"\\\1", text.strip())
    if at_the_head:
        safe = _AT_THE_HEAD.sub(lambda one: f"\\{one[2]}" if one[2] else f"{one[3]}\\{one[4]}", safe)
    return re.sub(r"\s*\n\s*", " " if one_line else "\\\\\n", safe)


def blocks(lines: Sequence[Line]) -> str:
    """Lines as blocks with an empty line between them; rows that follow each other are one table, items one list."""
    kept = [line for line in lines if line.kind != PICTURE and line.text.strip()]
    return "\n\n".join(_group(kind, list(group)) for kind, group in groupby(kept, key=lambda line: line.kind))


def _group(kind: str, lines: list[Line]) -> str:
    match kind:
        case "item":
            return "\n".join(item(line) for line in lines)
        case "row":
            return "\n".join(_table(lines))
    return "\n\n".join(words(line.text, at_the_head=True) for line in lines)


def item(line: Line) -> str:
    """One item of a list."""
    return f"{'   ' * line.level}{'1.' if line.ordered else '-'} {words(line.text, at_the_head=True, one_line=True)}"


def row(line: Line) -> str:
    """One row of a table."""
    return "| " + " | ".join(words(cell, one_line=True) for cell in line.cells) + " |"


def _table(lines: list[Line]) -> Iterator[str]:
    yield row(lines[0])
    yield "|" + "---|" * len(lines[0].cells)
    yield from map(row, lines[1:])


def heading(line: Line, hashes: str) -> str:
    """The title of an article that is new; the model counts it itself."""
    title = words(without_number(line.text), one_line=True)
    return f"{hashes} Article – {title}" if typed_number(line.text) else f"{hashes} {title}"


def alone(line: Line) -> str:
    """One line as a block of its own."""
    return item(line) if line.kind == ITEM else row(line) if line.kind == ROW else blocks([line])


__all__ = ["HEADING", "alone", "blocks", "heading", "item", "row", "words"]
