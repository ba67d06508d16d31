"""What follows: a new version, somebody who joins later, somebody who signs instead, a signature on paper."""

from datetime import timedelta
from io import BytesIO

import pytest

from documents.signing import free_fields
from tests.cast import HELENE, NADIA, PATRICE
from tests.features.signing.conftest import (
    a_convention,
    a_mandate,
    a_picture,
    opened,
    paper,
    room_of,
    signatory,
    signing,
    types_the_code,
)
from tests.features.writing.conftest import page_words
from workflow import clock
from workflow.db import db
from workflow.errors import NotFound
from workflow.record import actions as record
from workflow.record.queries import facts
from workflow.signing.models import COMPLETE, OPEN, PREPARING, REFUSED
from workflow.signing.queries import revisions, rooms
from workflow.signing.queries.standing import originals

PATRICES = "patrice.odier@example.com"


@pytest.fixture
def reference(app):
    return a_convention()


def url_of(reference, name="Patrice Odier"):
    known = room_of(reference)
    party = next(one for one in known.parties if one.acting.name == name)
    return f"/rooms/{known.row.reference}/signatories/{party.id}"


def signs(client, reference, name="Patrice Odier", address=PATRICES):
    types_the_code(client, url_of(reference, name), address)
    return client.post(f"{url_of(reference, name)}/sign", data=signing(reference, name))


def test_a_new_version_takes_over_the_signatories_and_says_what_it_replaces(sign_in, reference):
    nadia = sign_in(NADIA)
    more = signatory("Hélène Vasseur", rank="2", organisation="grenoble") | a_mandate()
    path = opened(nadia, reference, more)
    sign_in(PATRICE).post(f"{url_of(reference)}/refuse", data={"reason": "L’article 4 est faux."})
    assert room_of(reference).row.state == REFUSED
    earlier = room_of(reference).row.id
    again = a_convention()
    sent = nadia.post(f"/papers/{again}/sign", data={"of": f"replaces:{earlier}"})
    assert sent.status_code == 303, page_words(sent)
    known = room_of(again)
    assert (known.row.number, known.row.state) == (2, PREPARING)
    assert [one.words.name for one in known.parties] == ["Patrice Odier", "Hélène Vasseur"]
    assert known.parties[1].row.mandate_number == "2026-118"
    assert sent.location in nadia.get(path).text
    assert nadia.post(f"{sent.location}/open", data={"version": known.row.version}).status_code == 303
    assert room_of(reference).row.state == REFUSED, "the earlier version stays what it was"


def test_somebody_joins_by_a_paper_of_their_own_and_the_first_one_never_changes(sign_in, reference, worked):
    nadia = sign_in(NADIA)
    path = opened(nadia, reference)
    assert signs(sign_in(PATRICE), reference).status_code == 303
    worked()
    base = room_of(reference)
    assert base.row.state == COMPLETE
    before = revisions.present(base.row).after
    joining = a_convention()
    nadia.post(f"/papers/{joining}/sign", data={"of": f"joins:{room_of(reference).row.id}"})
    opened(nadia, joining)
    told = page_words(nadia.get(path))
    assert "Joined since" in told or "Adhésions depuis" in told
    assert revisions.present(room_of(reference).row).after == before


def test_somebody_signs_instead_under_a_mandate_that_is_recorded(sign_in, reference, worked):
    nadia = sign_in(NADIA)
    path = opened(nadia, reference)
    typed = {
        "name": "Hélène Vasseur",
        "capacity": "adjointe",
        "person": HELENE,
        "mandate": "power",
        "day": "2026-10-01",
    }
    without = nadia.post(f"{url_of(reference)}/delegate", data=typed)
    assert without.status_code == 422
    typed |= {"mandate_file": (BytesIO(a_picture()), "pouvoir.png")}
    url = url_of(reference)
    assert nadia.post(f"{url}/delegate", data=typed, content_type="multipart/form-data").status_code == 303
    assert path not in sign_in(PATRICE).get("/waiting").text
    helene = sign_in(HELENE)
    assert path in helene.get("/waiting").text
    assert sign_in(PATRICE).get(f"{url}/sign").status_code == 404
    assert signs(helene, reference, "Hélène Vasseur", "helene.vasseur@example.org").status_code == 303
    assert room_of(reference).row.state == COMPLETE
    assert "Patrice Odier" in page_words(nadia.get(path))


def test_one_scan_bears_several_signatures_and_a_named_person_attests_it(sign_in, reference):
    nadia = sign_in(NADIA)
    path = opened(nadia, reference, signatory("Monique Tallard", rank="2"))
    parties = [one.id for one in room_of(reference).parties]
    told = {"signatories": parties, "signed_on": clock.today().isoformat(), "place": "Grenoble"}
    silent = nadia.post(f"{path}/paper", data=told)
    assert silent.status_code == 422
    told |= {"attested": "1", "scan": (BytesIO(a_picture()), "scan.png")}
    assert nadia.post(f"{path}/paper", data=told, content_type="multipart/form-data").status_code == 303
    known = room_of(reference)
    assert known.row.state == COMPLETE
    page = page_words(nadia.get(path))
    assert "signed on paper" in page or "signé sur papier" in page
    assert "signed electronically" not in page
    assert "électroniquement" not in page
    assert "Nadia Ferhat" in page
    assert "actis" not in free_fields(revisions.bytes_of(known.row, revisions.present(known.row)))


def test_of_a_group_some_are_enough(sign_in, reference):
    nadia = sign_in(NADIA)
    path = nadia.post(f"/papers/{reference}/sign").location
    first = room_of(reference).parties[0].id
    grouped = {"group": "A", "needed": "1", "person": ""}
    nadia.post(f"{path}/signatories/{first}", data=signatory("Patrice Odier", **grouped))
    nadia.post(f"{path}/signatories/new", data=signatory("Paule Mercier", **grouped))
    assert nadia.post(f"{path}/open", data={"version": room_of(reference).row.version}).status_code == 303
    told = {"signatories": [first], "signed_on": clock.today().isoformat(), "attested": "1"}
    told |= {"scan": (BytesIO(a_picture()), "scan.png")}
    assert nadia.post(f"{path}/paper", data=told, content_type="multipart/form-data").status_code == 303
    assert room_of(reference).row.state == COMPLETE


def test_after_the_last_day_nobody_signs_until_it_is_put_off(sign_in, reference):
    nadia = sign_in(NADIA)
    opened(nadia, reference)
    patrice = sign_in(PATRICE)
    types_the_code(patrice, url_of(reference), PATRICES)
    room_of(reference).row.until = clock.today() - timedelta(days=1)
    db.session.commit()
    assert patrice.post(f"{url_of(reference)}/sign", data=signing(reference)).status_code == 409
    assert room_of(reference).row.state == OPEN
    later = clock.today() + timedelta(days=30)
    path = f"/rooms/{room_of(reference).row.reference}"
    assert nadia.post(f"{path}/extend", data={"until": later.isoformat()}).status_code == 303
    assert patrice.post(f"{url_of(reference)}/sign", data=signing(reference)).status_code == 303


def test_a_paper_that_was_annulled_is_signed_no_more(sign_in, reference):
    opened(sign_in(NADIA), reference)
    patrice = sign_in(PATRICE)
    types_the_code(patrice, url_of(reference), PATRICES)
    paper(reference).void_at = clock.now()
    db.session.commit()
    assert patrice.post(f"{url_of(reference)}/sign", data=signing(reference)).status_code == 409


def test_erasing_the_paper_erases_all_that_its_room_holds(sign_in, reference):
    opened(sign_in(NADIA), reference)
    row = room_of(reference).row
    record.forget(row.paper_subject)
    db.session.commit()
    with pytest.raises(NotFound):
        rooms.parties(room_of(reference).row.id)
    with pytest.raises(NotFound):
        known = room_of(reference).row
        revisions.bytes_of(known, revisions.present(known))


def test_the_record_tells_the_course_without_a_name_or_a_word(sign_in, reference):
    opened(sign_in(NADIA), reference, signatory("Monique Tallard", rank="2"))
    row = room_of(reference).row
    told = [*facts(row.subject), *facts(f"signing:{row.id}")]
    assert {"Opened", "StageEntered", "RoomPrepared", "RoomOpened"} <= {one.kind for one in told}
    assert not any("Tallard" in str(one.data) or "Odier" in str(one.data) for one in told)


def test_originals_on_paper_are_counted_and_followed_from_hand_to_hand(sign_in, reference):
    nadia = sign_in(NADIA)
    path = f"{opened(nadia, reference)}/originals"
    assert nadia.post(f"{path}/new", data={"count": "0"}).status_code == 422
    assert nadia.post(f"{path}/new", data={"count": "2"}).status_code == 303
    assert nadia.post(f"{path}/new", data={"count": "3"}).status_code == 409
    party = room_of(reference).parties[0].id
    today = clock.today().isoformat()
    assert nadia.post(path, data={"number": "2", "to": party, "on": "2031-01-01"}).status_code == 422
    assert nadia.post(path, data={"number": "2", "to": party, "on": today}).status_code == 303
    assert [one.holder for one in originals(room_of(reference).row.id)] == ["", party]
    assert nadia.post(path, data={"number": "2", "to": "office", "on": today}).status_code == 303
    held = originals(room_of(reference).row.id)
    assert [len(one.moves) for one in held] == [0, 2]
    assert "Patrice Odier" in page_words(nadia.get(path))
    assert sign_in(PATRICE).get(path).status_code == 404
