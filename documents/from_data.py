"""Blocks made straight from data handed to a tag.

`{% table t %}`, `{% keyvalues rows %}`, `{% signature … %}`, `{% picture p %}`.
"""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence

from documents.content import Alignment, Figure, KeyValues, Run, Runs, SignatureBlock, Square, Table
from documents.filters import as_text
from documents.findings import Finding
from documents.pictures import JPEG, MOST_PIXELS, PNG, Unusable, judged
from documents.tags import Leaf
from documents.values import clean

_FIELD_NAME = re.compile(r"[A-Za-z0-9_-]{1,60}")
_LEADS = re.compile(r"(?:https?://|mailto:|tel:)[!-~]{1,600}")
WIDEST_MM = 160.0
_UNUSABLE = {
    "unreadable": "The picture “%(name)s” is no PNG, JPEG or SVG file.",
    "too_large": "The picture “%(name)s” is too large: %(most)s million pixels and 20 MB at most.",
    "swollen": "The drawing “%(name)s” holds too many shapes. Put it in as a photograph (PNG) instead.",
    "unsafe": "The drawing “%(name)s” holds a script or fetches something from elsewhere.",
}


def runs_of(value: object) -> Runs:
    """One run holding the value as text; no run at all for nothing."""
    text = clean(as_text(value))
    return (Run(text),) if text else ()


def table(value: object, caption: str, found: list[Finding]) -> Table | None:
    """`{caption?, header, rows, align?, widths?}` as a table, None when it has no column; odd rows are reported."""
    data = value if isinstance(value, Mapping) else {}
    header = tuple(runs_of(cell) for cell in _list(data.get("header")))
    rows = [tuple(runs_of(cell) for cell in _list(row)) for row in _list(data.get("rows"))]
    columns = len(header) or max(map(len, rows), default=0)
    if not columns:
        found.append(Finding("empty_table", "A table has neither header nor rows and was left out."))
        return None
    return Table(
        header=header or ((),) * columns,
        rows=even(rows, columns, found),
        alignment=_alignment(data.get("align"), columns),
        widths=_widths(data.get("widths"), columns),
        caption=clean(as_text(data.get("caption"))) or caption,
    )


def even(rows: Sequence[tuple[Runs, ...]], columns: int, found: list[Finding]) -> tuple[tuple[Runs, ...], ...]:
    """The rows, each with exactly `columns` cells."""
    for number, row in enumerate(rows, start=1):
        if len(row) != columns:
            msgid = "Row %(row)s of a table has %(found)s cells instead of %(expected)s."
            found.append(Finding("uneven_row", msgid, {"row": number, "found": len(row), "expected": columns}))
    return tuple((*row[:columns], *((),) * (columns - len(row))) for row in rows)


def key_values(value: object, found: list[Finding]) -> KeyValues | None:
    """A list of `{label, value}` as pairs; None when there is none."""
    rows = [row for row in _list(value) if isinstance(row, Mapping)]
    if not rows:
        found.append(Finding("empty_key_values", "A list of labels and values is empty and was left out."))
        return None
    return KeyValues(tuple((runs_of(row.get("label")), runs_of(row.get("value"))) for row in rows))


def picture(value: object, found: list[Finding]) -> Figure | None:
    """`{data, alt, caption?, width?}` as a figure; None, and reported, when it is no PNG or JPEG or nothing says what
    it shows. `data`: bytes, or the same in base64; `width` in mm, 80 when none is given.
    """
    told = value if isinstance(value, Mapping) else {}
    data, alt = _bytes(told.get("data")), clean(as_text(told.get("alt")))
    try:
        media_type = judged(data).media_type
    except Unusable:
        media_type = ""
    if media_type not in (PNG, JPEG) or not alt:
        found.append(Finding("picture", "A picture cannot be read, or nothing says what it shows. It was left out."))
        return None
    return Figure(data, media_type, alt, clean(as_text(told.get("caption"))), _width(told.get("width"), 80.0))


def _width(value: object, otherwise: float) -> float:
    return min(float(value), WIDEST_MM) if isinstance(value, int | float) and value > 0 else otherwise


def _bytes(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    try:
        return base64.b64decode(as_text(value), validate=True)
    except (binascii.Error, ValueError):
        return b""


def signature(named: Mapping[str, object], found: list[Finding]) -> SignatureBlock:
    """Who signs; a field name that PDF readers would refuse is reported and dropped."""
    said = {name: clean(as_text(named.get(name))) for name in SignatureBlock.__dataclass_fields__}
    field_name = clean(as_text(named.get("field")))
    if field_name and not _FIELD_NAME.fullmatch(field_name):
        msgid = "“%(name)s” cannot name a signature field: letters, digits, - and _ only."
        found.append(Finding("field_name", msgid, {"name": field_name}))
        field_name = ""
    return SignatureBlock(**said | {"field_name": field_name})


def figure(leaf: Leaf, files: Mapping[str, bytes], found: list[Finding]) -> Figure | None:
    """`{% figure "plan.png" alt: "…", caption: "…", width: 120 %}`: a file beside the model; None, and reported with
    its line, when there is none of that name, nothing says what it shows, or it may not stand in a paper.
    """
    name, alt = as_text(leaf.value), clean(as_text(leaf.named.get("alt"))).strip()
    fault = _fault(name, alt, files)
    if fault:
        found.append(Finding("figure", fault, {"name": name, "most": MOST_PIXELS // 1_000_000}, leaf.line))
        return None
    caption, width = clean(as_text(leaf.named.get("caption"))), _width(leaf.named.get("width"), 120.0)
    return Figure(files[name], judged(files[name]).media_type, alt, caption, width)


def _fault(name: str, alt: str, files: Mapping[str, bytes]) -> str:
    if name not in files:
        return "There is no picture “%(name)s” beside the model."
    if not alt:
        return "Nothing says what the picture “%(name)s” shows: write alt."
    try:
        judged(files[name])
    except Unusable as fault:
        return _UNUSABLE[fault.code]
    return ""


def square(leaf: Leaf, found: list[Finding]) -> Square | None:
    """`{% qr "https://…" label: "…" %}`; None, and reported, when it leads to no page, address or telephone."""
    address = clean(as_text(leaf.value)).strip()
    if not _LEADS.fullmatch(address):
        msgid = "A code to scan leads to “%(address)s”, which is no address of a page, a mailbox or a telephone."
        found.append(Finding("square", msgid, {"address": address[:200]}, leaf.line))
        return None
    return Square(address, clean(as_text(leaf.named.get("label"))))


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def _alignment(value: object, columns: int) -> tuple[Alignment, ...]:
    given = [word if word in ("left", "center", "right") else "left" for word in _list(value)][:columns]
    return tuple(given + ["left"] * (columns - len(given)))


def _widths(value: object, columns: int) -> tuple[float, ...]:
    given = [float(share) for share in _list(value) if isinstance(share, int | float) and 0 < share < 1000]
    return tuple(given) if len(given) == columns else (1.0,) * columns
