"""What a file is, by its content alone: whatever was cut or altered is refused and never an accident."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.filing.rules.answers import NotKept, sort_of

ODT = "application/vnd.oasis.opendocument.text"


def text_document(packed: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", packed) as archive:
        archive.writestr("mimetype", ODT)
        archive.writestr("content.xml", "<office/>" * 20)
    return made.getvalue()


def test_a_text_document_says_what_it_is() -> None:
    assert sort_of(text_document(zipfile.ZIP_STORED), "file").extension == "odt"


def test_one_that_hides_what_it_says_is_not_taken() -> None:
    with pytest.raises(NotKept):
        sort_of(text_document(zipfile.ZIP_DEFLATED), "file")


@given(st.integers(0), st.integers(0, 255), st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]), st.booleans())
def test_an_altered_or_cut_one_is_told_or_refused(place: int, byte: int, packed: int, cut: bool) -> None:
    whole = bytearray(text_document(packed))
    whole[place % len(whole)] = byte
    with suppress(NotKept):
        sort_of(bytes(whole[: place % len(whole)] if cut else whole), "file")
