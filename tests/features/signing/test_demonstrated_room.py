"""The demonstration has signatures under way: whoever opens it finds something to sign."""

from tests.cast import HELENE, PATRICE
from workflow.db import db
from workflow.signing.models import OPEN, Room
from workflow.writing.actions import demonstrate_room


def test_a_convention_waits_for_its_landlords_and_the_public_bodies_have_their_mandates(app, sign_in):
    demonstrate_room("mistral")
    room = db.session.query(Room).one()
    assert room.state == OPEN
    path = f"/rooms/{room.reference}"
    db.session.rollback()
    assert path in sign_in(PATRICE).get("/waiting").text
    assert path not in sign_in(HELENE).get("/waiting").text
    page = sign_in(HELENE).get(path).text
    for number in ("05-241", "2005-118", "2005-07-38"):
        assert number in page
