"""A contractor's mission ends: who worked for it is cut at once, and nothing they held stays without an owner."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests.journeys.barriers import faults
from tests.journeys.conftest import Arrive
from tests.journeys.papers import text_of, told_by
from tests.journeys.serving import Installation
from tests.journeys.severine import FOLLOWED, MARC, NAMES, ODILE, YANN, furnish
from tests.journeys.visiting import Visitor
from workflow import clock
from workflow.db import db
from workflow.mail import Mail

WAITED = 60_000  # milliseconds for papers on a busy machine
TO_MARC, TO_ODILE = ("SEV-04", "SEV-05", "SEV-06"), ("SEV-01", "SEV-02", "SEV-03", "SEV-07")
END = "/operations/severine/missions/polygones/end"


@dataclass
class Story:
    relais: Installation
    arrive: Arrive
    folder: Path
    dossiers: dict[str, str] = field(default_factory=dict)  # household → reference of its dossier
    barriers: list[str] = field(default_factory=list)

    def comes(self, name: str) -> Visitor:
        return self.arrive(self.relais, name, accept_downloads=True)

    def looks(self, visitor: Visitor) -> None:
        """Nothing on this page keeps somebody out, at a desk or at 320 px."""
        self.barriers += faults(visitor.page)


@pytest.fixture
def story(arrive: Arrive, worker_folder: Path, tmp_path: Path) -> Iterator[Story]:
    relais = Installation(worker_folder.parent, tmp_path / "severine", {}, ("serve",))
    told = Story(relais, arrive, tmp_path)
    told.dossiers = furnish(relais)
    relais.start()
    yield told
    relais.stop()


def test_the_mission_of_a_contractor_ends_and_nothing_is_left_alone(story: Story) -> None:
    story.relais.wait_for_jobs()
    nora = nora_works_as_usual(story)
    agnes = story.comes("Agnès Royer")
    she_sees_all_that_is_held(agnes, story)
    she_may_not_leave_anything_alone(agnes)
    she_plans_it_and_thinks_again(agnes, nora, story)
    she_ends_it_now(agnes, story)
    nora_is_cut_at_once(nora, story)
    odile = odile_is_told_and_finds_everything(story)
    the_sheet_is_printed_and_kept(agnes, story)
    marc_follows_the_others(story)
    nobody_is_without_a_referent(agnes, story)
    odile_goes_on_with_the_work(odile, story)
    assert not story.barriers, "\n".join(story.barriers)


# -- before -------------------------------------------------------------------------------------------------------


def nora_works_as_usual(story: Story) -> Visitor:
    nora = story.comes("Nora Lakhal")
    nora.goes_to("/waiting")
    for reference in story.dossiers:
        nora.sees(FOLLOWED[reference][0])
    return nora


def she_sees_all_that_is_held(agnes: Visitor, story: Story) -> None:
    """From the page of the operation: everybody of the mission, and every kind of thing they hold."""
    agnes.goes_to("/operations/severine")
    agnes.follows("Une personne s’en va, ou une mission se termine")
    expect(agnes.page.locator("h1")).to_have_text("Départs")
    story.looks(agnes)
    agnes.follows("Poly’Gones", inside=agnes.main)
    expect(agnes.page).to_have_url(re.compile(f"{END}$"))
    assert "Poly’Gones" in agnes.title()
    for word in ("Nora Lakhal", "Bastien Ruel", "Groupe technique", "Yann Prigent", *story.dossiers.values()):
        agnes.sees(word)
    for reference, (_name, follower) in FOLLOWED.items():
        if follower != ODILE:
            agnes.sees(reference)
    story.looks(agnes)


def she_may_not_leave_anything_alone(agnes: Visitor) -> None:
    agnes.page.select_option("[name=reason]", "mission_ends")
    agnes.presses("Voir ce qui va se passer")
    expect(agnes.page.locator(".error-summary")).to_contain_text("Choisissez qui reprend.")
    expect(agnes.page.locator("[name=reason]")).to_have_value("mission_ends")


def choose(agnes: Visitor) -> None:
    """Odile takes all over, but the landlord's referent the household that needs nothing more and those of Bastien."""
    agnes.page.select_option("[name=reason]", "mission_ends")
    agnes.page.select_option("[name=successor]", ODILE)
    held = agnes.page.locator("section.held").filter(has_text="Ménages suivis")
    of_nora, of_bastien = held.filter(has_text="SEV-04"), held.filter(has_text="SEV-05")
    of_nora.locator("summary").click()
    of_nora.get_by_label("SEV-04").select_option(MARC)
    of_bastien.get_by_label("Tous à").select_option(MARC)


# -- planned, then cancelled --------------------------------------------------------------------------------------


def she_plans_it_and_thinks_again(agnes: Visitor, nora: Visitor, story: Story) -> None:
    choose(agnes)
    agnes.ticks("À une heure à venir")
    agnes.page.locator("[name=day]").fill((clock.today() + timedelta(days=20)).isoformat())
    agnes.page.locator("[name=hour]").fill("18:00")
    agnes.presses("Voir ce qui va se passer")
    agnes.sees("18 h 00")
    story.looks(agnes)
    agnes.presses("Prévoir le départ")
    agnes.is_told_that_it_is_done()
    nora.goes_to("/waiting")
    nora.sees("Aubin")
    for name in ("Nora Lakhal", "Bastien Ruel"):
        agnes.goes_to("/operations/severine/handovers")
        agnes.follows(name, inside=agnes.main)
        story.looks(agnes)
        agnes.presses("Annuler ce départ")
        agnes.sees("l’accès reste ouvert")


# -- now ----------------------------------------------------------------------------------------------------------


def she_ends_it_now(agnes: Visitor, story: Story) -> None:
    agnes.goes_to(END)
    choose(agnes)
    agnes.presses("Voir ce qui va se passer")
    agnes.sees("Odile Faure reprend")
    agnes.sees("Marc Tissier reprend")
    story.looks(agnes)
    agnes.presses("Fermer l’accès et tout transmettre")
    agnes.is_told_that_it_is_done()


def nora_is_cut_at_once(nora: Visitor, story: Story) -> None:
    """Her window is still open: her next click leads out."""
    nora.page.locator("main .tasks a").first.click()
    expect(nora.page).to_have_url(re.compile("/sign-in"))
    nora.does_not_see("amille")
    expect(nora.page.get_by_role("button", name=re.compile("^Nora Lakhal"))).to_have_count(0)
    for path in ("/waiting", "/households", f"/dossiers/{story.dossiers['SEV-01']}"):
        nora.goes_to(path)
        assert nora.path == "/sign-in", path


def odile_is_told_and_finds_everything(story: Story) -> Visitor:
    """The mail names no household; its link leads to the sheet, her tasks and her households are there."""
    story.relais.wait_for_jobs()
    with story.relais.inside():
        asked = select(Mail).where(Mail.to == "odile.faure@example.org", Mail.key.startswith("handed_over"))
        bodies = [mail.body for mail in db.session.scalars(asked)]
    [body] = [body for body in bodies if "Nora Lakhal" in body]
    assert not [word for word in (*FOLLOWED, *NAMES, *story.dossiers.values()) if word in body]
    link = re.search(r"/operations/severine/handovers/\S+", body)
    assert link, body
    odile = story.comes("Odile Faure")
    odile.goes_to(link.group(0))
    odile.sees("Nora Lakhal")
    for reference in story.dossiers:
        odile.sees(FOLLOWED[reference][0])
    story.looks(odile)
    odile.goes_to("/waiting")
    for reference in story.dossiers:
        odile.sees(FOLLOWED[reference][0])
    story.looks(odile)
    follows_exactly(odile, TO_ODILE)
    story.looks(odile)
    return odile


def follows_exactly(visitor: Visitor, references: tuple[str, ...]) -> None:
    """The filter "Ceux que je suis" of the list of households."""
    visitor.goes_to("/households")
    visitor.ticks("Ceux que je suis")
    visitor.presses("Filtrer", inside=visitor.main)
    expect(visitor.page).to_have_url(re.compile("mine=1"))
    for reference, (name, _follower) in FOLLOWED.items():
        visitor.sees(name) if reference in references else visitor.does_not_see(name)


def the_sheet_is_printed_and_kept(agnes: Visitor, story: Story) -> None:
    """On screen, on A4, and as a sealed paper with its working copy, which name nobody's household."""
    agnes.goes_to("/operations/severine/handovers")
    agnes.follows("Nora Lakhal", inside=agnes.page.get_by_role("row", name=re.compile("fait")))
    expect(agnes.page.get_by_role("button", name="Imprimer")).to_be_visible()
    expect(agnes.page.locator(".file-link")).to_have_count(2, timeout=WAITED)
    story.looks(agnes)
    printed = story.folder / "feuille.pdf"
    agnes.page.pdf(path=printed, format="A4", print_background=True)
    for word in ("Lakhal", "Faure", "Tissier", "SEV-04", *story.dossiers):
        assert word in text_of(printed), word
    for link in agnes.page.locator(".file-link").all():
        download = agnes.downloads(link)
        path = story.folder / download.suggested_filename
        download.save_as(path)
        words = text_of(path)
        assert "SEV-01" in words
        assert not [name for name in NAMES if name in words]
        assert path.suffix == ".docx" or "Signature is Valid" in told_by("pdfsig", "-nocert", path)
    assert {path.suffix for path in story.folder.glob("passation-*.*")} >= {".pdf", ".docx"}


def marc_follows_the_others(story: Story) -> None:
    marc = story.comes("Marc Tissier")
    follows_exactly(marc, TO_MARC)


def nobody_is_without_a_referent(agnes: Visitor, story: Story) -> None:
    agnes.goes_to("/operations/severine/referents")
    story.looks(agnes)
    agnes.does_not_see("n’est suivi par personne")
    agnes.does_not_see("ne sont suivis par personne")
    agnes.does_not_see("Nora Lakhal")
    agnes.goes_to("/operations/severine/referents?gap=1")
    for reference in FOLLOWED:
        agnes.does_not_see(reference)
    agnes.goes_to("/operations/severine/who-acts")
    agnes.does_not_see("Nora Lakhal")
    agnes.sees("Odile Faure")
    agnes.goes_to(f"/people/{YANN}")
    agnes.sees("Odile Faure")  # stands in during his absence
    agnes.does_not_see("Nora Lakhal")


def odile_goes_on_with_the_work(odile: Visitor, story: Story) -> None:
    """The draft is hers to write in, the dossier hers to correct, the reading hers to record."""
    odile.goes_to(f"/dossiers/{story.dossiers['SEV-01']}/fill/A")
    expect(odile.page.locator("main [name]:enabled").first).to_be_attached()
    odile.goes_to(f"/dossiers/{story.dossiers['SEV-02']}")
    odile.sees("quittance")
    odile.goes_to(f"/dossiers/{story.dossiers['SEV-03']}")
    odile.follows("Faire lire et confirmer par le ménage")
    odile.ticks("C’est exact")
    odile.ticks("Ici, sur cet écran")
    odile.presses("Confirmer pour le ménage")
    odile.is_told_that_it_is_done()
