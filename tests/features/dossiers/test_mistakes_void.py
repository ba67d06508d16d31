"""A dossier opened by mistake or twice is annulled: it counts no more, its papers say so, and it may be undone."""

import io
import zipfile

import pytest

from tests import factories as made
from tests.cast import BRUNO, CLAIRE, NADIA, SONIA
from tests.features.dossiers.projections import all_holds, snapshot
from workflow import outbox
from workflow.approvals import queries as approvals
from workflow.approvals.models import Task, Voter
from workflow.catalogue.queries import current
from workflow.db import db
from workflow.dossiers import actions, queries
from workflow.dossiers.actions import undoing
from workflow.dossiers.models import Agreement, Dossier, Fact
from workflow.dossiers.queries import Search
from workflow.dossiers.queries.undoable import undoable
from workflow.errors import Refused
from workflow.filing import queries as filing
from workflow.record.queries import facts, text

WHY = "Ouvert deux fois pour la même famille."
VOID = "/decide/cancel/dossier"


def annul(slug, row, why=WHY):
    made.decide(slug, row, "Cancel", "", reason=why)


def run_jobs(row):
    """Let the jobs of a dossier run, and give it back: they end with a session of their own."""
    told = row.id
    db.session.rollback()
    outbox.drain()
    return db.session.get_one(Dossier, told)


def undo(slug, row):
    found = undoable(made.identity(slug), row.subject)
    undoing.undo(made.identity(slug), found.id)
    db.session.commit()


def test_the_officer_who_carries_it_and_who_sets_up_may_annul_and_nobody_else(app, desk):
    row = made.a_submitted_dossier()
    for slug, may in ((CLAIRE, True), (NADIA, True), (SONIA, False), (BRUNO, False)):
        assert ("Annuler ce dossier" in desk(slug, row).get().text) is may, slug


def test_a_reason_is_needed_and_sealed(app, desk):
    row = made.a_submitted_dossier()
    claire = desk(CLAIRE, row).get(VOID).send(VOID)
    assert claire.status == 422
    claire.send(VOID, reason=WHY).follow()
    assert WHY in claire.text
    row = db.session.get_one(Dossier, row.id)
    assert text(row.void_reason) == WHY
    assert WHY not in str([fact.data for fact in facts(row.subject)])


def test_an_annulled_dossier_asks_nothing_of_anybody_and_tells_lists_nothing(app):
    row = made.a_submitted_dossier()
    annul(CLAIRE, row)
    for model in (Task, Voter):
        assert db.session.query(model).filter_by(subject=row.subject).count() == 0
    for model in (Fact, Agreement):
        assert db.session.query(model).filter_by(dossier_id=row.id).count() == 0
    assert row.household.state == "to_contact"
    found = queries.households(made.identity(NADIA), "mistral", Search(words=row.household.reference))
    assert found.dossiers == {}


def test_a_new_dossier_may_be_opened_with_a_reference_of_its_own(app):
    row = made.a_submitted_dossier()
    annul(CLAIRE, row)
    other, new = actions.open_dossier(made.identity(CLAIRE), row.household, current("diagnostic-social", "mistral"))
    assert (new, other.reference) == (True, f"{row.household.reference}-2")


def test_undone_it_goes_on_where_it_stood(app):
    row = made.a_submitted_dossier()
    before = snapshot()
    annul(CLAIRE, row)
    assert snapshot() != before
    undo(CLAIRE, row)
    assert snapshot() == before
    made.decide(SONIA, row, "Approve", "visa_bailleur")


def test_it_cannot_go_on_beside_a_new_one(app):
    row = made.a_submitted_dossier()
    annul(CLAIRE, row)
    actions.open_dossier(made.identity(CLAIRE), row.household, current("diagnostic-social", "mistral"))
    db.session.commit()
    with pytest.raises(Refused) as refused:
        undo(CLAIRE, row)
    assert refused.value.code == "another_open"


def test_a_validated_dossier_is_annulled_with_its_papers_and_back_again(app, desk):
    row = run_jobs(made.a_validated_dossier())
    before = snapshot()
    annul(NADIA, row)
    assert approvals.course(row.subject).phase == "cancelled"
    assert row.household.state == "to_contact"
    assert all(paper.void_at for paper in filing.papers(row.subject))
    row = run_jobs(row)
    undo(NADIA, row)
    after = snapshot()
    told = {"dossiers_notice"}  # somebody was told of it meanwhile, and that stays
    assert {table for table in after if after[table] != before[table]} <= told
    assert approvals.course(row.subject).phase == "approved"
    run_jobs(row)
    assert all_holds()


def test_downloads_are_replaced_by_copies_that_say_annulled_on_each_page(app, desk, sign_in):
    row = run_jobs(made.a_validated_dossier())
    paper = next(paper for paper in filing.papers(row.subject) if paper.audience == "household")
    told = row.id
    reference, original = paper.reference, filing.bytes_of(paper, "pdf")
    annul(NADIA, row)
    db.session.rollback()
    claire = desk(CLAIRE, row)
    assert claire.client.get(f"/papers/{reference}/pdf").status_code == 404, "the copy is still being written"
    run_jobs(db.session.get_one(Dossier, told))
    db.session.rollback()
    claire.get()
    assert "annulé le" in claire.text
    pdf, docx = (claire.client.get(f"/papers/{reference}/{form}").data for form in ("pdf", "docx"))
    assert pdf != original
    assert_marked(pdf, docx, reference)


def assert_marked(pdf, docx, reference):
    from pypdf import PdfReader

    pages = PdfReader(io.BytesIO(pdf)).pages
    for page in pages:
        assert "ANNULÉ" in page.extract_text()
    assert reference in pages[0].extract_text() + pages[-1].extract_text()
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        headers = [archive.read(name).decode() for name in archive.namelist() if "header" in name]
    assert any("Annulé" in header for header in headers)


def test_a_dossier_annulled_while_its_papers_are_being_written_gets_none_that_counts(app):
    row = made.a_validated_dossier()
    annul(NADIA, row)
    row = run_jobs(row)
    assert all(paper.void_at for paper in filing.papers(row.subject))
    undo(NADIA, row)
    row = run_jobs(row)
    assert [paper.void_at for paper in filing.papers(row.subject)] == [None, None]
    assert all_holds()


def test_taking_back_a_filling_gives_the_household_its_status_again(app):
    row = made.a_filled_dossier()
    state = row.household.state
    actions.submit(made.identity(CLAIRE), row.reference, made.version(row))
    db.session.commit()
    assert row.household.state == "surveyed"
    made.decide(CLAIRE, row, "TakeBack", "")
    assert row.household.state == state


def test_a_validated_one_does_not_count_again_beside_a_newer_one(app):
    row = made.a_validated_dossier()
    annul(NADIA, row)
    actions.open_dossier(made.identity(CLAIRE), row.household, current("diagnostic-social", "mistral"))
    db.session.commit()
    with pytest.raises(Refused) as refused:
        undo(NADIA, row)
    assert refused.value.code == "newer_one"


def test_the_newer_one_is_named_with_a_link_and_stops_nothing_once_withdrawn(app, desk, sign_in):
    row = made.a_validated_dossier()
    annul(NADIA, row)
    newer, _new = actions.open_dossier(made.identity(CLAIRE), row.household, current("diagnostic-social", "mistral"))
    reference, annulled = newer.reference, row.id
    found = undoable(made.identity(NADIA), row.subject).id
    db.session.commit()
    nadia = sign_in(NADIA)
    answer = nadia.post(f"/undo/{found}")
    assert answer.status_code == 409
    assert f'href="/dossiers/{reference}"' in answer.text
    newer = db.session.query(Dossier).filter_by(reference=reference).one()
    made.decide(CLAIRE, newer, "Withdraw", "")
    db.session.rollback()
    assert nadia.post(f"/undo/{found}").status_code == 303
    assert db.session.get_one(Dossier, annulled).void_at is None
