"""What a sitting may and may not: withdrawals bind at the desk too, its day has come, its secretary may be away."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from threading import Barrier

import pytest
from flask import Flask
from flask_babel import force_locale, gettext

from tests import factories
from tests.cast import BRUNO, CLAIRE, FRANCOIS, HELENE, NADIA, PATRICE
from tests.features.approvals.seating import THERE, a_sitting, close, committee, drawn, enter, entry, phase, seat_of
from tests.features.approvals.test_absences_at_work import away
from tests.features.conftest import SignIn
from tests.features.dossiers.test_offering_a_dwelling import AFTER, FIRST, OFFER, handed_on, offer, opened
from workflow import clock
from workflow.approvals import actions, queries
from workflow.approvals.actions import ALL, SittingDraft
from workflow.approvals.models import Sitting, Voter
from workflow.approvals.queries import attending, sitting_paper
from workflow.circuit.refusals import MESSAGES
from workflow.db import db
from workflow.dossiers.models import Dossier
from workflow.errors import Invalid, NotFound, Refused
from workflow.record.queries import facts

NEAR = "Un proche du ménage."
LONG = "Trop loin. " * 100_000


def _asked(dossier: Dossier) -> set[str]:
    return {person for (person,) in db.session.query(Voter.person).filter_by(subject=dossier.subject)}


def test_who_withdrew_in_a_sitting_does_not_decide_at_a_desk_until_a_later_sitting_hears_them(
    app: Flask, sign_in: SignIn
) -> None:
    dossier = factories.a_dossier_before_the_committee()
    row = a_sitting(dossier, there=(NADIA, *THERE[1:]))
    enter(row, dossier, "adjourn", withdrawn={seat_of(PATRICE): NEAR, seat_of(NADIA): NEAR})
    assert _asked(dossier).isdisjoint((PATRICE, NADIA)) and HELENE in _asked(dossier)
    for _closed in (False, True):
        with pytest.raises(Refused, match="withdrew"):
            factories.decide(NADIA, dossier, "Approve", "validation")
        db.session.rollback()
        with pytest.raises(NotFound):
            factories.decide(PATRICE, dossier, "Approve", "validation")
        db.session.rollback()
        if not _closed:
            close(row, [dossier])
    reference = dossier.reference
    address = f"/dossiers/{reference}/decide/approve/validation"
    sent = factories.decision(dossier, "Approve", "validation")
    db.session.rollback()
    page = sign_in(PATRICE).post(address, data={"version": sent.version, "shown": sent.shown})
    with force_locale("fr"):
        assert page.status_code == 404 and gettext(MESSAGES["withdrew"]) in unescape(page.text), "he is told why"
    a_sitting(factories.dossier_of(reference))
    factories.decide(PATRICE, factories.dossier_of(reference), "Approve", "validation")


def test_nobody_withdraws_from_what_they_decided_on_at_their_desk(app: Flask) -> None:
    dossier = factories.a_dossier_before_the_committee()
    factories.decide(PATRICE, dossier, "Approve", "validation")
    row = a_sitting(dossier)
    with pytest.raises(Refused, match="after speaking"):
        enter(row, dossier, withdrawn={seat_of(PATRICE): NEAR})


def test_a_sitting_is_not_closed_before_its_day(app: Flask, sign_in: SignIn) -> None:
    dossier = factories.a_dossier_before_the_committee()
    row = a_sitting(dossier, day=clock.today() + timedelta(days=3))
    enter(row, dossier)
    with pytest.raises(Refused, match="its day is changed first"):
        close(row, [dossier])
    db.session.rollback()
    with pytest.raises(Refused, match="its day is changed first"):
        actions.close_sitting(factories.identity(BRUNO), row.id)
    db.session.rollback()
    url, version = f"/sittings/{row.id}", row.version
    db.session.rollback()
    bruno = sign_in(BRUNO)
    assert f"{url}/change" in bruno.get(f"{url}/close").text
    assert bruno.post(f"{url}/close", data={"version": version}).status_code == 409
    told = {"held_on": clock.today().isoformat(), "version": version}
    assert bruno.post(f"{url}/change", data=told).status_code == 303
    assert bruno.post(f"{url}/close", data=drawn(bruno, f"{url}/close")).status_code == 303
    assert phase(dossier) == "approved"


def test_one_position_for_several_is_said_within_one_step_of_one_form(app: Flask, sign_in: SignIn) -> None:
    factories.a_validated_dossier()
    offered = opened(OFFER)
    handed_on(offered, CLAIRE, offer(*FIRST))
    factories.decide("sonia-mendes", offered, "Approve", "reservation")
    handed_on(offered, BRUNO, offer(*FIRST, *AFTER))
    factories.decide(BRUNO, offered, "Sign", "lecture_menage", channel="screen")
    diagnosis = factories.a_dossier_before_the_committee(1)
    row = a_sitting(diagnosis, offered)
    told = [entry(row, one) for one in (diagnosis, offered)]
    url = f"/sittings/{row.id}"
    db.session.rollback()
    bruno = sign_in(BRUNO)
    page = unescape(bruno.get(url).text).replace("\xa0", " ")
    assert page.count('id="group-') == 2 and "Dire si ce refus est légitime" in page
    sent: dict[str, object] = {"common": "favourable", "tick": ["1", "2"], "line": ["1", "2"]}
    for n, one in enumerate(told, start=1):
        sent |= {f"subject-{n}": one.subject, f"seen-{n}": one.seen, f"shown-{n}": one.shown}
    for address in (f"{url}/preview", f"{url}/enter"):
        answer = bruno.post(address, data=sent)
        assert answer.status_code == 422 and 'href="#common"' in answer.text
    assert bruno.post(f"{url}/enter", data=sent | {"tick": ["1"]}).status_code == 303


def test_two_secretaries_open_a_sitting_at_the_same_instant(app: Flask, sign_in: SignIn) -> None:
    clients, start = [sign_in(BRUNO) for _each in range(2)], Barrier(2)
    db.session.rollback()

    def open_one(client) -> int:
        start.wait(timeout=10)
        told = {"held_on": clock.today().isoformat()}
        return client.post("/operations/mistral/bodies/commission-relogement/sittings/new", data=told).status_code

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(open_one, clients)) == [303, 303]
    assert sorted(number for (number,) in db.session.query(Sitting.number)) == [1, 2]


def test_a_reason_that_is_too_long_is_refused_and_stays_in_its_field(app: Flask, sign_in: SignIn) -> None:
    dossier = factories.a_dossier_before_the_committee()
    row = a_sitting(dossier)
    with pytest.raises(Invalid):
        enter(row, dossier, positions={ALL: ("reserved", LONG)})
    db.session.rollback()
    told, url, reference, typed = entry(row, dossier), f"/sittings/{row.id}", dossier.reference, LONG[:2_100]
    seat = seat_of(HELENE)
    db.session.rollback()
    bruno = sign_in(BRUNO)
    shown = {"seen": told.seen, "shown": told.shown, "seat": seat, "said": "voices"}
    sent = shown | {f"position-{seat}": "reserved", f"reason-{seat}": typed}
    line = {"line": "1", "subject-1": told.subject, "seen-1": 0, "shown-1": told.shown}
    for address, data in (
        (f"{url}/dossiers/{reference}", sent),
        (f"{url}/preview", line | {"choice-1": "reserved", "words-1": typed}),
        (f"{url}/preview", line | {"tick": "1", "common": "reserved", "common_words": typed}),
    ):
        answer = bruno.post(address, data=data)
        assert answer.status_code == 422 and "2000" in answer.text.replace("\u202f", ""), address
        assert typed.strip() in unescape(answer.text)


def test_the_list_says_which_voices_were_given_at_a_desk_before(app: Flask, sign_in: SignIn) -> None:
    dossier = factories.a_dossier_before_the_committee()
    factories.decide(HELENE, dossier, "ApproveWithReservation", "validation", reason="Rez-de-chaussée.")
    row = a_sitting(dossier, there=(PATRICE, FRANCOIS, *THERE[3:]))
    enter(row, dossier)
    close(row, [dossier])
    with force_locale("fr"):
        told = sitting_paper.order(row, "R", "Relais", "http://localhost/verify/R").data
        [cells] = told["table"]["rows"]
    assert re.search(rf"Ville de Grenoble.*favorable avec réserve.* {clock.today().year}", cells[3])
    assert "Rez-de-chaussée." in cells[4]
    assert told["asked"], "one step for all: said once, at its head"
    page = f"/sittings/{row.id}/sheet"
    db.session.rollback()
    told = sign_in(BRUNO).get(page).text
    assert re.search(rf"Ville de Grenoble[^<]*favorable avec réserve[^<]* {clock.today().year}", told)


def test_a_sitting_left_open_after_its_day_waits_for_its_secretary_alone(app: Flask, sign_in: SignIn) -> None:
    row = a_sitting(factories.a_dossier_before_the_committee(), day=clock.today() - timedelta(days=1))
    url = f'href="/sittings/{row.id}"'
    counted = queries.waiting_count(factories.identity(BRUNO))
    db.session.rollback()
    assert url in sign_in(BRUNO).get("/waiting").text
    assert url not in sign_in(FRANCOIS).get("/waiting").text
    actions.close_sitting(factories.identity(BRUNO), attending.sitting(row.id).id)
    db.session.commit()
    assert queries.waiting_count(factories.identity(BRUNO)) == counted - 1


def test_who_stands_in_for_the_secretary_keeps_the_sitting_and_the_record_says_in_whose_place(app: Flask) -> None:
    dossier = factories.a_dossier_before_the_committee()
    row = a_sitting(dossier)
    away(BRUNO, CLAIRE)
    claire = factories.identity(CLAIRE)
    actions.enter(claire, row.id, entry(row, dossier, positions={ALL: ("favourable", "")}))
    db.session.commit()
    actions.carry_out(claire, row.id, dossier.subject)
    actions.close_sitting(claire, row.id)
    db.session.commit()
    assert phase(dossier) == "approved"
    assert {fact.actor.get("recorded_by") for fact in facts(dossier.subject) if fact.kind == "Approved"} >= {CLAIRE}
    closing = facts(f"sitting:{row.id}")[-1]
    assert (closing.actor["person"], closing.actor["on_behalf_of"]) == (CLAIRE, BRUNO)
    with force_locale("fr"):
        told = sitting_paper.order(row, "R", "Relais", "http://localhost/verify/R").data
    assert "Claire Maurin" in told["secretary"] and "Bruno Castel" in told["secretary"]
    assert actions.open_sitting(claire, committee(), SittingDraft(clock.today())).number == 2
