"""Files as answers. The instance holds their name (OpenRosa); the bytes are kept outside, under a token in the name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from forms.plain_fields import Offered, Posted, TextField, none_offered

KINDS = frozenset({"file", "image", "audio", "video"})
_TOKEN = re.compile(r"-([0-9a-f]{12})(?=(?:\.[a-z0-9]{1,5})?\Z)")
_LOOSE = re.compile(r"[^\w.\-']+")
_LONGEST = 60


def file_name(given: str, token: str, extension: str) -> str:
    """The name of a file as an answer: that of the sender without its folder, the token (12 hexadecimal digits) that
    finds its bytes, the ending of what it really is. `C:\\Bail 2014.PDF` → `Bail-2014-3fa9c2d1e0b7.pdf`.
    """
    stem = given.replace("\\", "/").rpartition("/")[2]
    stem = stem.rpartition(".")[0] or stem
    stem = _LOOSE.sub("-", stem).strip("-.")[:_LONGEST] or "file"
    return f"{stem}-{token}.{extension}"


def token_of(text: str) -> str:
    """The token in the name of a file; empty for a name that came from elsewhere."""
    found = _TOKEN.search(text)
    return found.group(1) if found else ""


class UploadField(TextField):
    """A file. A page cannot write its name: only a file that came with it can."""

    input: Mapping[str, str] = {"type": "file"}

    def read(self, posted: Posted, offered: Offered = none_offered) -> str | None:
        return None

    def show(self, text: str, lang: str) -> str:
        return _TOKEN.sub("", text)
