"""Jobs: those who are invited are told, authors learn what came of their words, papers are written and sealed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from workflow import clock, mail, outbox
from workflow.charter.actions.papers import TEXT
from workflow.charter.models import ASIDE, OF_ONE, SUBJECT, Consultation, Contribution
from workflow.charter.queries import drafts
from workflow.charter.queries.entitled import invited_to
from workflow.charter.queries.orders import answers_order, text_order
from workflow.charter.rules.text import numbers
from workflow.db import begin_reading, db, unscoped
from workflow.filing import actions as filing
from workflow.filing import queries as papers
from workflow.filing.models import READY
from workflow.people import queries as people
from workflow.record.queries import text
from workflow.web.dates import format_date
from workflow.web.extensions import LANGUAGES

TOO_OLD = timedelta(days=7)  # what lies so far back is no news any more
SPEAKING = ("association", "referent_bailleur", "siege_commission", "travailleur_social", "chef_de_projet")


@dataclass(frozen=True)
class _To:
    """Whom a mail goes to. inside: they have an access, so that a page may be named."""

    address: str
    name: str
    lang: str
    inside: bool


def announce(lease: outbox.Lease) -> None:
    """Whoever speaks for an invited organisation is told that a text is submitted."""
    with unscoped("a job acts for no person"), lease.finish():
        row = drafts.by_id(lease.subject.removeprefix(SUBJECT))
        if row.opens is None or row.closes is None:
            return
        for to in _speaking(row):
            with force_locale(to.lang):
                told = {
                    "name": to.name,
                    "title": row.title,
                    "first": format_date(row.opens),
                    "last": format_date(row.closes),
                }
                body = render_template("emails/charter_opened.txt", url=_page(row), **told)
                _post(f"charter:{row.id}:{row.current}:{to.address}"[:200], to, _("A text is submitted to you"), body)


def _speaking(row: Consultation) -> Iterator[_To]:
    invited, told = set(invited_to(row.id)), set[str]()
    for one in people.holders(row.operation_id, SPEAKING):
        who = people.person(one.person_id) if one.organisation in invited else None
        if who is not None and who.email and who.email.lower() not in told and who.bounced_at is None:
            told.add(who.email.lower())
            yield _To(who.email, who.name, _lang(who.lang), inside=True)


def tell(lease: outbox.Lease) -> None:
    """What came of a contribution, to its author: on their page, else by the address they left."""
    with unscoped("a job acts for no person"), lease.finish():
        row = db.session.get(Contribution, lease.subject.removeprefix(OF_ONE))
        if row is None or row.version != lease.version or row.answered_at is None:
            return  # it was answered again since: that job tells
        if clock.now() - row.answered_at > TOO_OLD:
            return
        to = _author(row)
        if to is None:
            return
        draft = drafts.by_id(row.consultation_id)
        with force_locale(to.lang):
            said = {"name": to.name, "title": draft.title, "number": row.number, "article": _article(draft, row)}
            what = "aside" if row.state == ASIDE else row.outcome
            url = f"{_page(draft)}/contributions/{row.number}" if to.inside else _public(draft)
            body = render_template(
                "emails/charter_answered.txt",
                what=what,
                reason=text(row.reason) or "",
                url=url,
                inside=to.inside,
                **said,
            )
            _post(f"contribution:{row.id}:{row.version}", to, _("An answer to your contribution"), body)


def _author(row: Contribution) -> _To | None:
    address = text(row.address)
    if address:
        return _To(address, text(row.author) or "", "fr", inside=False)
    who = people.person(row.person) if row.person else None
    if who is None or not who.email or who.bounced_at is not None:
        return None
    return _To(who.email, who.name, _lang(who.lang), inside=True)


def _article(draft: Consultation, row: Contribution) -> str:
    """“Article 3 – Title” as the author read it; "" for the whole text."""
    parts = drafts.parts_of(drafts.edition(draft, row.edition))
    part = next((one for one in parts if one.key == row.article), None)
    if part is None:
        return ""
    number = numbers(parts).get(part.key)
    return _("Article %(number)s – %(title)s", number=number, title=part.title) if number else part.title


def _page(row: Consultation) -> str:
    return f"{current_app.config['RELAIS'].base_url}/drafts/{row.reference}"


def _public(row: Consultation) -> str:
    return f"{current_app.config['RELAIS'].base_url}/consultations/{row.reference}" if row.public else ""


def _lang(wanted: str) -> str:
    return wanted if wanted in LANGUAGES else "fr"


def _post(key: str, to: _To, subject: str, body: str) -> None:
    written = mail.write(key, to.address, subject, body, to.lang)
    db.session.flush()
    outbox.add("mail.send", subject=f"mail:{written.id}", key=f"mail.send:{written.id}")


def make_paper(lease: outbox.Lease) -> None:
    """Without a key nothing is written: the job fails, and the paper stays to be made."""
    with unscoped("a job acts for no person"):
        begin_reading()
        paper = papers.paper(lease.subject.removeprefix("paper:"))
        if paper.state == READY:
            return
        row = drafts.by_id(paper.subject.removeprefix(SUBJECT))
        with force_locale(paper.lang):
            write = text_order if paper.kind == TEXT else answers_order
            order = write(row, paper.reference)
        filing.write(lease, paper, order)
