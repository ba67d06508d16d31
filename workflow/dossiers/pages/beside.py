"""What stands beside the questions of a page: their language, and why they are asked."""

from __future__ import annotations

from typing import Any

from forms.structure import Group
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.tongues import panel
from workflow.dossiers.pages.whys import whys


def beside(page: Page, section: Group) -> dict[str, Any]:
    """For the template of a page that is filled in."""
    form, tongue = page.file.published.form, page.tongue
    translated = section.label[tongue.lang] if tongue.foreign and section.label.has(tongue.lang) else ""
    return {
        "tongue": panel(form, tongue, section, page.file.row.about.lang),
        "marks": tongue.marks,
        "translated_label": translated,
        "whys": whys(page, section),
    }
