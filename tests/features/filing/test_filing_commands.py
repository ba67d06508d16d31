"""relais verify and relais document write: exit codes, sentences, and no installation made in passing."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from documents.assembly import embedded_data
from workflow.filing import cli

ROOT = Path(__file__).parents[3]
FICHE = ROOT / "templates/procedures/diagnostic-social/documents/fiche.md"
EXAMPLE = FICHE.with_name("fiche.example.json")
DONE, REFUSED, UNUSABLE = 0, 1, 2


@pytest.fixture
def check(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, dict]]:
    """`relais verify --json` where this installation stands: exit code and what was said."""
    monkeypatch.setenv("RELAIS_HOME", str(app.config["RELAIS"].home))

    def run(data: bytes) -> tuple[int, dict]:
        file = tmp_path / "given.pdf"
        file.write_bytes(data)
        ran = CliRunner().invoke(cli.verify, [str(file), "--json"], obj=ScriptInfo(create_app=lambda: app))
        return ran.exit_code, json.loads(ran.output)

    return run


def test_the_paper_of_this_installation_is_ours_and_whole(check: Callable, pdf: bytes) -> None:
    code, told = check(pdf)
    assert (code, told["ok"], told["reason"]) == (DONE, True, "ours_and_whole")
    assert [seal["level"] for seal in told["signatures"]] == ["B-LT"]
    assert (told["family"], told["waiting"], told["changes"], told["since"]) == ("authentic", [], [], None)
    assert [(seal["field"], seal["kind"], seal["changed_after"]) for seal in told["signatures"]] == [
        ("Sceau", "seal", "nothing")
    ]


def test_a_changed_file_says_until_when_it_was_authentic_and_what_differs(check: Callable, pdf: bytes) -> None:
    _code, told = check(pdf + b"junk")
    assert (told["family"], told["since"], len(told["changes"])) == ("changed", "Sceau", 1)
    assert [seal["changed_after"] for seal in told["signatures"]] == ["changed"]


def test_a_flipped_byte_and_an_appended_update_are_refused_with_their_reason(check: Callable, pdf: bytes) -> None:
    flipped = bytearray(pdf)
    flipped[len(pdf) // 3] ^= 1
    update = b"\n9999 0 obj\n<< /Type /Page >>\nendobj\ntrailer << /Size 1 >>\nstartxref\n0\n%%EOF\n"
    reasons = {}
    for name, data in (("flipped", bytes(flipped)), ("appended", pdf + update), ("cut", pdf[:-400])):
        code, told = check(data)
        assert (code, told["ok"]) == (REFUSED, False), name
        assert told["message"]
        reasons[name] = told["reason"]
    assert reasons == {"flipped": "altered", "appended": "appended", "cut": "truncated"}


def test_what_is_no_pdf_is_unusable(check: Callable) -> None:
    assert [check(data)[0] for data in (b"", b"a letter")] == [UNUSABLE, UNUSABLE]


def alone(*arguments: str | Path) -> Result:
    """A command on its own, as on a machine without any installation."""
    command, *rest = arguments
    return CliRunner().invoke(
        {"verify": cli.verify, "document": cli.document}[str(command)], [str(one) for one in rest]
    )


def test_without_an_installation_a_sealed_file_is_not_ours_and_none_is_made(
    pdf: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, nowhere = tmp_path / "paper.pdf", tmp_path / "nowhere"
    file.write_bytes(pdf)
    monkeypatch.setenv("RELAIS_HOME", str(nowhere))
    ran = alone("verify", file, "--json")
    assert (ran.exit_code, json.loads(ran.output)["reason"]) == (REFUSED, "not_ours")
    assert not nowhere.exists()


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    assert alone("verify", tmp_path / "none.pdf").exit_code == UNUSABLE


def test_a_specimen_comes_in_both_formats_and_is_sealed_by_nobody(tmp_path: Path, said_by: Callable[..., str]) -> None:
    ran = alone("document", "write", FICHE, EXAMPLE, "--out", tmp_path / "out", "--json")
    assert ran.exit_code == DONE, ran.output
    pdf = (tmp_path / "out" / "fiche.pdf").read_bytes()
    assert (tmp_path / "out" / "fiche.docx").exists()
    assert "Spécimen" in said_by("pdftotext", pdf, "-")
    assert "does not contain any signatures" in said_by("pdfsig", pdf)
    assert embedded_data(pdf)["reference"] == "MIS-2026-0042"
    assert alone("verify", tmp_path / "out" / "fiche.pdf").exit_code == REFUSED


@pytest.mark.parametrize(
    ("model", "data", "code"),
    [
        ("---\ntitle: Essai\n---\n{{ unknown }}\n", "{}", REFUSED),
        ("no front matter", "{}", REFUSED),
        ("---\ntitle: Essai\n---\nBonjour\n", "[1]", UNUSABLE),
        ("---\ntitle: Essai\n---\nBonjour\n", "{", UNUSABLE),
        ("---\ntitle: Essai\n---\nBonjour\n", "{}", DONE),
    ],
)
def test_models_and_data_at_fault_are_told_apart(tmp_path: Path, model: str, data: str, code: int) -> None:
    text, given = tmp_path / "model.md", tmp_path / "data.json"
    text.write_text(model, "utf-8")
    given.write_text(data, "utf-8")
    ran = alone("document", "write", text, given, "--out", tmp_path / "out")
    assert ran.exit_code == code, ran.output
    assert (tmp_path / "out").exists() == (code == DONE)


def test_a_refused_model_names_the_line(tmp_path: Path) -> None:
    text, given = tmp_path / "model.md", tmp_path / "data.json"
    text.write_text("---\ntitle: Essai\n---\nBonjour\n\n{{ nobody.name }}\n", "utf-8")
    given.write_text("{}", "utf-8")
    ran = alone("document", "write", text, given, "--out", tmp_path, "--lang", "en")
    assert "line 6" in ran.output


def test_the_installed_command_needs_no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command = Path(sys.executable).with_name("relais")
    (tmp_path / "junk.pdf").write_bytes(b"junk")
    ran = subprocess.run(
        [command, "verify", "junk.pdf"], cwd=tmp_path, capture_output=True, check=False, timeout=60,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert ran.returncode == UNUSABLE
    assert [path.name for path in tmp_path.iterdir()] == ["junk.pdf"]
