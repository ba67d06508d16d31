"""An invitation that came back waits for whoever sets the operation up, and for nobody else."""

from datetime import timedelta

from flask import Flask

from tests import factories
from tests.cast import CLAIRE, NADIA, SONIA
from workflow import clock
from workflow.db import db
from workflow.dossiers.queries.notices import errands
from workflow.people import actions
from workflow.people.models import Account, Person


def test_an_invitation_that_came_back_is_something_to_see_to(app: Flask) -> None:
    db.session.query(Account).filter_by(person_id=SONIA).one().password_hash = None
    actions.invite(SONIA, NADIA)
    db.session.get_one(Person, SONIA).bounced_at = clock.now()
    db.session.commit()
    (found,) = errands(factories.identity(NADIA))
    assert (found.page, dict(found.args)) == ("people.person", {"person_id": SONIA})
    assert errands(factories.identity(CLAIRE)) == []


def test_it_still_waits_when_the_link_is_too_old_and_may_be_sent_again(app: Flask, sign_in) -> None:
    db.session.query(Account).filter_by(person_id=SONIA).one().password_hash = None
    actions.invite(SONIA, NADIA)
    db.session.get_one(Person, SONIA).bounced_at = clock.now()
    db.session.commit()
    with clock.at(clock.now() + actions.INVITATION_LIFE + timedelta(hours=1)):
        (found,) = errands(factories.identity(NADIA))
        assert "send the invitation again" in found.hint
        assert errands(factories.identity(CLAIRE)) == []
        db.session.rollback()
        assert "Renvoyer l’invitation" in sign_in(NADIA).get(f"/people/{SONIA}").text.replace("&#39;", "’")
