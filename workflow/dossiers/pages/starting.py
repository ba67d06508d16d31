"""Door: the sections of a form as a list of tasks, before one begins and between two visits."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, render_template, url_for

from workflow.dossiers.pages.announcing import announced
from workflow.dossiers.pages.blueprint import dossiers
from workflow.dossiers.pages.dossier import correction
from workflow.dossiers.pages.opening import Page
from workflow.dossiers.pages.sections import SectionsOf
from workflow.errors import NotFound
from workflow.web.presence import note_present


@dossiers.get("/dossiers/<reference>/fill")
def start_filling(reference: str) -> Any:
    """Every section with where it stands; where to go on."""
    page = Page(reference)
    if not page.file.fills:
        return redirect(page.url, code=303)
    if page.file.instance is None:
        raise NotFound()
    note_present(page.file.row.subject, g.identity.person, "")
    sections = SectionsOf(page, page.file.instance)
    return render_template(
        "dossiers/start.html",
        **page.frame(),
        sections=sections.tasks(),
        announced=announced(page.file.published, page.file.lens),
        people=sections.together.people(),
        poll_url=url_for("dossiers.present_now", reference=reference, section="-"),
        begun=page.file.stored is not None and page.file.stored.saves > 1,
        go_url=sections.next_to_fill() or url_for("dossiers.check_answers", reference=reference),
        check_url=url_for("dossiers.check_answers", reference=reference),
        correction=correction(page),
    )
