"""Markdown with tokens in place → blocks of the content tree."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from documents import from_data
from documents.content import (
    Alignment,
    Article,
    Block,
    Heading,
    KeyValues,
    Lead,
    ListBlock,
    Notice,
    PageBreak,
    Paragraph,
    Parties,
    QRCode,
    Quote,
    Rule,
    Run,
    Runs,
    Signatures,
    Table,
    plain,
)
from documents.filters import as_text
from documents.findings import Finding
from documents.inline import Inline
from documents.tags import Closes, Leaf, Opens
from documents.values import CUT, Vault, clean

_ARTICLE = re.compile(r"Article\b[\s\u00a0]*[–—:.-]?[\s\u00a0]*")
_DEEPEST = 4


def blocks(text: str, vault: Vault, lang: str, verify_url: str | None, found: list[Finding]) -> tuple[Block, ...]:
    """Parse the rendered model. HTML is text, indented text is no code, addresses are judged once values are in."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("code")
    parser.normalizeLink = lambda address: address  # type: ignore[method-assign]
    parser.validateLink = lambda address: True  # type: ignore[method-assign]
    tree = SyntaxTreeNode(parser.parse(text))
    reading = _Reading(vault, Inline(vault, lang, found), verify_url, found, highest=_highest(tree))
    return reading.sequence(tree.children)


@dataclass(slots=True)
class _Reading:
    """One walk through one model: counts articles, remembers the caption and the last heading level."""

    vault: Vault
    inline: Inline
    verify_url: str | None
    found: list[Finding]
    highest: int
    articles: int = 0
    level: int = 0
    caption: str = ""
    open: list[tuple[Opens, list[Block]]] = field(default_factory=list)

    def sequence(self, nodes: Sequence[SyntaxTreeNode]) -> tuple[Block, ...]:
        done: list[Block] = []
        depth = len(self.open)
        for node in nodes:
            mark = self._mark(node)
            target = self.open[-1][1] if len(self.open) > depth else done
            if isinstance(mark, Opens):
                self.open.append((mark, []))
            elif isinstance(mark, Closes):
                opened, inside = self.open.pop()
                outer = self.open[-1][1] if len(self.open) > depth else done
                outer.extend(self._container(opened, _gathered(inside)))
            elif isinstance(mark, Leaf):
                target.extend(self._leaf(mark))
            else:
                target.extend(self._block(node))
        return _gathered(done)

    def _mark(self, node: SyntaxTreeNode) -> object | None:
        if node.type != "paragraph":
            return None
        found = self.vault.take(node.children[0].content)
        return None if isinstance(found, str) else found

    def _block(self, node: SyntaxTreeNode) -> Iterator[Block]:
        match node.type:
            case "heading":
                yield self._heading(node)
            case "paragraph":
                runs = self._runs(node)
                if plain(runs).strip():
                    yield Paragraph(runs)
            case "bullet_list" | "ordered_list":
                if self.open and self.open[-1][0].kind == "keyvalues":
                    for item in node.children:
                        _mark_colon(item)
                items = tuple(self.sequence(item.children) for item in node.children)
                yield ListBlock(items, node.type == "ordered_list", int(node.attrs.get("start", 1)))
            case "table":
                yield self._table(node)
            case "blockquote":
                yield Quote(self.sequence(node.children))
            case "hr":
                yield Rule()
            case "fence" | "html_block" | "code_block":
                yield Paragraph((Run(self.vault.open(node.content).strip("\n"), code=node.type == "fence"),))

    def _runs(self, node: SyntaxTreeNode) -> Runs:
        return self.inline.runs(child for inline in node.children for child in inline.children)

    def _heading(self, node: SyntaxTreeNode) -> Block:
        level, runs = int(node.tag[1]) - self.highest + 1, self._runs(node)
        if level > min(self.level + 1, _DEEPEST):
            msgid = "The heading “%(heading)s” jumps to level %(level)s; it was set at level %(allowed)s."
            params = {"heading": plain(runs), "level": level, "allowed": min(self.level + 1, _DEEPEST)}
            self.found.append(Finding("heading_jump", msgid, params))
            level = params["allowed"]
        self.level = level
        article = _ARTICLE.match(runs[0].text) if runs and not self._starts_with_value(node) else None
        if not article:
            return Heading(level, runs)
        self.articles += 1
        first = Run(runs[0].text[article.end() :], runs[0].strong, runs[0].emphasis, runs[0].code, runs[0].href)
        return Article(self.articles, tuple(run for run in (first, *runs[1:]) if run.text), level)

    def _starts_with_value(self, node: SyntaxTreeNode) -> bool:
        return not _ARTICLE.match(node.children[0].content.lstrip("*_ ")) if node.children else True

    def _table(self, node: SyntaxTreeNode) -> Table:
        head, *bodies = node.children
        header = tuple(self._runs(cell) for cell in head.children[0].children)
        rows = [tuple(self._runs(cell) for cell in row.children) for body in bodies for row in body.children]
        alignment = tuple(_alignment(cell) for cell in head.children[0].children)
        caption, self.caption = self.caption, ""
        return Table(header, from_data.even(rows, len(header), self.found), alignment, (1.0,) * len(header), caption)

    def _container(self, opened: Opens, inside: tuple[Block, ...]) -> Iterator[Block]:
        title = clean(as_text(opened.named.get("title")))
        match opened.kind:
            case "notice":
                yield Notice(inside, title)
            case "parties":
                yield Parties(inside)
            case "lead":
                yield Lead(inside)
            case "keyvalues":
                yield from _pairs(inside)

    def _leaf(self, leaf: Leaf) -> Iterator[Block]:
        made: Block | None = None
        match leaf.kind:
            case "keyvalues":
                made = from_data.key_values(leaf.value, self.found)
            case "table":
                made = from_data.table(leaf.value, self.caption, self.found)
                self.caption = ""
            case "picture":
                made = from_data.picture(leaf.value, self.found)
            case "caption":
                self.caption = clean(as_text(leaf.value))
            case "signature":
                made = Signatures((from_data.signature(leaf.named, self.found),))
            case "pagebreak":
                made = PageBreak()
            case "qr":
                made = QRCode(self.verify_url) if self.verify_url else None
        if made is not None:
            yield made


def _highest(tree: SyntaxTreeNode) -> int:
    """The highest level of heading the model uses: it becomes level 1, so that a model may begin with `##`."""
    return min((int(node.tag[1]) for node in tree.walk() if node.type == "heading"), default=1)


def _alignment(cell: SyntaxTreeNode) -> Alignment:
    style = str(cell.attrs.get("style", ""))
    return "right" if "right" in style else "center" if "center" in style else "left"


def _pairs(inside: tuple[Block, ...]) -> Iterator[Block]:
    """The lists inside a hand-written `keyvalues`: each item cut at its first colon. Other blocks stay as they are."""
    for block in inside:
        if isinstance(block, ListBlock):
            yield KeyValues(tuple(_pair(item) for item in block.items))
        else:
            yield block


def _pair(item: tuple[Block, ...]) -> tuple[Runs, Runs]:
    runs = tuple(run for block in item if isinstance(block, Paragraph) for run in block.runs)
    for at, run in enumerate(runs):
        label, cut, value = run.text.partition(CUT)
        if cut:
            before = (*runs[:at], replace(run, text=label.rstrip(" \u00a0")))
            after = (replace(run, text=value.lstrip(" \u00a0"), strong=False), *runs[at + 1 :])
            return tuple(r for r in before if r.text), tuple(r for r in after if r.text)
    return runs, ()


def _mark_colon(item: SyntaxTreeNode) -> None:
    """Mark the first colon of the model's own words, so that a colon inside a value is never taken for it."""
    for node in item.walk():
        if node.type == "text" and ":" in node.content and node.token is not None:
            node.token.content = node.content.replace(":", CUT, 1)
            return


def _gathered(done: list[Block]) -> tuple[Block, ...]:
    """Signature blocks that follow each other become one row of them."""
    gathered: list[Block] = []
    for block in done:
        if isinstance(block, Signatures) and gathered and isinstance(gathered[-1], Signatures):
            gathered[-1] = Signatures((*gathered[-1].blocks, *block.blocks))
        else:
            gathered.append(block)
    return tuple(gathered)
