"""The documents of a dossier: how far they are, who may have which."""

from lxml import html

from tests import factories as made
from tests.cast import CLAIRE, HELENE, KARIM, MONIQUE, SONIA
from workflow import outbox
from workflow.db import db
from workflow.filing.models import FAILED, Paper


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


def test_a_paper_that_cannot_be_written_says_so(app, desk):
    row = written()
    claire = desk(CLAIRE, row)
    db.session.query(Paper).filter_by(audience="household").one().state = FAILED
    db.session.commit()
    claire.get("/papers")
    assert "n’a pas pu être écrit" in claire.text
    assert html.fromstring(claire.last.text).xpath("//*[@data-done]")
    assert len(links(claire)) == 2


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
