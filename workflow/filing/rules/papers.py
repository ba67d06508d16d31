"""From a model and its data to the two files of a paper, not yet sealed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from documents import assembly, docx, fields, model, pdf
from documents.annexes import AnnexFile
from documents.as_data import content_hash
from documents.findings import Finding
from documents.house import HouseStyle
from documents.library import EMPTY, Library


@dataclass(frozen=True)
class Order:
    """What a paper is made from. `data` and `source` are already cut to its audience: nothing here cuts any more.

    `text`: the model. `day`: the one printed on it. `source`: travels inside the PDF as JSON. `organisation`: whose
    letterhead. `issuer`: who seals.
    `verify_url`: where the QR code leads; None for a specimen. `reason`, `place`: what the seal says of itself.
    `to_sign`: the boxes of its signatories become places to sign in, and the seals get theirs; all of them must be
    there before the first seal. A paper nobody signs inside is the same without.
    `library`: what the model may call for. `annexes`: files attached to it. `letterhead`: a .docx for the working copy.
    """

    text: str
    data: Mapping[str, Any]
    lang: str
    day: date
    organisation: str
    source: Mapping[str, Any] = field(default_factory=dict)
    address: tuple[str, ...] = ()
    issuer: str = ""
    verify_url: str | None = None
    reason: str = ""
    place: str = ""
    library: Library = EMPTY
    annexes: tuple[AnnexFile, ...] = ()
    letterhead: bytes | None = None
    large_print: bool = False
    to_sign: bool = False


@dataclass(frozen=True)
class Composed:
    """The two files; `missing`: characters no font has, in whose place a visible sign stands."""

    pdf: bytes
    docx: bytes
    content_hash: str
    missing: tuple[str, ...]
    findings: tuple[Finding, ...]


def compose(order: Order, reference: str, made_at: datetime, style: HouseStyle, mark: str | None = None) -> Composed:
    """Write both files. `mark` is said on every page: "specimen" and "draft" of what will never be sealed, "void".

    Raises ModelRefused (an unknown name, too long), LetterheadRefused and NotSet (the theme cannot be set). Starts
    Typst: documents.pdf says what that forbids.
    """
    loaded = model.load(order.text, order.library)
    rendered, made = _original(order, loaded, reference, made_at=made_at, style=style, mark=mark)
    said = made.content_hash
    copy = docx.write(rendered.document, style, content_hash=said, mark=mark, letterhead=order.letterhead)
    return replace(made, docx=copy)


def compose_original(
    order: Order, loaded: model.Model, reference: str, made_at: datetime, style: HouseStyle
) -> tuple[model.Rendered, Composed]:
    """The same without a working copy, from a model that is loaded already: one of many. `docx` is empty."""
    return _original(order, loaded, reference, made_at=made_at, style=style)


def _original(
    order: Order, loaded: model.Model, reference: str, *, made_at: datetime, style: HouseStyle, mark: str | None = None
) -> tuple[model.Rendered, Composed]:
    rendered = model.render(
        loaded,
        dict(order.data),
        lang=order.lang,
        reference=reference,
        date=order.day,
        verify_url=order.verify_url,
        issuer=order.issuer,
        annex_files=order.annexes,
    )
    source = assembly.source_data(order.source, style.says(order.lang, "data_attachment"))
    attached = [source, *rendered.attachments]
    large = order.large_print
    original = pdf.write(rendered.document, style, attachments=attached, date=made_at, mark=mark, large_print=large)
    said = content_hash(rendered.document)
    made = (
        _with_places(original, order, style) if order.to_sign and original.fields and mark is None else original.bytes
    )
    return rendered, Composed(made, b"", said, original.missing_characters, rendered.findings)


def _with_places(original: pdf.PdfResult, order: Order, style: HouseStyle) -> bytes:
    seal = style.says(order.lang, "seal_field", issuer=order.issuer)
    return fields.prepare(original.bytes, original.fields, seals={fields.SEAL: seal, fields.LAST_SEAL: seal})
