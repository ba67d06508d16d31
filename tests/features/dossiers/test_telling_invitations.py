"""An invitation that came back waits for whoever sets the operation up, and for nobody else."""

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
