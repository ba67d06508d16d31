"""Doors: the days that count once a paper is signed: noted, corrected, taken out; their receipts."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, g, make_response, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_wtf.file import FileField
from wtforms import BooleanField

from workflow import clock
from workflow.errors import NotFound
from workflow.filing import queries as filing
from workflow.signing.actions import milestones as actions
from workflow.signing.actions.milestones import Told
from workflow.signing.models import COMPLETE, Milestone
from workflow.signing.pages.blueprint import signing
from workflow.signing.pages.forms import ReasonForm
from workflow.signing.queries import milestones
from workflow.signing.queries.deliveries import ENDINGS
from workflow.signing.queries.entitled import come_in, prepare_in
from workflow.signing.queries.milestones import Words
from workflow.signing.queries.rooms import Open
from workflow.signing.rules import milestones as rules
from workflow.web import fields
from workflow.web.editing import Desk, Step, confirm, edit

_OF = {
    rules.TRANSMITTED: ("on", "number", "receipt"),
    rules.NOTIFIED: ("on", "whom"),
    rules.PUBLISHED: ("on", "whom"),
    rules.IN_FORCE: ("on", "on_receipt"),
    rules.ENDS: ("on", "months"),
    rules.RENEWED: ("on", "until", "months", "words"),
    rules.CLOSED: ("on", "words"),
}
"""{kind of day: what is asked of it}."""
TITLES: dict[str, tuple[Any, Any]] = {
    rules.TRANSMITTED: (
        later("Sent to the legality control"),
        later("The day on which the préfecture received it, the number of its receipt, and the receipt itself."),
    ),
    rules.NOTIFIED: (later("Notified"), later("To whom the signed document was notified, and when.")),
    rules.PUBLISHED: (later("Made public"), later("Where the document, or the act that approves it, was published.")),
    rules.IN_FORCE: (
        later("Comes into force"),
        later("On a day that is known, or as soon as the legality control has received it."),
    ),
    rules.ENDS: (later("Ends"), later("You are reminded before, by mail and among what waits for you.")),
    rules.RENEWED: (later("Renewed"), later("What was signed goes on, until a new end.")),
    rules.CLOSED: (later("Not to be renewed"), later("What was signed ends as foreseen: no reminder follows.")),
}
"""{kind of day: (title of its page, what is entered there)}."""


class DayForm(fields.Sheet):
    """One day; of its fields only those of its kind are asked."""

    on = fields.day(later("On which day"))
    on_receipt = BooleanField(later("On the day on which the legality control receives it"))
    number = fields.words(later("Number of the receipt"), 80)
    receipt = FileField(later("The receipt (PDF or picture)"))
    whom = fields.words(later("To whom"), 300)
    until = fields.day(later("Until which day"))
    months = fields.count(later("Months before the end when one is reminded"))
    words = fields.paragraph(later("Remark"), 1000)

    def asking(self, kind: str) -> DayForm:
        self.groups = (("", _OF[kind]),)
        self.whom.label.text = _("Where") if kind == rules.PUBLISHED else _("To whom")
        return self

    def told(self, kind: str) -> Told:
        asked = set(_OF[kind])
        said = {name: (self[name].data or "") if name in asked else "" for name in ("number", "whom", "words")}
        sent = self.receipt.data if "receipt" in asked else None
        return Told(
            kind,
            self.on.data,
            Words(**said),
            on_receipt="on_receipt" in asked and bool(self.on_receipt.data),
            until=self.until.data if "until" in asked else None,
            months=rules.MONTHS if self.months.data is None else self.months.data,
            receipt=sent.read() if sent else b"",
        )


def _complete(reference: str, kind: str) -> Open:
    known = prepare_in(g.identity, reference)
    if known.row.state != COMPLETE or kind not in rules.KINDS:
        raise NotFound()
    return known


def _desk(known: Open, kind: str, verb: str, **more: Any) -> Desk:
    title, lead = TITLES[kind]
    back = url_for("signing.room", reference=known.row.reference, _anchor="life")
    told = {"title": str(title), "lead": str(lead), "back": back, "crumbs": [(back, _("Signatures"))]}
    return Desk(**told, verb=verb, template="signing/milestone.html", **more)


@signing.route("/rooms/<reference>/life/<kind>", methods=["GET", "POST"])
def note_day(reference: str, kind: str) -> Any:
    """A day that counts is noted."""
    known = _complete(reference, kind)
    form = DayForm(data={"months": rules.MONTHS, "on": _proposed(known, kind)}).asking(kind)
    save = lambda: actions.note_day(g.identity, reference, form.told(kind)) and None  # noqa: E731
    return edit(_desk(known, kind, _("Note it")), form, save, _("Noted."))


def _proposed(known: Open, kind: str) -> date | None:
    done = kind in (rules.TRANSMITTED, rules.NOTIFIED, rules.PUBLISHED)
    return clock.today(known.zone) if done else None


@signing.route("/rooms/<reference>/life/<milestone_id>/correct", methods=["GET", "POST"])
def correct_day(reference: str, milestone_id: str) -> Any:
    """Another entry takes its place; who wrote the first one, and what, stays to be read."""
    known = prepare_in(g.identity, reference)
    row = milestones.milestone(known.row, milestone_id)
    words = milestones.words_of(row)
    began = {"on": row.on, "on_receipt": row.on_receipt, "number": words.number, "whom": words.whom}
    form = DayForm(data=began | {"words": words.words, "months": _months(row)}).asking(row.kind)
    address = {"reference": reference, "milestone_id": milestone_id}
    remove = (url_for("signing.take_out_day", **address), _("Take this entry out…"))
    notice = _("The former entry stays to be read, with who made it and when.")
    desk = _desk(known, row.kind, _("Correct"), remove=remove, notice=notice)
    save = lambda: actions.correct(g.identity, reference, milestone_id, form.told(row.kind)) and None  # noqa: E731
    return edit(desk, form, save, _("Corrected. The former entry stays to be read."))


def _months(row: Milestone) -> int:
    if row.on is None or row.remind_on is None:
        return rules.MONTHS
    return (row.on.year - row.remind_on.year) * 12 + row.on.month - row.remind_on.month


@signing.route("/rooms/<reference>/life/<milestone_id>/take-out", methods=["GET", "POST"])
def take_out_day(reference: str, milestone_id: str) -> Any:
    """It was a mistake; on a page that says the consequence."""
    known = prepare_in(g.identity, reference)
    row, form = milestones.milestone(known.row, milestone_id), ReasonForm()
    form.reason.description = ""
    back = url_for("signing.room", reference=reference, _anchor="life")
    step = Step(
        title=_("Take out “%(day)s”", day=_(rules.KINDS[row.kind])),
        consequence=_("The entry counts no more. It stays to be read, with your reason."),
        verb=_("Take it out"),
        back=back,
        crumbs=[(back, _("Signatures"))],
    )
    act = lambda: actions.take_out(g.identity, reference, milestone_id, form.reason.data or "")  # noqa: E731
    return confirm(step, form, act, _("The entry was taken out."))


@signing.get("/rooms/<reference>/life/<milestone_id>/receipt")
def receipt(reference: str, milestone_id: str) -> Response:
    """The receipt that was handed in with a day."""
    known = come_in(g.identity, reference)
    row = milestones.milestone(known.row, milestone_id)
    if row.file_id is None:
        raise NotFound()
    kept = filing.file(row.file_id)
    answer = make_response(filing.bytes_of_file(kept))
    answer.mimetype = kept.mime
    name = f"{reference}-accuse.{ENDINGS.get(kept.mime, 'bin')}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
