"""The evidence beside a signed document: a sealed PDF of its own that says who signed what, how and when, with the
same told to machines in `preuve.json` inside it.

It is a sibling, never a page of the document: nothing may be added to what is signed.
"""

import datetime
import hashlib
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from documents import assembly, model, pdf, signing
from documents.authority import Authority
from documents.house import HouseStyle

DATA_NAME = "preuve.json"
_PIECE, _SHORT = 16, 10
"""Signs of a fingerprint that stand together; of each line of the record, how many are printed."""
_PRINTS = ("first", "last", "before", "after", "sha256")
_WHEN = {"at": "when", "used_at": "used_when", "opened_at": "opened_when", "undone_at": "undone_when"}
_PATTERN = {"fr": "d MMMM y 'à' HH:mm:ss", "en": "d MMMM y 'at' HH:mm:ss"}
_PARTS: Mapping[str, Mapping[str, object]] = {
    "acts": {"number": "", "name": "", "capacity": "", "organisation": "", "mandate": "", "at": None, "channel": "",
             "level": "", "identity": "", "before": "", "after": "", "note": ""},
    "states": {"number": "", "at": None, "why": "", "who": "", "before": "", "after": "", "undone_at": None},
    "scans": {"who": "", "day": "", "place": "", "attested_by": "", "sha256": ""},
    "mandates": {"who": "", "said": "", "sha256": ""},
    "links": {"at": None, "who": "", "how": "", "used_at": None},
    "deliveries": {"who": "", "how": "", "at": None, "opened_at": None, "handed_how": "", "handed_day": ""},
    "views": {"at": None, "who": "", "pages": "", "sha256": ""},
    "codes": {"at": None, "who": "", "how": "", "used_at": None},
    "chain": {"number": "", "at": None, "said": "", "hash": ""},
}  # fmt: skip


def model_of(folder: Path, lang: str) -> str:
    """The words of the evidence, out of the folder of the house style."""
    return (folder / "evidence" / f"{lang}.md").read_text("utf-8")


def composed(
    told: Mapping[str, object],
    text: str,
    style: HouseStyle,
    *,
    lang: str,
    reference: str,
    made_at: datetime.datetime,
    zone: str,
    issuer: str,
    verify_url: str | None,
) -> bytes:
    """The evidence as PDF, not yet sealed. The same arguments give the same bytes. `text`: `model_of`.

    told: {document: {title, reference, pages, medium (pdf, paper, mixed), first, last}, acts: [{number, name, capacity,
    organisation, mandate, at, channel (screen, certificate, paper, parapheur, seal, archive), level (simple, advanced,
    qualified, paper, seal), identity, before, after, note}], views: [{at, who, pages, sha256}], codes: [{at, who, how
    (mail, letter), used_at}], chain: [{number, at, said, hash}]}. Where they are known also states: [{number, at, why
    (base, signed, archived), who, before, after, undone_at}], scans: [{who, day, place, attested_by, sha256}],
    mandates: [{who, said, sha256}], links like codes, deliveries: [{who, how, at, opened_at, handed_how (hand, post),
    handed_day}]. Instants are ISO 8601 with their zone and are printed in `zone`; fingerprints are SHA-256 in
    hexadecimal; what is missing is printed as a dash. More may stand in it: it is carried in `preuve.json`. A code
    itself, an address or a token has no place in it.
    Raises ModelRefused, NotSet.
    """
    shown = {"document": _row(dict(told["document"]), lang, zone)}
    shown |= {part: _shown(told, part, lang, zone) for part in _PARTS}
    rendered = model.render(
        model.load(text),
        shown,
        lang=lang,
        reference=reference,
        date=made_at.astimezone(ZoneInfo(zone)).date(),
        verify_url=verify_url,
        issuer=issuer,
    )
    inside = assembly.source_data(told, style.says(lang, "data_attachment"), DATA_NAME)
    return pdf.write(rendered.document, style, attachments=[inside], date=made_at).bytes


def sealed(made: bytes, authority: Authority, *, at: datetime.datetime, reason: str, location: str) -> bytes:
    """The evidence with its own seal and a last time stamp over it. Raises NoKey."""
    return signing.archive(signing.seal(made, authority, at=at, reason=reason, location=location), authority, at=at)


def told_in(made: bytes) -> object:
    """What the evidence tells machines. Raises documents.assembly.Unreadable."""
    return assembly.embedded_data(made, DATA_NAME)


def fingerprint(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _shown(told: Mapping[str, object], part: str, lang: str, zone: str) -> list[dict[str, object]]:
    """One part as the model reads it: every name there, instants in words."""
    return [_row(_PARTS[part] | dict(row), lang, zone) for row in told.get(part) or ()]


def _row(row: dict[str, object], lang: str, zone: str) -> dict[str, object]:
    for name, said in _WHEN.items():
        if name in row:
            row[said] = _instant(row[name], lang, zone)
    pieces = {name: _in_pieces(str(row[name])) for name in _PRINTS if name in row}
    return row | pieces | {"short": str(row.get("hash", ""))[:_SHORT]}


def _in_pieces(digits: str) -> str:
    """So that a line may end within it: never between two figures, which typography keeps together."""
    pieces, rest = [], digits
    while len(rest) > _PIECE:
        ends = (at for at in range(_PIECE, 0, -1) if not rest[at - 1 : at + 1].isdigit())
        end = next(ends, _PIECE)
        pieces.append(rest[:end])
        rest = rest[end:]
    return " ".join([*pieces, rest])


def _instant(iso: object, lang: str, zone: str) -> str:
    if not iso:
        return ""
    local = datetime.datetime.fromisoformat(str(iso)).astimezone(ZoneInfo(zone))
    return format_datetime(local, _PATTERN.get(lang, _PATTERN["en"]), locale=lang)
