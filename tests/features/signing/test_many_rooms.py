"""The list of rooms: what waits for me first, as many questions for two hundred rooms as for a few."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import event

from tests import factories as made
from tests.cast import CLAIRE, MONIQUE, NADIA, PATRICE
from tests.features.signing.conftest import a_convention, opened, paper, room_of, signatory
from tests.features.writing.conftest import page_words
from workflow import clock
from workflow.approvals.models import Task, Voter
from workflow.db import db, new_id
from workflow.errors import NotFound
from workflow.record import actions as record
from workflow.signing.models import COMPLETE, OPEN, REFUSED, Room, Signatory
from workflow.signing.queries import told
from workflow.signing.queries.entitled import come_in

LIST = "/operations/mistral/rooms"


@pytest.fixture
def reference(app):
    return a_convention()


def rooms_of_many(reference, count, state=OPEN, person=None, due=None):
    """Rooms as they stand under way, each waiting for one signatory; written straight into the tables."""
    of, now = paper(reference), clock.now()
    for number in range(count):
        row = Room(id=new_id(), operation_id="mistral", paper_id=of.id, paper_subject=of.subject)
        row.reference, row.number, row.seal, row.original, row.delay = f"RL-{row.id[:8]}", 1, "first", "pdf", 10
        row.state, row.made_by, row.opened_by, row.opened_at = state, NADIA, NADIA, now
        row.made_at = now - timedelta(minutes=number + 1)
        db.session.add(row)
        db.session.flush()
        words = {"name": f"Signataire {number:03d}", "capacity": "", "organisation": "ACTIS", "mail": "", "postal": ""}
        told = record.keep_text(row.subject, json.dumps(words | {"why": ""}))
        one = Signatory(id=new_id(), operation_id="mistral", room_id=row.id, rank=1, place=1, told=told)
        one.person_id, one.channel, one.level = person, "screen", "simple"
        db.session.add(one)
        if state == OPEN:
            keys = {"subject": row.subject, "step": "rank-1-1", "operation_id": "mistral"}
            voice = {"role": "signatory", "organisation": "", "reason": "role", "decided": False}
            db.session.add(Voter(**keys, **voice, person=person or f"signatory:{one.id}"))
            db.session.add(Task(**keys, kind="signature", opened_at=now, due=due, sent_back=False))
    db.session.commit()


@contextmanager
def statements() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_conn, _cursor, statement, *_more) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def asked_for(client, url=LIST):
    """(the page, how many statements it took)."""
    client.get(url)
    with statements() as asked:
        page = client.get(url)
    assert page.status_code == 200
    return page, len(asked)


def test_two_hundred_rooms_take_no_more_questions_than_a_few(sign_in, reference):
    rooms_of_many(reference, 3)
    nadia, monique = sign_in(NADIA), sign_in(PATRICE)
    few = {client: asked_for(client, url)[1] for client in (nadia, monique) for url in (f"{LIST}?q=signataire",)}
    few_plain = asked_for(nadia)[1]
    rooms_of_many(reference, 200)
    page, many = asked_for(nadia)
    assert many == few_plain
    assert page.text.count("/rooms/RL-") == 50, "one page of them"
    for client, count in few.items():
        assert asked_for(client, f"{LIST}?q=signataire")[1] == count
    book = nadia.get(f"{LIST}?format=xlsx")
    rows = list(load_workbook(io.BytesIO(book.data)).worksheets[0].iter_rows(values_only=True))
    assert sum("Signataire 0" in str(row) or "Signataire 1" in str(row) for row in rows) == 203


def test_the_waiting_list_asks_once_whatever_the_rooms(app, reference):
    rooms_of_many(reference, 40)
    subjects = [one.subject for one in db.session.query(Room)]
    for somebody in (NADIA, CLAIRE, PATRICE, MONIQUE):
        who, counted = made.identity(somebody), []
        for some in (subjects[:2], subjects):
            told.openable(some, who)
            with statements() as asked:
                found = told.openable(some, who)
            counted.append(len(asked))
            assert found in (set(), set(some))
        assert counted[0] == counted[1], somebody
    assert told.openable(subjects, made.identity(NADIA)) == set(subjects)


def test_what_waits_for_me_comes_first_then_what_is_late(sign_in, reference):
    rooms_of_many(reference, 2)
    rooms_of_many(reference, 1, due=clock.now() - timedelta(days=1))
    rooms_of_many(reference, 1, state=COMPLETE)
    rooms_of_many(reference, 1, state=REFUSED)
    opened(sign_in(NADIA), reference, signatory("Rose Garnier", rank="2"))
    mine = room_of(reference).row
    mine.made_at = clock.now() - timedelta(days=300)
    db.session.commit()
    patrice = sign_in(PATRICE)
    page = patrice.get(LIST)
    first = page.text.index("/rooms/RL-")
    assert page.text[first:].startswith(f'/rooms/{mine.reference}"')
    assert page.text.count("/rooms/RL-") == 6
    late = patrice.get(f"{LIST}?state=late")
    assert late.text.count("/rooms/RL-") == 1
    only = patrice.get(f"{LIST}?state=mine")
    assert only.text.count("/rooms/RL-") == 1
    assert mine.reference in only.text
    assert patrice.get(f"{LIST}?state=complete").text.count("/rooms/RL-") == 1
    by_name = sign_in(NADIA).get(f"{LIST}?q=odier")
    assert by_name.text.count("/rooms/RL-") == 1
    words = page_words(by_name)
    assert "0 sur 2" in words or "0 of 2" in words
    assert "Rose Garnier" not in words, "she comes later"


def test_rooms_are_shown_to_those_who_may_open_them_alone(sign_in, reference):
    opened(sign_in(NADIA), reference)
    rooms_of_many(reference, 2)
    for somebody in (NADIA, CLAIRE, PATRICE, MONIQUE):
        client, who = sign_in(somebody), made.identity(somebody)
        page = client.get(LIST)
        every = [one.reference for one in db.session.query(Room)]
        for one in every:
            assert (f'/rooms/{one}"' in page.text) == (page.status_code == 200 and _comes_in(who, one)), (somebody, one)
        db.session.rollback()


def _comes_in(who, reference):
    try:
        return bool(come_in(who, reference))
    except NotFound:
        return False


def test_an_empty_list_says_what_it_is_for(sign_in, app):
    page = page_words(sign_in(NADIA).get(LIST))
    assert "Rien à signer" in page or "Nothing is to be signed" in page
