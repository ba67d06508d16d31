"""An open dossier goes on with a newer version of its form: nothing typed is lost, nobody's decision changes sense."""

import re
from html import unescape

import pytest
from flask import Flask

from tests import factories
from tests.cast import BRUNO, CLAIRE, NADIA, SONIA
from tests.features.conftest import SignIn
from workflow import outbox
from workflow.app import ROOT
from workflow.approvals import actions as approvals
from workflow.approvals.queries import standing
from workflow.approvals.queries.turns import turns
from workflow.catalogue import actions as catalogue
from workflow.catalogue.queries import Published, current, seen
from workflow.db import db
from workflow.dossiers import actions, queries
from workflow.dossiers.actions.changing_version import change_version
from workflow.dossiers.models import HANDED_ON, SET_ASIDE, Dossier
from workflow.dossiers.queries.answers import provenance_of
from workflow.errors import Refused
from workflow.record.queries import facts, faults

MISTRAL, SLUG = "mistral", "diagnostic-social"
FORM = (ROOT / "templates" / "procedures" / SLUG / "form.md").read_text("utf-8")


def in_use(text: str) -> Published:
    """The operation uses this form from now on."""
    nadia = factories.identity(NADIA)
    row = catalogue.propose(nadia, SLUG, text.encode(), "form.md", operation=MISTRAL)
    catalogue.release(nadia, SLUG, row.version, seen(SLUG, MISTRAL), operation=MISTRAL)
    db.session.commit()
    found = current(SLUG, MISTRAL)
    assert found is not None
    return found


def without(name: str) -> str:
    """The form without that question."""
    return "\n".join(line for line in FORM.split("\n") if not re.match(rf"\|\s*\|[^|]*\|\s*{name}\s*\|", line))


def another(level: str, after: str = "A2", required: str = "") -> str:
    """The form with one more question, read by who reads that level."""
    lines = FORM.split("\n")
    place = next(rank for rank, line in enumerate(lines) if re.match(rf"\|\s*\|[^|]*\|\s*{after}\s*\|", line))
    head = [cell.strip() for cell in next(line for line in lines if line.startswith("| survey")).split("|")[2:-1]]
    told = {"type": "text", "name": "NOUVELLE", "label::Français (fr)": "Nouvelle question", "required": required}
    told |= {"label::English (en)": "New question", "bind::relais:level": level, "bind::relais:purpose": "suivi"}
    lines.insert(place + 1, "| | " + " | ".join(told.get(name, "") for name in head) + " |")
    return "\n".join(lines)


def moved(row: Dossier, to: Published) -> str:
    code = change_version(row, to, NADIA).code
    db.session.commit()
    return code


def stays(row: Dossier, to: Published) -> str:
    with pytest.raises(Refused) as refused:
        change_version(row, to, NADIA)
    db.session.rollback()
    return refused.value.code


@pytest.mark.complaint(31)
def test_a_draft_goes_on_with_its_answers_and_is_handed_on_under_the_newer_form(app: Flask) -> None:
    row = factories.a_filled_dossier(0)
    before = queries.file(factories.identity(CLAIRE), row.reference).instance.values()
    to = in_use(another("V1"))
    assert moved(row, to) == "moves"
    file = queries.file(factories.identity(CLAIRE), row.reference)
    after = file.instance.values()
    assert row.procedure == to.hash == file.known.course.procedure
    assert {path: text for path, text in after.items() if path in before} == before
    assert "/data/A/A_logement/NOUVELLE" in file.instance.form.questions
    actions.submit(factories.identity(CLAIRE), row.reference, factories.version(row))
    db.session.commit()
    assert standing(row.subject).state.open.keys() == {"visa_bailleur"}


def test_answers_without_a_place_stay_readable_beside_and_are_counted(app: Flask) -> None:
    row = factories.a_filled_dossier(0)
    claire = factories.identity(CLAIRE)
    answers = queries.file(claire, row.reference).instance.values()
    said = {path.rpartition("/")[2]: path for path in answers}
    to = in_use(without("A2"))
    fate = change_version(row, to, NADIA)
    db.session.commit()
    assert (fate.code, fate.lost) == ("loses", (said["A2"],))
    left, now = queries.sets(row)[-2:]
    assert (left.state, now.state, now.revision) == (SET_ASIDE, "draft", left.revision + 1)
    earlier, _provenance = queries.opened(row, left)
    assert earlier.get(said["A2"]) == answers[said["A2"]]
    assert said["A2"] not in queries.opened(row, now)[0].form.questions


def test_what_an_answer_comes_from_goes_with_it(app: Flask) -> None:
    row = factories.a_filled_dossier(0)
    told = provenance_of(row, queries.present_set(row))
    moved(row, in_use(another("V1")))
    after = provenance_of(row, queries.present_set(row))
    assert {path: after[path] for path in after if path in told} == {path: told[path] for path in told if path in after}
    assert "/data/A/A_logement/A1" in after


def test_what_only_those_who_fill_in_read_may_change_while_somebody_decides(app: Flask) -> None:
    row = factories.a_submitted_dossier(0)
    before = queries.present_set(row)
    marks, saved = dict(before.marks), (before.saved_at, before.saved_by)
    assert moved(row, in_use(another("V4"))) == "moves"
    after = queries.present_set(row)
    assert (after.state, after.marks, (after.saved_at, after.saved_by)) == (HANDED_ON, marks, saved)
    factories.decide(SONIA, row, "Approve", "visa_bailleur")
    factories.decide(BRUNO, row, "Sign", "lecture_menage", channel="screen")
    assert standing(row.subject).state.open.keys() == {"validation"}


@pytest.mark.complaint(25)
@pytest.mark.parametrize("level", ["V1", "V2"])
def test_what_somebody_who_decides_reads_does_not_change_under_their_eyes(app: Flask, level: str) -> None:
    row = factories.a_submitted_dossier(0)
    to = in_use(another(level))
    assert stays(row, to) == "seen"
    factories.decide(SONIA, row, "SendBack", "visa_bailleur", reason="Le loyer est faux.")
    assert moved(row, to) == "moves", "once it came back, it goes on"


def test_an_answer_that_was_handed_on_never_finds_no_place(app: Flask) -> None:
    row = factories.a_submitted_dossier(0)
    assert stays(row, in_use(without("A2"))) == "answers_change"


def test_a_closed_dossier_never_moves(app: Flask) -> None:
    row = factories.a_validated_dossier(0)
    to = in_use(another("V4"))
    assert stays(row, to) == "closed"
    assert row.procedure != to.hash


def test_a_decision_that_survived_a_return_falls_when_its_reader_would_read_something_else(app: Flask) -> None:
    row = factories.a_dossier_before_the_household(0)
    factories.decide(BRUNO, row, "SendBack", "lecture_menage", reason="Une adresse manque.")
    assert len(standing(row.subject).state.votes_at("visa_bailleur")) == 1
    moved(row, in_use(another("V4")))
    assert len(standing(row.subject).state.votes_at("visa_bailleur")) == 1, "the landlord reads nothing of it"
    moved(row, in_use(another("V2", after="A3")))
    assert standing(row.subject).state.votes_at("visa_bailleur") == ()


def test_the_record_stays_whole_and_folds_again_to_the_same_course(app: Flask) -> None:
    row = factories.a_submitted_dossier(0)
    moved(row, in_use(another("V4")))
    factories.decide(SONIA, row, "Approve", "visa_bailleur")
    before = standing(row.subject).state
    assert [fact.kind for fact in facts(row.subject)].count("VersionChanged") == 1
    assert faults() == []
    approvals.rebuild()
    db.session.commit()
    assert standing(row.subject).state == before
    told = list(turns(standing(row.subject).published, facts(row.subject)))
    assert told[-1].after == before, "told turn by turn, it comes to the same"
    assert queries.file(factories.identity(SONIA), row.reference).known.course.version == before.version


def test_nobody_takes_back_what_was_done_under_the_version_before(app: Flask) -> None:
    row = factories.a_submitted_dossier(0)
    factories.decide(SONIA, row, "SendBack", "visa_bailleur", reason="Le loyer est faux.")
    moved(row, in_use(another("V1")))
    with pytest.raises(Refused) as refused:
        factories.decide(SONIA, row, "TakeBack", "")
    assert refused.value.code == "nothing_to_take_back"


@pytest.mark.complaint(26)
def test_files_are_looked_at_first_then_those_chosen_are_moved_in_the_pages(app: Flask, sign_in: SignIn) -> None:
    drafted, judged = factories.a_filled_dossier(0), factories.a_submitted_dossier(1)
    reference, ids = drafted.reference, (drafted.id, judged.id)
    told = queries.file(factories.identity(CLAIRE), reference).instance.get("/data/A/A_logement/A2")
    began, to = drafted.procedure, in_use(without("A2"))
    nadia, address = sign_in(NADIA), f"/operations/{MISTRAL}/forms/{SLUG}/newer"
    assert sign_in(CLAIRE).get(address).status_code == 404
    run = nadia.post(address).headers["Location"]
    outbox.drain()
    page = unescape(nadia.get(run).text)
    assert reference in page and "Référence du locataire" in page
    assert told not in page, "questions are named, answers are not"
    assert on(ids[0]) == began, "nothing is moved by looking"
    assert nadia.post(f"{run}/start", data={"dossier": ids[1]}).status_code == 422
    assert nadia.post(f"{run}/start", data={"all": "1"}).status_code == 303
    outbox.drain()
    assert (on(ids[0]), on(ids[1]) != to.hash) == (to.hash, True)
    claire = sign_in(CLAIRE)
    assert told in unescape(claire.get(f"/dossiers/{reference}/earlier").text)
    assert "/earlier" in claire.get(f"/dossiers/{reference}").text
    assert sign_in(SONIA).get(f"/dossiers/{reference}/earlier").status_code == 404


def on(dossier: str) -> str:
    """The version on which a dossier is now."""
    db.session.rollback()
    return db.session.get_one(Dossier, dossier, populate_existing=True).procedure
