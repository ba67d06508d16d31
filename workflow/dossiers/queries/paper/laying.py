"""The answers a paper may carry, laid out page by page; files are named with their size, pictures stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from flask_babel import gettext as _

from forms.upload_fields import token_of
from forms.visibility import ViewRow, ViewSection, ViewTable
from workflow.errors import NotFound
from workflow.filing.models import KeptFile
from workflow.filing.queries import answer, bytes_of_file
from workflow.filing.rules.pictures import Unreadable, printed
from workflow.web.sizes import size

Data = dict[str, Any]
MOST_PICTURES = 40
"""On one paper; those beyond are only named, like any other file."""
_NUMBERS = re.compile(r"\[\d+\]")


class Laying:
    """One paper about `subject`. What it is given is already cut to its audience: nothing here cuts any more."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.room = MOST_PICTURES

    def named(self, path: str, text: str) -> str:
        """A file as an answer on paper: its name and its size."""
        kept = self.kept(path, text)
        name = text.replace(f"-{token_of(text)}", "")
        return _("%(name)s (%(size)s)", name=name, size=size(kept.size)) if kept else ""

    def kept(self, path: str, text: str) -> KeptFile | None:
        """The file behind an answer; the path of its question has no numbers of rows."""
        return answer(self.subject, token_of(text), _NUMBERS.sub("", path))

    def section(self, section: ViewSection) -> Data:
        return {"label": section.label, **self.flat(section)}

    def flat(self, section: ViewSection) -> dict[str, list[Any]]:
        """A page of answers with the groups inside it laid out one after the other."""
        laid: dict[str, list[Any]] = {
            "rows": [{"label": row.label, "value": row.value} for row in section.rows],
            "tables": [_table(table) for table in section.tables],
            "pictures": list(self.pictures(section)),
        }
        for group in map(self.flat, section.groups):
            for name, found in group.items():
                laid[name] += found
        return laid

    def pictures(self, section: ViewSection) -> Iterator[Data]:
        for row in section.rows:
            yield from self.picture(row, row.label)
        for table in section.tables:
            for number, members in enumerate(table.members, 1):
                for row in members:
                    yield from self.picture(row, f"{table.label} {number} – {row.label}")

    def picture(self, row: ViewRow, label: str) -> Iterator[Data]:
        """The picture given as an answer; one that was erased, or cannot be read, is only named."""
        kept = self.kept(row.path, row.raw) if row.kind == "image" and row.raw and self.room else None
        if kept is None:
            return
        try:
            small = printed(bytes_of_file(kept))
        except (Unreadable, NotFound):
            return
        self.room -= 1
        yield {"data": small.data, "width": small.width_mm, "alt": label, "caption": label}


def _table(table: ViewTable) -> Data:
    rows = [list(cells) for cells in table.rows]
    return {"caption": table.label, "header": list(table.header), "rows": rows}
