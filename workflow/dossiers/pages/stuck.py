"""A step that can come to no good end as things stand: why, who sees to it, and by which ways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from workflow import access
from workflow.dossiers.pages.choices import name
from workflow.dossiers.pages.opening import Page
from workflow.people import queries as people
from workflow.web.spoken import label

WAYS = ("Reassign", "Cancel")
"""What may be done on the file itself."""


def stuck(page: Page) -> dict[str, Any] | None:
    """{sentences, who: who looks after the procedure, ways: [(url, words)] of this reader}; None while all is well."""
    sentences = page.course.dead_ends()
    if not sentences:
        return None
    managers = sorted(page.people.name(one) for one in page.file.known.context.managers)
    return {"sentences": sentences, "who": ", ".join(managers), "ways": list(_ways(page))}


def _ways(page: Page) -> Iterator[tuple[str, str]]:
    offers = [offer for kind in WAYS for offer in page.file.offers if name(offer) == kind]
    for button in map(page.choices.button, offers):
        yield button["url"], button["label"]
    operation = page.file.row.operation_id
    if access.may_set_up(page.identity, operation):
        yield from _bodies(page, operation)
        yield url_for("people.persons"), _("Give the role to somebody, or say who stands in for whom")
    if access.may_come("approvals.who_acts", page.identity):
        yield url_for("approvals.who_acts", operation=operation), _("Who acts at each step")


def _bodies(page: Page, operation: str) -> Iterator[tuple[str, str]]:
    circuit = page.file.published.circuit
    asked = {circuit.step(step).who.body for step in page.file.known.state.open}
    for body in (people.body(operation, slug) for slug in sorted(filter(None, asked))):
        if body:
            url = url_for("people.body", operation=operation, slug=body.slug)
            yield url, _("Fill the seats of “%(body)s”", body=label(body.label))
