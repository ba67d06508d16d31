"""Whatever file is given, a sentence comes out, soon and within bounds.

The command runs in a process of its own which may take 1 GiB of memory; each file is checked in a fork of it, so that
only the check is measured, not the start of Python.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forms.broken_workbooks import CASES, Case, xlsx

ROOT = Path(__file__).parents[2]
SECONDS = 2.0
SERVER = """
import os, resource, sys
from workflow.catalogue.cli import form
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
for line in sys.stdin:
    file, told = line.rstrip("\\n").split("\\t")
    child = os.fork()
    if child == 0:
        os.dup2(os.open(told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
        form.main(["check", file, "--json", "--lang", "fr"], prog_name="relais form")
    _, status, used = os.wait4(child, 0)
    print(os.waitstatus_to_exitcode(status), used.ru_utime + used.ru_stime, flush=True)
"""


@pytest.fixture(scope="module")
def checker() -> Iterator[subprocess.Popen]:
    command = [sys.executable, "-c", SERVER]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        yield server
        server.stdin.close()


@pytest.mark.parametrize("name", CASES)
def test_a_file_made_to_hurt_gets_a_sentence_in_time(name: str, checker: subprocess.Popen, tmp_path: Path) -> None:
    filename, make, expected, code = CASES[name]
    file, told = tmp_path / filename, tmp_path / "told.json"
    file.write_bytes(make())
    print(file, told, sep="\t", file=checker.stdin, flush=True)
    status, seconds = checker.stdout.readline().split()
    findings = json.loads(told.read_text("utf-8"))["findings"]
    assert int(status) == code
    assert expected in [finding["code"] for finding in findings[: 1 if code else None]]
    assert all(finding["message"] and "%(" not in finding["message"] for finding in findings)
    assert float(seconds) < SECONDS


def test_most_cases_are_refused() -> None:
    refused: list[Case] = [case for case in CASES.values() if case[3]]
    assert len(refused) > 50


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    relais = Path(sys.executable).with_name("relais")
    found = subprocess.run([relais, "form", "check", "nowhere.xlsx"], cwd=tmp_path, capture_output=True, check=False)
    assert found.returncode == 2


def test_the_command_needs_nothing_but_the_file(tmp_path: Path) -> None:
    (tmp_path / "form.xlsx").write_bytes(xlsx())
    relais = Path(sys.executable).with_name("relais")
    environment = {"PATH": "/usr/bin:/bin", "RELAIS_HOME": str(tmp_path / "nowhere")}
    command = [relais, "form", "check", "form.xlsx"]
    found = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert found.returncode == 0
    assert "feuille survey, ligne 2" in found.stdout
    assert not (tmp_path / "nowhere").exists()
