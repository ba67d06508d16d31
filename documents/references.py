"""Anchors and what refers to them: “article 3”, “partie 2.1”, “tableau 2”, known once the whole text is read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from documents.content import (
    AnnexTitle,
    Article,
    Block,
    Figure,
    Heading,
    KeyValues,
    Lead,
    ListBlock,
    Notice,
    Paragraph,
    Parties,
    Quote,
    Run,
    Runs,
    Table,
    plain,
    walk,
)
from documents.findings import Finding
from documents.source import Place

AT_THE_END = re.compile(r"\s*\{#([A-Za-z0-9_-]{1,60})\}\s*$")
_WORDS = {
    "fr": {"article": "article", "part": "partie", "table": "tableau", "figure": "figure", "annex": "annexe"},
    "en": {"article": "article", "part": "part", "table": "table", "figure": "figure", "annex": "annex"},
}
_QUOTED = {"fr": "«\u00a0%s\u00a0»"}


@dataclass(frozen=True, slots=True)
class Reference:
    """`{% ref "objet" %}` as it waits in the vault."""

    anchor: str
    line: int


def with_references(
    blocks: tuple[Block, ...], asked: Mapping[str, Place], lang: str, found: list[Finding]
) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """The blocks with every reference said in words, and which captions must bear their number.

    `asked`: the anchors that are referred to, each with the first place that does. An anchor that is nowhere is
    reported, and a question mark stands in its place.
    """
    if not asked:
        return blocks, ()
    targets = {one.anchor: one for one in walk(blocks) if getattr(one, "anchor", "")}
    for anchor, place in asked.items():
        if anchor not in targets:
            msgid, name = "Nothing in the text has the anchor “%(anchor)s”.", anchor.rpartition("/")[2]
            found.append(Finding("unknown_anchor", msgid, {"anchor": name}, place.line, place.clause))

    def said(runs: Runs) -> Runs:
        if not any(run.to for run in runs):
            return runs
        return tuple(_said(run, targets, lang) if run.to else run for run in runs)

    kinds = {Table: "table", Figure: "figure"}
    numbered = {kinds[type(targets[one])] for one in asked if one in targets and type(targets[one]) in kinds}
    return tuple(_changed(block, said) for block in blocks), tuple(sorted(numbered))


def _said(run: Run, targets: Mapping[str, Block], lang: str) -> Run:
    target = targets.get(run.to)
    return replace(run, text=_label(target, lang)) if target is not None else replace(run, text="?", to="")


def _label(target: Block, lang: str) -> str:
    """“article 3”; a heading without a number is named by its own words."""
    words = _WORDS.get(lang, _WORDS["en"])
    match target:
        case Article(number=number):
            return f"{words['article']}\u00a0{number}"
        case AnnexTitle(number=number):
            return f"{words['annex']}\u00a0{number}"
        case Table(number=number):
            return f"{words['table']}\u00a0{number}"
        case Figure(number=number):
            return f"{words['figure']}\u00a0{number}"
        case Heading(number=number, runs=runs):
            return f"{words['part']}\u00a0{number}" if number else _QUOTED.get(lang, "“%s”") % plain(runs)
    raise TypeError(type(target))


def _changed(block: Block, change: Callable[[Runs], Runs]) -> Block:
    """The block with its runs, and those of the blocks inside it, changed."""
    match block:
        case Heading() | Article() | Paragraph():
            return replace(block, runs=change(block.runs))
        case Table():
            rows = tuple(tuple(map(change, row)) for row in block.rows)
            return replace(block, header=tuple(map(change, block.header)), rows=rows)
        case KeyValues():
            return KeyValues(tuple((change(label), change(value)) for label, value in block.rows))
        case Notice() | Parties() | Lead() | Quote():
            return replace(block, blocks=tuple(_changed(one, change) for one in block.blocks))
        case ListBlock():
            return replace(block, items=tuple(tuple(_changed(one, change) for one in item) for item in block.items))
    return block
