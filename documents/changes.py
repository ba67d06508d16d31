"""What differs between a paper as it was signed and as it is now, said page by page. Both are hostile: bounded, and
silent about what cannot be read.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf

from documents import hostile
from documents.prints import Prints, TooMuch

MESSAGES: Mapping[str, str] = {
    "page": "Page %(page)s was changed.",
    "page_added": "Page %(page)s was added.",
    "page_removed": "Page %(page)s was taken away.",
    "note": "Something was laid over page %(page)s.",
    "attachment": "The attached file “%(name)s” was changed, added or taken away.",
    "field": "The place for a signature “%(name)s” was changed, added or taken away.",
    "about": "What the file says of itself (title, author, conformity) was changed.",
    "behaviour": "What happens when the file is opened was changed.",
    "more": "Something else was changed that is not seen on the pages.",
}
MOST_PAGES = 500
_XMP, _PDF, _MEDIA = (f"{{http://ns.adobe.com/{space}}}" for space in ("xap/1.0/", "pdf/1.3/", "xap/1.0/mm/"))
_SAVING = frozenset(
    ("/ModDate", "/Producer", f"{_XMP}ModifyDate", f"{_XMP}MetadataDate", f"{_XMP}CreatorTool", f"{_PDF}Producer",
     f"{_MEDIA}InstanceID", f"{_MEDIA}History")
)  # fmt: skip
_DRAWN = (Name.Contents, Name.Resources, Name.MediaBox, Name.Rotate, Name.CropBox)
_ON_OPENING = (Name.OpenAction, Name.AA, Name.OCProperties)


@dataclass(frozen=True, slots=True)
class Change:
    """`code`: a key of MESSAGES."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def msgid(self) -> str:
        return MESSAGES[self.code]


def between(before: bytes, after: bytes) -> tuple[Change, ...]:
    """What a reader sees or gets differently in `after`; `more` when nothing of that kind was found. Pages count from
    1.
    """
    try:
        found = differences(before, after)
    except hostile.ERRORS:
        found = ()
    return found or (Change("more"),)


def differences(before: bytes, after: bytes) -> tuple[Change, ...]:
    """The same, nothing when nothing is seen differently. Raises one of documents.hostile.ERRORS."""
    with pikepdf.open(io.BytesIO(before)) as old, pikepdf.open(io.BytesIO(after)) as new:
        return tuple(_differences(old, new))


def _differences(old: Pdf, new: Pdf) -> Iterator[Change]:
    was, now = _Seen(old), _Seen(new)
    yield from _pages(was, now)
    yield from (Change("attachment", {"name": name}) for name in _unlike(was.attached(), now.attached()))
    yield from (Change("field", {"name": name}) for name in _unlike(was.fields(), now.fields()))
    if about(old) != about(new):
        yield Change("about")
    if was.opening() != now.opening():
        yield Change("behaviour")


def same_about(before: bytes, after: bytes) -> bool:
    """Both say the same of themselves. Raises one of documents.hostile.ERRORS."""
    with pikepdf.open(io.BytesIO(before)) as old, pikepdf.open(io.BytesIO(after)) as new:
        return about(old) == about(new)


def about(pdf: Pdf) -> dict[str, str]:
    """What a file says of itself: language, title and the like. When and with what it was saved last is left out: that
    changes with each signature made by other programs.
    """
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as told:
        said = {str(key): str(value) for key, value in told.items() if _plain(str(key), value)}
    plain = {key: str(value) for key, value in pdf.docinfo.items() if key not in _SAVING}
    return {**said, **plain, "language": str(pdf.Root.get(Name.Lang, ""))}


def _plain(key: str, value: object) -> bool:
    """A text or a list of texts; the library cannot print what is built more deeply."""
    return key not in _SAVING and isinstance(value, str | list)


def _pages(was: "_Seen", now: "_Seen") -> Iterator[Change]:
    before, after = len(was.pdf.pages), len(now.pdf.pages)
    for number in range(1, min(before, after) + 1):
        if was.drawn(number) != now.drawn(number):
            yield Change("page", {"page": number})
        elif was.notes(number) != now.notes(number):
            yield Change("note", {"page": number})
    yield from (Change("page_added", {"page": number}) for number in range(before + 1, after + 1))
    yield from (Change("page_removed", {"page": number}) for number in range(after + 1, before + 1))


def _unlike(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    return sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))


class _Seen:
    """What a reader of one file sees or gets."""

    def __init__(self, pdf: Pdf) -> None:
        if len(pdf.pages) > MOST_PAGES:
            raise TooMuch("more pages than any paper of ours")
        self.pdf = pdf
        self._prints = Prints({one.obj.objgen: number for number, one in enumerate(pdf.pages, start=1)})

    def drawn(self, number: int) -> list[str]:
        """All that is drawn on a page, apart from what is laid over it."""
        page = self.pdf.pages[number - 1].obj
        return [self._prints.of(page.get(key)) for key in _DRAWN]

    def notes(self, number: int) -> list[str]:
        """What is laid over a page and is no field."""
        laid = self.pdf.pages[number - 1].obj.get(Name.Annots, Array([]))
        return [self._prints.of(one) for one in laid if one.get(Name.Subtype) != Name.Widget]

    def attached(self) -> dict[str, str]:
        """Each under all the names by which a reader may fetch it."""
        return {name: self._prints.of(spec.obj.get(Name.EF)) for name, spec in self.pdf.attachments.items()}

    def fields(self) -> dict[str, str]:
        """The fields and where they stand; whether somebody signed in them is no change of the field."""
        form = self.pdf.Root.get(Name.AcroForm, Dictionary())
        found = [one for one in form.get(Name.Fields, Array([])) if isinstance(one, Dictionary)]
        return {str(one.get(Name.T, "")): self._place(one) for one in found if not _stamps_the_file(one)}

    def _place(self, place: Object) -> str:
        """Its place and kind; of other fields than signatures also what stands in them."""
        signs = place.get(Name.FT) == Name.Sig
        said = (place.get(Name.Rect), place.get(Name.FT), None if signs else place.get(Name.V))
        return "".join(map(self._prints.of, said))

    def opening(self) -> list[str]:
        """What happens by itself, and what can be shown or hidden."""
        return [self._prints.of(self.pdf.Root.get(key)) for key in _ON_OPENING]


def _stamps_the_file(place: Object) -> bool:
    return place.get(Name.FT) == Name.Sig and Name.V in place and place.V.get(Name.Type) == Name.DocTimeStamp
