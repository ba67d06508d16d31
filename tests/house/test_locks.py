"""What is installed is exactly what was chosen: versions, hashes, and no address of anybody's registry."""

import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT, name

LOCKS = sorted(ROOT.glob("requirements*.lock"))
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==([^ ;\\]+)", re.MULTILINE)
WISH = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)", re.MULTILINE)


def pins(lock: Path) -> dict[str, set[str]]:
    """Name → versions (one for each supported Python, when they differ)."""
    found: dict[str, set[str]] = {}
    for package, version in PIN.findall(lock.read_text()):
        found.setdefault(package, set()).add(version)
    return found


@pytest.mark.parametrize("lock", LOCKS, ids=name)
def test_every_line_of_a_lock_is_a_version_with_its_hashes(lock: Path) -> None:
    entries = re.split(r"\n(?=\S)", lock.read_text().strip())
    assert [entry for entry in entries if not PIN.match(entry) or "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", LOCKS, ids=name)
def test_a_lock_holds_no_address(lock: Path) -> None:
    assert re.findall(r"\w+://\S*|--(?:extra-)?index-url.*|--find-links.*", lock.read_text()) == []


@pytest.mark.parametrize("lock", LOCKS, ids=name)
def test_every_wish_is_locked(lock: Path) -> None:
    wishes = {wish.lower() for wish in WISH.findall(lock.with_suffix(".in").read_text())}
    assert wishes - pins(lock).keys() == set()


def test_tests_run_on_the_versions_that_are_shipped() -> None:
    shipped, tested = pins(ROOT / "requirements.lock"), pins(ROOT / "requirements-dev.lock")
    assert {package: tested.get(package) for package in shipped} == shipped
