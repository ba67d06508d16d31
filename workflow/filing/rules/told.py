"""What is said of each signature in a file: who, how sure that is, and what came after it. English message ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from documents.fields import RECEIVED
from documents.verification import AFTER, SignatureFact, Verdict
from documents.verification import LEVELS as DATED

SCREEN, PAPER = "screen", "paper"

LEVELS: dict[str, tuple[str, str]] = {
    "seal": (
        "Seal of the installation",
        "It proves who issued the file and that nothing was changed since. It is nobody’s signature.",
    ),
    "other_seal": (
        "Seal of another organisation",
        "It proves that whoever holds the certificate sealed the file. Who they are is what the certificate says: it "
        "was not checked here.",
    ),
    "arrival": (
        "Seal of the installation, on arrival",
        "It proves when the file came back from another signing tool, and that nothing was changed since. It is "
        "nobody’s signature.",
    ),
    "timestamp": (
        "Time stamp over the whole file",
        "It proves that the file existed at this moment, as it is. It is nobody’s signature.",
    ),
    "screen": (
        "Simple electronic signature",
        "It proves that somebody who could open the link and received the code signed this very document at this "
        "moment. It does not prove by itself who held the telephone: no identity paper was checked.",
    ),
    "paper": (
        "Signed on paper, by hand",
        "The signature stands on the paper. Relais keeps its scan and who attests that it is the same document; it is "
        "no electronic signature.",
    ),
    "witness": (
        "Signature gathered by this installation",
        "The installation says that this person signed, on the screen (a simple signature) or on paper. It does not "
        "prove by itself who signed: no identity paper was checked.",
    ),
    "personal": (
        "Signature with a certificate",
        "It proves that whoever holds the certificate signed this very document. How sure their identity is depends on "
        "who issued the certificate.",
    ),
    "qualified": (
        "Signature with a certificate that says it is qualified",
        "A qualified signature is presumed to be as good as one by hand. That this certificate is qualified is what it "
        "says of itself: it was not checked here against the European list.",
    ),
}
"""{what it is: (how it is called, what it proves and does not)}."""
_OF_NOBODY = frozenset(("seal", "arrival", "other_seal", "timestamp"))
_BY_ITS_OWN_WORD = ("personal", "qualified")


@dataclass(frozen=True)
class Signer:
    """Somebody who signed, as those who gathered the signature know them. way: screen | certificate | paper |
    parapheur; on: the day on which they signed by hand.
    """

    name: str
    capacity: str = ""
    organisation: str = ""
    way: str = ""
    on: date | None = None


@dataclass(frozen=True)
class Told:
    """One signature as it is read. name: "" of our own time stamp; at: by the time stamp; on: the day of one by hand.

    level: a key of LEVELS; dated, after: message ids, "" where nothing is to be said; issuer: of a certificate that is
    not ours.
    """

    name: str
    capacity: str
    at: datetime | None
    level: str
    dated: str = ""
    after: str = ""
    issuer: str = ""
    on: date | None = None

    @property
    def called(self) -> str:
        return LEVELS[self.level][0]

    @property
    def proves(self) -> str:
        return LEVELS[self.level][1]


def told(verdict: Verdict, signers: Mapping[str, Signer], by_hand: tuple[Signer, ...] = ()) -> list[Told]:
    """The signatures of a file in their order, those on paper alone at the end; none of a file where every name would
    be a mere claim.
    """
    if not (verdict.ok or verdict.since or verdict.reason == "not_ours"):
        return []
    seen = [_told(fact, signers.get(fact.field)) for fact in verdict.signatures]
    return seen + [Told(one.name, _in_capacity(one), None, PAPER, on=one.on) for one in by_hand]


def _told(fact: SignatureFact, known: Signer | None) -> Told:
    level = level_of(fact, known.way if known else "")
    said = "" if level in _OF_NOBODY else fact.reason
    ours_alone = level == "timestamp" and fact.trusted
    return Told(
        name="" if ours_alone else fact.name,
        capacity=_as(known, fact) if known else said,
        at=fact.time,
        level=level,
        dated="" if level in ("timestamp", PAPER) else DATED[fact.level],
        after=AFTER[fact.changed_after],
        issuer=fact.issuer if level in (*_BY_ITS_OWN_WORD, "other_seal") else "",
        on=known.on if known and level == PAPER else None,
    )


def level_of(fact: SignatureFact, way: str) -> str:
    """A key of LEVELS. A file cannot tell a signature on the screen from one on paper: whoever gathered it can."""
    if fact.kind == "personal" and fact.claims_qualified:
        return "qualified"
    if fact.kind == "seal" and not fact.trusted:
        return "other_seal"
    if fact.kind == "seal" and fact.field.startswith(RECEIVED):
        return "arrival"
    return way if fact.kind == "witness" and way in (SCREEN, PAPER) else fact.kind


def _as(who: Signer, fact: SignatureFact) -> str:
    """In what capacity; of a certificate also who was asked to sign, where it calls them otherwise."""
    certified = fact.kind == "personal" and fact.name.casefold() != who.name.casefold()
    return ", ".join(filter(None, (who.name if certified else "", _in_capacity(who))))


def _in_capacity(who: Signer) -> str:
    return ", ".join(filter(None, (who.capacity, who.organisation)))
