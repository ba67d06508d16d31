"""Doors: the values of a rule of an operation: a new one from a day on, one corrected, one removed."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later

from workflow import clock
from workflow.operations import actions, queries
from workflow.operations.actions.ground import row_of
from workflow.operations.models import Operation, Parameter
from workflow.operations.pages.blueprint import operations, set_up
from workflow.operations.pages.parameters import name, of_code, typed, way
from workflow.operations.pages.removing import remove
from workflow.operations.rules import RULES_OF_AN_OPERATION, UNITS, read_value
from workflow.web import fields
from workflow.web.dates import format_date
from workflow.web.editing import Desk, edit

OTHER = "+"
OF_A_SCALE = later("A number (30,5), yes or no, or a scale: T1 45 ; T2 55")


class ValueForm(fields.Sheet):
    value = fields.name_field(later("Value"), later("Write the value."), 120, description=OF_A_SCALE)
    unit = fields.choice(later("In what"), later("Say in what the value is counted."))
    since = fields.day(
        later("From which day"),
        later("Say from which day it holds."),
        description=later("The values before stay, with their days."),
    )
    source = fields.name_field(
        later("Source"),
        later("Say where the rule comes from: a law, the charter, a practice of the team."),
        300,
        description=later("The law and its article, the charter and its date, or the practice of the team."),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if self.value.data and self.unit.data and read_value(self.value.data, self.unit.data) is None:
            self.refuse("value", _WRONG.get(self.unit.data, _NUMBER))
        return sound and not self.errors


_NUMBER = "Write a number, for example 30,5, or a scale, for example T1 45 ; T2 55."
_WRONG = {"yes_no": "Write yes or no.", "text": "Write the value."}


class CorrectionForm(ValueForm):
    label = fields.name_field(later("Name of the rule"), later("Give the rule a name."), 200)
    groups = (("", ("label", "value", "unit", "since", "source")),)


class RuleForm(ValueForm):
    code = fields.choice(later("Rule"), later("Choose a rule, or add one of your own."))
    label = fields.words(later("Its name, if it is a rule of your own"), 200)
    groups = (("", ("code", "label", "value", "unit", "since", "source")),)

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if self.code.data == OTHER and not self.label.data:
            self.refuse("label", "Give the rule a name.")
        return sound and not self.errors


@operations.route("/operations/<operation>/parameters/new", methods=["GET", "POST"])
def new_parameter(operation: str) -> Any:
    row = set_up(operation)
    known = {one.code for one in queries.parameters(operation)}
    free = [(code, _(told[0])) for code, told in RULES_OF_AN_OPERATION.items() if code not in known]
    form = _units(RuleForm(data={"since": clock.today(row.zone)}))
    form.choose(code=[*free, (OTHER, _("A rule of our own: I write its name below"))])
    desk = _desk(row, _("Add a rule"), _("Add this rule"), url_for("operations.parameters", operation=operation))
    return edit(desk, form, lambda: _add(row, form, form.code.data), _("The rule is added."))


@operations.route("/operations/<operation>/parameters/<code>/new", methods=["GET", "POST"])
def new_value(operation: str, code: str) -> Any:
    row, known = set_up(operation), of_code(operation, code)
    last = known[-1]
    form = _units(ValueForm(data={"unit": last.unit, "since": clock.today(row.zone)}))
    back = url_for("operations.parameter", operation=operation, code=code)
    desk = _desk(row, _("A new value: %(name)s", name=name(last)), _("Keep this value"), back)
    return edit(desk, form, lambda: _add(row, form, code, last.label), _("The new value is kept."))


def _add(row: Operation, form: Any, code: str, label: dict[str, str] | None = None) -> None:
    own = code == OTHER
    told = _typed(form) | {"label": {"fr": form.label.data} if own else label or {}}
    actions.add_value(row.id, told, g.identity.person, None if own else code)


def _typed(form: ValueForm) -> dict[str, Any]:
    return {
        "value": read_value(form.value.data, form.unit.data),
        "unit": form.unit.data,
        "since": form.since.data,
        "source": form.source.data,
    }


def _units(form: Any) -> Any:
    return form.choose(unit=[(code, _(label)) for code, label in UNITS.items()])


def _desk(row: Operation, title: str, verb: str, back: str, leave: str = "") -> Desk:
    lead = _("Each value says where it comes from, and from which day it holds.")
    return Desk(title, lead, back, way(row), verb, (leave, _("Remove this value")) if leave else None)


@operations.route("/operations/<operation>/parameters/<code>/<row_id>", methods=["GET", "POST"])
def correct_value(operation: str, code: str, row_id: str) -> Any:
    row, known = set_up(operation), row_of(Parameter, operation, row_id)
    form = _units(CorrectionForm(data=_told(known)))
    back = url_for("operations.parameter", operation=operation, code=code)
    leave = url_for("operations.remove_value", operation=operation, code=code, row_id=row_id)
    desk = _desk(row, _("Correct a value: %(name)s", name=name(known)), _("Keep this correction"), back, leave)
    return edit(
        desk,
        form,
        lambda: actions.correct_value(
            operation,
            row_id,
            _typed(form) | {"label": {"fr": form.label.data}},
            form.shown_version,
            g.identity.person,
        ),
        _("The value is corrected."),
        lambda: _fresh(operation, row_id),
    )


def _told(row: Parameter) -> dict[str, Any]:
    return {
        "label": name(row),
        "value": typed(row.value),
        "unit": row.unit,
        "since": row.since,
        "source": row.source,
        "version": str(row.version),
    }


def _fresh(operation: str, row_id: str) -> tuple[CorrectionForm, int]:
    row = row_of(Parameter, operation, row_id)
    return _units(CorrectionForm(formdata=None, data=_told(row))), row.version


@operations.route("/operations/<operation>/parameters/<code>/<row_id>/remove", methods=["GET", "POST"])
def remove_value(operation: str, code: str, row_id: str) -> Any:
    row, known = set_up(operation), row_of(Parameter, operation, row_id)
    desk = _desk(
        row,
        _("Remove the value from %(day)s", day=format_date(known.since, "d MMMM y")),
        _("Remove this value"),
        url_for("operations.parameters", operation=operation),
    )
    return remove(
        desk,
        known.version,
        {},
        lambda version: actions.remove_value(operation, row_id, version, g.identity.person),
        _("The value is removed."),
    )
