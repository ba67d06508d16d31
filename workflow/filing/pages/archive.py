"""Several papers as one .zip: names one can read, a list of them, their fingerprints."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from hashlib import sha256

from flask import Response, g
from flask_babel import gettext as _

from workflow import clock
from workflow.filing.models import Paper
from workflow.filing.pages.passing import Passing
from workflow.filing.queries import bytes_of, void_copies
from workflow.filing.queries.shelves import Line
from workflow.filing.queries.signatures import signed_file
from workflow.operations.models import Operation
from workflow.people.rules import folded
from workflow.web import sheets
from workflow.web.dates import stamp
from workflow.web.listed import Column

MOST, MOST_BYTES = 500, 300_000_000
_LONGEST = 60  # signs of a title in a name
_NOT_IN_A_NAME = re.compile(r"[^a-z0-9]+")


def problem(lines: Sequence[Line], forms: Sequence[str]) -> str:
    """Why these cannot be taken together; "" when they can."""
    if not lines:
        return _("Tick the papers you want to take first.")
    if len(lines) > MOST:
        return _("At most %(count)s papers can be taken at once: use the filters.", count=MOST)
    if not any(form in line.files for line in lines for form in forms):
        return _("These papers have no such file: take the PDF.")
    if sum(_size(line.paper, form) for line in lines for form in forms) > MOST_BYTES:
        return _("These papers are too large to be taken together: tick fewer of them.")
    return ""


def answer(place: Operation, lines: Sequence[Line], forms: Sequence[str], columns: Sequence[Column]) -> Response:
    """The archive, sent piece by piece."""
    made = _made(place, lines, forms, columns)
    name = f"papiers-{_spelled(place.name)}-{clock.today(place.zone).isoformat()}.zip"
    told = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(made.length)}
    sent = Response(made.pieces(), mimetype="application/zip", headers=told)
    sent.call_on_close(made.close)
    return sent


def _made(place: Operation, lines: Sequence[Line], forms: Sequence[str], columns: Sequence[Column]) -> Passing:
    made = Passing()
    prints = []
    copies = void_copies(line.paper for line in lines if line.paper)
    with zipfile.ZipFile(made, "w") as archive:
        for line, row in ((line, line.paper) for line in lines if line.paper):
            for form in (form for form in forms if form in line.files):
                signed = signed_file(row.id) if form == "pdf" and row.id not in copies else None
                data, name = signed or bytes_of(copies.get(row.id, row), form), _name(line, row, form)
                archive.writestr(name, data)  # as they are: both formats are compressed already
                made.settle()
                prints.append(f"{sha256(data).hexdigest()}  {name}\n")
        archive.writestr("SHA256SUMS.txt", "".join(prints))
        archive.writestr(_("list") + ".xlsx", _list(place, lines, columns))
    return made


def _name(line: Line, row: Paper, form: str) -> str:
    """The reference keeps names apart; no name of a person stands in them."""
    said = _spelled(line.title if not row.title else row.kind)
    return f"{'-'.join(filter(None, (said, _spelled(row.audience))))}-{row.reference}.{form}"


def _spelled(words: str) -> str:
    """Only signs that every system takes in the name of a file."""
    return _NOT_IN_A_NAME.sub("-", folded(words)).strip("-")[:_LONGEST].strip("-")


def _size(row: Paper | None, form: str) -> int:
    return ((row.pdf_size if form == "pdf" else row.docx_size) or 0) if row else 0


def _list(place: Operation, lines: Sequence[Line], columns: Sequence[Column]) -> bytes:
    return sheets.workbook(
        _("All papers"),
        [(column.label, column.width) for column in columns],
        ([column.value(line) for column in columns] for line in lines),
        place=place.name,
        taken=sheets.taken_by(g.identity.name, stamp(clock.now(), place.zone)),
    )
