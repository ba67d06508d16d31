"""What a page of questions says beside them, whoever fills it in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from forms.pages import Item
from workflow.surveys.queries.sheets import Sheet, asked_of


def errors_told(items: Iterable[Item]) -> list[dict[str, str]]:
    """For the summary at the top of the page."""
    return [
        {
            "id": item.id,
            "label": item.label,
            "message": item.error_text or _(item.error.message, **item.error.params),
        }
        for item in asked_of(tuple(items))
        if item.error
    ]


def for_household(items: Iterable[Item]) -> tuple[Item, ...]:
    """Without what is said to officers: a household writes about itself as it likes."""
    return tuple(
        replace(
            item,
            free=False,
            remarks=(),
            caution="",
            why=None,
            children=for_household(item.children),
            rows=tuple(replace(row, children=for_household(row.children)) for row in item.rows),
        )
        for item in items
    )


def numbered(sheet: Sheet, section: str) -> dict[str, Any]:
    """Which page of how many."""
    names = [one.name for one in sheet.sections]
    return {"number": names.index(section) + 1, "count": len(names)}
