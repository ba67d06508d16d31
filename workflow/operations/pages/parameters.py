"""Doors: the rules that differ from one operation to another, each value with its source and its first day."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from workflow import clock
from workflow.errors import NotFound
from workflow.operations import queries
from workflow.operations.models import Operation, Parameter
from workflow.operations.pages.blueprint import operations, set_up, trail
from workflow.operations.rules import RULES_OF_AN_OPERATION, UNITS, in_force, value_of
from workflow.web import listed
from workflow.web.editing import Crumb


@operations.get("/operations/<operation>/parameters")
def parameters(operation: str) -> Any:
    row, known = set_up(operation), queries.parameters(operation)
    now = in_force(known, clock.today(row.zone))
    add = (url_for("operations.new_parameter", operation=operation), _("Add a rule"))
    asked = listed.Filter("q", _("Name or source"))
    rows = [one for one in now.values() if asked.asked.casefold() in f"{name(one)} {one.source}".casefold()]
    return listed.show(
        listed.Listed(
            title=_("Rules of the operation"),
            lead=_("Delays, limits and numbers that differ from one operation to another. None is a legal truth."),
            columns=[
                listed.Column(_("Rule"), name, _cell, width=40),
                listed.Column(_("Value"), value, width=30),
                listed.Column(_("Holds from"), lambda one: one.since, width=22),
                listed.Column(_("Source"), lambda one: one.source, width=60),
            ],
            rows=sorted(rows, key=lambda one: name(one).casefold()),
            known=len(now),
            filters=[asked],
            counted=lambda count: ngettext("%(num)s rule", "%(num)s rules", count),
            empty=listed.Empty(_("No rule yet"), _("Begin with the number of dwellings offered at most."), *add),
            primary=add,
            place=row.name,
            file_name=f"regles-{operation}",
            private=False,
            more={"crumbs": trail(row)},
        ),
        "operations/listed.html",
    )


def name(row: Parameter) -> str:
    """How a rule is called: the operation's own word, else the known one."""
    own = (row.label or {}).get("fr")
    return own or (_(RULES_OF_AN_OPERATION[row.code][0]) if row.code in RULES_OF_AN_OPERATION else row.code)


def value(row: Parameter) -> str:
    """A value as it is read: "30 %", "yes", "T1 45 ; T2 55 euros a month"."""
    told = value_of(row.value)
    if isinstance(told, bool):
        return _("yes") if told else _("no")
    unit = "" if row.unit in ("text", "yes_no") else _one(row.unit) if told == 1 else _(UNITS.get(row.unit, row.unit))
    return "\xa0".join(filter(None, (typed(row.value), unit)))


def _one(unit: str) -> str:
    """In what a value is counted, when there is one of it."""
    singular = {
        "offers": _("dwelling offered"),
        "days": _("day"),
        "working_days": _("working day"),
        "euros": _("euro"),
        "households": _("household"),
        "organisations": _("organisation"),
        "rounds": _("round"),
        "years": _("year"),
    }
    return singular.get(unit) or _(UNITS.get(unit, unit))


def typed(stored: str) -> str:
    """A value as one would type it."""
    told = value_of(stored)
    if isinstance(told, bool):
        return _("yes") if told else _("no")
    if isinstance(told, dict):
        return " ; ".join(f"{key} {format_decimal(amount)}" for key, amount in told.items())
    return format_decimal(told) if isinstance(told, int | float) else str(told)


def _cell(row: Parameter) -> dict[str, str]:
    return {"text": name(row), "url": url_for("operations.parameter", operation=row.operation_id, code=row.code)}


@operations.get("/operations/<operation>/parameters/<code>")
def parameter(operation: str, code: str) -> Any:
    """One rule: what it is now, what it was, what it will be."""
    row, known = set_up(operation), of_code(operation, code)
    today = clock.today(row.zone)
    now = in_force(known, today)[code]
    return listed.show(
        listed.Listed(
            title=name(now),
            lead=_("A new value holds from its day on; those before stay here."),
            columns=[
                listed.Column(_("Value"), value, _row_cell, width=30),
                listed.Column(_("Holds from"), lambda one: one.since, width=22),
                listed.Column(_("Source"), lambda one: one.source, width=60),
                listed.Column(_("State"), lambda one: _state(one, now, today)[1], lambda one: _badge(one, now, today)),
            ],
            rows=known[::-1],
            known=len(known),
            counted=lambda count: ngettext("%(num)s value", "%(num)s values", count),
            empty=listed.Empty("", ""),
            primary=(url_for("operations.new_value", operation=operation, code=code), _("Give it a new value")),
            place=row.name,
            file_name=f"regle-{code}",
            private=False,
            more={"crumbs": way(row)},
        ),
        "operations/listed.html",
    )


def of_code(operation: str, code: str) -> list[Parameter]:
    found = [row for row in queries.parameters(operation) if row.code == code]
    if not found:
        raise NotFound()
    return found


def _row_cell(row: Parameter) -> dict[str, str]:
    return {
        "text": value(row),
        "url": url_for("operations.correct_value", operation=row.operation_id, code=row.code, row_id=row.id),
    }


def _state(row: Parameter, now: Parameter, today: Any) -> tuple[str, int]:
    if row.since > today:
        return "waiting", _("to come")
    return ("done", _("in force")) if row.id == now.id else ("closed", _("formerly"))


def _badge(row: Parameter, now: Parameter, today: Any) -> dict[str, str]:
    state, text = _state(row, now, today)
    return {"state": state, "text": text}


def way(row: Operation, *more: Crumb) -> list[Crumb]:
    return trail(row, (url_for("operations.parameters", operation=row.id), _("Rules of the operation")), *more)
