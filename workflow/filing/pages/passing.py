"""A file on its way to somebody: made first, sent then. What lies on the disk meanwhile can be read by nobody else.

The key is made for one file, lives in memory, and is gone with the request. Nothing needs to be proven of the bytes:
they are read back by the process that wrote them.
"""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_IN_MEMORY = 20_000_000  # bytes; what is larger lies in a file that has no name
_PIECE = 256 * 1024


class Passing:
    """Takes what `zipfile` writes. What was written since the last `settle` is held in memory and may be sought in."""

    def __init__(self) -> None:
        self._cipher = Cipher(algorithms.AES(os.urandom(32)), modes.CTR(os.urandom(16)))
        self._hide = self._cipher.encryptor()
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  closed once it is sent
        self._open, self._settled = io.BytesIO(), 0

    def write(self, data: bytes) -> int:
        return self._open.write(data)

    def flush(self) -> None:
        """Nothing waits anywhere."""

    def tell(self) -> int:
        return self._settled + self._open.tell()

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        """Raises ValueError for a place that has settled."""
        self._open.seek(place - self._settled if whence == io.SEEK_SET else place, whence)
        return self.tell()

    def settle(self) -> None:
        """One part is complete: nothing of it is written again."""
        self._file.write(self._hide.update(self._open.getvalue()))
        self._settled += len(self._open.getvalue())
        self._open = io.BytesIO()

    @property
    def length(self) -> int:
        """Bytes so far."""
        return self._settled + len(self._open.getvalue())

    def pieces(self) -> Iterator[bytes]:
        self.settle()
        self._file.seek(0)
        show = self._cipher.decryptor()
        while piece := self._file.read(_PIECE):
            yield show.update(piece)

    def close(self) -> None:
        self._file.close()
