"""A household acts by a personal link: with a code, once, and only on what it was shown."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from flask_babel import force_locale, gettext
from lxml import html

from documents.content import Table, plain, walk
from documents.model import load, render
from tests import factories as made
from tests.cast import BRUNO, CLAIRE, NADIA, SONIA
from tests.features.approvals.linking import (
    ADDRESS,
    Case,
    Phone,
    a_case,
    a_link,
    code_in_mail,
    link_row,
    mails,
    path_in_mail,
)
from tests.features.conftest import SignIn
from tests.services.mailbox import Mailbox
from workflow import clock, outbox
from workflow.approvals.models import PersonalLink
from workflow.db import db
from workflow.dossiers import actions as dossiers
from workflow.dossiers import queries
from workflow.dossiers.actions import personal_links as actions
from workflow.dossiers.queries import personal_links as links
from workflow.dossiers.queries.paper import material
from workflow.errors import Forbidden, Invalid, NotFound, Refused
from workflow.people import queries as people
from workflow.record.queries import facts

WRONG = "000 000"


@pytest.fixture
def row(app: Flask) -> Case:
    return a_case()


@pytest.fixture
def phone(app: Flask, row: Case) -> Phone:
    """In the hands of the household, its link just arrived."""
    a_link(row)
    return Phone(app, path_in_mail())


def test_a_household_reads_and_confirms_by_its_link(phone: Phone, row: Case) -> None:
    assert phone.get().status_code == 200
    page = phone.comes_in().reads()
    assert row.row.household.name.split()[-1] in page.text or "fact" in page.text
    answer = phone.says("confirmed", "Merci, tout est juste.")
    assert answer.status_code == 303, answer.text
    (signed,) = [fact for fact in facts(row.subject) if fact.kind == "Signed"]
    assert signed.actor["through"].startswith("link:")
    assert signed.actor["recorded_by"] is None
    assert signed.data["shown_hash"] == phone.told["shown"]
    db.session.rollback()
    assert phone.get().status_code == 200
    assert phone.says("disagreed").status_code == 409
    assert row.kinds().count("Signed") == 1


def test_following_the_link_changes_nothing(app: Flask, phone: Phone, row: Case) -> None:
    link, before = link_row(a_link(row)).id, len(mails())
    phone.path = path_in_mail()
    as_it_was = {name: value for name, value in vars(link_row(link)).items() if not name.startswith("_")}
    for page in ("", "/code", "/read", "/answer"):
        for _ in range(3):
            phone.get(page)
        phone.client.head(f"{phone.path}{page}")
        phone.client.get(f"{phone.path}{page}", headers={"Purpose": "prefetch"})
    outbox.drain()
    now = {name: value for name, value in vars(link_row(link)).items() if not name.startswith("_")}
    assert now == as_it_was
    assert len(mails()) == before
    assert phone.comes_in().reads().status_code == 200, "the household then comes in"


def test_the_link_alone_opens_nothing(phone: Phone, row: Case) -> None:
    for page in ("/read", "/answer"):
        answer = phone.get(page)
        assert answer.status_code == 303
    assert phone.client.post(f"{phone.path}/answer", data={"what": "confirmed"}).status_code == 303
    assert "Signed" not in row.kinds()
    assert row.row.household.name not in phone.get().text
    assert row.reference not in phone.get().text


def test_a_wrong_code_says_how_many_are_left_and_the_fifth_kills_it(phone: Phone) -> None:
    phone.press()
    right = code_in_mail()
    assert "4" in phone.types(WRONG).text
    for _ in range(3):
        assert phone.types(WRONG).status_code == 422
    assert phone.types(WRONG).status_code == 422
    assert phone.types(right).status_code == 409, "even the right one opens nothing now"
    phone.press()
    assert phone.types(code_in_mail()).status_code == 303, "a new one does"


def test_codes_are_sent_only_so_often(phone: Phone) -> None:
    codes = []
    for _ in range(7):
        codes.append(phone.press().status_code)
        outbox.drain()
    assert codes == [303] * 6 + [429]


def test_a_code_is_good_for_half_an_hour_and_for_one_visit(app: Flask, phone: Phone) -> None:
    phone.press()
    code = code_in_mail()
    with clock.at(clock.now() + timedelta(minutes=31)):
        assert phone.types(code).status_code == 409
    phone.press()
    code = code_in_mail()
    assert phone.types(code).status_code == 303
    other = Phone(app, phone.path)
    assert other.types(code).status_code in (409, 422)
    assert other.get("/read").status_code == 303
    with clock.at(clock.now() + timedelta(minutes=46)):
        assert phone.get("/read").status_code == 303, "then the code is asked for again"


def test_two_answers_at_once_count_once(app: Flask, phone: Phone, row: Case) -> None:
    phone.comes_in().reads()
    cookie = phone.client.get_cookie("relais_link", path="/a").value
    start = Barrier(2)

    def send(what: str) -> int:
        client = app.test_client()
        client.set_cookie("relais_link", cookie, path="/a")
        start.wait()
        return client.post(f"{phone.path}/answer", data=phone.told | {"what": what}).status_code

    with ThreadPoolExecutor(2) as pool:
        codes = sorted(pool.map(send, ("confirmed", "disagreed")))
    assert codes == [303, 409]
    assert row.kinds().count("Signed") == 1


def test_expired_or_withdrawn_it_opens_nothing(app: Flask, row: Case) -> None:
    link = a_link(row)
    phone = Phone(app, path_in_mail()).comes_in()
    phone.reads()
    with clock.at(clock.now() + timedelta(days=15)):
        assert phone.get().status_code == 410
        assert phone.says("confirmed").status_code == 410
    actions.withdraw(made.identity(BRUNO), row.reference, link)
    db.session.commit()
    for answer in (phone.get(), phone.get("/read"), phone.press(), phone.says("confirmed")):
        assert answer.status_code == 410
    assert "Signed" not in row.kinds()
    with pytest.raises(Refused):
        actions.withdraw(made.identity(BRUNO), row.reference, link)
    db.session.rollback()


def test_made_anew_the_earlier_link_is_dead(app: Flask, phone: Phone, row: Case) -> None:
    a_link(row)
    assert phone.get().status_code == 410
    assert Phone(app, path_in_mail()).get().status_code == 200


def test_a_forged_or_guessed_link_is_unknown_and_guesses_are_counted(app: Flask, phone: Phone) -> None:
    stranger = Phone(app, f"{phone.path[:-1]}{'A' if phone.path[-1] != 'A' else 'B'}")
    codes = [stranger.get().status_code for _ in range(31)]
    assert codes == [410] * 30 + [429]


def test_a_link_of_one_household_opens_nothing_of_another(app: Flask, phone: Phone, row: Case) -> None:
    other = a_case(1)
    link = a_link(other)
    mine = Phone(app, path_in_mail()).comes_in()
    cookie = mine.client.get_cookie("relais_link", path="/a").value
    phone.client.set_cookie("relais_link", cookie, path="/a")
    assert phone.get("/read").status_code == 303, "the code of one link is not that of another"
    with pytest.raises(NotFound):
        actions.withdraw(made.identity(BRUNO), row.reference, link)
    db.session.rollback()


@pytest.mark.complaint(16)
def test_answers_that_changed_meanwhile_are_read_again(app: Flask, phone: Phone, row: Case) -> None:
    phone.comes_in().reads()
    row.decided(BRUNO, "SendBack", "lecture_menage", reason="Le loyer a changé.")
    early = phone.says("confirmed", "Mes mots")
    assert early.status_code == 409
    assert "Mes mots" in early.text
    dossiers.write_answers(made.identity(CLAIRE), row.reference, made.said(row.row.household, ("actis",)))
    db.session.commit()
    made.resubmit(row.row)
    if "visa_bailleur" in queries.open_steps(row.row):
        row.decided(SONIA, "Approve", "visa_bailleur")
    stopped = phone.says("confirmed", "Mes mots")
    assert stopped.status_code == 409
    assert "Mes mots" in stopped.text, "what was typed is given back"
    assert "Signed" not in row.kinds()
    phone.reads()
    assert phone.says("confirmed").status_code == 303


def test_once_settled_with_an_officer_the_link_says_so(phone: Phone, row: Case) -> None:
    phone.comes_in().reads()
    row.decided(BRUNO, "Sign", "lecture_menage", channel="screen")
    answer = phone.says("disagreed", "Non")
    assert answer.status_code == 409
    assert "Bruno Castel" in answer.text
    assert row.kinds().count("Signed") == 1


def test_a_correction_asked_by_link_sends_the_file_back(phone: Phone, row: Case) -> None:
    phone.comes_in().reads()
    assert phone.says("correction").status_code == 422, "it needs words"
    assert phone.says("correction", "Nous sommes cinq, pas quatre.").status_code == 303
    assert "SentBack" in row.kinds()


def test_only_who_records_for_the_household_makes_a_link(app: Flask, row: Case) -> None:
    for slug in (SONIA, NADIA):
        with pytest.raises((Forbidden, NotFound)):
            a_link(row, slug)
        db.session.rollback()


def test_on_paper_the_sender_holds_the_link_or_the_code_never_both(app: Flask, row: Case) -> None:
    link = a_link(row, code_by="letter")
    bruno, claire = made.identity(BRUNO), made.identity(CLAIRE)
    with pytest.raises(Refused):
        actions.print_letter(bruno, row.reference, link)
    db.session.rollback()
    _row, code = actions.print_code(bruno, row.reference, link)
    db.session.commit()
    phone = Phone(app, path_in_mail())
    assert phone.press().status_code == 303
    assert phone.types(code.lower()).status_code == 303
    both = a_link(row, link_by="letter", code_by="letter", address="")
    with pytest.raises(Refused):
        actions.print_code(claire, row.reference, both)
    db.session.rollback()
    _row, token = actions.print_letter(bruno, row.reference, both)
    db.session.commit()
    with pytest.raises(Refused):
        actions.print_code(bruno, row.reference, both)
    db.session.rollback()
    _row, code = actions.print_code(claire, row.reference, both)
    db.session.commit()
    assert Phone(app, f"/a/{token}").types(code).status_code == 303


def test_who_printed_one_of_the_papers_never_prints_the_other(app: Flask, row: Case, sign_in: SignIn) -> None:
    link = a_link(row, link_by="letter", code_by="letter", address="")
    bruno, claire, nadia = (made.identity(slug) for slug in (BRUNO, CLAIRE, NADIA))
    actions.print_letter(bruno, row.reference, link)
    _row, first = actions.print_code(claire, row.reference, link)
    db.session.commit()
    with pytest.raises(Refused, match="two different people"):
        actions.print_letter(claire, row.reference, link)
    db.session.rollback()
    _row, token = actions.print_letter(nadia, row.reference, link)
    db.session.commit()
    phone = Phone(app, f"/a/{token}")
    assert phone.types(first).status_code == 409, "a new letter asks for a new code"
    with pytest.raises(Refused):
        actions.print_code(bruno, row.reference, link)
    db.session.rollback()
    _row, code = actions.print_code(claire, row.reference, link)
    db.session.commit()
    assert phone.types(code).status_code == 303
    page = sign_in(CLAIRE).get(f"/dossiers/{row.reference}/links").text
    assert f"/links/{link}/code" in page
    assert f"/links/{link}/letter" not in page
    assert "Nadia" in page, "who printed what is said"


def test_a_link_or_its_code_never_goes_to_a_mailbox_of_somebody_with_an_access(app: Flask, row: Case) -> None:
    officer = people.person(BRUNO).email
    name, _at, domain = officer.partition("@")
    for address in (officer.upper(), f"{name}+famille@{domain}"):
        for ways in ({"code_by": "letter"}, {"link_by": "letter"}):
            with pytest.raises(Invalid) as refused:
                a_link(row, address=address, **ways)
            assert [error.field for error in refused.value.errors] == ["address"]
            db.session.rollback()
    assert a_link(row, link_by="letter", code_by="letter", address=officer), "on paper no mailbox is used"


def test_an_answer_is_given_to_what_was_read_in_whichever_language(phone: Phone, row: Case) -> None:
    phone.comes_in()
    for answer in (phone.get("/answer"), phone.says("confirmed")):
        assert answer.status_code == 303, "nothing was read yet"
        assert answer.location.endswith("/read")
    read = html.fromstring(phone.get("/read").text)
    (url,) = read.xpath("//p[contains(@class,'actions')]/a/@href")
    asked = html.fromstring(phone.client.get(url).text)
    (english,) = asked.xpath("//a[@hreflang='en']/@href")
    again = html.fromstring(phone.client.get(english).text)
    told = [
        [page.xpath(f"string(//input[@name='{name}']/@value)") for name in ("version", "shown")]
        for page in (asked, again)
    ]
    assert told[0] == told[1]
    assert all(told[0])
    wrong = html.fromstring(phone.client.post(url, data=dict(zip(("version", "shown"), told[0], strict=True))).text)
    assert f"{phone.path}/answer?" in wrong.xpath("string(//a[@hreflang='en']/@href)"), "a refusal stays where it is"


def test_nobody_but_its_reader_is_shown_a_living_link(app: Flask, row: Case, sign_in) -> None:
    link = a_link(row)
    token = path_in_mail().rsplit("/", 1)[1]
    stored = link_row(link)
    assert token not in str(vars(stored)), "only its hash is kept"
    assert ADDRESS not in str(vars(stored)), "the address is sealed with the file"
    db.session.rollback()
    told = [str(fact.data) + str(fact.actor) for fact in facts(f"link:{link}")]
    assert told
    assert not any(token in words for words in told)
    db.session.rollback()
    bruno = sign_in(BRUNO)
    for page in ("", "/links", "/sign"):
        assert token not in bruno.get(f"/dossiers/{row.reference}{page}").text


def test_its_mails_travel_are_emptied_and_tell_nothing_of_the_household(app: Flask, row: Case, smtp: Mailbox) -> None:
    app.config["RELAIS"] = replace(app.config["RELAIS"], smtp_url=smtp.url)
    a_link(row)
    told = smtp.to(ADDRESS)[-1].get_content()
    phone = Phone(app, re.search(r"(/a/\S+)", told)[1])
    assert phone.press().status_code == 303
    outbox.drain()
    code = re.search(r"^(\d{3} \d{3})\s*$", smtp.to(ADDRESS)[-1].get_content(), re.MULTILINE)[1]
    assert mails() == ["", ""], "what left is kept nowhere"
    home = row.row.household.name.split()[-1]
    assert not any(word in message.get_content() for message in smtp.to(ADDRESS) for word in (home, row.reference))
    db.session.rollback()
    assert phone.types(code).status_code == 303


def test_a_link_whose_mail_comes_back_says_so(app: Flask, row: Case, smtp: Mailbox) -> None:
    app.config["RELAIS"] = replace(app.config["RELAIS"], smtp_url=smtp.url)
    smtp.unknown[ADDRESS] = "550 5.1.1 no such user"
    link = a_link(row)
    assert links.state(db.session.get_one(PersonalLink, link)) == "bounced"
    db.session.rollback()
    with pytest.raises(Invalid):
        a_link(row)
    db.session.rollback()


def written(row: Case) -> str:
    """The words of the paper for the committee, as it would be written now."""
    wanted = material.Wanted(row.row, "fiche", "commission", "fr", "PROJET", facts(row.subject))
    order = material.order(wanted, "Relais", None)
    around = {"lang": "fr", "reference": "PROJET", "date": order.day, "verify_url": None, "issuer": "Relais"}
    found = walk(render(load(order.text), order.data, **around).document.blocks)
    return " ".join(plain(cell) for table in found if isinstance(table, Table) for line in table.rows for cell in line)


def test_the_history_and_the_papers_say_by_which_way_it_came(app: Flask, row: Case, sign_in: SignIn) -> None:
    for case, way in ((row, "mail"), (a_case(1), "letter")):
        link = a_link(case, code_by=way)
        phone = Phone(app, path_in_mail())
        if way == "letter":
            _row, code = actions.print_code(made.identity(BRUNO), case.reference, link)
            db.session.commit()
            assert phone.types(code).status_code == 303
        else:
            phone.comes_in()
        phone.reads()
        assert phone.says("confirmed").status_code == 303
        with force_locale("fr"):
            how = {
                "mail": (
                    gettext("%(who)s, by a personal link, code by mail", who=""),
                    gettext("person concerned, by a personal link, code by mail"),
                ),
                "letter": (
                    gettext("%(who)s, by a personal link, code on paper", who=""),
                    gettext("person concerned, by a personal link, code on paper"),
                ),
            }[way]
            assert how[1] in written(case)
        db.session.rollback()
        for page in ("", "/course"):
            assert how[0] in sign_in(CLAIRE).get(f"/dossiers/{case.reference}{page}").text
