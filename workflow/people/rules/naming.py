"""Names made into what the machine needs: slugs, login names, forms that compare."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})
LONGEST = 48


def folded(text: str) -> str:
    """Without accents, case or double spaces: for comparing and searching."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).casefold().translate(LETTERS)
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).split())


def slug_from(name: str, taken: Callable[[str], bool]) -> str:
    """A short ASCII name that is not taken: "Les Toits de Belledonne" → "les-toits-de-belledonne"."""
    return _free(re.sub(r"[^a-z0-9]+", "-", folded(name)).strip("-")[:LONGEST].strip("-") or "x", "-", taken)


def login_from(name: str, taken: Callable[[str], bool]) -> str:
    """The name under which somebody without e-mail signs in: "Fatou N’Diaye" → "fatou.n.diaye"."""
    return _free(re.sub(r"[^a-z0-9]+", ".", folded(name)).strip(".")[:LONGEST].strip(".") or "personne", ".", taken)


def _free(wanted: str, joint: str, taken: Callable[[str], bool]) -> str:
    found, number = wanted, 1
    while taken(found):
        number += 1
        found = f"{wanted}{joint}{number}"
    return found
