"""Content tree → PDF/A-3a + PDF/UA-1, set by Typst.

Typst starts threads at its first compilation: a process that forks afterwards gives children that hang. Call `write`
only in a process that will not fork any more; whoever runs jobs in forked children forks before the first call.
"""

import datetime
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

import typst

from documents import assembly, fonts
from documents.as_data import Blocks, content_hash
from documents.content import Document, Signatures, walk
from documents.house import HouseStyle
from documents.qr import code_of
from documents.wording import TitleBlock, is_sealed, long_date

STANDARDS = ["a-3a", "ua-1"]
ONE_PAGE_OF_CONTENTS = range(19, 37)
"""Titles of a table of contents that fills the first page, so that the text begins on the next; of fewer, or of more
than a page, the text follows at once.
"""
A4_HEIGHT_PT = 841.8898
LATER = b"put in its place once the paper is set"
_WHERE_FIELDS_ARE = """query(<field>).map(one => {
  let at = one.location().position()
  (..one.value, page: at.page, x: at.x.pt(), y: at.y.pt())
})"""
Attachment = tuple[str, str, bytes, str]


class NotSet(Exception):
    """Typst refused the paper: the theme or a picture is at fault. `str()` is for the log, not for a page."""


@dataclass(frozen=True, slots=True)
class FieldPlace:
    """Where a signature box stands: zero-based page, points from the bottom left corner of an A4 page."""

    name: str
    label: str
    page: int
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class PdfResult:
    """`missing_characters`: what no font could draw, in order of code point; a visible sign stands in their place."""

    bytes: bytes
    fields: tuple[FieldPlace, ...]
    missing_characters: tuple[str, ...]


def write(
    document: Document,
    style: HouseStyle,
    *,
    attachments: Sequence[Attachment] = (),
    date: datetime.date,
    mark: str | None = None,
    large_print: bool = False,
) -> PdfResult:
    """Set the paper. The same arguments give the same bytes.

    `attachments`: (file name, media type, bytes, description), the first one being the source data of the paper.
    `date`: a day, or an instant with its zone. `mark`: None, "specimen", "draft", "copy" or "void", said on every page.
    Raises NotSet when the theme or a picture cannot be used.
    """
    missing: set[str] = set()
    files = _files(document, style, attachments=attachments, mark=mark, large_print=large_print, missing=missing)
    made = assembly.filled(compiled(files, date), _of_bytes(attachments))
    fields = _places(files, style, document) if _has_fields(document) else ()
    return PdfResult(made, fields, tuple(sorted(missing)))


def pages(
    document: Document, style: HouseStyle, *, mark: str | None = None, large_print: bool = False, ppi: float = 110.0
) -> tuple[bytes, ...]:
    """The pages as pictures (PNG, `ppi` points to the inch), for a screen. Raises NotSet."""
    files = _files(document, style, attachments=(), mark=mark, large_print=large_print, missing=set())
    return _pictured(files, ppi)


def _files(
    document: Document,
    style: HouseStyle,
    *,
    attachments: Sequence[Attachment],
    mark: str | None,
    large_print: bool,
    missing: set[str],
) -> dict[str, bytes]:
    text = partial(fonts.replaced, missing=missing)
    tree = Blocks(document, style, text, sealed=is_sealed(mark))
    blocks, large = tree.sequence(document.blocks), large_print or document.meta.large_print
    paper = _around(document, style, tree.text, mark) | {
        "look": _look(document, style, large),
        "apart": not large and sum(isinstance(one, TitleBlock) for one in document.blocks) in ONE_PAGE_OF_CONTENTS,
        "blocks": blocks,
        "attachments": [_attachment(number, one, text) for number, one in enumerate(attachments)],
    }
    codes = {f"code-{number}.svg": code(address) for number, address in enumerate(tree.codes)}
    later = _of_bytes(attachments)
    attached = {f"attachment-{at}": LATER if one[0] in later else one[2] for at, one in enumerate(attachments)}
    data = b"//" + json.dumps(paper, ensure_ascii=False).encode()  # passed over as a comment, read by the theme
    return {"main.typ": style.theme.encode(), "paper.json": data, **codes, **attached, **tree.pictures}


def _of_bytes(attachments: Sequence[Attachment]) -> dict[str, bytes]:
    """Those Typst cannot read: it takes text only. They are put in their place once the paper is set."""
    return {name: data for name, _type, data, _said in attachments if not _is_text(data)}


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _around(document: Document, style: HouseStyle, text: Callable[[str], str], mark: str | None) -> dict[str, object]:
    meta, lang = document.meta, document.lang
    page = style.says(lang, "page", page="\0", pages="\0").split("\0")
    version = style.says(lang, "version", version=meta.version) if meta.version else ""
    marked = mark and {"word": style.says(lang, mark), "text": style.says(lang, f"{mark}_text")}
    day = long_date(meta.date, lang)
    said = {
        "title": document.title,
        "subtitle": meta.subtitle,
        "organisation": style.organisation,
        "dated": style.says(lang, "dated", reference=meta.reference, date=day) if meta.reference else day,
        "foot": " · ".join(part for part in (meta.reference, version, document.title) if part),
    }
    texts = {name: text(words) for name, words in said.items()}
    lists = {"address": [text(line) for line in style.address], "page": [text(part) for part in page]}
    keywords = [text(meta.reference), f"content-sha256:{content_hash(document)}"]
    contents = style.says(lang, "contents") if document.meta.contents else ""
    return {**texts, **lists, "lang": lang, "mark": marked, "keywords": keywords, "contents": contents}


def _look(document: Document, style: HouseStyle, large_print: bool) -> dict[str, object]:
    size = style.large_text_pt if large_print else style.text_pt
    return {
        "accent": style.accent,
        "soft": style.soft,
        "ink": style.ink,
        "quiet": style.quiet,
        "line": style.line,
        "margin": style.margin_mm,
        "size": size,
        "scale": 1.4 if large_print else 1.0,
        "box": 24,
        "families": fonts.FAMILIES[document.meta.typeface],
    }


def _attachment(number: int, attachment: Attachment, text: Callable[[str], str]) -> dict[str, str]:
    name, mime, _, description = attachment
    relationship = "source" if number == 0 else "supplement"
    said = {"name": text(name), "description": text(description)}
    return {"file": f"attachment-{number}", "mime": mime, "relationship": relationship, **said}


def code(address: str) -> bytes:
    """A QR code as SVG."""
    drawn = io.BytesIO()
    code_of(address).save(drawn, kind="svg", border=0, dark="#1D2430", xmldecl=False)
    return drawn.getvalue()


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Reading the font folders takes longer than setting a page, and they never change while the process lives."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder) for folder in fonts.folders()]
    )


def compiled(files: dict[str, bytes], date: datetime.date, *, tagged: bool = True) -> bytes:
    """`main.typ` among the files, set as PDF. Without tags, what will stand inside another file, where it is described
    already. Raises NotSet.
    """
    standards = STANDARDS if tagged else ["a-3b"]
    try:
        made = typst.compile(
            files,
            format="pdf",
            font_paths=_fonts(),
            pdf_standards=standards,
            timestamp=_instant(date),
            pdf_tags=tagged,
        )
    except (typst.TypstError, RuntimeError) as error:
        raise NotSet(getattr(error, "diagnostic", "") or str(error)) from error
    return bytes(made)


def drawn_as_png(drawing: bytes) -> bytes:
    """A drawing (SVG) as a picture of 200 points to the inch, for files that cannot hold drawings. Raises NotSet."""
    page = '#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(json("drawing.json")), width: 160mm)'
    files = {"main.typ": page.encode(), "drawing.json": json.dumps(list(drawing)).encode()}
    return _pictured(files, 200.0)[0]


def _pictured(files: dict[str, bytes], ppi: float) -> tuple[bytes, ...]:
    try:
        made = typst.compile(files, format="png", font_paths=_fonts(), ppi=ppi)
    except (typst.TypstError, RuntimeError) as error:
        raise NotSet(getattr(error, "diagnostic", "") or str(error)) from error
    return tuple(map(bytes, made)) if isinstance(made, list) else (bytes(made),)


def _instant(date: datetime.date) -> datetime.datetime:
    if isinstance(date, datetime.datetime):
        return date.astimezone(datetime.UTC)
    return datetime.datetime(date.year, date.month, date.day, tzinfo=datetime.UTC)


def _has_fields(document: Document) -> bool:
    rows = (block for block in walk(document.blocks) if isinstance(block, Signatures))
    return any(one.field_name for row in rows for one in row.blocks)


def _places(files: dict[str, bytes], style: HouseStyle, document: Document) -> tuple[FieldPlace, ...]:
    found = json.loads(typst.Compiler(files, font_paths=_fonts()).eval(_WHERE_FIELDS_ARE))
    return tuple(_place(at, style.says(document.lang, "signature_field", name=at["who"])) for at in found)


def _place(at: dict[str, float], label: str) -> FieldPlace:
    top = A4_HEIGHT_PT - at["y"]
    return FieldPlace(
        name=str(at["name"]),
        label=label,
        page=int(at["page"]) - 1,
        left=at["x"],
        bottom=top - at["height"],
        right=at["x"] + at["width"],
        top=top,
    )
