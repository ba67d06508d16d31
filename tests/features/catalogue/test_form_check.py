"""relais form check: sentences in two languages, files beside the form, what it ends with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from workflow.catalogue.cli import form

ROW = "| | select_one_from_file towns.csv | town | Town | V1 |\n"
TABLE = "| survey |\n| | type | name | label | bind::relais:level |\n"


def check(file: Path, *options: str) -> Result:
    return CliRunner().invoke(form, ["check", str(file), *options])


@pytest.fixture
def written(tmp_path: Path) -> Path:
    file = tmp_path / "form.md"
    file.write_text(TABLE + ROW, "utf-8")
    return file


def test_a_list_beside_the_form_is_found(written: Path) -> None:
    (written.parent / "towns.csv").write_text("name,label\ng,Grenoble\n", "utf-8")
    assert check(written).exit_code == 0


def test_a_list_that_is_not_there_is_refused_where_it_is_named(written: Path) -> None:
    told = check(written, "--json")
    found = json.loads(told.output)["findings"][0]
    assert told.exit_code == 1
    assert (found["code"], found["sheet"], found["row"], found["column"]) == ("missing_file", "survey", 2, "type")


def test_a_list_outside_the_folder_is_never_read(tmp_path: Path) -> None:
    folder = tmp_path / "forms"
    folder.mkdir()
    (tmp_path / "towns.csv").write_text("name,label\ng,Grenoble\n", "utf-8")
    (folder / "form.md").write_text(TABLE + ROW.replace("towns.csv", "../towns.csv"), "utf-8")
    assert check(folder / "form.md").exit_code == 1


def test_sentences_are_french_unless_english_is_asked_for(tmp_path: Path) -> None:
    file = tmp_path / "form.md"
    file.write_text(TABLE + "| | calculate | q | | V1 |\n", "utf-8")
    assert "sheet survey, row 2, column calculation" in check(file, "--lang", "en").output
    assert "feuille survey, ligne 2, colonne calculation" in check(file).output


def test_every_finding_has_all_its_parts(tmp_path: Path) -> None:
    file = tmp_path / "form.md"
    file.write_text(TABLE + "| | telepathy | q | Q | V9 |\n", "utf-8")
    for found in json.loads(check(file, "--json").output)["findings"]:
        assert set(found) == {"level", "code", "sheet", "row", "column", "message", "hint"}


def test_refusals_are_told_before_remarks(tmp_path: Path) -> None:
    file = tmp_path / "form.md"
    file.write_text(TABLE + "| | Text | q | Q | V1 |\n| | telepathy | r | R | V1 |\n", "utf-8")
    assert [line.partition(" ")[0] for line in check(file, "--lang", "en").output.splitlines()[:2]] == [
        "refused",
        "warning",
    ]


def test_a_folder_is_wrong_usage(tmp_path: Path) -> None:
    assert check(tmp_path).exit_code == 2
