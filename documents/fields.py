"""Signature fields, placed where the text puts their boxes and tagged for those who listen to the paper.

Every field must exist before the first signature: one added later breaks the seal. pyHanko makes fields without a link
to the structure tree, which PDF/UA-1 (ISO 14289-1, 7.18.4) asks of visible ones, so they are made here.
"""

import io
from collections.abc import Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, NumberTree, Object, Pdf, String

from documents.pdf import FieldPlace

_PRINT = 4


def prepare(pdf: bytes, places: Sequence[FieldPlace]) -> bytes:
    """The same paper with one empty, tagged signature field for each place; unchanged when there is none."""
    if not places:
        return pdf
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        fields = [_field(opened, place) for place in places]
        opened.Root.AcroForm = opened.make_indirect(Dictionary(Fields=Array(fields), SigFlags=1))
        made = io.BytesIO()
        opened.save(made, deterministic_id=True)
    return made.getvalue()


def _field(pdf: Pdf, place: FieldPlace) -> Object:
    page = pdf.pages[place.page].obj
    widget = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Sig,
            T=String(place.name),
            TU=String(place.label),
            Contents=String(place.label),
            F=_PRINT,
            P=page,
            Rect=Array([round(edge, 2) for edge in (place.left, place.bottom, place.right, place.top)]),
            AP=Dictionary(N=_nothing(pdf, place)),
        )
    )
    _tag(pdf, widget, page, place.label)
    if Name.Annots not in page:
        page.Annots = Array([])
    page.Annots.append(widget)
    return widget


def _nothing(pdf: Pdf, place: FieldPlace) -> Object:
    """An empty appearance: PDF/A wants one for every visible field."""
    box = [0, 0, round(place.right - place.left, 2), round(place.top - place.bottom, 2)]
    return pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array(box))


def _tag(pdf: Pdf, widget: Object, page: Object, label: str) -> None:
    """A `Form` element that points to the widget, and the way back through the parent tree."""
    root = pdf.Root.StructTreeRoot
    parent = root.K[0] if isinstance(root.K, Array) else root.K
    tree = NumberTree(root.ParentTree)
    key = max(int(root.get(Name.ParentTreeNextKey, 0)), max(tree, default=-1) + 1)
    reference = Dictionary(Type=Name.OBJR, Obj=widget, Pg=page)
    form = pdf.make_indirect(
        Dictionary(Type=Name.StructElem, S=Name.Form, P=parent, Pg=page, Alt=String(label), K=reference)
    )
    parent.K = Array([*_children(parent), form])
    widget.StructParent = key
    tree[key] = form
    root.ParentTreeNextKey = key + 1


def _children(element: Object) -> list[Object]:
    children = element.get(Name.K, Array([]))
    return list(children) if isinstance(children, Array) else [children]
