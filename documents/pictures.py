"""Is this a picture that may stand in a paper? Judged from its first bytes, before anything decodes it.

PNG: ISO/IEC 15948, 11.2.2 (IHDR). JPEG: ITU-T T.81, B.2.2 (frame header). SVG: no document type, no script, nothing
that is fetched from elsewhere.
"""

import re
import struct
from dataclasses import dataclass

from lxml import etree

from documents.drawings import Swollen, measured

MOST_BYTES = 20_000_000
MOST_PIXELS = 40_000_000
PNG, JPEG, SVG = "image/png", "image/jpeg", "image/svg+xml"
_FRAMES = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_FORBIDDEN = {"script", "foreignObject", "iframe", "audio", "video", "handler", "set", "animate"}
_INLINE = re.compile(r"\s*(?:#|data:image/(?:png|jpeg);base64,)")
_FETCHED = re.compile(r"@import|url\(\s*['\"]?(?!#)", re.IGNORECASE)


class Unusable(Exception):
    """`code`: "unreadable", "too_large", "swollen" or "unsafe"."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Picture:
    """`width` and `height` in pixels; 0 for a drawing."""

    media_type: str
    width: int = 0
    height: int = 0


def judged(data: bytes) -> Picture:
    """What the picture is. Raises Unusable when it is none, is too large, or would fetch something."""
    if len(data) > MOST_BYTES:
        raise Unusable("too_large")
    picture = _read(data)
    if picture.width * picture.height > MOST_PIXELS:
        raise Unusable("too_large")
    return picture


def _read(data: bytes) -> Picture:
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        return Picture(PNG, *struct.unpack_from(">II", data, 16))
    if data.startswith(b"\xff\xd8\xff"):
        return Picture(JPEG, *_frame(data))
    if b"<svg" in data[:4096]:
        _harmless(data)
        return Picture(SVG)
    raise Unusable("unreadable")


def _frame(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        if data[at + 1] in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        at += 1 if data[at + 1] == 0xFF else 2 + struct.unpack_from(">H", data, at + 2)[0]
    raise Unusable("unreadable")


def _harmless(data: bytes) -> None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise Unusable("unsafe")
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unusable("unreadable") from error
    if any(not isinstance(one.tag, str) or _unsafe(one) for one in root.iter() if one.tag is not etree.Comment):
        raise Unusable("unsafe")
    try:
        measured(root)
    except Swollen as fault:
        raise Unusable("swollen") from fault


def _unsafe(one: etree._Element) -> bool:
    """Whether an element runs something or fetches something."""
    if etree.QName(one).localname in _FORBIDDEN:
        return True
    for name, value in one.attrib.items():
        local = etree.QName(name).localname.lower()
        if local.startswith("on") or (local == "href" and not _INLINE.match(value)) or _FETCHED.search(value):
            return True
    return bool(one.text and _FETCHED.search(one.text))
