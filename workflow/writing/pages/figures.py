"""How a figure of law or practice is shown before a paper says it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from workflow.operations.rules import UNITS
from workflow.writing.rules.figures import Figure


def figure_told(one: Figure) -> dict[str, Any]:
    value = {True: _("yes"), False: _("no")}.get(one.value, one.value) if isinstance(one.value, bool) else one.value
    unit = _(UNITS.get(one.unit, "")) if one.unit not in ("", "text", "yes_no") else ""
    said_value = "; ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else str(value)
    return {
        "label": one.label or one.code,
        "value": f"{said_value} {unit}".strip(),
        "source": one.source,
        "doubtful": one.doubtful,
    }
