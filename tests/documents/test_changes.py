"""What differs between two states of a paper is said page by page, and a hostile file takes no longer than another."""

import io
import time

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from documents import changes, prints


def changed(pdf, change) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        change(opened)
        made = io.BytesIO()
        opened.save(made)
    return made.getvalue()


def told(before, after) -> list[tuple[str, dict]]:
    return [(one.code, dict(one.params)) for one in changes.between(before, after)]


def other_second_page(pdf):
    pdf.pages[1].obj.Contents = pdf.make_stream(b"BT ET")


def a_font_exchanged(pdf):
    fonts = pdf.pages[0].obj.Resources.Font
    first = next(iter(fonts.keys()))
    fonts[first] = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Courier))


def a_note(pdf):
    note = Dictionary(Type=Name.Annot, Subtype=Name.FreeText, Rect=[0, 0, 99, 99], Contents=String("non"))
    pdf.pages[0].obj.Annots = Array([*pdf.pages[0].obj.get("/Annots", []), pdf.make_indirect(note)])


def a_file(pdf):
    pdf.attachments["annexe.txt"] = b"x"


def moved_place(pdf):
    next(one for one in pdf.Root.AcroForm.Fields if one.T == "ville").Rect = Array([0, 0, 9, 9])


def other_title(pdf):
    pdf.docinfo["/Title"] = "Résiliation"


def script(pdf):
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("1"))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda pdf: None, [("more", {})]),
        (other_second_page, [("page", {"page": 2})]),
        (a_font_exchanged, [("page", {"page": 1})]),
        (lambda pdf: pdf.add_blank_page(), [("page_added", {"page": 3})]),
        (lambda pdf: pdf.pages.__delitem__(1), [("page_removed", {"page": 2})]),
        (a_note, [("note", {"page": 1})]),
        (a_file, [("attachment", {"name": "annexe.txt"})]),
        (moved_place, [("field", {"name": "ville"})]),
        (other_title, [("about", {})]),
        (script, [("behaviour", {})]),
    ],
    ids=["nothing", "page", "font", "page more", "page less", "note", "file", "place", "title", "script"],
)
def test_each_difference_is_said(prepared, change, expected):
    assert told(prepared, changed(prepared, change)) == expected


def test_what_cannot_be_read_is_only_something_else(prepared):
    assert told(prepared, b"%PDF-1.7 junk") == [("more", {})]


def endless(pdf):
    """Forms that draw forms that draw forms, each twice."""
    inner = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 1, 1])
    for _ in range(80):
        outer = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 1, 1])
        outer.Resources = Dictionary(XObject=Dictionary(A=inner, B=inner))
        inner = outer
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(A=inner))


def wide(pdf):
    numbers = Array([Array([1, 2, 3]) for _ in range(60_000)])
    pdf.pages[0].obj.Resources = Dictionary(Pattern=numbers)


def within_itself(pdf):
    one = pdf.make_indirect(Dictionary())
    one.Self = one
    pdf.pages[0].obj.Resources = Dictionary(Properties=one)


@pytest.mark.parametrize("shape", [endless, wide, within_itself])
def test_a_file_made_to_take_for_ever_does_not(prepared, shape):
    hostile = changed(prepared, shape)
    began = time.process_time()
    assert told(prepared, hostile)
    assert time.process_time() - began < 3


def test_more_than_any_paper_holds_is_refused_rather_than_half_compared(prepared):
    with pytest.raises(prints.TooMuch):
        changes.differences(prepared, changed(prepared, wide))
