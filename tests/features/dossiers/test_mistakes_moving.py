"""What was put under the wrong household goes to the right one, and leaves only a trace."""

import pytest

from tests import factories as made
from tests.cast import BRUNO, CLAIRE, NADIA, SONIA
from tests.features.dossiers.projections import all_holds, snapshot
from workflow import outbox
from workflow.catalogue.queries import current
from workflow.db import db
from workflow.dossiers import actions, queries
from workflow.dossiers.actions import moving, undoing
from workflow.dossiers.models import Agreement, Dossier, Household
from workflow.dossiers.queries.mending import traces
from workflow.dossiers.queries.paper import material
from workflow.dossiers.queries.undoable import undoable
from workflow.errors import Forbidden, NotFound, Refused
from workflow.filing import queries as filing


def two_of_one_landlord():
    """Two households that the same landlord houses: ranks in the list."""
    rows = db.session.query(Household).order_by(Household.reference).all()
    first = rows[0]
    return 0, next(rank for rank, row in enumerate(rows) if rank and row.landlord == first.landlord)


def move(slug, row, target):
    moving.move_dossier(made.identity(slug), row.reference, target.id)
    db.session.commit()


def undo(slug, subject):
    found = undoable(made.identity(slug), subject)
    undoing.undo(made.identity(slug), found.id)
    db.session.commit()


def test_a_dossier_moves_with_its_agreements_and_keeps_its_reference(app, desk):
    one, other = two_of_one_landlord()
    row, target = made.a_submitted_dossier(one), made.a_household(other)
    reference, origin, state = row.reference, row.household, target.state
    before = snapshot()
    agreed = {one.organisation for one in db.session.query(Agreement).filter_by(dossier_id=row.id)}
    move(CLAIRE, row, target)
    assert (row.household_id, row.reference) == (target.id, reference)
    assert queries.agreements(row) == agreed
    assert (origin.state, target.state) == ("to_contact", "surveyed")
    assert queries.dossiers_of(made.identity(CLAIRE), origin) == []
    assert [fact.kind for fact in traces(origin)] == ["DossierMovedAway"]
    old, new, where = origin.reference, target.id, origin.id
    db.session.rollback()
    claire = desk(CLAIRE, reference).get()
    assert "Déplacé depuis le ménage" in claire.text
    assert old in claire.text
    card = claire.client.get(f"/households/{where}").text
    assert "a été déplacé vers" in card
    assert new not in card
    undo(CLAIRE, f"dossier:{row.id}")
    after = snapshot()
    assert {table for table in after if after[table] != before[table]} == set(), state


def test_the_next_dossier_of_the_household_it_left_has_a_reference_of_its_own(app):
    one, other = two_of_one_landlord()
    row = made.a_submitted_dossier(one)
    origin = row.household
    move(CLAIRE, row, made.a_household(other))
    again, _new = actions.open_dossier(made.identity(CLAIRE), origin, current("diagnostic-social", "mistral"))
    assert again.reference == f"{origin.reference}-2"


def test_a_household_with_a_dossier_of_the_kind_under_way_takes_no_other(app, desk):
    one, other = two_of_one_landlord()
    row, there = made.a_submitted_dossier(one), made.a_dossier(other)
    target, reference = there.household_id, there.reference
    claire = desk(CLAIRE, row)
    claire.last = claire.client.post(f"/dossiers/{row.reference}/move", data={"target": target, "q": "MIS"})
    assert claire.status == 422
    assert reference in claire.text


def test_only_who_carries_it_or_sets_up_moves_it_and_only_inside_its_operation(app):
    one, other = two_of_one_landlord()
    row, target = made.a_submitted_dossier(one), made.a_household(other)
    for slug in (SONIA, BRUNO):
        with pytest.raises(Forbidden):
            moving.move_dossier(made.identity(slug), row.reference, target.id)
    with pytest.raises(NotFound):
        moving.move_dossier(made.identity(NADIA), row.reference, "no-such-household")
    move(NADIA, row, target)


def test_another_landlord_would_check_the_wrong_lease(app):
    row, target = made.a_submitted_dossier(0), made.a_household(1)
    target.landlord = "habitat-du-drac"
    db.session.commit()
    with pytest.raises(Refused) as refused:
        moving.move_dossier(made.identity(CLAIRE), row.reference, target.id)
    assert refused.value.code == "other_landlord"


def test_papers_of_a_validated_dossier_are_written_again_with_the_right_name(app, desk):
    one, other = two_of_one_landlord()
    row = run_jobs(made.a_validated_dossier(one))
    before = {paper.reference for paper in filing.papers(row.subject)}
    move(NADIA, row, made.a_household(other))
    row = run_jobs(row)
    valid = [paper for paper in filing.papers(row.subject) if paper.void_at is None]
    assert len(valid) == 2
    assert before.isdisjoint(paper.reference for paper in valid)
    told = material.order_of(next(paper for paper in valid if paper.audience == "household"), "", "").data
    assert told["household"]["display"] == made.a_household(other).name
    undo(NADIA, row.subject)
    row = run_jobs(row)
    assert {paper.reference for paper in filing.papers(row.subject) if paper.void_at is None} == before
    assert all_holds()


def run_jobs(row):
    """Let the jobs of a dossier run, and give it back: they end with a session of their own."""
    told = row.id
    db.session.rollback()
    outbox.drain()
    return db.session.get_one(Dossier, told)


def test_a_colleague_who_acted_since_is_named_and_nothing_is_undone(app, sign_in):
    one, other = two_of_one_landlord()
    row, target = made.a_submitted_dossier(one), made.a_household(other)
    move(CLAIRE, row, target)
    found = undoable(made.identity(CLAIRE), row.subject).id
    made.decide(SONIA, row, "Approve", "visa_bailleur")
    assert undoable(made.identity(CLAIRE), row.subject) is None
    there = row.id, target.id
    db.session.rollback()
    answer = sign_in(CLAIRE).post(f"/undo/{found}")
    assert answer.status_code == 409
    assert "Sonia Mendès a agi depuis" in answer.text
    assert db.session.get_one(Dossier, there[0]).household_id == there[1]


def test_nobody_undoes_what_somebody_else_did(app, sign_in):
    one, other = two_of_one_landlord()
    row, target = made.a_submitted_dossier(one), made.a_household(other)
    move(CLAIRE, row, target)
    found = undoable(made.identity(CLAIRE), row.subject).id
    db.session.rollback()
    assert sign_in(NADIA).post(f"/undo/{found}").status_code == 404


def test_the_right_household_is_looked_for_by_name(app, desk):
    one, other = two_of_one_landlord()
    row, target = made.a_submitted_dossier(one), made.a_household(other)
    name, told = target.name, target.id
    claire = desk(CLAIRE, row).get("/move")
    assert claire.status == 200
    claire.get(f"/move?q={name}")
    assert name in claire.text
    claire.last = claire.client.post(f"/dossiers/{claire.reference}/move", data={"q": name, "target": told})
    claire.follow()
    assert "Vous avez déplacé un dossier" in claire.text
    assert "Revenir en arrière" in claire.text
