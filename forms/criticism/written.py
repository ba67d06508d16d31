"""What the workbook says and the compiled form does not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Written:
    """`columns`: names of the columns of the choices sheet, also of those that are empty; `twins`: whether choices of
    one list may have the same name.
    """

    columns: frozenset[str] = frozenset()
    twins: bool = False
