"""A backup is whole before it gets its name, and gives everything back."""

import tarfile
from pathlib import Path

import pytest
from flask import Flask

from tests.running.conftest import furnish
from workflow import config
from workflow.app import create_app
from workflow.db import db, unscoped
from workflow.dossiers.models import Household
from workflow.errors import Refused
from workflow.record.queries import faults, key_of
from workflow.serve.backup import backup, restore


def an_app(home: Path, **settings: str) -> Flask:
    return create_app(config.load({"RELAIS_HOME": str(home), **settings}), RELAIS_QUIET=True)


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("lived-in")
    furnish(an_app(home))
    (home / "files" / "papers").mkdir(parents=True)
    (home / "files" / "papers" / "1.pdf").write_bytes(b"sealed bytes")
    return home


@pytest.fixture
def kept(lived_in: Path, tmp_path: Path) -> Path:
    file = tmp_path / "relais.tar"
    backup(config.load({"RELAIS_HOME": str(lived_in)}), file)
    return file


def test_what_was_kept_comes_back_on_another_machine(lived_in: Path, kept: Path, tmp_path: Path) -> None:
    assert kept.stat().st_mode & 0o777 == 0o600
    home = tmp_path / "elsewhere"
    app = an_app(home)
    assert restore(app.config["RELAIS"], kept) > 4
    with an_app(home).app_context(), unscoped("a test looks at everything"):
        assert db.session.query(Household).count() == 3
        assert faults() == []
        assert key_of("nobody") is None
        db.session.remove()
        db.engine.dispose()
    assert (home / "keys" / "master").read_bytes() == (lived_in / "keys" / "master").read_bytes()
    assert (home / "files" / "papers" / "1.pdf").read_bytes() == b"sealed bytes"
    assert (home / "keys" / "master").stat().st_mode & 0o077 == 0


def test_a_home_that_is_in_use_is_never_written_over(lived_in: Path, kept: Path) -> None:
    with pytest.raises(Refused) as refusal:
        restore(config.load({"RELAIS_HOME": str(lived_in)}), kept)
    assert refusal.value.code == "not_empty"


def test_an_altered_backup_is_refused_before_anything_is_written(kept: Path, tmp_path: Path) -> None:
    data = bytearray(kept.read_bytes())
    where = data.index(b"sealed bytes")
    data[where] ^= 1
    kept.write_bytes(bytes(data))
    home = tmp_path / "elsewhere"
    with pytest.raises(Refused) as refusal:
        restore(config.load({"RELAIS_HOME": str(home)}), kept)
    assert refusal.value.code == "altered"
    assert not (home / "relais.db").exists()


def test_an_archive_that_points_outside_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"files": {"../escaped": "00"}}')
    (tmp_path / "bad").write_text("x")
    with tarfile.open(tmp_path / "bad.tar", "w") as archive:
        archive.add(tmp_path / "bad", arcname="../escaped")
        archive.add(tmp_path / "manifest.json", arcname="manifest.json")
    with pytest.raises(Refused):
        restore(config.load({"RELAIS_HOME": str(tmp_path / "home")}), tmp_path / "bad.tar")
    assert not (tmp_path / "escaped").exists()


@pytest.mark.parametrize("content", [b"", b"not an archive"])
def test_what_is_no_backup_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "photo.tar"
    file.write_bytes(content)
    with pytest.raises(Refused) as refusal:
        restore(config.load({"RELAIS_HOME": str(tmp_path / "home")}), file)
    assert refusal.value.code == "not_a_backup"


def test_with_postgresql_the_right_tool_is_named(tmp_path: Path) -> None:
    settings = config.load({"RELAIS_HOME": str(tmp_path / "home"), "DATABASE_URL": "postgresql:///relais"})
    with pytest.raises(Refused) as refusal:
        backup(settings, tmp_path / "relais.tar")
    assert "pg_dump" in refusal.value.message
    assert not (tmp_path / "relais.tar").exists()
