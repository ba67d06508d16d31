"""What a file would bring, before anything is written: counts, first rows, differences, wrong rows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow import access, clock
from workflow.access import Identity
from workflow.exchange import queries
from workflow.exchange.models import ImportRun
from workflow.exchange.pages import import_words as words
from workflow.exchange.rules.importing.columns import header_of
from workflow.exchange.rules.importing.sheet import Value
from workflow.exchange.rules.importing.understanding import CHANGED, KNOWN, NEW, WRONG, Line, counts, understood
from workflow.operations.queries import operation as find_operation
from workflow.web import sheets

FIRST = 5  # rows shown as they were understood
LISTED = 50  # wrong rows and differences shown on the page; the workbook holds every wrong row
VERDICTS = {
    NEW: ("new", "todo"),
    KNOWN: ("already there", "closed"),
    CHANGED: ("differs", "waiting"),
    WRONG: ("to correct", "late"),
}
SHOWN = ("name", "building_id", "dwelling", "dwelling_type", "surface", "persons", "landlord", "tenant_reference")


class Preview:
    """One file, judged now: a building added meanwhile in another window counts."""

    def __init__(self, row: ImportRun, identity: Identity) -> None:
        self.row = row
        self.names = access.may_read_names(identity, row.operation_id)
        self.reader = identity.name
        book = queries.book(row)
        self.sheet = next(sheet for sheet in book.sheets if sheet.name == row.sheet)
        self.header = header_of(self.sheet)
        self.notes = words.notes(book, self.sheet, self.header)
        self.world = queries.world(row.operation_id)

    @cached_property
    def lines(self) -> list[Line]:
        place = find_operation(self.row.operation_id)
        today = clock.today(place.zone if place else "Europe/Paris")
        return list(understood(self.sheet, self.header, self.row.mapping, self.world, today))

    @cached_property
    def counts(self) -> dict[str, int]:
        return counts(self.lines)

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """(state, sentence) of each count that says something."""
        count = self.counts
        sentences = {
            NEW: ngettext("%(num)s new household", "%(num)s new households", count[NEW]),
            KNOWN: ngettext(
                "%(num)s already there, left as it is", "%(num)s already there, left as they are", count[KNOWN]
            ),
            CHANGED: ngettext(
                "%(num)s already there, which differs", "%(num)s already there, which differ", count[CHANGED]
            ),
            WRONG: ngettext("%(num)s row to correct", "%(num)s rows to correct", count[WRONG]),
        }
        return [(VERDICTS[verdict][1], sentence) for verdict, sentence in sentences.items() if count[verdict]]

    # -- tables ---------------------------------------------------------------------------------------------------

    @property
    def first_columns(self) -> list[dict[str, Any]]:
        return [{"label": _("Row")}, {"label": _("Verdict")}] + [
            {"label": words.label_of(name)} for name in self._given
        ]

    @property
    def _given(self) -> list[str]:
        said = set(self.row.mapping.values())
        return [name for name in SHOWN if ("building" if name == "building_id" else name) in said]

    @property
    def first_rows(self) -> list[list[dict[str, str]]]:
        return [self._cells(line) for line in self.lines[:FIRST]]

    def _cells(self, line: Line) -> list[dict[str, str]]:
        label, family = VERDICTS[line.verdict]
        told = dict(line.told)
        told.setdefault("building_id", told.get("building"))
        verdict = {"text": _(label), "state": family}
        if line.known:
            verdict["sub"] = line.known.reference
        values = [{"text": words.value(self.world, name, told.get(name))} for name in self._given]
        return [{"text": str(line.number)}, verdict, *values]

    @property
    def wrong(self) -> list[dict[str, str]]:
        """[{where, what}], the first of them."""
        found = [finding for line in self.lines for finding in line.wrong]
        return [self._told(finding) for finding in found[:LISTED]]

    @property
    def doubtful(self) -> list[dict[str, str]]:
        """Nothing wrong, and worth a look."""
        return [self._told(finding) for line in self.lines for finding in line.notes][:LISTED]

    def _told(self, finding: Any) -> dict[str, str]:
        return {"where": words.where(self.sheet.name, finding, self.header), "what": words.sentence(finding)}

    @cached_property
    def changed(self) -> list[Line]:
        return [line for line in self.lines if line.verdict == CHANGED]

    @property
    def differences(self) -> list[dict[str, Any]]:
        """Households that are there and differ: what is known is shown only to who may read it."""
        return [
            {
                "id": line.known.id,
                "reference": line.known.reference,
                "row": line.number,
                "url": url_for("dossiers.household", household_id=line.known.id) if self.names else "",
                "changes": [self._change(name, pair) for name, pair in (line.changes or {}).items()],
            }
            for line in self.changed[:LISTED]
            if line.known
        ]

    def _change(self, name: str, pair: tuple[Any, Any]) -> dict[str, str]:
        before = words.value(self.world, name, pair[0]) if self.names or name not in words.NAMING else _("not shown")
        return {"label": words.label_of(name), "before": before, "after": words.value(self.world, name, pair[1])}

    # -- what is sent back ----------------------------------------------------------------------------------------

    def ticked(self, sent: Any) -> list[str]:
        """Ids of households whose differences are to be written."""
        ids = [line.known.id for line in self.changed if line.known]
        return ids if sent.get("apply_all") else [one for one in ids if one in set(sent.getlist("apply"))]

    def hindrance(self, *, leave_out: bool, ticked: list[str]) -> dict[str, str] | None:
        """Why nothing can begin, if so."""
        if self.counts[WRONG] and not leave_out:
            sentence = _("Correct the rows in your file and bring it again, or tick the box that leaves them out.")
            return {"id": "leave_out", "label": "", "message": sentence}
        if not self.counts[NEW] and not ticked:
            sentence = _("There is nothing to bring in: no row is new, and no difference is ticked.")
            return {"id": "begin", "label": "", "message": sentence}
        return None

    def wrong_workbook(self) -> Response:
        """The wrong rows with their own titles, and what to mend in a last column."""
        titles = [(title, 22) for _column, title in sorted(self.header.titles.items())]
        data = sheets.workbook(
            self.sheet.name,
            [(_("Row"), 8), *titles, (_("To correct"), 80)],
            (self._as_found(line) for line in self.lines if line.verdict == WRONG),
            place=self.row.file_name,
            taken=sheets.taken_by(self.reader, words.when(clock.now(), "Europe/Paris")),
        )
        return sheets.download(data, "lignes-a-corriger.xlsx")

    def _as_found(self, line: Line) -> list[sheets.Value]:
        row: Mapping[int, Value] = self.sheet.rows[line.number]
        said = " ".join(
            " ".join(filter(None, (finding.column and f"{finding.column} :", words.sentence(finding))))
            for finding in line.wrong
        )
        return [line.number, *(words.plain(row.get(column)) for column in sorted(self.header.titles)), said]
