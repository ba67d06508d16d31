"""A room is prepared for a paper: who signs, in what order, how; then the signatures are opened."""

import pytest

from tests.cast import CLAIRE, HELENE, MONIQUE, NADIA, PATRICE
from tests.features.signing.conftest import a_convention, a_mandate, room_of, signatory
from tests.features.writing.conftest import page_words
from workflow.db import db
from workflow.signing.models import OPEN, PREPARING, Room


@pytest.fixture
def reference(app):
    return a_convention()


def prepared(client, reference):
    sent = client.post(f"/papers/{reference}/sign")
    assert sent.status_code == 303, page_words(sent)
    return sent.location


def test_those_who_could_sign_are_proposed_from_the_places_of_the_document(sign_in, reference):
    nadia = sign_in(NADIA)
    path = prepared(nadia, reference)
    told = page_words(nadia.get(path))
    assert "Patrice Odier" in told
    known = room_of(reference)
    assert known.row.state == PREPARING
    assert [(one.row.field, one.person, one.row.channel) for one in known.parties] == [("actis", PATRICE, "screen")]


def test_having_a_paper_signed_twice_leads_to_the_same_room(sign_in, reference):
    nadia = sign_in(NADIA)
    assert prepared(nadia, reference) == prepared(nadia, reference)
    db.session.rollback()
    assert db.session.query(Room).count() == 1


def test_only_who_coordinates_has_papers_signed(sign_in, reference):
    for other in (HELENE, MONIQUE, PATRICE):
        assert sign_in(other).get(f"/papers/{reference}/sign").status_code == 404, other
    path = prepared(sign_in(NADIA), reference)
    for other in (HELENE, MONIQUE):
        assert sign_in(other).get(path).status_code == 404, other


def test_nobody_of_a_public_body_is_asked_before_a_deliberation_is_recorded(sign_in, reference):
    nadia = sign_in(NADIA)
    path = prepared(nadia, reference)
    added = nadia.post(f"{path}/signatories/new", data=signatory("Hélène Vasseur", organisation="grenoble"))
    assert added.status_code == 303, page_words(added)
    refused = nadia.post(f"{path}/open", data={"version": room_of(reference).row.version})
    assert refused.status_code == 422
    assert "deliberation" in refused.text or "délibération" in refused.text
    assert room_of(reference).row.state == PREPARING


def test_a_deliberation_with_its_number_day_and_file_opens_the_way(sign_in, reference):
    nadia = sign_in(NADIA)
    path = prepared(nadia, reference)
    typed = signatory("Hélène Vasseur", organisation="grenoble") | a_mandate()
    assert nadia.post(f"{path}/signatories/new", data=typed, content_type="multipart/form-data").status_code == 303
    opened = nadia.post(f"{path}/open", data={"version": room_of(reference).row.version})
    assert opened.status_code == 303, page_words(opened)
    assert room_of(reference).row.state == OPEN
    assert "2026-118" in page_words(nadia.get(path))


def test_somebody_may_take_responsibility_and_says_why(sign_in, reference):
    nadia = sign_in(NADIA)
    path = prepared(nadia, reference)
    typed = signatory("Hélène Vasseur", organisation="grenoble", mandate="responsibility")
    silent = nadia.post(f"{path}/signatories/new", data=typed)
    assert silent.status_code == 422
    assert 'value="Hélène Vasseur"' in silent.text
    typed |= {"why": "Le conseil se réunit jeudi."}
    assert nadia.post(f"{path}/signatories/new", data=typed).status_code == 303
    assert "Le conseil se réunit jeudi." in page_words(nadia.get(path))


def test_nothing_of_what_was_prepared_changes_once_the_signatures_are_open(sign_in, reference):
    nadia = sign_in(NADIA)
    path = prepared(nadia, reference)
    assert nadia.post(f"{path}/open", data={"version": room_of(reference).row.version}).status_code == 303
    known = room_of(reference)
    late = nadia.post(f"{path}/signatories/{known.parties[0].id}", data=signatory("Un autre"))
    assert late.status_code == 409
    assert room_of(reference).parties[0].words.name == "Patrice Odier"


def test_whoever_is_asked_finds_it_among_what_waits_for_them(sign_in, reference, worked):
    nadia = sign_in(NADIA)
    path = prepared(nadia, reference)
    nadia.post(f"{path}/open", data={"version": room_of(reference).row.version})
    worked()
    patrice = sign_in(PATRICE)
    told = patrice.get("/waiting")
    assert path in told.text
    assert patrice.get(path).status_code == 200
    assert path not in sign_in(CLAIRE).get("/waiting").text
