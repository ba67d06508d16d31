"""References without doubtful signs; scans judged by their content; verdicts said in three families."""

import io
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.verification import MESSAGES
from workflow.filing.pages.passing import Passing
from workflow.filing.rules import scans
from workflow.filing.rules.references import ALPHABET, new_reference, paper_id, read_reference
from workflow.filing.rules.verdicts import BAD, GOOD, UNKNOWN, kind_label, said

ROOT = Path(__file__).resolve().parents[3]

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40) + b"IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xe0" + bytes(60) + b"\xff\xd9"
PDF = b"%PDF-1.7\n" + bytes(60) + b"\n%%EOF\n"


@given(st.integers())
@settings(max_examples=100)
def test_a_reference_is_read_back_however_it_was_typed(seed: int) -> None:
    reference = new_reference(random.Random(seed).choice)
    bare = reference.replace("-", "")
    for typed in (reference, reference.lower(), bare, f"  {bare[:6]} {bare[6:]} ", bare.removeprefix("RL")):
        assert read_reference(typed) == reference


def test_no_sign_of_a_reference_is_taken_for_another() -> None:
    assert not set(ALPHABET) & set("0O1ILUAEY")
    assert len(set(ALPHABET)) == len(ALPHABET) == 27


@given(st.text(max_size=60))
@settings(max_examples=200)
def test_whatever_is_typed_is_a_reference_or_nothing(typed: str) -> None:
    found = read_reference(typed)
    assert found is None or read_reference(found) == found


def test_papers_that_differ_in_anything_are_different_papers() -> None:
    told = [
        ("dossier:1", 4, "fiche", "commission", "fr"),
        ("dossier:2", 4, "fiche", "commission", "fr"),
        ("dossier:1", 5, "fiche", "commission", "fr"),
        ("dossier:1", 4, "notice", "commission", "fr"),
        ("dossier:1", 4, "fiche", "household", "fr"),
        ("dossier:1", 4, "fiche", "commission", "en"),
    ]
    assert len({paper_id(*one) for one in told}) == len(told)


@pytest.mark.parametrize(("data", "kind"), [(PDF, scans.PDF), (PNG, scans.PNG), (JPEG, scans.JPEG)])
def test_a_scan_is_known_by_its_content(data: bytes, kind: str) -> None:
    assert (scans.kind_of(data), scans.fault_of(data)) == (kind, None)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"MZ\x90\x00 a renamed program",
        b"<html><script>alert(1)</script>",
        b"PK\x03\x04 an archive",
        PDF[:40],
        PNG[:-12],
        JPEG[:-2],
        b"GIF89a",
        PNG + bytes(scans.LARGEST),
    ],
    ids=["empty", "program", "page", "archive", "cut PDF", "cut PNG", "cut JPEG", "GIF", "too large"],
)
def test_anything_else_is_refused_with_a_reason(data: bytes) -> None:
    assert scans.fault_of(data)


def test_every_verdict_belongs_to_a_family_and_only_what_is_ours_and_unchanged_is_good() -> None:
    families = {reason: said(reason).family for reason in MESSAGES}
    assert [reason for reason, family in families.items() if family == GOOD] == ["ours_and_whole", "waiting"]
    assert {reason for reason, family in families.items() if family == BAD} >= {"altered", "appended", "truncated"}
    assert {reason for reason, family in families.items() if family == UNKNOWN} >= {"not_ours", "no_signature"}


def test_a_stranger_reads_what_kind_of_paper_it_is() -> None:
    said_of = {"convention-prefecture": "Convention", "courrier-information": "Letter", "avenant": "Amendment"}
    said_of |= {"charte-de-relogement": "Charter", "fiche": "Diagnosis sheet", "of-our-own-making": "Document"}
    assert {kind: kind_label(kind) for kind in said_of} == said_of


def test_every_model_of_the_library_has_a_kind_in_plain_words() -> None:
    models = [folder.parent.name for folder in (ROOT / "templates" / "documents").glob("*/model.md")]
    models += [file.stem for file in (ROOT / "templates" / "procedures").glob("*/documents/*.md")]
    assert len(models) > 30
    assert [one for one in models if kind_label(one) == "Document"] == []


def test_what_a_sheet_is_about_is_not_said_to_strangers() -> None:
    assert kind_label("fiche-de-refus") == kind_label("fiche-souhaits")
    assert kind_label("derniere-offre") == kind_label("proposition-de-logement")


def test_a_file_on_its_way_lies_on_the_disk_as_nobody_can_read_it() -> None:
    made, secret = Passing(), b"Mme Durand, 12 rue des Lilas. " * 40_000
    with zipfile.ZipFile(made, "w") as archive:
        for name in ("one.txt", "two.txt"):
            archive.writestr(name, secret)
            made.settle()
        archive.writestr("list.txt", "both")
    length, sent = made.length, b"".join(made.pieces())
    assert length == len(sent)
    with zipfile.ZipFile(io.BytesIO(sent)) as found:
        assert found.testzip() is None
        assert found.read("two.txt") == secret
    made._file.seek(0)
    assert b"Durand" not in made._file.read()
    made.close()
