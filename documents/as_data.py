"""The content tree as plain data: what the Typst theme reads, and what the content hash is taken of."""

import dataclasses
import hashlib
import json
from collections.abc import Callable, Mapping

from documents.content import (
    Article,
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
    Table,
    plain,
)
from documents.filters import for_language
from documents.house import HouseStyle

Data = dict[str, object]


def content_hash(document: Document) -> str:
    """SHA-256, in hexadecimal, of everything the paper says, whatever it looks like."""
    canonical = json.dumps(dataclasses.asdict(document), ensure_ascii=False, sort_keys=True, default=_digest)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def _digest(value: object) -> object:
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else dict(value)  # type: ignore[call-overload]


def long_date(iso: str, lang: str) -> str:
    return for_language(lang)["date_longue"](iso)


def article_label(article: Article, style: HouseStyle, lang: str) -> Runs:
    """“Article 3 – Objet”, as runs."""
    label = style.says(lang, "article", number=article.number)
    return (Run(label if article.runs else label.rstrip(" –:\u00a0")), *article.runs)


def shares(table: Table) -> tuple[float, ...]:
    """The relative widths of a table: as given, or after the longest cell of each column when all are equal."""
    if len(set(table.widths)) > 1:
        return table.widths
    columns = zip(*(tuple(map(plain, row)) for row in (table.header, *table.rows)), strict=True)
    return tuple(float(min(max(max(map(len, column)), 6), 36)) for column in columns)


def signing_line(block: SignatureBlock, style: HouseStyle, lang: str) -> str:
    """“Fait à Grenoble, le 23 novembre 2026”, as far as place and date are known."""
    if block.place and block.date:
        return style.says(lang, "place_and_date", place=block.place, date=block.date)
    if block.place:
        return style.says(lang, "place_only", place=block.place)
    return style.says(lang, "date_only", date=block.date) if block.date else ""


def verification(document: Document, style: HouseStyle, sealed: bool) -> tuple[str, ...]:
    """What stands beside the QR code: its title, how to use it, and what the seal proves when there is one."""
    says = lambda name, **params: style.says(document.lang, name, **params)  # noqa: E731 - one word for three calls
    lines = (says("verify_title"), says("verify_text"))
    return (*lines, says("seal", issuer=document.meta.issuer or style.organisation)) if sealed else lines


class Blocks:
    """Blocks as dictionaries `{"kind": …}`; pictures are put in `pictures` by file name."""

    def __init__(self, document: Document, style: HouseStyle, text: Callable[[str], str], sealed: bool) -> None:
        self.document, self.style, self.text, self.sealed = document, style, text, sealed
        self.pictures: dict[str, bytes] = {}
        self.codes: list[str] = []

    def sequence(self, blocks: tuple[Block, ...]) -> list[Data]:
        return [self.block(block) for block in blocks]

    def runs(self, runs: Runs) -> list[Data]:
        return [
            {"text": self.text(r.text), "strong": r.strong, "emph": r.emphasis, "code": r.code, "href": r.href}
            for r in runs
        ]

    def block(self, block: Block) -> Data:
        match block:
            case Heading():
                return {"kind": "heading", "level": block.level, "runs": self.runs(block.runs)}
            case Article():
                runs = article_label(block, self.style, self.document.lang)
                return {"kind": "heading", "level": block.level, "runs": self.runs(runs)}
            case Paragraph():
                return {"kind": "paragraph", "runs": self.runs(block.runs)}
            case ListBlock():
                items = [self.sequence(item) for item in block.items]
                return {"kind": "list", "ordered": block.ordered, "start": block.start, "items": items}
            case Notice():
                return {"kind": "notice", "title": self.text(block.title), "blocks": self.sequence(block.blocks)}
            case Parties() | Lead() | Quote():
                return {"kind": type(block).__name__.lower(), "blocks": self.sequence(block.blocks)}
            case Table():
                return self._table(block)
            case KeyValues():
                empty = (Run(self.style.says(self.document.lang, "empty")),)
                rows = [[self.runs(label), self.runs(value or empty)] for label, value in block.rows]
                return {"kind": "keyvalues", "rows": rows}
            case Signatures():
                return {"kind": "signatures", "blocks": [self._signature(one) for one in block.blocks]}
            case Figure():
                return self._figure(block)
            case QRCode():
                return self._code(block)
            case Rule():
                return {"kind": "rule"}
            case PageBreak():
                return {"kind": "pagebreak"}

    def _table(self, table: Table) -> Data:
        return {
            "kind": "table",
            "caption": self.text(table.caption),
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

    def _figure(self, figure: Figure) -> Data:
        name = f"figure-{len(self.pictures)}.{figure.media_type.rpartition('/')[2].partition('+')[0]}"
        self.pictures[name] = figure.data
        said = {"alt": self.text(figure.alt), "caption": self.text(figure.caption)}
        return {"kind": "figure", "file": name, "width": figure.width_mm, **said}

    def _code(self, code: QRCode) -> Data:
        self.codes.append(code.data)
        title, *lines = (self.text(line) for line in verification(self.document, self.style, self.sealed))
        alt = self.text(self.style.says(self.document.lang, "verify_alt", address=code.data))
        name = f"code-{len(self.codes) - 1}.svg"
        return {"kind": "code", "file": name, "alt": alt, "title": title, "lines": lines, "address": code.data}
