"""Fields of the forms of doors: their own sentences when what was typed is not understood; a form on one thing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.core import UnboundField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from workflow.web.dates import format_date

EMAIL = re.compile(r"[^@\s,;<>()]+@[^@\s,;<>()]+\.[^@\s,;<>()]{2,}")
PHONE = re.compile(r"\+?[\d\s.()/-]{6,30}")
UNREADABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
"""C0 controls but tab and new line; DEL; signs that turn the direction of what follows: words would read otherwise."""


class Day(DateField):
    """A day, as the browser sends it or as one writes it in France: 31/12/2026."""

    def __init__(self, label: Any, validators: Sequence[Any] = (), **more: Any) -> None:
        super().__init__(label, list(validators), format=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"], **more)

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata([" ".join(valuelist).strip()] if valuelist else valuelist)
        except ValueError as wrong:
            raise ValueError(_("Write a day, for example 31/12/2026.")) from wrong


class Choice(SelectField):
    """One of a list; what is no longer in it is said in our own words."""

    def pre_validate(self, form: Any) -> None:
        if self.data and self.data not in dict(self.choices or ()):
            raise ValidationError(_("This choice is not possible any more: choose again in the list."))


class Count(IntegerField):
    """A number of things."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        told = [value.replace(" ", "").replace("\u202f", "").replace("\xa0", "") for value in valuelist]
        try:
            super().process_formdata(told)
        except ValueError as wrong:
            raise ValueError(_("Write a whole number, for example 42.")) from wrong


def name_field(label: Any, missing: Any, longest: int, **more: Any) -> StringField:
    return StringField(label, [DataRequired(missing), too_long(longest)], filters=[_tidy], **more)


def words(label: Any, longest: int, **more: Any) -> StringField:
    return StringField(label, [Optional(), too_long(longest)], filters=[_tidy], **more)


def paragraph(label: Any, longest: int, **more: Any) -> TextAreaField:
    return TextAreaField(label, [Optional(), too_long(longest)], render_kw={"rows": 4}, **more)


def email(label: Any, missing: Any = None, **more: Any) -> StringField:
    """An e-mail address; its form is checked, not whether somebody reads there."""
    first = InputRequired(missing) if missing else Optional()
    looks = Regexp(_whole(EMAIL), message=later("Write an address such as nadia.ferhat@example.org."))
    return StringField(label, [first, too_long(320), looks], filters=[_tidy], **more)


def phone(label: Any, **more: Any) -> StringField:
    looks = Regexp(_whole(PHONE), message=later("Write a telephone number, for example 04 65 71 10 00."))
    return StringField(label, [Optional(), looks], filters=[_tidy], **more)


def _whole(pattern: re.Pattern[str]) -> str:
    return f"^(?:{pattern.pattern})$"


def day(label: Any, missing: Any = None, **more: Any) -> Day:
    more.setdefault("render_kw", {"data-width": "20"})
    return Day(label, [InputRequired(missing) if missing else Optional()], **more)


def count(label: Any, **more: Any) -> Count:
    limits = NumberRange(0, 100_000, later("Write a number between 0 and 100,000."))
    return Count(label, [Optional(), limits], render_kw={"inputmode": "numeric", "min": 0, "data-width": "8"}, **more)


def choice(label: Any, missing: Any = None, **more: Any) -> Choice:
    """One of a list that the page fills (`choices`), the empty one first."""
    return Choice(label, [InputRequired(missing)] if missing else [Optional()], choices=[], **more)


def too_long(longest: int) -> Length:
    return Length(max=longest, message=later("Write at most %(count)s characters.", count=longest))


def _tidy(text: str | None) -> str:
    return " ".join((text or "").split())


def readable(text: Any) -> Any:
    """Without the signs that are no text: databases refuse them, papers cannot show them. A new line stays one."""
    return UNREADABLE.sub("", text.replace("\r\n", "\n")) if isinstance(text, str) else text


class Sheet(FlaskForm):
    """A form on one thing. `version` is what was shown; `groups` the fields in the order of the page.

    groups: [(legend or "", [names of fields])]
    """

    class Meta:
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Field:
            """Every field in which one writes is rid of what is no text; a password is kept to the letter."""
            kind, told = unbound_field.field_class, dict(unbound_field.kwargs)
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                told["filters"] = [readable, *told.get("filters", ())]
            return UnboundField(kind, *unbound_field.args, **told).bind(form=form, **options)

    version = HiddenField()
    groups: Sequence[tuple[Any, Sequence[str]]] = ()

    def choose(self, **choices: Sequence[tuple[str, str]]) -> Sheet:
        """Fill lists; each begins with an empty choice."""
        for name, options in choices.items():
            self[name].choices = [("", _("Choose in the list")), *options]
        return self

    @property
    def shown_version(self) -> int:
        told = self.version.data or ""
        return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else 0

    @property
    def problems(self) -> list[dict[str, str]]:
        """What the summary at the top says."""
        return [
            {"id": field.id, "label": str(field.label.text), "message": str(field.errors[0])}
            for field in self
            if field.errors
        ]

    def refuse(self, name: str, message: str, params: Mapping[str, Any] | None = None) -> None:
        """Mark the field of that name, or of the new thing it belongs to, or the first."""
        shown = [field.name for field in self if field.name != "version"]
        field = self[next((one for one in (name, f"new_{name}") if one in shown), shown[0])]
        field.errors = [*field.errors, _(message, **(params or {}))]

    def differences(self, stored: Sheet) -> list[dict[str, str]]:
        """[{label, theirs, mine}] of the fields in which what is stored now differs from what was typed here."""
        both = [(field, stored[field.name]) for field in self if not isinstance(field, HiddenField)]
        told = [(str(mine.label.text), said(theirs), said(mine)) for mine, theirs in both]
        return [{"label": label, "theirs": theirs, "mine": mine} for label, theirs, mine in told if theirs != mine]


def said(field: Field) -> str:
    """The value of a field in words."""
    if isinstance(field, BooleanField):
        return _("yes") if field.data else _("no")
    if isinstance(field, SelectField):
        label = dict(field.choices or ()).get(field.data, "")
        return str(label) if field.data else _("nothing")
    if isinstance(field.data, date):
        return format_date(field.data, "d MMMM y")
    return str(field.data) if field.data not in (None, "") else _("nothing")
