"""A newer common form is offered to an operation: it takes it, stays on its own, or cannot follow and is told so."""

from __future__ import annotations

import pytest
from flask import Flask

from tests import factories
from tests.cast import CLAIRE, INES, NADIA
from tests.features.catalogue.test_adopting import MISTRAL, SLUG, partner
from tests.features.catalogue.test_publishing import MORE, OTHER_WORDS, follow, propose, release
from tests.features.conftest import SignIn
from workflow import clock
from workflow.app import ROOT
from workflow.catalogue import actions, queries
from workflow.catalogue.models import Adaptation, ProcedureVersion
from workflow.catalogue.queries import current, seen
from workflow.db import db
from workflow.errors import Forbidden, Moved
from workflow.exchange import actions as exchange
from workflow.record.queries import facts

OVERVIEW = f"/operations/{MISTRAL}"
NOWHERE = {"do": "text", "at": "A/A_logement/A1", "label": {"fr": "Bâtiment ${nulle_part}"}}


def offered() -> list[str]:
    return [one.slug for one in queries.offers(MISTRAL)]


def declined() -> list[str]:
    return [one.slug for one in queries.declined(MISTRAL)]


def test_an_operation_stays_on_its_own_form_and_changes_its_mind_at_any_time(app: Flask) -> None:
    nadia, own = factories.identity(NADIA), current(SLUG, MISTRAL).hash
    common = release(propose(MORE)).hash
    actions.stay(nadia, MISTRAL, SLUG, common)
    assert (offered(), declined()) == ([], [SLUG])
    actions.refit(MISTRAL)
    assert (offered(), declined()) == ([], [SLUG]), "fitting again does not ask again"
    assert current(SLUG, MISTRAL).hash == own
    actions.look_again(nadia, MISTRAL, SLUG)
    assert (offered(), declined()) == ([SLUG], [])
    actions.take_common(nadia, MISTRAL, SLUG, seen(SLUG, MISTRAL))
    assert (offered(), declined()) == ([], [])


def test_what_was_declined_is_declined_once_the_next_form_is_offered_again(app: Flask) -> None:
    nadia, shown = factories.identity(NADIA), release(propose(MORE)).hash
    actions.stay(nadia, MISTRAL, SLUG, shown)
    release(propose(MORE.replace("Numéro du logement", "Numéro de la porte")))
    follow()
    assert offered() == [SLUG]
    with pytest.raises(Moved):
        actions.stay(nadia, MISTRAL, SLUG, shown)


def test_only_who_sets_the_operation_up_declines_for_it(app: Flask) -> None:
    with pytest.raises(Forbidden):
        actions.stay(factories.identity(CLAIRE), MISTRAL, SLUG, release(propose(MORE)).hash)


def test_the_page_of_the_operation_offers_to_stay_and_to_look_again(app: Flask, sign_in: SignIn) -> None:
    common, nadia = release(propose(MORE)).hash, sign_in(NADIA)
    stay, look = f"/forms/{SLUG}/offers/{MISTRAL}/stay", f"/forms/{SLUG}/offers/{MISTRAL}/look"
    assert stay in nadia.get(OVERVIEW).text
    sent = nadia.post(stay, data={"seen": common})
    assert (sent.status_code, offered()) == (303, [])
    page = nadia.get(OVERVIEW).text
    assert stay not in page and look in page
    assert look in sign_in(INES).get(f"/forms/{SLUG}/uses").text
    assert nadia.post(look).status_code == 303
    assert offered() == [SLUG]
    assert sign_in(CLAIRE).post(stay, data={"seen": common}).status_code in (403, 404)


@pytest.fixture
def stuck(app: Flask) -> str:
    """Another operation whose own changes no longer give a form."""
    exchange.install(exchange.read_operation(ROOT / "templates" / "operations" / "severine.yaml"))
    actions.adopt("severine", SLUG)
    changed = {"changed_by": INES, "changed_at": clock.now(), "number": 1, "version": 1}
    db.session.add(Adaptation(holder="operation:mistral", slug=SLUG, changes=[NOWHERE], **changed))
    db.session.commit()
    return MISTRAL


def test_an_operation_that_cannot_follow_holds_up_no_other_and_its_page_says_so(
    app: Flask, stuck: str, sign_in: SignIn
) -> None:
    before = current(SLUG, stuck).hash
    newer = release(propose(OTHER_WORDS)).hash
    follow()
    assert "Numéro de la porte" in current(SLUG, "severine").form.xml
    assert (current(SLUG, stuck).hash, newer) == (before, current(SLUG).hash)
    assert [fact.data["code"] for fact in facts(f"procedure:{SLUG}") if fact.kind == "ProcedureNotFollowed"] == [
        "form_refused"
    ]
    assert [(one.slug, one.stuck) for one in queries.offers(stuck)] == [(SLUG, True)]
    for page in (sign_in(NADIA).get(OVERVIEW), sign_in(INES).get(f"/forms/{SLUG}/uses")):
        assert f'id="stuck-{SLUG}"' in page.text


def test_a_version_of_the_past_goes_on_after_a_new_partner(app: Flask) -> None:
    old = seen(SLUG, MISTRAL)
    newer = release(propose(MORE)).hash
    actions.take_common(factories.identity(NADIA), MISTRAL, SLUG, old)
    actions.release(factories.identity(NADIA), SLUG, old, newer, operation=MISTRAL)
    partner(MISTRAL, "logis-du-drac", "Logis du Drac")
    actions.refit(MISTRAL)
    assert (offered(), declined()) == ([], [SLUG]), "what was put back on purpose is not offered away again"
    assert db.session.get_one(ProcedureVersion, old).state == "published"
