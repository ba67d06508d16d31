"""Jobs of a departure: its hour comes; the sheet is written; whoever takes over is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import structlog
from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from workflow import clock, mail, outbox
from workflow.db import begin_reading, db, unscoped
from workflow.dossiers import actions
from workflow.dossiers.models import Handover
from workflow.dossiers.queries import handovers as found
from workflow.dossiers.queries.handovers import SheetRow
from workflow.dossiers.rules import LEAVING, NEVER, STATES
from workflow.errors import Invalid, Refused
from workflow.filing import actions as filing
from workflow.filing import queries as papers
from workflow.filing.models import READY
from workflow.filing.rules.papers import Order
from workflow.operations.queries import operation as find_operation
from workflow.people import queries as people
from workflow.record.actions import key_for
from workflow.web.dates import format_date

MODEL = Path(__file__).resolve().parents[3] / "templates" / "papers" / "handover.md"
COLUMNS = {
    "Household": 14,
    "Dossier": 16,
    "Where it stands": 15,
    "What comes next": 22,
    "Deadline": 17,
    "Followed by": 16,
}
"""{msgid of a column of the sheet: its share of the width}."""
LANG = "fr"  # the language in which the partners of an operation work
log = structlog.get_logger()


def depart(lease: outbox.Lease) -> None:
    """The hour of a planned departure has come. Cancelled, or done already, it asks nothing more."""
    with unscoped("a job acts for no person"), lease.finish():
        row = found.handover(lease.subject.removeprefix("handover:"))
        if row.state != found.PLANNED:
            return
        try:
            with db.session.begin_nested():
                actions.carry_out(row)
        except (Refused, Invalid) as refusal:
            log.warning("departure_stopped", handover=row.id, code=refusal.code)
            actions.stop(row)


# -- told ---------------------------------------------------------------------------------------------------------


def tell_successors(lease: outbox.Lease) -> None:
    """React to HandedOver: one mail to each person who took something over; it names nobody but who left."""
    with unscoped("a job acts for no person"), lease.finish():
        row = found.handover(lease.subject.removeprefix("handover:"))
        left = people.names([row.person]).get(row.person, "")
        for heir in sorted(set(found.passed_to(row).values()) - {NEVER, row.asked_by}):
            _mail(row, heir, left)


def _mail(row: Handover, heir: str, left: str) -> None:
    who = people.person(heir)
    if who is None or not who.email or who.bounced_at:
        return
    url = f"{current_app.config['RELAIS'].base_url}/operations/{row.operation_id}/handovers/{row.id}"
    with force_locale(who.lang):
        body = render_template("emails/handed_over.txt", name=who.name, left=left, url=url)
        note = mail.write(f"handed_over:{row.id}:{heir}", who.email, _("Work passes on to you"), body, who.lang)
    db.session.flush()
    outbox.add("mail.send", subject=f"mail:{note.id}", key=f"mail.send:{note.id}")


# -- the sheet ----------------------------------------------------------------------------------------------------


def ask_handover_sheet(lease: outbox.Lease) -> None:
    """React to HandedOver: a sheet of what passed, sealed like every paper."""
    with unscoped("a job acts for no person"), lease.finish():
        row = found.handover(lease.subject.removeprefix("handover:"))
        key_for(lease.subject)
        asked = filing.ask(
            row.operation_id, lease.subject, lease.version, kind="passation", audience="partners", lang=LANG
        )
        db.session.flush()
        job = "dossiers.make_handover_sheet"
        outbox.add(job, subject=f"paper:{asked.id}", key=f"{job}:{asked.id}")


def make_handover_sheet(lease: outbox.Lease) -> None:
    """Write the sheet. Without a key nothing is written: the job fails, and the paper stays to be made."""
    with unscoped("a job acts for no person"):
        begin_reading()
        paper = papers.paper(lease.subject.removeprefix("paper:"))
        if paper.state == READY:
            return
        row = found.handover(paper.subject.removeprefix("handover:"))
        with force_locale(paper.lang):
            order = _order(row, paper.reference)
        filing.write(lease, paper, order)


def _order(row: Handover, reference: str) -> Order:
    """References, steps and dates: no name of a household, no answer."""
    settings, place = current_app.config["RELAIS"], find_operation(row.operation_id)
    zone = place.zone if place else "Europe/Paris"
    organisation = people.organisation_names().get(place.owner, place.owner) if place else settings.issuer
    data = _data(row, zone) | {"operation": {"name": place.name, "city": place.city} if place else {}}
    return Order(
        text=MODEL.read_text(),
        data=data,
        lang=LANG,
        day=clock.today(zone),
        organisation=organisation,
        source={"reference": reference, "households": [cells[0] for cells in data["table"]["rows"]]},
        address=(_("Rehousing mission"), place.city if place else ""),
        issuer=settings.issuer,
        verify_url=f"{settings.base_url}/verify/{reference}",
        reason=_("Document issued"),
        place=place.city if place else "",
        letterhead=papers.letterhead_of(place.owner if place else None),
    )


def _data(row: Handover, zone: str) -> dict[str, Any]:
    told = found.sheet(row, zone)
    heirs = {one.heir for one in told} | set(found.passed_to(row).values())
    names = people.names({row.person, row.asked_by, *heirs})
    return {
        "person": names.get(row.person, ""),
        "asked_by": names.get(row.asked_by, ""),
        "heirs": sorted(names[heir] for heir in heirs if heir in names),
        "at": row.at.date(),
        "reason": _(LEAVING.get(row.reason, "")),
        "table": {
            "header": [_(title) for title in COLUMNS],
            "widths": list(COLUMNS.values()),
            "rows": [_row(one, names) for one in told],
        },
    }


def _row(one: SheetRow, names: dict[str, str]) -> list[str]:
    steps = "; ".join(step.get(LANG, "") for step in one.steps)
    due = format_date(one.due, "short") if one.due else "—"
    return [
        one.household.reference,
        one.dossier.reference if one.dossier else "—",
        _(STATES[one.household.state][0]),
        (_("%(step)s (came back for correction)", step=steps) if one.sent_back else steps) or "—",
        _("%(day)s (late)", day=due) if one.late else due,
        names.get(one.heir, ""),
    ]
