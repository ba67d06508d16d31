"""Two signatories at the very same moment: one waits, and both signatures are in the file. Real threads."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from documents.signing import free_fields
from tests.cast import HELENE, NADIA, PATRICE
from tests.features.signing.conftest import a_convention, a_mandate, room_of, signatory, signing, types_the_code
from workflow.db import db
from workflow.signing.queries import revisions


def test_both_signatures_are_in_the_file(sign_in):
    reference = a_convention("charte-de-relogement")
    nadia = sign_in(NADIA)
    path = nadia.post(f"/papers/{reference}/sign").location
    for one in room_of(reference).parties:
        if one.row.field not in ("actis", "grenoble"):
            assert nadia.post(f"{path}/signatories/{one.id}/remove").status_code == 303
    for one in room_of(reference).parties:
        typed = signatory(one.words.name, channel="screen", place=one.row.field, organisation=one.row.organisation)
        typed |= {"person": HELENE if one.row.field == "grenoble" else PATRICE} | a_mandate()
        sent = nadia.post(f"{path}/signatories/{one.id}", data=typed, content_type="multipart/form-data")
        assert sent.status_code == 303, sent.text
    assert nadia.post(f"{path}/open", data={"version": room_of(reference).row.version}).status_code == 303
    several = [(one.row.field, one.id, one.words.name) for one in room_of(reference).parties]
    people = {"actis": sign_in(PATRICE), "grenoble": sign_in(HELENE)}
    addresses = {"actis": "patrice.odier@example.com", "grenoble": "helene.vasseur@example.org"}
    for field, ident, _name in several:
        types_the_code(people[field], f"{path}/signatories/{ident}", addresses[field])
    sendings = [
        (people[field], f"{path}/signatories/{ident}/sign", signing(reference, name)) for field, ident, name in several
    ]
    db.session.rollback()
    start = Barrier(len(sendings))

    def send(sending):
        client, address, form = sending
        start.wait(timeout=10)
        return client.post(address, data=form).status_code

    with ThreadPoolExecutor(len(sendings)) as pool:
        assert list(pool.map(send, sendings)) == [303, 303]
    known = room_of(reference)
    data = revisions.bytes_of(known.row, revisions.present(known.row))
    assert not {"actis", "grenoble"} & set(free_fields(data))
    several = revisions.revisions(known.row.id)
    assert [one.before for one in several[1:]] == [one.after for one in several[:-1]]
