"""A model of a paper is begun from nothing, written, published; and the sheets of forms stand in the same list."""

import re
from html import unescape

import pytest

from tests import factories
from tests.cast import BRUNO, CLAIRE, INES, NADIA
from tests.features.writing.conftest import page_words, today, words_of
from workflow import outbox
from workflow.catalogue.models import PaperDraft, PaperModel, PaperVersion
from workflow.catalogue.queries.paper_models import models_in_use
from workflow.db import db
from workflow.filing import queries as filing

HERE = "/operations/mistral"
BEGIN = {"title": "Invitation à la fête : « Au revoir »", "about": "household", "kind": "letter", "words": ""}
SLUG = "invitation-a-la-fete-au-revoir"
OWN = f"{HERE}/models/{SLUG}"


@pytest.fixture
def nadia(sign_in):
    return sign_in(NADIA)


@pytest.fixture
def bruno(sign_in):
    return sign_in(BRUNO)


def begun(client, where=HERE, **more):
    sent = client.post(f"{where}/models/new", data=BEGIN | more)
    assert sent.status_code == 303, page_words(sent)
    return sent.location


def form_of(page):
    """What stands in the studio."""
    area = dict(re.findall(r'<textarea id="(text|settings)"[^>]*>\n(.*?)</textarea>', page.text, re.S))
    return {name: unescape(words) for name, words in area.items()} | {
        "seen": re.search(r'name="seen" value="(\d+)"', page.text)[1]
    }


def slugs():
    found = {one.slug for one in models_in_use("mistral")}
    db.session.rollback()
    return found


@pytest.mark.parametrize("about", ["household", "operation", "body"])
@pytest.mark.parametrize("kind", ["letter", "agreement", "minutes"])
def test_whatever_it_is_about_a_new_model_is_seen_at_once_without_a_remark(nadia, about, kind):
    url = begun(nadia, about=about, kind=kind)
    page = nadia.post(url, data=form_of(nadia.get(url)) | {"do": "see"})
    assert "state-done" in page.text.split('id="proof-said"')[1][:300], page_words(page)
    assert "data:image/png;base64," in page.text


def test_nobody_writes_from_a_model_that_was_only_begun(nadia, sign_in):
    url = begun(nadia)
    assert url == f"{OWN}/write"
    assert SLUG not in slugs()
    assert "jamais publié" in page_words(nadia.get("/models")) or "never published" in page_words(nadia.get("/models"))
    assert nadia.get(OWN).location == url
    assert SLUG not in sign_in(CLAIRE).get(f"{HERE}/models").text
    assert nadia.post(f"{OWN}/use", data={"version": "x", "seen": "y"}).status_code == 404


def test_published_it_is_written_from_like_any_other(nadia, bruno):
    url = begun(nadia, words="Nous vous attendons {{ asked.signataire }}.\n\nVenez à pied.")
    saved = nadia.post(url, data=form_of(nadia.get(url)) | {"do": "publish"})
    assert saved.location == f"{OWN}/publish"
    seen = re.search(r'name="seen" value="(\d+)"', nadia.get(saved.location).text)[1]
    done = nadia.post(f"{OWN}/publish", data={"seen": seen, "note": "Pour la fête"})
    assert done.location == OWN, page_words(done)
    assert nadia.get(OWN).status_code == 200
    assert SLUG in slugs()
    assert [one.number for one in db.session.query(PaperVersion).filter_by(slug=SLUG)] == [1]
    home = models_home()
    told = {"asked_signataire": "Paul Vial", "asked_qualite": "adjoint", "day": today(), "step": "write"}
    sent = bruno.post(f"/households/{home}/write/{SLUG}", data=told, content_type="multipart/form-data")
    assert sent.status_code == 303, page_words(sent)
    outbox.drain()
    [paper] = filing.papers(f"writing:{sent.location.rpartition('/')[2]}")
    said = words_of(filing.bytes_of(paper, "pdf"))
    assert "Nous vous attendons Paul Vial." in said
    assert "Venez à pied." in said
    db.session.rollback()
    assert nadia.post(f"{OWN}/retire").status_code == 303
    assert SLUG not in slugs()
    assert OWN in nadia.get("/models").text, "it may be brought back"


def models_home():
    found = factories.a_household().id
    db.session.rollback()
    return found


def test_thrown_away_before_it_was_published_nothing_of_it_stays(nadia):
    url = begun(nadia)
    seen = form_of(nadia.get(url))["seen"]
    page = nadia.get(f"{OWN}/discard")
    assert page.status_code == 200
    assert nadia.post(f"{OWN}/discard", data={"version": seen}).status_code == 303
    for table in (PaperModel, PaperVersion, PaperDraft):
        assert db.session.query(table).filter_by(slug=SLUG).count() == 0
    db.session.rollback()
    assert nadia.get(OWN).status_code == 404


def test_two_models_of_the_same_title_are_two(nadia, sign_in):
    assert begun(nadia) == f"{OWN}/write"
    assert begun(sign_in(INES), where="").endswith(f"/models/{SLUG}-2/write")
    assert begun(nadia, title="New").endswith("/models/new-2/write")


def test_what_is_missing_is_said_and_what_was_typed_stays(nadia, sign_in):
    page = nadia.post(f"{HERE}/models/new", data=BEGIN | {"title": "", "words": "Des mots à garder."})
    assert page.status_code == 422
    assert "Des mots à garder." in page.text
    assert 'id="title-error"' in page.text
    assert sign_in(CLAIRE).post(f"{HERE}/models/new", data=BEGIN).status_code == 404
    assert nadia.post("/models/new", data=BEGIN).status_code == 404, "common models are not hers"


def test_the_sheets_of_forms_stand_in_the_list_and_lead_to_their_form(nadia):
    page = nadia.get("/models?kind=form")
    assert "/forms/diagnostic-social" in page.text
    assert "/models/" not in page.text.split("<tbody")[1].split("</tbody")[0]
