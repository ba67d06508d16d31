"""What a critic says of an expression."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Remark:
    """`message` and `hint` are English msgids with `%(name)s` places filled from `params`; `code` is stable."""

    level: Literal["refused", "warning"]
    code: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    hint: str = ""
