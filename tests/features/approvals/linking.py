"""A household with a personal link in its hands, and its officer who never holds both the link and the code."""

import re
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests import factories as made
from tests.cast import BRUNO
from workflow import outbox
from workflow.approvals.models import PersonalLink
from workflow.db import db
from workflow.dossiers.actions import personal_links as actions
from workflow.dossiers.actions.personal_links import Wish
from workflow.dossiers.models import Dossier
from workflow.mail import Mail
from workflow.record.queries import facts

ADDRESS = "famille.test@example.org"


@dataclass(frozen=True)
class Case:
    """A dossier by its names: workers close the session, rows do not outlive them."""

    reference: str
    subject: str

    @property
    def row(self) -> Dossier:
        return made.dossier_of(self.reference)

    def kinds(self) -> list[str]:
        """What happened to it so far."""
        db.session.rollback()
        found = [fact.kind for fact in facts(self.subject)]
        db.session.rollback()
        return found

    def decided(self, slug: str, command: str, step: str, **more: Any) -> None:
        db.session.rollback()
        made.decide(slug, self.row, command, step, **more)


def a_case(rank: int = 0) -> Case:
    """It waits for its household."""
    row = made.a_dossier_before_the_household(rank)
    return Case(row.reference, row.subject)


def a_link(row: Case, by: str = BRUNO, **wish: Any) -> str:
    """The id of a link made for the household of a dossier; its mail, when there is one, is written."""
    wanted = {"link_by": "mail", "code_by": "mail", "address": ADDRESS} | wish
    link = actions.make_link(made.identity(by), row.reference, Wish(**wanted)).id
    db.session.commit()
    outbox.drain()
    return link


def mails(to: str = ADDRESS) -> list[str]:
    found = [row.body for row in db.session.scalars(select(Mail).where(Mail.to == to).order_by(Mail.made_at))]
    db.session.rollback()
    return found


def path_in_mail(to: str = ADDRESS) -> str:
    """The path of the newest link that was mailed."""
    outbox.drain()
    return next(match[1] for body in reversed(mails(to)) if (match := re.search(r"(/a/\S+)", body)))


def code_in_mail(to: str = ADDRESS) -> str:
    outbox.drain()
    return next(
        match[1] for body in reversed(mails(to)) if (match := re.search(r"^(\d{3} \d{3})$", body, re.MULTILINE))
    )


def link_row(link: str) -> PersonalLink:
    """As it is stored now."""
    db.session.rollback()
    row = db.session.get_one(PersonalLink, link)
    db.session.expunge(row)
    db.session.rollback()
    return row


@dataclass
class Phone:
    """Somebody's telephone, before the page of a link."""

    app: Flask
    path: str
    told: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client: FlaskClient = self.app.test_client()

    def get(self, page: str = "") -> TestResponse:
        return self.client.get(f"{self.path}{page}")

    def press(self) -> TestResponse:
        return self.client.post(self.path)

    def types(self, code: str) -> TestResponse:
        return self.client.post(f"{self.path}/code", data={"code": code})

    def comes_in(self) -> "Phone":
        """With the code that comes by mail."""
        assert self.press().status_code == 303
        assert self.types(code_in_mail()).status_code == 303
        return self

    def reads(self) -> TestResponse:
        """What was read is what will be answered to."""
        page = self.get("/read")
        (url,) = html.fromstring(page.text).xpath("//p[contains(@class,'actions')]/a/@href")
        answer = html.fromstring(self.client.get(url).text)
        self.told = {name: answer.xpath(f"string(//input[@name='{name}']/@value)") for name in ("version", "shown")}
        return page

    def says(self, what: str, words: str = "") -> TestResponse:
        return self.client.post(f"{self.path}/answer", data=self.told | {"what": what, "words": words})
