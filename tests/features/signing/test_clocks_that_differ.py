"""Two machines, two clocks: what seems to come before the last act is told at its instant, never refused."""

from datetime import timedelta
from io import BytesIO

import pytest

from tests.cast import NADIA, PATRICE
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
from workflow.approvals.queries import standing
from workflow.record.queries import facts
from workflow.signing.models import COMPLETE, OPEN
from workflow.signing.queries import revisions
from workflow.signing.queries.states import recognised

AHEAD = timedelta(minutes=40)


@pytest.fixture
def reference(app):
    return a_convention()


def instants(reference):
    row = room_of(reference).row
    return [one.data["at"] for one in facts(row.subject)], [one.at for one in revisions.revisions(row.id)]


def test_what_a_slower_clock_says_comes_after_what_a_faster_one_said(sign_in, reference, worked):
    with clock.at(clock.now() + AHEAD):
        path = opened(sign_in(NADIA), reference, signatory("Rose Garnier", rank="2"))
        worked()
    patrice, party = sign_in(PATRICE), room_of(reference).parties[0].id
    types_the_code(patrice, f"{path}/signatories/{party}", PATRICES)
    assert patrice.post(f"{path}/signatories/{party}/sign", data=signing(reference)).status_code == 303
    assert patrice.post(f"{path}/take-back").status_code == 303
    assert room_of(reference).row.state == OPEN
    with clock.at(clock.now() - AHEAD):
        nadia = sign_in(NADIA)
        assert nadia.post(f"{path}/remind").status_code == 303
        assert (
            nadia.post(f"{path}/extend", data={"until": (clock.today() + timedelta(days=60)).isoformat()}).status_code
            == 303
        )
        told = {"signatories": [one.id for one in room_of(reference).parties], "attested": "1"}
        told |= {"signed_on": clock.today().isoformat(), "scan": (BytesIO(a_picture()), "scan.png")}
        sent = nadia.post(f"{path}/paper", data=told, content_type="multipart/form-data")
        assert sent.status_code == 303, page_words(sent)
        worked()
    known = room_of(reference)
    assert known.row.state == COMPLETE
    for several in instants(reference):
        assert several == sorted(several)
    assert standing(known.row.subject).state.phase == "approved"
    found = recognised(revisions.present(known.row).after)
    assert {one.name for one in found.signers.values()} == {"Patrice Odier"}
