"""The last action may be taken back for a day, while nobody has acted since; then everything is as it was."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories as made
from tests.cast import BRUNO, CLAIRE, NADIA
from tests.features.dossiers.projections import all_holds, snapshot
from tests.features.dossiers.test_mistakes_merging import twice
from workflow import clock
from workflow.approvals import actions as approvals
from workflow.db import db
from workflow.dossiers import actions, queries
from workflow.dossiers.actions import merging, moving, undoing
from workflow.dossiers.models import Contact, Dossier, Household, Undo
from workflow.dossiers.queries.undoable import undoable
from workflow.errors import Refused
from workflow.record.queries import faults


def test_a_contact_noted_by_mistake_is_taken_back_with_the_status_it_gave(app, sign_in):
    row = made.a_household()
    home, state, since = row.id, row.state, row.state_since
    db.session.rollback()
    client = sign_in(CLAIRE)
    client.post(f"/households/{home}/contacts", data={"kind": "refused", "note": "Erreur de porte"})
    page = client.get(f"/households/{home}").text
    assert "Vous avez noté un contact." in page
    found = undoable(made.identity(CLAIRE), f"household:{home}").id
    db.session.rollback()
    assert "Vous avez noté un contact." not in sign_in(BRUNO).get(f"/households/{home}").text
    answer = client.post(f"/undo/{found}")
    assert (answer.status_code, answer.location) == (303, f"/households/{home}")
    row = db.session.get_one(Household, home)
    assert (row.state, row.state_since) == (state, since)
    assert db.session.query(Contact).count() == 0
    db.session.rollback()
    assert client.post(f"/undo/{found}").status_code == 409


def test_after_a_day_it_is_too_late(app):
    row = made.a_household()
    actions.note_contact(row, "phone", "", CLAIRE)
    undo = db.session.query(Undo).one()
    undo.at = clock.now() - timedelta(hours=25)
    db.session.commit()
    assert undoable(made.identity(CLAIRE), f"household:{row.id}") is None
    with pytest.raises(Refused) as refused:
        undoing.undo(made.identity(CLAIRE), undo.id)
    assert refused.value.code == "too_late"


def _annul(row):
    made.decide(NADIA, row, "Cancel", "", reason="Ouvert par erreur")
    return row.subject


def _move(row):
    target = next(one for one in _homes() if one.landlord == row.household.landlord and one.id != row.household_id)
    moving.move_dossier(made.identity(NADIA), row.reference, target.id)
    return row.subject


def _merge(row):
    other = next(one for one in _homes() if one.reference == "MIS-9001")
    theirs = frozenset(merging.differing(row.household, other)[::2])
    versions = {one.id: one.version for one in (row.household, other)}
    kept = row.household
    merging.merge(made.identity(NADIA), kept.id, other.id, theirs, versions)
    return f"household:{kept.id}"


def _homes():
    asked = db.session.query(Household).filter(Household.merged_into.is_(None)).order_by(Household.reference)
    return [row for row in asked if queries.open_dossier_of(row, "diagnostic-social") is None] + [
        row for row in asked if row.reference == "MIS-9001"
    ]


MISTAKES = {"void": _annul, "move": _move, "merge": _merge}


@pytest.mark.parametrize("how_far", ["a_dossier", "a_submitted_dossier", "a_dossier_before_the_committee"])
def test_mistakes_made_and_undone_leave_everything_as_it_was(app, how_far):
    twice()
    told = getattr(made, how_far)(0).id

    @given(mistakes=st.lists(st.sampled_from(sorted(MISTAKES)), min_size=1, max_size=3))
    @settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def play(mistakes):
        before = snapshot()
        for mistake in mistakes:
            me = made.identity(NADIA)
            subject = MISTAKES[mistake](db.session.get_one(Dossier, told))
            db.session.commit()
            assert snapshot() != before, mistake
            undoing.undo(me, undoable(me, subject).id)
            db.session.commit()
            after = snapshot()
            assert {table for table in after if after[table] != before[table]} == set(), mistake
        approvals.rebuild()
        assert snapshot() == before
        db.session.commit()

    play()
    assert faults() == []
    assert all_holds()
