"""A manager changes the form of her operation in the page, without a workbook; a landlord that of its households."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forms.xlsform import compile_xlsform
from tests import factories
from tests.cast import CLAIRE, INES, NADIA
from tests.features.catalogue.test_adopting import MISTRAL, SLUG, partner
from tests.features.conftest import SignIn
from workflow.catalogue import actions, queries
from workflow.catalogue.models import Adaptation, AdaptationVersion
from workflow.catalogue.queries import current
from workflow.db import db
from workflow.dossiers import actions as dossiers
from workflow.people.models import Assignment
from workflow.record.queries import facts

HERE = f"/operations/{MISTRAL}/forms/{SLUG}"
CAVE = {
    "kind": "one",
    "label_fr": "La cave est-elle encombrée ?",
    "choices_fr": "Oui\nUn peu\nNon",
    "level": "V1",
    "purpose": "logement",
    "only_if": "B/B6|oui",
}
PATH = "/data/B/op__la_cave_est_elle_encombree"


@pytest.fixture
def nadia(sign_in: SignIn) -> FlaskClient:
    return sign_in(NADIA)


def version(holder: str = f"operation:{MISTRAL}") -> str:
    db.session.expire_all()
    row = db.session.get(Adaptation, (holder, SLUG))
    shown = str(row.version if row else 0)
    db.session.rollback()
    return shown


def add(client: FlaskClient, where: str = HERE, **typed: str) -> tuple[int, str]:
    sent = client.post(f"{where}/add?into=B&after=B/B6", data={"version": version(), **CAVE, **typed})
    return sent.status_code, unescape(sent.text)


def turn(client: FlaskClient, at: str, do: str) -> tuple[int, str]:
    sent = client.post(f"{HERE}/turn", data={"at": at, "do": do, "version": version()})
    return sent.status_code, unescape(sent.text)


def use(client: FlaskClient, where: str = HERE, holder: str = f"operation:{MISTRAL}") -> None:
    assert client.post(f"{where}/use", data={"version": version(holder)}).status_code == 303
    db.session.expire_all()


def test_a_question_added_in_the_page_is_asked_in_the_next_dossier_and_not_in_those_under_way(
    app: Flask, nadia: FlaskClient
) -> None:
    under_way = factories.a_filled_dossier(0)
    begun, before = under_way.procedure, current(SLUG, MISTRAL)
    assert add(nadia)[0] == 303
    assert current(SLUG, MISTRAL).hash == before.hash, "nothing holds before it is put into use"
    use(nadia)
    now = current(SLUG, MISTRAL)
    question = now.form.questions[PATH]
    assert [choice.label["fr"] for choice in question.choices] == ["Oui", "Un peu", "Non"]
    assert (question.level, question.purpose, question.section) == ("V1", ("logement",), "B")
    opened, _new = dossiers.open_dossier(factories.identity(CLAIRE), factories.a_household(1), now)
    db.session.refresh(under_way)
    assert (opened.procedure, under_way.procedure) == (now.hash, begun)
    assert [fact.data["number"] for fact in facts(f"adaptation:operation:{MISTRAL}")] == [1]


def test_the_new_version_downloads_as_a_workbook_that_gives_the_same_questions(app: Flask, nadia: FlaskClient) -> None:
    add(nadia)
    use(nadia)
    sent = nadia.get(f"{HERE}/workbook?number=1")
    assert "op__la_cave_est_elle_encombree" in compile_xlsform(sent.data, "form.xlsx").xml
    shown = unescape(nadia.get(f"{HERE}/history").text)
    assert "Nadia Ferhat" in shown
    assert "number=1" in shown


def test_what_a_step_or_a_paper_needs_is_not_hidden_and_the_page_says_which(app: Flask, nadia: FlaskClient) -> None:
    status, page = turn(nadia, "A/A14", "hide")
    assert status == 409
    assert "Visa du bailleur" in page
    assert turn(nadia, "A/A13", "hide")[0] == 409
    assert turn(nadia, "B/B3", "hide")[0] == 303


def test_a_landlord_words_the_form_for_its_own_households_in_every_operation(app: Flask, sign_in: SignIn) -> None:
    partner(MISTRAL, "logis-du-drac", "Logis du Drac")
    db.session.commit()
    where, holder = f"/organisations/logis-du-drac/forms/{SLUG}", "organisation:logis-du-drac"
    ines = sign_in(INES)
    typed = {"label_fr": "Cour ou bâtiment", "label_en": "Yard or building", "version": "0"}
    assert ines.post(f"{where}/text?at=A/A_logement/A1", data=typed).status_code == 303
    use(ines, where, holder)
    own = current(SLUG, MISTRAL, "logis-du-drac")
    assert own.form.questions["/data/A/A_logement/A1"].label["fr"] == "Cour ou bâtiment"
    assert current(SLUG, MISTRAL, "actis").form.questions["/data/A/A_logement/A1"].label["fr"] == "Bâtiment"
    assert add(sign_in(NADIA))[0] == 303
    use(sign_in(NADIA))
    both = current(SLUG, MISTRAL, "logis-du-drac").form.questions
    assert PATH in both, "what the operation adds is asked on top of it"
    assert both["/data/A/A_logement/A1"].label["fr"] == "Cour ou bâtiment"


def test_only_who_manages_an_operation_for_the_landlord_words_its_forms(app: Flask, sign_in: SignIn) -> None:
    where = f"/organisations/actis/forms/{SLUG}/adapt"
    assert sign_in(NADIA).get(where).status_code == 404
    assert sign_in(CLAIRE).get(f"{HERE}/adapt").status_code == 404
    row = db.session.query(Assignment).filter_by(person_id=NADIA, role="chef_de_projet").one()
    row.organisation = "actis"
    db.session.commit()
    assert sign_in(NADIA).get(where).status_code == 200


def test_the_second_of_two_people_is_told_and_loses_nothing(app: Flask, nadia: FlaskClient, sign_in: SignIn) -> None:
    shown = version()
    assert turn(nadia, "B/B3", "hide")[0] == 303
    typed = {"label_fr": "Statut dans le logement", "label_en": "Status", "version": shown}
    late = sign_in(NADIA).post(f"{HERE}/text?at=B/B1", data=typed)
    assert late.status_code == 409
    assert "Statut dans le logement" in unescape(late.text)
    again = re.search(r'name="version"[^>]*value="(\d+)"', late.text)
    assert again
    sent = nadia.post(f"{HERE}/text?at=B/B1", data={**typed, "version": again[1]})
    assert sent.status_code == 303
    row = db.session.get_one(Adaptation, (f"operation:{MISTRAL}", SLUG), populate_existing=True)
    assert [one["do"] for one in row.pending] == ["hide", "text"]


def test_each_change_is_taken_back_by_itself_and_without_any_the_common_form_is_asked_again(
    app: Flask, nadia: FlaskClient
) -> None:
    before = current(SLUG, MISTRAL).hash
    add(nadia)
    turn(nadia, "B/B3", "hide")
    use(nadia)
    assert current(SLUG, MISTRAL).hash != before
    for _ in range(2):
        assert nadia.post(f"{HERE}/undo", data={"place": "0", "version": version()}).status_code == 303
    use(nadia)
    assert current(SLUG, MISTRAL).hash == before
    assert db.session.query(AdaptationVersion).count() == 2


def test_choices_are_reworded_added_and_taken_away_for_one_question_only(app: Flask, nadia: FlaskClient) -> None:
    page = nadia.get(f"{HERE}/choices?at=B/B6").text
    names = re.findall(r'name="(choice_\d+_\w\w|offer_\d+)"', page)
    assert len(names) == 6, "two choices, in two languages"
    typed = {"choice_1_fr": "Oui, au moins une", "choice_1_en": "Yes", "choice_2_fr": "Non", "choice_2_en": "No"}
    typed |= {"offer_1": "y", "offer_2": "y", "more_fr": "Pas encore décidé", "version": version()}
    assert nadia.post(f"{HERE}/choices?at=B/B6", data=typed).status_code == 303
    use(nadia)
    form = current(SLUG, MISTRAL).form
    assert [one.label["fr"] for one in form.questions["/data/B/B6"].choices] == [
        "Oui, au moins une",
        "Non",
        "Pas encore décidé",
    ]
    assert [one.label["fr"] for one in form.questions["/data/A/A13"].choices] == ["Oui", "Non"]


def test_a_question_moves_up_down_and_into_another_section(app: Flask, nadia: FlaskClient) -> None:
    def order() -> list[str]:
        return [one.name for one in current(SLUG, MISTRAL).form.questions.values() if one.path.startswith("/data/B/B")]

    first = order()
    assert turn(nadia, "B/B4", "up")[0] == 303
    sent = nadia.post(f"{HERE}/move?at=B/B7", data={"place": "D|", "version": version()})
    assert sent.status_code == 303
    use(nadia)
    assert order().index("B4") == first.index("B4") - 1
    assert "/data/D/B7" in current(SLUG, MISTRAL).form.questions


def test_what_is_missing_in_a_new_question_is_said_and_what_was_typed_stays(app: Flask, nadia: FlaskClient) -> None:
    status, page = add(nadia, label_fr="", choices_fr="Oui")
    assert status == 422
    assert "Un peu" not in page
    assert page.count("error-summary") >= 1
    status, page = add(nadia, kind="paragraph", purpose="besoins")
    assert status == 422
    assert "La cave est-elle encombrée ?" in page


def test_a_common_form_without_the_question_keeps_the_change_and_says_that_it_has_no_object(
    app: Flask, nadia: FlaskClient
) -> None:
    turn(nadia, "B/B3", "hide")
    row = db.session.get_one(Adaptation, (f"operation:{MISTRAL}", SLUG), populate_existing=True)
    row.pending = [*row.pending, {"do": "text", "at": "B/B_parti", "label": {"fr": "Autrement"}}]
    db.session.commit()
    use(nadia)
    page = unescape(nadia.get(f"{HERE}/adapt?section=B").text)
    assert "Autrement" in page
    assert "sans objet" in page or "without object" in page
    assert current(SLUG, MISTRAL).form.questions["/data/B/B3"].relevant.text == "false()"
    assert len(queries.layers(MISTRAL, SLUG)[0]) == 2


def test_the_form_being_prepared_is_tried_like_any_other(app: Flask, nadia: FlaskClient) -> None:
    add(nadia)
    assert nadia.get(f"{HERE}/try").status_code == 200
    page = unescape(nadia.get(f"{HERE}/question?at=B/op__la_cave_est_elle_encombree").text)
    assert "Un peu" in page
    assert nadia.post(f"{HERE}/discard", data={"version": version()}).status_code == 303
    assert db.session.get_one(Adaptation, (f"operation:{MISTRAL}", SLUG), populate_existing=True).pending is None


def test_refitting_for_a_new_partner_keeps_what_was_changed(app: Flask, nadia: FlaskClient) -> None:
    add(nadia)
    use(nadia)
    partner(MISTRAL, "logis-du-drac", "Logis du Drac")
    actions.refit(MISTRAL)
    form = current(SLUG, MISTRAL).form
    assert PATH in form.questions
    assert "logis-du-drac" in {one.value for one in form.questions["/data/A/A14"].choices}


def test_the_pages_of_the_forms_lead_to_where_each_may_be_adapted(app: Flask, sign_in: SignIn) -> None:
    nadia, ines = sign_in(NADIA), sign_in(INES)
    assert f"{HERE}/adapt" in nadia.get("/forms").text, "straight there: she has one operation"
    assert f"{HERE}/adapt" in nadia.get(f"/forms/{SLUG}").text
    assert "/organisations/actis/forms" not in nadia.get(f"/forms/{SLUG}").text
    assert f"/organisations/actis/forms/{SLUG}/adapt" in ines.get(f"/forms/{SLUG}").text


def test_nothing_is_offered_to_be_used_or_forgotten_when_nothing_waits(app: Flask, nadia: FlaskClient) -> None:
    for deed in ("use", "discard"):
        answer = nadia.get(f"{HERE}/{deed}")
        assert (answer.status_code, answer.headers["Location"]) == (303, f"{HERE}/adapt")
    assert turn(nadia, "B/B3", "hide")[0] == 303
    assert nadia.get(f"{HERE}/use").status_code == 200


def test_two_choices_in_the_same_words_are_refused(app: Flask, nadia: FlaskClient) -> None:
    status, page = add(nadia, choices_fr="Oui\nUn peu\n oui ")
    assert status == 422
    assert "Un peu" in page, "what was typed stays"
    page = unescape(nadia.get(f"{HERE}/choices?at=B/B3").text)
    typed = dict(re.findall(r'name="((?:choice|more|offer)_\w+)"[^>]*value="([^"]*)"', page))
    typed |= {"version": version(), "choice_2_fr": typed["choice_1_fr"]}
    assert nadia.post(f"{HERE}/choices?at=B/B3", data=typed).status_code == 422
    del typed["offer_2"]
    assert nadia.post(f"{HERE}/choices?at=B/B3", data=typed).status_code == 303, "the other one is no longer offered"
