"""A paper form is typed in: whose it is, what is wrong, what was left, who typed what from which paper."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from forms.instance import Instance
from forms.keying.typed import shown
from forms.pages import name_of
from tests import factories
from tests.cast import BRUNO, CLAIRE, NADIA, SONIA
from tests.features.dossiers.test_who_reads_v4 import CONFIDED
from workflow import clock
from workflow.db import db
from workflow.dossiers import actions, queries
from workflow.dossiers.models import Dossier, Submission
from workflow.dossiers.queries.attachments import attachments_of_dossier
from workflow.web.models import KeptPage, SensitiveRead, WebSession

ON = "20112026"


def as_keyed(row: Dossier, said: dict[str, Any] | None = None) -> dict[str, str]:
    """What somebody types of a paper that holds these answers."""
    answers = factories.said(row.household) if said is None else said
    instance = Instance.from_answers(queries.form_of(row), answers, queries.circumstances(row.operation_id))
    return {
        name_of(path): shown(question, node.text, "fr")
        for path, node, question in instance.leaves()
        if question.asked and node.text and node.relevant
    }


def paper(row: Dossier, **more: Any) -> dict[str, Any]:
    return {"paper_reference": row.reference, "on": ON, "by": "household", **more}


def stored(row: Dossier) -> Instance:
    db.session.rollback()
    found = queries.by_reference(row.reference)
    return queries.opened(found, queries.present_set(found))[0]


def test_a_whole_paper_is_keyed_and_the_dossier_says_by_whom_from_which_paper(app: Flask, desk: Callable) -> None:
    row = factories.a_dossier()
    typed = as_keyed(row)
    expected = Instance.from_answers(
        queries.form_of(row), factories.said(row.household), queries.circumstances(row.operation_id)
    )
    person = desk(BRUNO, row).get("/key")
    assert person.status == 200
    assert "A13" in person.text and "1 Oui" in person.text
    person = desk(CLAIRE, row).get("/key").send("/key", **typed, **paper(row), finish="1")
    assert person.status == 303, person.text
    found = stored(row)
    for path, value in expected.values().items():
        if expected.question(path).asked:
            assert sorted(found.get(path).split()) == sorted(expected.get(path).split()), (path, value)
    db.session.rollback()
    page = person.get("").text
    assert "Saisi par Claire Maurin d’après le papier du vendredi 20 novembre 2026" in page
    [row_kept] = [one for one in db.session.query(Submission) if one.source == "paper"]
    assert (row_kept.state, row_kept.findings, row_kept.told["by"]) == ("accepted", 0, "household")
    again = queries.by_reference(row.reference)
    lines = queries.opened(again, queries.present_set(again))[1]
    assert lines["/data/C/person[1]/C1"][2:] == ["paper", {"on": "2026-11-20"}]


def test_the_paper_of_another_household_is_refused_and_what_was_typed_can_be_taken_there(
    app: Flask, desk: Callable
) -> None:
    mine, theirs = factories.a_dossier(0), factories.a_dossier(1)
    person = desk(CLAIRE, mine).get("/key")
    person.send("/key", **{"data:A:A_entretien:A6": "Madame Blanc"}, **paper(theirs))
    assert person.status == 409
    assert theirs.household.name in person.text and mine.household.name in person.text
    assert 'value="Madame Blanc"' in person.last.text
    assert stored(mine).get("/data/A/A_entretien/A6") != "Madame Blanc"
    action = re.search(r'formaction="([^"]+)"', person.last.text).group(1)
    moved = person.client.post(action, data=person.form("/key") | {"moved": "1"})
    assert moved.status_code == 200 and 'value="Madame Blanc"' in moved.text
    assert stored(theirs).get("/data/A/A_entretien/A6") != "Madame Blanc", "nothing is saved before one looks"
    person.last, person.reference = moved, theirs.reference
    assert person.send("/key", save="1").status == 303
    assert stored(theirs).get("/data/A/A_entretien/A6") == "Madame Blanc"


@pytest.mark.parametrize("typed", ["", "ACT-999999-9"])
def test_without_the_reference_of_the_paper_nothing_is_written_and_nothing_lost(
    app: Flask, desk: Callable, typed: str
) -> None:
    row = factories.a_dossier()
    person = desk(CLAIRE, row).get("/key").send("/key", **{"data:A:A_entretien:A6": "Léon"}, paper_reference=typed)
    assert person.status == 422
    assert 'value="Léon"' in person.last.text
    assert stored(row).get("/data/A/A_entretien/A6") != "Léon"


@pytest.mark.parametrize("typed", ["", "ACT-999999-9", None])
def test_the_reference_is_asked_again_above_confided_answers_and_their_reading_is_noted(
    app: Flask, desk: Callable, typed: str | None
) -> None:
    row, other = factories.a_dossier(0), factories.a_dossier(1)
    actions.write_answers(factories.identity(CLAIRE), row.reference, factories.said(row.household) | CONFIDED)
    db.session.commit()
    person = desk(CLAIRE, row).get("/key")
    db.session.query(SensitiveRead).delete()
    db.session.commit()
    reference = other.reference if typed is None else typed
    db.session.rollback()
    person.send("/key", **{"data:A:A_entretien:A6": "Léon"}, paper_reference=reference)
    assert person.status == (409 if typed is None else 422)
    assert 'value="Léon"' in person.last.text
    assert {one.levels for one in db.session.query(SensitiveRead)} == {"V3 V4"}


def test_a_keyed_page_sent_after_the_session_ended_stands_there_again_after_signing_in(
    app: Flask, desk: Callable
) -> None:
    row = factories.a_dossier()
    typed = {"data:A:A_entretien:A6": "Trop tard"} | paper(row)
    person = desk(CLAIRE, row).get("/key")
    db.session.rollback()
    db.session.query(WebSession).update({WebSession.seen_at: clock.now() - timedelta(hours=1)})
    db.session.commit()
    person.send("/key", **typed, finish="1")
    assert (person.status, person.last.location) == (303, f"/sign-in?next=/dossiers/{person.reference}/key")
    back = desk(CLAIRE, row).get("/key")
    assert 'value="Trop tard"' in back.last.text and 'value="20112026"' in back.last.text
    assert stored(row).get("/data/A/A_entretien/A6") != "Trop tard"
    assert back.send("/key", paper_reference="").status == 422
    assert 'value="Trop tard"' in back.last.text
    assert back.send("/key", paper_reference=back.reference, save="1").status == 303
    assert stored(row).get("/data/A/A_entretien/A6") == "Trop tard"
    assert db.session.query(KeptPage).count() == 0


def test_a_keyed_page_drawn_for_another_session_is_drawn_again_with_what_was_typed(app: Flask, desk: Callable) -> None:
    row = factories.a_dossier()
    person = desk(CLAIRE, row).get("/key")
    app.config["WTF_CSRF_ENABLED"] = True
    person.send("/key", **{"data:A:A_entretien:A6": "Ancien jeton"}, **paper(row), csrf_token="old", save="1")
    assert person.status == 400 and 'value="Ancien jeton"' in person.last.text
    assert person.send("/key", save="1").status == 303
    assert stored(row).get("/data/A/A_entretien/A6") == "Ancien jeton"


def test_keying_is_left_and_taken_up_again(app: Flask, desk: Callable) -> None:
    row = factories.a_dossier()
    person = desk(CLAIRE, row).get("/key").send("/key", **{"data:A:A13": "1"}, **paper(row), leave="1")
    assert person.status == 303
    person.get("/key")
    form = person.form("/key")
    assert (form["data:A:A13"], form["on"], form["by"]) == (["1"], ["20/11/2026"], ["household"])
    assert person.send("/key", **{"data:B:B1": "1"}, save="1").status == 303
    assert stored(row).get("/data/B/B1") and stored(row).get("/data/A/A13") == "oui"


def test_wrong_and_unasked_answers_are_kept_and_told(app: Flask, desk: Callable) -> None:
    row = factories.a_dossier()
    typed = {"data:A:A_entretien:A5": "31022026", "data:A:A13": "2", "data:B:B1": "1", "data:B:B8": "9"}
    person = desk(CLAIRE, row).get("/key").send("/key", **typed, **paper(row), save="1").follow()
    assert 'value="31/02/2026"' in person.last.text
    assert "n’est pas prise en compte" in person.text
    assert stored(row).get("/data/B/B1"), "kept though A13 says no"
    person.send("/key", finish="1")
    assert person.status == 303
    [kept] = [one for one in db.session.query(Submission) if one.source == "paper"]
    assert kept.state == "flagged" and kept.findings >= 1


def test_a_paper_without_its_day_is_not_finished_and_what_was_typed_is_saved(app: Flask, desk: Callable) -> None:
    row = factories.a_dossier()
    person = desk(CLAIRE, row).get("/key")
    person.send("/key", **{"data:A:A13": "1"}, paper_reference=row.reference, finish="1")
    assert person.status == 422
    assert stored(row).get("/data/A/A13") == "oui"
    person.send("/key", on="31122099", by="relative", finish="1")
    assert person.status == 422 and "futur" in person.text


def test_scans_go_with_the_paper_for_who_may_read_all_of_it_and_what_is_no_scan_is_refused(
    app: Flask, desk: Callable
) -> None:
    row = factories.a_dossier()
    picture = BytesIO()
    Image.new("RGB", (30, 20), "white").save(picture, "PNG")
    person = desk(CLAIRE, row).get("/key")
    person.send("/key", **paper(row), **{"data:A:A13": "1"}, scan=(BytesIO(b"MZ" * 50), "page.pdf"), save="1")
    assert person.status == 422 and 'value="1"' in person.last.text
    person.send("/key", scan=(BytesIO(picture.getvalue()), "page.png"), save="1")
    assert person.status == 303
    found = queries.by_reference(row.reference)
    [scan] = attachments_of_dossier(factories.identity(CLAIRE), found)
    address = f"/attachments/{scan.id}"
    assert attachments_of_dossier(factories.identity(BRUNO), found) == []
    claire = desk(CLAIRE, row)
    sent = claire.client.post(f"{address}/move", data={"target": factories.a_household(3).id})
    assert sent.status_code == 403, "it stays with what was keyed from it"
    for slug in (CLAIRE, BRUNO, NADIA, factories.another_adviser()):
        assert desk(slug, row).client.get(address).status_code == (200 if slug == CLAIRE else 404), slug
    assert {one.levels for one in db.session.query(SensitiveRead).filter_by(page="dossiers.attachment")} == {"V3 V4"}


def test_more_lines_and_a_number_lead_back_to_their_place(app: Flask, desk: Callable) -> None:
    row = factories.a_dossier()
    person = desk(CLAIRE, row).get("/key").send("/key", **paper(row), more="/data/C/person")
    assert person.last.location.endswith("/key?more=/data/C/person#data:C:person")
    person.follow()
    assert "data:C:person~12:C1" in person.last.text
    person.send("/key", jump="b2", save="1")
    assert person.last.location.endswith("#data:B:B2")


def test_who_saved_meanwhile_is_not_overwritten(app: Flask, desk: Callable) -> None:
    row = factories.a_dossier()
    keying, filling = desk(CLAIRE, row).get("/key"), desk(CLAIRE, row).get("/fill/B")
    filling.send("/fill/B", **{"data:B:B2_quartier": "01/02/2003"})
    keying.send("/key", **paper(row), **{"data:B:B2_quartier": "05051999"}, save="1")
    assert keying.status == 409 and 'value="05051999"' in keying.last.text
    assert stored(row).get("/data/B/B2_quartier") == "2003-02-01"


def test_only_the_team_keys_and_only_while_the_answers_are_being_given(app: Flask, desk: Callable) -> None:
    row = factories.a_submitted_dossier()
    assert desk(CLAIRE, row).get("/key").status == 303
    assert desk(SONIA, row).get("/key").status in (303, 404)


def test_after_a_correction_only_the_sections_sent_back_are_keyed(app: Flask, desk: Callable) -> None:
    row = factories.a_submitted_dossier()
    factories.decide(SONIA, row, "SendBack", "visa_bailleur", sections=("D",), reason="Le loyer a changé.")
    page = desk(CLAIRE, row).get("/key").text
    assert "data:D:D2_loyer" in page or "D2a" in page
    assert "E4a" not in page and "n’apparaissent pas" in page
