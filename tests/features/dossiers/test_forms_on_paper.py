"""The form of one household on paper: blank or with what is known, cut for the household, told in the record."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from flask.testing import FlaskClient

from tests import factories as made
from tests.cast import BRUNO, CLAIRE, HELENE, SONIA
from tests.features.dossiers.test_who_reads_v4 import CONFIDED
from workflow.catalogue.queries import current, slugs
from workflow.db import db
from workflow.dossiers import actions
from workflow.record.queries import facts
from workflow.web.models import SensitiveRead

DANGER = "Jeton-danger-771"


@dataclass(frozen=True)
class Told:
    """A dossier as the tests speak of it."""

    id: str
    reference: str
    subject: str
    household_id: str
    name: str


def a_confided_dossier() -> Told:
    """What Claire was told in confidence stands in the draft."""
    row = made.a_dossier()
    actions.write_answers(made.identity(CLAIRE), row.reference, made.said(row.household) | CONFIDED)
    told = Told(row.id, row.reference, row.subject, row.household_id, row.household.name)
    db.session.commit()
    return told


def ask(client: FlaskClient, reference: str, what: str, folder: Path, **more: str) -> str:
    """The words of the PDF that comes back."""
    sent = {"what": what, "size": "normal", "lang": "fr"} | more
    answer = client.post(f"/dossiers/{reference}/print", data=sent)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf"), answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    file = folder / f"{what}.pdf"
    file.write_bytes(answer.data)
    said = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, check=True, text=True).stdout
    return " ".join(said.split())


def printings(row: Told) -> list[tuple[str, str]]:
    db.session.rollback()
    return [
        (fact.actor["person"], fact.data["dossier"])
        for fact in facts(f"household:{row.household_id}")
        if fact.kind == "FormPrinted"
    ]


def test_a_blank_form_carries_the_reference_and_nothing_of_the_household(desk, tmp_path) -> None:
    row = a_confided_dossier()
    claire = desk(CLAIRE, row)
    assert f"/dossiers/{row.reference}/print" in claire.get().last.text
    assert claire.get("/print").status == 200
    said = ask(claire.client, row.reference, "blank", tmp_path)
    assert row.reference in said
    assert "Formulaire à remplir" in said
    assert row.name not in said
    assert DANGER not in said
    assert printings(row) == []


def test_a_form_with_answers_is_told_in_the_record(desk, tmp_path) -> None:
    row = a_confided_dossier()
    said = ask(desk(CLAIRE, row).client, row.reference, "known", tmp_path)
    assert row.name in said
    assert printings(row) == [(CLAIRE, row.id)]
    assert db.session.query(SensitiveRead).filter_by(page="dossiers.print_form").all() == []


def test_a_form_with_answers_that_lies_at_home_tells_and_asks_nothing_that_its_copy_leaves_out(desk, tmp_path) -> None:
    row = a_confided_dossier()
    claire = desk(CLAIRE, row)
    blank = ask(claire.client, row.reference, "blank", tmp_path)
    known = ask(claire.client, row.reference, "known", tmp_path)
    assert DANGER not in known
    for question in ("est en danger", "ne doit être communiquée à personne", "travailleur social vous suit"):
        assert question in blank
        assert question not in known


def test_it_holds_no_more_than_who_prints_may_see(desk, tmp_path) -> None:
    row = a_confided_dossier()
    said = ask(desk(BRUNO, row).client, row.reference, "known", tmp_path)
    assert DANGER not in said
    assert "est en danger" not in said  # the question is hidden, not only its answer
    assert row.name in said


def test_each_language_of_a_form_has_its_title(app) -> None:
    for slug in slugs():
        found = current(slug, "mistral")
        assert found is not None
        assert set(found.form.languages) <= set(found.label), slug


def test_who_fills_no_form_here_prints_none(desk) -> None:
    row = a_confided_dossier()
    for other in (SONIA, HELENE):
        stranger = desk(other, row)
        assert stranger.get("/print").status == 404
        assert stranger.client.post(f"/dossiers/{row.reference}/print", data={}).status_code == 404


def test_a_choice_that_is_not_offered_is_asked_again(desk) -> None:
    row = a_confided_dossier()
    claire = desk(CLAIRE, row)
    sent = {"what": "known", "size": "normal", "lang": "xx"}
    assert claire.client.post(f"/dossiers/{row.reference}/print", data=sent).status_code == 422
    assert printings(row) == []
