"""What stands above the questions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cover:
    """For whom the form is filled. `reference` of the dossier, empty on a blank one; `household` only where the reader
    of the paper may know the name. `address` leads to where the paper is typed in: each page adds its number.
    """

    organisation: str = ""
    operation: str = ""
    reference: str = ""
    household: str = ""
    address: str = ""
