"""The pages of a sitting: picked, ticked, entered for many at once, closed, printed, its scan attached."""

import re
from html import unescape
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.cast import BRUNO, CLAIRE, FRANCOIS, HELENE, MIREILLE, PATRICE
from tests.features.approvals.seating import drawn
from tests.features.conftest import SignIn
from workflow import clock, outbox
from workflow.approvals import queries
from workflow.approvals.models import Item, Sitting
from workflow.db import db
from workflow.dossiers.models import Dossier
from workflow.web.dates import format_date

BODY = "/operations/mistral/bodies/commission-relogement/sittings"


def _read(client: FlaskClient, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return unescape(answer.get_data(as_text=True)).replace("\xa0", " ")


def _fields(page: str, form: str) -> list[tuple[str, str]]:
    """What the form of that id would send as it stands: hidden fields, boxes ticked."""
    inside = re.search(rf'<form id="{form}".*?</form>', page, re.DOTALL) if form else None
    part = inside.group(0) if inside else page
    found = []
    for tag in re.findall(r"<input [^>]*>", part):
        told = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', tag))
        if told.get("type") == "hidden" or (told.get("type") == "checkbox" and " checked" in tag):
            found.append((told["name"], told["value"]))
    return found


def _opened(client: FlaskClient) -> str:
    told = {"held_on": clock.today().isoformat(), "begins": "14 h 30", "place": "Salle 2"}
    answer = client.post(f"{BODY}/new", data=told)
    assert answer.status_code == 303, answer.text
    return answer.location.removesuffix("/agenda")


def _ready(client: FlaskClient) -> str:
    """A sitting with every waiting dossier on its agenda and four organisations there."""
    url = _opened(client)
    page = _read(client, f"{url}/agenda?tick=all")
    assert client.post(f"{url}/agenda", data=_multi(_fields(page, "picks"))).status_code == 303
    page = _read(client, f"{url}/attendance")
    boxes = re.findall(r'name="there" value="([^"]*)"', page)
    there = [box for box in boxes if box.partition(":")[2] in (HELENE, PATRICE, FRANCOIS, MIREILLE)]
    told = [*_fields(page, "attendance"), *(("there", box) for box in there), ("guests", "Rose Amblard, CCAS")]
    assert client.post(f"{url}/attendance", data=_multi(told)).status_code == 303
    return url


def _multi(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def test_many_are_entered_at_once_looked_at_before_and_carried_out_at_the_end(app: Flask, sign_in: SignIn) -> None:
    rows = [factories.a_dossier_before_the_committee(rank) for rank in range(3)]
    subjects, names = [row.subject for row in rows], [row.household.name for row in rows]
    db.session.rollback()
    client = sign_in(BRUNO)
    url = _ready(client)
    page = _read(client, f"{url}?tick=all")
    assert "quorum atteint" in page or "quorum reached" in page
    assert not any(name in page for name in names), "the committee reads no names, nor does its page"
    told = [
        *_fields(page, "entering"),
        ("common", "favourable"),
        ("choice-3", "adjourn"),
        ("words-3", "Pièce attendue"),
    ]
    preview = client.post(f"{url}/preview", data=_multi(told))
    assert preview.status_code == 200
    assert db.session.query(Item).filter(Item.said.is_not(None)).count() == 0, "looking at it keeps nothing"
    db.session.rollback()
    sent = _multi(_fields(unescape(preview.text), ""))
    for _twice in range(2):
        assert client.post(f"{url}/enter", data=sent).location.endswith(url)
    page = _read(client, url)
    assert page.count('class="state state-done"') >= 3
    assert client.post(f"{url}/close", data=drawn(client, f"{url}/close")).status_code == 303
    phases = [queries.standing(subject).state.phase for subject in subjects]
    assert sorted(phases) == ["approved", "approved", "open"]
    db.session.rollback()
    outbox.drain()
    sheet = _read(client, f"{url}/sheet")
    assert ".pdf" in sheet and "Pièce attendue" in sheet and "Rose Amblard" in sheet
    pdf = client.get(re.search(r'href="([^"]*\.pdf)"', sheet).group(1))  # type: ignore[union-attr]
    assert pdf.data.startswith(b"%PDF")
    member = sign_in(FRANCOIS).get(pdf.request.path)
    assert member.data == pdf.data, "he may open every dossier of which something was written"


def test_the_dossier_says_in_which_sitting_it_was_decided(app: Flask, sign_in: SignIn) -> None:
    row = factories.a_dossier_before_the_committee()
    reference = row.reference
    db.session.rollback()
    client = sign_in(BRUNO)
    url = _ready(client)
    page = _read(client, f"{url}?tick=all")
    told = _multi([*_fields(page, "entering"), ("common", "favourable")])
    preview = client.post(f"{url}/preview", data=told)
    client.post(f"{url}/enter", data=_multi(_fields(unescape(preview.text), "")))
    client.post(f"{url}/close", data=drawn(client, f"{url}/close"))
    history = " ".join(_read(sign_in(CLAIRE), f"/dossiers/{reference}").split())
    with app.test_request_context():
        day = format_date(clock.today(), "full")
    assert re.search(rf"\(Commission relogement, {day}\)[^<]*Bruno Castel", history)


def test_each_is_entered_by_itself_with_a_withdrawal_and_chosen_sections(app: Flask, sign_in: SignIn) -> None:
    rows = [factories.a_dossier_before_the_committee(rank) for rank in range(2)]
    references = [row.reference for row in rows]
    db.session.rollback()
    client = sign_in(BRUNO)
    url = _ready(client)
    page = _read(client, f"{url}/dossiers/{references[0]}")
    seats = re.findall(r'name="seat" value="([^"]*)"', page)
    assert len(seats) == 4
    told = dict(_fields(page, "said")) | {"seat": seats, "said": "voices", "next": "1"}
    told |= {f"position-{seat}": "favourable" for seat in seats[1:]}
    told |= {f"withdrawn-{seats[0]}": "1", f"why-{seats[0]}": ""}
    assert client.post(f"{url}/dossiers/{references[0]}", data=told).status_code == 422, "a withdrawal says why"
    answer = client.post(f"{url}/dossiers/{references[0]}", data=told | {f"why-{seats[0]}": "Parent du ménage."})
    assert answer.location.endswith(references[1]), "on to the next one"
    page = _read(client, answer.location)
    told = dict(_fields(page, "said")) | {"seat": seats, "said": "send_back", "sections": ["J"], "words": "Le budget."}
    assert client.post(answer.location, data=told).location.endswith(url)
    page = _read(client, url)
    assert "Parent du ménage." not in page
    [first, second] = db.session.query(Item).order_by(Item.rank)
    assert (first.said, list(first.withdrawn)) == ("voices", [seats[0]])
    assert (second.said, second.sections) == ("send_back", ["J"])


def test_members_read_the_list_guests_and_others_nothing(app: Flask, sign_in: SignIn) -> None:
    factories.a_dossier_before_the_committee()
    client = sign_in(BRUNO)
    url = _ready(client)
    assert sign_in(FRANCOIS).get(f"{url}/sheet").status_code == 200
    for path in (url, f"{url}/sheet", f"{url}/agenda", BODY):
        assert sign_in(CLAIRE).get(path).status_code == 404
    assert sign_in(FRANCOIS).get(f"{url}/attendance").status_code == 404
    assert sign_in(FRANCOIS).get(f"{BODY}/new").status_code == 404


def test_the_signed_list_is_kept_once_the_sitting_is_closed(app: Flask, sign_in: SignIn) -> None:
    client = sign_in(BRUNO)
    url = _opened(client)
    assert client.get(f"{url}/scan").status_code == 409
    assert client.post(f"{url}/close", data=drawn(client, f"{url}/close")).status_code == 303
    assert client.post(f"{url}/scan", data={}).status_code == 422
    scan = {"scan": (BytesIO(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"), "liste.pdf", "application/pdf")}
    assert client.post(f"{url}/scan", data=scan).status_code == 303
    page = _read(client, f"{url}/sheet")
    link = re.search(r'href="(/sittings/[^"]*/scan/[0-9a-f]+)"', page)
    assert link and client.get(link.group(1)).data.startswith(b"%PDF")


def test_a_sitting_that_is_not_held_leaves_its_dossiers_waiting(app: Flask, sign_in: SignIn) -> None:
    row = factories.a_dossier_before_the_committee()
    subject = row.subject
    db.session.rollback()
    client = sign_in(BRUNO)
    url = _ready(client)
    assert client.post(f"{url}/drop", data={"version": "3"}).status_code == 303
    assert db.session.query(Sitting).one().state == "dropped"
    assert queries.standing(subject).state.phase == "open"
    assert db.session.get_one(Dossier, subject.removeprefix("dossier:")).closed is False
    assert sign_in(BRUNO).get(f"{BODY}?q=").status_code == 200
