"""A dossier that comes back: its author is told by mail, which names no household and no answer."""

from flask import Flask

from tests import factories
from tests.cast import CLAIRE, SONIA
from workflow import outbox
from workflow.db import db
from workflow.mail import Mail
from workflow.outbox import Outbox
from workflow.people.models import Person


def sent_back() -> tuple[str, str]:
    """A dossier that the landlord sends back: its reference, the household's name."""
    row = factories.a_submitted_dossier()
    reason = "Le loyer ne correspond pas à la quittance."
    factories.decide(SONIA, row, "SendBack", "visa_bailleur", reason=reason, sections=("E",))
    told = row.reference, row.household.name
    db.session.rollback()
    outbox.drain()
    return told


def test_the_author_receives_a_link_and_no_personal_information(app: Flask) -> None:
    reference, name = sent_back()
    [mail] = db.session.query(Mail).all()
    assert mail.to == db.session.get_one(Person, CLAIRE).email
    assert f"{app.config['RELAIS'].base_url}/dossiers/{reference}" in mail.body
    for secret in (name, name.split()[-1], "quittance", "loyer"):
        assert secret not in mail.body + mail.subject


def test_the_mail_is_written_once_however_often_its_job_runs(app: Flask) -> None:
    sent_back()
    row = db.session.query(Outbox).filter_by(kind="dossiers.tell_author").one()
    row.state, row.next_at = outbox.PENDING, row.made_at
    db.session.commit()
    outbox.drain()
    assert db.session.query(Mail).count() == 1


def test_an_author_without_an_address_is_not_written_to(app: Flask) -> None:
    db.session.get_one(Person, CLAIRE).email = None
    db.session.commit()
    sent_back()
    assert db.session.query(Mail).count() == 0
    assert db.session.query(Outbox).filter_by(kind="dossiers.tell_author").one().state == outbox.DONE
