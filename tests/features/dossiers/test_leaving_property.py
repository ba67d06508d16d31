"""Whoever leaves, whoever takes over: either nothing is done, or nothing is left without an owner."""

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from tests.cast import BRUNO, CLAIRE, FRANCOIS, HELENE, KARIM, NADIA, SONIA
from workflow.approvals.models import Task, Voter
from workflow.db import db
from workflow.dossiers import actions
from workflow.dossiers.models import Dossier, Household
from workflow.dossiers.queries.held import held
from workflow.dossiers.queries.succession import Departure, Succession
from workflow.errors import Invalid, Refused
from workflow.people import queries as people
from workflow.people.models import Seat

STAFF = (CLAIRE, BRUNO, NADIA, SONIA, KARIM, HELENE, FRANCOIS)
KINDS = ("role", "seat", "dossier", "household")


def test_after_any_departure_nothing_is_owned_by_who_left(app: Flask) -> None:
    factories.a_dossier(0)
    factories.a_submitted_dossier(1)
    factories.a_dossier_before_the_committee(2)

    @given(
        leaver=st.sampled_from(STAFF),
        successor=st.sampled_from(STAFF),
        others=st.dictionaries(st.sampled_from(KINDS), st.sampled_from((*STAFF, "-")), max_size=2),
        followed=st.sets(st.integers(0, 11), max_size=4),
    )
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
    def holds(leaver: str, successor: str, others: dict[str, str], followed: set[int]) -> None:
        homes = db.session.query(Household).order_by(Household.reference).all()
        actions.set_referents([homes[rank] for rank in followed], leaver, NADIA)
        before = len(held(leaver, "mistral"))
        asked = Succession(
            (Departure(leaver, "mistral"),),
            successor,
            "leaves",
            others={f"mistral:{kind}": person for kind, person in others.items()},
        )
        try:
            with db.session.begin_nested():
                actions.leave(asked, NADIA)
        except (Refused, Invalid):
            db.session.expire_all()
            assert len(held(leaver, "mistral")) == before
            assert people.grants_of(leaver)
        else:
            db.session.expire_all()
            _owns_nothing(leaver)
        db.session.rollback()

    holds()


def _owns_nothing(leaver: str) -> None:
    assert held(leaver, "mistral") == []
    assert not [grant for grant in people.grants_of(leaver) if grant.operation == "mistral"]
    for model, column in ((Household, "referent"), (Dossier, "officer"), (Voter, "person"), (Seat, "person_id")):
        assert db.session.query(model).filter_by(**{column: leaver}).count() == 0
    asked = {(row.subject, row.step) for row in db.session.query(Voter)}
    assert {(row.subject, row.step) for row in db.session.query(Task)} == asked
