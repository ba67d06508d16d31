"""Before one decides: what is asked and why, who said what, the very paper the decision leads to."""

import pytest

from tests import factories as made
from tests.cast import BRUNO, FRANCOIS, HELENE, MIREILLE, SONIA
from workflow.db import db
from workflow.filing.models import Paper
from workflow.outbox import Outbox
from workflow.record.queries import facts

COMMITTEE = "/decide/approve/validation"
DRAFT = f"{COMMITTEE}/draft/fiche/commission"


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
