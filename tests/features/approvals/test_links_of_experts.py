"""An outside expert asked for an opinion answers by a personal link, and never reads whose file it is."""

import subprocess
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from tests import factories as made
from tests.cast import CLAIRE, HELENE, INES, SONIA
from tests.features.approvals.linking import ADDRESS, Case, Phone, code_in_mail, path_in_mail
from tests.features.conftest import SignIn
from workflow import clock, outbox
from workflow.db import db
from workflow.dossiers.actions import asking_outside as actions
from workflow.dossiers.actions.asking_outside import Expert
from workflow.dossiers.actions.personal_links import Wish
from workflow.dossiers.queries.personal_links import links_of
from workflow.errors import Forbidden, Invalid, NotFound, Refused
from workflow.people import queries as people
from workflow.record.queries import facts, text

QUESTION = "Ce logement convient-il à un fauteuil roulant ?"


@pytest.fixture
def case(app: Flask) -> Case:
    """Before the landlord's referent, who asks somebody outside."""
    row = made.a_submitted_dossier()
    found = Case(row.reference, row.subject)
    asked(found)
    return found


def asked(case: Case, slug: str = SONIA, address: str = ADDRESS) -> None:
    expert = Expert("Odile Ferrand", address, QUESTION)
    actions.ask_outside(made.identity(slug), case.reference, expert, Wish("mail", "mail", address))
    db.session.commit()
    outbox.drain()


def test_an_expert_reads_the_question_without_names_and_gives_an_opinion_once(app: Flask, case: Case) -> None:
    phone = Phone(app, path_in_mail()).comes_in()
    page = phone.reads().text
    home = case.row.household
    assert QUESTION in page
    assert home.name not in page
    assert home.address not in page
    assert not home.phone or home.phone not in page
    assert phone.says("unfavourable").status_code == 422, "an opinion against gives its reason"
    assert phone.says("confirmed", "Oui").status_code == 422, "what is asked of households is not asked here"
    assert phone.says("reserved", "La porte est étroite.").status_code == 303
    (given,) = [fact for fact in facts(case.subject) if fact.kind == "Advised"]
    assert given.actor["through"].startswith("link:")
    assert text(given.data["reason_ref"]) == "La porte est étroite."
    db.session.rollback()
    assert phone.says("favourable").status_code == 409
    assert case.kinds().count("Advised") == 1


def test_once_it_is_decided_the_opinion_is_no_longer_needed(app: Flask, case: Case) -> None:
    phone = Phone(app, path_in_mail()).comes_in()
    phone.reads()
    case.decided(SONIA, "Approve", "visa_bailleur")
    assert phone.says("favourable", "Mes mots").status_code == 409
    assert "Advised" not in case.kinds()


def test_only_who_decides_asks_outside_and_only_people_without_an_access(app: Flask, case: Case) -> None:
    with pytest.raises(Forbidden):
        asked(case, CLAIRE, "autre@example.org")
    db.session.rollback()
    for slug, told in ((CLAIRE, "ask them for a second opinion"), (INES, "not asked about this file")):
        with pytest.raises(Invalid) as refused:
            asked(case, SONIA, people.person(slug).email)
        assert told in refused.value.errors[0].message
        db.session.rollback()


def test_whoever_asks_outside_takes_the_course_before_anything_is_written(app: Flask) -> None:
    row = made.a_submitted_dossier(1)
    case, said = Case(row.reference, row.subject), []
    note = lambda *told: said.append(told[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        asked(case, address="nouvelle@ergo.example")
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    writes = [words for words in said if words.startswith(("INSERT", "UPDATE")) or "FOR UPDATE" in words]
    course = [words for words in writes if "approvals_course" in words and "FOR UPDATE" in words]
    on_sqlite = db.engine.dialect.name == "sqlite"  # there whoever writes first locks everything
    assert writes[0] in course or on_sqlite


def test_as_long_as_the_opinion_is_awaited_another_link_can_be_made(app: Flask, case: Case, sign_in: SignIn) -> None:
    lost, link = Phone(app, path_in_mail()), links_of(case.row)[0].id
    anew = {"way": "mail-mail", "address": "odile@ergo.example", "lang": "fr", "days": "20"}
    with clock.at(clock.now() + timedelta(days=16)):
        sonia = sign_in(SONIA)
        assert lost.get().status_code == 410
        url = f"/dossiers/{case.reference}/links/{link}/anew"
        assert url in sonia.get(f"/dossiers/{case.reference}/links").text
        assert sonia.post(url, data=anew | {"address": people.person(SONIA).email}).status_code == 422
        assert sonia.post(url, data=anew).status_code == 303
        outbox.drain()
        phone = Phone(app, path_in_mail("odile@ergo.example"))
        phone.press()
        assert phone.types(code_in_mail("odile@ergo.example")).status_code == 303
        assert QUESTION in phone.reads().text
        newest = links_of(case.row)[0].id
        for slug, refused in ((CLAIRE, NotFound), (SONIA, Refused)):
            if slug == SONIA:
                assert phone.says("favourable").status_code == 303
            with pytest.raises(refused):
                actions.make_anew(made.identity(slug), case.reference, newest, Wish("letter", "letter"))
            db.session.rollback()


def test_a_member_of_the_committee_prints_the_letter_they_asked_for(app: Flask, sign_in: SignIn) -> None:
    row = made.a_dossier_before_the_committee(1)
    member, told = sign_in(HELENE), {"name": "Odile Ferrand", "question": QUESTION, "lang": "fr", "days": "14"}
    asked = f"/dossiers/{row.reference}/links/expert"
    answer = member.post(asked, data=told | {"way": "letter-mail", "address": ADDRESS})
    assert answer.status_code == 303
    page = member.get(answer.location).text
    assert row.household.name not in page
    link = links_of(row)[0].id
    assert f"/links/{link}/letter" in page
    db.session.rollback()
    letter = words_of(member.post(f"/dossiers/{row.reference}/links/{link}/letter").data)
    assert "Odile Ferrand" in letter
    for kept in (row.household.name, row.household.reference, row.reference, "/a/"):
        assert kept not in letter


def words_of(letter: bytes) -> str:
    """What a telephone does not read: the words of a PDF."""
    command = ["pdftotext", "-raw", "-", "-"]
    return subprocess.run(command, input=letter, capture_output=True, check=True).stdout.decode()


def test_experts_are_no_colleagues_in_the_list_of_people(app: Flask, case: Case, sign_in: SignIn) -> None:
    administrator = sign_in(INES)
    assert "Odile Ferrand" not in administrator.get("/people").text
    page = administrator.get("/people?experts=1").text
    assert "Odile Ferrand" in page
    assert "Inès Carpentier</a>" not in page
