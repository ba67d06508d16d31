"""What is under way in an operation: reminded and passed on by whoever looks after it; late counts for the meeting."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import event

from tests import factories
from tests.cast import CLAIRE, INES, KARIM, MONIQUE, NADIA, PATRICE, SONIA
from tests.features.approvals.test_several_at_once import ask, confirm, kinds, page, plain, submitted
from tests.features.conftest import SignIn
from workflow import clock
from workflow.approvals.queries import tasks, waiting_for
from workflow.approvals.queries.lateness import Waits, lateness
from workflow.db import db

UNDER_WAY, LATE = "/operations/mistral/under-way", "/operations/mistral/late"
STEP = "visa_bailleur"


def test_whoever_looks_after_a_procedure_sees_who_is_asked(app: Flask, sign_in: SignIn) -> None:
    submitted(2)
    shown = page(sign_in(NADIA), UNDER_WAY)
    assert "Sonia Mendès" in shown
    assert "Jamais" in shown or "Never" in shown
    for slug in (SONIA, INES, MONIQUE):
        assert sign_in(slug).get(UNDER_WAY).status_code == 404


@pytest.mark.complaint(22)
def test_a_reminder_is_never_sent_twice_a_day_unless_it_is_ticked(app: Flask, sign_in: SignIn) -> None:
    [file], client = submitted(1), sign_in(NADIA)
    confirm(client, ask(client, [file], STEP, "Remind", UNDER_WAY), [0])
    assert kinds(file).count("Reminded") == 1
    again = ask(client, [file], STEP, "Remind", UNDER_WAY)
    assert 'value="0" checked' not in client.get(again).text
    assert client.post(again, data={}).status_code == 422, "nothing is ticked"
    confirm(client, again, [0])
    assert kinds(file).count("Reminded") == 2
    with clock.at(clock.now() + timedelta(days=1)):
        assert 'value="0" checked' in sign_in(NADIA).get(ask(sign_in(NADIA), [file], STEP, "Remind", UNDER_WAY)).text


def test_work_passes_from_one_to_another_who_holds_the_same(app: Flask, sign_in: SignIn) -> None:
    [file], client = submitted(1), sign_in(NADIA)
    path = ask(client, [file], STEP, "Reassign", UNDER_WAY, **{"from": SONIA, "to": KARIM})
    report = confirm(client, path, [0])
    assert "Karim Belaïd" in report
    assert "Reassigned" in kinds(file)
    assert waiting_for(factories.identity(SONIA)) == []
    assert [waits.task.subject for waits in waiting_for(factories.identity(KARIM))] == [file.subject]
    db.session.rollback()
    wrong = {"file": [f"{file.subject}/{STEP}"], "deed": "Reassign", "from": KARIM, "to": INES}
    assert client.post(UNDER_WAY, data=wrong).status_code == 422, "she is asked for nothing here"
    unfit = ask(client, [file], STEP, "Reassign", UNDER_WAY, **{"from": KARIM, "to": SONIA})
    assert client.get(unfit).status_code == 200


@pytest.mark.complaint(2)
def test_one_passes_one_s_own_turn_on_from_what_waits_for_them(app: Flask, sign_in: SignIn) -> None:
    [file], client = submitted(1), sign_in(SONIA)
    confirm(client, ask(client, [file], STEP, "Reassign", to=KARIM), [0])
    assert waiting_for(factories.identity(SONIA)) == []
    db.session.rollback()
    late = client.post("/waiting", data={"file": [f"{file.subject}/{STEP}"], "deed": "Reassign", "to": CLAIRE})
    assert late.status_code == 422


def test_filters_leave_what_was_asked_for(app: Flask, sign_in: SignIn) -> None:
    files = [*submitted(2), plain(factories.a_dossier(2))]
    name = files[0].name.removeprefix("Famille ")
    client = sign_in(NADIA)

    def found(query: str) -> set[str]:
        text = client.get(f"{UNDER_WAY}?{query}").text
        return {one.reference for one in files if one.reference in text}

    assert found("") == {one.reference for one in files}
    assert found(f"person={CLAIRE}") == {files[2].reference}
    assert found(f"step=diagnostic-social/{STEP}") == {files[0].reference, files[1].reference}
    assert files[0].reference in found(f"q={name}")
    assert found("q=zzzz") == set()
    assert found("late=1") == set()


def test_what_waits_for_me_is_filtered_by_step_lateness_and_words(app: Flask, sign_in: SignIn) -> None:
    files = submitted(2)
    due = tasks([files[0].subject])[files[0].subject][0].due
    db.session.rollback()

    def found(query: str) -> int:
        return unescape(sign_in(SONIA).get(f"/waiting?{query}").text).count('class="task-link"')

    assert found(f"step=diagnostic-social/{STEP}&operation=mistral&whose=own") == 2
    assert found("whose=for_another") == 0
    assert found(f"q={files[0].reference}") == 1
    assert found("late=1") == 0
    with clock.at(due + timedelta(hours=1)):
        assert found("late=1") == 2


def test_one_line_more_costs_no_more_queries(app: Flask, sign_in: SignIn) -> None:
    sent: list[str] = []
    nadia, sonia = sign_in(NADIA), sign_in(SONIA)
    event.listen(db.engine, "before_cursor_execute", lambda *told: sent.append(told[2]))
    counts = []
    for rank in range(3):
        plain(factories.a_submitted_dossier(rank))
        counts.append(
            [
                _statements(client, path, sent)
                for client, path in ((nadia, UNDER_WAY), (nadia, LATE), (sonia, "/waiting"))
            ]
        )
    assert counts[1] == counts[2]


def _statements(client, path: str, sent: list[str]) -> int:
    client.get(path)
    sent.clear()
    assert client.get(path).status_code == 200
    return len(sent)


# -- late, by organisation ----------------------------------------------------------------------------------------


def test_the_meeting_reads_how_late_each_organisation_is_and_no_name(app: Flask, sign_in: SignIn) -> None:
    files = submitted(2)
    names = [one.name for one in files]
    due = tasks([files[0].subject])[files[0].subject][0].due
    db.session.rollback()
    with clock.at(due + timedelta(days=3)):
        client = sign_in(PATRICE)
        shown = page(client, LATE)
        assert client.get(f"{LATE}?format=xlsx").data.startswith(b"PK")
    assert re.search(r"ACTIS .{0,120} 2 2 [34] ", shown), shown
    assert [name for name in [*names, "Sonia Mendès", *(one.reference for one in files)] if name in shown] == []
    assert sign_in(MONIQUE).get("/operations/elsewhere/late").status_code == 404


@pytest.mark.complaint(23)
@pytest.mark.parametrize(
    ("late_by", "median"), [([], None), ([4], 4), ([1, 2, 3, 400], 2.5), ([2, 2, 2, 2, 900], 2), ([0], None)]
)
def test_one_long_dead_case_does_not_spoil_the_figure(late_by: list[int], median: float | None) -> None:
    now = clock.now().replace(month=11, hour=23, minute=0, second=0, microsecond=0)  # midnight in Paris, in winter
    today = now.date()
    due = [now - timedelta(days=days) for days in late_by]
    known = [Waits("actis", "", "step", one, 1) for one in due] + [Waits("actis", "", "step", None, 5)]
    found = lateness(known, today, "Europe/Paris")
    assert found.median == median
    assert found.open == len(late_by) + 5
    assert found.late == len([days for days in late_by if days])
