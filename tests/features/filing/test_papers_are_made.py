"""Papers of a decided dossier: each audience its own, cut to what it reads, sealed, made exactly once."""

import io
import json
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from flask import Flask

from documents.assembly import attached, embedded_data
from documents.authority import NoKey
from tests import factories
from tests.cast import BRUNO, FRANCOIS, MIREILLE, PATRICE
from tests.features.filing.conftest import Papers
from workflow import outbox
from workflow.db import EVERYTHING, database_now, db, enter_scope
from workflow.dossiers.jobs import make_paper
from workflow.dossiers.queries import by_subject
from workflow.dossiers.queries.paper import material
from workflow.errors import NotFound
from workflow.filing import actions, queries
from workflow.filing.models import MAKING, READY, Paper
from workflow.outbox import Lease, Outbox
from workflow.outbox.running import Superseded
from workflow.record import actions as record
from workflow.storage import open_store, unseal


def rows(kind: str) -> list[Outbox]:
    return db.session.query(Outbox).filter_by(kind=kind).order_by(Outbox.id).all()


def stored_names(app: Flask) -> list[str]:
    return [name for name in open_store(app.config["RELAIS"].storage_url).names() if name.startswith("papers/")]


def everything_in(paper: Paper, said_by: Callable[..., str]) -> str:
    """Every word of both files of a paper: text, metadata, attachments, all parts of the DOCX."""
    pdf, docx = queries.bytes_of(paper, "pdf"), queries.bytes_of(paper, "docx")
    attachments = b"".join(attached(pdf).values()).decode()
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        parts = [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    return "\n".join([said_by("pdftotext -layout", pdf, "-"), said_by("pdfinfo", pdf), attachments, *parts])


def test_an_approved_dossier_gets_one_paper_for_each_audience(papers: Papers) -> None:
    assert {audience: paper.state for audience, paper in papers.items()} == {"commission": READY, "household": READY}
    references = {paper.reference for paper in papers.values()}
    assert len(references) == 2
    for paper in papers.values():
        assert (paper.kind, paper.lang, paper.missing_characters) == ("fiche", "fr", None)
        assert paper.pdf_size == len(queries.bytes_of(paper, "pdf"))
        assert paper.docx_size == len(queries.bytes_of(paper, "docx"))


def test_a_refused_dossier_gets_no_paper(app: Flask) -> None:
    row = factories.a_dossier_before_the_committee()
    for slug in (PATRICE, FRANCOIS, MIREILLE):
        factories.decide(slug, row, "Refuse", "validation", reason="Le secteur demandé n’est pas possible.")
    subject = row.subject
    db.session.rollback()
    outbox.drain()
    assert queries.papers(subject) == []


def test_the_sealed_pdf_convinces_other_programs(papers: Papers, said_by: Callable[..., str]) -> None:
    for paper in papers.values():
        pdf = queries.bytes_of(paper, "pdf")
        told = said_by("pdfsig -nocert", pdf)
        assert "Signature is Valid" in told
        assert "Total document signed" in told
        assert "Not total document signed" not in told
        assert "No syntax or stream encoding errors found" in said_by("qpdf --check", pdf)


def test_the_committee_paper_holds_no_name_no_contact_and_no_amount(
    decided: str, papers: Papers, said_by: Callable[..., str]
) -> None:
    household = by_subject(decided).household
    home = factories.home_of(household)
    whole = everything_in(papers["commission"], said_by).casefold()
    names = [part for member in home["members"] for part in (member["first"], member["last"])]
    secrets = [*names, household.dwelling, household.address, household.phone, household.reference]
    for secret in filter(None, secrets):
        assert secret.casefold() not in whole, secret
    assert f"{home['rent']:.2f}".replace(".", ",") not in whole
    assert "tranche de ressources" in whole


def test_the_committee_reads_the_answers_of_its_lens_and_nothing_else(papers: Papers) -> None:
    told = embedded_data(queries.bytes_of(papers["commission"], "pdf"))
    assert told["reference"] == papers["commission"].reference
    assert told["audience"] == "commission"
    assert "K_E3" in told["answers"]["E"]["E_calculs"]
    assert "A14" not in told["answers"]["A"]
    assert "person" in told["answers"]["C"]
    assert not [
        key
        for person in told["answers"]["C"]["person"]
        for key in person
        if key.startswith("C1") and "besoin" not in key
    ]


def test_the_household_paper_opens_with_its_reference_and_whom_to_call(
    decided: str, papers: Papers, said_by: Callable[..., str]
) -> None:
    row = by_subject(decided)
    text = said_by("pdftotext -layout -l 1", queries.bytes_of(papers["household"], "pdf"), "-")
    for expected in (row.reference, row.household.name, "04 65 71 11", papers["household"].reference):
        assert expected in text


def test_the_words_of_the_household_stand_on_its_own_paper_only(app: Flask, said_by: Callable[..., str]) -> None:
    words = "Nous voulons rester près de la crèche."
    row = factories.a_dossier_before_the_household()
    factories.decide(BRUNO, row, "Sign", "lecture_menage", channel="screen", reason=words, disagreement=True)
    for slug in (PATRICE, FRANCOIS, MIREILLE):
        factories.decide(slug, row, "Approve", "validation")
    subject = row.subject
    db.session.rollback()
    outbox.drain()
    made = {paper.audience: everything_in(paper, said_by) for paper in queries.papers(subject)}
    assert words in made["household"]
    assert "crèche" not in made["commission"]


@pytest.mark.complaint(5)
def test_the_paper_says_which_organisations_decided_and_in_what_capacity(
    papers: Papers, said_by: Callable[..., str]
) -> None:
    text = said_by("pdftotext -layout", queries.bytes_of(papers["commission"], "pdf"), "-")
    for organisation in ("ACTIS", "Préfecture de l’Isère", "Conseil général de l’Isère"):
        assert organisation in text
    assert "Membre de la commission" in text
    assert "Référent du bailleur" in text


def test_the_stored_files_open_only_for_their_own_row_with_the_key_of_the_dossier(
    app: Flask, decided: str, papers: Papers
) -> None:
    paper, store = papers["household"], open_store(app.config["RELAIS"].storage_url)
    sealed, key = store.get(paper.pdf_name), record.key_for(decided)
    assert b"%PDF" not in sealed
    with pytest.raises(InvalidTag):
        unseal(key, sealed, queries.paper_seal(papers["commission"].id, "pdf"))


def test_once_the_dossier_is_erased_its_papers_open_for_nobody(decided: str, papers: Papers) -> None:
    record.forget(decided)
    db.session.commit()
    with pytest.raises(NotFound):
        queries.bytes_of(papers["commission"], "pdf")


# -- exactly once -------------------------------------------------------------------------------------------------


def run_again(row: Outbox) -> None:
    """As after a worker that died at the last moment: the row is due once more."""
    row.state, row.next_at, row.done_at = outbox.PENDING, database_now(db.session), None
    db.session.commit()


def test_asked_for_twice_it_is_the_same_paper_with_the_same_reference(app: Flask) -> None:
    told = {"kind": "fiche", "audience": "commission", "lang": "fr"}
    first, second = (actions.ask("mistral", "dossier:1", 4, **told) for _ in range(2))
    assert first is second
    assert actions.ask("mistral", "dossier:1", 5, **told).reference != first.reference


def test_jobs_that_run_again_change_no_paper_and_leave_no_second_file(app: Flask, decided: str, papers: Papers) -> None:
    before = {paper.id: (paper.reference, paper.pdf_sha256, paper.pdf_name) for paper in papers.values()}
    files = stored_names(app)
    for row in [*rows("dossiers.make_papers"), *rows("dossiers.make_paper")]:
        run_again(row)
    outbox.drain()
    db.session.expire_all()
    after = {paper.id: (paper.reference, paper.pdf_sha256, paper.pdf_name) for paper in queries.papers(decided)}
    assert after == before
    assert stored_names(app) == files
    assert len(files) == 4


def claimed(row: Outbox, fence: int) -> Lease:
    """The right to write, as a worker holds it: the newest fence is the only one that counts."""
    row.state, row.fence, row.lease_until = outbox.RUNNING, fence, database_now(db.session) + timedelta(minutes=2)
    lease = Lease(row.id, row.kind, row.subject, row.version, fence)
    db.session.commit()
    return lease


def test_two_workers_at_the_same_time_leave_one_paper_and_its_two_files(app: Flask, decided: str) -> None:
    first = rows("dossiers.make_papers")[0].id
    db.session.rollback()
    outbox.run(first)
    row = rows("dossiers.make_paper")[0]
    told = row.subject.removeprefix("paper:")
    leases = [claimed(row, fence) for fence in (1, 2)]

    def work(lease: Lease) -> str:
        with app.app_context():
            enter_scope(EVERYTHING)
            try:
                make_paper(lease)
            except Superseded:
                return "superseded"
            finally:
                db.session.remove()
            return "written"

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(work, leases))
    db.session.expire_all()
    assert results == ["superseded", "written"]
    assert db.session.get_one(Paper, told).state == READY
    assert sorted(name for name in stored_names(app) if told in name) == [
        f"papers/{told}/2.docx",
        f"papers/{told}/2.pdf",
    ]


# -- what goes wrong ----------------------------------------------------------------------------------------------


def test_without_a_key_there_is_no_paper_and_the_operator_sees_why(
    app: Flask, decided: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = app.config["RELAIS"]
    elsewhere = type(settings)(**{**vars(settings), "home": settings.home / "no-authority-here"})
    monkeypatch.setitem(app.config, "RELAIS", elsewhere)
    outbox.drain()
    assert {paper.state for paper in queries.papers(decided)} == {MAKING}
    assert stored_names(app) == []
    assert {(row.state, row.last_error) for row in rows("dossiers.make_paper")} == {(outbox.PENDING, "NoKey")}
    monkeypatch.setitem(app.config, "RELAIS", settings)
    for row in rows("dossiers.make_paper"):
        run_again(row)
    outbox.drain()
    db.session.expire_all()
    assert {paper.state for paper in queries.papers(decided)} == {READY}


def test_an_erased_dossier_is_not_written_about(app: Flask, decided: str) -> None:
    record.forget(decided)
    db.session.commit()
    outbox.drain()
    assert stored_names(app) == []
    assert {paper.state for paper in queries.papers(decided)} == {MAKING}


def test_a_character_no_font_has_never_stops_the_paper(app: Flask, said_by: Callable[..., str]) -> None:
    row = factories.a_dossier_before_the_household()
    remark = "Merci 🐱 à vous"
    factories.decide(BRUNO, row, "Sign", "lecture_menage", channel="screen", reason=remark)
    for slug in (PATRICE, FRANCOIS, MIREILLE):
        factories.decide(slug, row, "Approve", "validation")
    subject = row.subject
    db.session.rollback()
    outbox.drain()
    made = {paper.audience: paper for paper in queries.papers(subject)}
    assert (made["household"].state, made["household"].missing_characters) == (READY, "🐱")
    assert made["commission"].missing_characters is None
    assert "à vous" in said_by("pdftotext", queries.bytes_of(made["household"], "pdf"), "-")


def test_the_authority_is_made_once_by_two_starters_and_only_its_owner_may_read_it(app: Flask, tmp_path: Path) -> None:
    settings = app.config["RELAIS"]
    fresh = type(settings)(**{**vars(settings), "home": tmp_path / "fresh"})
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(actions.ensure_authority, [fresh] * 4))
    files = sorted(fresh.authority.iterdir())
    assert [(file.name, file.stat().st_mode & 0o777) for file in files] == [
        ("root.pem", 0o600),
        ("seal.pem", 0o600),
        ("tsa.pem", 0o600),
    ]
    assert fresh.authority.stat().st_mode & 0o077 == 0
    before = [file.read_bytes() for file in files]
    actions.ensure_authority(fresh)
    assert [file.read_bytes() for file in files] == before
    assert [path.name for path in fresh.home.iterdir()] == ["authority"]


def test_an_unreadable_authority_is_reported_and_never_replaced(app: Flask, tmp_path: Path) -> None:
    settings = app.config["RELAIS"]
    fresh = type(settings)(**{**vars(settings), "home": tmp_path / "fresh"})
    actions.ensure_authority(fresh)
    (fresh.authority / "seal.pem").write_text("not a key")
    with pytest.raises(NoKey):
        actions.ensure_authority(fresh)
    assert (fresh.authority / "seal.pem").read_text() == "not a key"


def test_the_data_inside_is_json_that_any_program_reads(papers: Papers) -> None:
    raw = attached(queries.bytes_of(papers["household"], "pdf"))["donnees.json"]
    assert json.loads(raw)["form"] == "diagnostic-social"


def test_an_unknown_audience_stops_the_paper_rather_than_showing_everything(app: Flask, decided: str) -> None:
    asked = actions.ask("mistral", decided, 99, kind="fiche", audience="everybody", lang="fr")
    with pytest.raises(StopIteration):
        material.order_of(asked, "Relais", "")
    db.session.rollback()
