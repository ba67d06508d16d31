"""Whoever holds a file is told which state of the room it is, who signed in it and how: no more, no less."""

from io import BytesIO

import pytest

from tests.cast import HELENE, NADIA, PATRICE
from tests.features.signing.conftest import (
    a_convention,
    a_picture,
    opened,
    room_of,
    signatory,
    signing,
    types_the_code,
)
from tests.features.signing.test_the_last_day import PATRICES
from tests.features.writing.conftest import page_words
from workflow import clock
from workflow.filing.rules.verdicts import COMPLETE, NEWER, OPEN, STOPPED, TAKEN_BACK, WHOLE, stand_of
from workflow.signing.queries import revisions
from workflow.signing.queries.states import recognised

HAND = signatory("Rose Garnier", capacity="présidente")
SECOND = signatory("Paule Mercier", rank="2", capacity="directrice")


@pytest.fixture
def reference(app):
    return a_convention()


def mark(reference):
    """Of the file as it stands now."""
    return revisions.present(room_of(reference).row).after


def signs(client, reference, name="Patrice Odier", address=PATRICES):
    known = room_of(reference)
    party = next(one for one in known.parties if one.acting.name == name)
    url = f"/rooms/{known.row.reference}/signatories/{party.id}"
    types_the_code(client, url, address)
    sent = client.post(f"{url}/sign", data=signing(reference, name))
    assert sent.status_code == 303, page_words(sent)


def hands_in(nadia, path, *parties):
    told = {"signatories": [one.id for one in parties], "signed_on": clock.today().isoformat(), "attested": "1"}
    told |= {"scan": (BytesIO(a_picture()), "scan.png")}
    sent = nadia.post(f"{path}/paper", data=told, content_type="multipart/form-data")
    assert sent.status_code == 303, page_words(sent)


def told(state):
    """(what became of it, {who signed in the file: how}, who signed on paper alone)."""
    found = recognised(state)
    inside = {one.name: (one.way, one.on is not None) for one in found.signers.values()}
    return found.stand, inside, [one.name for one in found.by_hand]


def test_each_state_names_those_who_had_signed_then(sign_in, reference):
    nadia = sign_in(NADIA)
    path = opened(nadia, reference, dict(HAND), dict(SECOND))
    base = mark(reference)
    signs(sign_in(PATRICE), reference)
    first = mark(reference)
    hands_in(nadia, path, next(one for one in room_of(reference).parties if one.words.name == "Rose Garnier"))
    assert told(base) == (NEWER, {}, [])
    stand, inside, alone = told(first)
    assert stand_of(WHOLE, stand) == "waiting", "no place of the file is empty, and somebody still signs on paper"
    assert (stand, inside) == (OPEN, {"Patrice Odier": ("screen", False)}), "a scan adds nothing to the file"
    assert alone == ["Rose Garnier"]
    hands_in(nadia, path, next(one for one in room_of(reference).parties if one.words.name == "Paule Mercier"))
    assert told(mark(reference))[::2] == (COMPLETE, ["Rose Garnier", "Paule Mercier"])


def test_signed_on_paper_in_its_place_it_is_never_called_electronic(sign_in, reference):
    nadia = sign_in(NADIA)
    path = opened(nadia, reference, dict(SECOND))
    hands_in(nadia, path, room_of(reference).parties[0])
    middle = mark(reference)
    assert told(middle) == (OPEN, {"Patrice Odier": ("paper", True)}, [])
    hands_in(nadia, path, room_of(reference).parties[1])
    assert told(mark(reference)) == (COMPLETE, {"Patrice Odier": ("paper", True)}, ["Paule Mercier"])


def test_a_signature_that_was_taken_back_stands_in_no_later_state(sign_in, reference):
    nadia = sign_in(NADIA)
    path = opened(nadia, reference, dict(HAND))
    patrice = sign_in(PATRICE)
    signs(patrice, reference)
    former = mark(reference)
    assert patrice.post(f"{path}/take-back").status_code == 303
    assert told(former) == (TAKEN_BACK, {"Patrice Odier": ("screen", False)}, [])
    assert told(mark(reference)) == (OPEN, {}, [])
    hands_in(nadia, path, room_of(reference).parties[0])
    assert told(mark(reference)) == (OPEN, {"Patrice Odier": ("paper", True)}, [])
    assert told(former)[0] == TAKEN_BACK


def test_after_a_refusal_every_state_says_that_it_was_stopped(sign_in, reference):
    path = opened(sign_in(NADIA), reference)
    party = room_of(reference).parties[0].id
    assert sign_in(PATRICE).post(f"{path}/signatories/{party}/refuse", data={"reason": "Non."}).status_code == 303
    assert told(mark(reference)) == (STOPPED, {}, [])


def test_of_two_of_three_only_those_who_signed_are_named(sign_in, reference):
    nadia = sign_in(NADIA)
    path = nadia.post(f"/papers/{reference}/sign").location
    group = {"group": "A", "needed": "2"}
    first = room_of(reference).parties[0].id
    place = {"channel": "screen", "place": "actis", "person": PATRICE}
    assert (
        nadia.post(f"{path}/signatories/{first}", data=signatory("Patrice Odier", **group, **place)).status_code == 303
    )
    for name in ("Rose Garnier", "Paule Mercier"):
        assert nadia.post(f"{path}/signatories/new", data=signatory(name, **group)).status_code == 303
    assert nadia.post(f"{path}/open", data={"version": room_of(reference).row.version}).status_code == 303
    signs(sign_in(PATRICE), reference)
    assert told(mark(reference))[0] == OPEN
    hands_in(nadia, path, next(one for one in room_of(reference).parties if one.words.name == "Paule Mercier"))
    stand, inside, alone = told(mark(reference))
    assert (stand, set(inside), alone) == (COMPLETE, {"Patrice Odier"}, ["Paule Mercier"])


def test_who_signs_instead_is_named_for_the_organisation_of_the_first(sign_in, reference):
    nadia = sign_in(NADIA)
    path = opened(nadia, reference)
    typed = {
        "name": "Hélène Vasseur",
        "capacity": "adjointe",
        "person": HELENE,
        "mandate": "power",
        "day": "2026-10-01",
    }
    typed |= {"mandate_file": (BytesIO(a_picture()), "pouvoir.png")}
    party = room_of(reference).parties[0].id
    url = f"{path}/signatories/{party}/delegate"
    assert nadia.post(url, data=typed, content_type="multipart/form-data").status_code == 303
    signs(sign_in(HELENE), reference, "Hélène Vasseur", "helene.vasseur@example.org")
    found = recognised(mark(reference))
    (signer,) = found.signers.values()
    assert (found.stand, signer.name, signer.capacity) == (COMPLETE, "Hélène Vasseur", "adjointe")
    assert signer.organisation == room_of(reference).parties[0].words.organisation != ""
