"""A body decides in a sitting: its secretary enters what those who are there say, and it counts as their voices."""

import pytest
from flask import Flask

from tests import factories
from tests.cast import BRUNO, CLAIRE, FRANCOIS, HELENE, JULIEN, MIREILLE, NADIA, PATRICE
from tests.features.approvals.seating import THERE, a_sitting, close, committee, enter, entry, phase, seat_of, seated
from workflow.approvals import actions, queries
from workflow.approvals.actions import ALL
from workflow.approvals.models import Sitting
from workflow.approvals.queries import attending
from workflow.approvals.queries.sittings import Case
from workflow.db import db
from workflow.dossiers.models import Dossier
from workflow.errors import Forbidden, Invalid, Moved, Refused
from workflow.people import actions as people_actions
from workflow.people.actions import SeatDraft
from workflow.record.queries import facts


def test_everybody_who_is_there_is_heard_and_the_record_says_who_entered_it(app: Flask) -> None:
    dossier = factories.a_dossier_before_the_committee()
    row = a_sitting(dossier)
    assert enter(row, dossier) == "approved"
    assert phase(dossier) == "open", "nothing has effect before the sitting is closed"
    close(row, [dossier])
    assert phase(dossier) == "approved"
    told = [fact for fact in facts(dossier.subject) if fact.kind == "Approved" and fact.data["step"] == "validation"]
    assert {fact.actor["person"] for fact in told} == set(THERE), "the fourth voice too, though three were enough"
    assert {(fact.actor["through"], fact.actor["recorded_by"]) for fact in told} == {(f"sitting:{row.id}", BRUNO)}
    kinds = [fact.kind for fact in facts(f"sitting:{row.id}")]
    assert kinds == ["SittingOpened", "AgendaPut", "AttendancePut", "PositionsEntered", "SittingClosed"]


def test_each_organisation_may_say_something_else(app: Flask) -> None:
    dossier = factories.a_dossier_before_the_committee()
    row = a_sitting(dossier)
    said = {seat_of(HELENE): ("favourable", ""), seat_of(PATRICE): ("reserved", "Vérifier l’étage.")}
    said |= {seat_of(FRANCOIS): ("favourable", ""), seat_of(MIREILLE): ("unfavourable", "Trop loin de l’école.")}
    assert enter(row, dossier, positions=said) == "approved"
    close(row, [dossier])
    kinds = [fact.kind for fact in facts(dossier.subject) if fact.data.get("step") == "validation"]
    assert sorted(kinds[:4]) == ["Approved", "Approved", "ApprovedWithReservation", "Refused"]


def test_a_reservation_needs_its_reason(app: Flask) -> None:
    dossier = factories.a_dossier_before_the_committee()
    row = a_sitting(dossier)
    with pytest.raises(Invalid):
        enter(row, dossier, positions={ALL: ("reserved", " ")})


def test_without_a_quorum_nothing_is_entered_but_it_may_be_adjourned(app: Flask) -> None:
    dossier = factories.a_dossier_before_the_committee()
    row = a_sitting(dossier, there=(HELENE, PATRICE))
    with pytest.raises(Refused, match="quorum"):
        enter(row, dossier)
    db.session.rollback()
    assert enter(row, dossier, "adjourn", words="Quorum non atteint.") == "adjourn"
    close(row, [dossier])
    assert phase(dossier) == "open"
    following = a_sitting(dossier)
    assert following.number == row.number + 1, "it comes back before the next sitting"


def test_who_withdraws_counts_neither_for_the_quorum_nor_as_a_voice(app: Flask) -> None:
    dossier = factories.a_dossier_before_the_committee()
    row = a_sitting(dossier, there=(HELENE, PATRICE, FRANCOIS))
    with pytest.raises(Refused, match="quorum"):
        enter(row, dossier, withdrawn={seat_of(PATRICE): "Un proche du ménage."})
    db.session.rollback()
    wider = a_sitting(factories.a_dossier_before_the_committee(1))
    other = factories.dossier_of(attended_reference(wider))
    assert enter(wider, other, withdrawn={seat_of(PATRICE): "Un proche du ménage."}) == "approved"
    close(wider, [other])
    assert PATRICE not in {fact.actor.get("person") for fact in facts(other.subject)}


def attended_reference(row: Sitting) -> str:
    [on_it] = attending.items(row)
    return db.session.get_one(Dossier, on_it.subject.removeprefix("dossier:")).reference


def test_no_voice_is_entered_for_somebody_who_is_not_there(app: Flask) -> None:
    dossier = factories.a_dossier_before_the_committee()
    row = a_sitting(dossier)
    with pytest.raises(Refused):
        enter(row, dossier, positions={ALL: ("favourable", ""), seat_of(JULIEN): ("favourable", "")})


def test_a_vote_given_at_a_desk_before_the_sitting_stays(app: Flask) -> None:
    dossier = factories.a_dossier_before_the_committee()
    factories.decide(HELENE, dossier, "ApproveWithReservation", "validation", reason="Rez-de-chaussée.")
    row = a_sitting(dossier)
    assert enter(row, dossier) == "approved"
    close(row, [dossier])
    mine = [fact for fact in facts(dossier.subject) if fact.actor.get("person") == HELENE]
    assert [fact.kind for fact in mine] == ["ApprovedWithReservation"]


def test_a_substitute_gives_the_voice_of_the_organisation(app: Flask) -> None:
    dossier = factories.a_dossier_before_the_committee()
    row = a_sitting(dossier, there=(NADIA, PATRICE, FRANCOIS))
    assert enter(row, dossier) == "approved"
    with pytest.raises(Invalid):
        actions.put_attendance(factories.identity(BRUNO), row.id, seated(NADIA, HELENE), [], row.version)


def test_answers_that_changed_since_the_page_was_drawn_stop_only_that_dossier(app: Flask) -> None:
    first, second = (factories.a_dossier_before_the_committee(rank) for rank in (0, 1))
    row = a_sitting(first, second)
    told = entry(row, first, positions={ALL: ("favourable", "")})
    enter(row, first)
    enter(row, second)
    factories.decide(HELENE, first, "SendBack", "validation", reason="Un revenu a changé.", sections=("J",))
    for dossier in (first, second):
        actions.carry_out(factories.identity(BRUNO), row.id, dossier.subject)
        db.session.commit()
    assert phase(second) == "approved"
    assert attending.item(row, first.subject).problem, "said in the sitting"
    with pytest.raises(Refused, match="could not take effect"):
        actions.close_sitting(factories.identity(BRUNO), row.id)
    db.session.rollback()
    with pytest.raises(Moved):
        actions.enter(factories.identity(BRUNO), row.id, told)


def test_a_wrong_entry_is_taken_back_until_the_sitting_is_closed_and_the_record_keeps_both(app: Flask) -> None:
    dossier = factories.a_dossier_before_the_committee()
    row = a_sitting(dossier)
    enter(row, dossier, positions={ALL: ("unfavourable", "Mauvaise ligne.")})
    actions.take_back(factories.identity(BRUNO), row.id, dossier.subject, 1)
    assert enter(row, dossier) == "approved"
    close(row, [dossier])
    kinds = [fact.kind for fact in facts(f"sitting:{row.id}")]
    assert kinds[3:] == ["PositionsEntered", "EntryTakenBack", "PositionsEntered", "SittingClosed"]
    with pytest.raises(Refused, match="closed"):
        actions.take_back(factories.identity(BRUNO), row.id, dossier.subject, 3)


def test_of_two_secretaries_the_second_reads_who_was_faster(app: Flask) -> None:
    dossier = factories.a_dossier_before_the_committee()
    row = a_sitting(dossier)
    told = entry(row, dossier, positions={ALL: ("unfavourable", "Non.")})
    enter(row, dossier)
    with pytest.raises(Moved) as faster:
        actions.enter(factories.identity(BRUNO), row.id, told)
    assert faster.value.params["person"] == BRUNO


def test_a_sitting_sends_back_chosen_sections_once_for_all(app: Flask) -> None:
    dossier = factories.a_dossier_before_the_committee()
    row = a_sitting(dossier)
    assert enter(row, dossier, "send_back", words="Préciser le budget.", sections=("J",)) == "sent_back"
    close(row, [dossier])
    state = queries.standing(dossier.subject).state
    assert state.correction is not None and state.correction.sections == ("J",)
    assert state.correction.by is not None and state.correction.by.person == HELENE, "the chair speaks for all"


def claire_sits_instead_of_helene() -> None:
    told = SeatDraft("grenoble", HELENE, CLAIRE)
    people_actions.change_seat(committee().id, seat_of(HELENE), told, committee().version, "ines-carpentier")
    db.session.commit()


def test_who_filled_the_form_does_not_judge_it(app: Flask) -> None:
    claire_sits_instead_of_helene()
    dossier = factories.a_dossier_before_the_committee()
    row = a_sitting(dossier, there=(CLAIRE, PATRICE, FRANCOIS, MIREILLE))
    case = Case(row, attending.item(row, dossier.subject))
    assert {place.person: place.standing for place in case.places}[CLAIRE] == "author"
    enter(row, dossier)
    close(row, [dossier])
    assert CLAIRE not in {f.actor.get("person") for f in facts(dossier.subject) if f.data.get("step") == "validation"}


def test_only_the_secretary_of_the_body_enters_anything(app: Flask) -> None:
    dossier = factories.a_dossier_before_the_committee()
    row = a_sitting(dossier)
    for slug in (HELENE, CLAIRE):
        with pytest.raises(Forbidden):
            actions.enter(factories.identity(slug), row.id, entry(row, dossier, positions={ALL: ("favourable", "")}))
        db.session.rollback()
