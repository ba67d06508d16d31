"""What the page of a room shows once the signatures are over: who received the file, the evidence, its life."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow.filing import queries as filing
from workflow.people import queries as people
from workflow.signing.actions.subject import CLOSE
from workflow.signing.models import ARCHIVED, COMPLETE, Delivery, Milestone, Room
from workflow.signing.pages import words as said
from workflow.signing.pages.receiving import label_of
from workflow.signing.queries import deliveries, evidence, milestones, revisions, rooms
from workflow.signing.queries.entitled import may_have, runs
from workflow.signing.queries.rooms import Open
from workflow.signing.rules import milestones as rules
from workflow.signing.rules.deliveries import ARRIVED, PAPER, STATES, TO_PRINT
from workflow.web.dates import format_date, stamp

Shown = dict[str, Any]


def shown(known: Open) -> Shown:
    """Everything `signing/_after.html` reads. Cheap while the signatures are under way."""
    row = known.row
    if row.state not in evidence.OVER:
        return {"after": None}
    managing = runs(g.identity, row)
    told: Shown = {"managing": managing, "evidence": _evidence(known), "closing": _closing(row)}
    if row.state == COMPLETE:
        told["whole"] = _whole(known)
        told |= {"copies": _copies(known, managing), "mine": _mine(known), "amendments": _amendments(row)}
        told |= {"life": _life(known, managing), "kinds": _kinds(row, managing), "word": _word(known)}
    return {"after": told}


def _closing(row: Room) -> str:
    """Why the file is not closed yet; "" once it is."""
    if row.state != COMPLETE or not (row.archive or row.seal == "last") or revisions.present(row).why == ARCHIVED:
        return ""
    if deliveries.failed_before(f"{CLOSE}:{row.subject}"):
        return _(
            "The file still waits for its last seal and time stamp: it is tried again by itself. The person who runs "
            "the server knows why."
        )
    return _("The file is being closed with its last time stamp. It is handed to everybody right after.")


# -- who received it ----------------------------------------------------------------------------------------------


def _whole(known: Open) -> Shown:
    """What everybody receives; label: of a scan, where nobody signed in the file."""
    first = next(iter(deliveries.items(known)), None)
    on_paper = first is not None and first.what != deliveries.FILE
    return {"url": _print_url(known), "label": label_of(first) if first and on_paper else ""}


def _copies(known: Open, managing: bool) -> Shown:
    """Whoever runs the room reads of each party; the others only how many have the document."""
    rows = deliveries.of_room(known.row.id)
    count = deliveries.arrived(rows)
    progress = ngettext(
        "%(count)s of %(num)s party has the complete document.",
        "%(count)s of %(num)s parties have the complete document.",
        len(rows),
        count=count,
    )
    places = {one.id: number for number, one in enumerate(known.parties)}
    ordered = sorted(rows, key=lambda one: places.get(one.party, 0))
    lines = [_copy(known, one) for one in ordered] if managing else []
    return {"progress": progress if rows else "", "lines": lines, "count": count, "whole": len(rows)}


def _copy(known: Open, row: Delivery) -> Shown:
    state, party = deliveries.state(row), known.party(row.party)
    word, family = STATES[state]
    address = {"reference": known.row.reference, "delivery_id": row.id}
    return {
        "name": party.acting.name,
        "to": deliveries.address_of(known, row) if row.how != PAPER else party.acting.postal,
        "family": family,
        "word": _(word),
        "sentence": _when(known, row, state),
        "send_url": url_for("signing.send_copy", **address),
        "sent": row.sends > 0,
        "hand_url": "" if state in ARRIVED and row.handed_how else url_for("signing.hand_over", **address),
        "print_url": _print_url(known) if state == TO_PRINT else "",
    }


def _print_url(known: Open) -> str:
    """The file to print: the document, or the scan where it only lives on paper."""
    first = next(iter(deliveries.items(known)), None)
    if first is None or first.what == deliveries.FILE:
        return url_for("signing.file", reference=known.row.reference)
    return url_for("signing.scan", reference=known.row.reference, scan_id=first.what)


def _when(known: Open, row: Delivery, state: str) -> str:
    if state == "opened" and row.opened_at:
        return stamp(row.opened_at, known.zone)
    if state in ("handed", "posted") and row.handed_on:
        who = people.names([row.handed_by]).get(row.handed_by, "")
        return _("on %(day)s, noted by %(name)s", day=format_date(row.handed_on, "full"), name=who)
    if row.sent_at and state in ("sent", "bounced", "over"):
        return stamp(row.sent_at, known.zone)
    return ""


def _mine(known: Open) -> list[Shown]:
    """The files of a signatory who has an access: received with one button."""
    if deliveries.of_person(known, g.identity.person) is None:
        return []
    return [{"what": one.what, "label": label_of(one)} for one in deliveries.items(known)]


# -- the evidence, the working copy -------------------------------------------------------------------------------


def _evidence(known: Open) -> Shown | None:
    if not evidence.may_read(g.identity, known):
        return None
    several = evidence.several(known.row.id)
    ready = next((one for one in several if one.made_at), None)
    address = {"reference": known.row.reference}
    return {
        "making": bool(several) and several[0].made_at is None,
        "made": stamp(ready.made_at, known.zone) if ready and ready.made_at else "",
        "mark": ready.sha256 if ready else "",
        "pdf_url": url_for("signing.evidence_file", form="pdf", **address),
        "json_url": url_for("signing.evidence_file", form="json", **address),
        "make_url": url_for("signing.make_evidence", **address),
    }


def _word(known: Open) -> str:
    if not known.paper.docx_name or not may_have(g.identity, known.paper):
        return ""
    return url_for("signing.working_copy", reference=known.row.reference)


# -- its life -----------------------------------------------------------------------------------------------------


def _life(known: Open, managing: bool) -> list[Shown]:
    rows = milestones.of_room(known.row.id)
    by_id = {one.id: one for one in rows}
    names = people.names({one.by for one in rows})
    kept = rules.present(milestones.days(rows))
    told = []
    for one in kept:
        row = by_id[one.id]
        address = {"reference": known.row.reference, "milestone_id": row.id}
        told.append(
            {
                "title": _(rules.KINDS[row.kind]),
                "day": _day_said(rules.day_of(one, kept), row),
                "more": _more(row),
                "by": _("noted by %(name)s, %(at)s", name=names.get(row.by, ""), at=stamp(row.at, known.zone)),
                "earlier": [_former(one_before, names, known.zone) for one_before in milestones.earlier(rows, row)],
                "receipt_url": url_for("signing.receipt", **address) if row.file_id else "",
                "correct_url": url_for("signing.correct_day", **address) if managing else "",
            }
        )
    taken_out = [one for one in rows if one.is_void]
    return told + [_taken_out(by_id, one, names, known.zone) for one in taken_out]


def _day_said(day: Any, row: Milestone) -> str:
    if day is None:
        return _("as soon as the legality control has received it")
    if row.on_receipt:
        return _("%(day)s, the day on which the legality control received it", day=format_date(day, "full"))
    return format_date(day, "full")


def _more(row: Milestone) -> str:
    words = milestones.words_of(row)
    said_ = [_("receipt no. %(number)s", number=words.number)] if words.number else []
    said_ += [words.whom] if words.whom else []
    if row.kind == rules.TRANSMITTED and row.on:
        until = rules.months_after(row.on, rules.CONTROL_MONTHS)
        said_.append(_("the State may bring it before the court until %(day)s", day=format_date(until, "long")))
    if row.kind == rules.ENDS and row.remind_on:
        said_.append(_("reminder on %(day)s", day=format_date(row.remind_on, "long")))
    return " · ".join([*said_, *([words.words] if words.words else [])])


def _former(row: Milestone, names: dict[str, str], zone: str) -> str:
    day = format_date(row.on, "long") if row.on else _("without a day")
    told = {"day": day, "more": _more(row), "name": names.get(row.by, ""), "at": stamp(row.at, zone)}
    if told["more"]:
        return _("Before: %(day)s, %(more)s (%(name)s, %(at)s)", **told)
    return _("Before: %(day)s (%(name)s, %(at)s)", **told)


def _taken_out(by_id: dict[str, Milestone], row: Milestone, names: dict[str, str], zone: str) -> Shown:
    former, why = by_id.get(row.corrects or "", row), milestones.words_of(row).words
    by = _("taken out by %(name)s, %(at)s", name=names.get(row.by, ""), at=stamp(row.at, zone))
    told = {"title": _(rules.KINDS[row.kind]), "day": format_date(former.on, "full") if former.on else "", "more": why}
    return told | {"by": by, "earlier": [], "receipt_url": "", "correct_url": "", "out": True}


def _kinds(row: Room, managing: bool) -> list[Shown]:
    """What may be noted; whoever only reads is offered nothing."""
    if not managing:
        return []
    address = {"reference": row.reference}
    return [
        {"label": _(words), "url": url_for("signing.note_day", kind=kind, **address)}
        for kind, words in rules.KINDS.items()
    ]


def _amendments(row: Room) -> list[Shown]:
    """Other papers that change this one, with their state."""
    found = []
    for one in rooms.accessions(row):
        paper = filing.paper(one.paper_id)
        if is_amendment_in(one):
            family, word = said.state_badge(one)
            url = url_for("signing.room", reference=one.reference)
            found.append({"title": paper.title or paper.reference, "url": url, "family": family, "word": word})
    return found


def is_amendment_in(row: Room) -> bool:
    """Whether what is signed there changes another paper; otherwise somebody joins by it."""
    return filing.paper(row.paper_id).kind.partition("-")[0] == "avenant"
