"""The convention of Mistral: nobody of a public body is asked without a deliberation; landlords, Département, City,
préfecture sign in this order, and every number stands in the file.
"""

import re
import time
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys import signing
from tests.journeys.barriers import faults
from tests.journeys.conftest import Arrive
from tests.journeys.papers import text_of
from tests.journeys.serving import Installation
from tests.journeys.signing import LINK, TELEPHONE, Mailbox
from tests.journeys.visiting import Visitor

ANSWERS = {"logements": "280", "sur_site": "138", "hors_site": "142", "autorisation_le": "2026-06-12"}
PATRICE, JULIEN, ODILE = "Patrice Odier", "Julien Bressan", "Odile Barral"
MIREILLE, HELENE, FRANCOIS = "Mireille Santoni", "Hélène Vasseur", "François Delaunay"
MAILS = {
    PATRICE: "patrice.odier@example.com",
    ODILE: "odile.barral@example.com",
    MIREILLE: "mireille.santoni@example.net",
    HELENE: "helene.vasseur@example.org",
    FRANCOIS: "francois.delaunay@example.net",
}
BY_HAND = {
    "Awa Diarra": "",
    "Irène Soubeyran": "Les Toits de Belledonne",
    "Luc Pascal": "Foyer des Trois Massifs",
    "Agnès Charrel": "Chartreuse Habitat",
    "Denis Maurel": "Romanche Logis",
    "Solange Ricard": "Coopérative Les Balmes",
}
"""{who signs one paper together: for whom, where the page has no name yet}."""
WHY = "Le conseil municipal délibère jeudi ; la séance est convoquée."


def test_nobody_is_asked_before_the_deliberation_and_every_number_stands_in_the_file(
    relais: Installation, arrive: Arrive, tmp_path: Path
) -> None:
    mails = {name: Mailbox(relais, address) for name, address in MAILS.items()}
    nadia = arrive(relais, "Nadia Ferhat", accept_downloads=True)
    reference = signing.writes_paper(nadia, "mistral", "convention-prefecture", ANSWERS)
    nadia.goes_to(f"/papers/{reference}/sign")
    nadia.presses("Dire qui signe")
    room = nadia.path
    the_page_says_whose_deliberation_lacks(nadia)
    mandates_are_recorded(nadia, room, signing.scan(tmp_path, "Délibération"))
    landlords_sign_first(nadia, room)
    signs_inside(arrive(relais, PATRICE), room, mails[PATRICE])
    julien_lets_somebody_sign(arrive(relais, JULIEN), room, signing.scan(tmp_path, "Pouvoir"))
    signs_instead(arrive(relais, **TELEPHONE), mails[ODILE])
    six_sign_one_paper(nadia, room, tmp_path)
    for name in (MIREILLE, HELENE, FRANCOIS):
        signs_inside(arrive(relais, name), room, mails[name])
    relais.wait_for_jobs()
    every_number_stands_in_the_file(nadia, room, tmp_path / "complete.pdf")
    it_is_sent_to_the_legality_control(nadia, room, signing.scan(tmp_path, "Accusé de réception"))
    the_prefecture_has_its_copy(arrive(relais, FRANCOIS, accept_downloads=True, **TELEPHONE), room)


def the_page_says_whose_deliberation_lacks(nadia: Visitor) -> None:
    nadia.presses("Ouvrir les signatures")
    summary = nadia.page.locator(".error-summary")
    for name in (MIREILLE, HELENE, FRANCOIS):
        expect(summary).to_contain_text(f"{name} signe pour une personne publique")
    expect(summary).not_to_contain_text(PATRICE)
    assert faults(nadia.page) == []


def mandates_are_recorded(nadia: Visitor, room: str, file: Path) -> None:
    told = {"mandate": "deliberation", "number": "05-241", "day": "2005-05-20"}
    signing.changes_signatory(nadia, room, MIREILLE, rank="2", **told)
    nadia.presses("Ouvrir les signatures")
    nadia.sees(f"Donnez le numéro, le jour et le fichier du mandat de {MIREILLE}")
    signing.changes_signatory(nadia, room, MIREILLE, mandate_file=file)
    told = {"mandate": "order", "number": "2026-07-38", "day": "2026-07-15", "mandate_file": file}
    signing.changes_signatory(nadia, room, FRANCOIS, rank="4", **told)
    nadia.follows(re.compile("^Modifier"), nadia.page.locator(".signer", has_text=HELENE))
    signing.fills_signatory(nadia, {"rank": "3", "mandate": "responsibility"})
    nadia.presses("Enregistrer")
    nadia.sees("Dites pourquoi")
    assert faults(nadia.page) == []
    expect(nadia.page.locator("#rank")).to_have_value("3")
    nadia.page.locator("#why").fill(WHY)
    nadia.presses("Enregistrer")
    nadia.sees(WHY)


def landlords_sign_first(nadia: Visitor, room: str) -> None:
    for name, office in BY_HAND.items():
        signing.changes_signatory(nadia, room, office or name, name=name, channel="paper")
    nadia.presses("Ouvrir les signatures")
    nadia.is_told_that_it_is_done()


def signs_inside(signer: Visitor, room: str, mails: Mailbox) -> None:
    """From what waits for them, on a page of their own, with a code."""
    signer.goes_to("/waiting")
    signer.page.locator(f'a[href="{room}"]').first.click()
    signer.follows("Lire le document et signer")
    signing.types_code(signer, mails)
    signing.signs_by_typing(signer, signer.name)
    signer.sees("Vous avez signé.")


def julien_lets_somebody_sign(julien: Visitor, room: str, file: Path) -> None:
    julien.goes_to(room)
    julien.follows("Quelqu’un signe à la place…")
    told = {"name": ODILE, "capacity": "directrice adjointe", "mail": MAILS[ODILE]}
    told |= {"mandate": "power", "number": "P-12", "day": "2026-09-01", "mandate_file": file}
    signing.fills_signatory(julien, told)
    assert faults(julien.page) == []
    julien.page.locator("main form button[type=submit]").click()
    julien.is_told_that_it_is_done()
    julien.sees(f"à la place de {JULIEN}")


def signs_instead(phone: Visitor, mails: Mailbox) -> None:
    phone.goes_to(mails.waits_for(LINK))
    signing.types_code(phone, mails)
    phone.sees("P-12")
    signing.signs_by_typing(phone, ODILE)
    phone.sees("Merci. Le document porte votre signature.")


def six_sign_one_paper(nadia: Visitor, room: str, folder: Path) -> None:
    nadia.goes_to(room)
    nadia.follows("Signé sur papier…")
    for name in BY_HAND:
        nadia.ticks(name)
    nadia.page.locator("#scan").set_input_files(signing.scan(folder, "Six signatures"))
    nadia.page.locator("#signed_on").fill(time.strftime("%Y-%m-%d"))
    nadia.page.locator("#attested").check()
    nadia.presses("Garder ce papier signé")
    nadia.is_told_that_it_is_done()


def every_number_stands_in_the_file(nadia: Visitor, room: str, complete: Path) -> None:
    nadia.goes_to(room)
    nadia.sees("signé par tous")
    for number in ("05-241", "2026-07-38", "P-12", WHY):
        nadia.sees(number)
    nadia.downloads(nadia.page.get_by_role("link", name="Télécharger le document complet")).save_as(complete)
    words = " ".join(text_of(complete).split())
    assert "n° 05-241 du 20 mai 2005" in words
    assert "n° 2005-118 du 27 juin 2005" in words


def it_is_sent_to_the_legality_control(nadia: Visitor, room: str, receipt: Path) -> None:
    nadia.goes_to(room)
    nadia.page.locator(".life-add summary").click()
    nadia.page.locator(f"a[href='{room}/life/transmitted']").click()
    nadia.page.locator("#number").fill("038-2026-1187")
    nadia.page.locator("#receipt").set_input_files(receipt)
    assert faults(nadia.page) == []
    nadia.page.locator("main form button[type=submit]").first.click()
    nadia.is_told_that_it_is_done()
    expect(nadia.page.locator(".life-day").first).to_contain_text("038-2026-1187")


def the_prefecture_has_its_copy(francois: Visitor, room: str) -> None:
    francois.goes_to(room)
    assert faults(francois.page) == []
    kept = francois.downloads(francois.page.locator(f"form[action='{room}/copy'] button").first)
    assert kept.suggested_filename.endswith(".pdf")
    francois.goes_to(room)
    francois.sees("038-2026-1187")
