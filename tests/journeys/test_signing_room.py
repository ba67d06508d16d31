"""A charter is signed: with the finger from a person's own pages, by a link on a telephone, on paper."""

import re
import time
from io import BytesIO
from pathlib import Path

from PIL import Image
from sqlalchemy import select

from documents.signing import free_fields
from tests.journeys.barriers import faults
from tests.journeys.conftest import Arrive
from tests.journeys.places import charter_to_sign
from tests.journeys.serving import Installation
from tests.journeys.visiting import Visitor
from workflow.db import db
from workflow.filing import queries as filing
from workflow.mail import Mail
from workflow.signing.models import COMPLETE
from workflow.signing.queries import revisions, rooms

PAULE, PATRICE = "paule.mercier@example.net", "patrice.odier@example.com"
WAITED = 60  # seconds for a mail on a busy machine
TELEPHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True}


def mailed(relais: Installation, pattern: str, address: str = PAULE) -> str:
    until = time.monotonic() + WAITED
    asked = select(Mail.body).where(Mail.to == address).order_by(Mail.made_at.desc())
    while time.monotonic() < until:
        with relais.inside():
            bodies = list(db.session.scalars(asked))
        for body in bodies:
            if found := re.search(pattern, body, re.MULTILINE):
                return found[1]
        time.sleep(0.3)
    raise AssertionError("no such mail")


def a_charter(relais: Installation) -> str:
    with relais.inside():
        subject = charter_to_sign()
    relais.wait_for_jobs()
    with relais.inside():
        return filing.papers(subject)[0].reference


def says_who_signs(nadia: Visitor, reference: str) -> str:
    nadia.goes_to(f"/papers/{reference}/sign")
    nadia.presses("Dire qui signe")
    assert faults(nadia.page) == []
    nadia.follows("Ajouter un signataire")
    nadia.page.locator("#name").fill("Paule Mercier")
    nadia.page.locator("#mail").fill(PAULE)
    nadia.page.locator("#channel").select_option("screen")
    nadia.page.locator("#place").select_option("cg-isere")
    nadia.page.locator("#rank").fill("2")
    nadia.presses("Ajouter")
    nadia.follows("Ajouter un signataire")
    nadia.page.locator("#name").fill("Monique Tallard")
    nadia.page.locator("#channel").select_option("paper")
    nadia.page.locator("#rank").fill("3")
    nadia.presses("Ajouter")
    return nadia.path


def test_a_charter_is_signed_in_three_ways(relais: Installation, arrive: Arrive, tmp_path: Path) -> None:
    reference = a_charter(relais)
    nadia = arrive(relais, "Nadia Ferhat")
    path = says_who_signs(nadia, reference)
    leaves_only(nadia, {"Patrice Odier", "Paule Mercier", "Monique Tallard"})
    nadia.presses("Ouvrir les signatures")
    nadia.is_told_that_it_is_done()
    assert faults(nadia.page) == []
    signs_with_the_finger(arrive(relais, "Patrice Odier"), relais, path)
    signs_by_link(arrive(relais, **TELEPHONE), relais)
    hands_in_the_paper(nadia, path, tmp_path)
    nadia.goes_to(path)
    nadia.sees("signé par tous")
    nadia.sees("signé sur papier")
    relais.wait_for_jobs()
    with relais.inside():
        row = rooms.room(path.rpartition("/")[2])
        data = revisions.bytes_of(row, revisions.present(row))
        assert row.state == COMPLETE
    assert not {"actis", "cg-isere"} & set(free_fields(data))


def leaves_only(nadia: Visitor, wanted: set[str]) -> None:
    """Those whom the page proposes and this journey does not need are asked no more."""
    while True:
        names = [one.inner_text() for one in nadia.page.locator(".signer-name strong").all()]
        other = next((name for name in names if name not in wanted), None)
        if other is None:
            return
        nadia.page.locator(".signer", has_text=other).get_by_role("link").first.click()
        nadia.follows("Ne plus demander cette signature…")
        nadia.presses("Ne plus demander cette signature")


def signs_with_the_finger(patrice: Visitor, relais: Installation, path: str) -> None:
    patrice.goes_to("/waiting")
    patrice.page.locator(f'a[href="{path}"]').first.click()
    patrice.follows("Lire le document et signer")
    assert faults(patrice.page) == []
    patrice.presses("Envoyez-moi le code")
    patrice.writes("Code", mailed(relais, r"^(\d{3} \d{3})$", PATRICE))
    patrice.presses("Continuer")
    patrice.presses("Signer ce document")
    patrice.sees("Cochez que vous signez en cette qualité.")
    patrice.page.locator("#capacity").check()
    patrice.page.locator("#consent").check()
    box = patrice.page.locator("canvas.signing")
    box.scroll_into_view_if_needed()
    edge = box.bounding_box()
    assert edge is not None
    mouse = patrice.page.mouse
    mouse.move(edge["x"] + 30, edge["y"] + 40)
    mouse.down()
    mouse.move(edge["x"] + 160, edge["y"] + 70, steps=6)
    mouse.move(edge["x"] + 60, edge["y"] + 90, steps=6)
    mouse.up()
    patrice.presses("Signer ce document")
    patrice.sees("Vous avez signé.")
    patrice.sees("Reprendre ma signature")


def signs_by_link(phone: Visitor, relais: Installation) -> None:
    phone.goes_to(mailed(relais, r"http\S+(/s/\S+)"))
    phone.presses("Envoyez-moi le code")
    phone.writes("Code", mailed(relais, r"^(\d{3} \d{3})$"))
    phone.presses("Continuer")
    phone.sees("Le document, page par page")
    assert faults(phone.page) == []
    phone.page.locator("#capacity").check()
    phone.page.locator("#consent").check()
    phone.page.locator("#typed").fill("Paule Mercier")
    phone.page.locator("#mine").check()
    phone.presses("Signer ce document")
    phone.sees("Merci. Le document porte votre signature.")


def hands_in_the_paper(nadia: Visitor, path: str, tmp_path: Path) -> None:
    scan = BytesIO()
    Image.new("RGB", (600, 800), "white").save(scan, "PNG")
    (tmp_path / "scan.png").write_bytes(scan.getvalue())
    nadia.goes_to(path)
    nadia.follows("Signé sur papier…")
    assert faults(nadia.page) == []
    nadia.ticks("Monique Tallard")
    nadia.page.locator("#scan").set_input_files(tmp_path / "scan.png")
    nadia.page.locator("#signed_on").fill(time.strftime("%Y-%m-%d"))
    nadia.page.locator("#attested").check()
    nadia.presses("Garder ce papier signé")
    nadia.is_told_that_it_is_done()
