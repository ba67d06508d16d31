"""A finding that still wears the path of the form instead of a row of a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from forms.findings import Level


@dataclass(frozen=True, slots=True)
class Problem:
    """`aspect` names the part of the question, `lang` the language; `path` may also be `choices/LIST/NAME`."""

    level: Level
    code: str
    path: str
    aspect: str
    message: str
    params: Mapping[str, Any] = field(default_factory=dict)
    hint: str = ""
    lang: str = ""
