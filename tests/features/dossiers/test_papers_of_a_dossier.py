"""The documents of a dossier: how far they are, who may have which."""

from dataclasses import replace

from lxml import html
from sqlalchemy import update

from tests import factories as made
from tests.cast import CLAIRE, HELENE, KARIM, MONIQUE, SONIA
from workflow import outbox
from workflow.db import database_now, db
from workflow.dossiers.queries.paper import material
from workflow.outbox import Outbox
from workflow.outbox.retrying import RETRIES


def written():
    """The reference of a validated dossier whose documents are made."""
    reference = made.a_validated_dossier().reference
    db.session.rollback()
    outbox.drain()
    return reference


def links(desk):
    return html.fromstring(desk.last.text).xpath("//a[@download]/@href")


def test_nothing_is_promised_before_the_dossier_is_validated(desk):
    claire = desk(CLAIRE, made.a_dossier_before_the_committee()).get()
    assert "Documents" not in claire.text


def test_the_page_shows_progress_then_the_files(app, desk):
    row = made.a_validated_dossier()
    claire = desk(CLAIRE, row).get()
    assert "0 sur 2 prêts" in claire.text
    assert html.fromstring(claire.last.text).xpath("//div/@data-poll") == [f"/dossiers/{claire.reference}/papers"]
    outbox.drain()
    claire.get("/papers")
    assert html.fromstring(claire.last.text).xpath("//div[@data-done]")
    assert len(links(claire)) == 4
    assert "Copie de travail" in claire.text


def without_keys(app, monkeypatch):
    """No key, no document: every attempt to write one fails."""
    settings = app.config["RELAIS"]
    monkeypatch.setitem(app.config, "RELAIS", replace(settings, home=settings.home / "no-authority-here"))


def tried_to_the_end(*kinds):
    """The jobs of these kinds have had all their attempts but one; the last one is due now."""
    db.session.execute(
        update(Outbox)
        .where(Outbox.kind.in_(kinds), Outbox.state == outbox.PENDING)
        .values(attempts=len(RETRIES), next_at=database_now(db.session))
    )
    db.session.commit()
    outbox.drain()


def run_first(kind):
    row_id = db.session.query(Outbox.id).filter_by(kind=kind).order_by(Outbox.id).first().id
    db.session.rollback()
    outbox.run(row_id)


def test_a_document_that_failed_for_good_says_so_until_it_is_run_again(app, desk, monkeypatch):
    claire = desk(CLAIRE, made.a_validated_dossier())
    with monkeypatch.context() as patched:
        without_keys(app, patched)
        outbox.drain()
        assert "0 sur 2 prêts" in claire.get("/papers").text, "there will be another attempt"
        tried_to_the_end("dossiers.make_paper")
        claire.get("/papers")
        assert "n’a pas pu être écrit" in claire.text
        assert html.fromstring(claire.last.text).xpath("//*[@data-done]")
    for row in db.session.query(Outbox).filter_by(state=outbox.FAILED).all():
        assert outbox.run_again(row.id)
    db.session.commit()
    assert "0 sur 2 prêts" in claire.get("/papers").text
    outbox.drain()
    assert len(links(claire.get("/papers"))) == 4


def test_one_document_that_failed_does_not_hide_the_one_that_is_there(app, desk, monkeypatch):
    row = made.a_validated_dossier()
    claire = desk(CLAIRE, row)
    run_first("dossiers.make_papers")
    run_first("dossiers.make_paper")
    without_keys(app, monkeypatch)
    tried_to_the_end("dossiers.make_paper")
    claire.get("/papers")
    assert "n’a pas pu être écrit" in claire.text
    assert len(links(claire)) == 2


def test_documents_that_could_not_even_be_asked_for_are_said_to_have_failed(app, desk, monkeypatch):
    claire = desk(CLAIRE, made.a_validated_dossier())
    monkeypatch.setattr(material, "published", unreadable)
    tried_to_the_end("dossiers.make_papers")
    assert "n’a pas pu être écrit" in claire.get("/papers").text


def unreadable(_row):
    raise KeyError("a version this installation never published")


def test_each_reader_has_only_the_papers_meant_for_them(app, desk):
    row = written()
    everything = links(desk(CLAIRE, row).get())
    helene = desk(HELENE, row).get()
    assert len(links(helene)) == 2
    assert len(everything) == 4
    assert sorted(links(desk(SONIA, row).get())) == sorted(links(helene)), "the household's sheet is not the landlord's"
    answers = {link: helene.client.get(link).status_code for link in everything}
    assert {link for link, status in answers.items() if status == 200} == set(links(helene.get()))
    assert {desk(MONIQUE, row).client.get(link).status_code for link in everything} == {404}


def test_a_paper_leaves_as_a_file_to_keep(app, desk):
    row = written()
    karim = desk(KARIM, row).get()
    for link in links(karim):
        answer = karim.client.get(link)
        kind = link.rpartition("/")[2]
        assert answer.data.startswith({"pdf": b"%PDF", "docx": b"PK"}[kind])
        assert answer.headers["Content-Disposition"].endswith(f'.{kind}"')
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
    assert karim.client.get(links(karim)[0].rpartition("/")[0] + "/exe").status_code == 404
    assert karim.client.get("/papers/RL-0000-0000/pdf").status_code == 404
