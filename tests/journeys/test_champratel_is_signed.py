"""The convention of Champratel: from the library of clauses through five signatories to the complete, verified file."""

import re
import time
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys import champratel, signing
from tests.journeys.barriers import faults
from tests.journeys.champratel import DIRECTOR, HENRI, JEANNE, MAILS, MANAGER, PAUL, SABINE, SIGNERS
from tests.journeys.conftest import Arrive
from tests.journeys.papers import printed_reference, text_of
from tests.journeys.serving import Installation
from tests.journeys.signing import COPY, LINK, TELEPHONE, Mailbox
from tests.journeys.visiting import Visitor

CONVENTION = "convention-inter-bailleurs"
ANSWERS = {
    "logements": "142",
    "menages": "97",
    "reconstruit": "non",
    "coordonnateur": "l’Association régionale HLM d’Auvergne",
    "cle": "souhaits",
}
CLAUSE = "Un médiateur choisi ensemble est entendu avant toute saisine du tribunal."
REASON = "La clé de répartition ne tient pas compte des grands logements que nous n’avons plus."


def test_the_convention_of_five_landlords_is_refused_written_again_and_signed_in_four_ways(
    relais: Installation, arrive: Arrive, tmp_path: Path
) -> None:
    champratel.install(relais)
    mails = {name: Mailbox(relais, address) for name, address in MAILS.items()}
    camille = arrive(relais, MANAGER, accept_downloads=True)
    a_clause_is_worded_for_champratel(camille)
    first = signing.writes_paper(camille, "champratel", CONVENTION, ANSWERS)
    refused = says_who_signs(camille, first, tmp_path)
    opens(camille)
    jeanne = arrive(relais, **TELEPHONE)
    looks_then_signs_by_link(jeanne, mails[JEANNE])
    benoit = arrive(relais, DIRECTOR)
    benoit_refuses(benoit, refused)
    everybody_is_told(mails)
    second = signing.writes_paper(camille, "champratel", CONVENTION, ANSWERS | {"cle": "patrimoine"})
    room = a_new_version_takes_over(camille, second, first)
    opens(camille)
    benoit_is_told_that_it_is_not_his_turn(benoit, room)
    signs_by_link(jeanne, mails[JEANNE])
    signs_from_his_pages(benoit, room, mails[DIRECTOR])
    signs_with_a_certificate(arrive(relais, **TELEPHONE), mails[PAUL], signing.certificate_of(PAUL, tmp_path))
    signs_in_another_tool(arrive(relais, accept_downloads=True), mails[SABINE], tmp_path / "sent.pdf")
    a_scan_is_handed_in(camille, room, tmp_path)
    camille.sees("signé par tous")
    relais.wait_for_jobs()
    complete = tmp_path / "complete.pdf"
    receives_the_file(arrive(relais, accept_downloads=True, **TELEPHONE), mails[JEANNE], complete)
    the_evidence_is_made(camille, relais, room, tmp_path / "evidence.pdf")
    the_file_is_authentic_and_complete(relais, arrive(relais, **TELEPHONE), complete)


def a_clause_is_worded_for_champratel(camille: Visitor) -> None:
    camille.goes_to("/operations/champratel")
    camille.follows(re.compile("Modèles de documents"))
    camille.follows("Convention inter-bailleurs")
    camille.follows(re.compile("Litiges|Différends|Règlement"))
    field = camille.page.locator("#text")
    field.fill(field.input_value() + f"\n{CLAUSE}\n")
    camille.page.locator('button[value="publish"]').click()
    expect(camille.page.locator("ins").first).to_contain_text("médiateur", timeout=45_000)
    camille.page.locator("#note").fill("Demandé par les cinq bailleurs.")
    camille.page.locator(".panel button").click()
    camille.is_told_that_it_is_done()


def says_who_signs(camille: Visitor, reference: str, folder: Path) -> str:
    camille.goes_to(f"/papers/{reference}/sign")
    camille.presses("Dire qui signe")
    room = camille.path
    for rank, name, channel in ((2, DIRECTOR, "screen"), (3, PAUL, "certificate"), (4, SABINE, "parapheur")):
        signing.changes_signatory(camille, room, name, rank=str(rank), channel=channel)
    mandate = {"mandate": "deliberation", "number": "2026-41", "day": "2026-10-05"}
    mandate |= {"mandate_file": signing.scan(folder, "Conseil d’administration")}
    signing.changes_signatory(camille, room, HENRI, channel="paper", rank="5", **mandate)
    camille.goes_to(room)
    assert faults(camille.page) == []
    return room


def opens(camille: Visitor) -> None:
    camille.presses("Ouvrir les signatures")
    camille.is_told_that_it_is_done()


def signs_by_link(phone: Visitor, mails: Mailbox) -> None:
    phone.goes_to(mails.waits_for(LINK))
    signing.types_code(phone, mails)
    signing.signs_by_typing(phone, JEANNE)
    phone.sees("Merci. Le document porte votre signature.")


def looks_then_signs_by_link(phone: Visitor, mails: Mailbox) -> None:
    """The same, page by page: nothing keeps anybody out."""
    phone.goes_to(mails.waits_for(LINK))
    assert faults(phone.page) == []
    signing.types_code(phone, mails)
    phone.sees("Le document, page par page")
    phone.follows("Aller à la signature")
    assert faults(phone.page) == []
    signing.signs_by_typing(phone, JEANNE)
    phone.sees("Merci. Le document porte votre signature.")
    assert faults(phone.page) == []


def benoit_refuses(benoit: Visitor, room: str) -> None:
    benoit.goes_to("/waiting")
    benoit.page.locator(f'a[href="{room}"]').first.click()
    benoit.follows("Refuser de signer…")
    assert faults(benoit.page) == []
    benoit.presses("Refuser de signer")
    benoit.sees("Dites pourquoi")
    benoit.page.locator("#reason").fill(REASON)
    benoit.presses("Refuser de signer")
    benoit.is_told_that_it_is_done()
    benoit.sees(REASON)
    assert faults(benoit.page) == []


def everybody_is_told(mails: dict[str, Mailbox]) -> None:
    for name in (JEANNE, PAUL, SABINE, HENRI, DIRECTOR):
        assert mails[name].waits_for(f"{DIRECTOR} a refusé de signer")


def a_new_version_takes_over(camille: Visitor, reference: str, earlier: str) -> str:
    camille.goes_to(f"/papers/{reference}/sign")
    assert faults(camille.page) == []
    choice = camille.page.locator("#of option", has_text=earlier).first
    camille.page.locator("#of").select_option(str(choice.get_attribute("value")))
    camille.presses("Dire qui signe")
    for name in (JEANNE, DIRECTOR, PAUL, SABINE, HENRI):
        camille.sees(name)
    camille.sees("2026-41")
    return camille.path


def benoit_is_told_that_it_is_not_his_turn(benoit: Visitor, room: str) -> None:
    benoit.goes_to(room)
    expect(benoit.main.get_by_role("link", name="Lire le document et signer")).to_have_count(0)
    benoit.sees("vient ensuite")
    mine = str(benoit.page.locator(".signer", has_text=DIRECTOR).get_attribute("id")).removeprefix("who-")
    benoit.goes_to(f"{room}/signatories/{mine}/sign")
    benoit.sees("Ce n’est pas votre tour de signer")
    expect(benoit.page.locator("#consent")).to_have_count(0)


def signs_from_his_pages(benoit: Visitor, room: str, mails: Mailbox) -> None:
    benoit.goes_to("/waiting")
    benoit.page.locator(f'a[href="{room}"]').first.click()
    benoit.follows("Lire le document et signer")
    signing.types_code(benoit, mails)
    assert faults(benoit.page) == []
    signing.signs_by_typing(benoit, DIRECTOR)
    benoit.sees("Vous avez signé.")


def signs_with_a_certificate(phone: Visitor, mails: Mailbox, file: Path) -> None:
    phone.goes_to(mails.waits_for(LINK))
    signing.types_code(phone, mails)
    assert faults(phone.page) == []
    phone.page.locator("#capacity").check()
    phone.page.locator("#consent").check()
    phone.page.locator("#certificate").set_input_files(file)
    phone.page.locator("#password").fill("un autre mot de passe")
    phone.presses("Signer ce document")
    expect(phone.page.locator("#password-error")).to_be_visible()
    assert faults(phone.page) == []
    phone.page.locator("#certificate").set_input_files(file)
    phone.page.locator("#password").fill(signing.PASSWORD)
    phone.presses("Signer ce document")
    phone.sees("Merci. Le document porte votre signature.")


def signs_in_another_tool(sabine: Visitor, mails: Mailbox, sent: Path) -> None:
    sabine.goes_to(mails.waits_for(LINK))
    signing.types_code(sabine, mails)
    assert faults(sabine.page) == []
    sabine.downloads(sabine.page.locator("a.file-link")).save_as(sent)
    for file in (signing.with_one_byte_changed(sent), signing.signed_in_another_tool(sent, SABINE, "scic-habitat")):
        sabine.page.locator("#file").set_input_files(file)
        sabine.page.locator("form:has(#file) button[type=submit]").click()
        expect(sabine.page.locator("#file, input[value=take]").first).to_be_attached()
        assert faults(sabine.page) == []
    sabine.sees("AC Exemple")
    sabine.page.locator("form:has(input[value=take]) button").click()
    sabine.sees("Merci. Le document porte votre signature.")


def a_scan_is_handed_in(camille: Visitor, room: str, folder: Path) -> None:
    camille.goes_to(room)
    camille.follows("Signé sur papier…")
    assert faults(camille.page) == []
    camille.ticks(HENRI)
    camille.page.locator("#scan").set_input_files(signing.scan(folder, HENRI))
    camille.page.locator("#signed_on").fill(time.strftime("%Y-%m-%d"))
    camille.page.locator("#attested").check()
    camille.presses("Garder ce papier signé")
    camille.is_told_that_it_is_done()


def receives_the_file(phone: Visitor, mails: Mailbox, complete: Path) -> None:
    """Without an account, by the link in the last mail."""
    phone.goes_to(mails.waits_for(COPY))
    phone.sees(HENRI)
    assert faults(phone.page) == []
    phone.downloads(phone.main.get_by_role("button").first).save_as(complete)


def the_evidence_is_made(camille: Visitor, relais: Installation, room: str, kept: Path) -> None:
    camille.goes_to(room)
    camille.page.locator(f"form[action='{room}/evidence'] button").click()
    relais.wait_for_jobs()
    camille.goes_to(room)
    camille.sees("2026-41")
    assert faults(camille.page) == []
    camille.downloads(camille.page.locator("a[href$='/evidence.pdf']")).save_as(kept)
    words = text_of(kept)
    for name in SIGNERS.values():
        assert name[0] in words


def the_file_is_authentic_and_complete(relais: Installation, passer: Visitor, complete: Path) -> None:
    """For anybody: with the file itself, by the printed reference, at the keyboard of the server; not with one byte
    changed.
    """
    passer.goes_to(f"/verify/{printed_reference(complete)}")
    passer.sees("Un document portant cette référence a bien été émis ici")
    passer.does_not_see(JEANNE)
    hands_in(passer, complete)
    passer.sees("Ce document est authentique et complet.")
    for name in (JEANNE, DIRECTOR, PAUL, SABINE, HENRI):
        passer.sees(name)
    assert faults(passer.page) == []
    flipped = signing.with_one_byte_changed(complete)
    passer.goes_to("/verify")
    hands_in(passer, flipped)
    expect(passer.page.locator(".verdict-bad")).to_be_visible()
    assert faults(passer.page) == []
    assert relais.command("verify", str(complete)).returncode == 0
    assert relais.command("verify", str(flipped)).returncode == 1


def hands_in(passer: Visitor, file: Path) -> None:
    passer.page.locator("#file").set_input_files(file)
    passer.presses("Vérifier ce fichier")
