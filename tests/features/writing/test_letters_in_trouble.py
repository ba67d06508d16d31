"""Letters to many while something goes wrong beside them: an erasure, one letter that breaks, a job given up."""

import pytest
from structlog.testing import capture_logs

from documents.authority import NoKey
from tests.cast import CLAIRE
from tests.features.writing.conftest import page_words
from tests.features.writing.letters import LETTERS, answered, begun, lines, started
from workflow.db import db
from workflow.dossiers import actions as dossiers
from workflow.dossiers.models import Household
from workflow.filing.actions.many import Sheaf
from workflow.filing.models import Paper
from workflow.outbox import Outbox, TimeUp
from workflow.record.models import SubjectKey
from workflow.web import logs
from workflow.writing.actions import posting
from workflow.writing.models import LetterRun, Written
from workflow.writing.queries.letters import gave_up

JOB = "writing.write_letters"


@pytest.fixture
def under_way(bruno):
    """Letters that were started and not written yet."""
    run = begun(bruno)
    answered(bruno, run)
    assert started(bruno, run).status_code == 303
    return run


def breaking_once(monkeypatch, problem):
    """The third letter that is written breaks."""
    real, seen = posting._write, []

    def broken(post, run_id, rank, home, own):
        seen.append(rank)
        if len(seen) == 3:
            raise problem
        real(post, run_id, rank, home, own)

    monkeypatch.setattr(posting, "_write", broken)


def test_a_household_erased_while_its_letter_is_made_keeps_no_letter(under_way, monkeypatch, worked):
    gone = lines(under_way)[2].household_id
    real, made = Sheaf.make, []

    def make(self, paper, order, key):
        real(self, paper, order, key)
        made.append(paper.pdf_name)
        if len(made) == 3:
            dossiers.erase_household(db.session.get_one(Household, gone), CLAIRE)
            db.session.commit()

    monkeypatch.setattr(Sheaf, "make", make)
    worked()
    told = lines(under_way)
    assert [one.state for one in told] == ["written", "written", "failed", *["written"] * 9]
    assert told[2].problem
    assert db.session.query(Written).filter_by(household_id=gone).count() == 0
    assert db.session.query(Paper).count() == 11
    papers = {f"writing:{one.written_id}" for one in told if one.written_id}
    kept = db.session.query(SubjectKey.subject).filter(SubjectKey.subject.startswith("writing:"))
    assert {subject for (subject,) in kept} == papers, "no key of it stays"


def test_one_letter_that_breaks_stops_none_of_the_others(under_way, bruno, monkeypatch, worked):
    breaking_once(monkeypatch, ValueError("Madame Secret, 12 rue du Secret"))
    with capture_logs() as said:
        worked()
    told = lines(under_way)
    assert sorted(one.state for one in told) == ["failed", *["written"] * 11]
    assert db.session.get_one(LetterRun, under_way).state == "done"
    db.session.rollback()
    [told] = [
        logs.only_allowed(None, "", logs.frames_only(None, "", one)) for one in said if one["log_level"] == "error"
    ]
    assert (told["event"], told["error"], told["seq"]) == ("letter_failed", "ValueError", 3)
    assert told["frames"]
    assert "Secret" not in str(told)
    assert "Secret" not in page_words(bruno.get(f"{LETTERS}/{under_way}"))
    monkeypatch.undo()
    assert bruno.post(f"{LETTERS}/{under_way}/go-on", data={"failed": "1"}).status_code == 303
    worked()
    assert {one.state for one in lines(under_way)} == {"written"}


@pytest.mark.parametrize(
    "problem", [NoKey("no_key", "none"), OSError("full"), TimeUp("100 s")], ids=["key", "disk", "time"]
)
def test_what_hinders_every_letter_leaves_them_all_to_be_written_later(under_way, monkeypatch, worked, problem):
    breaking_once(monkeypatch, problem)
    worked()
    states = [one.state for one in lines(under_way)]
    assert states == ["written", "written", *["waiting"] * 10]
    assert db.session.query(Outbox).filter_by(kind=JOB).one().state == "pending"


def test_letters_gone_on_with_do_not_say_any_more_that_the_work_stopped(under_way, bruno, monkeypatch, worked):
    db.session.query(Outbox).filter_by(kind=JOB).update({"state": "failed"})
    db.session.commit()
    assert gave_up(db.session.get_one(LetterRun, under_way))
    db.session.rollback()
    assert bruno.post(f"{LETTERS}/{under_way}/go-on").status_code == 303
    db.session.rollback()
    assert not gave_up(db.session.get_one(LetterRun, under_way))
    db.session.rollback()
    assert "<progress" in bruno.get(f"{LETTERS}/{under_way}/progress").text
    worked()
    assert {one.state for one in lines(under_way)} == {"written"}
