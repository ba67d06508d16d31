"""The last day to sign: those who have not are reminded before it, everybody who was asked is told after it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.cast import NADIA, PATRICE
from tests.features.signing.conftest import a_convention, room_of, signatory, signing, types_the_code
from tests.features.signing.test_signing_by_link import comes_in, in_mail
from tests.features.writing.conftest import page_words
from workflow import clock, outbox
from workflow.approvals import actions as approvals
from workflow.db import db
from workflow.mail import Mail
from workflow.record.queries import facts
from workflow.signing.actions import last_days
from workflow.signing.models import OPEN, WITHDRAWN

PATRICES, NADIAS = "patrice.odier@example.com", "nadia.ferhat@example.org"
PAULES = "paule.mercier@example.org"
BEGUN = datetime(2026, 11, 23, 9, tzinfo=UTC)  # a Monday
LAST = date(2026, 12, 4)  # a Friday


@pytest.fixture
def reference(app):
    return a_convention()


@pytest.fixture
def path(sign_in, reference, worked):
    """Patrice and Paule Mercier of rank 1, Monique of rank 2, until a Friday."""
    with clock.at(BEGUN):
        nadia = sign_in(NADIA)
        path = nadia.post(f"/papers/{reference}/sign").location
        for typed in (signatory("Paule Mercier", mail=PAULES), signatory("Rose Garnier", rank="2", mail="rose@x.org")):
            assert nadia.post(f"{path}/signatories/new", data=typed).status_code == 303
        until(reference, LAST)
        assert nadia.post(f"{path}/open", data={"version": room_of(reference).row.version}).status_code == 303
        worked()
    return path


def until(reference, day):
    room_of(reference).row.until = day
    db.session.commit()


def on(day, hour=9):
    return clock.at(datetime.combine(day, datetime.min.time(), UTC).replace(hour=hour))


def the_clock_ticks():
    """Twice, as it may."""
    for _again in range(2):
        last_days.pass_days()
        outbox.drain()


def told(address, words):
    """How many mails to this address say these words."""
    db.session.rollback()
    return sum(words in one.body for one in db.session.scalars(select(Mail).where(Mail.to == address)))


def test_two_working_days_before_those_who_have_not_signed_are_reminded_once(path, reference):
    with on(date(2026, 12, 1)):
        the_clock_ticks()
        assert told(PATRICES, "4 décembre 2026") == 0
    for day in (2, 3, 4):
        with on(date(2026, 12, day)):
            the_clock_ticks()
    assert told(PATRICES, "4 décembre 2026") == 1
    assert told(NADIAS, "Patrice Odier") == 1, "whoever opened the room reads who is missing"
    kinds = [one.kind for one in facts(f"signing:{room_of(reference).row.id}")]
    assert kinds.count("LastDayNear") == 1
    assert "LastDayPassed" not in kinds


def test_after_it_everybody_who_was_asked_is_told_and_the_page_says_what_now(sign_in, path, reference):
    with on(LAST, 22):
        the_clock_ticks()
        assert "LastDayPassed" not in [one.kind for one in facts(f"signing:{room_of(reference).row.id}")]
    with on(LAST + timedelta(days=1)):
        the_clock_ticks()
        assert told(PATRICES, "4 décembre 2026") == 2, "reminded, then told that it is over"
        assert told(PAULES, "4 décembre 2026") == 1
        assert told("rose@x.org", "2026") == 0, "nobody had asked her yet"
        assert told(NADIAS, "4 décembre 2026") == 2
        page = sign_in(NADIA).get(path)
        assert page.text.count(f"{path}/extend") >= 2
        assert f"{path}/extend" not in sign_in(PATRICE).get(path).text
        waiting = sign_in(NADIA).get("/waiting").text
        assert path in waiting[waiting.index("errands-1") :]


def test_more_time_is_told_to_those_who_are_asked_and_reminds_anew(sign_in, path, reference, worked):
    with on(LAST + timedelta(days=3)):
        the_clock_ticks()
        before = told(PATRICES, "18 décembre 2026")
        assert sign_in(NADIA).post(f"{path}/extend", data={"until": "2026-12-18"}).status_code == 303
        worked()
        assert told(PATRICES, "18 décembre 2026") == before + 1
        patrice, party = sign_in(PATRICE), room_of(reference).parties[0].id
        types_the_code(patrice, f"{path}/signatories/{party}", PATRICES)
        assert patrice.post(f"{path}/signatories/{party}/sign", data=signing(reference)).status_code == 303
    with on(date(2026, 12, 17)):
        the_clock_ticks()
        assert told(PATRICES, "18 décembre 2026") == before + 1, "who signed is not reminded"
        assert told(NADIAS, "Paule Mercier") >= 1


def test_withdrawn_it_says_no_more(sign_in, path, reference, worked):
    with clock.at(BEGUN + timedelta(days=1)):
        assert sign_in(NADIA).post(f"{path}/withdraw", data={"reason": "Plus d’objet."}).status_code == 303
        worked()
    with on(LAST + timedelta(days=1)):
        the_clock_ticks()
    assert room_of(reference).row.state == WITHDRAWN
    assert told(PATRICES, "4 décembre 2026") == 0


def test_a_link_says_that_it_is_too_late(sign_in, anonymous, reference, worked):
    nadia = sign_in(NADIA)
    path = nadia.post(f"/papers/{reference}/sign").location
    first = room_of(reference).parties[0].id
    typed = signatory("Paule Mercier", channel="screen", mail=PAULES, place="actis", organisation="actis", person="")
    assert nadia.post(f"{path}/signatories/{first}", data=typed).status_code == 303
    until(reference, clock.today() - timedelta(days=1))
    refused = nadia.post(f"{path}/open", data={"version": room_of(reference).row.version})
    assert refused.status_code == 422, "a last day that has passed already is looked at first"
    until(reference, clock.today() + timedelta(days=1))
    assert nadia.post(f"{path}/open", data={"version": room_of(reference).row.version}).status_code == 303
    worked()
    url = in_mail(r"(/s/\S+)")
    comes_in(anonymous, url)
    until(reference, clock.today() - timedelta(days=1))
    assert anonymous.get(url).status_code == 200
    assert 'name="code"' not in anonymous.get(f"{url}/code").text
    assert anonymous.post(f"{url}/sign", data=signing(reference, "Paule Mercier")).status_code == 409
    assert room_of(reference).row.state == OPEN


def test_the_deadline_of_a_rank_counts_working_days_and_tells_who_is_late(sign_in, path, reference, worked):
    """Ten working days for each rank: half-way and the day before they are reminded, then whoever opened it is told."""
    until(reference, None)
    with on(date(2026, 11, 29)):
        approvals.pass_time()
        worked()
        assert [one.kind for one in facts(room_of(reference).row.subject)].count("Reminded") == 0
    with on(date(2026, 11, 30)):
        approvals.pass_time()
        worked()
    kinds = [one.kind for one in facts(room_of(reference).row.subject)]
    assert kinds.count("Reminded") == 2, "once for each signature that is awaited"
    with on(date(2026, 12, 10)):
        approvals.pass_time()
        approvals.pass_time()
        worked()
        page = page_words(sign_in(NADIA).get(path))
    assert "en retard" in page or "late" in page
    kinds = [one.kind for one in facts(room_of(reference).row.subject)]
    assert kinds.count("StepOverdue") == 2
    assert kinds.count("Escalated") == 2
    assert told(NADIAS, room_of(reference).paper.reference) >= 1
