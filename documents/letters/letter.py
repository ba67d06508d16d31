"""What a letter says; whoever orders one need not read in the typesetter for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says, every text in its language, plain. day: ISO 8601; organisation, address: the letterhead.

    contact: whom to call, its first line what they are; to: who receives it, line by line. `square` is an address that
    only a telephone reads, `square_alt` says what the picture is for; `sign` stands by itself, very large, to be
    copied; either may be "". They stand between the paragraphs `before` and `after`. reference: "" for none.
    """

    title: str
    lang: str
    day: str
    organisation: str
    contact: tuple[str, ...]
    to: tuple[str, ...]
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    address: tuple[str, ...] = ()
    reference: str = ""
    square: str = ""
    square_alt: str = ""
    sign: str = ""
