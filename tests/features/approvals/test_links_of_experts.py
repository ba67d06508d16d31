"""An outside expert asked for an opinion answers by a personal link, and never reads whose file it is."""

import pytest
from flask import Flask

from tests import factories as made
from tests.cast import CLAIRE, SONIA
from tests.features.approvals.linking import ADDRESS, Case, Phone, path_in_mail
from workflow import outbox
from workflow.db import db
from workflow.dossiers.actions import personal_links as actions
from workflow.dossiers.actions.personal_links import Expert, Wish
from workflow.errors import Forbidden, Invalid
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
    with pytest.raises(Invalid):
        asked(case, SONIA, "karim.belaid@example.com")
    db.session.rollback()
