"""The steps of a procedure with the persons who act there today, in words; and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from workflow import clock
from workflow.catalogue.queries import Published
from workflow.circuit.model import Kind, Rule, Stage, Step, Who
from workflow.operations import queries as operations
from workflow.operations.models import Operation
from workflow.people import queries as people
from workflow.people.models import Seat
from workflow.web.spoken import label as said

KINDS: dict[Kind, str] = {
    Kind.FILL: "fill in",
    Kind.VISA: "check and give a visa",
    Kind.OPINION: "give an opinion",
    Kind.APPROVAL: "take a decision",
    Kind.SIGNATURE: "read and confirm, or sign",
    Kind.INFORMATION: "be informed",
}


@dataclass(frozen=True)
class One:
    """Somebody who may act: note says whether they are away, stand in, or cannot sign in yet."""

    person: str
    name: str
    organisation: str
    note: str = ""
    able: bool = True


@dataclass(frozen=True)
class Trouble:
    """Why a step cannot be done, and where to mend it."""

    sentence: str
    url: str = ""
    action: str = ""


@dataclass(frozen=True)
class Row:
    """One step as the page tells it."""

    stage: str
    label: str
    kind: str
    rule: str
    asked: str
    actors: tuple[One, ...]
    troubles: tuple[Trouble, ...]
    conditional: bool = False
    vacant: tuple[Trouble, ...] = ()  # seats of the body with a voice, in which nobody sits


@dataclass(frozen=True)
class StageRows:
    label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Acting:
    """One procedure."""

    label: str
    stages: tuple[StageRows, ...] = field(default=())


def acting(published: Published, place: Operation) -> Acting:
    """Every stage; last, whoever runs the procedure."""
    known = _Known(published, place)
    stages = [StageRows(said(stage.label), tuple(_rows(known, stage))) for stage in published.circuit.stages]
    if published.circuit.managed_by:
        label = _("Looking after the procedure")
        row = known.row(label, _("Extend a deadline, pass a step on, stop a file"), published.circuit.managed_by)
        stages.append(StageRows(label, (row,)))
    return Acting(said(published.label), tuple(stages))


def _rows(known: _Known, stage: Stage) -> Iterator[Row]:
    for step in stage.steps:
        if "household" in step.who.role:
            yield known.household(said(stage.label), step)
        elif step.who.person_from:
            asked = _("A person named in the answers")
            yield Row(said(stage.label), said(step.label), _(KINDS[step.kind]), _rule(step.rule), asked, (), ())
        else:
            yield known.row(said(stage.label), said(step.label), step.who, step)


def _rule(rule: Rule) -> str:
    if rule.kind == "per_organisation":
        if rule.needed is None:
            return _("one voice for each organisation, all of them")
        return ngettext(
            "the majority of the organisations that speak, at least %(num)s",
            "the majority of the organisations that speak, at least %(num)s",
            rule.needed,
        )
    if rule.kind == "count":
        return ngettext("at least %(num)s person", "at least %(num)s persons", rule.needed or 1)
    if rule.kind == "percent":
        return _("%(count)s %% of those asked", count=rule.needed)
    return _("everybody asked") if rule.kind == "all" else _("one person is enough")


class _Known:
    """One procedure in one operation, today; persons and organisations are looked up once."""

    def __init__(self, published: Published, place: Operation) -> None:
        self.published, self.place = published, place
        self.substitutes = people.substitutes_now(place.id, day=clock.today(place.zone), procedure=published.slug)
        self.organisations = people.organisation_names()
        self.name = cache(lambda person: people.names([person]).get(person, ""))

    # -- one step

    def row(self, stage: str, label: str, who: Who, step: Step | None = None) -> Row:
        able = [one for one in self._holders(who) if self._fits(who, one)]
        actors = tuple(self._persons((one.person_id, one.organisation) for one in able))
        if who.body:
            actors = tuple(self._seated(who.body, {(one.person_id, one.organisation) for one in able}))
        troubles = (*self._nobody(who, able, actors), *self._too_few(step.rule if step else Rule(), able, who))
        kind = _(KINDS[step.kind]) if step else ""
        rule = _rule(step.rule) if step else ""
        conditional = step is not None and self._conditional(step)
        vacant = tuple(self._vacant(who.body)) if who.body else ()
        return Row(stage, label, kind, rule, self._asked(who), actors, troubles, conditional, vacant)

    def household(self, stage: str, step: Step) -> Row:
        """The household has no account: somebody enters what it says."""
        held = self._holders(step.record_by) if step.record_by else []
        actors = tuple(self._persons((one.person_id, one.organisation) for one in held))
        roles = self._roles(step.record_by) if step.record_by else ""
        troubles = () if actors else tuple(self._nobody(step.record_by or step.who, [], ()))
        asked = _("The household; what it says is entered by: %(roles)s", roles=roles)
        kind = _(KINDS[step.kind])
        return Row(stage, said(step.label), kind, _rule(step.rule), asked, actors, troubles, self._conditional(step))

    def _conditional(self, step: Step) -> bool:
        stage = self.published.circuit.stages[self.published.circuit.index_of_step(step.id)]
        return bool(step.condition or stage.condition)

    def _holders(self, who: Who) -> list[people.Holder]:
        return people.holders(self.place.id, who.role, [who.body] if who.body else [])

    def _fits(self, who: Who, one: people.Holder) -> bool:
        """Whether this capacity is asked for any household at all."""
        bodies = frozenset((one.body,) if one.body else ())
        wanted = self._related(who.relation)
        relations = {who.relation: one.organisation if one.organisation in wanted else None} if who.relation else {}
        return who.accepts(one.role, one.organisation, bodies, relations)

    def _related(self, relation: str | None) -> list[str]:
        """The organisations a relation may name here: one for each landlord of a building, the one in charge."""
        return self._landlords if relation == "landlord" else [self.place.owner]

    @cached_property
    def _landlords(self) -> list[str]:
        return sorted({row.landlord for row in operations.buildings(self.place.id) if row.landlord})

    # -- persons

    def _persons(self, held: Iterable[tuple[str, str | None]]) -> Iterator[One]:
        for person, organisation in sorted(set(held), key=lambda one: (one[1] or "", self.name(one[0]))):
            yield self._one(person, organisation)

    def _one(self, person: str, organisation: str | None, note: str = "") -> One:
        account = people.account_of(person)
        able = account is not None and account.closed_at is None
        standing_in = " ".join((note, "" if able else _("Cannot sign in yet."), self._away(person))).strip()
        return One(person, self.name(person), self.organisations.get(organisation or "", ""), standing_in, able)

    def _away(self, person: str) -> str:
        if person not in self.substitutes:
            return ""
        others = ", ".join(sorted(self.name(one) for one in self.substitutes[person]))
        return (
            _("Away today, replaced by %(others)s.", others=others) if others else _("Away today, replaced by nobody.")
        )

    def _seated(self, body: str, voices: set[tuple[str, str | None]]) -> Iterator[One]:
        """The seats of a body, whoever sits first, then who may sit instead."""
        seats = [seat for seat in people.seats(self.place.id, body) if not seat.guest]
        for seat in seats:
            for person, note in _sitting(seat):
                if (person, seat.organisation) in voices:
                    yield self._one(person, seat.organisation, note)
        told = {(person, seat.organisation) for seat in seats for person, _note in _sitting(seat)}
        yield from self._persons(voices - told)

    def _vacant(self, body: str) -> Iterator[Trouble]:
        for seat in people.seats(self.place.id, body):
            if not seat.guest and not seat.person_id:
                whose = self.organisations.get(seat.organisation, "")
                url = url_for("people.change_seat", operation=self.place.id, slug=body, seat_id=seat.id)
                yield Trouble(_("The seat of %(organisation)s is vacant.", organisation=whose), url, _("Name somebody"))

    # -- words and what is missing

    def _asked(self, who: Who) -> str:
        if who.body:
            found = people.body(self.place.id, who.body)
            return said(found.label) if found else who.body
        roles = self._roles(who)
        if who.relation == "landlord":
            return _("%(roles)s, of the household’s landlord", roles=roles)
        if who.organisation:
            names = ", ".join(self.organisations.get(slug, slug) for slug in who.organisation)
            return _("%(roles)s, of: %(organisations)s", roles=roles, organisations=names)
        return roles

    def _roles(self, who: Who) -> str:
        roles = [self._role(role) for role in who.role]
        if len(roles) < 2:
            return "".join(roles)
        return _("%(several)s or %(last)s", several=", ".join(roles[:-1]), last=roles[-1])

    def _role(self, role: str) -> str:
        told = self.published.settings.get("roles", {}).get(role, {}).get("label")
        return said(told) if told else _(people.role_label(role))

    def _nobody(self, who: Who, able: list[people.Holder], actors: tuple[One, ...]) -> Iterator[Trouble]:
        if who.body:
            yield from self._empty_body(who.body, actors)
            return
        url = url_for("people.new_assignment", operation=self.place.id, role=who.role[0]) if who.role else ""
        role = self._roles(who)
        action = _("Give somebody this role")
        if not able:
            alone = self._landlords if who.relation == "landlord" and len(self._landlords) == 1 else ()
            whom = "".join(f"&organisation={slug}" for slug in alone)
            yield Trouble(_("Nobody can do this yet. Name: %(role)s.", role=role), url + whom, action)
            return
        if not any(one.able for one in actors):
            yield Trouble(
                _("None of these persons can sign in yet."), url_for("people.persons"), _("Send them an invitation")
            )
        if who.relation == "landlord":
            for missing in sorted(set(self._landlords) - {one.organisation for one in able}):
                name = self.organisations.get(missing, missing)
                yield Trouble(
                    _("Nobody can do this for the households of %(landlord)s.", landlord=name),
                    f"{url}&organisation={missing}",
                    action,
                )

    def _empty_body(self, slug: str, actors: tuple[One, ...]) -> Iterator[Trouble]:
        found = people.body(self.place.id, slug)
        if found is None:
            url = url_for("people.bodies", operation=self.place.id)
            yield Trouble(_("This body does not exist in this operation yet."), url, _("Describe it"))
        elif not actors:
            url = url_for("people.body", operation=self.place.id, slug=slug)
            yield Trouble(_("Nobody sits in this body with a voice."), url, _("Fill its seats"))

    def _too_few(self, rule: Rule, able: list[people.Holder], who: Who) -> Iterator[Trouble]:
        """A number of voices that cannot be reached."""
        if rule.kind == "per_organisation":
            there = len({one.organisation for one in able})
        else:
            there = len({one.person_id for one in able})
        quorum = self._quorum(who)
        needed = max(rule.needed or 0 if rule.kind in ("count", "per_organisation") else 0, quorum)
        if able and needed > there:
            sentence = ngettext(
                "%(needed)s voices are needed, only %(num)s can be given.",
                "%(needed)s voices are needed, only %(num)s can be given.",
                there,
                needed=needed,
            )
            yield Trouble(sentence, self._where_to_add(who), _("Add people"))

    def _quorum(self, who: Who) -> int:
        found = people.body(self.place.id, who.body) if who.body else None
        return (found.quorum or 0) if found else 0

    def _where_to_add(self, who: Who) -> str:
        if who.body:
            return url_for("people.body", operation=self.place.id, slug=who.body)
        told: dict[str, Any] = {"operation": self.place.id, "role": who.role[0] if who.role else None}
        return url_for("people.new_assignment", **told)


def _sitting(seat: Seat) -> Iterator[tuple[str, str]]:
    if seat.person_id:
        yield seat.person_id, ""
    if seat.substitute_id:
        yield seat.substitute_id, _("Sits when the first cannot come.")
