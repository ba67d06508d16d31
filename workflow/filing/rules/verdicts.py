"""How a verdict on a file is said: its family of colour and shape, and what to do now."""

from __future__ import annotations

from dataclasses import dataclass

GOOD, BAD, UNKNOWN = "good", "bad", "unknown"

_UNKNOWN = frozenset(("not_ours", "unknown_signer", "no_signature", "not_pdf", "empty"))
"""Nothing speaks against the file; nothing of ours speaks for it either."""

_ADVICE = {
    GOOD: "You may rely on it: it is the file that was issued, word for word.",
    BAD: "Do not rely on it. Ask whoever gave it to you for the original, and compare.",
    UNKNOWN: "We cannot say anything about it. Check that it is the PDF file itself, not a scan or a photo of it.",
}

VOID = "void"
VOIDED = "This document was issued here and is unchanged, but it was annulled on %(day)s."
"""Said of a file that is ours and whole, and counts no more."""
_REPLACED = "Do not rely on it. Ask whoever gave it to you whether another document replaces it."

KINDS: dict[str, str] = {
    "fiche": "Diagnosis sheet",
    "proposition": "Offer of a dwelling",
    "reponse": "Answer to an offer",
    "merci": "Letter of thanks",
}
"""Kinds of papers the public page may name, as message ids; any other is a document."""


@dataclass(frozen=True)
class Said:
    """`family`: good, bad or unknown; `advice`: a message id."""

    family: str
    advice: str


def said(reason: str) -> Said:
    """How to say a verdict, by its reason."""
    if reason == VOID:
        return Said(BAD, _REPLACED)
    family = GOOD if reason == "ours_and_whole" else UNKNOWN if reason in _UNKNOWN else BAD
    return Said(family, _ADVICE[family])


def kind_label(kind: str) -> str:
    """The message id that names a kind of paper."""
    return KINDS.get(kind, "Document")
