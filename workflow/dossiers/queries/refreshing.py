"""A dossier that is being brought up to date, before the person who does it: what is old, what they confirmed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import select

from forms.growing import address, leaves
from forms.structure import Group
from forms.validity import Stale, StaleBlock
from forms.visibility import may_see_at, narrowed
from workflow.catalogue.queries import Published, current, version
from workflow.circuit.decide import editable_sections
from workflow.db import db
from workflow.dossiers.models import Dossier
from workflow.dossiers.queries.freshness import CONFIRMED, SHARED, Freshness, instant_of, name_of
from workflow.dossiers.queries.reading import File
from workflow.people.models import Assignment


@dataclass
class Ageing:
    """The answers of one dossier, page by page, through the lens of this reader."""

    file: File
    fresh: Freshness

    @property
    def provenance(self) -> Mapping[str, Any]:
        return self.fresh.provenance

    @cached_property
    def since(self) -> datetime:
        """When the form was last given to fill in: what was answered or confirmed after that is new."""
        opened = [step.since for step in self.file.known.state.open.values() if step.id == self.file.filling]
        return opened[0] if opened else self.file.row.opened_at

    @property
    def refreshing(self) -> bool:
        """Whether a version handed on before is being brought up to date."""
        return self.file.known.state.refreshed_at is not None

    @cached_property
    def _answered(self) -> dict[str, list[str]]:
        """{page name: addresses of the answers on it that this reader sees}."""
        instance, found = self.fresh.instance, {}
        instance.recompute()
        for node, question in leaves(instance.root, instance.form):
            path = address(node, instance.form)
            seen = node.relevant and node.text and path in self.provenance
            if seen and may_see_at(instance.form, question, node, self.file.lens):
                found.setdefault(name_of(question.page), []).append(path)
        return found

    def answered(self, section: str) -> list[str]:
        return self._answered.get(section, [])

    def old(self, path: str) -> bool:
        """Neither answered nor confirmed since the form was given to fill in, or too old all the same."""
        return path in self._stale_paths or instant_of(self.provenance[path]) < self.since

    @cached_property
    def _blocks(self) -> list[StaleBlock]:
        return self.fresh.blocks(self.file.identity.lang, self.file.lens)

    @cached_property
    def _stale_paths(self) -> frozenset[str]:
        return frozenset(answer.path for block in self._blocks for answer in block.answers)

    def shared(self) -> list[StaleBlock]:
        """Pages that make the dossier out of date, as far as this reader sees them."""
        return _cut(self._blocks, self._is_shared)

    def confided(self) -> list[StaleBlock]:
        """Pages with answers that are too old and hold nobody up: only some of those who work on it read them."""
        if narrowed(self.file.lens, SHARED) == self.file.lens:
            return []
        return _cut(self._blocks, lambda answer: not self._is_shared(answer))

    def _is_shared(self, answer: Stale) -> bool:
        instance, form = self.fresh.instance, self.fresh.instance.form
        return may_see_at(form, instance.question(answer.path), instance.node(answer.path), SHARED)

    def stale(self) -> list[StaleBlock]:
        """Pages with answers that are too old, among those that may be changed now."""
        return [block for block in self._blocks if name_of(block.section) in self.editable]

    @cached_property
    def editable(self) -> frozenset[str]:
        names = [group.name for group in self.file.published.form.sections]
        if self.file.filling is None:
            return frozenset()
        circuit, state = self.file.published.circuit, self.file.known.state
        return frozenset(editable_sections(circuit, state, self.file.filling, names))

    def offers(self, section: str) -> bool:
        """Whether one may say on this page that nothing has changed."""
        if section not in self.editable or not self.answered(section):
            return False
        return self.refreshing or any(path in self._stale_paths for path in self.answered(section))

    def confirmed(self, section: str) -> bool:
        """Whether somebody said so: nothing on the page is old, and something on it was confirmed since."""
        paths = self.answered(section)
        said = (self.provenance[path] for path in paths)
        return not any(map(self.old, paths)) and any(
            line[2] == CONFIRMED and instant_of(line) >= self.since for line in said
        )

    def left(self) -> list[Group]:
        """Pages of which nothing was corrected or confirmed yet, when a version is being brought up to date."""
        if not self.refreshing:
            return []
        pages = [group for group in self.file.published.form.sections if group.name in self.editable]
        return [page for page in pages if self.answered(page.name) and all(map(self.old, self.answered(page.name)))]

    def gathered(self, section: str) -> list[tuple[str, date]]:
        """(person, day of their latest answer) of whoever gave the answers of a page, the latest first."""
        found: dict[str, date] = {}
        for path in self.answered(section):
            given = self.fresh.given[path]
            found[given.by] = max(given.day, found.get(given.by, date.min))
        return sorted(found.items(), key=lambda told: told[1], reverse=True)


def _cut(blocks: Iterable[StaleBlock], keep: Callable[[Stale], bool]) -> list[StaleBlock]:
    found = []
    for block in blocks:
        answers = tuple(answer for answer in block.answers if keep(answer))
        if answers:
            by = tuple(dict.fromkeys(one.given.by for one in answers if one.given.by))
            since = min(one.given.day for one in answers)
            found.append(replace(block, answers=answers, since=since, by=by))
    return found


@dataclass(frozen=True)
class Trigger:
    """Something that may happen to a household, and the pages it concerns."""

    label: Mapping[str, str]
    sections: tuple[str, ...]


def triggers(row: Dossier) -> dict[str, Trigger]:
    """{code: trigger} as the procedure of a dossier lists them under `refresh_on`."""
    listed = version(row.procedure).settings.get("refresh_on") or {}
    return {code: Trigger(told["label"], tuple(told["sections"])) for code, told in listed.items()}


def worked_for(person: str, operation: str, day: date) -> tuple[str | None, str | None]:
    """(organisation, employer) of whoever gathered answers on a day, by what they held then; (None, None): unknown."""
    asked = select(Assignment).where(Assignment.person_id == person, Assignment.operation_id == operation)
    rows = list(db.session.scalars(asked.order_by(Assignment.since)))
    then = [row for row in rows if row.since <= day and (row.until is None or row.until >= day)]
    row = (then or rows or [None])[-1]
    return (row.organisation, row.employer) if row else (None, None)


def newer_version(row: Dossier) -> Published | None:
    """The version on which a new dossier of this kind would begin today, when it is another one."""
    found = current(row.slug, row.operation_id, row.about.landlord)
    return found if found is not None and found.hash != row.procedure else None
