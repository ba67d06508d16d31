"""A convention comes back from a partner as a Word file: shown article by article, taken over, made a draft."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from html import unescape

import pytest
from docx import Document as open_docx
from flask.testing import FlaskClient

from tests.cast import CLAIRE, INES, NADIA
from tests.features.conftest import SignIn
from tests.features.writing.conftest import page_words, typed
from workflow import outbox
from workflow.catalogue.actions.paper_returns import FORGET
from workflow.catalogue.models import PaperClause, PaperDraft, PaperReturn
from workflow.catalogue.queries.paper_models import model_in_use
from workflow.catalogue.queries.paper_returns import KEPT_FOR, Comparison, opened
from workflow.db import db
from workflow.filing import queries as filing
from workflow.record.queries import key_of

HERE = "/operations/mistral"
OWN = f"{HERE}/models/avenant"
OLD, NEW = "restent en vigueur", "demeurent applicables"
Change = Callable[[object], None]


@pytest.fixture
def nadia(sign_in: SignIn) -> FlaskClient:
    """She manages the operation."""
    return sign_in(NADIA)


@pytest.fixture
def copy(nadia: FlaskClient) -> bytes:
    """The working copy of an amendment, as the partner was sent it."""
    asked = typed(model_in_use("mistral", "avenant").asks, motif="Les logements seront livrés plus tard.")
    told = {**asked, "asked_menages": "oui", "readers": ["partner"], "step": "write"}
    sent = nadia.post(f"{HERE}/write/avenant", data=told, content_type="multipart/form-data")
    assert sent.status_code == 303, page_words(sent)
    db.session.commit()
    outbox.drain()
    paper = filing.papers(f"writing:{sent.location.rpartition('/')[2]}")[0]
    made = filing.bytes_of(paper, "docx")
    db.session.rollback()
    return made


def edited(word: bytes, *changes: Change) -> bytes:
    made, target = open_docx(io.BytesIO(word)), io.BytesIO()
    for change in changes:
        change(made)
    made.save(target)
    return target.getvalue()


def replaced(old: str, new: str) -> Change:
    def change(made: object) -> None:
        (run,) = [run for line in made.paragraphs for run in line.runs if old in run.text]
        run.text = run.text.replace(old, new)

    return change


def sent(client: FlaskClient, word: bytes, where: str = OWN, **more: object) -> object:
    told = {"partner": "Préfecture de l’Isère", "received": "2026-11-20", "against": ""}
    file = (io.BytesIO(word), "avenant-relu.docx")
    return client.post(f"{where}/from-word", data=told | {"file": file} | more, content_type="multipart/form-data")


def came(client: FlaskClient, word: bytes, **more: object) -> str:
    """The address of the comparison."""
    answer = sent(client, word, **more)
    assert answer.status_code == 303, page_words(answer)
    return answer.location


def row() -> Comparison | None:
    db.session.expire_all()
    found = db.session.query(PaperReturn).one_or_none()
    made = opened(found) if found is not None else None
    db.session.rollback()
    return made


def chosen(client: FlaskClient, url: str, do: str = "save", **ticked: str) -> object:
    version = str(db.session.query(PaperReturn.version).scalar())
    db.session.rollback()
    return client.post(url, data={"seen": version, "do": do, **ticked})


def draft() -> PaperDraft | None:
    db.session.expire_all()
    found = db.session.get(PaperDraft, ("avenant", "mistral"))
    db.session.rollback()
    return found


def numbered(url: str, client: FlaskClient, title: str) -> str:
    """The number of an article in the page."""
    page = unescape(client.get(url).text)
    return re.search(rf'id="article-(\d+)">(?:<span[^>]*>\d+</span> )?{title}', page)[1]


def test_a_file_that_nobody_changed_says_the_same_whatever_its_spaces(nadia: FlaskClient, copy: bytes) -> None:
    page = unescape(nadia.get(came(nadia, copy)).text)
    assert "Les mots sont les mêmes" in page or "The words are the same" in page
    assert "<ins>" not in page


def test_a_change_is_taken_over_and_the_fields_of_the_model_stay(nadia: FlaskClient, copy: bytes) -> None:
    url = came(nadia, edited(copy, replaced(OLD, NEW)))
    page = unescape(nadia.get(url).text)
    assert NEW.split(maxsplit=1)[0] in page
    at = numbered(url, nadia, "Ce qui ne change pas")
    led = chosen(nadia, url, "result", **{f"do-{at}": "theirs"})
    assert led.status_code == 303
    assert led.location == f"{url}/result"
    assert "demeurent" in nadia.get(led.location).text
    version = str(db.session.query(PaperReturn.version).scalar())
    db.session.rollback()
    seen = nadia.post(led.location, data={"seen": version, "drafted": "0", "do": "see"})
    assert "data:image/png;base64," in seen.text
    made = nadia.post(led.location, data={"seen": version, "drafted": "0", "do": "draft"})
    assert made.status_code == 303
    kept = draft()
    assert kept is not None
    assert kept.text == model_in_use("mistral", "avenant").text.replace(OLD, NEW)
    assert "Préfecture de l’Isère" in kept.note
    assert row() is None


def test_choices_are_kept_when_one_leaves_and_comes_back(nadia: FlaskClient, copy: bytes) -> None:
    url = came(nadia, edited(copy, replaced(OLD, NEW)))
    at = numbered(url, nadia, "Ce qui ne change pas")
    assert (
        chosen(nadia, url, **{f"do-{at}": "edit", f"text-{at}-0": "## Article – Repris\n\nMots à nous."}).status_code
        == 303
    )
    page = unescape(nadia.get(url).text)
    assert "Mots à nous." in page
    assert re.search(rf'id="do-{at}-edit"[^>]* checked', page)
    assert url in nadia.get(f"{OWN}/from-word").text
    nadia.post(f"{url}/result", data={"seen": "2", "drafted": "0", "do": "draft"})
    assert "## Article – Repris\n\nMots à nous.\n\n## Article – Effet" in draft().text


def test_a_changed_value_is_to_be_looked_at_by_hand_and_keeps_its_field(nadia: FlaskClient, copy: bytes) -> None:
    url = came(nadia, edited(copy, replaced("livrés plus tard", "livrés en 2029"), replaced(OLD, NEW)))
    page = unescape(nadia.get(url).text)
    assert "plus tard" in page
    assert "en 2029" in page
    told = row().articles
    (motive,) = [one for one in told if one["title"] == "Motif"]
    assert [one["why"] for one in motive["points"]] == ["value"]
    assert all(one["before"] == one["after"] for one in motive["replaced"])


def test_two_people_never_choose_over_each_other(nadia: FlaskClient, copy: bytes) -> None:
    url = came(nadia, edited(copy, replaced(OLD, NEW)))
    at = numbered(url, nadia, "Ce qui ne change pas")
    chosen(nadia, url, **{f"do-{at}": "keep"})
    late = nadia.post(url, data={"seen": "1", "do": "save", f"do-{at}": "edit", f"text-{at}-0": "Mots tardifs."})
    assert late.status_code == 409
    assert "Mots tardifs." in late.text
    assert row().choices[at]["do"] == "keep"


def test_an_unknown_paper_is_compared_with_an_example_whose_values_are_no_difference(
    nadia: FlaskClient, copy: bytes
) -> None:
    def anonymous(made: object) -> None:
        made.core_properties.keywords = ""
        for line in made.sections[0].footer.paragraphs:
            line.clear()

    url = came(nadia, edited(copy, anonymous, replaced(OLD, NEW)))
    assert row().row.reference == ""
    states = {one["title"]: one["state"] for one in row().articles}
    assert states["Motif"] == "same"
    assert states["Ce qui ne change pas"] == "changed"
    assert nadia.get(url).status_code == 200


def test_a_clause_is_changed_for_every_model_or_written_in_this_one(sign_in: SignIn) -> None:
    ines, where = sign_in(INES), "/models/convention-prefecture"
    version = model_in_use("", "convention-prefecture").hash
    db.session.rollback()
    word = ines.get(f"{where}/versions/{version}/exemple.docx")
    if word.status_code != 200:
        word = ines.get(next(one for one in re.findall(r'href="([^"]+)"', ines.get(where).text) if ".docx" in one))
    theirs = edited(
        word.data,
        replaced("Les engagements pris envers un ménage avant le terme", "Les engagements écrits envers un ménage"),
    )
    for place, check in (("model", _in_the_model), ("clause", _in_the_clause)):
        url = came(ines, theirs, where=where) if not isinstance(place, tuple) else ""
        at = numbered(url, ines, "Durée")
        chosen(ines, url, **{f"do-{at}": "theirs", f"where-{at}": place})
        seen = json.dumps(row().row.version)
        made = ines.post(f"{url}/result", data={"seen": seen, "drafted": _drafted(), "do": "draft"})
        assert made.status_code == 303, page_words(made)
        check()


def _drafted() -> str:
    kept = db.session.get(PaperDraft, ("convention-prefecture", ""))
    version = str(kept.version if kept else 0)
    db.session.rollback()
    return version


def _in_the_model() -> None:
    kept = db.session.get(PaperDraft, ("convention-prefecture", ""))
    assert "Les engagements écrits envers un ménage sont tenus" in kept.text
    assert "{{ rules.agreement_years.value }}" in kept.text
    assert '{% clause "duree" %}' not in kept.text
    db.session.delete(kept)
    db.session.commit()


def _in_the_clause() -> None:
    db.session.expire_all()
    clause = db.session.get(PaperClause, ("duree", ""))
    assert "Les engagements écrits envers un ménage sont tenus" in clause.pending
    assert db.session.get(PaperDraft, ("convention-prefecture", "")) is None
    db.session.rollback()


@pytest.mark.parametrize("word", [b"", b"une lettre", b"PK\x03\x04"])
def test_what_is_no_word_file_is_refused_with_a_sentence_and_the_rest_stays(nadia: FlaskClient, word: bytes) -> None:
    answer = sent(nadia, word)
    assert answer.status_code == 422
    assert "Préfecture de l’Isère" in unescape(answer.text)
    assert 'id="file-error"' in answer.text
    assert row() is None


def test_a_comparison_is_thrown_away_and_the_model_stays(nadia: FlaskClient, copy: bytes) -> None:
    url = came(nadia, edited(copy, replaced(OLD, NEW)))
    assert nadia.post(f"{url}/forget", data={"version": ""}).status_code == 303
    assert row() is None
    assert draft() is None


def test_whoever_sets_nothing_up_never_sees_it(sign_in: SignIn, nadia: FlaskClient, copy: bytes) -> None:
    url = came(nadia, edited(copy, replaced(OLD, NEW)))
    claire = sign_in(CLAIRE)
    assert {claire.get(one).status_code for one in (url, f"{url}/result", f"{OWN}/from-word")} == {404}


def test_a_letter_to_a_household_does_not_come_back(nadia: FlaskClient) -> None:
    assert nadia.get(f"{HERE}/models/convocation/from-word").status_code == 404


def test_a_file_that_has_nothing_to_do_with_the_model_is_said_to_be_so(nadia: FlaskClient) -> None:
    made, target = open_docx(), io.BytesIO()
    made.add_heading("Contrat de vente")
    made.add_paragraph("Le vendeur cède un vélo.")
    made.save(target)
    answer = sent(nadia, target.getvalue())
    assert answer.status_code == 422
    assert 'id="against-error"' in answer.text
    assert row() is None


def test_a_model_that_changed_meanwhile_takes_what_still_has_its_place(nadia: FlaskClient, copy: bytes) -> None:
    url = came(nadia, edited(copy, replaced(OLD, NEW)))
    at = numbered(url, nadia, "Ce qui ne change pas")
    chosen(nadia, url, **{f"do-{at}": "theirs"})
    base = model_in_use("mistral", "avenant").text
    db.session.rollback()
    changed = {"text": base.replace("est remplacé", "est réécrit"), "do": "save", "seen": "0", "case": ""}
    assert nadia.post(f"{OWN}/write", data=changed, content_type="multipart/form-data").status_code == 303
    made = nadia.post(f"{url}/result", data={"seen": "2", "drafted": "1", "do": "draft"})
    assert made.status_code == 303, page_words(made)
    assert "est réécrit" in draft().text
    assert NEW in draft().text


def test_an_article_that_is_gone_from_the_model_is_named_and_nothing_is_lost(nadia: FlaskClient, copy: bytes) -> None:
    url = came(nadia, edited(copy, replaced(OLD, NEW)))
    at = numbered(url, nadia, "Ce qui ne change pas")
    chosen(nadia, url, **{f"do-{at}": "theirs"})
    base = model_in_use("mistral", "avenant").text
    db.session.rollback()
    changed = {"text": base.replace("Les autres articles", "Tous les articles"), "do": "save", "seen": "0", "case": ""}
    assert nadia.post(f"{OWN}/write", data=changed, content_type="multipart/form-data").status_code == 303
    assert "Ce qui ne change pas" in nadia.get(f"{url}/result").text
    refused = nadia.post(f"{url}/result", data={"seen": "2", "drafted": "1", "do": "draft"})
    assert refused.status_code == 409
    assert row() is not None
    assert NEW not in draft().text


def test_a_paper_of_another_model_is_named_so_that_it_is_sent_there(nadia: FlaskClient, copy: bytes) -> None:
    answer = sent(nadia, copy, where=f"{HERE}/models/charte-de-relogement")
    assert answer.status_code == 422
    assert 'id="against-error"' in answer.text
    assert "Avenant" in unescape(answer.text)
    assert row() is None


# -- kept sealed, and not for ever ---------------------------------------------------------------------------------


def test_what_a_partner_sent_lies_sealed(nadia: FlaskClient, copy: bytes) -> None:
    url = came(nadia, edited(copy, replaced(OLD, NEW)))
    chosen(nadia, url, **{f"do-{numbered(url, nadia, 'Ce qui ne change pas')}": "keep"})
    stored = db.session.query(PaperReturn).one()
    lies = repr([getattr(stored, column.name) for column in PaperReturn.__table__.columns])
    db.session.rollback()
    assert NEW.split(maxsplit=1)[0] not in lies
    assert "livrés plus tard" not in lies
    assert "keep" not in lies
    assert NEW.split(maxsplit=1)[0] in unescape(nadia.get(url).text)


def test_a_comparison_nobody_was_done_with_is_thrown_away_after_a_month_and_says_so(
    nadia: FlaskClient, copy: bytes
) -> None:
    word = edited(copy, replaced(OLD, NEW))
    url = came(nadia, word)
    job = db.session.query(outbox.Outbox).filter_by(kind=FORGET).one()
    assert job.next_at - job.made_at == KEPT_FOR
    job.next_at = job.made_at
    subject = job.subject
    db.session.commit()
    outbox.drain()
    assert key_of(subject) is None
    db.session.rollback()
    page = nadia.get(url)
    assert page.status_code == 404
    assert "30" in page_words(page)
    assert url not in nadia.get(f"{HERE}/models/avenant/from-word").text
    assert came(nadia, word) != url, "the same file begins anew"


def test_the_key_of_a_comparison_goes_with_it(nadia: FlaskClient, copy: bytes) -> None:
    url = came(nadia, edited(copy, replaced(OLD, NEW)))
    subject = db.session.query(PaperReturn).one().subject
    db.session.rollback()
    assert nadia.post(f"{url}/forget").status_code == 303
    assert key_of(subject) is None
    outbox.drain()
