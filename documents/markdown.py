"""Markdown with tokens in place → blocks of the content tree."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from documents import from_data
from documents.content import (
    Alignment,
    AnnexTitle,
    Article,
    Block,
    Figure,
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
    SignatureBlock,
    Signatures,
    Table,
    plain,
)
from documents.filters import as_text
from documents.findings import Finding
from documents.inline import Inline
from documents.numbers import Numbers
from documents.references import AT_THE_END
from documents.tags import Closes, Leaf, Opens
from documents.values import CUT, Vault, clean

_ARTICLE = re.compile(r"Article\b[\s\u00a0]*[–—:.-]?[\s\u00a0]*")
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Around:
    """What a text may call for besides its own words. `signatories`: who signs where `{% signatures %}` stands."""

    verify_url: str | None = None
    numbering: str = "articles"
    files: Mapping[str, bytes] = field(default_factory=dict)
    signatories: tuple[SignatureBlock, ...] = ()


def reading(vault: Vault, around: Around, found: list[Finding]) -> "Reading":
    """A reading of one paper: its numbers go on through every text that is read with it."""
    return Reading(vault, Inline(vault, found), around, found)


def _parsed(text: str) -> SyntaxTreeNode:
    """The syntax of a rendered model. HTML is text, indented text is no code, addresses are judged later."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("code")
    parser.normalizeLink = lambda address: address  # type: ignore[method-assign]
    parser.validateLink = lambda address: True  # type: ignore[method-assign]
    return SyntaxTreeNode(parser.parse(text))


@dataclass(slots=True)
class Reading:
    """One walk through one paper: counts what is numbered, remembers the caption and the last heading level.

    `below`: how many levels the headings are lowered, 1 inside an annex; `annexed`: the level of the first heading of
    that annex in the model, 0 before there is one.
    """

    vault: Vault
    inline: Inline
    around: Around
    found: list[Finding]
    highest: int = 1
    below: int = 0
    annexed: int = 0
    level: int = 0
    caption: str = ""
    caption_anchor: str = ""
    numbers: Numbers = field(default_factory=Numbers)
    open: list[tuple[Opens, list[Block]]] = field(default_factory=list)

    def blocks(self, text: str) -> tuple[Block, ...]:
        """The blocks of a rendered text."""
        tree = _parsed(text)
        self.highest = self.highest if self.below else self._highest(tree.children)
        return self.sequence(tree.children)

    def _highest(self, nodes: Sequence[SyntaxTreeNode]) -> int:
        """The highest level of heading outside annexes: it becomes level 1, so that a model may begin with `##`."""
        level, annexes = 6, 0
        for node in nodes:
            mark = self._mark(node)
            if isinstance(mark, Opens | Closes) and mark.kind == "annex":
                annexes += 1 if isinstance(mark, Opens) else -1
            elif not annexes:
                level = min([level, *(int(one.tag[1]) for one in node.walk() if one.type == "heading")])
        return level

    def annex(self, text: str, title: str) -> tuple[Block, ...]:
        """The blocks of a rendered text that is an annex as a whole."""
        return (self._annex(title, ""), *self.blocks(text))

    def within(self, around: Around, prefix: str) -> "Reading":
        """The reading of an annex that is a model of its own."""
        inline = Inline(self.vault, self.found, prefix)
        return Reading(self.vault, inline, around, self.found, numbers=self.numbers.within(prefix))

    def sequence(self, nodes: Sequence[SyntaxTreeNode]) -> tuple[Block, ...]:
        done: list[Block] = []
        depth = len(self.open)
        for node in nodes:
            mark = self._mark(node)
            target = self.open[-1][1] if len(self.open) > depth else done
            if isinstance(mark, Opens):
                self.open.append((mark, []))
                if mark.kind == "annex":
                    self.open[-1][1].append(self._annex(*self._titled(mark)))
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
                if any(run.text.strip() or run.to for run in runs):
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
        self.annexed = self.annexed or int(node.tag[1])
        highest = self.annexed if self.below else self.highest
        level, runs = max(int(node.tag[1]) - highest, 0) + 1 + self.below, self._runs(node)
        if level > min(self.level + 1, _DEEPEST):
            msgid = "The heading “%(heading)s” jumps to level %(level)s; it was set at level %(allowed)s."
            params = {"heading": plain(runs), "level": level, "allowed": min(self.level + 1, _DEEPEST)}
            self.found.append(Finding("heading_jump", msgid, params))
            level = params["allowed"]
        self.level = level
        runs, anchor = self._anchored(node, runs)
        match self.around.numbering:
            case "sections":
                return Heading(level, runs, "" if self.below else self.numbers.section(level), anchor)
            case "none":
                return Heading(level, runs, anchor=anchor)
        article = _ARTICLE.match(runs[0].text) if runs and not self._starts_with_value(node) else None
        if not article:
            return Heading(level, runs, anchor=anchor)
        first = replace(runs[0], text=runs[0].text[article.end() :])
        title = tuple(run for run in (first, *runs[1:]) if run.text or run.to)
        return Article(self.numbers.next("article"), title, level, anchor)

    def _anchored(self, node: SyntaxTreeNode, runs: Runs) -> tuple[Runs, str]:
        """The heading without the anchor at its end, and that anchor; only the model's own words make one."""
        own = AT_THE_END.search(node.children[0].content) if node.children else None
        if not own:
            return runs, ""
        last = replace(runs[-1], text=AT_THE_END.sub("", runs[-1].text))
        return tuple(run for run in (*runs[:-1], last) if run.text or run.to), self.numbers.anchor(own[1], self.found)

    def _titled(self, mark: Opens | Leaf) -> tuple[str, str]:
        """The words of a title or a caption, and its anchor: `id: "x"`, or `{#x}` at the end."""
        words = clean(as_text(mark.value if isinstance(mark, Leaf) else mark.named.get("title")))
        own = AT_THE_END.search(words)
        anchor = as_text(mark.named.get("id")) or (own[1] if own else "")
        return AT_THE_END.sub("", words), self.numbers.anchor(anchor, self.found, mark.line) if anchor else ""

    def _annex(self, title: str, anchor: str) -> AnnexTitle:
        self.below, self.level, self.annexed = 1, 1, 0
        return AnnexTitle(self.numbers.next("annex"), title, anchor)

    def _starts_with_value(self, node: SyntaxTreeNode) -> bool:
        return not _ARTICLE.match(node.children[0].content.lstrip("*_ ")) if node.children else True

    def _table(self, node: SyntaxTreeNode) -> Table:
        head, *bodies = node.children
        header = tuple(self._runs(cell) for cell in head.children[0].children)
        rows = [tuple(self._runs(cell) for cell in row.children) for body in bodies for row in body.children]
        alignment = tuple(_alignment(cell) for cell in head.children[0].children)
        even = from_data.even(rows, len(header), self.found)
        caption, self.caption = self.caption, ""
        return self._numbered(Table(header, even, alignment, (1.0,) * len(header), caption))

    def _numbered(self, block: Table | Figure) -> Table | Figure:
        """A table or figure with its number, when it has a caption to bear it, and the anchor of that caption."""
        anchor, self.caption_anchor = self.caption_anchor, ""
        kind = "table" if isinstance(block, Table) else "figure"
        return replace(block, number=self.numbers.next(kind), anchor=anchor) if block.caption else block

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
            case "annex":
                self.below = 0
                yield from inside

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
            case "figure":
                made = from_data.figure(leaf, self.around.files, self.found)
                anchor = as_text(leaf.named.get("id"))
                self.caption_anchor = self.numbers.anchor(anchor, self.found, leaf.line) if anchor else ""
            case "caption":
                self.caption, self.caption_anchor = self._titled(leaf)
            case "signature":
                made = self._signed(leaf, from_data.signature(leaf.named, self.found))
            case "signatures":
                made = self._signed(leaf, *self.around.signatories)
            case "pagebreak":
                made = PageBreak()
            case "qr":
                made = QRCode(self.around.verify_url) if self.around.verify_url else None
            case "square":
                made = from_data.square(leaf, self.found)
        if made is not None:
            yield self._numbered(made) if isinstance(made, Table | Figure) else made

    def _signed(self, leaf: Leaf, *boxes: SignatureBlock) -> Signatures | None:
        if not boxes:
            msgid = "The front matter names nobody who signs."
            self.found.append(Finding("no_signatories", msgid, {}, leaf.line))
            return None
        fields = (self.numbers.field(one.field_name, self.found, leaf.line) for one in boxes)
        return Signatures(tuple(replace(one, field_name=name) for one, name in zip(boxes, fields, strict=True)))


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
