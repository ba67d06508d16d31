"""Which answers of a dossier are too old: by age, by the rules of the operation, or because something happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from forms.instance import Instance
from forms.validity import Given, Limits, StaleBlock, first_stale_day, stale_blocks
from forms.visibility import EVERYTHING, Lens, narrowed
from workflow import clock
from workflow.access import LENSES
from workflow.catalogue.queries import version
from workflow.dossiers.models import HANDED_ON, AnswerSet, Dossier
from workflow.dossiers.queries.answers import form_lang, opened
from workflow.operations import queries as operations
from workflow.operations.rules import in_force, value_of
from workflow.record.queries import facts

SHARED = narrowed(LENSES["desk"], LENSES["landlord"])
"""Through what a dossier is called out of date: what everybody reads who may bring it up to date. What is confided to
the social team ages too, but holds nobody up: the others could not bring it up to date.
"""
CONFIRMED = "confirmed"
"""Source of an answer that somebody found unchanged: its line keeps the one before as a fourth item."""
HAPPENED = "SomethingHappened"
NEVER = date.max
"""In `Dossier.stale_from`: each answer holds for ever."""


@dataclass
class Freshness:
    """The answers of one revision with when each was given, judged today where the operation takes place."""

    row: Dossier
    instance: Instance
    provenance: Mapping[str, Any]

    def blocks(self, lang: str = "fr", lens: Lens = EVERYTHING, limits: Limits | None = None) -> list[StaleBlock]:
        """Pages with answers that are too old, through a lens. limits: days by page, for what asks for fresher ones."""
        asked = {page: min(days, self.limits.get(page, days)) for page, days in (limits or {}).items()}
        return stale_blocks(
            self.instance,
            self.given,
            clock.today(self.zone),
            form_lang(self.instance.form, lang),
            lens,
            limits=self.limits | asked,
            outdated=self.outdated,
        )

    def sections(self) -> tuple[str, ...]:
        """Names of the pages that hold answers which are too old to decide on."""
        return tuple(name_of(block.section) for block in self.blocks(lens=SHARED))

    def first_day(self) -> date:
        """The first day on which something shared is too old; NEVER when each answer of it holds for ever."""
        found = first_stale_day(self.instance, self.given, SHARED, limits=self.limits, outdated=self.outdated)
        return found or NEVER

    @cached_property
    def zone(self) -> str:
        return zone_of(self.row)

    @cached_property
    def given(self) -> dict[str, Given]:
        return {path: _given(line, self.zone) for path, line in self.provenance.items()}

    @cached_property
    def limits(self) -> dict[str, int]:
        return limits_of(self.row, self.zone)

    @cached_property
    def outdated(self) -> frozenset[str]:
        """Addresses of answers that were given before something happened which concerns their page."""
        happened = latest_happenings(self.row)
        if not happened:
            return frozenset()
        pages = ((path, path.split("/")[2].partition("[")[0]) for path in self.provenance)
        return frozenset(
            path for path, page in pages if page in happened and instant_of(self.provenance[path]) < happened[page]
        )


def freshness(row: Dossier, stored: AnswerSet) -> Freshness:
    return Freshness(row, *opened(row, stored))


def zone_of(row: Dossier) -> str:
    place = operations.operation(row.operation_id)
    return place.zone if place else "Europe/Paris"


def limits_of(row: Dossier, zone: str) -> dict[str, int]:
    """Days by page, where a rule of the operation says how long answers hold: `validity: {E: validity_income}` in
    procedure.yaml names the rule.
    """
    named = version(row.procedure).settings.get("validity") or {}
    rules = in_force(operations.dated(row.operation_id, named.values()), clock.today(zone)) if named else {}
    return {page: int(value_of(rules[code].value)) for page, code in named.items() if code in rules}


def surely_fresh(row: Dossier, stored: AnswerSet) -> bool:
    """Whether nothing shared of these answers can be too old today, without opening them: what was worked out when they
    were handed on says so, and the rules of the operation are still those of then. False says nothing.
    """
    if stored.state != HANDED_ON or row.stale_from is None or row.stale_under is None:
        return False
    zone = zone_of(row)
    return clock.today(zone) < row.stale_from and row.stale_under == limits_of(row, zone)


def is_stale(row: Dossier, zone: str) -> bool:
    """Whether some answer is too old today, by what was worked out when they were handed on."""
    return row.stale_from is not None and row.stale_from <= clock.today(zone)


def latest_happenings(row: Dossier) -> dict[str, datetime]:
    """{page: when somebody last noted that something happened there}, for the procedure of this dossier."""
    found: dict[str, datetime] = {}
    if row.household_id is None:
        return found
    for fact in facts(f"household:{row.household_id}"):
        if fact.kind == HAPPENED and fact.data.get("procedure") == row.slug:
            found |= dict.fromkeys(fact.data["sections"], fact.at)
    return found


def instant_of(line: Any) -> datetime:
    """When an answer was given, by its line of provenance."""
    return datetime.fromisoformat(line[1])


def _given(line: Any, zone: str) -> Given:
    """An answer keyed from paper was given on the day the paper says."""
    more = line[3] if len(line) > 3 and isinstance(line[3], Mapping) else {}
    if more.get("on"):
        return Given(date.fromisoformat(more["on"]), line[0])
    return Given(instant_of(line).astimezone(ZoneInfo(zone)).date(), line[0])


def name_of(section: str) -> str:
    """The name of a page: /data/E → E."""
    return section.rpartition("/")[2]


def oldest(blocks: Iterable[StaleBlock]) -> date | None:
    return min((block.since for block in blocks), default=None)
