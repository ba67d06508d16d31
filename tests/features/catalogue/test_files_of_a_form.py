"""Files beside a form are frozen with its version: lists to choose from, pictures."""

from pathlib import Path

import pytest
from flask import Flask

from forms.instance import Instance
from forms.xlsform import FormRefused
from workflow import clock
from workflow.catalogue import actions, queries
from workflow.catalogue.models import ProcedureVersion, VersionFile
from workflow.catalogue.rules import LARGEST_FILE, Beside, around
from workflow.db import db

CITIES = b"name,label\ngrenoble,Grenoble\nvoiron,Voiron\n"
FORM = """
| survey |
| | type | name | label::Français (fr) | label::English (en) | image::Français (fr) | image::English (en) |
| | begin_group | page | Page | Page | | |
| | select_one_from_file cities.csv | city | Ville | City | house.png | house.png |
| | end_group | | | | | |
| settings |
| | form_title | form_id |
| | Lists | lists |
"""


PROCEDURE = """
slug: lists
label: {fr: "Des listes", en: "Lists"}
describe: {fr: "Une liste et une image.", en: "A list and a picture."}
subject: household
form: form.md
circuit: circuit.yaml
"""
CIRCUIT = """
circuit: lists
label: {fr: "Listes", en: "Lists"}
managed_by: {role: [chef_de_projet]}
stages:
  - id: fill
    label: {fr: "Remplir", en: "Fill in"}
    steps:
      - id: filling
        label: {fr: "Remplir", en: "Fill in"}
        kind: fill
        who: {role: cesf}
        sees: author
        delay: 30
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A procedure whose form has a list and a picture beside it."""
    made = tmp_path / "lists"
    made.mkdir()
    (made / "procedure.yaml").write_text(PROCEDURE, "utf-8")
    (made / "circuit.yaml").write_text(CIRCUIT, "utf-8")
    (made / "form.md").write_text(FORM, "utf-8")
    (made / "cities.csv").write_bytes(CITIES)
    (made / "house.png").write_bytes(b"a picture")
    (made / "unused.csv").write_bytes(b"x")
    return made


def published(folder: Path) -> ProcedureVersion:
    version = actions.publish(folder)
    db.session.commit()
    return version


def offered(version: ProcedureVersion) -> list[str]:
    instance = Instance.new(queries.version(version.hash).form, around(clock.wall()))
    return [choice.value for choice in instance.choices("/data/page/city")]


def test_a_version_keeps_the_files_its_form_names(app: Flask, folder: Path) -> None:
    version = published(folder)
    assert queries.files(version.hash) == {"cities.csv": CITIES, "house.png": (folder / "house.png").read_bytes()}


def test_the_list_is_offered_from_what_was_kept(app: Flask, folder: Path) -> None:
    version = published(folder)
    (folder / "cities.csv").write_bytes(b"name,label\nlyon,Lyon\n")
    assert offered(version) == ["grenoble", "voiron"]


@pytest.mark.complaint(29)
def test_another_list_makes_another_version_and_the_first_one_stays(app: Flask, folder: Path) -> None:
    before = published(folder)
    (folder / "cities.csv").write_bytes(b"name,label\nlyon,Lyon\n")
    after = published(folder)
    assert after.hash != before.hash
    assert (offered(before), offered(after)) == (["grenoble", "voiron"], ["lyon"])


def test_the_same_files_twice_are_the_same_version(app: Flask, folder: Path) -> None:
    assert published(folder).hash == published(folder).hash
    assert db.session.query(VersionFile).filter_by(name="cities.csv").count() == 1


def test_a_form_whose_list_is_missing_is_not_published(app: Flask, folder: Path) -> None:
    (folder / "cities.csv").unlink()
    with pytest.raises(FormRefused) as refused:
        actions.publish(folder)
    assert "missing_file" in {finding.code for finding in refused.value.findings}


def test_only_files_of_the_folder_itself_are_read(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_bytes(b"x")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "own.csv").write_bytes(b"y")
    with (inside / "large.csv").open("wb") as large:
        large.truncate(LARGEST_FILE + 1)
    beside = Beside(inside)
    assert dict(beside) == {"own.csv": b"y"}
    for name in ("../secret.csv", str(tmp_path / "secret.csv"), "..", "", "large.csv", "nothing.csv"):
        assert name not in beside
