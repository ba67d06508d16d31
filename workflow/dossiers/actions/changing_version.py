"""Open dossiers go on with a newer version of their form: looked at first, then moved one by one."""

from __future__ import annotations

from typing import Any

from workflow import clock
from workflow.approvals import actions as approvals
from workflow.approvals import queries as courses
from workflow.catalogue.queries import Published
from workflow.circuit.decide import Actor
from workflow.db import db
from workflow.dossiers.actions.handing_on import publish_facts
from workflow.dossiers.actions.opening import known_of, known_to
from workflow.dossiers.actions.writing import store
from workflow.dossiers.models import HANDED_ON, SET_ASIDE, Dossier
from workflow.dossiers.queries.answers import provenance_of
from workflow.dossiers.queries.fates import Fate, Moving
from workflow.dossiers.rules import FATES, fill_in
from workflow.errors import Refused
from workflow.people import queries as people


def change_version(row: Dossier, to: Published, by: str) -> Fate:
    """Move one open dossier. Raises Refused with a code of rules.FATES when it stays where it is.

    The answers it had stay beside the new ones, under the form they were given in.
    """
    known = courses.standing(row.subject, lock=True)
    moving = Moving(row, known, to, lock=True)
    fate = moving.fate
    if not fate.moves:
        raise Refused(fate.code, FATES[fate.code][0])
    before, handed_on = moving.stored, moving.stored.state == HANDED_ON
    touched = moving.touched
    provenance = _provenance(moving, by)
    final = moving.carried.instance
    if handed_on and not moving.drafted:
        final = final.pruned()
    row.procedure = to.hash
    stored = store(row, final, provenance, by, revision=before.revision + 1, source=before.source)
    stored.saved_at, stored.saved_by = before.saved_at, before.saved_by  # nobody answered anything meanwhile
    if not moving.drafted:
        stored.state = HANDED_ON
        publish_facts(row, final, to, stored.saved_at)
    if not (moving.drafted and handed_on):
        before.state = SET_ASIDE
    db.session.flush()
    approvals.change_version(known, to, _actor(row, by), touched)
    return fate


def _provenance(moving: Moving, by: str) -> dict[str, Any]:
    """Where each answer comes from goes with it; what only the newer form wants to know of the household is added."""
    before = provenance_of(moving.row, moving.stored)
    lines = {fate.place: before[fate.path] for fate in moving.carried.fates if fate.place and fate.path in before}
    if moving.drafted:
        instance = moving.carried.instance
        prefill = moving.to.settings.get("prefill", {})
        new = {path: name for path, name in prefill.items() if _unknown(moving, path) and not instance.get(path)}
        filled = fill_in(instance, new, _known(moving.row))
        now = clock.now().isoformat()
        lines |= {path: [by, now, "prefilled"] for path in filled}
    return lines


def _known(row: Dossier) -> dict[str, Any]:
    return known_of(row.household, _officer(row)) if row.household else known_to(row.operation_id, _officer(row))


def _unknown(moving: Moving, path: str) -> bool:
    return path in moving.to.form.questions and path not in moving.old.form.questions


def _officer(row: Dossier) -> str:
    who = people.person(row.officer or row.author)
    return who.name if who else ""


def _actor(row: Dossier, by: str) -> Actor:
    """Who decided it, as the record of a circuit says it."""
    held = next((grant for grant in people.grants_of(by) if grant.operation == row.operation_id), None)
    return Actor(by, held.role if held else "administrator", held.organisation if held else None)
