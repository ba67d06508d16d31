"""One search over everything a reader may see; what they opened last; help and the first day."""

from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.cast import CLAIRE, FRANCOIS, MONIQUE, NADIA, OLIVIER
from tests.features.conftest import SignIn
from workflow.db import db
from workflow.dossiers import actions
from workflow.people.models import Person


def _search(client: FlaskClient, words: str) -> str:
    answer = client.get("/search", query_string={"q": words})
    assert answer.status_code == 200
    return unescape(answer.text)


def _home(number: int = 0) -> tuple[str, str, str]:
    row = factories.a_household(number)
    found = (row.id, row.reference, row.name)
    db.session.rollback()
    return found


def test_a_household_is_found_by_its_name_without_accents_or_case(app: Flask, sign_in: SignIn) -> None:
    told = {"reference": "ACT-009999", "name": "Mme Élodie Noël", "dwelling": "ZZ-901", "landlord": "actis"}
    actions.put_household("mistral", told, NADIA)
    db.session.commit()
    assert "Mme Élodie Noël" in _search(sign_in(CLAIRE), "elodie NOEL")


def test_an_exact_reference_leads_straight_to_the_household(app: Flask, sign_in: SignIn) -> None:
    household_id, reference, _name = _home()
    answer = sign_in(CLAIRE).get("/search", query_string={"q": reference.lower()})
    assert answer.status_code == 303
    assert answer.location == f"/households/{household_id}"


def test_an_exact_reference_leads_straight_to_a_dossier(app: Flask, sign_in: SignIn) -> None:
    reference = factories.a_dossier(0).reference
    db.session.rollback()
    answer = sign_in(CLAIRE).get("/search", query_string={"q": reference})
    assert answer.location == f"/dossiers/{reference}"


def test_what_one_may_not_see_is_not_found(app: Flask, sign_in: SignIn) -> None:
    _id, reference, name = _home()
    for stranger in (MONIQUE, FRANCOIS, OLIVIER):
        client = sign_in(stranger)
        assert name not in _search(client, name.split()[-1]).replace(f'value="{name.split()[-1]}"', "")
        assert client.get("/search", query_string={"q": reference}).status_code == 200


def test_colleagues_and_operations_are_found(app: Flask, sign_in: SignIn) -> None:
    page = _search(sign_in(NADIA), "maurin")
    assert "Claire Maurin" in page
    assert "Mistral" in _search(sign_in(NADIA), "mistral")


@pytest.mark.parametrize(
    "words", ["%", "_", "'; drop table people_person; --", "\\", "<script>alert(1)</script>", "é" * 5000]
)
def test_signs_with_a_meaning_elsewhere_are_only_signs(app: Flask, sign_in: SignIn, words: str) -> None:
    answer = sign_in(CLAIRE).get("/search", query_string={"q": words})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_what_was_opened_last_is_offered_again_to_that_person_only(app: Flask, sign_in: SignIn) -> None:
    household_id, _reference, name = _home()
    client = sign_in(CLAIRE)
    assert client.get(f"/households/{household_id}").status_code == 200
    assert name in unescape(client.get("/search").text)
    assert name not in unescape(sign_in(NADIA).get("/search").text)


def test_a_step_of_the_first_day_is_ticked_and_unticked(app: Flask, sign_in: SignIn) -> None:
    client = sign_in(CLAIRE)
    for expected in (["waiting"], []):
        assert client.post("/tour/waiting").status_code == 303
        db.session.rollback()
        assert db.session.get_one(Person, CLAIRE).tour == expected
    assert client.post("/tour/of-somebody-else").status_code == 404


def test_the_first_day_is_offered_until_it_is_done_or_put_away(app: Flask, sign_in: SignIn) -> None:
    client = sign_in(CLAIRE)
    assert 'href="/tour"' in client.get("/waiting").text.partition("<main")[2]
    client.post("/tour/dismissed")
    assert 'href="/tour"' not in client.get("/waiting").text.partition("<main")[2]


def test_every_page_of_somebody_signed_in_has_words_beside_it(app: Flask) -> None:
    from workflow import access
    from workflow.web.helping import help_for

    public = {name for name, rule in access.ROUTES.items() if rule == access.PUBLIC}
    fragments = {"dossiers.progress", "exchange.import_progress", "dossiers.present_now"}
    fragments |= {"dossiers.version_change_progress", "approvals.batch_progress"}
    documents = {"dossiers.attachment", "dossiers.handover_sheet", "dossiers.paper"}
    documents |= {"dossiers.answer_file", "dossiers.medium", "dossiers.arrived_file", "dossiers.draft"}
    documents |= {"approvals.sitting_paper", "approvals.sitting_scanned", "dossiers.bundle", "filing.letterhead_file"}
    fragments |= {"writing.progress", "writing.run_progress"}
    documents |= {"writing.paper", "writing.draft_letter", "writing.bundle_letters", "writing.letter_rows_sheet"}
    documents |= {"signing.file", "signing.page", "signing.scan", "charter.paper"}
    documents |= {"surveys.report_file"}
    documents |= {"signing.evidence_file", "signing.working_copy", "signing.receipt", "signing.arrival_file"}
    workbooks = {"dossiers.households_xlsx", "exchange.import_template", "exchange.import_wrong"}
    workbooks |= {"catalogue.adapt_workbook", "catalogue.download", "catalogue.paper_file"}
    silent = {"dashboards.home"} | fragments | documents | workbooks  # the first only leads elsewhere
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and rule.endpoint not in public | silent
    }
    assert sorted(name for name in pages if help_for(name, "fr") is None) == []
