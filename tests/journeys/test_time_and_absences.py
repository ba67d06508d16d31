"""What time and absences do: a substitute on the sealed paper, silence that decides, decisions that survive or fall."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.cast import AGREED, BRUNO, CLAIRE, FRANCOIS, HELENE, MIREILLE
from tests.journeys.barriers import faults
from tests.journeys.conftest import Arrive
from tests.journeys.deciding import approves, takes_up
from tests.journeys.homes import Home
from tests.journeys.papers import told_by
from tests.journeys.serving import Installation
from tests.journeys.visiting import Visitor
from workflow import clock
from workflow.approvals import actions as approvals
from workflow.catalogue import actions as catalogue
from workflow.catalogue.queries import current
from workflow.catalogue.queries.courses import followed_in
from workflow.db import db
from workflow.dossiers import actions

AWAY, SILENT, RETURNED = Home.AWAY, Home.SILENT, Home.RETURNED
LONG_AGO = timedelta(days=28)  # fifteen working days, and a few holidays
WAITED = 60_000  # milliseconds for papers on a busy machine
STILL_COUNTS, COUNTS_NO_MORE = re.compile("compte toujours"), re.compile("ne compte plus")


def named(relais: Installation, reference: str) -> re.Pattern[str]:
    """How a list of tasks calls the household of a dossier."""
    with relais.inside():
        return re.compile(re.escape(factories.dossier_of(reference).household.name.split(maxsplit=1)[-1]))


# -- an absence ---------------------------------------------------------------------------------------------------


@pytest.mark.complaint(20)
def test_who_stands_in_is_named_with_the_absent_colleague_up_to_the_sealed_paper(
    relais: Installation, arrive: Arrive, tmp_path: Path
) -> None:
    with relais.inside():
        reference = factories.a_submitted_dossier(AWAY).reference
    sonia = arrive(relais, "Sonia Mendès")
    she_will_be_away(sonia)
    try:
        relais.wait_for_jobs()
        patrice = arrive(relais, "Patrice Odier")
        takes_up(patrice, named(relais, reference))
        patrice.sees("Co-valider le diagnostic")
        approves(patrice)
    finally:
        she_is_back(sonia)
    with relais.inside():
        row = factories.dossier_of(reference)
        factories.decide(BRUNO, row, "Sign", "lecture_menage", channel="screen")
        for seat in (HELENE, FRANCOIS, MIREILLE):
            factories.decide(seat, row, "Approve", "validation")
    nadia = arrive(relais, "Nadia Ferhat", accept_downloads=True)
    both_names_stand_in_the_course_and_on_the_papers(nadia, reference, tmp_path)


def she_will_be_away(sonia: Visitor) -> None:
    today = clock.today().isoformat()
    sonia.goes_to("/me/absences/new")
    sonia.page.locator("[name=first_day]").fill(today)
    sonia.page.locator("[name=last_day]").fill(today)
    sonia.page.locator("[name=substitute]").select_option(label="Patrice Odier")
    sonia.ticks("Diagnostic social")
    sonia.ticks("Fiche relais")
    assert faults(sonia.page) == []
    sonia.presses("Déclarer cette absence")
    sonia.sees("Diagnostic social, Fiche relais")


def she_is_back(sonia: Visitor) -> None:
    sonia.goes_to("/me")
    sonia.presses(re.compile("^Annuler"))


def both_names_stand_in_the_course_and_on_the_papers(nadia: Visitor, reference: str, folder: Path) -> None:
    nadia.goes_to(f"/dossiers/{reference}/course")
    nadia.sees("Patrice Odier (ACTIS), Référent du bailleur, pour Sonia Mendès en son absence")
    assert faults(nadia.page) == []
    nadia.goes_to(f"/dossiers/{reference}")
    expect(nadia.page.locator(".file-link").first).to_be_visible(timeout=WAITED)
    for link in nadia.page.locator(".file-link").all():
        download = nadia.downloads(link)
        file = folder / download.suggested_filename
        download.save_as(file)
        assert "Patrice Odier, pour Sonia Mendès en son absence" in words_of(file), file.name


def words_of(file: Path) -> str:
    """The words of a paper, a line that goes on below being one."""
    if file.suffix == ".pdf":
        told = told_by("pdftotext", file, "-")
    else:
        told = re.sub("<[^>]+>", "", told_by("unzip", "-p", file, "word/document.xml"))
    return " ".join(told.split())


# -- silence ------------------------------------------------------------------------------------------------------


@pytest.fixture
def pair(relais: Installation) -> Iterator[None]:
    """Diagnoses are carried by a pair as long as this lasts: a colleague's opinion is then asked, and may be silent."""
    place = factories.MISTRAL["slug"]
    with relais.inside():
        before = followed_in(place, "diagnostic-social")
        catalogue.adopt(place, "diagnostic-social", variant="binome")
        factories.another_adviser()
    yield
    with relais.inside():
        catalogue.adopt(place, "diagnostic-social", variant=before)


def test_silence_until_the_deadline_decides_and_those_it_concerns_read_it(
    relais: Installation, arrive: Arrive, pair: None
) -> None:
    reference = asked_for_an_opinion_long_ago(relais)
    with relais.inside():
        approvals.pass_time()  # what the server's own clock does twice a minute; whoever comes second finds nothing
    relais.wait_for_jobs()
    claire = arrive(relais, "Claire Maurin")
    claire.goes_to(f"/dossiers/{reference}/course")
    silence = claire.page.locator(".timeline-event", has_text="Décidé par le silence")
    expect(silence).to_contain_text("automatique")
    expect(silence).to_contain_text(re.compile(r"Ensuite\s: Commission relogement"))
    claire.goes_to(f"/dossiers/{reference}")
    expect(claire.page.locator("section[aria-labelledby=told]")).to_contain_text("le silence vaut accord")


def asked_for_an_opinion_long_ago(relais: Installation) -> str:
    """Everything before the opinion was done four weeks ago: the deadline passed while nobody watched the clock."""
    with relais.inside(), clock.at(clock.now() - LONG_AGO):
        home, by = factories.a_household(SILENT), factories.identity(CLAIRE)
        row, _new = actions.open_dossier(by, home, current("diagnostic-social", factories.MISTRAL["slug"]))
        said = factories.said(home, [one for one in AGREED if one != "actis"])
        actions.write_answers(
            by, row.reference, said | {"G": said["G"] | {"G6": "oui", "G6_motif": "Le déménagement inquiète."}}
        )
        factories.resubmit(row)
        factories.decide(BRUNO, row, "Sign", "lecture_menage", channel="screen")
        db.session.commit()
        return row.reference


# -- a return -----------------------------------------------------------------------------------------------------


def test_after_a_correction_each_reads_which_of_their_decisions_still_counts(
    relais: Installation, arrive: Arrive
) -> None:
    with relais.inside():
        row = factories.a_dossier_before_the_committee(RETURNED)
        factories.decide(HELENE, row, "Approve", "validation")
        reference = row.reference
    francois = arrive(relais, "François Delaunay")
    he_sends_it_back_and_sees_before_what_that_undoes(francois, reference)
    with relais.inside():
        row = factories.dossier_of(reference)
        factories.resubmit(row)
        factories.decide(BRUNO, row, "Sign", "lecture_menage", channel="screen")
    sonia = arrive(relais, "Sonia Mendès")
    sonia.goes_to(f"/dossiers/{reference}")
    sonia.sees(STILL_COUNTS)
    assert faults(sonia.page) == []
    helene = arrive(relais, "Hélène Vasseur")
    helene.goes_to("/waiting")
    expect(helene.page.locator(".task", has_text=COUNTS_NO_MORE)).not_to_have_count(0)
    helene.goes_to(f"/dossiers/{reference}")
    helene.sees(COUNTS_NO_MORE)
    sonia.goes_to(f"/dossiers/{reference}/course")
    sonia.sees(re.compile("décision prise par Sonia Mendès .* compte toujours"))
    sonia.sees(re.compile(r"décision prise par Hélène Vasseur .* ne compte plus\s: le dossier a été corrigé"))


def he_sends_it_back_and_sees_before_what_that_undoes(francois: Visitor, reference: str) -> None:
    francois.goes_to(f"/dossiers/{reference}")
    francois.follows("Renvoyer pour correction")
    francois.sees(re.compile("La décision de Hélène Vasseur .* ne compte plus"))
    francois.ticks("Où vous souhaitez habiter")
    francois.writes("Motif", "Le secteur souhaité a changé.")
    francois.presses("Renvoyer pour correction")
    francois.is_told_that_it_is_done()
