"""One form, several courses: an operation chooses who is asked, in what order; files under way stay on theirs."""

import re

import pytest
from flask.testing import FlaskClient

from tests import factories
from tests.cast import CLAIRE, INES, NADIA
from tests.features.conftest import SignIn
from workflow.access import Identity
from workflow.catalogue import actions, queries
from workflow.catalogue.queries import current
from workflow.db import db
from workflow.dossiers import queries as dossiers
from workflow.errors import Forbidden, Moved, Refused
from workflow.record.queries import facts

HERE, FORM = "mistral", "diagnostic-social"
PAGE = f"/operations/{HERE}/forms/{FORM}/course"


@pytest.fixture
def nadia(app: object) -> Identity:
    return factories.identity(NADIA)


def stages(operation: str = HERE) -> list[str]:
    published = current(FORM, operation)
    return [stage.id for stage in published.circuit.stages] if published else []


def choose(nadia: Identity, name: str, seen: str = "conseillere") -> None:
    actions.choose_course(nadia, HERE, FORM, name, seen)
    db.session.commit()


def test_new_files_take_the_chosen_course_and_those_under_way_stay_on_theirs(nadia: Identity) -> None:
    before = factories.a_dossier(1)
    choose(nadia, "allege")
    assert stages() == ["remplir", "covalider", "lecture"]
    after = factories.a_dossier(2)
    known = [queries.version(row.procedure).circuit for row in (before, after)]
    assert [len(circuit.stages) for circuit in known] == [4, 3]
    assert [fact.data["course"] for fact in facts(f"procedure:{FORM}") if fact.kind == "CourseChosen"] == ["allege"]


def test_questions_documents_and_lists_are_the_same_on_every_course(nadia: Identity) -> None:
    before = current(FORM, HERE)
    choose(nadia, "prestataire")
    after = current(FORM, HERE)
    assert (before.form.xml, before.models) == (after.form.xml, after.models)
    assert after.circuit.step("validation").rule.needed == before.circuit.step("validation").rule.needed == 3


def test_a_course_stays_when_the_lists_of_the_operation_change(nadia: Identity) -> None:
    choose(nadia, "binome")
    actions.refit(HERE)
    assert queries.followed_in(HERE, FORM) == "binome"
    choose(nadia, "conseillere", seen="binome")
    assert stages() == ["remplir", "covalider", "lecture", "commission"]


def test_an_unknown_course_one_chosen_meanwhile_and_a_stranger_change_nothing(nadia: Identity) -> None:
    was = current(FORM, HERE).hash
    with pytest.raises(Refused):
        actions.choose_course(nadia, HERE, FORM, "mine", "conseillere")
    with pytest.raises(Moved):
        actions.choose_course(nadia, HERE, FORM, "allege", "binome")
    with pytest.raises(Forbidden):
        actions.choose_course(factories.identity(CLAIRE), HERE, FORM, "allege", "conseillere")
    db.session.rollback()
    assert current(FORM, HERE).hash == was


def test_every_course_is_shown_with_its_steps_before_one_is_chosen(sign_in: SignIn) -> None:
    client: FlaskClient = sign_in(NADIA)
    page = client.get(PAGE).text
    assert len(re.findall('<ol class="stages"', page)) == 5
    for words in ("Groupe de suivi social", "Donner l’avis social", "Convient quand"):
        assert words in page
    assert client.post(PAGE, data={"course": "accueil", "seen": "conseillere"}).status_code == 303
    db.session.rollback()
    assert stages() == ["remplir", "lecture", "avis_social", "suivi_social", "commission"]
    assert client.post(PAGE, data={"course": "allege", "seen": "conseillere"}).status_code == 409
    assert sign_in(CLAIRE).get(PAGE).status_code == 404


def test_an_operation_begun_as_another_takes_its_courses_along(sign_in: SignIn, nadia: Identity) -> None:
    choose(nadia, "allege")
    told = {"name": "Les Ormes", "city": "Voiron", "owner": "actis", "zone": "Europe/Paris", "procedures": [FORM]}
    ines = sign_in(INES)
    assert ines.post("/operations/new/copy/mistral", data=told).status_code == 303
    model = told | {"name": "Les Tilleuls", "owner": "="}
    assert ines.post("/operations/new/model/champratel", data=model).status_code == 303
    db.session.rollback()
    assert queries.followed_in("les-ormes", FORM) == "allege"
    assert queries.followed_in("les-tilleuls", FORM) == "accueil"


def test_a_pair_hands_on_one_after_the_other(nadia: Identity) -> None:
    """The landlord's referent writes in its own pages only, after the officer."""
    choose(nadia, "binome")
    row = factories.a_submitted_dossier(3)
    file = dossiers.file(factories.identity("sonia-mendes"), row.reference)
    assert list(file.known.state.open) == ["complement"]


def test_what_speaks_of_a_whole_operation_is_taken_up_like_the_others(sign_in: SignIn) -> None:
    assert {"charte", "convention", "campagne-satisfaction"} <= set(queries.adopted(HERE))
    assert "Convention de relogement" in sign_in(NADIA).get(f"/operations/{HERE}").text
