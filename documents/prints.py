"""Fingerprints of the parts of a PDF: of an object and of all it leads to. The file is hostile: bounded as a whole."""

import hashlib
from collections.abc import Mapping

from pikepdf import Array, Dictionary, Stream

MOST_DEPTH, MOST_PARTS = 60, 120_000
"""A convention of a hundred pages has 30,000 parts, none deeper than 12."""
_UPWARDS = frozenset(("/Parent", "/P", "/StructParent", "/StructParents", "/Length"))


class TooMuch(ValueError):
    """More than any honest file holds."""


class Prints:
    """Of one open file; every object is looked at once. pages: {number and generation of a page: which one it is}; what
    leads to a page, such as a link in a table of contents, is where it leads, not what is signed there since.
    """

    def __init__(self, pages: Mapping[tuple[int, int], int] | None = None) -> None:
        self._left = MOST_PARTS
        self._pages = pages or {}
        self._known: dict[tuple[int, int], bytes] = {}

    def of(self, value: object) -> str:
        """A fingerprint, apart from what leads back to the page. Raises TooMuch."""
        return self._digest(value, MOST_DEPTH).hex()

    def _digest(self, value: object, depth: int) -> bytes:
        self._left -= 1
        if depth == 0 or self._left < 0:
            raise TooMuch("more parts than any paper of ours")
        number = value.objgen if isinstance(value, Dictionary | Array | Stream) and value.is_indirect else None
        if number in self._known:
            return self._known[number]
        if number in self._pages:
            return b"page %d" % self._pages[number]
        if number:
            self._known[number] = b"within itself"
        made = self._made(value, depth)
        if number:
            self._known[number] = made
        return made

    def _made(self, value: object, depth: int) -> bytes:
        digest = hashlib.sha256()
        if isinstance(value, Stream):
            digest.update(value.read_raw_bytes())
        if isinstance(value, Dictionary | Stream):
            for key in sorted(value.keys()):
                if key not in _UPWARDS:
                    digest.update(key.encode())
                    digest.update(self._digest(value.get(key), depth - 1))
        elif isinstance(value, Array):
            for one in value:
                digest.update(self._digest(one, depth - 1))
        else:
            digest.update(repr(value).encode())
        return digest.digest()
