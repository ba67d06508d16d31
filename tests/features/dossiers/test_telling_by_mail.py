"""Mails on a real server: at once or once a day, tried again, come back; each person's own link."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from tests import factories
from tests.cast import CLAIRE, KARIM, NADIA, SONIA
from tests.features.conftest import SignIn
from tests.services.mailbox import Mailbox
from workflow import clock, outbox
from workflow.approvals.queries import errands
from workflow.db import db
from workflow.dossiers.actions import digests
from workflow.dossiers.models import Notice
from workflow.mail import BOUNCED, SENT, Mail
from workflow.outbox import Outbox
from workflow.people.models import Person

PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=PARIS)


@pytest.fixture
def server(app: Flask, smtp: Mailbox) -> Mailbox:
    """The installation sends through this server."""
    app.config["RELAIS"] = replace(app.config["RELAIS"], smtp_url=smtp.url)
    return smtp


def email(person: str) -> str:
    return db.session.get_one(Person, person).email


def a_dossier_for_the_landlord() -> str:
    reference = factories.a_submitted_dossier().reference
    db.session.rollback()
    outbox.drain()
    return reference


def notice_for(person: str) -> Notice:
    db.session.rollback()
    return db.session.query(Notice).filter_by(person=person).order_by(Notice.made_at.desc()).first()


def token_of(message: EmailMessage) -> str:
    return re.search(r"/n/([\w-]+)", message.get_content())[1]


def test_a_mail_arrives_and_its_link_leads_its_reader_to_the_dossier(server: Mailbox, sign_in: SignIn) -> None:
    sonia = email(SONIA)
    reference = a_dossier_for_the_landlord()
    [message] = server.to(sonia)
    assert message["Auto-Submitted"] == "auto-generated"
    assert notice_for(SONIA).state == "sent"
    db.session.rollback()
    client = sign_in(SONIA)
    for _again in range(2):
        answer = client.get(f"/n/{token_of(message)}")
        assert (answer.status_code, answer.location) == (302, f"/dossiers/{reference}")
    assert notice_for(SONIA).state == "sent", "opening it marks nothing"


def test_somebody_elses_link_looks_like_one_that_never_was(server: Mailbox, sign_in: SignIn) -> None:
    sonia = email(SONIA)
    a_dossier_for_the_landlord()
    token = token_of(server.to(sonia)[0])
    db.session.rollback()
    client = sign_in(KARIM)
    hers, nobodys = client.get(f"/n/{token}"), client.get("/n/never-was")
    assert hers.status_code == nobodys.status_code == 404
    without = [re.sub(r'content="[^"]+"|value="[^"]+"|href="[^"]*"', "", page.text) for page in (hers, nobodys)]
    assert without[0] == without[1]


def test_a_link_asks_who_is_not_signed_in_to_sign_in_and_then_leads_there(server: Mailbox, anonymous) -> None:
    sonia = email(SONIA)
    a_dossier_for_the_landlord()
    path = f"/n/{token_of(server.to(sonia)[0])}"
    db.session.rollback()
    answer = anonymous.get(path)
    assert answer.status_code == 302
    assert answer.location.endswith(f"next={path}") or path.replace("/", "%2F") in answer.location


def test_a_server_that_says_try_later_is_tried_again_and_nothing_bounces(server: Mailbox) -> None:
    server.refuse_with = "451 try later"
    a_dossier_for_the_landlord()
    assert notice_for(SONIA).state == "waiting"
    server.refuse_with = None
    for job in db.session.query(Outbox).filter_by(kind="mail.send"):
        job.next_at = job.made_at
    db.session.commit()
    outbox.drain()
    assert notice_for(SONIA).state == "sent"
    assert len(server.to(email(SONIA))) == 1


def test_an_address_refused_for_now_is_not_taken_for_a_wrong_one(server: Mailbox) -> None:
    server.unknown[email(SONIA)] = "450 4.2.1 mailbox busy"
    a_dossier_for_the_landlord()
    assert notice_for(SONIA).state == "waiting"
    assert db.session.get_one(Person, SONIA).bounced_at is None


@pytest.mark.complaint(17)
def test_an_address_refused_for_good_becomes_a_task(server: Mailbox, sign_in: SignIn) -> None:
    server.unknown[email(SONIA)] = "550 5.1.1 no such user"
    a_dossier_for_the_landlord()
    assert notice_for(SONIA).state == "bounced"
    assert db.session.get_one(Person, SONIA).bounced_at is not None
    assert db.session.query(Outbox).filter_by(kind="mail.send", state=outbox.FAILED).count() == 0
    for who in (CLAIRE, NADIA):  # who follows the household, who sets up
        assert [errand.who for errand in errands(factories.identity(who))] == ["Sonia Mendès"]
    assert errands(factories.identity(KARIM)) == []
    db.session.rollback()
    page = sign_in(CLAIRE).get("/waiting").text
    assert "Sonia Mendès" in page
    assert "/notices/" in page


def test_the_next_news_of_who_cannot_be_mailed_is_printed(server: Mailbox) -> None:
    server.unknown[email(SONIA)] = "550 5.1.1 no such user"
    a_dossier_for_the_landlord()
    db.session.rollback()
    factories.a_submitted_dossier(rank=1)
    db.session.rollback()
    outbox.drain()
    assert (notice_for(SONIA).channel, notice_for(SONIA).state) == ("paper", "to hand over")


def act(sign_in: SignIn, who: str, verb: str, notice: Notice) -> int:
    path = f"/operations/{notice.operation_id}/notices/{notice.id}/{verb}"
    db.session.rollback()
    return sign_in(who).post(path).status_code


def test_a_corrected_address_lets_the_mail_leave_again(server: Mailbox, sign_in: SignIn) -> None:
    server.unknown[email(SONIA)] = "550 5.1.1 no such user"
    a_dossier_for_the_landlord()
    assert act(sign_in, CLAIRE, "send-again", notice_for(SONIA)) == 409, "not to the same address"
    db.session.get_one(Person, SONIA).email = "sonia.nouvelle@example.com"
    db.session.commit()
    assert act(sign_in, CLAIRE, "send-again", notice_for(SONIA)) == 303
    outbox.drain()
    assert len(server.to("sonia.nouvelle@example.com")) == 1
    assert notice_for(SONIA).state == "sent"
    assert errands(factories.identity(CLAIRE)) == []


def test_a_mail_that_came_back_is_handed_over_on_paper_in_one_click(server: Mailbox, sign_in: SignIn) -> None:
    server.unknown[email(SONIA)] = "550 5.1.1 no such user"
    a_dossier_for_the_landlord()
    assert act(sign_in, CLAIRE, "print", notice_for(SONIA)) == 303
    assert notice_for(SONIA).state == "to hand over"
    assert errands(factories.identity(CLAIRE)) == []


def test_a_mail_may_be_marked_as_come_back_by_hand(server: Mailbox, sign_in: SignIn) -> None:
    a_dossier_for_the_landlord()
    assert act(sign_in, NADIA, "came-back", notice_for(SONIA)) == 303
    assert notice_for(SONIA).state == "bounced"
    assert db.session.query(Mail).filter_by(to=email(SONIA)).one().state == BOUNCED


# -- reports of other servers ---------------------------------------------------------------------------------------

REPORT = """\
From: MAILER-DAEMON@mx.example.com
To: relais@localhost
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

I could not deliver it.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}

--b
Content-Type: text/rfc822-headers

{headers}
--b--
"""


def bounce(app: Flask, report: str) -> int:
    db.session.rollback()
    return app.test_cli_runner().invoke(args=["bounce"], input=report).exit_code


def report_on(person: str, *, action: str = "failed", status: str = "5.1.1", quotes: bool = True) -> str:
    mail = db.session.query(Mail).filter_by(to=email(person)).one()
    headers = f"Message-ID: <{mail.id}@localhost>" if quotes else "Subject: something"
    return REPORT.format(address=mail.to.upper(), action=action, status=status, headers=headers)


@pytest.mark.parametrize("quotes", [True, False])
def test_a_delivery_report_makes_a_task_of_the_mail_it_means(app: Flask, server: Mailbox, quotes: bool) -> None:
    a_dossier_for_the_landlord()
    assert bounce(app, report_on(SONIA, quotes=quotes)) == 0
    assert notice_for(SONIA).state == "bounced"
    assert notice_for(KARIM).state == "sent"
    assert bounce(app, report_on(SONIA)) == 0, "the same report again changes nothing"
    assert len(errands(factories.identity(CLAIRE))) == 1


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("relayed", "2.0.0")])
def test_a_report_of_anything_but_a_final_failure_changes_nothing(
    app: Flask, server: Mailbox, action: str, status: str
) -> None:
    a_dossier_for_the_landlord()
    assert bounce(app, report_on(SONIA, action=action, status=status)) == 0
    assert db.session.query(Mail).filter_by(to=email(SONIA)).one().state == SENT


def test_a_report_on_a_mail_that_is_not_ours_says_so(app: Flask, server: Mailbox) -> None:
    report = REPORT.format(
        address="x@example.org", action="failed", status="5.1.1", headers=f"Message-ID: <{'0' * 32}@x>"
    )
    assert bounce(app, report) == 1


@pytest.mark.parametrize("text", ["", "Subject: hello\n\nhow are you?", "\x00\xff" * 50])
def test_what_is_no_delivery_report_is_refused(app: Flask, text: str) -> None:
    assert bounce(app, text) == 2


# -- once a day -----------------------------------------------------------------------------------------------------


@pytest.fixture
def daily(app: Flask) -> None:
    db.session.get_one(Person, SONIA).mails = "daily"
    db.session.commit()


def morning(day: int, hour: int) -> None:
    with clock.at(datetime(2026, 11, day, hour, 5, tzinfo=PARIS)):
        db.session.rollback()
        digests.ask_daily_mails()
        outbox.drain()


def on_monday_afternoon() -> None:
    with clock.at(MONDAY):
        factories.a_submitted_dossier(rank=0)
        factories.a_submitted_dossier(rank=1)
        db.session.rollback()
        outbox.drain()


@pytest.mark.complaint(40)
def test_one_mail_at_seven_tells_everything_to_who_prefers_it(server: Mailbox, daily: None) -> None:
    on_monday_afternoon()
    sonia, karim = email(SONIA), email(KARIM)
    assert (len(server.to(sonia)), len(server.to(karim))) == (0, 2)
    morning(23, 18)
    morning(24, 6)
    assert server.to(sonia) == [], "not before seven"
    morning(24, 7)
    morning(24, 9)
    [message] = server.to(sonia)
    assert len(set(re.findall(r"/n/([\w-]+)", message.get_content()))) == 2
    assert notice_for(SONIA).state == "sent"


@pytest.mark.complaint(40)
def test_no_daily_mail_leaves_on_a_day_without_work_nor_when_there_is_nothing_to_say(
    server: Mailbox, daily: None
) -> None:
    with clock.at(MONDAY + timedelta(days=4)):  # Friday afternoon
        factories.a_submitted_dossier()
        db.session.rollback()
        outbox.drain()
    sonia = email(SONIA)
    morning(28, 8)
    morning(29, 8)
    assert server.to(sonia) == []
    morning(30, 8)
    assert len(server.to(sonia)) == 1
    with clock.at(datetime(2026, 12, 1, 8, 0, tzinfo=PARIS)):
        db.session.rollback()
        digests.ask_daily_mails()
        outbox.drain()
    assert len(server.to(sonia)) == 1


def test_the_daily_mail_leaves_out_what_was_done_meanwhile(server: Mailbox, daily: None) -> None:
    with clock.at(MONDAY):
        row = factories.a_submitted_dossier()
        reference = row.reference
        db.session.rollback()
        outbox.drain()
        factories.decide(KARIM, factories.dossier_of(reference), "Approve", "visa_bailleur")
    sonia = email(SONIA)
    morning(24, 8)
    assert server.to(sonia) == []
    assert notice_for(SONIA).state == "dropped"


def test_a_daily_mail_that_comes_back_makes_a_task_of_each_of_its_news(
    server: Mailbox, daily: None, sign_in: Callable
) -> None:
    on_monday_afternoon()
    server.unknown[email(SONIA)] = "550 5.1.1 no such user"
    morning(24, 8)
    states = [notice.state for notice in db.session.query(Notice).filter_by(person=SONIA)]
    assert states == ["bounced", "bounced"]
    assert len(errands(factories.identity(CLAIRE))) == 1, "one errand: the address"
