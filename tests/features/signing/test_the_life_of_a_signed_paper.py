"""The days that count once a paper is signed: noted, corrected with a trace, their ends announced in time."""

from datetime import date, timedelta
from io import BytesIO

import pytest

from tests import factories as made
from tests.cast import CLAIRE, NADIA, PATRICE
from tests.features.signing.conftest import a_convention, a_picture, opened, room_of, signatory
from tests.features.writing.conftest import page_words
from workflow import clock
from workflow.db import db
from workflow.filing.queries import by_reference
from workflow.mail import Mail
from workflow.record.queries import facts
from workflow.signing.actions import milestones as actions
from workflow.signing.actions import preparing
from workflow.signing.queries import milestones, rooms
from workflow.signing.rules import milestones as rules
from workflow.signing.rules.milestones import Day


@pytest.fixture
def reference(app):
    return a_convention()


@pytest.fixture
def path(sign_in, reference):
    """The one signatory signed on paper: complete."""
    nadia = sign_in(NADIA)
    path = opened(nadia, reference)
    told = {"signatories": [one.id for one in room_of(reference).parties], "attested": "1", "place": "Grenoble"}
    told |= {"signed_on": clock.today().isoformat(), "scan": (BytesIO(a_picture()), "scan.png")}
    assert nadia.post(f"{path}/paper", data=told, content_type="multipart/form-data").status_code == 303
    return path


def kept(reference):
    rows = {one.id: one for one in milestones.of_room(room_of(reference).row.id)}
    return [rows[one.id] for one in rules.present(milestones.days(rows.values()))]


def noted(client, path, kind, **typed):
    sent = client.post(f"{path}/life/{kind}", data=typed, content_type="multipart/form-data")
    assert sent.status_code == 303, page_words(sent)


def test_it_comes_into_force_the_day_the_control_receives_it(sign_in, path, reference):
    nadia, today = sign_in(NADIA), clock.today()
    noted(nadia, path, "in_force", on_receipt="1")
    page = page_words(nadia.get(path))
    assert "as soon as the legality control has received it" in page or "dès que le contrôle de légalité" in page
    receipt = {"receipt": (BytesIO(a_picture()), "accuse.png"), "number": "038-2026-4711", "on": today.isoformat()}
    noted(nadia, path, "transmitted", **receipt)
    first, second = kept(reference)
    assert (first.kind, second.kind) == ("transmitted", "in_force")
    assert rules.day_of(milestones.day(second), milestones.days(kept(reference))) == today
    page = nadia.get(path)
    assert "038-2026-4711" in page_words(page)
    url = f"{path}/life/{first.id}/receipt"
    assert url in page.text
    assert sign_in(PATRICE).get(url).mimetype == "image/png"
    assert sign_in(CLAIRE).post(f"{path}/life/ends", data={"on": "2027-01-01"}).status_code in (403, 404)


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("transmitted", {"on": "2030-01-01", "number": "1"}),
        ("transmitted", {"on": "2020-01-01", "number": "1"}),
        ("transmitted", {"on": "not a day"}),
        ("notified", {"on": "today", "whom": ""}),
        ("in_force", {}),
        ("ends", {"on": "2030-01-01", "months": "99"}),
        ("renewed", {"on": "2030-01-01", "until": "2029-01-01"}),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(sign_in, path, reference, kind, typed):
    told = {name: clock.today().isoformat() if value == "today" else value for name, value in typed.items()}
    page = sign_in(NADIA).post(f"{path}/life/{kind}", data=told)
    assert page.status_code == 422
    assert all(f'value="{value}"' in page.text for value in told.values() if value)
    assert kept(reference) == []
    scan = {"on": clock.today().isoformat(), "receipt": (BytesIO(b"MZ no picture"), "x.exe")}
    sent = sign_in(NADIA).post(f"{path}/life/transmitted", data=scan, content_type="multipart/form-data")
    assert sent.status_code == 422


def test_a_correction_leaves_what_was_there_to_be_read(sign_in, path, reference):
    nadia, today = sign_in(NADIA), clock.today()
    noted(nadia, path, "notified", on=today.isoformat(), whom="Métropole de Grenoble")
    first = kept(reference)[0]
    url = f"{path}/life/{first.id}/correct"
    assert "Métropole de Grenoble" in nadia.get(url).text
    assert nadia.post(url, data={"on": today.isoformat(), "whom": "Grenoble-Alpes Métropole"}).status_code == 303
    assert nadia.post(url, data={"on": today.isoformat(), "whom": "trop tard"}).status_code == 409
    page = page_words(nadia.get(path))
    assert "Grenoble-Alpes Métropole" in page
    assert "Métropole de Grenoble" in page
    assert "Nadia Ferhat" in page
    second = kept(reference)[0]
    out = f"{path}/life/{second.id}/take-out"
    assert nadia.post(out, data={"reason": ""}).status_code == 422
    assert nadia.post(out, data={"reason": "Noté sur la mauvaise convention."}).status_code == 303
    assert kept(reference) == []
    assert "Noté sur la mauvaise convention." in page_words(nadia.get(path))
    kinds = [one.kind for one in facts(f"signing:{room_of(reference).row.id}")]
    assert kinds.count("MilestoneNoted") == 1
    assert kinds.count("MilestoneCorrected") == 2


def test_an_end_is_announced_once_by_mail_and_waits_until_somebody_says_what_follows(
    sign_in, path, reference, worked, monkeypatch
):
    nadia, end = sign_in(NADIA), clock.today() + timedelta(days=400)
    worked()
    noted(nadia, path, "ends", on=end.isoformat(), months="3")
    row = kept(reference)[0]
    assert row.remind_on == rules.months_before(end, 3)
    actions.ask_reminders()
    worked()
    assert f"{path}#life" not in nadia.get("/waiting").text
    then = clock.now() + (row.remind_on - clock.today()) + timedelta(hours=12)
    monkeypatch.setattr(clock, "now", lambda: then)
    nadia = sign_in(NADIA)
    for _beat in range(3):
        actions.ask_reminders()
        worked()
    told = db.session.query(Mail).filter(Mail.to.startswith("nadia"), Mail.key.startswith("end:")).all()
    assert len(told) == 1
    assert path in told[0].body
    db.session.rollback()
    assert f"{path}#life" in nadia.get("/waiting").text
    assert path not in sign_in(PATRICE).get("/waiting").text
    nadia = sign_in(NADIA)
    noted(nadia, path, "renewed", on=end.isoformat(), until=(end + timedelta(days=365)).isoformat(), months="2")
    assert f"{path}#life" not in nadia.get("/waiting").text
    assert [one.kind for one in kept(reference)] == ["ends", "renewed", "ends"]


def test_what_is_not_renewed_is_announced_no_more(sign_in, path, reference):
    nadia, today = sign_in(NADIA), clock.today()
    noted(nadia, path, "ends", on=(today + timedelta(days=20)).isoformat(), months="3")
    assert f"{path}#life" in nadia.get("/waiting").text
    noted(nadia, path, "closed", on=(today + timedelta(days=20)).isoformat(), words="Le relogement est achevé.")
    assert f"{path}#life" not in nadia.get("/waiting").text


def test_an_amendment_is_listed_with_its_state(sign_in, path, reference):
    nadia = sign_in(NADIA)
    amending = a_convention("avenant")
    nadia.post(f"/papers/{amending}/sign", data={"of": f"amends:{room_of(reference).row.id}"})
    row = room_of(amending).row
    for one in rooms.signatories(row.id):
        preparing.remove_signatory(made.identity(NADIA), row.reference, one.id, row.version)
    db.session.commit()
    opened(nadia, amending, signatory("Monique Tallard"))
    page = nadia.get(path)
    assert f"/rooms/{rooms.rooms_of(by_reference(amending).id)[0].reference}" in page.text
    assert "Amendments" in page_words(page) or "Avenants" in page_words(page)


def test_months_before_a_day_that_a_month_lacks():
    assert rules.months_before(date(2027, 5, 31), 3) == date(2027, 2, 28)
    assert rules.months_before(date(2027, 1, 15), 3) == date(2026, 10, 15)
    assert rules.months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert rules.months_before(date(2027, 3, 1), 12) == date(2026, 3, 1)


def test_the_latest_end_holds_and_one_taken_out_holds_no_more():
    at = clock.now()
    first = Day("1", "ends", date(2027, 1, 1), at, remind_on=date(2026, 10, 1))
    second = Day("2", "ends", date(2028, 1, 1), at + timedelta(days=1), remind_on=date(2027, 10, 1))
    out = Day("3", "ends", date(2028, 1, 1), at + timedelta(days=2), corrects="2", is_void=True)
    assert rules.end_of([first, second]) == second
    assert rules.end_of([first, second, out]) == first
    assert rules.end_to_see_to([first, second], date(2026, 12, 1)) is None
    assert rules.end_to_see_to([first, second, out], date(2026, 12, 1)) == first
