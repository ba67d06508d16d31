"""Doors: relais bounce."""

from __future__ import annotations

import sys
from datetime import timedelta

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _
from sqlalchemy import func, select

from workflow import clock, mail
from workflow.db import db, unscoped
from workflow.dossiers import actions

RECENT = timedelta(days=30)  # how far back a report that quotes no mail of ours may reach
LARGEST = 10 * 1024 * 1024  # bytes


@click.command()
@with_appcontext
def bounce() -> None:
    """Read a delivery report on standard input: mails that came back become tasks. For the pipe of a mail alias.

    0 when done (also when nothing failed for good), 1 when no mail of ours is meant, 2 when it is no delivery report.
    """
    try:
        returned = mail.read_report(sys.stdin.buffer.read(LARGEST))
    except mail.NotAReport:
        click.echo(_("This is not a delivery report."), err=True)
        raise SystemExit(2) from None
    with unscoped("a mail may be about any operation"):
        found = {row.id: row for one in returned if (row := _meant(one))}
        for row in found.values():
            actions.came_back(row, {"process": "bounce"})
        db.session.commit()
    click.echo(_("%(count)s mails came back.", count=len(found)))
    raise SystemExit(1 if returned and not found else 0)


def _meant(one: mail.Returned) -> mail.Mail | None:
    """The mail that the report quotes; else the last one that left for that address not long ago."""
    if one.mail_id:
        return db.session.get(mail.Mail, one.mail_id)
    asked = select(mail.Mail).where(
        func.lower(mail.Mail.to) == one.address,
        mail.Mail.state == mail.SENT,
        mail.Mail.made_at >= clock.now() - RECENT,
    )
    return db.session.scalar(asked.order_by(mail.Mail.made_at.desc()).limit(1))
