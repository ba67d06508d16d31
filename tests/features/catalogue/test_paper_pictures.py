"""Pictures are kept with the draft of a model, shown in its pages, and published with it."""

from __future__ import annotations

from html import unescape
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from PIL import Image

from tests.cast import NADIA
from tests.features.conftest import SignIn
from workflow.catalogue.queries import paper_models
from workflow.catalogue.queries.paper_drafts import written
from workflow.db import db

OWN = "/operations/mistral/models/avenant"
FIGURE = '\n{% figure "plan-du-quartier.png" alt: "Le plan du quartier" %}\n'


@pytest.fixture
def nadia(sign_in: SignIn) -> FlaskClient:
    return sign_in(NADIA)


def png(width: int = 40, height: int = 30) -> bytes:
    made = BytesIO()
    Image.new("RGB", (width, height), "#0B4F5C").save(made, "PNG")
    return made.getvalue()


def seen() -> int:
    db.session.expire_all()
    found = written("avenant", "mistral").version
    db.session.rollback()
    return found


def send(client: FlaskClient, content: bytes, name: str = "Plan du quartier.png") -> tuple[int, str]:
    told = {"do": "add", "seen": str(seen()), "picture": (BytesIO(content), name)}
    sent = client.post(f"{OWN}/pictures", data=told, content_type="multipart/form-data")
    return sent.status_code, unescape(sent.text)


def test_a_picture_is_added_shown_and_published_with_the_text(nadia: FlaskClient) -> None:
    assert send(nadia, png())[0] == 303
    assert "plan-du-quartier.png" in unescape(nadia.get(f"{OWN}/pictures").text)
    text = written("avenant", "mistral").text + FIGURE
    db.session.rollback()
    page = nadia.post(f"{OWN}/write", data={"text": text, "do": "see", "seen": str(seen())}).text
    assert "data:image/png" in page and 'class="remark' not in page
    nadia.post(f"{OWN}/write", data={"text": text, "do": "save", "seen": str(seen())})
    assert nadia.post(f"{OWN}/publish", data={"seen": str(seen())}).status_code == 303
    found = paper_models.model_in_use("mistral", "avenant")
    assert found.library.files == {"plan-du-quartier.png": png()}
    assert paper_models.model_in_use("", "avenant").library.files == {}


def test_a_picture_is_taken_away_from_the_draft_and_stays_in_the_version_in_use(nadia: FlaskClient) -> None:
    send(nadia, png())
    nadia.post(f"{OWN}/publish", data={"seen": str(seen())})
    told = {"do": "drop", "name": "plan-du-quartier.png", "seen": str(seen())}
    assert nadia.post(f"{OWN}/pictures", data=told).status_code == 303
    assert written("avenant", "mistral").files == {}
    assert set(paper_models.model_in_use("mistral", "avenant").library.files) == {"plan-du-quartier.png"}


HUGE = png()[:16] + (20_000).to_bytes(4, "big") + (20_000).to_bytes(4, "big") + png()[24:]
HOSTILE = {
    "no picture": b"MZ this is no picture",
    "nothing": b"",
    "400 million points": HUGE,
    "six megabytes": png() + b"0" * 6_000_000,
    "a drawing with a script": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "a drawing that fetches": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="https://example.org/a.png"/></svg>',
    "a drawing with a document type": b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg"/>',
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_harmless_picture_is_refused_with_a_sentence(nadia: FlaskClient, kind: str) -> None:
    status, page = send(nadia, HOSTILE[kind], "image.svg")
    assert status in (409, 413)
    assert "<h1" in page
    assert seen() == 0
