"""Who has no address is told on paper: a letter of one page, handed over by somebody, ticked, undone."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from tests import factories
from tests.cast import BRUNO, CLAIRE, FRANCOIS, HELENE, INES, MIREILLE, MONIQUE, NADIA, SONIA
from tests.features.conftest import SignIn
from workflow import clock, outbox
from workflow.db import db
from workflow.dossiers.models import Household, Notice
from workflow.mail import Mail
from workflow.people.models import Person
from workflow.record.models import Event

LIST = "/operations/mistral/notices"


def text_of(page: str) -> str:
    tree = html.fromstring(page)
    for unread in tree.xpath("//script|//style"):
        unread.drop_tree()
    return " ".join(tree.text_content().split())


@pytest.fixture
def household(app: Flask) -> tuple[str, str]:
    """Name and reference of a household without e-mail address that is to read its answers."""
    for row in db.session.query(Household):
        row.email = None
    row = factories.a_dossier_before_the_household().household
    told = row.name, row.reference
    db.session.rollback()
    outbox.drain()
    return told


def the_notice(**asked: str) -> Notice:
    db.session.rollback()
    return db.session.query(Notice).filter_by(**asked).one()


def written_days_ago(notice: str, days: int) -> None:
    db.session.rollback()
    db.session.get_one(Notice, notice).made_at = clock.now() - timedelta(days=days)
    db.session.commit()


def get(client: FlaskClient, path: str) -> str:
    db.session.rollback()
    answer = client.get(path)
    assert answer.status_code == 200, path
    return text_of(answer.text)


def test_a_household_without_address_stands_on_the_list(household: tuple[str, str], sign_in: SignIn) -> None:
    name, reference = household
    shown = get(sign_in(CLAIRE), LIST)
    assert name in shown
    assert reference in shown


def test_who_may_not_read_names_sees_the_reference_only(household: tuple[str, str], sign_in: SignIn) -> None:
    name, reference = household
    client, notice = sign_in(INES), the_notice(person="").id
    for path in (LIST, f"{LIST}/{notice}", f"{LIST}/letters", f"{LIST}?state=all&q={reference}"):
        shown = get(client, path)
        assert reference in shown, path
        assert name.split()[-1] not in shown, path


@pytest.mark.parametrize("slug", [SONIA, HELENE, MONIQUE])
def test_only_the_field_and_who_sets_up_come_to_the_list(
    household: tuple[str, str], sign_in: SignIn, slug: str
) -> None:
    client, notice = sign_in(slug), the_notice(person="").id
    for path in (LIST, f"{LIST}/letters", f"{LIST}/{notice}"):
        assert client.get(path).status_code == 404


def test_another_operation_shows_nothing_of_this_one(household: tuple[str, str], sign_in: SignIn) -> None:
    assert sign_in(CLAIRE).get("/operations/elsewhere/notices").status_code == 404


def test_a_letter_says_first_whom_to_call_and_nothing_of_the_answers(
    household: tuple[str, str], sign_in: SignIn
) -> None:
    shown = get(sign_in(CLAIRE), f"{LIST}/letters")
    home = db.session.query(Household).filter_by(reference=household[1]).one()
    referent = db.session.get_one(Person, home.referent)
    assert shown.index(referent.name) < shown.index(home.name)
    assert referent.phone in shown
    for secret in ("loyer", "revenu", "€"):
        assert secret not in shown


def test_each_letter_is_one_block_and_may_be_printed_alone(app: Flask, sign_in: SignIn) -> None:
    for row in db.session.query(Household):
        row.email = None
    for rank in range(3):
        factories.a_dossier_before_the_household(rank)
    db.session.rollback()
    outbox.drain()
    notice = db.session.query(Notice).filter_by(what="reading").first().id
    db.session.rollback()
    client = sign_in(CLAIRE)
    assert client.get(f"{LIST}/letters").text.count('<article class="letter"') == 3
    assert client.get(f"{LIST}/letters?notice={notice}").text.count('<article class="letter"') == 1


def test_a_letter_is_written_in_the_language_of_the_household(household: tuple[str, str], sign_in: SignIn) -> None:
    client, notice = sign_in(CLAIRE), the_notice(person="").id
    assert client.post(f"{LIST}/{notice}/language", data={"lang": "en"}).status_code == 303
    page = client.get(f"{LIST}/letters").text
    assert "Read your answers again with us" in page
    assert '<article class="letter" lang="en"' in page
    assert client.post(f"{LIST}/{notice}/language", data={"lang": "xx"}).status_code == 404


def test_ticked_notices_are_handed_over_by_whom_and_when_and_the_dossier_says_so(
    household: tuple[str, str], sign_in: SignIn
) -> None:
    client, notice = sign_in(BRUNO), the_notice(person="").id
    yesterday = clock.today() - timedelta(days=1)
    written_days_ago(notice, 3)
    answer = client.post(LIST, data={"notice": [notice], "day": yesterday.isoformat()})
    assert answer.status_code == 303
    notice = the_notice(person="")
    assert (notice.state, notice.done_by) == ("handed over", BRUNO)
    assert notice.done_at.date() == yesterday
    facts = db.session.query(Event).filter_by(subject=f"notice:{notice.id}").order_by(Event.version)
    assert [fact.kind for fact in facts] == ["Told", "NoticeHandedOver"]
    db.session.rollback()
    page = html.fromstring(sign_in(CLAIRE).get(f"/dossiers/{household[1]}-1").text)
    told = page.xpath('//section[@aria-labelledby="told"]')[0].text_content()
    assert household[0] in told
    assert "Bruno Castel" in told


def test_nobody_hands_over_what_was_not_written_yet(household: tuple[str, str], sign_in: SignIn) -> None:
    client, notice = sign_in(BRUNO), the_notice(person="").id
    written_days_ago(notice, 3)
    for days, status in ((4, 422), (-1, 422), (3, 303)):
        day = clock.today() - timedelta(days=days)
        answer = client.post(f"{LIST}?lang=en", data={"notice": [notice], "day": day.isoformat()})
        assert answer.status_code == status, days
        if days == 4:
            assert "say that day or a later one" in answer.text or "ce jour ou un jour plus tard" in answer.text
        assert the_notice(person="").state == ("handed over" if status == 303 else "to hand over")
        db.session.rollback()
    notice = the_notice(person="")
    assert notice.done_at >= notice.made_at


def test_handing_over_can_be_undone(household: tuple[str, str], sign_in: SignIn) -> None:
    client, notice = sign_in(BRUNO), the_notice(person="").id
    client.post(f"{LIST}/{notice}/hand-over")
    assert the_notice(person="").state == "handed over"
    db.session.rollback()
    assert client.post(f"{LIST}/{notice}/undo").status_code == 303
    assert (the_notice(person="").state, the_notice(person="").done_by) == ("to hand over", None)


def test_what_somebody_else_has_seen_to_meanwhile_is_said(household: tuple[str, str], sign_in: SignIn) -> None:
    notice = the_notice(person="").id
    first, second = sign_in(BRUNO), sign_in(CLAIRE)
    assert first.post(f"{LIST}/{notice}/hand-over").status_code == 303
    assert second.post(f"{LIST}/{notice}/hand-over").status_code == 409
    assert second.post(f"{LIST}/{notice}/set-aside").status_code == 409
    assert the_notice(person="").done_by == BRUNO


def test_nothing_ticked_or_a_day_to_come_is_a_sentence_and_what_was_ticked_stays(
    household: tuple[str, str], sign_in: SignIn
) -> None:
    client, notice = sign_in(BRUNO), the_notice(person="").id
    today, tomorrow = clock.today().isoformat(), (clock.today() + timedelta(days=1)).isoformat()
    nothing = client.post(LIST, data={"day": today})
    late = client.post(LIST, data={"notice": [notice], "day": tomorrow})
    wrong = client.post(LIST, data={"notice": [notice], "day": "le 3"})
    assert [answer.status_code for answer in (nothing, late, wrong)] == [422, 422, 422]
    box = html.fromstring(late.text).xpath(f'//input[@value="{notice}"]')[0]
    assert box.get("checked") is not None
    assert "error-summary" in late.text
    assert the_notice(person="").state == "to hand over"


def test_notices_of_another_operation_cannot_be_ticked_from_here(household: tuple[str, str], sign_in: SignIn) -> None:
    notice = the_notice(person="")
    notice.operation_id = "elsewhere"
    db.session.commit()
    client = sign_in(BRUNO)
    client.post(LIST, data={"notice": [notice.id], "day": clock.today().isoformat()})
    assert the_notice(person="").state == "to hand over"


def test_the_list_keeps_its_filters_in_its_address_and_comes_as_a_workbook(
    household: tuple[str, str], sign_in: SignIn
) -> None:
    name, reference = household
    client = sign_in(CLAIRE)
    assert name in get(client, f"{LIST}?for=household&q={reference}")
    assert name not in get(client, f"{LIST}?for=person")
    assert name not in get(client, f"{LIST}?state=handed")
    answer = client.get(f"{LIST}?format=xlsx")
    assert answer.status_code == 200
    assert answer.data[:2] == b"PK"


def test_a_colleague_without_address_is_told_on_paper(app: Flask, sign_in: SignIn) -> None:
    db.session.get_one(Person, SONIA).email = None
    db.session.commit()
    factories.a_submitted_dossier()
    db.session.rollback()
    outbox.drain()
    assert db.session.query(Mail).filter(Mail.to == "").count() == 0
    shown = get(sign_in(CLAIRE), f"{LIST}/letters")
    assert "Sonia Mendès" in shown
    assert "MIS-" not in shown, "a letter to a colleague names no household"


def test_an_empty_list_says_what_it_is_for(app: Flask, sign_in: SignIn) -> None:
    assert get(sign_in(NADIA), LIST)


def test_a_household_learns_the_outcome_on_paper_once(household: tuple[str, str], sign_in: SignIn) -> None:
    row = factories.dossier_of(f"{household[1]}-1")
    factories.decide(BRUNO, row, "Sign", "lecture_menage", channel="screen")
    for slug in (HELENE, FRANCOIS, MIREILLE):
        factories.decide(slug, row, "Approve", "validation")
    db.session.rollback()
    outbox.drain()
    states = {notice.what: notice.state for notice in db.session.query(Notice).filter_by(person="")}
    assert states == {"reading": "dropped", "validated": "to hand over"}
