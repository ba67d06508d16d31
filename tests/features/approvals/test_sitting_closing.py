"""A sitting closes on what was entered, or not at all: who leaves or decides elsewhere meanwhile stops that dossier."""

import re
from html import unescape

import pytest
from flask import Flask
from flask_babel import force_locale, gettext

from tests import factories
from tests.cast import BRUNO, FRANCOIS, HELENE, JULIEN, MIREILLE, PATRICE
from tests.features.approvals.seating import (
    THERE,
    a_sitting,
    close,
    committee,
    drawn,
    enter,
    entry,
    phase,
    seat_of,
    seated,
)
from tests.features.conftest import SignIn
from workflow.approvals import actions
from workflow.approvals.actions import Seated
from workflow.approvals.models import Sitting
from workflow.approvals.queries import attending, sitting_paper
from workflow.db import db
from workflow.dossiers.models import Dossier
from workflow.errors import Refused
from workflow.people import actions as people_actions

YES, NO = ("favourable", ""), ("unfavourable", "Trop loin de l’école.")


def _closing_fails(row: Sitting, dossier: Dossier) -> list[object]:
    """What the sitting says of that dossier, which stays undecided."""
    with pytest.raises(Refused, match="could not take effect"):
        close(row, [dossier])
    db.session.rollback()
    assert phase(dossier) == "open"
    return attending.item(row, dossier.subject).problem


def test_a_voice_given_at_a_desk_that_turns_what_was_entered_stops_it_and_the_page_says_so(
    app: Flask, sign_in: SignIn
) -> None:
    dossier = factories.a_dossier_before_the_committee()
    row = a_sitting(dossier, there=(HELENE, PATRICE, FRANCOIS))
    said = {seat_of(HELENE): YES, seat_of(PATRICE): YES, seat_of(FRANCOIS): NO}
    assert enter(row, dossier, positions=said) == "approved"
    page, entries = f"/sittings/{row.id}/close", f"/sittings/{row.id}"
    db.session.rollback()
    bruno = sign_in(BRUNO)
    before, shown = unescape(bruno.get(page).text), drawn(bruno, page)
    assert dossier.reference in before and "accordé" in before, "what each will come to is said before"
    factories.decide(MIREILLE, factories.dossier_of(dossier.reference), "Refuse", "validation", reason="Trop cher.")
    db.session.rollback()
    answer = bruno.post(page, data=shown)
    assert answer.status_code == 409 and dossier.reference in answer.text
    problem = attending.item(row, dossier.subject).problem
    assert problem[1] == {"entered": "approved", "now": "refused"} and phase(dossier) == "open"
    db.session.rollback()
    told = unescape(bruno.get(entries).text)
    assert "refusé" in told and "accordé" in told
    assert enter(row, dossier, positions=said) == "refused", "entered again, it says what it comes to"
    close(row, [dossier])
    assert phase(dossier) == "refused"


def test_a_seat_that_is_taken_away_after_the_entry_stops_it_and_neither_counts_nor_signs(
    app: Flask, sign_in: SignIn
) -> None:
    dossier = factories.a_dossier_before_the_committee()
    factories.decide(JULIEN, dossier, "Approve", "validation")
    row = a_sitting(dossier)
    said = {seat_of(HELENE): YES, seat_of(PATRICE): YES, seat_of(FRANCOIS): NO, seat_of(MIREILLE): NO}
    assert enter(row, dossier, positions=said) == "approved"
    seat = seat_of(PATRICE)
    people_actions.remove_seat(committee().id, seat, committee().version, "ines-carpentier")
    db.session.commit()
    problem = _closing_fails(row, dossier)
    assert problem[1] == {"person": PATRICE}
    said.pop(seat)
    db.session.rollback()
    told = unescape(sign_in(BRUNO).get(f"/sittings/{row.id}/sheet").text)
    assert told.count("Patrice") == 0 and "3 voix" in unescape(sign_in(BRUNO).get(f"/sittings/{row.id}").text)
    actions.take_back(factories.identity(BRUNO), row.id, dossier.subject, 1)
    assert enter(row, dossier, positions=said) == "refused"
    close(row, [dossier])
    db.session.rollback()
    assert "Patrice" not in sign_in(BRUNO).get(f"/sittings/{row.id}/sheet").text


def test_who_was_entered_and_then_decided_at_their_desk_is_entered_again(app: Flask) -> None:
    dossier = factories.a_dossier_before_the_committee()
    row = a_sitting(dossier)
    enter(row, dossier)
    factories.decide(PATRICE, dossier, "Approve", "validation")
    assert _closing_fails(row, dossier)[1] == {"person": PATRICE}


def test_what_changed_since_the_closing_page_was_drawn_is_looked_at_again(app: Flask, sign_in: SignIn) -> None:
    dossier = factories.a_dossier_before_the_committee()
    row = a_sitting(dossier)
    enter(row, dossier, positions={seat_of(one): YES for one in THERE})
    page = f"/sittings/{row.id}/close"
    db.session.rollback()
    bruno = sign_in(BRUNO)
    shown = drawn(bruno, page)
    enter(row, dossier, positions={seat_of(one): NO for one in THERE})
    db.session.rollback()
    answer = bruno.post(page, data=shown)
    assert answer.status_code == 409 and phase(dossier) == "open"
    db.session.rollback()
    assert bruno.post(page, data=drawn(bruno, page)).status_code == 303 and phase(dossier) == "refused"


def test_all_who_are_there_is_said_of_everybody_who_is_there_or_each_is_listed(app: Flask, sign_in: SignIn) -> None:
    dossier = factories.a_dossier_before_the_committee()
    factories.decide(HELENE, dossier, "Approve", "validation")
    row = a_sitting(dossier)
    why = {seat_of(one): NO for one in (PATRICE, FRANCOIS, MIREILLE)}
    enter(row, dossier, positions=why)
    with force_locale("fr"):
        all_of_them = gettext("All who are there: %(position)s", position="")
        [cells] = sitting_paper.order(row, "R", "Relais", "http://localhost/verify/R").data["table"]["rows"]
    assert all_of_them not in cells[3] and cells[3].count("\n") == 3, "three in the sitting, one at a desk before"
    bruno, url = sign_in(BRUNO), f"/sittings/{row.id}"
    for page in (url, f"{url}/sheet"):
        assert all_of_them not in unescape(bruno.get(page).text), page


def test_what_is_to_be_mended_stands_beside_its_field(app: Flask, sign_in: SignIn) -> None:
    dossier = factories.a_dossier_before_the_committee()
    row = a_sitting(dossier)
    told = [*seated(*THERE)[:-1], Seated(seat_of(MIREILLE), MIREILLE, True, "Un proche.")]
    actions.put_attendance(factories.identity(BRUNO), row.id, told, [], row.version)
    db.session.commit()
    page, whole, seat = f"/sittings/{row.id}/dossiers/{dossier.reference}", seat_of(MIREILLE), seat_of(HELENE)
    seen = entry(row, dossier)
    db.session.rollback()
    bruno = sign_in(BRUNO)
    asked = bruno.get(page).text
    assert f'name="position-{seat}"' in asked and f'name="position-{whole}"' not in asked, "she has withdrawn from all"
    sent = {"seen": seen.seen, "shown": seen.shown, "said": "voices", "seat": seat}
    for field, more in (
        (f"reason-{seat}", {f"position-{seat}": "unfavourable"}),
        (f"why-{seat}", {f"withdrawn-{seat}": "1"}),
        ("words", {"said": "send_back"}),
        ("entering", {"said": "nonsense"}),
    ):
        answer = bruno.post(page, data=sent | more)
        assert answer.status_code in (409, 422), field
        assert f'href="#{field}"' in answer.text and f'id="{field}"' in answer.text, field
        assert f'id="{field}-error"' in answer.text, field
        assert f">{dossier.reference}</bdi>" not in answer.text


def test_without_a_quorum_no_common_position_is_offered(app: Flask, sign_in: SignIn) -> None:
    row = a_sitting(factories.a_dossier_before_the_committee(), there=(HELENE, PATRICE))
    page = f"/sittings/{row.id}"
    db.session.rollback()
    [common] = re.findall(r'<select id="common".*?</select>', sign_in(BRUNO).get(page).text, re.DOTALL)
    assert re.findall(r'value="([^"]*)"', common) == ["", "adjourn"]
