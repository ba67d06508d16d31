"""`make run` and `make test`, and the processes of a larger installation."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT

PROCESSES = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
HERE = Path(sys.executable).parent


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=60, check=False
    )


def test_make_help_says_what_each_command_does() -> None:
    said = run("make", "--no-print-directory", "help").stdout
    assert all(f"make {command} " in said for command in ("run", "test", "proof", "lint", "bench", "lock", "help"))


@pytest.mark.parametrize("script", sorted((ROOT / "scripts").glob("*.sh")), ids=lambda path: path.stem)
def test_a_script_is_executable_and_well_formed(script: Path) -> None:
    assert os.access(script, os.X_OK)
    assert run("bash", "-n", script).returncode == 0


def test_the_submission_check_is_the_same_command_as_on_a_desk() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "exec make --no-print-directory test" in (ROOT / ".ci" / "run").read_text()


def test_the_services_script_is_content_when_everything_is_there() -> None:
    done = run("scripts/services.sh")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_procfile_has_the_four_processes() -> None:
    assert list(PROCESSES) == ["release", "web", "worker", "clock"]
    assert run(HERE / "honcho", "check").returncode == 0


@pytest.mark.parametrize("process", PROCESSES)
def test_relais_knows_each_process(process: str, home: Path) -> None:
    program, *arguments = PROCESSES[process].split()
    done = run(HERE / program, *arguments, "--help")
    assert done.returncode == 0, done.stderr
