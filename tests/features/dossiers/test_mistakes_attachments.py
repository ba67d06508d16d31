"""Attachments: kept, read by few, moved, erased for good."""

import io

import pytest
from PIL import Image

from tests import factories as made
from tests.cast import CLAIRE, FRANCOIS, NADIA, SONIA
from tests.features.dossiers.projections import all_holds, snapshot
from workflow import outbox
from workflow.db import db
from workflow.dossiers.actions import attaching, moving, undoing
from workflow.dossiers.queries import attachments
from workflow.dossiers.queries.undoable import undoable
from workflow.filing import actions as filing
from workflow.filing import queries as files
from workflow.filing.models import KeptFile
from workflow.outbox import Outbox
from workflow.record.queries import facts, text
from workflow.storage import Store, open_store
from workflow.web.models import SensitiveRead

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def photo():
    made_ = io.BytesIO()
    picture = Image.new("RGB", (60, 40), "white")
    exif = Image.Exif()
    exif[0x010F] = "Phone of somebody"
    picture.save(made_, "JPEG", exif=exif)
    return made_.getvalue()


def attach(row, data=PDF, caption="Bail de 2014", *, shared=False):
    found = attaching.attach(made.identity(CLAIRE), row, data, "", caption=caption, shared=shared)
    db.session.commit()
    return found


def names(app):
    return open_store(app.config["RELAIS"].storage_url).names()


def test_an_officer_adds_a_file_on_the_page_and_reads_it_again(app, sign_in):
    home = made.a_household().id
    db.session.rollback()
    client = sign_in(CLAIRE)
    path = f"/households/{home}/attachments/new"
    assert client.get(path).status_code == 200
    told = {"file": (io.BytesIO(photo()), "bail.jpg"), "caption": "Bail de 2014"}
    answer = client.post(path, data=told)
    assert answer.status_code == 303
    assert "Bail de 2014" in client.get(f"/households/{home}").text
    row = db.session.query(KeptFile).one()
    kept, told_id = files.bytes_of_file(row), row.id
    assert b"Phone of somebody" not in kept
    db.session.rollback()
    answer = client.get(f"/attachments/{told_id}")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, kept, "image/jpeg")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    reads = db.session.query(SensitiveRead).filter_by(person=CLAIRE, subject=f"household:{home}")
    assert reads.count() == 1


@pytest.mark.parametrize(
    ("data", "caption", "word"),
    [
        (b"MZ a program", "Bail", "ni un PDF"),
        (b"", "Bail", "vide"),
        (PDF, "", "Dites ce que c’est"),
        (b"\xff\xd8\xff not a picture at all \xff\xd9", "Photo", "abîmée"),
    ],
)
def test_what_cannot_be_kept_is_said_beside_its_field(app, sign_in, data, caption, word):
    home = made.a_household().id
    db.session.rollback()
    told = {"file": (io.BytesIO(data), "x.pdf"), "caption": caption}
    answer = sign_in(CLAIRE).post(f"/households/{home}/attachments/new", data=told)
    assert answer.status_code == 422
    assert word in answer.text
    assert names(app) == []


def test_partners_read_only_what_was_shared_with_them_and_the_committee_nothing(app, sign_in):
    row = made.a_submitted_dossier()
    ours, shared = attach(row), attach(row.household, shared=True)
    told = ours.id, shared.id
    db.session.rollback()
    expected = {CLAIRE: (200, 200), NADIA: (200, 200), SONIA: (404, 200), FRANCOIS: (404, 404)}
    for slug, answers in expected.items():
        client = sign_in(slug)
        assert tuple(client.get(f"/attachments/{one}").status_code for one in told) == answers, slug


def test_a_landlord_without_the_agreement_of_the_household_reads_nothing(app, sign_in):
    row = made.a_submitted_dossier(agreements=("prefecture-isere",))
    shared = attach(row.household, shared=True).id
    db.session.rollback()
    assert sign_in(SONIA).get(f"/attachments/{shared}").status_code == 404


def test_a_file_in_the_wrong_place_is_erased_at_once_and_only_who_when_and_why_stay(app, sign_in):
    row = attach(made.a_household(), caption="Avis d’imposition de Mme Autre")
    told, caption, home = row.id, row.caption, made.a_household().id
    db.session.rollback()
    client = sign_in(CLAIRE)
    assert client.post(f"/attachments/{told}/remove", data={}).status_code == 422
    answer = client.post(f"/attachments/{told}/remove", data={"reason": "Déposé chez la mauvaise famille"})
    assert answer.status_code == 303
    assert names(app) == [], "in the same request"
    assert client.get(f"/attachments/{told}").status_code == 404
    row = db.session.get_one(KeptFile, told)
    assert (row.erased_by, bool(row.erased_at), row.caption) == (CLAIRE, True, "")
    assert text(row.reason) == "Déposé chez la mauvaise famille"
    assert text(caption) is None
    assert [fact.kind for fact in facts(f"household:{home}")][-1] == "FileErased"
    db.session.rollback()
    page = client.get(f"/households/{home}").text
    assert "Mme Autre" not in page
    assert "Déposé chez la mauvaise famille" in page
    assert all_holds()


def test_a_store_that_does_not_answer_is_asked_again_later(app, sign_in, monkeypatch):
    told = attach(made.a_household()).id
    db.session.rollback()
    client = sign_in(CLAIRE)

    def silent(_store, _name):
        raise OSError("the store does not answer")

    with monkeypatch.context() as patched:
        patched.setattr(Store, "delete", silent)
        assert client.post(f"/attachments/{told}/remove", data={"reason": "Erreur"}).status_code == 303
    assert client.get(f"/attachments/{told}").status_code == 404, "out of sight all the same"
    row = db.session.query(Outbox).filter_by(kind="filing.erase").one()
    assert (row.state, len(names(app))) == (outbox.PENDING, 1)
    assert outbox.run_again(row.id)
    db.session.commit()
    db.session.rollback()
    outbox.drain()
    assert names(app) == []


def test_a_scan_that_a_signature_names_keeps_its_hash(app):
    row = made.a_submitted_dossier()
    scan = filing.keep_file("mistral", row.subject, photo(), "", CLAIRE)
    digest = scan.sha256
    attaching.erase_file(made.identity(CLAIRE), scan, "Mauvais dossier")
    db.session.commit()
    assert scan.sha256 == digest
    assert files.kept_file(row.subject, digest) is None
    assert filing.keep_file("mistral", row.subject, photo(), "", CLAIRE).id != scan.id


def test_an_attachment_moves_to_the_right_household_and_back(app):
    me, target = made.identity(CLAIRE), made.a_household(1).id
    row = attach(made.a_household(0))
    before = snapshot()
    moving.move_file(me, row, target)
    db.session.commit()
    db.session.rollback()
    outbox.drain()
    row = db.session.query(KeptFile).one()
    assert (files.bytes_of_file(row), text(row.caption)) == (PDF, "Bail de 2014")
    assert row.subject == f"household:{target}"
    assert len(names(app)) == 1
    assert attachments.attachments(me, made.a_household(0)) == []
    undoing.undo(me, undoable(me, row.subject).id)
    db.session.commit()
    db.session.rollback()
    outbox.drain()
    assert snapshot() == before
    assert files.bytes_of_file(db.session.query(KeptFile).one()) == PDF
    assert all_holds()
