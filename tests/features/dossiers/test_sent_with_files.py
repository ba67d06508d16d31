"""A telephone sends photographs with its answers: at once, in several sendings, or what is none."""

import uuid
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from forms.instance import Instance
from forms.storing import Identity
from tests import museum
from tests.features.dossiers.sending import Phone, a_device
from workflow.db import db
from workflow.dossiers import queries
from workflow.dossiers.models import Dossier, Submission
from workflow.filing import queries as filing

PATH = "/data/files/photo"


@pytest.fixture
def row(app: Flask, tmp_path: Path) -> Dossier:
    return museum.a_museum(tmp_path / "museum")


@pytest.fixture
def phone(row: Dossier, anonymous: FlaskClient) -> Phone:
    return Phone(anonymous, a_device(operation=row.operation_id))


def filled(row: Dossier, photo: str) -> str:
    instance = Instance.new(queries.form_of(row), queries.circumstances(row.operation_id))
    instance.set("/data/words/plain", "Awa")
    instance.set(PATH, photo)
    instance.identity = Identity(f"uuid:{uuid.uuid4()}")
    told = f'<r:reference xmlns:r="urn:relais:xlsform:1">{row.reference}</r:reference>'
    return instance.to_xml().replace("</meta>", f"{told}</meta>")


def photo_of(row: Dossier) -> str:
    db.session.rollback()
    found = queries.opened(row, queries.present_set(row))[0].get(PATH)
    db.session.rollback()
    return found


def kept(row: Dossier) -> list[bytes]:
    found = [one for one in filing.files_of([row.subject]) if one.part == "answer" and not one.erased_at]
    data = [filing.bytes_of_file(one) for one in found]
    db.session.rollback()
    return data


def test_a_photograph_comes_with_the_answers_and_is_kept_without_what_the_camera_noted(
    row: Dossier, phone: Phone
) -> None:
    assert phone.send(filled(row, "1699.jpg"), **{"1699.jpg": museum.photograph()}).status_code == 201
    assert photo_of(row).startswith("1699-") and photo_of(row).endswith(".jpg")
    [data] = kept(row)
    assert b"45.18N" not in data


def test_a_photograph_that_comes_in_a_second_sending_finds_its_place(row: Dossier, phone: Phone) -> None:
    xml = filled(row, "1699.jpg")
    assert phone.send(xml).status_code == 201
    assert photo_of(row) == "1699.jpg"
    missing = db.session.query(Submission).filter_by(source="phone").one().findings
    assert phone.send(xml, **{"1699.jpg": museum.photograph()}).status_code == 202
    assert photo_of(row).startswith("1699-")
    assert db.session.query(Submission).filter_by(source="phone").one().findings == missing - 1
    assert phone.send(xml, **{"1699.jpg": museum.photograph()}).status_code == 202
    assert len(kept(row)) == 1


def test_what_is_no_photograph_is_flagged_and_the_answers_are_kept(row: Dossier, phone: Phone) -> None:
    assert phone.send(filled(row, "1699.jpg"), **{"1699.jpg": b"MZ" * 80}).status_code == 201
    assert photo_of(row) == "1699.jpg"
    assert db.session.query(Submission).filter_by(source="phone").one().state == "flagged"
    assert kept(row) == []


def test_the_files_of_answers_that_were_kept_apart_go_where_the_answers_go(row: Dossier, phone: Phone, sign_in) -> None:
    xml = filled(row, "1699.jpg").replace(row.reference, "XX-0000-0")
    reference, operation = row.reference, row.operation_id
    assert phone.send(xml, **{"1699.jpg": museum.photograph()}).status_code == 201
    for _time in range(2):
        assert phone.send(xml, **{"1700.jpg": museum.photograph()}).status_code == 202
    [aside] = [one.id for one in db.session.query(Submission) if one.state == "aside"]
    assert len(db.session.get(Submission, aside).told["files"]) == 2, "those of a second sending wait too, once"
    db.session.rollback()
    client = sign_in("claire-maurin")
    assert client.post(f"/arrived/{aside}/give", data={"reference": reference}).status_code == 303
    assert operation and photo_of(row).startswith("1699-")
    assert len(kept(row)) == 1
