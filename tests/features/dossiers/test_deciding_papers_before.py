"""Before one decides: what is asked and why, who said what, the very paper the decision leads to."""

import pytest
from lxml import html

from tests import factories as made
from tests.cast import BRUNO, FRANCOIS, HELENE, JULIEN, MIREILLE, PATRICE, SONIA
from workflow.approvals import queries
from workflow.circuit.commands import Refuse
from workflow.db import db
from workflow.filing.models import Paper
from workflow.outbox import Outbox
from workflow.record.queries import facts

COMMITTEE = "/decide/approve/validation"
DRAFT = f"{COMMITTEE}/draft/fiche/commission"


def offers_of(slug, row):
    """What refusing would lead to."""
    known = queries.standing(row.subject)
    refusing = next(one for one in queries.offers(made.identity(slug), known) if one.possible.command is Refuse)
    return refusing.possible.consequence


def test_the_page_says_why_it_is_asked_of_me_and_who_said_what(app, desk):
    row = made.a_submitted_dossier()
    made.decide(SONIA, row, "ApproveWithReservation", "visa_bailleur", reason="Surface à vérifier.")
    made.decide(BRUNO, row, "Sign", "lecture_menage", channel="screen")
    helene = desk(HELENE, row).get(COMMITTEE)
    assert "parce que vous siégez à « Commission relogement » pour Ville de Grenoble" in helene.text
    assert "Favorable avec réserve Sonia Mendès (ACTIS)" in helene.text
    assert "Surface à vérifier." not in helene.text  # free words of a landlord: not for who may not read names


def test_a_paper_that_is_not_written_yet_says_who_comes_first(app, desk):
    row = made.a_dossier_before_the_committee()
    helene = desk(HELENE, row).get(COMMITTEE)
    assert "Il n’est pas encore écrit après votre décision. Il faut encore : Commission relogement." in helene.text
    assert "Fiche du ménage" not in helene.text  # not hers to read


def test_refusing_alone_says_that_the_step_goes_on_and_lists_no_paper(app, desk):
    """The committee decides by several organisations: one refusal is noted, it does not end anything."""
    row = made.a_dossier_before_the_committee()
    page = desk(HELENE, row).get("/decide/refuse/validation")
    waits = next(one for one in offers_of(HELENE, row) if one.code.startswith("waits")).params
    assert (waits["refused"], waits["favourable"], waits["against"]) == (True, 0, 1)
    assert html.fromstring(page.last.text).xpath("//h2[@id='goes']")
    assert not html.fromstring(page.last.text).xpath("//h2[@id='drafts']")
    assert "Completed" not in [fact.kind for fact in facts(row.subject)]
    db.session.rollback()
    for slug in (FRANCOIS, MIREILLE, JULIEN, PATRICE):
        made.decide(slug, row, "Refuse", "validation", reason="Les besoins ne sont pas établis.")
        if "completes" in [one.code for one in offers_of(HELENE, row)]:
            break
    assert "le dossier s’arrête ici" in desk(HELENE, row).get("/decide/refuse/validation").text


@pytest.mark.complaint(41)
def test_the_last_voice_reads_the_paper_with_her_own_decision_in_it(app, desk):
    row = made.a_dossier_before_the_committee()
    for slug in (HELENE, FRANCOIS):
        made.decide(slug, row, "Approve", "validation")
    mireille = desk(MIREILLE, row).get(COMMITTEE)
    assert "Votre décision le fait écrire et sceller aussitôt." in mireille.text
    assert "Lire ce qu’il dira" in mireille.text
    assert mireille.text.count("Membre de la commission") >= 3  # hers is among those of the paper
    assert "Completed" not in [fact.kind for fact in facts(row.subject)]


def test_the_draft_is_a_pdf_that_leaves_nothing_behind(app, desk):
    row = made.a_dossier_before_the_committee()
    before = (len(facts(row.subject)), db.session.query(Paper).count(), db.session.query(Outbox).count())
    helene = desk(HELENE, row).get(DRAFT)
    assert helene.status == 200
    assert helene.last.mimetype == "application/pdf"
    assert helene.last.data.startswith(b"%PDF")
    assert helene.last.headers["Cache-Control"] == "no-store"
    assert before == (len(facts(row.subject)), db.session.query(Paper).count(), db.session.query(Outbox).count())


def test_nobody_gets_a_draft_they_could_not_have_as_a_paper_or_not_decide_on(app, desk):
    row = made.a_dossier_before_the_committee()
    assert desk(HELENE, row).get(f"{COMMITTEE}/draft/fiche/household").status == 404
    assert desk(SONIA, row).get(DRAFT).status == 404  # she may have that paper, but not decide so
