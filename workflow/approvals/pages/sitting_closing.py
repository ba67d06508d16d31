"""Door: a sitting is closed: what each dossier comes to is said before, and nothing else takes effect."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from flask import flash, g, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow.approvals import actions
from workflow.approvals.pages.blueprint import approvals
from workflow.approvals.pages.sitting import begin_again
from workflow.approvals.pages.sitting_room import Line, Room
from workflow.approvals.queries import attending
from workflow.approvals.queries.sitting_before import foreseen
from workflow.approvals.rules import ADJOURN, CARRIED
from workflow.db import db
from workflow.errors import Moved, Refused
from workflow.web import door
from workflow.web.dates import format_date


@approvals.route("/sittings/<sitting_id>/close", methods=["GET", "POST"])
def close_sitting(sitting_id: str) -> Any:
    """What was entered takes effect, dossier by dossier; then the sitting is over and its list may be signed."""
    room = Room(sitting_id, keeper=True)
    if attending.is_ahead(room.row):
        day = format_date(room.row.held_on, "full")
        told = room.frame() | {"crumbs": room.crumbs(inside=True), "day": day}
        return render_template("approvals/sitting_ahead.html", **told), 409 if request.method == "POST" else 200
    if request.method == "GET":
        return _ask(room)
    try:
        if request.form.get("version") != _shown(room):
            raise Moved("Somebody changed this sitting meanwhile. Here is how it stands now.")
        _carry_out(room)
    except (Moved, Refused) as stop:
        begin_again()
        return _ask(Room(sitting_id, keeper=True), _(stop.message, **stop.params)), stop.status
    flash(_("The sitting is closed. Print the list, to have it signed."), "done")
    return redirect(room.url, code=303)


def _shown(room: Room) -> str:
    """What the page shows, in a few signs: who is there, the agenda, what was entered."""
    entries = "".join(f"{one.subject} {one.entries} " for one in room.agenda)
    return f"{room.row.version}-{sha256(entries.encode()).hexdigest()[:16]}"


def _ask(room: Room, refusal: str = "") -> str:
    comes = foreseen(room.row)
    return render_template(
        "approvals/sitting_close.html",
        **room.frame() | {"crumbs": room.crumbs(inside=True)},
        consequence=_consequence(room),
        rows=[_cells(line, comes.get(line.item.subject, "")) for line in room.lines()],
        columns=[{"label": title} for title in (_("Dossier"), _("Entered"), _("What it comes to"))],
        version=_shown(room),
        refusal=refusal,
    )


def _cells(line: Line, comes: str) -> list[dict[str, Any]]:
    words, family = CARRIED[line.item.carried or (comes if line.item.said else ADJOURN) or ADJOURN]
    end = {"text": _(words), "state": family}
    if line.problem:
        end = {"text": line.state, "state": line.family, "sub": line.problem}
    elif line.item.said not in (None, ADJOURN) and not comes:  # entered before outcomes were kept
        end = {"text": "—"}
    named = {"text": f"{line.number}. {line.reference}", "sub": line.household, "url": line.mine}
    return [named, {"text": line.said or "—"}, end]


def _consequence(room: Room) -> str:
    """Those that could not take effect are said by themselves."""
    said = [one for one in room.agenda if one.said and not one.carried and not one.problem]
    left = [one for one in room.agenda if not one.said and not one.carried]
    told = []
    if said:
        told.append(
            ngettext(
                "What was entered for %(num)s dossier takes effect at once and can no longer be changed here.",
                "What was entered for %(num)s dossiers takes effect at once and can no longer be changed here.",
                len(said),
            )
        )
    if left:
        told.append(
            ngettext(
                "%(num)s dossier without any entry is adjourned to the next sitting.",
                "%(num)s dossiers without any entry are adjourned to the next sitting.",
                len(left),
            )
        )
    return " ".join(told)


def _carry_out(room: Room) -> None:
    """Each dossier in a transaction of its own. Raises Refused when some could not take effect: they are said."""
    sitting_id, version = room.row.id, room.row.version
    for subject, seen in [(one.subject, one.entries) for one in room.agenda if one.said]:
        try:
            actions.carry_out(g.identity, sitting_id, subject, seen)
            door.commit()
        except (Moved, Refused) as stop:
            db.session.rollback()
            if stop.code == "too_early":
                raise
            actions.could_not(g.identity, sitting_id, subject, stop)
            door.commit()
    actions.close_sitting(g.identity, sitting_id, version)
