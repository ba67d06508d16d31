"""Several PDF files as one, to be printed: their pages in order, numbered as one if wanted.

What is printed is no original: only what stands on the pages is taken over. Attached files, answers inside, seals,
scripts, links and fields to be filled stay in the files they came from; what they show on the page is kept.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, OutlineItem, Page, Pdf

MOST_FILES, MOST_PAGES = 2000, 10_000
A4 = (595.28, 841.89)
"""Points, ISO 216."""
_KEPT = (Name.Type, Name.MediaBox, Name.CropBox, Name.Rotate, Name.Resources, Name.Contents, Name.UserUnit, Name.Group)
_FOOT_PT, _ABOVE_EDGE_PT, _FONT = 7.5, 12.0, Name.RelaisFoot


class NotJoined(Exception):
    """`code`: "unreadable" (not a PDF, or one with a password), "empty" or "too_long"; `at`: which file, from 0."""

    def __init__(self, code: str, at: int = 0):
        super().__init__(f"{code} at {at}")
        self.code, self.at = code, at


@dataclass(frozen=True, slots=True)
class Dress:
    """What stands round the pages of a bundle.

    foot: said at the foot of each page, with `%(page)s` and `%(pages)s`; "" leaves the pages as they are. titles: of
    the files, in order, as the bookmarks of the bundle. title, lang: of the bundle itself.
    """

    foot: str = ""
    titles: Sequence[str] = ()
    title: str = ""
    lang: str = "fr"


BARE = Dress()


def joined(files: Iterable[bytes], *, duplex: bool = False, dress: Dress = BARE) -> bytes:
    """The bundle; the same files give the same bytes. With `duplex` each file begins on a sheet of its own: a blank
    page follows an odd number of pages. Raises NotJoined.
    """
    made, sources, begins = Pdf.new(), [], []
    for at, data in enumerate(files):
        if at >= MOST_FILES:
            raise NotJoined("too_long", at)
        begins.append(len(made.pages))
        sources.append(_opened(data, at))  # pages are read from their files when the bundle is saved
        for page in _pages(sources[-1], at):
            made.pages.append(page)
        if len(made.pages) > MOST_PAGES:
            raise NotJoined("too_long", at)
        if duplex and (len(made.pages) - begins[-1]) % 2:
            made.add_blank_page(page_size=_size(made.pages[-1]))
    if not sources:
        raise NotJoined("empty")
    _dressed(made, begins, dress)
    return _saved(made)


def length(data: bytes) -> int:
    """How many pages a file has. Raises NotJoined."""
    with _opened(data, 0) as opened:
        return len(opened.pages)


def _opened(data: bytes, at: int) -> Pdf:
    try:
        found = pikepdf.open(io.BytesIO(data))
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError) as error:
        raise NotJoined("unreadable", at) from error
    if not len(found.pages):
        raise NotJoined("empty", at)
    return found


def _pages(source: Pdf, at: int) -> Iterator[Page]:
    """The pages with nothing but what they sdress."""
    try:
        if any(Name.Annots in page.obj for page in source.pages):
            source.flatten_annotations("print")  # what a field or a stamp shows becomes part of the page
        for page in source.pages:
            for name in set(page.obj.keys()) - set(map(str, _KEPT)) - {"/Parent"}:
                del page.obj[name]
            yield page
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, RuntimeError) as error:
        raise NotJoined("unreadable", at) from error


def _size(page: Page) -> tuple[float, float]:
    left, bottom, right, top = map(float, page.mediabox)
    return abs(right - left), abs(top - bottom)


def _saved(made: Pdf) -> bytes:
    told = io.BytesIO()
    try:
        made.remove_unreferenced_resources()
        made.save(told, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    except (pikepdf.PdfError, RuntimeError) as error:  # a page was damaged where nobody looked before
        raise NotJoined("unreadable") from error
    return told.getvalue()


# ---- what stands round the pages


def _dressed(made: Pdf, begins: list[int], dress: Dress) -> None:
    made.Root.Lang = dress.lang
    if dress.title:
        made.docinfo[Name.Title] = dress.title
        made.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    if dress.titles:
        with made.open_outline() as outline:
            outline.root.extend(OutlineItem(title, page) for title, page in zip(dress.titles, begins, strict=False))
    if dress.foot:
        font = made.make_indirect(
            Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
        )
        for number, page in enumerate(made.pages, 1):
            _say_at_foot(made, page, dress.foot % {"page": number, "pages": len(made.pages)}, font)


def _say_at_foot(made: Pdf, page: Page, words: str, font: Object) -> None:
    """Words in the middle of the lower edge as it is seen, on white: a scan may be dark there."""
    told = words.encode("cp1252", "replace")
    half = 0.25 * _FOOT_PT * len(told)  # a letter of this face is half as wide as high, taken together
    text = told.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    turned = " ".join(f"{one:.2f}" for one in _turned(page))
    drawn = f"q {turned} cm 1 g {-half - 6:.2f} -3 {2 * half + 12:.2f} {_FOOT_PT + 4:.2f} re f ".encode()
    drawn += f"BT 0.34 0.38 0.44 rg {_FONT} {_FOOT_PT} Tf {-half:.2f} 0 Td (".encode() + text + b") Tj ET Q"
    page.contents_add(b"q", prepend=True)
    page.contents_add(b"Q\n" + drawn)
    # Pages of one file may share what they draw with; another name in it harms none of them.
    resources = page.obj.setdefault(Name.Resources, Dictionary()) if Name.Resources not in page.obj else page.resources
    fonts = resources.get(Name.Font)
    if not isinstance(fonts, Dictionary):
        resources[Name.Font] = fonts = Dictionary()
    fonts[_FONT] = font


def _turned(page: Page) -> tuple[float, float, float, float, float, float]:
    """The matrix (ISO 32000-1, 8.3.4) that leads to the middle of the lower edge of the page as one sees it."""
    left, bottom, right, top = map(float, page.cropbox)
    across, along = (left + right) / 2, (bottom + top) / 2
    return {
        0: (1, 0, 0, 1, across, bottom + _ABOVE_EDGE_PT),
        90: (0, 1, -1, 0, right - _ABOVE_EDGE_PT, along),
        180: (-1, 0, 0, -1, across, top - _ABOVE_EDGE_PT),
        270: (0, -1, 1, 0, left + _ABOVE_EDGE_PT, along),
    }[int(page.obj.get(Name.Rotate, 0)) % 360 // 90 * 90]


# ---- a picture as a page


def pictured(jpeg: bytes, width: int, height: int) -> bytes:
    """A JPEG in RGB, `width` × `height` points, as one A4 page turned as the picture is, 15 mm of white around it."""
    made, margin = Pdf.new(), 42.5
    wide, high = A4[::-1] if width > height else A4
    scale = min((wide - 2 * margin) / width, (high - 2 * margin) / height)
    shown = (width * scale, height * scale)
    image = made.make_stream(
        jpeg,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=width,
        Height=height,
        ColorSpace=Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )
    placed = (shown[0], shown[1], (wide - shown[0]) / 2, (high - shown[1]) / 2)
    drawn = "q {:.2f} 0 0 {:.2f} {:.2f} {:.2f} cm /Shown Do Q".format(*placed)
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array([0, 0, wide, high]),
        Resources=Dictionary(XObject=Dictionary(Shown=image)),
        Contents=made.make_stream(drawn.encode()),
    )
    made.pages.append(Page(page))
    return _saved(made)
