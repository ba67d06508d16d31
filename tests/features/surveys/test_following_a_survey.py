"""The team begins a survey, follows its letters, keys what comes back, calls, reads again; others see nothing of it."""

from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from tests import factories as made
from tests.cast import BRUNO, CLAIRE, FRANCOIS, INES, MONIQUE, NADIA, OLIVIER, SONIA
from tests.features.conftest import SignIn
from tests.features.surveys.conftest import (
    ANSWERS,
    MOVED,
    a_survey,
    answers_by_link,
    code,
    moved,
    recipients,
    survey_row,
    words_of,
)
from tests.features.writing.conftest import typed
from tests.features.writing.conftest import words_of as words_in
from workflow import clock, outbox
from workflow.catalogue.queries.paper_models import model_in_use
from workflow.db import db
from workflow.dossiers import actions as dossiers
from workflow.dossiers.models import Household
from workflow.errors import Refused
from workflow.exchange.actions.surveying import an_approved_questionnaire
from workflow.filing import queries as filing
from workflow.record.models import Event
from workflow.surveys.actions import beginning
from workflow.surveys.models import Answers, Survey
from workflow.surveys.queries import report
from workflow.surveys.queries.counting import counted_answers
from workflow.writing.models import LetterRun, Written

SOON = {"until": (clock.today() + timedelta(days=20)).isoformat(), "title": "Enquête"}


def test_only_an_approved_questionnaire_is_asked_and_only_once(app, nadia: FlaskClient) -> None:
    moved(2)
    db.session.commit()
    assert 'name="campaign"' not in nadia.get("/operations/mistral/surveys/new").text
    with pytest.raises(Refused):
        beginning.begin(made.identity(NADIA), "mistral", "dossier:none", "Enquête", clock.today())
    db.session.rollback()
    campaign = an_approved_questionnaire("mistral")
    db.session.commit()
    told = SOON | {"campaign": campaign}
    past = nadia.post("/operations/mistral/surveys/new", data=told | {"until": "2020-01-01"})
    assert past.status_code == 422
    begun = nadia.post("/operations/mistral/surveys/new", data=told)
    assert begun.status_code == 303
    assert nadia.get(begun.location).status_code == 200
    with pytest.raises(Refused):
        beginning.begin(made.identity(NADIA), "mistral", campaign, "Enquête", clock.today())


@pytest.mark.parametrize("stranger", [SONIA, FRANCOIS, MONIQUE, OLIVIER, INES])
def test_who_does_not_run_surveys_finds_nothing(survey: str, sign_in: SignIn, stranger: str) -> None:
    client, one = sign_in(stranger), recipients(survey)[0].id
    for path in ("", "/households", f"/households/{one}", f"/households/{one}/key", "/results", "/calls", "/reread"):
        assert client.get(f"/surveys/{survey}{path}").status_code == 404, path
    assert client.get("/operations/mistral/surveys").status_code == 404


def test_keyed_answers_keep_their_channel_day_and_hand(survey: str, bruno: FlaskClient) -> None:
    row = recipients(survey)[1]
    place, told = (
        f"/surveys/{survey}/households/{row.id}",
        {"on": clock.today().isoformat(), "lang": "tr", "agreed": "yes"},
    )
    found = bruno.post(f"/surveys/{survey}/key", data={"which": code(survey, 1)})
    assert found.location == f"{place}/key"
    assert bruno.post(f"/surveys/{survey}/key", data={"which": "PERSONNE-1"}).status_code == 409
    assert bruno.post(f"{place}/key", data=told | {"channel": "link"}).status_code == 422
    assert bruno.post(f"{place}/key", data=told | {"channel": "paper", "on": "2999-01-01"}).status_code == 422
    assert bruno.post(f"{place}/key", data=told | {"channel": "paper"}).status_code == 303
    for section, typed_in in ANSWERS.items():
        assert bruno.post(f"{place}/key/{section}", data=typed_in).status_code == 303
    assert bruno.post(f"{place}/finish").location == place
    kept = db.session.query(Answers).one()
    assert (kept.channel, kept.person, kept.lang, kept.told_on) == ("paper", BRUNO, "tr", clock.today())
    [told] = counted_answers(survey_row(survey))
    assert (told.said["/data/A/A_mode"], told.said["/data/A/A_accord"]) == ("papier", "oui")
    assert "Bruno Castel" in bruno.get(place).text


def test_letters_bear_code_and_square_and_reminders_spare_who_answered(
    survey: str, app, bruno: FlaskClient, anonymous: FlaskClient
) -> None:
    run = _letters(bruno, survey, "letter", "lettre-enquete")
    secret = code(survey)
    deed = db.session.query(Written).filter_by(run_id=run).join(Household, Household.id == Written.household_id)
    first = deed.order_by(Household.reference).first()
    said = words_in(filing.bytes_of(filing.papers(first.subject)[0], "pdf"))
    assert " ".join(secret[at : at + 4] for at in range(0, 16, 4)) in said
    assert f"/q/{secret}" in said.replace(" ", "")
    db.session.rollback()
    handed = {"version": _version(run), "how": "post", "day": clock.today().isoformat(), "all": "1"}
    assert bruno.post(f"/operations/mistral/letters/{run}/handed-over", data=handed).status_code == 303
    assert {(one.sent_on, one.sent_how) for one in recipients(survey)} == {(clock.today(), "post")}
    answers_by_link(anonymous, secret)
    back = recipients(survey)[1].id
    told = {"why": "moved", "day": clock.today().isoformat()}
    assert bruno.post(f"/surveys/{survey}/households/{back}/returned", data=told).status_code == 303
    reminders = _letters(bruno, survey, "reminder", "relance-enquete")
    written = {one.household_id for one in db.session.query(Written).filter_by(run_id=reminders)}
    silent = {one.household_id for one in recipients(survey)[2:]}
    assert written == silent, "neither who answered nor whose letter came back"
    listed = bruno.get(f"/surveys/{survey}/households?state=returned&format=xlsx")
    rows = list(load_workbook(BytesIO(listed.data)).active.values)
    assert len(rows) == 2, "the list of those whose letter came back"


def _version(run: str) -> str:
    db.session.rollback()
    return str(db.session.get_one(LetterRun, run).version)


def _letters(bruno: FlaskClient, survey: str, what: str, model: str) -> str:
    """The run of letters, written."""
    path = f"/operations/mistral/letters/for/survey:{survey}:{what}"
    begun = bruno.post(path, data={"model": model, "day": clock.today().isoformat()})
    assert begun.status_code == 303, words_of(begun)
    run = begun.location.rpartition("/")[2]
    told = typed(model_in_use("mistral", model).asks) | {"version": _version(run)}
    assert bruno.post(f"/operations/mistral/letters/{run}/answers", data=told).status_code == 303
    assert bruno.post(f"/operations/mistral/letters/{run}/start", data={"version": _version(run)}).status_code == 303
    outbox.drain()
    db.session.rollback()
    return run


def test_calls_open_answers_and_the_report(survey: str, bruno: FlaskClient, nadia: FlaskClient, app) -> None:
    for rank in range(MOVED):
        assert answers_by_link(app.test_client(), code(survey, rank)).status_code == 303
    assert "surveys" in bruno.get("/waiting").text, "somebody asks to be called back"
    calls = bruno.get(f"/surveys/{survey}/calls")
    assert "04 65 71 95 12" in calls.text
    action = calls.text.partition(f'action="/surveys/{survey}/calls/')[2].partition('"')[0]
    assert bruno.post(f"/surveys/{survey}/calls/{action}").status_code == 303
    results = nadia.get(f"/surveys/{survey}/results")
    assert "Paule Mercier" not in results.text, "nobody read it again"
    assert "95 12" not in results.text
    kept = db.session.query(Answers).filter(Answers.finished_for.is_not(None)).first().id
    db.session.rollback()
    told = {"answers": kept, "path": "/data/I/Q28", "said": "mask", "words": "Merci à […]."}
    assert bruno.post(f"/surveys/{survey}/reread", data=told | {"words": " "}).status_code == 422
    assert bruno.post(f"/surveys/{survey}/reread", data=told | {"path": "/data/K/Q23_telephone"}).status_code == 404
    assert bruno.post(f"/surveys/{survey}/reread", data=told).status_code == 303
    results = nadia.get(f"/surveys/{survey}/results")
    assert "Merci à […]." in results.text
    sheet = load_workbook(BytesIO(nadia.get(f"/surveys/{survey}/results?format=xlsx").data)).active
    assert [row[4] for row in sheet.values if row[0] and row[3] == MOVED][:2] == [100, 100]
    assert nadia.post(f"/surveys/{survey}/report").status_code == 303
    outbox.drain()
    said = words_in(nadia.get(f"/surveys/{survey}/report.pdf").data)
    assert "100 %" in said and "Merci à […]." in said and "Paule" not in said
    assert nadia.get(f"/surveys/{survey}/report.docx").data.startswith(b"PK")
    facts = [row for row in db.session.query(Event.body) if "Paule" in row.body or "95 12" in row.body]
    assert facts == [], "the record holds no answer"


def test_what_a_household_said_goes_with_it(survey: str, anonymous: FlaskClient) -> None:
    secret = code(survey)
    answers_by_link(anonymous, secret)
    assert len(counted_answers(survey_row(survey))) == 1
    home = db.session.get_one(Household, recipients(survey)[0].household_id)
    dossiers.erase_household(home, CLAIRE)
    db.session.commit()
    assert counted_answers(survey_row(survey)) == []
    assert report.numbers_said(report.counted(survey_row(survey), "fr"))
    db.session.rollback()
    assert anonymous.get(f"/q/{secret}").status_code == 200


def test_a_survey_is_closed_opened_again_and_widened(app, nadia: FlaskClient) -> None:
    survey = a_survey(2)
    secret = code(survey)
    assert nadia.post(f"/surveys/{survey}/close").status_code == 303
    assert app.test_client().get(f"/q/{secret}").status_code == 410
    assert nadia.post(f"/surveys/{survey}/close").status_code == 409
    assert nadia.post(f"/surveys/{survey}/reopen").status_code == 303
    moved(4)
    db.session.commit()
    assert nadia.post(f"/surveys/{survey}/add-moved").status_code == 303
    assert len(recipients(survey)) == 4
    told = {"title": "Autre nom", "until": SOON["until"]}
    assert nadia.post(f"/surveys/{survey}/change", data=told | {"version": "1"}).status_code == 409
    version = str(db.session.get_one(Survey, survey).version)
    db.session.rollback()
    assert nadia.post(f"/surveys/{survey}/change", data=told | {"version": version}).status_code == 303
