"""The text of a draft: a paper cut into articles of plain lines, and the lines of an article."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from documents.content import (
    AnnexTitle,
    Article,
    Block,
    Heading,
    KeyValues,
    Lead,
    ListBlock,
    Notice,
    Paragraph,
    Parties,
    Quote,
    Table,
    plain,
)

LONGEST_TITLE, LONGEST_WORDS, MOST_ARTICLES = 300, 100_000, 200
_STEP = re.compile(r"(\d{1,3})[.)]\s+")


@dataclass(frozen=True)
class Part:
    """One article, or words that stand before or between them (numbered: False)."""

    key: str
    numbered: bool
    title: str
    words: str


@dataclass(frozen=True)
class Line:
    """One line of an article: a paragraph, an item of a list, or a numbered one."""

    kind: Literal["paragraph", "item", "step"]
    text: str


def lines_of(words: str) -> list[Line]:
    """An article line by line; empty lines only separate."""
    return [_line(one.strip()) for one in words.splitlines() if one.strip()]


def _line(told: str) -> Line:
    if told.startswith(("- ", "• ", "– ", "* ")):
        return Line("item", told[2:].strip())
    step = _STEP.match(told)
    return Line("step", told[step.end() :].strip()) if step and told[step.end() :].strip() else Line("paragraph", told)


def numbers(parts: Iterable[Part]) -> dict[str, int]:
    """{key: number} of the articles, counted from 1 through the whole text."""
    counted = (one.key for one in parts if one.numbered)
    return {key: number for number, key in enumerate(counted, start=1)}


def fingerprint(parts: Iterable[Part]) -> str:
    """SHA-256 of what a version says."""
    said = "\x1e".join("\x1f".join((one.key, "1" if one.numbered else "", one.title, one.words)) for one in parts)
    return sha256(said.encode()).hexdigest()


def key_for(title: str, taken: Collection[str]) -> str:
    """A name for an article that no other one has: plain letters of its title."""
    bare = unicodedata.normalize("NFKD", title.casefold())
    name = re.sub(r"[^a-z0-9]+", "-", "".join(one for one in bare if not unicodedata.combining(one))).strip("-")[:32]
    name = name.strip("-") or "article"
    others = (f"{name}-{number}" for number in range(2, 10_000))
    return next(one for one in (name, *others) if one not in taken)


# -- from a paper -----------------------------------------------------------------------------------------------------


def parts_of(blocks: Sequence[Block]) -> list[Part]:
    """The articles of a paper with the words before them. Parties, signatures, pictures and annexes are left out: they
    are not open to discussion.
    """
    found: list[Part] = []
    title, anchor, numbered, lines = "", "", False, list[str]()

    def close() -> None:
        if lines or numbered:
            key = key_for(anchor or title, [one.key for one in found])
            found.append(Part(key, numbered, title[:LONGEST_TITLE], "\n".join(lines)))

    for block in blocks:
        if isinstance(block, AnnexTitle):
            break
        if isinstance(block, Article | Heading):
            close()
            title, anchor, numbered, lines = plain(block.runs), block.anchor, isinstance(block, Article), []
        else:
            lines += _lines(block)
    close()
    return [one for one in found if one.title][:MOST_ARTICLES]


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield from _flat(plain(block.runs))
        case ListBlock():
            for number, item in enumerate(block.items, start=block.start):
                mark = f"{number}. " if block.ordered else "- "
                yield mark + " ".join(line for one in item for line in _lines(one))
        case Table():
            head = [plain(cell) for cell in block.header]
            for row in block.rows:
                yield "- " + _row(head, [plain(cell) for cell in row])
        case KeyValues():
            for label, value in block.rows:
                yield f"- {plain(label)} : {plain(value) or '—'}"
        case Notice() | Lead() | Quote():
            for one in block.blocks:
                yield from _lines(one)
        case Parties() | _:
            return


def _flat(words: str) -> Iterator[str]:
    yield from (line.strip() for line in words.split("\n") if line.strip())


def _row(head: Sequence[str], cells: Sequence[str]) -> str:
    """Of two columns the first one names the second; of more, each value bears the name of its column."""
    if len(cells) == 2:
        return f"{cells[0]} : {cells[1]}"
    told = [f"{name} : {cell}" if name else cell for name, cell in zip(head[1:], cells[1:], strict=False) if cell]
    return ", ".join([*cells[:1], *told])
