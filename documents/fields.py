"""Signature fields, placed where the text puts their boxes and tagged for those who listen to the paper.

Every field must exist before the first signature: one added later breaks the seal. pyHanko makes fields without a link
to the structure tree, which PDF/UA-1 (ISO 14289-1, 7.18.4) asks of visible ones, so they are made here.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain, count

import pikepdf
from pikepdf import Array, Dictionary, Name, NumberTree, Object, Pdf, String

from documents.pdf import FieldPlace

SEAL, LAST_SEAL, ARCHIVE, RECEIVED = "Sceau", "Sceau final", "Horodatage", "Réception"
"""The fields of the installation itself; the last two may be numbered. No signatory's field bears such a name."""
_PRINT = 4


def is_ours(name: str) -> bool:
    """Whether a field of that name is the installation's own."""
    return name in (SEAL, LAST_SEAL) or name.startswith((ARCHIVE, RECEIVED))


def prepare(pdf: bytes, places: Sequence[FieldPlace], *, seals: Mapping[str, str] | None = None) -> bytes:
    """The same paper with one empty, tagged signature field for each place; unchanged when there is none.

    `seals`: fields that are not seen, name → what they are called for those who listen: `SEAL` where the installation
    seals first, `LAST_SEAL` where it seals last.
    """
    if not places and not seals:
        return pdf
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        fields = [_field(opened, place) for place in named_apart(places)]
        fields += [_unseen(opened, name, label) for name, label in (seals or {}).items()]
        opened.Root.AcroForm = opened.make_indirect(Dictionary(Fields=Array(fields), SigFlags=1))
        made = io.BytesIO()
        opened.save(made, deterministic_id=True)
    return made.getvalue()


def named_apart(places: Sequence[FieldPlace]) -> list[FieldPlace]:
    """Places of the same name get numbers, and none is named like one of ours; a dot would make a name two (ISO
    32000-1, 12.7.3.2).
    """
    taken, apart = {SEAL, LAST_SEAL, ARCHIVE, RECEIVED}, []
    for place in places:
        name = place.name.replace(".", "-")
        names = chain((name,), (f"{name} {number}" for number in count(2)))
        free = next(one for one in names if one not in taken)
        taken.add(free)
        apart.append(replace(place, name=free))
    return apart


def sizes(pdf: bytes) -> dict[str, tuple[float, float]]:
    """Width and height in points of every signature field that is seen, by its name: what a stamp must measure."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        found = opened.Root.get(Name.AcroForm, Dictionary()).get(Name.Fields, Array([]))
        boxes = {str(one.T): [float(edge) for edge in one.Rect] for one in found if Name.Rect in one}
    return {name: (right - left, top - bottom) for name, (left, bottom, right, top) in boxes.items() if right > left}


def _unseen(pdf: Pdf, name: str, label: str) -> Object:
    """A field without a place on the page: nothing to describe, nothing to draw (ISO 14289-1, 7.18.1)."""
    page = pdf.pages[0].obj
    entries = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String(name), TU=String(label))
    entries.F, entries.P, entries.Rect = _PRINT, page, Array([0, 0, 0, 0])
    return _on_page(page, pdf.make_indirect(entries))


def _on_page(page: Object, widget: Object) -> Object:
    if Name.Annots not in page:
        page.Annots = Array([])
    page.Annots.append(widget)
    return widget


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
    return _on_page(page, widget)


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
