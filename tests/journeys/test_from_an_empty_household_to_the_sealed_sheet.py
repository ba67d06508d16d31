"""The main job: six people carry one household's diagnosis from nothing to a sealed sheet, in French."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.journeys.conftest import Arrive
from tests.journeys.deciding import approves, confirms_on_screen, takes_up
from tests.journeys.filling import as_typed, fill_section, saved
from tests.journeys.homes import Home
from tests.journeys.papers import printed_reference, text_of, told_by
from tests.journeys.serving import Installation
from tests.journeys.visiting import Visitor

RANK = Home.FROM_EMPTY_TO_SEALED
SPOKEN = "saidi petrosyan"  # as one types Saïdi-Petrosyan in a hurry
WHOSE = re.compile("Saïdi-Petrosyan")
REASON = "Le loyer noté n’est pas celui de la dernière quittance."
REMARK = "Nous voulons rester près de la crèche."
WAITED = 60_000  # milliseconds for papers on a busy machine


@dataclass
class Story:
    """Who we speak of, what they said, and where."""

    relais: Installation
    arrive: Arrive
    folder: Path
    said: Mapping[str, Any]
    reference: str
    secrets: tuple[str, ...]

    def comes(self, name: str) -> Visitor:
        return self.arrive(self.relais, name, accept_downloads=True)


@pytest.fixture(params=["on_one_machine", "on_several"], ids=["sqlite", "postgresql"])
def story(request: pytest.FixtureRequest, arrive: Arrive, tmp_path: Path) -> Story:
    relais = request.getfixturevalue(request.param)
    with relais.inside():
        row = factories.a_household(RANK)
        home = factories.home_of(row)
        names = [part for member in home["members"] for part in (member["first"], member["last"])]
        secrets = (*names, row.dwelling, row.address, row.phone, row.email, row.tenant_reference)
        said = factories.said(row)
        return Story(relais, arrive, tmp_path, said, row.reference, tuple(filter(None, secrets)))


def test_six_people_carry_an_empty_household_to_the_sealed_sheet(story: Story) -> None:
    claire = story.comes("Claire Maurin")
    claire_begins(claire)
    claire_fills_everything(claire, story)
    claire_sends(claire)
    sonia = story.comes("Sonia Mendès")
    sonia_sends_the_dwelling_back(sonia)
    claire_corrects_the_rent(claire)
    sonia_sees_what_changed_and_approves(sonia)
    bruno = story.comes("Bruno Castel")
    bruno_has_the_household_confirm(bruno)
    for name in ("Hélène Vasseur", "François Delaunay"):
        a_seat_approves(story.comes(name), story)
    commission = the_files_come_by_themselves_after_the_last_voice(story.comes("Mireille Santoni"), story)
    household = the_household_copy_is_there_too(bruno, story)
    the_commission_paper_names_nobody(commission, story)
    everything_is_in_the_household_paper(household)
    the_seals_convince_others(story, [*commission, *household])
    anybody_can_check(story, next(file for file in commission if file.suffix == ".pdf"))


# -- filling ------------------------------------------------------------------------------------------------------


def claire_begins(claire: Visitor) -> None:
    claire.searches(SPOKEN)
    claire.follows(WHOSE)
    claire.sees("Rien n’a encore été commencé avec ce ménage.")
    claire.presses("Commencer le diagnostic")
    expect(claire.page).to_have_url(re.compile("/fill/A$"))


def claire_fills_everything(claire: Visitor, story: Story) -> None:
    """Section after section; what is typed is kept by itself, and goes on from another device."""
    for name, said in story.said.items():
        expect(claire.page).to_have_url(re.compile(f"/fill/{name}$"))
        fill_section(claire, name, said)
        if name == "A":
            typed_text_is_kept_without_a_button(claire)
        if name == "D":
            another_device_goes_on(claire, story)
        claire.presses("Enregistrer et continuer")


def typed_text_is_kept_without_a_button(claire: Visitor) -> None:
    box = claire.page.get_by_role("textbox", name="Version de la charte remise")
    box.press("End")
    box.press_sequentially(" bis")
    expect(claire.page.locator("[data-saved-line]")).to_have_text("Modifications pas encore enregistrées")
    expect(claire.page.locator("[data-saved-line]")).to_have_text(re.compile(r"Enregistré à \d+.h.\d+"))


def another_device_goes_on(claire: Visitor, story: Story) -> None:
    tablet = story.comes("Claire Maurin")
    tablet.goes_to(claire.path)
    surface = tablet.page.get_by_role("textbox", name="Surface habitable")
    expect(surface).to_have_value(as_typed(story.said["D"]["D1_surface"]))
    tablet.page.context.close()


def claire_sends(claire: Visitor) -> None:
    assert claire.title() == "Vérifier avant l’envoi"
    claire.does_not_see("Réponse manquante")
    claire.sees(re.compile("Taux d.effort"))
    claire.presses("Envoyer le diagnostic")
    claire.is_told_that_it_is_done()


# -- the landlord -------------------------------------------------------------------------------------------------


def sonia_sends_the_dwelling_back(sonia: Visitor) -> None:
    takes_up(sonia, WHOSE)
    sonia.follows("Renvoyer pour correction")
    sonia.ticks("Le logement actuel")
    sonia.presses("Renvoyer pour correction")
    sonia.sees("Il y a un point à corriger")
    sonia.writes("Motif", REASON)
    expect(sonia.page.get_by_label("Le logement actuel")).to_be_checked()
    sonia.presses("Renvoyer pour correction")
    sonia.is_told_that_it_is_done()


def claire_corrects_the_rent(claire: Visitor) -> None:
    takes_up(claire, re.compile("Corriger le dossier .*Saïdi-Petrosyan"))
    claire.sees(REASON)
    claire.follows("Corriger ce qui a été renvoyé")
    expect(claire.page).to_have_url(re.compile("/fill/D$"))
    claire.page.locator('[name="data:D:D_loyer:D2_loyer"]').fill("402,50")
    saved(claire)
    claire.presses("Enregistrer et continuer")
    claire.sees("402,5")
    claire.presses("Envoyer le diagnostic")
    claire.is_told_that_it_is_done()


def sonia_sees_what_changed_and_approves(sonia: Visitor) -> None:
    takes_up(sonia, WHOSE)
    changed = sonia.page.get_by_role("region", name="Ce qui a changé depuis votre décision")
    expect(changed.locator("ins").first).to_contain_text("402,5")
    approves(sonia)


# -- the household, then the committee ------------------------------------------------------------------------------


def bruno_has_the_household_confirm(bruno: Visitor) -> None:
    takes_up(bruno, re.compile("Recueillir la réponse .*Saïdi-Petrosyan"))
    bruno.follows("Faire lire et confirmer par le ménage")
    assert bruno.title() == "Vos réponses, relues ensemble"
    bruno.presses("Confirmer pour le ménage")
    bruno.sees("Il y a 2 points à corriger")
    bruno.writes("Remarques", REMARK)
    confirms_on_screen(bruno)


def a_seat_approves(seat: Visitor, story: Story) -> None:
    """The committee knows the household by its reference only."""
    takes_up(seat, re.compile(f"Valider les besoins .*{story.reference}"))
    for secret in story.secrets:
        assert secret not in seat.page.content(), secret
    seat.does_not_see(REMARK)
    approves(seat)


# -- papers -------------------------------------------------------------------------------------------------------


def the_files_come_by_themselves_after_the_last_voice(seat: Visitor, story: Story) -> list[Path]:
    """The page says that papers are under way, asks how far they are, then shows them: nobody reloads it."""
    asked: list[str] = []
    seat.page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    a_seat_approves(seat, story)
    shown = len(asked)
    expect(seat.page.locator(".file-link")).to_have_count(2, timeout=WAITED)
    seat.sees("Les documents sont prêts.")
    seat.sees("Fiche pour la commission")
    pages = {path for path in asked[shown:] if not path.startswith("/static/")}  # the icon may still be on its way
    assert pages == {f"{seat.path}/papers"}
    return files_of(seat, story)


def the_household_copy_is_there_too(bruno: Visitor, story: Story) -> list[Path]:
    bruno.page.reload()
    expect(bruno.page.locator(".file-link")).to_have_count(4, timeout=WAITED)
    return [file for file in files_of(bruno, story) if "household" in file.name]


def files_of(visitor: Visitor, story: Story) -> list[Path]:
    """Every paper offered to this person, downloaded by its link."""
    found = []
    for link in visitor.page.locator(".file-link").all():
        download = visitor.downloads(link)
        found.append(story.folder / download.suggested_filename)
        download.save_as(found[-1])
    return found


def the_commission_paper_names_nobody(files: list[Path], story: Story) -> None:
    assert sorted(file.suffix for file in files) == [".docx", ".pdf"]
    for file in files:
        text = text_of(file)
        assert "402,5" not in text
        assert REMARK not in text
        for secret in story.secrets:
            assert secret not in text, f"{secret} in {file.name}"


def everything_is_in_the_household_paper(files: list[Path]) -> None:
    assert sorted(file.suffix for file in files) == [".docx", ".pdf"]
    for file in files:
        assert "Saïdi" in text_of(file)
        assert "402,5" in text_of(file)


def the_seals_convince_others(story: Story, files: list[Path]) -> None:
    sealed = [file for file in files if file.suffix == ".pdf"]
    assert len(sealed) == 2
    for pdf in sealed:
        assert "Signature is Valid" in told_by("pdfsig", "-nocert", pdf)
        assert "No syntax or stream encoding errors found" in told_by("qpdf", "--check", pdf)
        said = story.relais.command("verify", str(pdf))
        assert said.returncode == 0, said.stdout + said.stderr
        flipped = pdf.with_name("flipped.pdf")
        half = len(data := bytearray(pdf.read_bytes())) // 2
        data[half] ^= 1
        flipped.write_bytes(data)
        assert story.relais.command("verify", str(flipped)).returncode == 1


def anybody_can_check(story: Story, pdf: Path) -> None:
    """Without an account: by the printed reference, then with the file itself."""
    reference = printed_reference(pdf)
    passer = story.comes("")
    assert passer.goes_to(f"/verify/{reference}") == 200
    passer.sees(reference)
    passer.sees("Mistral")
    passer.page.locator("#file").set_input_files(pdf)
    passer.page.locator("main form button[type=submit]").click()
    passer.sees("Ce document est authentique et complet.")
    passer.page.locator("#file").set_input_files(pdf.with_name("flipped.pdf"))
    passer.page.locator("main form button[type=submit]").click()
    expect(passer.page.locator(".verdict-bad")).to_be_visible()
    assert passer.goes_to("/verify/RL-2222-2222") == 404
