"""A telephone that sends filled forms: it knows the address of the server, fills in a form by itself, and posts it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from forms.instance import Instance
from forms.storing import Identity
from tests import factories
from tests.cast import CLAIRE
from workflow.db import db
from workflow.dossiers import queries
from workflow.dossiers.models import Dossier
from workflow.people import actions as people


def a_device(slug: str = CLAIRE, operation: str = "mistral") -> str:
    """The secret of a new device of that person."""
    _row, secret = people.add_device(factories.identity(slug), operation, "Tablette de la permanence")
    db.session.commit()
    return secret


def filled(
    row: Dossier, answers: dict[str, Any] | None = None, *, corrects: str = "", reference: str | None = None
) -> str:
    """What a telephone sends for a dossier; `reference` "" when it does not say for which."""
    now = queries.circumstances(row.operation_id)
    said = factories.said(row.household) if answers is None else answers
    instance = Instance.from_answers(queries.form_of(row), said, now)
    instance.identity = Identity(f"uuid:{uuid.uuid4()}", corrects or None)
    name = row.reference if reference is None else reference
    told = f'<r:reference xmlns:r="urn:relais:xlsform:1">{name}</r:reference>' if name else ""
    return instance.to_xml().replace("</meta>", f"{told}</meta>")


def name_in(xml: str) -> str:
    return xml.split("<instanceID>")[1].split("<", maxsplit=1)[0]


@dataclass
class Phone:
    client: FlaskClient
    secret: str

    def send(self, xml: str | bytes, **files: bytes) -> TestResponse:
        db.session.rollback()
        data = xml.encode() if isinstance(xml, str) else xml
        parts: dict[str, Any] = {"xml_submission_file": (BytesIO(data), "submission.xml", "text/xml")}
        parts |= {name: (BytesIO(content), name) for name, content in files.items()}
        return self.client.post(f"/openrosa/{self.secret}/submission", data=parts)
