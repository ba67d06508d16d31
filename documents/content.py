"""The content tree: what a paper says, before anybody decides how it looks.

Two writers read it (`documents.docx`, `documents.pdf`), so nothing here knows points, pages or markup. Every text is
plain text: whatever signs it holds are shown as they are. A line feed inside a run is a line break.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Alignment = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one manner. `href` is already checked: http, https or mailto only; `to` is the anchor of
    another place of the same paper.
    """

    text: str
    strong: bool = False
    emphasis: bool = False
    code: bool = False
    href: str | None = None
    to: str = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A title inside the paper; `level` 1 to 4, never jumping by more than one. `number`: “2.1”, "" without one."""

    level: int
    runs: Runs
    number: str = ""
    anchor: str = ""

    @property
    def text(self) -> str:
        return plain(self.runs)


@dataclass(frozen=True, slots=True)
class Article:
    """The numbered title of an article; what it says follows it in the tree, as with a heading."""

    number: int
    runs: Runs
    level: int = 2
    anchor: str = ""

    @property
    def title(self) -> str:
        return plain(self.runs)


@dataclass(frozen=True, slots=True)
class AnnexTitle:
    """The numbered title of an annex, at the top of a page of its own; what it says follows it in the tree."""

    number: int
    title: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words. Wholly in bold it is the title of what follows, and stays on the same page."""

    runs: Runs

    @property
    def announces(self) -> bool:
        return bool(self.runs) and all(run.strong for run in self.runs)


@dataclass(frozen=True, slots=True)
class ListBlock:
    """Bullets, or numbers from `start`; each item is a sequence of blocks."""

    items: tuple[tuple["Block", ...], ...]
    ordered: bool = False
    start: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Cells are runs; every row has as many cells as `alignment`; `widths` are relative shares. `number`: among the
    tables with a caption, from 1.
    """

    header: tuple[Runs, ...]
    rows: tuple[tuple[Runs, ...], ...]
    alignment: tuple[Alignment, ...]
    widths: tuple[float, ...]
    caption: str = ""
    number: int = 0
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class KeyValues:
    """Label and value pairs, read line by line. An empty value is shown as a dash by the writers."""

    rows: tuple[tuple[Runs, Runs], ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A framed remark."""

    blocks: tuple["Block", ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Parties:
    """Between whom the paper is made."""

    blocks: tuple["Block", ...]


@dataclass(frozen=True, slots=True)
class Lead:
    """What the reader must see first, set larger."""

    blocks: tuple["Block", ...]


@dataclass(frozen=True, slots=True)
class Quote:
    blocks: tuple["Block", ...]


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """Who signs and in what capacity. With `field_name`, the PDF gets a signature field of that name over the box."""

    name: str
    capacity: str = ""
    organisation: str = ""
    deliberation: str = ""
    place: str = ""
    date: str = ""
    field_name: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Blocks that stand side by side; none is ever split over two pages."""

    blocks: tuple[SignatureBlock, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture: `data` are the bytes of a PNG, JPEG or SVG file, `alt` says what it shows (required in PDF/UA)."""

    data: bytes
    media_type: str
    alt: str
    caption: str = ""
    width_mm: float = 120.0
    number: int = 0
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class QRCode:
    """The code that leads to the verification of this paper, with the same address in letters beside it."""

    data: str


@dataclass(frozen=True, slots=True)
class Square:
    """A code to scan that leads anywhere else, with what it leads to and the same address in letters beside it."""

    address: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file that travels inside the PDF as annex `number`; `sha256` in hexadecimal, `size` in bytes."""

    number: int
    title: str
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class AttachedFiles:
    """The printed list of the annexes that are files of their own, with their hashes."""

    files: tuple[AttachedFile, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line between two thoughts."""


@dataclass(frozen=True, slots=True)
class PageBreak:
    pass


Block = (
    Heading | Article | AnnexTitle | Paragraph | ListBlock | Table | KeyValues | Notice | Parties | Lead | Quote
    | Signatures | Figure | QRCode | Square | AttachedFiles | Rule | PageBreak
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meta:
    """What stands round the text: reference and version at the foot, issuer, verification address, contents.

    `numbered`: which captions bear their number ("table", "figure"), because the text refers to one of them.
    """

    reference: str
    version: str = ""
    date: str = ""  # ISO 8601
    issuer: str = ""
    subtitle: str = ""
    kind: str = ""
    typeface: Literal["sans", "serif"] = "sans"
    verify_url: str | None = None
    contents: bool = False
    large_print: bool = False
    numbered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    lang: str
    meta: Meta
    blocks: tuple[Block, ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)


def plain(runs: Runs) -> str:
    """The words of some runs, without their manner."""
    return "".join(run.text for run in runs)


def walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Every block, outer before inner, in reading order."""
    for block in blocks:
        yield block
        if isinstance(block, Notice | Parties | Lead | Quote):
            yield from walk(block.blocks)
        elif isinstance(block, ListBlock):
            for item in block.items:
                yield from walk(item)
