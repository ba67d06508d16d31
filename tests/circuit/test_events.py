"""Events as they are stored: facts only, readable for ever."""

from dataclasses import fields
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.circuit.rehousing import CESF, HOUSEHOLD, REFERENT, SEATS, Dossier
from workflow.circuit import commands as c
from workflow.circuit import events as e
from workflow.circuit.state import fold

INSTANT = st.integers(0, 4_102_444_800_000).map(lambda ms: datetime.fromtimestamp(ms / 1000, UTC))
WORD = st.text("abcdef0123456789-", min_size=1, max_size=12)
BY = st.builds(e.By, person=WORD, role=WORD, organisation=st.none() | WORD, on_behalf_of=st.none() | WORD)
OPENING = st.builds(e.Opening, WORD, st.none() | INSTANT, st.tuples(INSTANT), st.none() | INSTANT)
BY_NAME = {
    "at": INSTANT,
    "due": INSTANT,
    "escalate_at": st.none() | INSTANT,
    "reminders": st.tuples(INSTANT, INSTANT),
    "round": st.integers(1, 50),
    "sent": st.integers(0, 9),
    "actor": st.none() | BY,
    "opened": st.tuples(OPENING, OPENING),
    "section_hashes": st.dictionaries(WORD, WORD, max_size=4),
    "sections": st.tuples(WORD),
    "kept": st.tuples(WORD),
    "not_needed": st.tuples(),
    "disagreement": st.booleans(),
    "public": st.booleans(),
}


@pytest.mark.parametrize("kind", e.TYPES.values(), ids=e.TYPES)
@given(data=st.data())
@settings(max_examples=8, deadline=None)
def test_every_kind_of_event_is_read_back_as_it_was_written(kind, data):
    facts = {item.name: data.draw(BY_NAME.get(item.name, WORD)) for item in fields(kind)}
    event = kind(**facts)
    stored = event.to_dict()
    assert stored["type"] == kind.__name__
    assert e.from_dict(stored) == event


def test_what_cannot_be_read_is_refused():
    stored = e.Withdrawn(at=datetime(2026, 3, 2, tzinfo=UTC)).to_dict()
    for broken in ({}, {**stored, "type": "Vanished"}, {**stored, "schema": 9}, {**stored, "colour": "red"}):
        with pytest.raises(ValueError, match=r"unknown|unreadable"):
            e.from_dict(broken)


@pytest.mark.complaint(27)
def test_an_event_of_an_earlier_release_is_brought_up_to_date(monkeypatch):
    def rename(facts):
        why = facts.pop("why")
        return {**facts, "type": "Withdrawn", "schema": 1, "reason_ref": why}

    monkeypatch.setitem(e.UPCASTERS, ("GivenUp", 1), rename)
    old = {"type": "GivenUp", "schema": 1, "at": "2026-03-02T09:00:00+00:00", "why": "r1"}
    assert e.from_dict(old) == e.Withdrawn(at=datetime(2026, 3, 2, 9, tzinfo=UTC), reason_ref="r1")


def test_a_stored_history_folds_to_the_state_it_came_from():
    dossier = Dossier().until("visa")
    dossier.do(REFERENT, c.SendBack, "visa", reason_ref="r", sections=("E",))
    dossier.change("E")
    dossier.do(CESF, c.Submit, "saisie")
    dossier.do(REFERENT, c.Approve, "visa")
    dossier.do(HOUSEHOLD, c.Sign, "lecture_menage")
    dossier.do(SEATS[0], c.Approve, "validation")
    stored = [event.to_dict() for event in dossier.events]
    assert fold(dossier.circuit, map(e.from_dict, stored)) == dossier.state


def test_folding_needs_neither_answers_nor_clock():
    dossier = Dossier(landlord_ticked=False).until("validation")
    assert fold(dossier.circuit, dossier.events) == dossier.state
    assert dossier.state.outcomes["visa"] == "not_needed"
