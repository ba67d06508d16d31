"""The Word working copy comes with its seal beside it; the public page and the command know the pair again."""

import io
import json
import zipfile

import pytest
from click.testing import CliRunner
from flask.cli import ScriptInfo

from tests.cast import CLAIRE, NADIA
from tests.features.signing.conftest import a_convention, opened
from workflow.filing import cli


@pytest.fixture
def path(sign_in, app):
    """A room that was withdrawn: the text goes back to Word."""
    nadia = sign_in(NADIA)
    path = opened(nadia, a_convention())
    assert nadia.post(f"{path}/withdraw", data={"reason": "Le texte change."}).status_code == 303
    return path


@pytest.fixture
def archive(sign_in, path):
    sent = sign_in(NADIA).get(f"{path}/working-copy.zip")
    assert sent.mimetype == "application/zip"
    return sent.data


def parts(archive):
    with zipfile.ZipFile(io.BytesIO(archive)) as opened_:
        docx, seal = sorted(opened_.namelist(), key=len)
        assert seal == f"{docx}.p7s"
        return opened_.read(docx), opened_.read(seal)


def verdict(client, data, seal=None):
    told = {"file": (io.BytesIO(data), "copie.zip")} | ({"seal": (io.BytesIO(seal), "copie.p7s")} if seal else {})
    page = client.post("/verify", data=told, content_type="multipart/form-data")
    assert page.status_code == 200
    return next(one for one in ("good", "bad", "unknown") if f"verdict-{one}" in page.text)


def test_the_public_page_knows_the_pair_and_a_changed_word(anonymous, archive):
    docx, seal = parts(archive)
    assert docx.startswith(b"PK")
    assert verdict(anonymous, archive) == "good"
    assert verdict(anonymous, docx, seal) == "good"
    assert verdict(anonymous, docx[:-1] + b"x", seal) == "bad"
    assert verdict(anonymous, docx) == "unknown"
    assert verdict(anonymous, docx, b"junk") == "unknown"
    assert verdict(anonymous, b"PK junk") == "unknown"


def test_the_command_knows_the_pair(app, archive, tmp_path, monkeypatch):
    monkeypatch.setenv("RELAIS_HOME", str(app.config["RELAIS"].home))
    docx, seal = parts(archive)
    files = {"both.zip": archive, "copie.docx": docx, "copie.p7s": seal, "autre.docx": docx + b" "}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)

    def run(*told):
        ran = CliRunner().invoke(cli.verify, [*told, "--json"], obj=ScriptInfo(create_app=lambda: app))
        return ran.exit_code, json.loads(ran.output)

    assert run(str(tmp_path / "both.zip"))[0] == 0
    code, told = run(str(tmp_path / "copie.docx"), "--seal", str(tmp_path / "copie.p7s"))
    assert (code, told["ok"]) == (0, True)
    assert told["time"]
    code, told = run(str(tmp_path / "autre.docx"), "--seal", str(tmp_path / "copie.p7s"))
    assert (code, told["reason"]) == (1, "changed")


def test_nobody_else_takes_the_working_copy(sign_in, anonymous, path):
    assert sign_in(CLAIRE).get(f"{path}/working-copy.zip").status_code in (200, 404)
    assert anonymous.get(f"{path}/working-copy.zip").status_code in (302, 303, 401, 404)
