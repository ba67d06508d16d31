"""How one signs, and what each way proves and does not: said plainly. English msgids."""

from __future__ import annotations

SCREEN, CERTIFICATE, PAPER, PARAPHEUR = "screen", "certificate", "paper", "parapheur"
SIMPLE, ADVANCED, QUALIFIED, ON_PAPER = "simple", "advanced", "qualified", "paper"

CHANNELS: dict[str, str] = {
    SCREEN: "On the screen, with a code",
    CERTIFICATE: "With a certificate of their own",
    PAPER: "On paper",
    PARAPHEUR: "In the signing tool of their organisation",
}
OFFERED = (SCREEN, CERTIFICATE, PARAPHEUR, PAPER)
"""The ways that have a door; one without a door is offered to nobody."""
HOW: dict[str, str] = {
    CERTIFICATE: "You sign with your own certificate: have its file (.p12 or .pfx) and its password at hand.",
    PARAPHEUR: "You sign in the signing tool of your organisation: download the document, have it signed there, then "
    "hand the signed file in on the same page.",
}
"""{way: what whoever is asked to sign in it is told beforehand}; the others explain themselves on the page."""
LEVELS: dict[str, tuple[str, str]] = {
    SIMPLE: (
        "Simple electronic signature",
        "It proves that somebody who could open the link and received the code signed this very document at this "
        "moment. It does not prove by itself who held the telephone: no identity paper was checked.",
    ),
    ADVANCED: (
        "Signature with a certificate",
        "It proves that whoever holds the certificate signed this very document. How sure their identity is depends on "
        "who issued the certificate.",
    ),
    QUALIFIED: (
        "Qualified signature",
        "It is presumed to be as good as a signature by hand. It is made in the signing tool of the organisation, with "
        "a qualified certificate.",
    ),
    ON_PAPER: (
        "Signed on paper, by hand",
        "The signature stands on the paper. Relais keeps its scan and who attests that it is the same document; it is "
        "no electronic signature.",
    ),
}
"""{level: (how it is called, what it proves and does not)}."""
OF_CHANNEL: dict[str, tuple[str, ...]] = {
    SCREEN: (SIMPLE,),
    CERTIFICATE: (ADVANCED,),  # a file that can be copied is no device that only its holder commands (eIDAS, 3 (12))
    PAPER: (ON_PAPER,),
    PARAPHEUR: (ADVANCED, QUALIFIED),
}
"""The levels each way can reach, the usual one first."""
IN_THE_FILE = frozenset((SCREEN, CERTIFICATE))
"""Ways that need a place prepared in the file."""


def level_of(channel: str, wanted: str = "") -> str:
    """The level that is asked of a channel: the one wanted where it can reach it."""
    levels = OF_CHANNEL[channel]
    return wanted if wanted in levels else levels[0]


# -- mandates

DELIBERATION, ORDER, POWER, RESPONSIBILITY = "deliberation", "order", "power", "responsibility"
MANDATES: dict[str, str] = {
    DELIBERATION: "Deliberation of the assembly",
    ORDER: "Order giving the power to sign",
    POWER: "Power or mandate",
    RESPONSIBILITY: "None yet: I take responsibility for asking",
}
PUBLIC_BODIES = frozenset(("city", "state", "department", "region", "social-action"))
"""Kinds of organisations whose signatory needs a deliberation or an order first (CGCT L2122-21, L3221-1, L4231-1)."""
_SUFFICIENT = frozenset((DELIBERATION, ORDER, RESPONSIBILITY))


def needs_mandate(kind: str) -> bool:
    """Whether somebody of an organisation of this kind may only be asked with a mandate."""
    return kind in PUBLIC_BODIES


def lacks_mandate(kind: str, mandate: str) -> bool:
    return needs_mandate(kind) and mandate not in _SUFFICIENT
