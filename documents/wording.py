"""The sentences the house style makes of a paper's own facts, the same for both writers."""

from documents.content import Article, Document, Run, Runs, SignatureBlock
from documents.filters import for_language
from documents.house import HouseStyle


def long_date(iso: str, lang: str) -> str:
    return for_language(lang)["date_longue"](iso)


def article_label(article: Article, style: HouseStyle, lang: str) -> Runs:
    """“Article 3 – Objet”, as runs."""
    label = style.says(lang, "article", number=article.number)
    return (Run(label if article.runs else label.rstrip(" –:\u00a0")), *article.runs)


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
    """What stands beside the QR code: its title, how to use it, and what the seal proves when there is one."""
    lang, issuer = document.lang, document.meta.issuer or style.organisation
    lines = (style.says(lang, "verify_title"), style.says(lang, "verify_text"))
    return (*lines, style.says(lang, "seal", issuer=issuer)) if sealed else lines
