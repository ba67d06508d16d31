"""Doors: the sittings of a body; one is opened, changed, or dropped when it is not held."""

from __future__ import annotations

import re
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_babel import ngettext
from wtforms import StringField
from wtforms.validators import InputRequired, Optional, Regexp

from workflow.approvals import actions
from workflow.approvals.actions import SittingDraft
from workflow.approvals.models import Sitting
from workflow.approvals.pages.blueprint import approvals
from workflow.approvals.pages.sitting_room import STATES, Room, clock_time
from workflow.approvals.queries import attending
from workflow.approvals.queries.sittings import waiting_at
from workflow.errors import NotFound
from workflow.operations.queries import operation as find_operation
from workflow.people import queries as people
from workflow.people.models import Body
from workflow.web import fields, listed
from workflow.web.dates import format_date
from workflow.web.editing import Desk, Step, confirm, edit
from workflow.web.spoken import label as said

HOUR = re.compile(r"([01]?\d|2[0-3])\s*[:hH]\s*([0-5]\d)?")


class SittingForm(fields.Sheet):
    held_on = fields.Day(later("Day"), [InputRequired(later("Write a day, for example 31/12/2026."))])
    begins = StringField(
        later("Hour"),
        [Optional(), Regexp(HOUR, message=later("Write an hour, for example 14:30."))],
        render_kw={"data-width": "8"},
    )
    place = fields.words(later("Place"), 200)
    title = fields.words(later("Title of the agenda"), 200, description=later("For example: first tranche."))

    def drafted(self) -> SittingDraft:
        told = HOUR.fullmatch((self.begins.data or "").strip())
        begins = f"{int(told[1]):02}:{told[2] or '00'}" if told else ""
        return SittingDraft(self.held_on.data, begins, self.place.data or "", self.title.data or "")


def _body(operation: str, slug: str, *, keeper: bool = False) -> Body:
    """The body, for its secretaries and those with a voice in it. NotFound for everybody else."""
    found = people.body(operation, slug) if operation in g.identity.operations else None
    may = attending.keeps if keeper else attending.reads
    if found is None or not may(g.identity, found):
        raise NotFound()
    return found


@approvals.app_template_global()
def bodies_kept() -> list[tuple[str, str]]:
    """[(where its sittings are, its name)] of the bodies whose secretary asks for the page."""
    kept = attending.kept_by(g.identity) if g.identity else []
    return [(url_for("approvals.sittings", operation=row.operation_id, body=row.slug), said(row.label)) for row in kept]


@approvals.get("/operations/<operation>/bodies/<body>/sittings")
def sittings(operation: str, body: str) -> Any:
    """Every sitting, the latest first; what waits for the body meanwhile."""
    found = _body(operation, body)
    rows, place, keeps = attending.sittings(operation, body), find_operation(operation), attending.keeps
    waiting = len(waiting_at(found))
    add = (url_for("approvals.new_sitting", operation=operation, body=body), _("Open a sitting"))
    mine = keeps(g.identity, found)
    lead = ngettext(
        "%(num)s dossier waits for this body and is on no agenda.",
        "%(num)s dossiers wait for this body and are on no agenda.",
        waiting,
    )
    return listed.show(
        listed.Listed(
            title=_("Sittings of: %(body)s", body=said(found.label)),
            lead=lead,
            columns=_columns(attending.counts(rows)),
            rows=rows,
            known=len(rows),
            counted=lambda count: ngettext("%(num)s sitting", "%(num)s sittings", count),
            empty=listed.Empty(
                _("No sitting yet"),
                _("A sitting gathers the dossiers that wait for this body: who is there decides, you enter it."),
                *(add if mine else ("", "")),
            ),
            primary=add if mine else None,
            place=place.name if place else "",
            file_name=f"seances-{body}",
            private=False,
        )
    )


def _columns(counts: dict[str, int]) -> list[listed.Column]:
    def link(row: Sitting) -> listed.Cell:
        number = _("Sitting no. %(number)s", number=row.number)
        return {"text": number, "url": url_for("approvals.sitting", sitting_id=row.id), "sub": row.title}

    def state(row: Sitting) -> listed.Cell:
        words, family = STATES[row.state]
        return {"text": _(words), "state": family}

    return [
        listed.Column(_("Sitting"), lambda row: row.number, link),
        listed.Column(_("Day"), lambda row: row.held_on, lambda row: {"text": format_date(row.held_on, "full")}),
        listed.Column(_("Hour"), lambda row: clock_time(row.begins)),
        listed.Column(_("Place"), lambda row: row.place),
        listed.Column(_("Dossiers"), lambda row: counts.get(row.id, 0), number=True),
        listed.Column(_("State"), lambda row: _(STATES[row.state][0]), state),
    ]


@approvals.route("/operations/<operation>/bodies/<body>/sittings/new", methods=["GET", "POST"])
def new_sitting(operation: str, body: str) -> Any:
    found = _body(operation, body, keeper=True)
    form = SittingForm()
    back = url_for("approvals.sittings", operation=operation, body=body)
    desk = Desk(
        title=_("Open a sitting"),
        lead=_("Then you choose the dossiers, and say who is there."),
        back=back,
        crumbs=[(back, _("Sittings of: %(body)s", body=said(found.label)))],
        verb=_("Open this sitting"),
    )

    def save() -> str:
        row = actions.open_sitting(g.identity, found, form.drafted())
        return url_for("approvals.sitting_agenda", sitting_id=row.id)

    return edit(desk, form, save, "")


@approvals.route("/sittings/<sitting_id>/change", methods=["GET", "POST"])
def change_sitting(sitting_id: str) -> Any:
    room = Room(sitting_id, keeper=True)
    form = _filled(room.row)
    desk = Desk(
        title=_("Change day and place"),
        lead="",
        back=room.url,
        crumbs=room.crumbs(inside=True),
        verb=_("Keep these changes"),
        remove=(url_for("approvals.drop_sitting", sitting_id=sitting_id), _("This sitting is not held")),
    )

    def save() -> None:
        actions.change_sitting(g.identity, sitting_id, form.drafted(), form.shown_version)

    def fresh() -> tuple[SittingForm, int]:
        row = attending.sitting(sitting_id)
        return _filled(row, formdata=None), row.version

    return edit(desk, form, save, _("The sitting is changed."), fresh)


def _filled(row: Sitting, **how: Any) -> SittingForm:
    told = {"held_on": row.held_on, "begins": row.begins, "place": row.place, "title": row.title}
    return SittingForm(data=told | {"version": str(row.version)}, **how)


@approvals.route("/sittings/<sitting_id>/drop", methods=["GET", "POST"])
def drop_sitting(sitting_id: str) -> Any:
    room = Room(sitting_id, keeper=True)
    form = fields.Sheet(data={"version": str(room.row.version)})
    step = Step(
        title=_("This sitting is not held"),
        consequence=_("Its dossiers go on waiting and may be put on another agenda. What was entered is not counted."),
        verb=_("Drop this sitting"),
        back=room.url,
        crumbs=room.crumbs(inside=True),
    )
    return confirm(
        step,
        form,
        lambda: actions.drop_sitting(g.identity, sitting_id, form.shown_version),
        _("The sitting is dropped."),
    )
