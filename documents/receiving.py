"""What comes back from an outer signing desk is sealed by us on arrival: our own time stamp says when it came, and an
act of ours covers signatures that we could not date.
"""

from __future__ import annotations

import datetime
import io

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields

from documents.authority import Authority
from documents.fields import RECEIVED
from documents.signing import seal


def received(pdf: bytes, authority: Authority, *, at: datetime.datetime, reason: str, location: str) -> bytes:
    """The same file, sealed as received at `at` in a field of its own that is not seen. Raises NoKey, CannotSign."""
    return seal(pdf, authority, at=at, reason=reason, location=location, field_name=_free_name(pdf))


def _free_name(pdf: bytes) -> str:
    """Files may come back several times: the second one is numbered."""
    taken = {name for name, _, _ in enumerate_sig_fields(PdfFileReader(io.BytesIO(pdf)))}
    number = 1 + sum(name.startswith(RECEIVED) for name in taken)
    return RECEIVED if number == 1 else f"{RECEIVED} {number}"
