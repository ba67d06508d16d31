"""Every version of a form comes out again as the workbook it can be made from, and as the XForm that is used."""

import io
import zipfile

import pytest
from flask import Flask

from forms.xlsform import compile_xlsform
from tests import museum
from tests.cast import INES, NADIA
from tests.features.catalogue.test_adopting import MISTRAL, SLUG
from tests.features.conftest import SignIn
from workflow.catalogue import actions
from workflow.catalogue.models import ProcedureVersion
from workflow.catalogue.queries import current, files, version
from workflow.catalogue.queries.downloading import download, downloads
from workflow.db import db


def compiled(workbook: bytes, media: dict[str, bytes] | None = None) -> str:
    return compile_xlsform(workbook, "form.xlsx", media=media or {}).xml


@pytest.mark.complaint(43)
def test_the_workbook_of_the_common_form_compiles_to_the_form_in_use(app: Flask) -> None:
    hash_ = current(SLUG).hash
    assert compiled(download(hash_, "form.xlsx")) == version(hash_).form.xml


def test_the_workbook_of_an_operation_holds_its_own_lists(app: Flask) -> None:
    hash_ = current(SLUG, MISTRAL).hash
    assert "ACTIS" in version(hash_).form.xml
    assert compiled(download(hash_, "form.xlsx")) == version(hash_).form.xml


def test_a_workbook_that_was_sent_comes_out_as_it_was(app: Flask) -> None:
    row = db.session.get_one(ProcedureVersion, current(SLUG).hash)
    row.source, row.source_name = download(row.hash, "form.xlsx"), "form.xlsx"
    db.session.flush()
    assert download(row.hash, "form.xlsx") is row.source


def test_files_beside_the_form_come_with_it(app: Flask, sign_in: SignIn, tmp_path) -> None:
    museum.publish(tmp_path / museum.SLUG)
    hash_ = current(museum.SLUG).hash
    names = downloads(hash_)
    assert names[:2] == ["form.xlsx", "form.xml"]
    assert {name: download(hash_, name) for name in names[2:]} == files(hash_)
    answer = sign_in(INES).get(f"/forms/{museum.SLUG}/versions/{hash_}/files/{names[2]}")
    assert (answer.status_code, answer.data) == (200, files(hash_)[names[2]])


def test_a_download_is_a_workbook_for_whoever_sets_up_and_nothing_for_the_others(app: Flask, sign_in: SignIn) -> None:
    hash_ = current(SLUG, MISTRAL).hash
    answer = sign_in(NADIA).get(f"/forms/{SLUG}/versions/{hash_}/files/form.xlsx")
    assert answer.status_code == 200 and zipfile.is_zipfile(io.BytesIO(answer.data))
    assert "attachment" in answer.headers["Content-Disposition"]
    assert sign_in(NADIA).get(f"/forms/{SLUG}/versions/{hash_}/files/../../secret").status_code == 404
    assert sign_in("claire-maurin").get(f"/forms/{SLUG}/versions/{hash_}/files/form.xml").status_code == 404


def test_an_adopted_version_without_a_source_still_gives_its_xform(app: Flask) -> None:
    row = db.session.get_one(ProcedureVersion, current(SLUG).hash)
    row.source = None
    db.session.flush()
    assert downloads(row.hash) == ["form.xml"]
    assert actions.adopt(MISTRAL, SLUG)
