"""Nothing typed is lost: a page that comes too late, after the end of a session, or with a file that cannot be kept."""

import io
from datetime import timedelta

import pytest
from lxml import html
from PIL import Image

from forms.compiler import name_of
from tests import factories as made
from tests import museum
from tests.cast import CLAIRE, SONIA
from workflow import clock
from workflow.db import db
from workflow.dossiers import queries
from workflow.web.models import KeptPage, WebSession

OFFICER = name_of("/data/A/A_entretien/A6")
PHOTO, LEASE = name_of("/data/files/photo"), name_of("/data/files/lease")


@pytest.fixture
def row(app):
    return made.a_filled_dossier()


def answered(row, path):
    db.session.rollback()
    found = queries.opened(row, queries.present_set(row))[0].get(path)
    db.session.rollback()
    return found


def the_session_ends():
    """As after an hour without a click."""
    db.session.rollback()
    db.session.query(WebSession).update({WebSession.seen_at: clock.now() - timedelta(hours=1)})
    db.session.commit()


def typed_in(desk, name=OFFICER):
    return html.fromstring(desk.last.text).xpath(f"//input[@name='{name}']/@value")


@pytest.mark.complaint(38)
def test_a_page_sent_after_the_session_ended_stands_there_again_after_signing_in(app, desk, row):
    claire = desk(CLAIRE, row).get("/fill/A")
    the_session_ends()
    claire.send("/fill/A", **{OFFICER: "Trop tard"})
    assert claire.status == 303
    assert claire.last.location == f"/sign-in?next=/dossiers/{row.reference}/fill/A"
    assert answered(row, "/data/A/A_entretien/A6") != "Trop tard"
    back = desk(CLAIRE, row).get("/fill/A")
    assert typed_in(back) == ["Trop tard"]
    back.send("/fill/A").follow()
    assert answered(row, "/data/A/A_entretien/A6") == "Trop tard"
    assert db.session.query(KeptPage).count() == 0
    db.session.rollback()


def test_what_was_kept_is_shown_to_nobody_else_and_may_be_thrown_away(app, desk, row):
    other = made.another_adviser()
    claire = desk(CLAIRE, row).get("/fill/A")
    the_session_ends()
    claire.send("/fill/A", **{OFFICER: "Trop tard"})
    assert "Trop tard" not in desk(other, row).get("/fill/A").last.text
    assert b"Trop tard" not in db.session.query(KeptPage).one().sealed
    db.session.rollback()
    desk(CLAIRE, row).get("/fill/A").send("/fill/A", drop_kept="1").follow()
    assert "Trop tard" not in desk(CLAIRE, row).get("/fill/A").last.text


def test_what_was_kept_is_forgotten_after_a_day(app, desk, row):
    claire = desk(CLAIRE, row).get("/fill/A")
    the_session_ends()
    claire.send("/fill/A", **{OFFICER: "Trop tard"})
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        assert "Trop tard" not in desk(CLAIRE, row).get("/fill/A").last.text


def test_a_page_of_nobody_known_is_not_kept(app, desk, row):
    form = desk(CLAIRE, row).get("/fill/A").form("/fill/A")
    assert app.test_client().post(f"/dossiers/{row.reference}/fill/A", data=form).status_code == 401
    assert db.session.query(KeptPage).count() == 0
    db.session.rollback()


def test_a_page_sent_after_signing_out_in_another_tab_is_handed_back_to_be_sent_again(app, desk, row):
    claire = desk(CLAIRE, row).get("/fill/A")
    claire.client.post("/sign-out")
    claire.send("/fill/A", **{OFFICER: "Resté là"})
    assert claire.status == 401
    assert "toujours dans la page" not in claire.text
    assert typed_in(claire) == ["Resté là"]
    assert answered(row, "/data/A/A_entretien/A6") != "Resté là"
    claire.send("/fill/A")
    assert claire.status == 401 and typed_in(claire) == ["Resté là"], "as often as it takes"
    back = desk(CLAIRE, row)
    back.last = claire.last
    back.send("/fill/A")
    assert answered(row, "/data/A/A_entretien/A6") == "Resté là"


def test_what_another_site_sends_is_not_shown_as_if_it_were_ours(app, desk, row):
    address, from_there = f"/dossiers/{row.reference}/fill/A", {"Sec-Fetch-Site": "cross-site"}
    sent = app.test_client().post(address, data={OFFICER: "Appelez ce numéro"}, headers=from_there)
    assert sent.status_code == 401
    assert "Appelez" not in sent.text


def test_an_old_page_sent_after_the_dossier_was_handed_on_shows_what_was_typed(app, desk, row):
    claire = desk(CLAIRE, row).get("/fill/A")
    old = claire.form("/fill/A")
    claire.get("/check").send("/submit")
    claire.last = claire.client.post(f"/dossiers/{row.reference}/fill/A", data=old | {OFFICER: "Après coup"})
    assert claire.status == 409
    assert "Après coup" in claire.text
    assert answered(row, "/data/A/A_entretien/A6") != "Après coup"


def test_an_old_page_whose_section_was_not_sent_back_shows_what_was_typed(app, desk):
    row = made.a_submitted_dossier()
    made.decide(SONIA, row, "SendBack", "visa_bailleur", reason="Le loyer.", sections=("D",))
    claire = desk(CLAIRE, row).get("/fill/D")
    claire.send("/fill/A", form="/fill/D", **{OFFICER: "Après coup"})
    assert claire.status == 409
    assert "Après coup" in claire.text


def test_a_page_drawn_for_another_session_is_drawn_again_with_what_was_typed(app, desk, row):
    claire = desk(CLAIRE, row).get("/fill/A")
    app.config["WTF_CSRF_ENABLED"] = True
    claire.send("/fill/A", **{OFFICER: "Avec un ancien jeton", "csrf_token": "old"})
    assert claire.status == 400
    assert typed_in(claire) == ["Avec un ancien jeton"]
    claire.send("/fill/A").follow()
    assert answered(row, "/data/A/A_entretien/A6") == "Avec un ancien jeton"


@pytest.fixture
def gallery(app, tmp_path):
    return museum.a_museum(tmp_path / "museum")


def a_huge_picture():
    """20,000 × 10,000 points, in a few kilobytes."""
    data = io.BytesIO()
    Image.new("1", (20_000, 10_000)).save(data, "PNG")
    return data.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [(lambda: museum.photograph() + bytes(60_000_000), "15 Mo"), (a_huge_picture, "trop de points")],
    ids=["60 MB", "200 megapixels"],
)
def test_a_photograph_far_too_large_says_so_beside_its_question_and_the_rest_is_saved(desk, gallery, data, said):
    claire = desk(CLAIRE, gallery).get("/fill/files")
    lease = (io.BytesIO(museum.lease()), "bail.pdf")
    claire.send("/fill/files", **{PHOTO: (io.BytesIO(data()), "porte.jpg"), LEASE: lease})
    assert claire.status == 422
    assert said in claire.text
    assert answered(gallery, "/data/files/lease").startswith("bail-")
    assert answered(gallery, "/data/files/photo") == ""
