"""A convention of the operation Mistral, sealed and ready to be signed."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from tests import factories as made
from tests.cast import NADIA
from workflow import clock, outbox
from workflow.approvals.queries import course
from workflow.catalogue.queries.paper_models import model_in_use
from workflow.db import db
from workflow.filing import queries as filing
from workflow.filing.models import Paper
from workflow.mail import Mail
from workflow.operations.models import Operation
from workflow.signing.queries import revisions, rooms
from workflow.signing.queries.rooms import Open
from workflow.writing import actions as writing
from workflow.writing.queries.facts import around
from workflow.writing.queries.orders import Wish, audiences_of

WORDS = {"date": "2026-12-14", "number": 12, "text": "selon ce qui a été convenu"}


def a_convention(slug: str = "convention-inter-bailleurs") -> str:
    """Written by the manager and sealed; its reference."""
    model, known = model_in_use("mistral", slug), around(db.session.get_one(Operation, "mistral"))
    asked = {ask.name: ask.choices[0] if ask.choices else WORDS[ask.type] for ask in model.asks}
    wish = Wish(model, known, clock.today(), asked=asked)
    row = writing.write(made.identity(NADIA), wish, audiences_of(model)[:1])
    subject = row.subject
    db.session.commit()
    outbox.drain()
    return filing.papers(subject)[0].reference


def paper(reference: str) -> Paper:
    found = filing.by_reference(reference)
    assert found is not None
    return found


def room_of(reference: str) -> Open:
    """The latest room of a paper, as it stands in the database."""
    db.session.rollback()
    return Open(rooms.rooms_of(paper(reference).id)[0])


def signatory(name: str, **more: str) -> dict[str, str]:
    """What one types about somebody who signs on paper."""
    return {"name": name, "capacity": "adjointe", "rank": "1", "needed": "1", "channel": "paper"} | more


def opened(client: FlaskClient, reference: str, *more: dict[str, Any]) -> str:
    """The room of a paper, with these signatories besides those proposed, its signatures open; its address."""
    path = client.post(f"/papers/{reference}/sign").location
    for typed in more:
        sent = client.post(f"{path}/signatories/new", data=typed, content_type="multipart/form-data")
        assert sent.status_code == 303, sent.text
    sent = client.post(f"{path}/open", data={"version": room_of(reference).row.version})
    assert sent.status_code == 303, sent.text
    return path


def signing(reference: str, name: str = "Patrice Odier") -> dict[str, str]:
    """What somebody sends who signs by typing their name."""
    row = room_of(reference).row
    base, seen = revisions.base(row).after, revisions.present(row).after
    version = str(course(row.subject).version)
    told = {"capacity": "1", "consent": "1", "typed": name, "mine": "1"}
    return told | {"base": base, "seen": seen, "version": version}


def types_the_code(client: FlaskClient, url: str, address: str) -> None:
    """Somebody with an access has a code sent, and types it; `url`: of their signature."""
    assert client.post(f"{url}/code").status_code == 303
    outbox.drain()
    told = db.session.query(Mail).filter(Mail.to == address).order_by(Mail.made_at.desc())
    code = next(found[1] for one in told if (found := re.search(r"^(\d{3} \d{3})$", one.body, re.MULTILINE)))
    db.session.rollback()
    assert client.post(f"{url}/code", data={"code": code}).status_code == 303


def a_mandate() -> dict[str, Any]:
    """A deliberation with its number, its day and its file."""
    told = {"mandate": "deliberation", "number": "2026-118", "day": "2026-10-05"}
    return told | {"mandate_file": (BytesIO(a_picture()), "deliberation.png")}


def a_picture() -> bytes:
    made = BytesIO()
    Image.new("RGB", (300, 100), "white").save(made, "PNG")
    return made.getvalue()


@contextmanager
def no_keys(app: Flask) -> Iterator[None]:
    """The key file of the installation cannot be read meanwhile."""
    seal = app.config["RELAIS"].authority / "seal.pem"
    kept = seal.read_bytes()
    seal.write_bytes(b"not a key")
    try:
        yield
    finally:
        seal.write_bytes(kept)


@pytest.fixture
def worked() -> Callable[[], None]:
    """Let the jobs that wait be done."""

    def work() -> None:
        db.session.commit()
        outbox.drain()

    return work
