"""Doors: the operator's page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import format_timedelta, gettext, ngettext
from flask_babel import gettext as _

from workflow import outbox
from workflow.dashboards import actions, rules
from workflow.dashboards.pages.blueprint import dashboards
from workflow.dashboards.pages.wording import cause, kind, mail_state, moment
from workflow.dashboards.queries import installation, works
from workflow.db import db
from workflow.errors import NotFound
from workflow.web.dates import format_date

LATEST = 10  # mails on the first page; all of them are a list of their own


@dashboards.get("/operator")
def operator() -> Any:
    """Health in words first, what it rests on under it. No household and no answer is ever shown here."""
    settings = current_app.config["RELAIS"]
    product, size = installation.database()
    return render_template(
        "dashboards/operator.html",
        sentences=[_said(sentence) for sentence in rules.health(installation.signs())],
        troubles=[{"job": job, "label": kind(job.kind), "cause": cause(job.error)} for job in works.troubles()],
        under_way=[(kind(name), waiting) for name, waiting in works.under_way().items()],
        done=works.done_since(timedelta(days=1)),
        mails=[(row, mail_state(row.state)) for row in works.mails(LATEST)],
        mail_count=works.mail_count(),
        sends=bool(settings.smtp_url),
        journals=installation.journals(),
        verification=installation.last_verification(),
        product=product,
        size=size,
        queue=outbox.waiting(settings.redis_url),
        workers=outbox.listeners(settings.redis_url),
        versions=installation.versions(),
        free_mb=installation.free_mb(),
        moment=moment,
    )


@dashboards.post("/operator/jobs/<row_id>/again")
def run_again(row_id: str) -> Any:
    """Try a job again now, with a fresh set of attempts."""
    if not outbox.run_again(row_id):
        raise NotFound("This job is done already.")
    flash(_("The job will be tried again in a moment."), "done")
    return redirect(url_for("dashboards.operator", _anchor="works"), code=303)


@dashboards.post("/operator/journals/verify")
def verify_record() -> Any:
    actions.ask_verification(g.identity.person, request.form.get("request_key", ""))
    flash(_("The journals are being read through: the result will stand here in a moment."), "done")
    return redirect(url_for("dashboards.operator", _anchor="journals"), code=303)


@dashboards.get("/operator/mails/<mail_id>")
def mail(mail_id: str) -> Any:
    """A mail that was kept, as its addressee would read it."""
    row = works.kept_mail(mail_id)
    base = current_app.config["RELAIS"].base_url
    lines = [rules.pieces(line, base) for line in row.body.splitlines()]
    db.session.expunge(row)
    return render_template("dashboards/mail.html", mail=row, lines=lines, moment=moment)


def _said(sentence: rules.Sentence) -> dict[str, str]:
    """A sentence of the rules in the reader's language."""
    params = dict(sentence.params)
    if sentence.since is not None:
        params["since"] = format_timedelta(sentence.since)
    if "day" in params:
        params["day"] = format_date(params["day"], "long")
    if sentence.many:
        return {"state": sentence.state, "text": ngettext(sentence.one, sentence.many, sentence.count, **params)}
    return {"state": sentence.state, "text": gettext(sentence.one, **params)}
