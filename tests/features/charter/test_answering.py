"""Each contribution is answered with a reason; the next version says what changed, and after whose words."""

import json
from html import unescape

import pytest
from click.testing import CliRunner

from tests import factories as made
from tests.cast import MONIQUE, NADIA, SONIA
from tests.features.charter.conftest import answer, draft_of, in_public, one, parts, read_all, speak, words_of
from workflow.charter.actions import answering
from workflow.charter.cli import charter
from workflow.charter.queries import drafts
from workflow.db import db
from workflow.errors import Refused
from workflow.mail import Mail
from workflow.record import queries as record

WANTED = "Chaque ménage reçoit trois propositions écrites.\n- La première dans les deux mois."


@pytest.fixture
def said(app, sign_in, reference) -> str:
    """Monique proposes other words, Sonia a new article, an inhabitant two opinions that are alike."""
    speak(sign_in(MONIQUE), reference, WANTED, kind="wording")
    speak(sign_in(SONIA), reference, "Un local est prêté.", key="", kind="new", title="Un local pour les associations")
    anybody = app.test_client()
    in_public(anybody, reference, "Le déménagement des meubles lourds doit être payé.", address="ali@example.org")
    in_public(anybody, reference, "Il faut payer le déménagement des meubles lourds.")
    read_all(sign_in(NADIA), reference)
    return reference


def put_off(client, reference: str, url: str, **told):
    version = told.pop("version", None)
    if version is None:
        held = drafts.written_now(draft_of(reference))
        version = held.version if held else 0
        db.session.rollback()
    return client.post(f"/drafts/{reference}/{url}", data={"version": version} | told)


def test_an_answer_needs_a_reason_and_its_author_receives_it(said, sign_in, worked):
    nadia = sign_in(NADIA)
    assert answer(nadia, said, 3, "declined", "  ").status_code == 422
    assert answer(nadia, said, 3, "declined", "Le barème du bailleur s’applique déjà.").status_code == 303
    worked()
    [mail] = [one for one in db.session.query(Mail).filter_by(to="ali@example.org") if "Le barème" in one.body]
    assert "/consultations/" in mail.body
    assert answer(sign_in(MONIQUE), said, 3, "taken").status_code == 404
    page = unescape(sign_in(MONIQUE).get(f"/drafts/{said}").text)
    assert "Le barème du bailleur s’applique déjà." in page  # it is published, and so is its answer


def test_two_who_answer_at_once_do_not_overwrite_each_other(said, sign_in):
    nadia = sign_in(NADIA)
    assert answer(nadia, said, 1, "declined", "Non.", version=1).status_code == 303
    again = answer(nadia, said, 1, "taken", "Oui, finalement.", version=1)
    assert again.status_code == 409
    assert "Oui, finalement." in again.text
    assert one(said, 1).outcome == "declined"


def test_those_alike_are_grouped_and_answered_together(said, sign_in):
    nadia = sign_in(NADIA)
    page = nadia.get(f"/drafts/{said}/contributions/4").text
    assert 'name="with" value="3"' in page
    url = f"/drafts/{said}/contributions/4/group"
    assert nadia.post(url, data={"with": ["3"], "title": ""}).status_code == 422
    assert nadia.post(url, data={"with": ["3"], "title": "Meubles lourds"}).status_code == 303
    assert one(said, 3).theme_id == one(said, 4).theme_id is not None
    assert answer(nadia, said, 4, "reworded", "Payé par le bailleur.", whole="y", article="frais").status_code == 303
    assert [one(said, number).outcome for number in (3, 4)] == ["reworded", "reworded"]


def test_a_version_is_frozen_only_when_everybody_has_an_answer(said, sign_in, day, worked):
    nadia = sign_in(NADIA)
    assert answer(nadia, said, 1, "taken", "C’est juste.", put="y").status_code == 303
    assert put_off(nadia, said, "freeze").status_code == 409  # contributions are still taken
    day(20)
    nadia = sign_in(NADIA)
    refused = put_off(nadia, said, "freeze")
    assert refused.status_code == 409
    assert "3 " in refused.text
    answer(nadia, said, 2, "taken", "Le local sera prêté.", put="y")
    answer(nadia, said, 3, "reworded", "Écrit autrement.", article="frais")
    answer(nadia, said, 4, "declined", "Ce n’est pas possible.")
    frais = next(each for each in parts(said) if each.key == "frais")
    changed = put_off(nadia, said, "wording/frais", title=frais.title, words=frais.words + "\nMeubles lourds compris.")
    assert changed.status_code == 303
    stale = put_off(nadia, said, "wording/frais", title="Autre", words="Autre", version=1)
    assert stale.status_code == 409
    assert put_off(nadia, said, "freeze").status_code == 303
    row = draft_of(said)
    assert (row.current, row.state) == (2, "settled")
    now = {each.key: each for each in drafts.current_parts(row)}
    assert now["propositions"].words == WANTED
    assert now["un-local-pour-les-associations"].words == "Un local est prêté."
    page = unescape(sign_in(MONIQUE).get(f"/drafts/{said}/changes").text)
    for told in (
        "trois propositions écrites",
        "Un local pour les associations",
        "Meubles lourds compris",
        "C’est juste.",
    ):
        assert told in page
    assert "Ce n’est pas possible." not in page  # what was declined changed nothing
    with pytest.raises(Refused):
        answering.answer(made.identity(NADIA), row, 4, 2, answering.Answer("taken", "Oui."))


def test_from_an_article_one_click_gives_everything_behind_it(said, sign_in, day):
    nadia = sign_in(NADIA)
    for number in (1, 2, 3, 4):
        answer(nadia, said, number, "taken" if number == 1 else "declined", f"Raison {number}.", put="y")
    day(20)
    nadia = sign_in(NADIA)
    put_off(nadia, said, "freeze")
    page = unescape(sign_in(MONIQUE).get(f"/drafts/{said}/articles/propositions").text)
    assert "Version 2" in page
    assert "La première dans les deux mois." in page
    assert "Raison 1." in page
    assert "Raison 3." not in page
    number = [each.key for each in parts(said) if each.numbered].index("propositions") + 1
    db.session.rollback()
    told = CliRunner().invoke(charter, ["trace", str(number), "--of", said, "--json"])
    assert told.exit_code == 0, told.output
    traced = json.loads(told.output)
    assert traced["versions"][1]["behind"] == [1]
    assert traced["contributions"][0]["words"] is None  # it was not published
    assert "Monique" not in told.output
    assert CliRunner().invoke(charter, ["trace", "no-such", "--of", said]).exit_code == 1


def test_the_desk_finds_what_waits_by_article_speaker_and_words(said, sign_in):
    nadia = sign_in(NADIA)
    answer(nadia, said, 1, "declined", "Non.")

    def found(**asked):
        page = nadia.get(f"/drafts/{said}/desk", query_string=asked).text
        return [number for number in (1, 2, 3, 4) if f'/contributions/{number}"' in page]

    assert found() == [1, 2, 3, 4]
    assert found(state="left") == [2, 3, 4]
    assert found(article="frais") == [3, 4]
    assert found(article="whole") == [2]
    assert found(by="organisation") == [1, 2]
    assert found(q="meubles LOURDS il faut") == [4]
    assert nadia.get(f"/drafts/{said}/desk?format=xlsx").status_code == 200


def test_an_author_has_their_words_erased_and_what_came_of_them_stays(said, sign_in):
    nadia = sign_in(NADIA)
    answer(nadia, said, 3, "declined", "Le barème s’applique.")
    assert nadia.get(f"/drafts/{said}/contributions/3/erase").status_code == 200
    assert words_of(said, 3)
    assert nadia.post(f"/drafts/{said}/contributions/3/erase").status_code == 303
    assert words_of(said, 3) == ""
    assert one(said, 3).outcome == "declined"
    assert nadia.get(f"/drafts/{said}/contributions/3").status_code == 200
    assert "meubles lourds doit" not in nadia.get(f"/drafts/{said}/articles/frais").text
    assert record.faults() == []


def test_a_settled_text_is_submitted_once_more(said, sign_in, day):
    nadia = sign_in(NADIA)
    for number in (1, 2, 3, 4):
        answer(nadia, said, number, "taken", "Oui.", put="y")
    day(20)
    nadia = sign_in(NADIA)
    put_off(nadia, said, "freeze")
    version = draft_of(said).version
    db.session.rollback()
    assert nadia.post(f"/drafts/{said}/open-again", data={"version": version}).status_code == 303
    row = draft_of(said)
    assert (row.state, row.current) == ("preparing", 2)
    assert sign_in(MONIQUE).get(f"/drafts/{said}").status_code == 404
