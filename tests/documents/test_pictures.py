"""A picture is judged before anything decodes it: its kind, its size, and whether a drawing would fetch something."""

import datetime
import io
import struct
import time
import zlib

import pikepdf
import pytest
from docx import Document as open_docx
from PIL import Image

from documents import docx, model, pdf
from documents.content import Figure
from documents.pictures import MOST_BYTES, Unusable, judged

DAY = datetime.date(2026, 11, 23)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">%s</svg>'
HREF = b'<image xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="%s"/>'
UNSAFE = {
    "a script": b"<script>alert(1)</script>",
    "an event": b'<rect onload="alert(1)"/>',
    "a picture from elsewhere": HREF % b"https://elsewhere.example/a.png",
    "a file": HREF % b"file:///etc/passwd",
    "a drawing in a drawing": HREF % b"data:image/svg+xml;base64,AAAA",
    "a style from elsewhere": b"<style>@import url(https://elsewhere.example/a.css);</style>",
    "a filling from elsewhere": b'<rect fill="url(https://elsewhere.example/a.svg#b)"/>',
    "another language inside": b"<foreignObject/>",
    "an instruction": b'<?xml-stylesheet href="https://elsewhere.example/a.css"?>',
}


def a_picture(form: str, size: tuple[int, int] = (60, 40)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, (20, 90, 120)).save(made, format=form)
    return made.getvalue()


def a_huge_png(width: int, height: int) -> bytes:
    """A file of a few bytes that says it is that large."""
    told = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + told + struct.pack(">I", zlib.crc32(b"IHDR" + told))
    return b"\x89PNG\r\n\x1a\n" + chunk


def written(files, tag='{% figure "a" alt: "Plan" %}'):
    loaded = model.load(f'---\ntitle: "T"\n---\nAvant.\n\n{tag}\n', model.Library(files=files))
    told = {"lang": "fr", "reference": "R", "date": DAY, "verify_url": None, "issuer": "V"}
    return model.render(loaded, {}, **told)


@pytest.mark.parametrize(("form", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_a_photograph_says_its_size(form, media_type):
    found = judged(a_picture(form))
    assert (found.media_type, found.width, found.height) == (media_type, 60, 40)


def test_a_harmless_drawing_is_a_picture_in_both_files(house):
    drawing = SVG % b'<!-- a plan --><rect width="40" height="20" fill="#0B4F5C"/>'
    rendered = written({"a": drawing})
    assert rendered.findings == ()
    assert pdf.write(rendered.document, house, date=DAY).bytes.startswith(b"%PDF-")
    copy = open_docx(io.BytesIO(docx.write(rendered.document, house, content_hash="0")))
    assert len(copy.inline_shapes) == 1
    assert "Plan" in copy.element.xpath("//wp:docPr/@descr")


@pytest.mark.parametrize("inside", UNSAFE.values(), ids=UNSAFE)
def test_a_drawing_that_runs_or_fetches_something_is_refused(inside):
    with pytest.raises(Unusable) as fault:
        judged(SVG % inside)
    assert fault.value.code == "unsafe"


def test_a_drawing_that_declares_a_document_type_is_refused():
    bomb = b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + SVG % b"<text>&b;</text>"
    with pytest.raises(Unusable) as fault:
        judged(bomb)
    assert fault.value.code == "unsafe"


def test_two_hundred_megapixels_are_refused_before_anything_is_decoded():
    began = time.perf_counter()
    rendered = written({"a": a_huge_png(20_000, 10_000)})
    assert time.perf_counter() - began < 1
    (finding,) = rendered.findings
    assert (finding.code, finding.line) == ("figure", 6)
    assert "40 million" in finding.msgid % dict(finding.params)
    assert not any(isinstance(block, Figure) for block in rendered.document.blocks)


@pytest.mark.parametrize(
    "data", [b"", b"GIF89a", b"\xff\xd8\xff", b"<svg", b"\x89PNG\r\n\x1a\n", b"x" * (MOST_BYTES + 1)]
)
def test_what_is_no_picture_is_left_out_with_a_finding(data):
    assert [one.code for one in written({"a": data}).findings] == ["figure"]


@pytest.mark.parametrize("tag", ['{% figure "b" alt: "Plan" %}', '{% figure "a" %}', '{% figure "a" alt: " " %}'])
def test_a_figure_that_is_not_there_or_says_nothing_is_reported_with_its_line(tag):
    rendered = written({"a": a_picture("PNG")}, tag)
    assert [(one.code, one.line) for one in rendered.findings] == [("figure", 6)]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "grenoble.example", "https://a.example/a b", ""])
def test_a_code_to_scan_leads_to_a_page_or_is_left_out(address):
    rendered = written({}, f'{{% qr "{address}" label: "Ici" %}}')
    assert [(one.code, one.line) for one in rendered.findings] == [("square", 6)]


def test_what_a_picture_shows_can_be_heard(house):
    made = pdf.write(written({"a": a_picture("PNG")}).document, house, date=DAY).bytes
    with pikepdf.open(io.BytesIO(made)) as opened:
        said = [str(one.Alt) for one in opened.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]
    assert "Plan" in said
