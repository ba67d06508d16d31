"""What somebody holds, in words: lines of a hand-over."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from workflow.catalogue.queries import version
from workflow.dossiers import queries
from workflow.dossiers.models import Handover
from workflow.dossiers.pages.wording import full_day, time_of_day
from workflow.dossiers.queries.held import Line
from workflow.operations.queries import operation as find_operation
from workflow.people import queries as people
from workflow.web.spoken import label


class Words:
    """What lines, persons and organisations are called; each is looked up once for a whole page."""

    def __init__(self) -> None:
        self.organisations = people.organisation_names()
        self.name = cache(lambda person: people.names([person]).get(person, _("somebody")))
        self.body = cache(_body)

    def organisation(self, slug: str | None) -> str:
        return self.organisations.get(slug or "", "")

    def role(self, code: str) -> str:
        return _(people.role_label(code))

    def line(self, line: Line) -> str:
        return str(getattr(self, f"_{line.kind}")(line))

    def _role(self, line: Line) -> str:
        role, whom = self.role(line.reference), self.organisation(line.organisation)
        return _("%(role)s, for %(organisation)s", role=role, organisation=whom) if whom else role

    def _seat(self, line: Line) -> str:
        told = {"body": self.body(line.operation, line.reference), "organisation": self.organisation(line.organisation)}
        if line.substitute:
            return _("%(body)s: substitute for %(organisation)s", **told)
        return _("%(body)s: the seat of %(organisation)s", **told)

    def _task(self, line: Line) -> str:
        step = label(version(line.procedure).circuit.step(line.step).label)
        return _("%(step)s: dossier %(reference)s", step=step, reference=line.reference)

    def _dossier(self, line: Line) -> str:
        return _("dossier %(reference)s", reference=line.reference)

    def _household(self, line: Line) -> str:
        return _("household %(reference)s", reference=line.reference)

    def _absence(self, line: Line) -> str:
        first, last = (full_day(day) for day in (line.away.first_day, line.away.last_day)) if line.away else ("", "")
        return _("%(name)s is away from %(first)s to %(last)s", name=self.name(line.about), first=first, last=last)


def _body(operation: str, slug: str) -> str:
    found = people.body(operation, slug)
    return label(found.label) if found else slug


def stop_sentence(stop: queries.Doubt, words: Words) -> str:
    return _(queries.STOPS[stop.code], name=words.name(stop.person) if stop.person else "")


def caution_sentence(caution: queries.Doubt, words: Words) -> str:
    params = dict(caution.params)
    if "organisation" in params:
        params["organisation"] = words.organisation(params["organisation"])
    if "role" in params:
        params["role"] = words.role(params["role"])
    return _(queries.CAUTIONS[caution.code], name=words.name(caution.person), **params)


def moment_of(row: Handover) -> str:
    """The hour of a departure where its operation takes place."""
    place = find_operation(row.operation_id)
    return said_at(row.at, place.zone if place else "Europe/Paris")


def said_at(at: datetime, zone: str) -> str:
    """lundi 23 novembre 2026 à 18 h 00."""
    return _("%(day)s at %(time)s", day=full_day(at.astimezone(ZoneInfo(zone)).date()), time=time_of_day(at, zone))
