"""Doors: attachments are added, read, taken away for good."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from workflow.dossiers import queries
from workflow.dossiers.actions import attaching
from workflow.dossiers.models import Dossier, Household
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.queries import attachments as found
from workflow.dossiers.queries.mending import may_mend_household
from workflow.errors import Forbidden, Invalid, NotFound, Refused
from workflow.filing import queries as filing
from workflow.filing.models import KeptFile
from workflow.outbox.running import perform
from workflow.record.queries import text
from workflow.web import door
from workflow.web.journals import note_sensitive_read

GONE = frozenset(("purged", "closed"))
EXTENSIONS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


def _short(label: Any, count: int) -> list[Any]:
    return [
        InputRequired(label),
        Length(max=count, message=lazy_gettext("Write at most %(count)s characters.", count=count)),
    ]


class AttachmentForm(FlaskForm):
    file = FileField(lazy_gettext("File"), [FileRequired(lazy_gettext("Choose a file."))])
    caption = StringField(lazy_gettext("What it is"), _short(lazy_gettext("Say what it is, in a few words."), 120))
    shared = BooleanField(lazy_gettext("The partners this household agreed to may read it too"))


class RemovalForm(FlaskForm):
    reason = TextAreaField(
        lazy_gettext("Why it is taken away"), _short(lazy_gettext("Write why, in one or two sentences."), 1000)
    )


@dossiers.route("/households/<household_id>/attachments/new", methods=["GET", "POST"])
def attach(household_id: str) -> Any:
    """Add a file to a household."""
    row = queries.household(g.identity, household_id)
    return _attach(row, row, url_for("dossiers.household", household_id=row.id, _anchor="attachments"))


@dossiers.route("/dossiers/<reference>/attachments/new", methods=["GET", "POST"])
def attach_to_dossier(reference: str) -> Any:
    """Add a file to one dossier."""
    row = queries.dossier(g.identity, reference)
    if row.void_at:
        raise Refused("annulled", "This dossier was annulled: nothing can be added to it.")
    return _attach(row, row.household, url_for("dossiers.dossier", reference=row.reference, _anchor="attachments"))


def _attach(to: Household | Dossier, home: Household | None, back: str) -> Any:
    if not may_mend_household(g.identity, to.operation_id):
        raise Forbidden()
    if home is not None and home.state in GONE:
        raise Refused("household_closed", "The file of this household is closed: nothing can be added to it.")
    form = AttachmentForm()
    if home is None:
        form.shared.label.text = _("Whoever may open this file of the operation may read it too")
    if request.method == "GET":
        return _ask(form, home, to, back)
    if not form.validate():
        return _ask(form, home, to, back), 422
    sent, told = form.file.data, {"caption": form.caption.data, "shared": form.shared.data}
    try:
        attaching.attach(g.identity, to, sent.read(), sent.mimetype, **told)
    except Invalid as bad:
        form.file.errors = [_(one.message, **one.params) for one in bad.errors]
        return _ask(form, home, to, back), 422
    flash(_("The attachment is kept."), "done")
    return redirect(back, code=303)


def _ask(form: AttachmentForm, home: Household | None, to: Household | Dossier, back: str) -> str:
    return render_template(
        "dossiers/attachment_new.html",
        form=form,
        household=home,
        dossier=to.reference if isinstance(to, Dossier) else "",
        back_url=back,
        problems=problems(form),
    )


def problems(form: FlaskForm) -> list[dict[str, str]]:
    """What is wrong, for the summary at the top of a page."""
    return [{"id": field.id, "label": field.label.text, "message": field.errors[0]} for field in form if field.errors]


@dossiers.get("/attachments/<file_id>")
def attachment(file_id: str) -> Response:
    """The bytes of an attachment. Who read it is kept."""
    row = found.attachment(g.identity, file_id)
    note_sensitive_read(row.subject, g.identity.person, found.levels_of(row))
    answer = make_response(filing.bytes_of_file(row))
    answer.mimetype = row.mime
    name = f"piece-{row.kept_at:%Y-%m-%d}-{row.id[:6]}.{EXTENSIONS[row.mime]}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@dossiers.route("/attachments/<file_id>/remove", methods=["GET", "POST"])
def remove_attachment(file_id: str) -> Any:
    """Take a file away for good: put in the wrong place, it must not be read by anybody any more."""
    row = to_mend(file_id)
    home = found.home_of(row)
    form = RemovalForm()
    if request.method == "GET" or not form.validate():
        page = render_template(
            "dossiers/attachment_remove.html",
            form=form,
            household=home,
            dossier="" if home else queries.by_subject(row.subject).reference,
            caption=caption_of(row),
            signed=row.part == found.SCAN,
            back_url=where(row),
            problems=problems(form),
        )
        return page, 422 if form.errors else 200
    back = where(row)
    job = attaching.erase_file(g.identity, row, form.reason.data or "")
    flash(_("The file is erased. Who took it away, when and why stays."), "done")
    done = job.id
    door.commit()
    perform(done)  # at once; should the store not answer, the job tries again by itself
    return redirect(back, code=303)


def to_mend(file_id: str) -> KeptFile:
    """A file this person may move or take away."""
    row = found.attachment(g.identity, file_id)
    if not may_mend_household(g.identity, row.operation_id):
        raise NotFound()
    if found.home_of(row) is None and row.part == found.SCAN:
        raise NotFound()  # what was signed for everybody stays
    return row


def caption_of(row: KeptFile) -> str:
    if row.part == found.SCAN:
        return _("Signed paper, scanned")
    return text(row.caption) or _("Attachment")


def where(row: KeptFile) -> str:
    """The page on which a file is listed."""
    kind, _sep, _id = row.subject.partition(":")
    if kind == "dossier":
        reference = queries.by_subject(row.subject).reference
        return url_for("dossiers.dossier", reference=reference, _anchor="attachments")
    return url_for("dossiers.household", household_id=found.household_of(row).id, _anchor="attachments")
