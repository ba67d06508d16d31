"""Several files as one to be printed: pages only, numbered as one; what is no PDF is told, never followed."""

import datetime
import io
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from documents import bundle, orders
from documents.bundle import Dress, NotJoined

ROOT = Path(__file__).parents[2]


def a_file(pages: int, *, rotate: int = 0, words: str = "") -> bytes:
    made = pikepdf.Pdf.new()
    for number in range(pages):
        made.add_blank_page(page_size=(400, 600))
        page = made.pages[-1]
        page.obj.Rotate = rotate
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Courier)
        page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        page.obj.Contents = made.make_stream(f"BT /F 12 Tf 50 300 Td ({words}{number}) Tj ET".encode())
    return saved(made)


def saved(made: pikepdf.Pdf, **how: Any) -> bytes:
    target = io.BytesIO()
    made.save(target, **how)
    return target.getvalue()


def words(data: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=6), st.booleans())
def test_every_page_is_there_in_order_and_each_file_begins_on_its_own_sheet(counts: list[int], duplex: bool) -> None:
    files = [a_file(count, words=f"f{rank}p") for rank, count in enumerate(counts)]
    told = words(bundle.joined(files, duplex=duplex))
    expected: list[str] = []
    for rank, count in enumerate(counts):
        expected += [f"f{rank}p{number}" for number in range(count)]
        expected += [""] * (count % 2 if duplex else 0)
    assert [one.strip() for one in told] == expected


def test_the_same_files_give_the_same_bytes() -> None:
    files = [a_file(2), a_file(1)]
    assert bundle.joined(files) == bundle.joined(files)


def test_pages_are_numbered_as_one_and_turned_pages_too() -> None:
    files = [a_file(1, rotate=rotate) for rotate in (0, 90, 180, 270)]
    dress = Dress(foot="Copie d’impression – page %(page)s sur %(pages)s", titles=("a", "b", "c", "d"), title="Tout")
    made = bundle.joined(files, dress=dress)
    assert all(f"Copie d’impression – page {number} sur 4" in one for number, one in enumerate(words(made), 1))
    read = PdfReader(io.BytesIO(made))
    assert [one.title for one in read.outline] == ["a", "b", "c", "d"]
    assert read.metadata.title == "Tout"


def test_signs_that_end_a_text_in_pdf_are_only_text() -> None:
    made = bundle.joined([a_file(1)], dress=Dress(foot="(a) \\ 李 %(page)s"))
    assert "(a) \\ ? 1" in words(made)[0]


def test_scripts_links_attachments_and_answers_stay_behind() -> None:
    opened = pikepdf.open(io.BytesIO(a_file(1)))
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    opened.Root.OpenAction = script
    opened.pages[0].obj.AA = pikepdf.Dictionary(O=script)
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=script, F=4)
    opened.pages[0].obj.Annots = opened.make_indirect(pikepdf.Array([link]))
    opened.attachments["secret.txt"] = b"what nobody may read"
    made = bundle.joined([saved(opened)])
    with pikepdf.open(io.BytesIO(made)) as read:
        assert not read.attachments
        assert {"/OpenAction", "/AA", "/Names", "/AcroForm"}.isdisjoint(read.Root.keys())
        assert {"/Annots", "/AA"}.isdisjoint(read.pages[0].obj.keys())
    assert b"app.alert" not in made


def looped() -> bytes:
    """A page tree that contains itself."""
    opened = pikepdf.open(io.BytesIO(a_file(1)))
    pages = opened.Root.Pages
    pages.Kids.append(pages)
    return saved(opened)


def locked() -> bytes:
    return saved(pikepdf.open(io.BytesIO(a_file(1))), encryption=pikepdf.Encryption(user="x", owner="y"))


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 %%EOF", b"<html>", locked(), a_file(1)[:200]])
def test_what_is_no_readable_pdf_is_said_with_its_place(data: bytes) -> None:
    with pytest.raises(NotJoined) as told:
        bundle.joined([a_file(1), data])
    assert told.value.at == 1


def test_a_page_tree_that_contains_itself_ends() -> None:
    try:
        assert bundle.length(bundle.joined([looped()])) >= 1
    except NotJoined as refused:
        assert refused.code == "unreadable"


def test_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "MOST_FILES", 3)
    with pytest.raises(NotJoined) as told:
        bundle.joined([a_file(1)] * 4)
    assert told.value.code == "too_long"


def test_a_picture_is_a_page_turned_as_it_is() -> None:
    for size in ((300, 200), (200, 300)):
        target = io.BytesIO()
        Image.new("RGB", size, "red").save(target, format="JPEG")
        page = PdfReader(io.BytesIO(bundle.pictured(target.getvalue(), *size))).pages[0]
        assert (page.mediabox.width > page.mediabox.height) == (size[0] > size[1])


# ---- in a process of its own


def bound(files: list[tuple[str, bytes]]) -> subprocess.CompletedProcess[bytes]:
    told = orders.order(
        "",
        {},
        files=[{"name": name, "reference": "RL", "note": "pièce", "data": data} for name, data in files],
        house=str(ROOT / "templates" / "house-style"),
        organisation="Ville de Grenoble",
        address=["Grenoble"],
        lang="fr",
        day=datetime.date(2026, 11, 23).isoformat(),
        title="Dossier MIS-0001-1",
        subtitle="Mistral",
        lead=["Les papiers."],
        columns=["Papier", "Référence", "État", "Page"],
        unprintable="non imprimé",
        foot="Copie – page %(page)s sur %(pages)s",
    )
    return subprocess.run(
        [sys.executable, "-m", "documents.binder"], input=told.encode(), capture_output=True, cwd=ROOT, timeout=60,
        check=False,
    )  # fmt: skip


def bomb() -> bytes:
    """A cross-reference stream of 20 kB that says it is 20 MB of objects."""
    inflated = zlib.compress(b"\x01\x00\x10\x00" * 5_000_000, 9)
    head = b"%PDF-1.5\n1 0 obj\n<< /Type /XRef /Size 5000000 /W [1 2 1] /Root 2 0 R /Filter /FlateDecode /Length "
    body = head + str(len(inflated)).encode() + b" >>\nstream\n" + inflated + b"\nendstream\nendobj\n"
    return body + b"startxref\n9\n%%EOF\n"


def huge_picture() -> bytes:
    """It says that it has 65,535 × 65,535 points."""
    return b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0\0\xff\xff" * 2 + b"\x08\x02\0\0\0" + b"\0" * 8 + b"IEND"


def test_hostile_files_are_named_on_the_cover_and_the_others_are_printed() -> None:
    hostile = [("Bombe", bomb()), ("Photo sans fin", huge_picture()), ("Rien", b"%PDF-"), ("Fermé", locked())]
    ran = bound([("Convention", a_file(2, words="C")), *hostile, ("Avenant", a_file(1, words="A"))])
    assert ran.returncode == 0, ran.stderr[-500:]
    told = words(ran.stdout)
    assert len(told) == 1 + 2 + 1
    assert " ".join(told[0].split()).count("non imprimé") == len(hostile)
    assert all(f"page {number} sur 4" in one for number, one in enumerate(told, 1))


def test_the_cover_says_on_which_page_each_paper_begins_however_long_the_list() -> None:
    ran = bound([(f"Papier {rank:03}", a_file(1, words=f"n{rank}")) for rank in range(80)])
    told = words(ran.stdout)
    covers = len(told) - 80
    assert covers > 1
    listed = " ".join("".join(told[:covers]).split())
    for rank in (0, 40, 79):
        assert f"Papier {rank:03} RL pièce {covers + 1 + rank}" in listed


def test_without_a_file_that_can_be_printed_only_the_cover_is_left() -> None:
    ran = bound([("Rien", b"%PDF-")])
    assert ran.returncode == 0
    assert len(words(ran.stdout)) == 1
