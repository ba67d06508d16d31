"""Working days, reminders, lateness, silence."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.circuit.rehousing import DIAGNOSIS, MANAGER, REFERENT, SEATS, Dossier
from workflow.circuit import commands as c
from workflow.circuit.absences import Absence, substitutes
from workflow.circuit.deadlines import Calendar, around, deadline, last_day, later, local_day
from workflow.circuit.decide import next_alarm, tick
from workflow.circuit.definition import load

PARIS = "Europe/Paris"
INSTANTS = st.integers(1_577_836_800, 2_051_222_400).map(lambda second: datetime.fromtimestamp(second, UTC))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-03-02T09:00", 5, "2026-03-09T23:00"),  # a plain week in winter: 24:00 in Paris is 23:00 UTC
        ("2026-04-02T09:00", 1, "2026-04-03T22:00"),  # Good Friday is worked in Grenoble
        ("2026-04-03T09:00", 1, "2026-04-07T22:00"),  # Easter Monday is not
        ("2026-03-27T09:00", 1, "2026-03-30T22:00"),  # summer time began in between
        ("2026-10-23T09:00", 1, "2026-10-26T23:00"),  # and ended
        ("2026-12-31T23:30", 1, "2027-01-04T23:00"),  # already New Year in Paris
    ],
)
def test_a_deadline_ends_at_midnight_of_the_last_working_day(start, days, due):
    assert deadline(at(start), days, PARIS, Calendar()) == at(due)


def test_how_late_something_is_counts_working_days():
    assert Calendar().count(date(2026, 4, 3), date(2026, 4, 8)) == 2  # Easter Monday is not one
    assert Calendar().count(date(2026, 4, 3), date(2026, 4, 5)) == 0
    assert Calendar().count(date(2026, 4, 3), date(2026, 4, 1)) == 0


def test_alsace_and_moselle_rest_on_good_friday_and_saint_stephens_day():
    assert not Calendar(alsace_moselle=True).works(date(2026, 4, 3))
    assert not Calendar(alsace_moselle=True).works(date(2025, 12, 26))
    assert Calendar().works(date(2025, 12, 26))


def test_a_closed_office_does_not_count():
    closed = Calendar(closed=frozenset({date(2026, 3, 3)}))
    assert deadline(at("2026-03-02T09:00"), 1, PARIS, closed) == at("2026-03-04T23:00")


@given(start=INSTANTS, days=st.integers(1, 60), more=st.integers(0, 10))
@settings(max_examples=150, deadline=None)
def test_deadlines_lie_on_working_days_and_never_before_a_shorter_one(start, days, more):
    due = deadline(start, days, PARIS, Calendar())
    assert due > start
    assert Calendar().works(last_day(due, PARIS))
    assert local_day(due, PARIS) != last_day(due, PARIS)
    assert around(due, -more, PARIS, Calendar()) < due <= later(due, more, PARIS, Calendar())
    assert deadline(start, days + more, PARIS, Calendar()) >= due


@pytest.mark.complaint(21)
def test_a_reminder_leaves_then_lateness_then_the_chief_is_told(dossier):
    dossier.until("visa")
    assert dossier.wait(days=2) == []
    assert dossier.wait(days=2, hours=23) == ["Reminded"]
    assert dossier.wait(hours=1) == []
    assert dossier.wait(days=4) == ["Reminded", "StepOverdue"]
    assert dossier.wait(days=2) == ["Escalated"]
    assert dossier.wait(days=30) == []
    assert dossier.state.open["visa"].overdue


def test_time_passes_once_however_often_it_is_asked(dossier):
    dossier.until("visa")
    dossier.wait(days=60)
    assert tick(dossier.circuit, dossier.state, dossier.world()) == []


def test_the_next_alarm_is_the_first_instant_at_which_something_happens(dossier):
    dossier.until("visa")
    while alarm := next_alarm(dossier.state):
        dossier.now = alarm
        assert dossier.wait() != []


@pytest.mark.complaint(23)
def test_an_extended_deadline_starts_its_reminders_anew(dossier):
    dossier.until("visa")
    dossier.wait(days=20)
    later_on = at("2026-04-30T22:00")
    dossier.do(MANAGER, c.ExtendDeadline, "visa", due=later_on)
    step = dossier.state.open["visa"]
    assert (step.due, step.overdue, step.reminded) == (later_on, False, 0)
    assert step.reminders == (at("2026-04-27T22:00"), at("2026-05-03T22:00"))


@pytest.mark.parametrize(("tacit", "phase"), [("approve", "approved"), ("refuse", "refused")])
def test_silence_decides_where_the_circuit_says_so(tacit, phase):
    rule = "rule: {per_organisation: true, quorum: 3}"
    text = DIAGNOSIS.replace(rule, f"{rule}\n        delay: 5\n        tacit: {tacit}")
    dossier = Dossier(circuit=load(text)).until("validation")
    dossier.do(SEATS[0], c.Approve, "validation")
    names = dossier.wait(days=9)
    assert names == ["StepOverdue", "TacitlyDecided", "StepClosed", "Completed"]
    assert dossier.state.phase == phase


def test_a_decision_after_its_deadline_still_counts_unless_silence_has_decided(dossier):
    dossier.until("visa")
    dossier.wait(days=60)
    assert dossier.state.open["visa"].overdue
    dossier.do(REFERENT, c.Approve, "visa")
    silent = Dossier(
        circuit=load(DIAGNOSIS.replace("        delay: 5\n", "        delay: 5\n        tacit: approve\n"))
    )
    silent.until("visa").wait(days=60)
    assert silent.refusal(REFERENT, c.Refuse, "visa", reason_ref="r") == "not_open"


def test_a_seat_that_disappears_closes_a_step_nobody_else_holds_open():
    text = DIAGNOSIS.replace("rule: {per_organisation: true, quorum: 3}", "rule: all")
    dossier = Dossier(circuit=load(text)).until("validation")
    dossier.do(SEATS[0], c.Approve, "validation")
    dossier.context.holders["validation"].intersection_update({SEATS[0].voice})
    assert dossier.wait(minutes=1) == ["StepClosed", "Completed"]


@pytest.mark.complaint(20)
def test_a_substitute_stands_in_on_the_days_and_for_the_procedures_named():
    away = Absence("karim", "lea", date(2026, 3, 2), date(2026, 3, 6), frozenset({"diagnostic-social"}))
    assert substitutes([away], date(2026, 3, 6), "diagnostic-social") == {"karim": {"lea"}}
    assert substitutes([away], date(2026, 3, 7), "diagnostic-social") == {}
    assert substitutes([away], date(2026, 3, 6), "charte") == {}
