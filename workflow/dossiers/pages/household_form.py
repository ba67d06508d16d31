"""The form of a household: what is asked, what it may be, and which column each answer goes to."""

from __future__ import annotations

import re
from typing import Any

from flask import request
from flask_babel import format_decimal, lazy_gettext
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, HiddenField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, Length, Regexp
from wtforms.validators import Optional as MayBeEmpty

from workflow import access
from workflow.dossiers.models import Household
from workflow.operations import queries as operations
from workflow.people import queries as people
from workflow.web.spoken import label

FIELDS = {
    "name": "name",
    "building": "building_id",
    "address": "address",
    "entrance": "entrance",
    "floor": "floor",
    "dwelling": "dwelling",
    "dwelling_type": "dwelling_type",
    "surface": "surface",
    "persons": "persons",
    "phone": "phone",
    "email": "email",
    "landlord": "landlord",
    "zone": "zone",
    "tenant_reference": "tenant_reference",
    "referent": "referent",
}
"""{field of the page: column of a household}."""
CHOSEN = ("building", "dwelling_type", "landlord", "zone", "referent")
EMPTY_IS_NONE = ("building_id", "surface", "persons", "phone", "email", "tenant_reference", "referent")
TYPES = tuple(f"T{rooms}" for rooms in range(1, 10))
LONG = lazy_gettext("This is too long.")


def _stripped(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def _text(title: Any, longest: int, *validators: Any) -> StringField:
    return StringField(title, [*validators, Length(max=longest, message=LONG)], filters=[_stripped])


def _required(sentence: Any) -> DataRequired:
    return DataRequired(sentence)


class HouseholdForm(FlaskForm):
    name = _text(
        lazy_gettext("Name of the household"), 180, _required(lazy_gettext("Write the name of the household."))
    )
    building = SelectField(lazy_gettext("Building"), default="")
    address = _text(lazy_gettext("Address"), 300)
    entrance = _text(lazy_gettext("Entrance"), 40)
    floor = _text(lazy_gettext("Floor"), 20)
    dwelling = _text(
        lazy_gettext("Number of the dwelling"), 40, _required(lazy_gettext("Write the number of the dwelling."))
    )
    dwelling_type = SelectField(lazy_gettext("Type of dwelling"), default="")
    surface = _text(lazy_gettext("Surface in m²"), 12)
    persons = _text(lazy_gettext("Number of persons"), 4)
    phone = _text(
        lazy_gettext("Telephone"),
        40,
        MayBeEmpty(),
        Regexp(
            r"(?:[^0-9]*[0-9]){6,15}[^0-9]*$",
            message=lazy_gettext("Write a telephone number, for example 04 65 71 00 00."),
        ),
    )
    email = _text(
        lazy_gettext("E-mail address"),
        320,
        MayBeEmpty(),
        Regexp(
            r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+$",
            message=lazy_gettext("Write an e-mail address, for example nom@exemple.fr."),
        ),
    )
    landlord = SelectField(lazy_gettext("Landlord"), default="")
    zone = SelectField(lazy_gettext("Part of the operation"), default="")
    tenant_reference = _text(lazy_gettext("Tenant reference"), 60)
    referent = SelectField(lazy_gettext("Referent"), default="")
    sure = BooleanField(lazy_gettext("It is another household: enter it all the same"))
    version = HiddenField()

    def __init__(self, operation: str, row: Household | None = None) -> None:
        super().__init__(data=_known(row) if row else {"building": request.args.get("building", "")})
        self.buildings = {place.id: place for place in operations.buildings(operation)}
        self.building.choices = _asked([(place.id, place.name) for place in self.buildings.values()])
        self.dwelling_type.choices = _with(_asked([(kind, kind) for kind in TYPES]), row and row.dwelling_type)
        self.landlord.choices = _with(
            _asked(_landlords(operation), _("That of the building")), row and row.landlord, people.organisation_names()
        )
        zones = [(slug, label(told)) for slug, told in operations.zones(operation).items()]
        self.zone.choices = _with(_asked(zones, _("That of the building")), row and row.zone)
        self.referent.choices = _with(_asked(referents(operation), _("Nobody yet")), row and row.referent)

    def validate_building(self, field: Field) -> None:
        if not field.data and not self.address.data:
            raise ValidationError(_("Choose the building, or write the address."))

    def validate_landlord(self, field: Field) -> None:
        if not self._landlord():
            raise ValidationError(_("Choose the landlord: the building has none."))

    def validate_surface(self, field: Field) -> None:
        if field.data and _decimal(field.data) is None:
            raise ValidationError(_("Write a surface in m², for example 62,5."))

    def validate_persons(self, field: Field) -> None:
        if field.data and not (field.data.isascii() and field.data.isdigit() and 1 <= int(field.data) <= 30):
            raise ValidationError(_("Write how many persons live there, for example 4."))

    def _landlord(self) -> str:
        place = self.buildings.get(self.building.data)
        return self.landlord.data or (place.landlord if place else "")

    def told(self) -> dict[str, Any]:
        """Columns of a household. What was left empty and follows from the building is taken from it."""
        place = self.buildings.get(self.building.data)
        values = {column: self[name].data or "" for name, column in FIELDS.items()}
        values |= {"landlord": self._landlord(), "surface": _decimal(values["surface"])}
        values["persons"] = int(values["persons"]) if values["persons"] else None
        values["address"] = values["address"] or (place.address if place else "")
        values["zone"] = values["zone"] or (place.zone if place else "")
        values["email"] = values["email"].lower()
        return values | {name: values[name] or None for name in EMPTY_IS_NONE}

    def problems(self) -> list[dict[str, Any]]:
        return [
            {"id": field.id, "label": field.label.text, "message": field.errors[0]} for field in self if field.errors
        ]


def referents(operation: str) -> list[tuple[str, str]]:
    """Who may follow a household there: [(person, name)]."""
    following = [name for name, role in access.ROLES.items() if role.fill]
    names = people.names(holder.person_id for holder in people.holders(operation, roles=following))
    return sorted(names.items(), key=lambda pair: pair[1])


def _landlords(operation: str) -> list[tuple[str, str]]:
    known = people.organisation_rows()
    partners = [known[row.organisation] for row in operations.partners(operation) if row.organisation in known]
    return [(row.slug, row.name) for row in partners if row.kind == "landlord"]


def _asked(choices: list[tuple[str, str]], nothing: str = "") -> list[tuple[str, str]]:
    return [("", nothing or _("Choose in the list")), *choices]


def _with(
    choices: list[tuple[str, str]], present: str | None, names: dict[str, str] | None = None
) -> list[tuple[str, str]]:
    """A value that stands already stays a choice, even when nobody may choose it anew."""
    if not present or any(present == choice for choice, _label in choices):
        return choices
    return [*choices, (present, (names or people.names([present])).get(present, present))]


def _decimal(text: Any) -> float | None:
    """A surface: "62,5", "62.5 m²". None when it is none."""
    written = re.sub(r"[\s\u00a0\u202f]|m[²2]$", "", str(text or "")).replace(",", ".")
    found = float(written) if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", written) else None
    return found if found is not None and 5 <= found <= 999 else None


def _known(row: Household) -> dict[str, Any]:
    told = {name: getattr(row, column) or "" for name, column in FIELDS.items()}
    told["surface"] = format_decimal(row.surface) if row.surface else ""
    return told | {"persons": str(row.persons or ""), "version": str(row.version)}
