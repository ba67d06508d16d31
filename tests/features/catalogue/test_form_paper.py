"""A form on paper: relais form paper, and the blank form of a published version."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.cast import CLAIRE, INES
from tests.features.catalogue.test_adopting import SLUG
from tests.features.conftest import SignIn
from workflow.catalogue.cli import form
from workflow.catalogue.models import Procedure
from workflow.db import db
from workflow.web import press

TABLE = """
| survey |
| | type | name | label::Français (fr) | label::English (en) | bind::relais:level |
| | begin group | A | Vous | You | |
| | text | nom | Votre nom | Your name | V1 |
| | end group | | | | |
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    file = tmp_path / "form.md"
    file.write_text(TABLE, "utf-8")
    return file


def paper(file: Path, *options: str) -> tuple[Result, Path]:
    out = file.parent / "out.pdf"
    return CliRunner().invoke(form, ["paper", str(file), str(out), *options]), out


def words(file: Path) -> str:
    said = subprocess.run(["pdftotext", "-raw", file, "-"], capture_output=True, check=True, text=True).stdout
    return " ".join(said.split())


def test_a_form_is_printed_with_its_numbers(written: Path) -> None:
    told, out = paper(written, "--reference", "MIS-0042-1")
    assert told.exit_code == 0, told.output
    assert "A1 Votre nom" in words(out)
    assert "MIS-0042-1" in words(out)


def test_it_speaks_the_languages_of_the_form_and_says_which(written: Path) -> None:
    told, out = paper(written, "--lang", "en", "--large")
    assert told.exit_code == 0
    assert "Form to fill in" in words(out)
    told, _out = paper(written, "--lang", "ar")
    assert told.exit_code == 2
    assert "fr, en" in told.output


def test_answers_known_already_stand_on_it(written: Path) -> None:
    answers = written.parent / "answers.json"
    answers.write_text(json.dumps({"A": {"nom": "Awa Koné"}}), "utf-8")
    told, out = paper(written, "--answers", str(answers))
    assert told.exit_code == 0
    assert "Awa Koné" in words(out)
    answers.write_text("[", "utf-8")
    assert paper(written, "--answers", str(answers))[0].exit_code == 2
    answers.write_text(json.dumps({"nowhere": 1}), "utf-8")
    assert paper(written, "--answers", str(answers))[0].exit_code == 1


def test_what_cannot_be_used_ends_with_its_own_code(written: Path) -> None:
    written.write_text(TABLE.replace("| text |", "| nothing_known |"), "utf-8")
    assert paper(written)[0].exit_code == 1
    written.write_bytes(b"| survey |\xff")
    assert paper(written)[0].exit_code == 2
    written.write_text(TABLE, "utf-8")
    out = written.parent / "nowhere" / "out.pdf"
    assert CliRunner().invoke(form, ["paper", str(written), str(out)]).exit_code == 2


def test_the_command_needs_no_installation(written: Path) -> None:
    command = [Path(sys.executable).with_name("relais"), "form", "paper", written, written.parent / "out.pdf"]
    done = subprocess.run(command, cwd=written.parent, env={"PATH": "/usr/bin:/bin"}, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not (written.parent / "var").exists()


def test_a_version_of_the_catalogue_is_printed_blank(sign_in: SignIn, tmp_path: Path) -> None:
    version = db.session.get_one(Procedure, SLUG).current
    db.session.rollback()
    ines = sign_in(INES)
    assert f"/forms/{SLUG}/print/{version}" in ines.get(f"/forms/{SLUG}").text
    page = ines.get(f"/forms/{SLUG}/print/{version}")
    assert (page.status_code, page.mimetype) == (200, "text/html")
    made = ines.get(f"/forms/{SLUG}/print/{version}?what=blank&size=large&lang=en")
    assert made.mimetype == "application/pdf"
    assert made.headers["Cache-Control"] == "no-store"
    file = tmp_path / "blank.pdf"
    file.write_bytes(made.data)
    assert "Form to fill in" in words(file)
    assert ines.get(f"/forms/{SLUG}/print/{'0' * 64}").status_code == 404
    assert sign_in(CLAIRE).get(f"/forms/{SLUG}/print/{version}").status_code == 404


def test_a_paper_that_cannot_be_set_is_refused_in_words(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    version = db.session.get_one(Procedure, SLUG).current
    db.session.rollback()
    monkeypatch.setattr(press, "HOUSE", tmp_path)  # a house without a style
    answer = sign_in(INES).get(f"/forms/{SLUG}/print/{version}?what=blank&size=normal&lang=fr")
    assert answer.status_code == 409
