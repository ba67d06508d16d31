"""How a verdict on a file is said: its family of colour and shape, and what to do now."""

from __future__ import annotations

from dataclasses import dataclass

GOOD, BAD, UNKNOWN = "good", "bad", "unknown"

_UNKNOWN = frozenset(("not_ours", "unknown_signer", "no_signature", "not_pdf", "empty"))
"""Nothing speaks against the file; nothing of ours speaks for it either."""

WHOLE = "ours_and_whole"
WAITING = "waiting"
_OURS = frozenset((WHOLE, WAITING))

_ADVICE = {
    GOOD: "You may rely on it: it is the file that was issued, word for word.",
    BAD: "Do not rely on it. Ask whoever gave it to you for the original, and compare.",
    UNKNOWN: "We cannot say anything about it. Check that it is the PDF file itself, not a scan or a photo of it.",
}

VOID = "void"
VOIDED = "This document was issued here and is unchanged, but it was annulled on %(day)s."
"""Said of a file that is ours and whole, and counts no more."""
_REPLACED = "Do not rely on it. Ask whoever gave it to you whether another document replaces it."

NEWER, TAKEN_BACK, STOPPED, COMPLETE, OPEN = "newer", "taken_back", "stopped", "complete", "open"
STANDS: dict[str, str] = {
    NEWER: "This document is authentic, but a newer, more complete version of it exists.",
    TAKEN_BACK: "This file is authentic, but a signature in it was taken back afterwards.",
    STOPPED: "This document is authentic, but its signing was given up before everybody had signed.",
}
"""What became of a file that is ours and whole, and is one state of a paper that people sign."""
COUNTS = frozenset(("", NEWER, COMPLETE, OPEN))
_PARTICULAR = {
    VOID: (BAD, _REPLACED),
    WAITING: (GOOD, "It is the file that was issued, word for word. It is complete once everybody has signed."),
    NEWER: (GOOD, "It is a former state of the document. Ask whoever gave it to you for the latest one."),
    TAKEN_BACK: (BAD, "Do not rely on it. Ask whoever gave it to you for the latest state of the document."),
    STOPPED: (BAD, _REPLACED),
}

KINDS: dict[str, str] = {
    "accord": "Consent in writing",
    "attestation": "Certificate",
    "avenant": "Amendment",
    "avis": "Letter",
    "bilan": "Summary of results",
    "bon": "Visit slip",
    "bulletin": "Membership form",
    "cadre": "Framework of a consultation",
    "cahier": "Specifications",
    "charte": "Charter",
    "contribution": "Contribution",
    "convention": "Convention",
    "convocation": "Letter",
    "courrier": "Letter",
    "derniere": "Offer of a dwelling",
    "fiche": "Information sheet",
    "guide": "Guide",
    "information": "Information sheet",
    "lettre": "Letter",
    "mandat": "Mandate",
    "merci": "Letter of thanks",
    "note": "Note",
    "notice": "Notice",
    "ordre": "Agenda of a meeting",
    "proposition": "Offer of a dwelling",
    "protocole": "Protocol",
    "recu": "Receipt",
    "relais": "Handover sheet",
    "relance": "Letter",
    "releve": "Record of decisions",
    "reponse": "Answer to an offer",
    "retour": "Letter",
}
"""Kinds of papers the public page may name, by the first word of their model, as message ids; any other is a document.
What a paper is about is not said: a sheet of refusal is a sheet.
"""
_WHOLE = {"fiche": "Diagnosis sheet"}
"""Models whose whole name is such a word and says more."""


@dataclass(frozen=True)
class Said:
    """`family`: good, bad or unknown; `advice`: a message id."""

    family: str
    advice: str


def said(reason: str) -> Said:
    """How to say a verdict, by its reason or a key of STANDS."""
    if reason in _PARTICULAR:
        return Said(*_PARTICULAR[reason])
    family = GOOD if reason in _OURS else UNKNOWN if reason in _UNKNOWN else BAD
    return Said(family, _ADVICE[family])


def stand_of(reason: str, stand: str) -> str:
    """What to say of a file: the verdict on its bytes, or what became of it since where that says more.

    A place may stay empty in a complete file: of several signatories some were enough. None may be left in one that
    waits all the same: the last signatories sign on paper.
    """
    if stand == COMPLETE:
        return WHOLE if reason in _OURS else reason
    if stand == OPEN:
        return WAITING if reason in _OURS else reason
    return stand if stand and reason in _OURS else reason


def kind_label(kind: str) -> str:
    """The message id that names a kind of paper: `fiche`, `convention-prefecture`."""
    return _WHOLE.get(kind) or KINDS.get(kind.partition("-")[0], "Document")
