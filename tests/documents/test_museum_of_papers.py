"""What an earlier release sealed and signed is still judged as it was, and years later too."""

import datetime
import json
from pathlib import Path

import pytest
import time_machine

from documents import detached, evidence_file
from documents.verification import verify

MUSEUM = Path(__file__).parents[1] / "museum" / "signed"
RELEASES = sorted(folder for folder in MUSEUM.iterdir() if folder.is_dir())
SPECIMENS = [
    pytest.param(folder, name, told, id=f"{folder.name} {name}")
    for folder in RELEASES
    for name, told in json.loads((folder / "expected.json").read_text("utf-8")).items()
]


def said(folder, name, at):
    root = (folder / "root.der").read_bytes()
    return verify((folder / name).read_bytes(), trust_roots=[root], known=None, at=at)


@pytest.mark.parametrize(("folder", "name", "told"), SPECIMENS)
def test_a_paper_of_an_earlier_release_is_judged_as_it_was(folder, name, told):
    verdict = said(folder, name, datetime.datetime.fromisoformat(told["at"]))
    assert (verdict.ok, verdict.reason, verdict.sha256) == (True, told["reason"], told["sha256"])
    assert list(verdict.waiting) == told["waiting"]
    assert [
        {"field": one.field, "kind": one.kind, "name": one.name, "level": one.level, "time": one.time.isoformat()}
        for one in verdict.signatures
    ] == told["signatures"]


@pytest.mark.parametrize(("folder", "name", "told"), SPECIMENS)
def test_it_is_still_confirmed_nine_years_later(folder, name, told):
    later = datetime.datetime.fromisoformat(told["at"]) + datetime.timedelta(days=9 * 365)
    with time_machine.travel(later):
        assert said(folder, name, later).ok


@pytest.mark.parametrize("folder", RELEASES, ids=lambda folder: folder.name)
def test_a_seal_beside_a_working_copy_and_an_evidence_file_are_still_read(folder):
    copy, seal = ((folder / name).read_bytes() for name in ("copy.docx", "copy.docx.p7s"))
    at = datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)
    assert detached.checked(copy, seal, [(folder / "root.der").read_bytes()], at).ok
    assert evidence_file.told_in((folder / "evidence.pdf").read_bytes())["document"]["reference"] == "CHA-2026-0012"
