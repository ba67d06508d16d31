"""Scans that people hand in: judged by their content, kept once, encrypted, readable again."""

from hashlib import sha256

import pytest
from flask import Flask

from workflow.db import db
from workflow.errors import Invalid, NotFound
from workflow.filing import actions, queries
from workflow.filing.models import KeptFile
from workflow.record import actions as record
from workflow.storage import open_store

SUBJECT = "dossier:4f1d"
JPEG = b"\xff\xd8\xff\xe0 a photo of the signed page " + bytes(500) + b"\xff\xd9"


def keep(data: bytes, mime: str = "image/jpeg") -> KeptFile:
    return actions.keep_file("mistral", SUBJECT, data, mime, "bruno-castel")


def test_a_scan_is_kept_encrypted_and_read_again(app: Flask) -> None:
    row = keep(JPEG)
    db.session.commit()
    assert (row.mime, row.size, row.sha256) == ("image/jpeg", len(JPEG), sha256(JPEG).hexdigest())
    assert b"signed page" not in open_store(app.config["RELAIS"].storage_url).get(row.name)
    assert queries.bytes_of_file(row) == JPEG


def test_the_name_in_the_store_says_nothing(app: Flask) -> None:
    row = keep(JPEG)
    assert row.name == f"files/{row.id}"
    assert row.sha256[:8] not in row.name


def test_what_the_sender_calls_it_does_not_count(app: Flask) -> None:
    assert keep(JPEG, "application/pdf").mime == "image/jpeg"


def test_the_same_scan_handed_in_twice_is_kept_once(app: Flask) -> None:
    assert keep(JPEG) is keep(JPEG)
    assert len(open_store(app.config["RELAIS"].storage_url).names()) == 1


def test_a_renamed_program_is_refused_beside_its_field(app: Flask) -> None:
    with pytest.raises(Invalid) as refused:
        keep(b"MZ\x90\x00 a program", "application/pdf")
    assert [error.field for error in refused.value.errors] == ["scan"]
    assert open_store(app.config["RELAIS"].storage_url).names() == []


def test_an_erased_subject_takes_its_scans_with_it(app: Flask) -> None:
    row = keep(JPEG)
    db.session.commit()
    record.forget(SUBJECT)
    db.session.commit()
    with pytest.raises(NotFound):
        queries.bytes_of_file(row)
