"""Every model of the library can be written from what the application knows, for each of its readers."""

import pytest

from tests import factories as made
from tests.cast import BRUNO, CLAIRE, HELENE, INES, MONIQUE
from tests.features.writing.conftest import WORDS
from workflow import clock
from workflow.app import ROOT
from workflow.approvals import actions as approvals
from workflow.catalogue.queries.paper_models import model_in_use
from workflow.db import db
from workflow.dossiers.queries import by_reference
from workflow.operations.models import Operation
from workflow.people import queries as people
from workflow.writing.queries import bodies
from workflow.writing.queries.entitled import may_have
from workflow.writing.queries.facts import around
from workflow.writing.queries.orders import (
    Wish,
    audiences_of,
    figures_read,
    order,
    rendered,
    tells_of_a_sitting,
    told_of,
)

MODELS = sorted(path.parent.name for path in (ROOT / "templates" / "documents").glob("*/model.md"))


@pytest.fixture
def known():
    return around(db.session.get_one(Operation, "mistral"))


def answers(model, **more):
    told = {"date": WORDS["date"], "number": 12, "text": WORDS["text"]}
    return {ask.name: ask.choices[0] if ask.choices else told[ask.type] for ask in model.asks} | more


def wish(model, known, **more):
    committee = people.body("mistral", "commission-relogement")
    about = {
        "household": {"household": made.a_household()},
        "operation": {},
        "body": {"body": committee, "sitting": a_sitting(committee) if tells_of_a_sitting(model) else None},
    }[model.about]
    return Wish(model, known, clock.today(), asked=answers(model, **more), **about)


def a_sitting(committee):
    return approvals.open_sitting(made.identity(BRUNO), committee, approvals.SittingDraft(clock.today()))


@pytest.mark.parametrize("slug", MODELS)
def test_a_model_is_written_for_each_reader_without_a_finding(app, known, slug):
    model = model_in_use("mistral", slug)
    asked = wish(model, known)
    for audience in audiences_of(model):
        told = rendered(order(told_of(asked), audience, "RL-2222-2222", "https://relais.example.org/v"))
        assert [one.msgid % dict(one.params) for one in told.findings] == [], audience
        assert told.document.title
        if model.about == "household":
            said = repr(told.document) + repr(told.parties)
            named = audience in ("household", "landlord")
            assert named or (asked.household.name not in said and asked.household.address not in said)


def test_the_sheet_for_the_landlord_that_houses_names_the_household_and_is_only_for_who_knows_the_name(app, known):
    model = model_in_use("mistral", "information-caleol")
    told = rendered(order(told_of(wish(model, known)), "landlord", "", None))
    assert wish(model, known).household.name in repr(told.document)
    assert may_have(made.identity(CLAIRE), "mistral", "landlord", "household")
    assert not may_have(made.identity(HELENE), "mistral", "landlord", "household")


@pytest.mark.parametrize("slug", MODELS)
def test_a_model_is_written_when_nothing_optional_is_answered(app, known, slug):
    model = model_in_use("mistral", slug)
    left_out = {ask.name: None if ask.type == "number" else "" for ask in model.asks if not ask.required}
    for audience in audiences_of(model):
        rendered(order(told_of(wish(model, known, **left_out)), audience, "", None))


def test_a_figure_the_operation_sets_wins_over_that_of_the_library(app, known):
    assert known.figures["offers_maximum"].own
    assert not known.figures["visit_notice_days"].own
    doubtful = [
        one.code for one in figures_read(model_in_use("mistral", "courrier-information"), known) if one.doubtful
    ]
    assert "visit_notice_days" in doubtful


def test_the_agenda_and_the_minutes_tell_what_a_sitting_has_before_it(app):
    row = made.a_dossier_before_the_committee()
    committee = people.body("mistral", "commission-relogement")
    sitting = a_sitting(committee)
    approvals.put_agenda(made.identity(BRUNO), sitting.id, [by_reference(row.reference).subject], 1)
    told = bodies.told(committee, sitting)
    assert [line["reference"] for line in told["sitting"]["lines"]] == [row.reference]
    assert row.household.name not in repr(told)
    assert {one["organisation"] for one in told["body"]["members"]} >= {"ACTIS", "Ville de Grenoble"}


def test_the_secretary_of_a_body_writes_its_agenda(app, sign_in):
    sitting = a_sitting(people.body("mistral", "commission-relogement")).id
    db.session.commit()
    bruno = sign_in(BRUNO)
    path = "/operations/mistral/bodies/commission-relogement"
    page = bruno.get(f"{path}/write/ordre-du-jour?sitting={sitting}")
    assert f'selected value="{sitting}"' in page.text
    told = {f"asked_{name}": value for name, value in answers(model_in_use("mistral", "ordre-du-jour")).items()}
    told["day"] = clock.today().isoformat()
    without = bruno.post(f"{path}/write/ordre-du-jour", data=told)
    assert without.status_code == 422
    sent = bruno.post(f"{path}/write/ordre-du-jour", data=told | {"sitting": sitting, "readers": ["commission"]})
    assert sent.status_code == 303
    assert sign_in(HELENE).get(sent.location).status_code == 200
    for outside in (CLAIRE, MONIQUE, INES):
        assert sign_in(outside).get(sent.location).status_code == 404, outside
        assert sign_in(outside).post(f"{path}/write/ordre-du-jour", data=told).status_code in (403, 404), outside
