"""The date a paper bears, when it may have been handed over, and two people who do the same thing at once."""

from threading import Thread

import pytest

from tests import factories as made
from tests.cast import BRUNO, CLAIRE
from tests.features.writing.conftest import days_from_now, page_words, today, typed, words_of
from tests.features.writing.letters import LETTERS, answered, begun, lines, started, version, written
from workflow.catalogue.queries.paper_models import model_in_use
from workflow.db import db
from workflow.dossiers import actions as dossiers
from workflow.dossiers.models import Household
from workflow.filing import queries as filing
from workflow.filing.models import Paper
from workflow.people import queries as people
from workflow.record.models import Event
from workflow.web.dates import format_date
from workflow.writing.models import LetterRun, Written
from workflow.writing.pages import writing as pages


@pytest.fixture
def path():
    found = f"/households/{made.a_household().id}"
    db.session.rollback()
    return found


def letter(client, path, **more):
    told = typed(model_in_use("mistral", "convocation").asks) | {"step": "write"} | more
    db.session.rollback()
    return client.post(f"{path}/write/convocation", data=told, content_type="multipart/form-data")


def name_of(person):
    found = people.names([person])[person]
    db.session.rollback()
    return found


# -- the date of a paper ------------------------------------------------------------------------------------------


def test_a_paper_bears_the_date_that_was_chosen(bruno, path, worked):
    assert f'value="{today()}"' in bruno.get(f"{path}/write/convocation").text
    sent = letter(bruno, path, day=days_from_now(9))
    assert sent.status_code == 303
    worked()
    row = db.session.get_one(Written, sent.location.rpartition("/")[2])
    assert row.day.isoformat() == days_from_now(9)
    said = format_date(row.day, "d MMMM y")
    [paper] = filing.papers(row.subject)
    assert said in words_of(filing.bytes_of(paper, "pdf"))


@pytest.mark.parametrize("day", [days_from_now(400), days_from_now(-400), "", "demain"])
def test_a_date_far_away_or_no_date_is_refused_at_its_field_and_nothing_is_lost(bruno, path, day):
    page = letter(bruno, path, day=day, asked_lieu="Salle des fêtes")
    assert page.status_code == 422
    assert 'id="day-error"' in page.text
    assert 'value="Salle des fêtes"' in page.text
    assert db.session.query(Written).count() == 0


def test_letters_to_many_bear_the_date_chosen_when_begun_or_with_the_answers(bruno, worked):
    run = begun(bruno, day=days_from_now(3))
    assert format_date(db.session.get_one(LetterRun, run).day, "full") in page_words(bruno.get(f"{LETTERS}/{run}"))
    db.session.rollback()
    far = typed(model_in_use("mistral", "convocation").asks) | {"version": version(run), "day": days_from_now(500)}
    assert bruno.post(f"{LETTERS}/{run}/answers", data=far).status_code == 422
    answered(bruno, run, day=days_from_now(5))
    started(bruno, run)
    worked()
    assert {one.day.isoformat() for one in db.session.query(Written)} == {days_from_now(5)}
    assert bruno.post(f"{LETTERS}/new", data={"model": "convocation", "day": days_from_now(-500)}).status_code == 422


# -- handed over --------------------------------------------------------------------------------------------------


def test_a_letter_cannot_have_been_handed_over_before_it_was_written_nor_tomorrow(bruno, path):
    at = letter(bruno, path).location + "/handed-over"
    for day in (days_from_now(-1), days_from_now(1)):
        page = bruno.post(at, data={"how": "hand", "day": day})
        assert page.status_code == 422
        assert 'id="day-error"' in page.text
    assert bruno.post(at, data={"how": "hand", "day": today()}).status_code == 303


def test_letters_to_many_cannot_have_been_handed_over_before_they_were_written(bruno, worked):
    run = written(bruno, worked)
    at = f"{LETTERS}/{run}/handed-over"
    page = bruno.post(at, data={"how": "box", "day": days_from_now(-1), "all": "1"})
    assert page.status_code == 422
    assert 'id="day-error"' in page.text
    assert db.session.query(Written).filter(Written.handed_how != "").count() == 0


# -- two at once --------------------------------------------------------------------------------------------------


def at_once(*posts):
    """The answers of requests that arrive together."""
    found = []
    threads = [Thread(target=lambda post=post: found.append(post())) for post in posts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return sorted(found, key=lambda one: one.status_code)


def events(kind):
    db.session.rollback()
    return db.session.query(Event).filter_by(kind=kind).count()


def test_of_two_who_annul_a_paper_one_reads_who_was_faster(sign_in, path):
    both = [sign_in(CLAIRE), sign_in(BRUNO)]
    at = letter(both[0], path).location
    first, late = at_once(*(lambda one=one: one.post(f"{at}/annul", data={"reason": "Doublon"}) for one in both))
    assert (first.status_code, late.status_code) == (303, 409)
    assert "Doublon" in late.text, "nothing typed is lost"
    assert any(name_of(who) in page_words(late) for who in (CLAIRE, BRUNO))
    assert events("PaperAnnulled") == 1
    assert both[0].get(f"{at}/annul").status_code == 303, "it is annulled already: its page says by whom"
    first, late = at_once(*(lambda one=one: one.post(f"{at}/restore") for one in both))
    assert (first.status_code, late.status_code) == (303, 409)
    assert events("PaperRestored") == 1


def test_of_two_who_note_how_a_letter_was_handed_over_one_reads_what_the_other_noted(sign_in, path):
    both = [sign_in(CLAIRE), sign_in(BRUNO)]
    at = letter(both[0], path).location
    how = {"how": "hand", "day": today()}
    first, late = at_once(*(lambda one=one: one.post(f"{at}/handed-over", data=how) for one in both))
    assert (first.status_code, late.status_code) == (303, 409)
    assert events("PaperHandedOver") == 1


def test_letters_noted_already_are_said_to_be_so(bruno, sign_in, worked):
    run = written(bruno, worked)
    ranks = [str(one.rank) for one in lines(run)]
    at, how = f"{LETTERS}/{run}/handed-over", {"how": "box", "day": today()}
    assert bruno.post(at, data=how | {"line": ranks[:3]}).status_code == 303
    sent = sign_in(CLAIRE).post(at, data=how | {"line": ranks[:5]}, follow_redirects=True)
    said = page_words(sent)
    assert "2" in said
    assert "3 " in said.split("Households")[0]
    assert events("PaperHandedOver") == 5
    nothing = bruno.post(at, data=how | {"line": ranks[:5]})
    assert nothing.status_code == 422


def test_a_household_erased_while_somebody_writes_to_it_gets_no_paper(bruno, path, monkeypatch):
    real = pages.actions.write

    def write(identity, wish, *more):
        dossiers.erase_household(db.session.get_one(Household, wish.household.id), CLAIRE)
        db.session.flush()
        return real(identity, wish, *more)

    monkeypatch.setattr(pages.actions, "write", write)
    page = letter(bruno, path, asked_lieu="Salle des fêtes")
    assert page.status_code == 409
    assert 'value="Salle des fêtes"' in page.text
    assert db.session.query(Written).count() == 0


# -- very many ----------------------------------------------------------------------------------------------------


def test_a_letter_to_very_many_households_is_written_in_lots_and_nobody_is_left_out(bruno, monkeypatch, worked):
    monkeypatch.setattr("workflow.writing.actions.letters.MOST", 5)
    run = begun(bruno)
    rows = db.session.query(LetterRun).order_by(LetterRun.lot).all()
    assert [(one.lot, one.lots) for one in rows] == [(1, 3), (2, 3), (3, 3)]
    ids = [one.id for one in rows]
    assert ids[0] == run
    assert [len(lines(one)) for one in ids] == [5, 5, 2]
    assert len({line.household_id for one in ids for line in lines(one)}) == 12
    db.session.rollback()
    assert all(f"{LETTERS}/{one}" in bruno.get(f"{LETTERS}/{run}").text for one in ids[1:])
    answered(bruno, run, asked_lieu="Maison des habitants")
    for one in ids:
        assert started(bruno, one).status_code == 303
    worked()
    papers = db.session.query(Paper).all()
    assert len(papers) == 12
    assert "Maison des habitants" in words_of(filing.bytes_of(papers[-1], "pdf"))
