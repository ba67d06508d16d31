"""What a member of a body learns of the dossiers of a sitting: what they may open, as long as they decide on it."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale, gettext

from tests import factories
from tests.cast import BRUNO, FRANCOIS, HELENE, MONIQUE, PATRICE
from tests.features.approvals.seating import a_sitting, close, enter, phase, seat_of
from tests.features.conftest import SignIn
from tests.features.dossiers.playing import LATER, Played, a_second_landlord, scenario
from workflow import clock, outbox
from workflow.approvals import actions
from workflow.approvals.actions import Seated, SittingDraft
from workflow.circuit.refusals import MESSAGES
from workflow.db import db
from workflow.dossiers.queries import whom
from workflow.people import queries as people

TOO_FAR, NEAR, ANSWERS = "Trop loin de l’école.", "Un proche du ménage.", '<dl class="facts"'


def _read(client: FlaskClient, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return unescape(answer.get_data(as_text=True))


def test_members_read_only_of_dossiers_they_may_open_and_the_list_follows_the_same_rule(
    app: Flask, sign_in: SignIn
) -> None:
    mine = factories.a_dossier_before_the_committee(0)
    hidden = factories.a_dossier_before_the_committee(1, agreements=("actis", "cg-isere"))
    row = a_sitting(mine, hidden)
    url, known, kept_from = f"/sittings/{row.id}", mine.reference, hidden.reference
    enter(row, hidden, "send_back", words=TOO_FAR)
    francois, bruno = sign_in(FRANCOIS), sign_in(BRUNO)
    assert ANSWERS in _read(francois, f"{url}/dossiers/{known}")
    _read(francois, f"{url}/dossiers/{kept_from}", 404)
    for page in (url, f"{url}/sheet"):
        told = _read(francois, page)
        assert kept_from in told and TOO_FAR not in told
        assert f'href="/dossiers/{kept_from}"' not in told
        assert TOO_FAR in _read(bruno, page)
    again = factories.dossier_of(known)
    factories.decide(HELENE, again, "SendBack", "validation", reason="Le budget.", sections=("J",))
    db.session.rollback()
    _read(francois, f"{url}/dossiers/{known}", 404)
    assert ANSWERS not in _read(bruno, f"{url}/dossiers/{known}"), "the body has nothing to decide there any more"
    close(row, [factories.dossier_of(kept_from)])
    outbox.drain()
    paper = re.search(r'href="([^"]*\.pdf)"', _read(bruno, f"{url}/sheet"))
    assert paper and bruno.get(paper[1]).status_code == 200
    copy = _read(francois, f"{url}/sheet")
    assert ".pdf" not in copy and 'id="copy"' in copy and TOO_FAR not in copy
    assert kept_from in copy and "François Delaunay" in copy, "decisions and who signs stay"
    _read(francois, paper[1], 404)


def test_who_withdrew_reads_nothing_of_that_dossier_in_the_sitting(app: Flask, sign_in: SignIn) -> None:
    dossier = factories.a_dossier_before_the_committee()
    row = a_sitting(dossier)
    page = f"/sittings/{row.id}/dossiers/{dossier.reference}"
    enter(row, dossier, withdrawn={seat_of(PATRICE): NEAR})
    patrice, helene, reference = sign_in(PATRICE), sign_in(HELENE), dossier.reference
    _read(patrice, page, 404)
    assert ANSWERS in _read(helene, page)
    with force_locale("fr"):
        why = gettext(MESSAGES["withdrew"])
    assert why in _read(patrice, f"/dossiers/{reference}/decide/approve/validation", 404), "he is told why"
    assert why not in _read(sign_in(MONIQUE), f"/dossiers/{reference}/decide/approve/validation", 404)
    close(row, [factories.dossier_of(reference)])
    assert phase(dossier) == "approved"
    db.session.rollback()
    for told in ("", "/answers", "/papers"):
        _read(patrice, f"/dossiers/{reference}{told}", 404)
    assert reference in _read(helene, f"/dossiers/{reference}")
    assert why in _read(patrice, f"/dossiers/{reference}/decide/approve/validation", 404)


def test_reservations_and_reasons_are_read_on_the_page_and_in_the_list(app: Flask, sign_in: SignIn) -> None:
    dossier = factories.a_dossier_before_the_committee()
    row = a_sitting(dossier)
    said = {seat_of(one): ("favourable", "") for one in (HELENE, FRANCOIS)}
    enter(row, dossier, positions=said | {seat_of(PATRICE): ("reserved", TOO_FAR)})
    for reader in (BRUNO, FRANCOIS):
        for page in (f"/sittings/{row.id}", f"/sittings/{row.id}/sheet"):
            assert TOO_FAR in _read(sign_in(reader), page), (reader, page)


def test_who_withdrew_from_a_dossier_of_the_operation_reads_nothing_of_it_through_their_seat(app: Flask) -> None:
    a_second_landlord()
    charter = Played("charte")
    charter.play(scenario("charte", "signed-and-followed"), until="pilotage")
    steering, bruno = people.body("mistral", "comite-de-pilotage"), factories.identity(BRUNO)
    assert steering is not None
    steering.secretaries = [BRUNO]
    seats = [(seat.id, seat.person_id) for seat in people.seats_of(steering) if seat.person_id]
    sitting_only = {
        person: replace(whole, grants=tuple(one for one in whole.grants if one.body == steering.slug))
        for whole in (factories.identity(person) for _seat, person in seats)
        for person in [whole.person]
    }
    mine = charter.row
    assert all(whom.may_open(one, mine) for one in sitting_only.values())
    with clock.at(LATER + timedelta(days=4)):
        row = actions.open_sitting(bruno, steering, SittingDraft(clock.today()))
        actions.put_agenda(bruno, row.id, [mine.subject], row.version)
        gone = seats[0][1]
        there = [Seated(seat, person, person == gone, NEAR) for seat, person in seats]
        actions.put_attendance(bruno, row.id, there, [], row.version)
        assert [one for one, told in sitting_only.items() if not whom.may_open(told, mine)] == [gone]
        stand_in = replace(sitting_only[seats[1][1]], person="somebody")
        lent = tuple(replace(one, on_behalf_of=gone) for one in stand_in.grants)
        assert whom.may_open(stand_in, mine) and not whom.may_open(replace(stand_in, grants=lent), mine)
