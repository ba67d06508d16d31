"""Files attached to a dossier of the whole operation: for the team that carries it, or for whoever may open it."""

import io

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import BRUNO, HELENE, MONIQUE, NADIA, SONIA
from tests.features.conftest import SignIn
from tests.features.dossiers.playing import Played
from workflow.db import db
from workflow.filing import actions as filing
from workflow.filing.models import KeptFile

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def charter(app: Flask) -> Played:
    played = Played("charte")
    played.hand_on(NADIA)
    return played


def attach(client: FlaskClient, played: Played, **more: str) -> str:
    """The id of the file."""
    told = {"file": (io.BytesIO(PDF), "note.pdf"), "caption": "Note du cabinet", **more}
    sent = client.post(f"/dossiers/{played.reference}/attachments/new", data=told)
    assert sent.status_code == 303
    found = db.session.query(KeptFile).filter_by(part="shared" if more else "attachment").one().id
    db.session.rollback()
    return found


def test_who_carries_the_operation_attaches_a_file_and_reads_it_again(charter: Played, sign_in: SignIn) -> None:
    client = sign_in(NADIA)
    address = f"/dossiers/{charter.reference}"
    assert client.get(f"{address}/attachments/new").status_code == 200
    file = attach(client, charter)
    assert "Note du cabinet" in client.get(address).text
    assert client.get(f"/attachments/{file}").data == PDF
    assert sign_in(BRUNO).get(f"/attachments/{file}").status_code == 200


def test_partners_read_only_what_was_opened_to_them(charter: Played, sign_in: SignIn) -> None:
    client = sign_in(NADIA)
    closed, shared = attach(client, charter), attach(client, charter, shared="y")
    for partner in (SONIA, MONIQUE, HELENE):
        reader = sign_in(partner)
        assert reader.get(f"/attachments/{closed}").status_code == 404, partner
        assert reader.get(f"/attachments/{shared}").status_code == 200, partner
        assert reader.get(f"/dossiers/{charter.reference}").text.count("Note du cabinet") == 1


def test_partners_attach_and_erase_nothing(charter: Played, sign_in: SignIn) -> None:
    file = attach(sign_in(NADIA), charter, shared="y")
    for partner in (SONIA, MONIQUE):
        reader = sign_in(partner)
        assert reader.get(f"/dossiers/{charter.reference}/attachments/new").status_code in (403, 404)
        assert reader.post(f"/attachments/{file}/remove", data={"reason": "x"}).status_code in (403, 404)


def test_a_file_put_there_by_mistake_is_erased_and_what_was_signed_stays(charter: Played, sign_in: SignIn) -> None:
    client = sign_in(NADIA)
    file = attach(client, charter)
    scan = filing.keep_file("mistral", charter.row.subject, PDF, "application/pdf", NADIA).id
    db.session.commit()
    assert client.get(f"/attachments/{file}/remove").status_code == 200
    assert client.post(f"/attachments/{file}/remove", data={"reason": "Mauvais dossier"}).status_code == 303
    assert client.get(f"/attachments/{file}").status_code == 404
    assert client.get(f"/attachments/{scan}").status_code == 200
    assert client.get(f"/attachments/{scan}/remove").status_code == 404
    assert client.get(f"/attachments/{file}/move").status_code == 404


def test_an_annulled_dossier_takes_no_more_files(charter: Played, sign_in: SignIn) -> None:
    charter.row.void_at = charter.row.opened_at
    db.session.commit()
    assert sign_in(NADIA).get(f"/dossiers/{charter.reference}/attachments/new").status_code == 409
