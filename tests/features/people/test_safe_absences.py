"""Who may stand in: only a colleague of the same organisation, never whoever declares the absence."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import BRUNO, CLAIRE, INES, JULIEN, KARIM, NADIA, SONIA
from tests.features.conftest import SignIn
from workflow import clock, mail, outbox
from workflow.db import db, new_id
from workflow.errors import Invalid
from workflow.people import actions, queries
from workflow.people.actions import AbsenceDraft
from workflow.people.models import Absence


def drafted(substitute: str) -> AbsenceDraft:
    return AbsenceDraft(substitute, clock.today(), clock.today() + timedelta(days=2))


def mails() -> dict[str, str]:
    """{address: what was written to it}."""
    outbox.drain()
    found = {one.to: one.body for one in db.session.scalars(select(mail.Mail))}
    db.session.rollback()
    return found


@pytest.mark.parametrize("substitute", [CLAIRE, JULIEN, BRUNO, INES])
def test_somebody_of_another_organisation_may_not_stand_in(app: Flask, substitute: str) -> None:
    with pytest.raises(Invalid):
        actions.put_absence(SONIA, drafted(substitute), SONIA)


def test_whoever_declares_for_somebody_else_may_not_name_themselves(sign_in: SignIn) -> None:
    with pytest.raises(Invalid):
        actions.put_absence(CLAIRE, drafted(NADIA), NADIA)
    db.session.rollback()
    page = sign_in(NADIA).get(f"/people/{CLAIRE}/absences/new").text
    assert f'value="{BRUNO}"' in page
    assert f'value="{NADIA}"' not in page
    assert f'value="{SONIA}"' not in page


def before_the_rule(away: str, substitute: str) -> None:
    """An absence of today as it could be declared before."""
    today = clock.today()
    told = {"first_day": today, "last_day": today, "procedures": [], "declared_by": away, "declared_at": clock.now()}
    db.session.add(Absence(id=new_id(), person_id=away, substitute_id=substitute, withdrawn_at=None, **told))
    db.session.flush()


def test_an_absence_from_before_is_shown_as_no_longer_valid_with_what_to_do(app: Flask, sign_in: SignIn) -> None:
    before_the_rule(CLAIRE, SONIA)
    assert queries.substitutes_now("mistral") == {CLAIRE: frozenset()}
    db.session.commit()
    mine, theirs, hers = (
        sign_in(who).get(path).text for who, path in ((CLAIRE, "/me"), (SONIA, "/me"), (NADIA, f"/people/{CLAIRE}"))
    )
    for page in (mine, theirs, hers):
        assert "plus valable" in page
    assert "Retirez cette absence" in mine
    assert "Retirez cette absence" in hers
    assert "Sonia Mendès stands in" not in hers


def test_an_absence_from_before_lends_nothing_to_another_organisation(app: Flask) -> None:
    before_the_rule(CLAIRE, SONIA)
    held = queries.identity_of_person(queries.person(SONIA))
    assert all(grant.on_behalf_of is None for grant in held.grants)


def test_who_stands_in_is_told_and_who_is_away_too_when_somebody_else_says_so(app: Flask) -> None:
    actions.put_absence(SONIA, drafted(KARIM), NADIA)
    db.session.commit()
    written = mails()
    assert {queries.person(SONIA).email, queries.person(KARIM).email} <= set(written)
    assert "/me" in written[queries.person(KARIM).email]


def test_who_declares_their_own_absence_is_not_told_of_it(app: Flask) -> None:
    actions.put_absence(SONIA, drafted(KARIM), SONIA)
    db.session.commit()
    written = mails()
    assert queries.person(KARIM).email in written
    assert queries.person(SONIA).email not in written
