"""One paper is written from a model: asked, drafted, sealed, read by who may, annulled, handed over."""

import io
import zipfile
from hashlib import sha256
from types import SimpleNamespace

import pikepdf
import pytest
from docx import Document as open_docx
from PIL import Image

from documents.assembly import attached, embedded_data
from tests import factories as made
from tests.cast import BRUNO, CLAIRE, HELENE, INES, MONIQUE, NADIA, OLIVIER, SONIA
from tests.features.writing.conftest import page_words, today, typed, words_of
from workflow import clock
from workflow.catalogue.queries.paper_models import model_in_use
from workflow.db import db
from workflow.dossiers import actions as dossiers
from workflow.dossiers.actions import merging
from workflow.dossiers.models import Household
from workflow.filing import queries as filing
from workflow.filing.models import READY, Paper
from workflow.writing.models import Written

HERE = "/operations/mistral"


def asks(slug):
    return model_in_use("mistral", slug).asks


def write(client, path, slug, worked, **more):
    """Send the form, let the job be done; the deed."""
    typed_in = typed(asks(slug)) | {"step": "write"} | more
    sent = client.post(f"{path}/write/{slug}", data=typed_in, content_type="multipart/form-data")
    assert sent.status_code == 303, page_words(sent)
    worked()
    return sent.location.rpartition("/")[2]


def papers(written_id):
    db.session.rollback()
    return {one.audience: one for one in filing.papers(f"writing:{written_id}")}


@pytest.fixture
def home():
    row = made.a_household()
    told = SimpleNamespace(id=row.id, name=row.name, address=row.address, reference=row.reference)
    db.session.rollback()
    return told


@pytest.fixture
def path(home):
    return f"/households/{home.id}"


def test_a_letter_is_written_to_a_household_and_sealed(sign_in, home, path, worked):
    claire = sign_in(CLAIRE)
    assert "Votre rendez-vous" in page_words(claire.get(f"{path}/papers")) or "Convocation" in page_words(
        claire.get(f"{path}/papers")
    )
    row = write(claire, path, "convocation", worked, asked_lieu="Maison des habitants, salle 2")
    paper = papers(row)["household"]
    assert paper.state == READY
    said = words_of(filing.bytes_of(paper, "pdf"))
    assert home.name in said
    assert home.reference in said
    assert "Maison des habitants, salle 2" in said
    assert "lundi 14 décembre 2026" in said
    assert paper.reference in said
    copy = open_docx(io.BytesIO(filing.bytes_of(paper, "docx")))
    assert any(home.name in one.text for one in copy.paragraphs)


def test_the_page_of_the_paper_gives_its_files_to_who_follows_the_household_only(sign_in, path, worked):
    claire = sign_in(CLAIRE)
    row = write(claire, path, "convocation", worked)
    told = page_words(claire.get(f"/written/{row}"))
    assert "PDF" in told
    assert "DOCX" in told
    file = f"/written/{row}/{papers(row)['household'].reference}.pdf"
    assert claire.get(file).data.startswith(b"%PDF-")
    assert sign_in(BRUNO).get(file).status_code == 200
    for other in (HELENE, MONIQUE, SONIA, NADIA, INES):
        assert sign_in(other).get(file).status_code == 404, other


def test_what_is_missing_is_said_at_the_field_and_nothing_typed_is_lost(sign_in, path):
    answers = typed(asks("convocation")) | {"asked_le": "un jour", "asked_lieu": "", "asked_heure": "10 h 15"}
    page = sign_in(CLAIRE).post(f"{path}/write/convocation", data=answers)
    assert page.status_code == 422
    assert 'id="asked_le-error"' in page.text
    assert 'id="asked_lieu-error"' in page.text
    assert 'value="10 h 15"' in page.text
    assert 'value="un jour"' in page.text
    assert db.session.query(Written).count() == 0


def test_a_draft_is_shown_and_nothing_is_kept(sign_in, path):
    claire = sign_in(CLAIRE)
    page = claire.post(f"{path}/write/convocation", data=typed(asks("convocation")) | {"step": "look"})
    assert page.status_code == 200
    assert 'src="data:image/png;base64,' in page.text
    draft = claire.post(f"{path}/write/convocation", data=typed(asks("convocation")) | {"step": "pdf"})
    assert draft.data.startswith(b"%PDF-")
    assert "PROJET" in words_of(draft.data)
    assert db.session.query(Written).count() + db.session.query(Paper).count() == 0


def test_figures_that_are_only_a_guide_are_shown_before_one_writes(sign_in, path):
    told = page_words(sign_in(CLAIRE).get(f"{path}/write/courrier-information"))
    assert "Repère de travail, à fixer" in told


def test_each_reader_has_a_version_and_none_holds_what_another_may_not_see(sign_in, home, path, worked):
    row = write(
        sign_in(CLAIRE),
        path,
        "fiche-souhaits",
        worked,
        readers=["household", "commission"],
        asked_proches="près de l’école Anatole-France",
    )
    versions = papers(row)
    assert set(versions) == {"household", "commission"}
    assert home.name in words_of(filing.bytes_of(versions["household"], "pdf"))
    hidden = [one.encode() for one in (home.name, home.address, home.name.split()[-1])]
    pdf, docx = (filing.bytes_of(versions["commission"], form) for form in ("pdf", "docx"))
    said = words_of(pdf)
    assert home.reference in said
    assert home.name not in said
    everything = [pdf, docx, said.encode(), repr(attached(pdf)).encode(), *_unpacked(docx), *_unpacked_pdf(pdf)]
    assert [one for one in hidden if any(one in part for part in everything)] == []
    assert "asked" not in embedded_data(pdf)
    assert versions["commission"].parties
    assert home.name not in " ".join(versions["commission"].parties)
    assert sign_in(SONIA).get(f"/written/{row}/{versions['household'].reference}.pdf").status_code == 404


def _unpacked(docx):
    with zipfile.ZipFile(io.BytesIO(docx)) as opened:
        return [opened.read(name) for name in opened.namelist()]


def _unpacked_pdf(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        told = [bytes(opened.docinfo.get(name, "").__str__(), "utf-8") for name in opened.docinfo]
        for one in opened.objects:
            if isinstance(one, pikepdf.Stream):
                told.append(one.read_bytes() if _readable(one) else b"")
        return told


def _readable(stream):
    return stream.get("/Filter") in (None, "/FlateDecode")


def test_an_annex_travels_in_the_paper_and_its_fingerprint_is_printed(sign_in, path, worked):
    picture = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(picture, "PNG")
    row = write(
        sign_in(CLAIRE),
        path,
        "convocation",
        worked,
        annex_0=(io.BytesIO(picture.getvalue()), "plan.png", "image/png"),
        annex_0_title="Plan d’accès",
    )
    pdf = filing.bytes_of(papers(row)["household"], "pdf")
    files = attached(pdf)
    [name] = [one for one in files if one.startswith("annexe")]
    said = words_of(pdf).replace(" ", "")
    assert sha256(files[name]).hexdigest() in said
    assert "Pland’accès" in said


def test_an_annex_goes_only_to_the_readers_who_were_ticked(sign_in, path, worked):
    claire = sign_in(CLAIRE)
    page = claire.get(f"{path}/write/fiche-souhaits")
    assert 'name="annex_0_for" value="household" checked' in page.text
    told = {"readers": ["household", "commission"], "annex_0": a_file(), "annex_0_title": "Certificat"}
    row = write(claire, path, "fiche-souhaits", worked, **told, annex_0_for=["household"])
    versions = papers(row)
    held = {name: [one for one in attached(filing.bytes_of(paper, "pdf")) if one.startswith("annexe")]
            for name, paper in versions.items()}  # fmt: skip
    assert held == {"household": ["annexe-1.png"], "commission": []}
    assert "Certificat" not in words_of(filing.bytes_of(versions["commission"], "pdf"))


def test_a_file_that_nobody_would_get_is_told_at_its_field(sign_in, path):
    told = typed(asks("fiche-souhaits")) | {"readers": ["household"], "annex_0": a_file()}
    page = sign_in(CLAIRE).post(f"{path}/write/fiche-souhaits", data=told, content_type="multipart/form-data")
    assert page.status_code == 422
    assert 'id="annex_0-error"' in page.text
    assert db.session.query(Written).count() == 0


def a_file():
    picture = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(picture, "PNG")
    return io.BytesIO(picture.getvalue()), "piece.png", "image/png"


def test_a_file_that_is_no_annex_is_refused_at_its_field(sign_in, path):
    told = typed(asks("convocation")) | {"annex_1": (io.BytesIO(b"MZ program"), "a.exe", "application/pdf")}
    page = sign_in(CLAIRE).post(f"{path}/write/convocation", data=told, content_type="multipart/form-data")
    assert page.status_code == 422
    assert 'id="annex_1-error"' in page.text
    assert db.session.query(Written).count() == 0


def test_an_annulled_paper_says_so_to_whoever_checks_it_and_on_every_page(sign_in, anonymous, path, worked):
    claire = sign_in(CLAIRE)
    row = write(claire, path, "convocation", worked)
    reference = papers(row)["household"].reference
    assert claire.post(f"/written/{row}/annul", data={"reason": ""}).status_code == 422
    assert claire.post(f"/written/{row}/annul", data={"reason": "Mauvaise date"}).status_code == 303
    worked()
    assert "annulé" in page_words(anonymous.get(f"/verify/{reference}")).lower()
    copy = claire.get(f"/written/{row}/{reference}.pdf")
    assert "-annule" in copy.headers["Content-Disposition"]
    assert "Mauvaise date" in page_words(claire.get(f"/written/{row}"))
    assert claire.post(f"/written/{row}/restore").status_code == 303
    assert "-annule" not in claire.get(f"/written/{row}/{reference}.pdf").headers["Content-Disposition"]


def test_a_second_letter_to_the_same_household_does_not_replace_the_first(sign_in, anonymous, path, worked):
    claire = sign_in(CLAIRE)
    first = write(claire, path, "convocation", worked)
    write(claire, path, "convocation", worked)
    assert "emplacé" not in page_words(anonymous.get(f"/verify/{papers(first)['household'].reference}"))


def handed(written_id):
    db.session.rollback()
    row = db.session.get_one(Written, written_id)
    return row.handed_how, row.handed_by


def test_it_is_said_how_a_letter_was_handed_over_and_taken_back(sign_in, path, worked):
    bruno = sign_in(BRUNO)
    row = write(bruno, path, "avis-de-passage", worked)
    at = f"/written/{row}/handed-over"
    assert bruno.post(at, data={"how": "", "day": ""}).status_code == 422
    tomorrow = clock.today().replace(year=clock.today().year + 1).isoformat()
    assert bruno.post(at, data={"how": "hand", "day": tomorrow}).status_code == 422
    assert bruno.post(at, data={"how": "hand", "day": today()}).status_code == 303
    assert handed(row) == ("hand", BRUNO)
    assert bruno.post(at, data={"undo": "1"}).status_code == 303
    assert handed(row) == ("", "")


def test_erasing_a_household_erases_its_papers(sign_in, home, path, worked):
    claire = sign_in(CLAIRE)
    row = write(claire, path, "convocation", worked)
    paper = papers(row)["household"]
    assert home.name in " ".join([paper.title, *paper.parties])
    dossiers.erase_household(db.session.get_one(Household, home.id), CLAIRE)
    db.session.commit()
    paper = papers(row)["household"]
    assert (paper.title, paper.parties, paper.search) == ("", [], "")
    assert claire.get(f"/written/{row}/{paper.reference}.pdf").status_code == 404


def test_papers_of_a_household_entered_twice_are_found_with_the_one_that_stays(sign_in, home, path, worked):
    claire = sign_in(CLAIRE)
    row = write(claire, path, "convocation", worked)
    kept, gone = made.a_household(1), db.session.get_one(Household, home.id)
    told = {kept.id: kept.version, gone.id: gone.version}
    merging.merge(made.identity(CLAIRE), kept.id, gone.id, frozenset(), told)
    stays = kept.id
    db.session.commit()
    assert f"/written/{row}" in claire.get(f"/households/{stays}/papers").text
    assert claire.get(f"/written/{row}").status_code == 200


HOSTILE = "{{ rules }} {% for x in y %} **gras** #set page #eval(1) $x$ <b>b</b> 🏠 李小龙 \\ [a](javascript:1)"


def test_whatever_is_typed_stands_in_the_paper_as_text(sign_in, path, worked):
    row = write(sign_in(CLAIRE), path, "convocation", worked, asked_lieu=HOSTILE)
    paper = papers(row)["household"]
    assert paper.state == READY
    said = words_of(filing.bytes_of(paper, "pdf"))
    for words in ("{{ rules }}", "**gras**", "#eval(1)", "<b>b</b>", "[a](javascript:1)"):
        assert words in said, words
    assert "李" in (paper.missing_characters or "")


def test_large_letters_take_more_room(sign_in, path, worked):
    claire = sign_in(CLAIRE)
    small, large = (write(claire, path, "courrier-information", worked, **how) for how in ({}, {"large": "1"}))
    pages = []
    for row in (small, large):
        with pikepdf.open(io.BytesIO(filing.bytes_of(papers(row)["household"], "pdf"))) as opened:
            pages.append(len(opened.pages))
    assert pages[0] < pages[1]


def test_the_working_copy_bears_the_letterhead_of_who_answers_for_the_operation(sign_in, path, worked, monkeypatch):
    asked = []
    monkeypatch.setattr("workflow.writing.queries.orders.letterhead_of", asked.append)
    write(sign_in(CLAIRE), path, "convocation", worked)
    assert set(asked) == {"grenoble"}


def test_what_a_paper_said_does_not_change_with_what_it_was_written_from(sign_in, home, path, worked):
    claire = sign_in(CLAIRE)
    row = write(claire, path, "convocation", worked)
    renamed = db.session.get_one(Household, home.id)
    renamed.name = "Famille Autrement"
    db.session.commit()
    claire.post(f"/written/{row}/annul", data={"reason": "Doublon"})
    worked()
    copy = claire.get(f"/written/{row}/{papers(row)['household'].reference}.pdf").data
    said = words_of(copy)
    assert home.name in said
    assert "Famille Autrement" not in said


def test_nobody_writes_to_a_household_they_do_not_follow(sign_in, path):
    for who in (HELENE, MONIQUE, SONIA, NADIA, INES):
        page = sign_in(who).get(f"{path}/write/convocation")
        assert page.status_code in (403, 404), who


def test_an_agreement_of_the_operation_is_written_by_who_describes_it(sign_in, worked):
    nadia = sign_in(NADIA)
    row = write(nadia, HERE, "avenant", worked, readers=["partner"])
    assert papers(row)["partner"].state == READY
    assert "Avenant" in page_words(nadia.get(f"{HERE}/written"))
    assert sign_in(MONIQUE).get(f"/written/{row}").status_code == 200, "she has a seat in the committee"
    assert sign_in(OLIVIER).get(f"/written/{row}").status_code == 404
