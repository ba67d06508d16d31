"""People contribute to a draft: between two days, for their organisation, word for word."""

import re
from datetime import timedelta
from html import unescape

import pytest

from tests.cast import BRUNO, CLAIRE, FRANCOIS, INES, JULIEN, MONIQUE, NADIA, OLIVIER, SONIA
from tests.features.charter.conftest import (
    CLOSES,
    END,
    OPENS,
    a_draft,
    answer,
    draft_of,
    in_public,
    one,
    parts,
    read_all,
    speak,
    words_of,
)
from workflow.db import db
from workflow.mail import Mail
from workflow.record.models import Event

ARABIC = "أريد البقاء قرب عائلتي <script>alert(1)</script> et garder mes voisins. "


def test_the_articles_of_the_model_are_those_of_the_first_version(app, sign_in, reference):
    found = parts(reference)
    assert [one.key for one in found][:3] == ["pourquoi-cette-charte", "objet", "principes"]
    assert "280 logements" in found[0].words
    page = unescape(sign_in(MONIQUE).get(f"/drafts/{reference}").text)
    assert "Article 1 – Objet et personnes concernées" in page
    assert "La démolition est décidée" in page


def test_only_those_it_is_for_open_it(app, sign_in, reference):
    for somebody, status in (
        (NADIA, 200),
        (MONIQUE, 200),
        (SONIA, 200),
        (CLAIRE, 200),
        (FRANCOIS, 404),
        (OLIVIER, 404),
    ):
        assert sign_in(somebody).get(f"/drafts/{reference}").status_code == status, somebody
    assert sign_in(INES).get(f"/drafts/{reference}").status_code == 404
    assert sign_in(MONIQUE).get(f"/drafts/{reference}/desk").status_code == 404
    assert (
        sign_in(FRANCOIS).post(f"/drafts/{reference}/contribute/comment/objet", data={"words": "x"}).status_code == 404
    )


def test_a_draft_that_is_being_prepared_is_nobody_elses(app, day, sign_in):
    reference = a_draft(opened=False)
    assert sign_in(MONIQUE).get(f"/drafts/{reference}").status_code == 404
    assert sign_in(NADIA).get(f"/drafts/{reference}").status_code == 200
    assert app.test_client().get(f"/consultations/{reference}").status_code == 404


def test_what_an_association_says_is_kept_as_it_is_and_read_by_no_other_landlord(app, sign_in, reference):
    assert speak(sign_in(MONIQUE), reference, "Trois propositions,\net huit jours pour répondre.").status_code == 303
    row = one(reference, 1)
    assert (row.organisation, row.person, row.recorder, row.shown) == ("csf", MONIQUE, MONIQUE, False)
    assert words_of(reference, 1) == "Trois propositions,\net huit jours pour répondre."
    assert "huit jours pour répondre" in sign_in(MONIQUE).get(f"/drafts/{reference}/articles/propositions").text
    assert "huit jours pour répondre" not in sign_in(SONIA).get(f"/drafts/{reference}/articles/propositions").text
    assert sign_in(SONIA).get(f"/drafts/{reference}/contributions/1").status_code == 404
    bodies = " ".join(db.session.scalars(db.select(Event.body)))
    assert "huit jours" not in bodies
    assert "Contributed" in bodies


def test_other_words_and_one_more_article_are_proposed(app, sign_in, reference):
    sonia = sign_in(SONIA)
    form = sonia.get(f"/drafts/{reference}/contribute/wording/frais").text
    assert "déménagement" in form
    assert speak(sonia, reference, "ACTIS paie tout.", key="frais", kind="wording").status_code == 303
    wrong = speak(sonia, reference, "Un local est prêté.", key="", kind="new")
    assert wrong.status_code == 422
    assert "Un local est prêté." in wrong.text
    assert speak(sonia, reference, "Un local est prêté.", key="", kind="new", title="Local").status_code == 303
    assert [one(reference, number).kind for number in (1, 2)] == ["wording", "new"]
    assert sonia.get(f"/drafts/{reference}/contribute/wording").status_code == 404
    assert sonia.get(f"/drafts/{reference}/contribute/comment/no-such-article").status_code == 404


def test_what_was_said_on_paper_is_keyed_with_author_and_recorder_apart(app, sign_in, reference, day):
    day(4)
    told = {
        "said_by": "inhabitant",
        "author": "Rose Amblard",
        "source": "paper",
        "said_on": (OPENS + timedelta(days=2)).isoformat(),
        "article": "retour",
        "kind": "comment",
        "words": "Je veux revenir au quartier.",
        "consent": "unnamed",
        "address": "rose.amblard@example.org",
    }
    assert sign_in(BRUNO).post(f"/drafts/{reference}/record", data=told).status_code == 303
    row = one(reference, 1)
    assert (row.recorder, row.person, row.organisation, row.source) == (BRUNO, "", "", "paper")
    assert "Rose Amblard" in sign_in(NADIA).get(f"/drafts/{reference}/contributions/1").text
    assert sign_in(MONIQUE).get(f"/drafts/{reference}/contributions/1").status_code == 404
    late = sign_in(BRUNO).post(
        f"/drafts/{reference}/record", data=told | {"said_on": (OPENS - timedelta(days=3)).isoformat()}
    )
    assert late.status_code == 422
    assert "Je veux revenir au quartier." in late.text
    assert sign_in(JULIEN).get(f"/drafts/{reference}/record").status_code == 404
    day(20)  # it was given in time, and is keyed while answers are given
    assert sign_in(BRUNO).post(f"/drafts/{reference}/record", data=told).status_code == 303


def test_after_the_last_second_nothing_is_taken_and_nothing_typed_is_lost(app, sign_in, reference, day):
    long = (ARABIC * 800)[:50_000]
    day(END - timedelta(seconds=1))
    assert in_public(app.test_client(), reference, long).status_code == 303
    assert words_of(reference, 1) == long.strip()
    day(END)
    for sent in (in_public(app.test_client(), reference, long), speak(sign_in(MONIQUE), reference, long)):
        assert sent.status_code == 409
        assert f"{CLOSES:%d/%m/%Y}" in sent.text
        assert unescape(sent.text).count("أريد البقاء") > 690
        assert "<script>alert" not in sent.text
    assert draft_of(reference).counted == 1
    too_long = in_public(app.test_client(), reference, ARABIC * 2000)
    assert too_long.status_code == 422
    assert "أريد البقاء" in too_long.text


def test_the_public_page_says_first_what_is_discussed_and_shows_nothing_before_it_is_read(
    app, sign_in, reference, worked
):
    anybody = app.test_client()
    page = unescape(anybody.get(f"/consultations/{reference}").text)
    assert page.index("Comment chaque ménage") < page.index("La démolition est décidée") < page.index("Ni insultes")
    assert page.index("Ni insultes") < page.index(f"/consultations/{reference}/contribute")
    sent = in_public(anybody, reference, "Le camion doit être payé.", address="ali@example.org", author="Ali Z.")
    assert sent.location.endswith("thanks=1")
    assert "Le camion" not in anybody.get(f"/consultations/{reference}").text
    assert "Le camion" not in sign_in(MONIQUE).get(f"/drafts/{reference}/articles/frais").text
    nadia = sign_in(NADIA)
    assert answer(nadia, reference, 1, "taken").status_code == 409  # it must be read first
    read_all(nadia, reference)
    page = anybody.get(f"/consultations/{reference}").text
    assert "Le camion doit être payé." in page
    assert "Ali Z." not in page
    assert anybody.get(f"/consultations/{reference}/articles/frais").status_code == 200
    assert anybody.get("/consultations/BBBBBBBB").status_code == 404
    assert in_public(anybody, reference, "", article="nowhere").status_code == 422


def test_what_is_set_aside_tells_its_author_why(app, sign_in, reference, worked):
    in_public(app.test_client(), reference, "Des mots blessants.", address="ali@example.org")
    nadia, row = sign_in(NADIA), one(reference, 1)
    url, told = f"/drafts/{reference}/contributions/1/read", {"version": row.version, "do": "aside"}
    db.session.rollback()
    assert nadia.post(url, data=told).status_code == 422
    assert nadia.post(url, data=told | {"reason": "Ces mots blessent quelqu’un."}).status_code == 303
    worked()
    [mail] = db.session.query(Mail).filter_by(to="ali@example.org").all()
    assert "Ces mots blessent" in mail.body
    assert "Des mots blessants" not in mail.body
    assert answer(nadia, reference, 1, "taken").status_code == 409


def test_one_connection_cannot_flood_the_public_page(app, reference):
    anybody = app.test_client()
    statuses = [in_public(anybody, reference, f"Mots {count}").status_code for count in range(14)]
    assert statuses[:12] == [303] * 12
    assert statuses[12:] == [429] * 2
    assert draft_of(reference).counted == 12


def test_those_invited_are_told_once(app, reference, worked):
    worked()
    told = [mail.to for mail in db.session.query(Mail) if reference in mail.body]
    assert len(told) == len(set(told)) >= 3


@pytest.mark.parametrize("address", ["contribute/comment/objet", "record", "from-word", ""])
def test_a_look_changes_nothing(app, sign_in, reference, address):
    before = draft_of(reference).version
    client = sign_in(NADIA if address == "record" else MONIQUE)
    answered = client.get(f"/drafts/{reference}/{address}".rstrip("/"))
    assert answered.status_code == 200
    assert not re.search(r"<script(?! type=\"module\")", answered.text)
    assert draft_of(reference).version == before
