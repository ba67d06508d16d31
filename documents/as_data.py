"""The content tree as plain data: what the Typst theme reads, and what the content hash is taken of."""

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import singledispatchmethod
from typing import Any

from documents.content import (
    AnnexTitle,
    Article,
    AttachedFiles,
    Block,
    Document,
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
    Square,
    Table,
    plain,
)
from documents.fonts import narrow_space
from documents.house import HouseStyle
from documents.typography import typeset, typeset_runs
from documents.wording import attached_list, caption_of, is_short, signing_line, title_of, verification

Data = dict[str, object]
# What the space beside a text costs, in characters.
_CELL_PADDING = 4.0


def content_hash(document: Document) -> str:
    """SHA-256, in hexadecimal, of everything the paper says, whatever it looks like."""
    canonical = json.dumps(document, ensure_ascii=False, sort_keys=True, default=_plain)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: object) -> object:
    """What JSON has no word for: parts of the tree, pictures, further facts. Copying the whole tree first is slower."""
    names = getattr(value, "__dataclass_fields__", None)
    if names is not None:
        return {name: getattr(value, name) for name in names}
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else dict(value)  # type: ignore[call-overload]


def shares(table: Table) -> tuple[float, ...]:
    """The relative widths of a table: as given, or after the longest cell of each column when all are equal."""
    if len(set(table.widths)) > 1:
        return table.widths
    columns = zip(*(tuple(map(plain, row)) for row in (table.header, *table.rows)), strict=True)
    longest = (max(map(len, column)) for column in columns)
    return tuple(min(max(length, 6), 36) + _CELL_PADDING for length in longest)


def room(blocks: list[Any]) -> int:
    """About how many letters of room some blocks take, a line being 80; very many for what is no text.

    The theme keeps what takes little on one page. Asking the typesetter to measure it would take longer.
    """
    total = 0
    for block in blocks:
        match block["kind"]:
            case "paragraph" | "heading":
                texts = (run if isinstance(run, str) else run["text"] for run in block["runs"])
                letters = sum(len(text) + 80 * text.count("\n") for text in texts)
                total += 80 * (1 + letters // 80)
            case "list":
                total += sum(room(item) for item in block["items"])
            case _:
                total += 100_000
    return total


class Blocks:
    """Blocks as dictionaries `{"kind": …}`; pictures are put in `pictures` by file name, as a JSON list of their bytes:
    Typst takes every file that is handed to it for text.
    """

    def __init__(self, document: Document, style: HouseStyle, text: Callable[[str], str], sealed: bool) -> None:
        self.document, self.style, self.drawn, self.sealed = document, style, text, sealed
        self.narrow = narrow_space(document.meta.typeface)
        self.pictures: dict[str, bytes] = {}
        self.codes: list[str] = []

    def sequence(self, blocks: tuple[Block, ...]) -> list[Data]:
        return [self.block(block) for block in blocks]

    def text(self, text: str) -> str:
        """Words as they are drawn: with the spaces of their language, and a sign for what no font has."""
        return self.drawn(typeset(text, self.document.lang, self.narrow))

    def runs(self, runs: Runs) -> list[Data | str]:
        """Plain words as they are, others as `{"text": …}` with what is particular to them: most are plain."""
        return [self._run(run) for run in typeset_runs(runs, self.document.lang, self.narrow)]

    def _run(self, run: Run) -> Data | str:
        text = self.drawn(run.text)
        manner = {"strong": run.strong, "emph": run.emphasis, "code": run.code, "href": run.href, "to": run.to}
        said = {name: told for name, told in manner.items() if told}
        return {"text": text, **said} if said else text

    @singledispatchmethod
    def block(self, block: Block) -> Data:
        raise TypeError(type(block))

    @block.register
    def _title(self, block: Heading | Article | AnnexTitle) -> Data:
        runs = self.runs(title_of(block, self.style, self.document.lang))
        annex = isinstance(block, AnnexTitle)
        level = 1 if annex else block.level
        return {"kind": "heading", "level": level, "runs": runs, "anchor": block.anchor, "apart": annex}

    @block.register
    def _attached(self, block: AttachedFiles) -> Data:
        return {"kind": "group", "blocks": self.sequence(attached_list(block, self.style, self.document.lang))}

    @block.register
    def _paragraph(self, block: Paragraph) -> Data:
        return {"kind": "paragraph", "runs": self.runs(block.runs)}

    @block.register
    def _list(self, block: ListBlock) -> Data:
        items = [self.sequence(item) for item in block.items]
        return {"kind": "list", "ordered": block.ordered, "start": block.start, "items": items}

    @block.register
    def _notice(self, block: Notice) -> Data:
        inside = self.sequence(block.blocks)
        return {"kind": "notice", "title": self.text(block.title), "blocks": inside, "room": room(inside)}

    @block.register
    def _container(self, block: Parties | Lead | Quote) -> Data:
        inside = self.sequence(block.blocks)
        return {"kind": type(block).__name__.lower(), "blocks": inside, "room": room(inside)}

    @block.register
    def _key_values(self, block: KeyValues) -> Data:
        empty = (Run(self.style.says(self.document.lang, "empty")),)
        return {
            "kind": "keyvalues",
            "rows": [[self.runs(label), self.runs(value or empty)] for label, value in block.rows],
        }

    @block.register
    def _bare(self, block: Rule | PageBreak) -> Data:
        return {"kind": type(block).__name__.lower()}

    @block.register
    def _signatures(self, block: Signatures) -> Data:
        return {"kind": "signatures", "blocks": [self._signature(one) for one in block.blocks]}

    @block.register
    def _table(self, table: Table) -> Data:
        return {
            "kind": "table",
            "caption": self.text(caption_of(table, self.document, self.style)),
            "anchor": table.anchor,
            "header": [self.runs(cell) for cell in table.header],
            "rows": [[self.runs(cell) for cell in row] for row in table.rows],
            "align": list(table.alignment),
            "widths": list(shares(table)),
        }

    def _signature(self, block: SignatureBlock) -> Data:
        lang = self.document.lang
        said: Mapping[str, str] = {
            "name": block.name,
            "capacity": block.capacity,
            "organisation": block.organisation,
            "deliberation": block.deliberation,
            "line": signing_line(block, self.style, lang),
            "word": self.style.says(lang, "signature"),
        }
        return {name: self.text(text) for name, text in said.items()} | {"field": block.field_name}

    @block.register
    def _figure(self, figure: Figure) -> Data:
        name = f"figure-{len(self.pictures)}.json"
        self.pictures[name] = json.dumps(list(figure.data)).encode()
        caption = caption_of(figure, self.document, self.style)
        said = {"alt": self.text(figure.alt), "caption": self.text(caption), "anchor": figure.anchor}
        return {"kind": "figure", "file": name, "width": figure.width_mm, **said}

    @block.register
    def _code(self, code: QRCode) -> Data:
        self.codes.append(code.data)
        title, *lines = (self.text(line) for line in verification(self.document, self.style, self.sealed))
        alt = self.text(self.style.says(self.document.lang, "verify_alt", address=code.data))
        name = f"code-{len(self.codes) - 1}.svg"
        return {
            "kind": "code", "file": name, "alt": alt, "title": title, "lines": lines, "address": code.data,
            "short": is_short(self.document),
        }  # fmt: skip

    @block.register
    def _square(self, square: Square) -> Data:
        self.codes.append(square.address)
        alt = self.text(self.style.says(self.document.lang, "square_alt", address=square.address))
        name = f"code-{len(self.codes) - 1}.svg"
        title = self.text(square.label)
        return {"kind": "square", "file": name, "alt": alt, "title": title, "address": square.address}
