"""The sentences the house style makes of a paper's own facts, the same for both writers."""

from documents.content import (
    AnnexTitle,
    Article,
    AttachedFile,
    AttachedFiles,
    Block,
    Document,
    Figure,
    Heading,
    Paragraph,
    Run,
    Runs,
    SignatureBlock,
    Table,
)
from documents.filters import for_language
from documents.house import HouseStyle

TitleBlock = Heading | Article | AnnexTitle


def long_date(iso: str, lang: str) -> str:
    return for_language(lang)["date_longue"](iso)


def title_of(block: TitleBlock, style: HouseStyle, lang: str) -> Runs:
    """“Article 3 – Objet”, “2.1. Durée”, “Annexe 1 – Plan”, as runs."""
    match block:
        case Article(number=number, runs=runs):
            label = style.says(lang, "article", number=number)
            return (Run(label if runs else label.rstrip(" –:\u00a0")), *runs)
        case AnnexTitle(number=number, title=title):
            return (Run(style.says(lang, "annex", number=number, title=title)),)
        case Heading(number=number, runs=runs):
            return (Run(style.says(lang, "section", number=number)), *runs) if number else runs
    raise TypeError(type(block))


def caption_of(block: Table | Figure, document: Document, style: HouseStyle) -> str:
    """The caption, with its number where the text refers to one of its kind."""
    kind = "table" if isinstance(block, Table) else "figure"
    if not block.caption or not block.number or kind not in document.meta.numbered:
        return block.caption
    return style.says(document.lang, f"{kind}_caption", number=block.number, caption=block.caption)


def attached_list(block: AttachedFiles, style: HouseStyle, lang: str) -> tuple[Block, ...]:
    """The annexes that are files, as a bold line, a sentence and a table."""
    title = Paragraph((Run(style.says(lang, "attached"), strong=True),))
    names = ("attached_annex", "attached_file", "attached_size", "attached_hash")
    header = tuple((Run(style.says(lang, name)),) for name in names)
    rows = tuple(_attached(one) for one in block.files)
    table = Table(header, rows, ("left", "left", "right", "left"), (22.0, 22.0, 14.0, 42.0))
    return title, Paragraph((Run(style.says(lang, "attached_text")),)), table


def _attached(file: AttachedFile) -> tuple[Runs, ...]:
    pieces = " ".join(file.sha256[at : at + 16] for at in range(0, 64, 16))
    annex = f"{file.number} – {file.title}"
    return (Run(annex),), (Run(file.name),), (Run(str(file.size)),), (Run(pieces, code=True),)


def signing_line(block: SignatureBlock, style: HouseStyle, lang: str) -> str:
    """“Fait à Grenoble, le 23 novembre 2026”, as far as place and date are known."""
    if block.place and block.date:
        return style.says(lang, "place_and_date", place=block.place, date=block.date)
    if block.place:
        return style.says(lang, "place_only", place=block.place)
    return style.says(lang, "date_only", date=block.date) if block.date else ""


def is_sealed(mark: str | None) -> bool:
    """Whether a paper with that word on its pages will carry a seal: an annulled copy does, a specimen or draft not."""
    return mark in (None, "void")


def verification(document: Document, style: HouseStyle, sealed: bool) -> tuple[str, ...]:
    """What stands beside the QR code: its title, how to use it, and what the seal proves when there is one.

    A paper of one page says it in short and without a title (the first line is "").
    """
    lang, issuer = document.lang, document.meta.issuer or style.organisation
    if is_short(document):
        lines: tuple[str, ...] = ("", style.says(lang, "verify_short"))
        return (*lines, style.says(lang, "seal_short", issuer=issuer)) if sealed else lines
    lines = (style.says(lang, "verify_title"), style.says(lang, "verify_text"))
    return (*lines, style.says(lang, "seal", issuer=issuer)) if sealed else lines


def is_short(document: Document) -> bool:
    """Whether what closes the paper must take little room."""
    return document.meta.kind in ("letter", "notice", "sheet")
