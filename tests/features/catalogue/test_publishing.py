"""A newer version of a form is sent, looked at, tried and put into use: nothing is ever half published."""

import io
import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forms.findings import FormRefused
from tests import factories
from tests.cast import CLAIRE, INES, NADIA
from tests.features.catalogue.test_adopting import MISTRAL, SLUG, partner
from tests.features.conftest import SignIn
from workflow import outbox
from workflow.app import ROOT
from workflow.catalogue import actions, queries
from workflow.catalogue.models import Adoption, ProcedureVersion, Proposal
from workflow.catalogue.queries import current, seen
from workflow.db import db
from workflow.dossiers import actions as dossiers
from workflow.errors import Forbidden, Moved, NotFound
from workflow.record.queries import facts

FORM = (ROOT / "templates" / "procedures" / SLUG / "form.md").read_text("utf-8")
OTHER_WORDS = FORM.replace("| Numéro du logement |", "| Numéro de la porte |")
MORE = re.sub(r"(\|\s*\|[^|]*\|\s*)A2(\s*\|[^\n]*\n)", r"\1A2\2\1A2_bis\2", FORM, count=1)


def without(name: str) -> str:
    return "\n".join(line for line in FORM.split("\n") if not re.match(rf"\|\s*\|[^|]*\|\s*{name}\s*\|", line))


def propose(text: str, operation: str = "", by: str = INES) -> Proposal:
    row = actions.propose(
        factories.identity(by), SLUG, text.encode(), "form.md", operation=operation, note="Mieux dit."
    )
    db.session.commit()
    return row


def release(row: Proposal, by: str = INES) -> ProcedureVersion:
    found = actions.release(
        factories.identity(by), SLUG, row.version, seen(SLUG, row.operation), operation=row.operation
    )
    db.session.commit()
    return found


def follow() -> None:
    db.session.rollback()
    outbox.drain()


def test_nothing_begins_on_a_version_that_only_waits(app: Flask) -> None:
    before = current(SLUG).hash
    row = propose(MORE)
    assert current(SLUG).hash == before != row.version
    assert row.version not in {one.hash for one in queries.known_versions(SLUG, None)}
    assert release(row).note == "Mieux dit."
    assert current(SLUG).hash == row.version
    assert db.session.query(Proposal).count() == 0
    told = [fact for fact in facts(f"procedure:{SLUG}") if fact.kind == "ProcedureReleased"]
    assert (told[-1].data["before"], told[-1].actor) == (before, {"person": INES})


def test_whoever_comes_second_is_told_and_changes_nothing(app: Flask) -> None:
    shown = seen(SLUG)
    first, second = propose(MORE), propose(OTHER_WORDS)
    release(first)
    with pytest.raises(Moved):
        actions.release(factories.identity(INES), SLUG, second.version, shown)
    db.session.rollback()
    assert current(SLUG).hash == first.version
    assert db.session.query(Proposal).count() == 1


def test_a_version_thrown_away_leaves_nothing_behind(app: Flask) -> None:
    row = propose(MORE)
    version = row.version
    actions.withdraw(factories.identity(INES), row.id)
    db.session.commit()
    assert db.session.get(ProcedureVersion, version) is None


@pytest.mark.parametrize(("name", "code"), [("A_bailleur", "step_reads"), ("A14", "agreements"), ("J2", "document")])
def test_what_steps_and_documents_read_may_not_go(app: Flask, name: str, code: str) -> None:
    text = without(name).replace(f"${{{name}}}", "'x'")
    with pytest.raises(FormRefused) as refused:
        propose(text)
    found = {one.code: one for one in refused.value.findings if one.level == "refused"}
    assert code in found
    assert found[code].message % found[code].params


def test_what_was_filled_from_the_file_of_the_household_is_said(app: Flask) -> None:
    row = propose(without("A1_entree").replace("${A1_entree}", "''"))
    assert [one["code"] for one in row.findings if one["code"] == "prefill"] == ["prefill"]


@pytest.mark.complaint(25)
def test_a_change_of_words_reaches_operations_at_once_and_questions_when_they_agree(app: Flask) -> None:
    release(propose(OTHER_WORDS))
    follow()
    assert "Numéro de la porte" in current(SLUG, MISTRAL).form.xml
    assert queries.offers(MISTRAL) == []
    worded = current(SLUG, MISTRAL).hash
    newer = release(propose(MORE)).hash
    follow()
    assert current(SLUG, MISTRAL).hash == worded
    partner(MISTRAL, "logis-du-drac", "Logis du Drac")
    actions.refit(MISTRAL)
    assert "/data/A/A_logement/A2_bis" not in current(SLUG, MISTRAL).form.questions, "nor by the way"
    assert [(one.base != one.common, one.own) for one in queries.offers(MISTRAL)] == [(True, False)]
    actions.take_common(factories.identity(NADIA), MISTRAL, SLUG, seen(SLUG, MISTRAL))
    assert "/data/A/A_logement/A2_bis" in current(SLUG, MISTRAL).form.questions
    assert db.session.get_one(Adoption, (MISTRAL, SLUG)).base == newer
    assert queries.offers(MISTRAL) == []


def test_an_operation_has_a_form_of_its_own_which_nobody_else_knows(app: Flask) -> None:
    common = current(SLUG).hash
    row = propose(MORE, MISTRAL, NADIA)
    release(row, NADIA)
    assert current(SLUG).hash == common
    assert "logis" not in current(SLUG, MISTRAL).hash
    assert "/data/A/A_logement/A2_bis" in current(SLUG, MISTRAL).form.questions
    assert "ACTIS" in current(SLUG, MISTRAL).form.xml, "its own lists all the same"
    assert row.version in {one.hash for one in queries.known_versions(SLUG, frozenset((MISTRAL,)))}
    assert row.version not in {one.hash for one in queries.known_versions(SLUG, frozenset(("ailleurs",)))}
    new, _is_new = dossiers.open_dossier(factories.identity(CLAIRE), factories.a_household(3), current(SLUG, MISTRAL))
    assert new.procedure == current(SLUG, MISTRAL).hash


def test_only_who_looks_after_the_installation_changes_the_common_form(app: Flask) -> None:
    for by, operation in ((NADIA, ""), (CLAIRE, MISTRAL), (INES, "ailleurs")):
        with pytest.raises((Forbidden, NotFound)):
            propose(MORE, operation, by)


def test_a_form_of_the_library_read_again_takes_nobodys_place(app: Flask) -> None:
    newer = release(propose(MORE)).hash
    actions.publish(ROOT / "templates" / "procedures" / SLUG)
    assert current(SLUG).hash == newer


# -- pages


@pytest.fixture
def ines(sign_in: SignIn) -> FlaskClient:
    return sign_in(INES)


def send(client: FlaskClient, text: str, where: str = "*") -> tuple[int, str]:
    files = {"file": (io.BytesIO(text.encode()), "form.md"), "where": where, "note": "Une question de plus."}
    answer = client.post(f"/forms/{SLUG}/propose", data=files, content_type="multipart/form-data")
    return answer.status_code, answer.headers.get("Location", "") or unescape(answer.text)


def test_from_the_file_to_the_version_in_use_in_the_pages(app: Flask, ines: FlaskClient) -> None:
    status, where = send(ines, MORE)
    assert status == 303
    page = unescape(ines.get(where).text)
    assert "Une question de plus." in page and "A2_bis" not in page.partition("<main")[0]
    assert where in ines.get(f"/forms/{SLUG}").text
    assert ines.get(f"{where}/try").status_code == 200
    shown = re.search(r'name="seen" value="(\w+)"', page)[1]
    assert ines.post(f"{where}/release", data={"seen": "x" * 64, "note": "Gardé."}).status_code == 409
    assert ines.post(f"{where}/release", data={"seen": shown, "note": "Voilà."}).status_code == 303
    version = current(SLUG)
    assert "/data/A/A_logement/A2_bis" in version.form.questions
    assert "Voilà." in unescape(ines.get(f"/forms/{SLUG}/versions/{version.hash}").text)


def test_a_form_that_cannot_be_used_is_shown_with_what_to_correct_and_kept_nowhere(
    app: Flask, ines: FlaskClient
) -> None:
    status, page = send(ines, without("A14").replace("${A14}", "'x'"))
    assert status == 422
    assert "A14" in page
    assert db.session.query(Proposal).count() == 0
    status, _page = send(ines, FORM)
    assert status == 409, "nothing changes"


def test_a_manager_is_offered_her_own_operation_only(app: Flask, sign_in: SignIn) -> None:
    nadia = sign_in(NADIA)
    page = unescape(nadia.get(f"/forms/{SLUG}/propose").text)
    assert f'value="{MISTRAL}"' in page and 'value="*"' not in page
    assert send(nadia, MORE, "*")[0] == 422
    status, where = send(nadia, MORE, MISTRAL)
    assert (status, sign_in(CLAIRE).get(where).status_code) == (303, 404)
    assert sign_in(NADIA).get(where).status_code == 200
