"""A person who brings in a list of households, page after page, and what came of it."""

import io
from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from sqlalchemy.orm import undefer
from werkzeug.test import TestResponse

from workflow import outbox
from workflow.db import db
from workflow.dossiers.models import Household
from workflow.exchange.models import ImportRun

BEGIN = "/operations/mistral/import"


@dataclass
class Bringing:
    """One person and one file."""

    client: FlaskClient
    last: TestResponse | None = None

    @property
    def text(self) -> str:
        tree = html.fromstring(self.last.text)
        for unread in tree.xpath("//script|//style|//noscript"):
            unread.drop_tree()
        return " ".join(tree.text_content().replace("\xa0", " ").replace("\u202f", " ").split())

    def send(self, data: bytes, name: str = "liste.xlsx") -> "Bringing":
        self.last = self.client.post(BEGIN, data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")
        return self.follow()

    def follow(self) -> "Bringing":
        while self.last.status_code == 303:
            self.last = self.client.get(self.last.location)
        return self

    def press(self, where: str, **typed: Any) -> "Bringing":
        """Send the form of this page that goes there, as it stands but for what is typed."""
        form = next(one for one in html.fromstring(self.last.text).forms if (one.get("action") or "").endswith(where))
        sent: dict[str, Any] = {}
        for name, value in form.form_values():
            sent.setdefault(name, []).append(value)
        self.last = self.client.post(form.get("action"), data=sent | typed)
        return self.follow()

    def bring(self, data: bytes, name: str = "liste.xlsx", **typed: Any) -> "Bringing":
        """All the way."""
        self.send(data, name).press("/columns").press("/start", **typed)
        outbox.drain()
        self.last = self.client.get(self.last.request.path)
        return self


def households() -> list[Household]:
    """Every one, as it stands now; the transaction is over."""
    db.session.rollback()
    rows = list(db.session.scalars(select(Household).order_by(Household.reference)))
    db.session.expunge_all()
    db.session.rollback()
    return rows


def the_run() -> ImportRun | None:
    """The newest file, as it stands now, its bytes too."""
    db.session.rollback()
    row = db.session.scalars(
        select(ImportRun).options(undefer(ImportRun.sealed)).order_by(ImportRun.made_at.desc())
    ).first()
    db.session.expunge_all()
    db.session.rollback()
    return row


def known(row: Household, **more: Any) -> tuple[Any, ...]:
    """A household of the database as a row under TITLES."""
    from workflow.operations.models import Building

    building = db.session.get(Building, row.building_id).name
    told = {"name": row.name, "building": building, "dwelling": row.dwelling, "type": row.dwelling_type}
    told |= {"surface": row.surface, "persons": row.persons, "tenant": row.tenant_reference} | more
    return tuple(told.values())
