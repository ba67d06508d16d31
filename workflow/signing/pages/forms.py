"""Forms of rooms: somebody who signs, how the whole goes, a reason, an address."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_wtf.file import FileField
from wtforms import BooleanField
from wtforms.validators import DataRequired

from workflow.filing.models import Paper
from workflow.people import queries as people
from workflow.signing.actions.delegating import Delegate
from workflow.signing.actions.preparing import Draft, Manner
from workflow.signing.models import COMPLETE, Room
from workflow.signing.pages import words as said
from workflow.signing.queries import rooms
from workflow.signing.queries.rooms import Open, Party, Words
from workflow.signing.rules.channels import MANDATES, QUALIFIED
from workflow.web import fields

GROUPS = ("A", "B", "C", "D")
BY_POST = later("Without an e-mail address, a letter bears the link, and another paper the code.")


class SignatoryForm(fields.Sheet):
    """One signatory, as it is prepared."""

    name = fields.name_field(later("Name"), later("Say who signs."), 200)
    capacity = fields.words(later("In what capacity"), 200, description=later("Mayor, chief executive, tenant…"))
    organisation = fields.choice(later("For which organisation"))
    person = fields.choice(
        later("Access to Relais"), description=later("Somebody with an access signs from their own pages.")
    )
    mail = fields.email(later("E-mail address"), description=later("For somebody without access: the link goes there."))
    postal = fields.words(later("Postal address"), 300, description=BY_POST)
    rank = fields.count(later("Rank"), description=later("Those of rank 2 are asked once rank 1 has signed."))
    group = fields.choice(
        later("Group"), description=later("Of those of one group and rank, a few may be enough, whoever they are.")
    )
    needed = fields.count(later("How many of the group must sign"))
    channel = fields.choice(later("How they sign"), later("Choose one of the ways."))
    level = fields.choice(
        later("How strong the signature must be"),
        description=later("A qualified signature can only be made in the signing tool of an organisation."),
    )
    place = fields.choice(later("Where in the document"))
    mandate = fields.choice(later("Under which mandate"))
    number = fields.words(later("Its number"), 80)
    day = fields.day(later("Of which day"))
    mandate_file = FileField(later("The deliberation, the order or the power (PDF or picture)"))
    why = fields.paragraph(later("Why it is asked before the mandate is there"), 1000)
    groups = (
        (later("Who"), ["name", "capacity", "organisation", "person", "mail", "postal"]),
        (later("When and how"), ["rank", "group", "needed", "channel", "level", "place"]),
        (later("Mandate"), ["mandate", "number", "day", "mandate_file", "why"]),
    )

    def fill(self, known: Open, places: tuple[str, ...]) -> SignatoryForm:
        """The lists of choices."""
        staff = people.persons_of_operation(known.row.operation_id)
        self.choose(
            organisation=sorted(people.organisation_names().items(), key=lambda one: one[1].casefold()),
            person=[(one.id, one.name) for one in staff if people.can_sign_in(one.id)],
            group=[(one, one) for one in GROUPS],
            channel=said.channels(),
            level=[(QUALIFIED, said.level(QUALIFIED)[0])],
            place=[(one, place_label(one)) for one in places],
            mandate=[(code, _(words)) for code, words in MANDATES.items()],
        )
        self.level.choices[0] = ("", _("as strong as the way of signing makes it"))
        return self

    def draft(self) -> Draft:
        chosen = self.organisation.data or ""
        office = people.organisation(chosen)
        name = office.name if office else ""
        words = Words(
            self.name.data or "",
            self.capacity.data or "",
            name,
            self.mail.data or "",
            self.postal.data or "",
            (self.why.data or "").strip(),
        )
        handed = self.mandate_file.data
        return Draft(
            words,
            max(self.rank.data or 1, 1),
            self.channel.data or "",
            level=self.level.data or "",
            organisation=chosen,
            person=self.person.data or None,
            group=self.group.data or "",
            needed=max(self.needed.data or 1, 1),
            field=self.place.data or "",
            mandate=self.mandate.data or "",
            number=self.number.data or "",
            day=self.day.data,
            mandate_data=handed.read() if handed else b"",
        )


def stored(party: Party) -> dict[str, Any]:
    """What is known of a signatory, as the form begins with it."""
    row, words = party.row, party.words
    told = {"name": words.name, "capacity": words.capacity, "mail": words.mail, "postal": words.postal}
    told |= {"organisation": row.organisation, "person": row.person_id or "", "rank": row.rank, "group": row.group}
    told |= {"needed": row.needed, "channel": row.channel, "place": row.field, "mandate": row.mandate}
    told |= {"level": row.level if row.level == QUALIFIED else ""}
    return told | {"number": row.mandate_number, "day": row.mandate_day, "why": words.why}


def place_label(name: str) -> str:
    """What a place prepared in the document is called: by the organisation it is for, where it bears its name."""
    office = people.organisation(name)
    return _("the box “%(name)s”", name=office.name if office else name)


class PlaceForm(fields.Sheet):
    """What a document is to one that was signed, or was to be."""

    of = fields.choice(
        later("This document"), description=later("A document that was signed never changes: another one follows it.")
    )

    def fill(self, paper: Paper) -> PlaceForm:
        found = rooms.to_follow(paper.operation_id)
        choices = []
        for row, title, reference in found:
            told = {"title": title or reference, "reference": reference}
            if row.state == COMPLETE:
                choices.append((f"amends:{row.id}", _("is an amendment to “%(title)s”, %(reference)s", **told)))
                choices.append(
                    (f"joins:{row.id}", _("is the form by which somebody joins “%(title)s”, %(reference)s", **told))
                )
            choices.append((f"replaces:{row.id}", _("is a new version of “%(title)s”, %(reference)s", **told)))
        self.choose(of=choices)
        self.of.choices[0] = ("", _("stands by itself"))
        return self

    def place(self) -> dict[str, Room]:
        """How `preparing.prepare` is told."""
        kind, _colon, ident = (self.of.data or "").partition(":")
        row = rooms.room_by_id(ident)
        if row is None:
            return {}
        return {"accession_to": row} if kind in ("joins", "amends") else {"replaces": row}


class MannerForm(fields.Sheet):
    """How the whole room goes."""

    delay = fields.count(later("Working days for each rank"), description=later("0: without a deadline."))
    until = fields.day(later("Last day to sign"), description=later("After it nobody signs, unless it is put off."))
    original = fields.choice(
        later("Which one counts when some sign on paper"),
        later("Choose which one counts."),
        description=later("Everybody reads it on the page of the room and in the file of evidence."),
    )
    seal_last = BooleanField(later("Seal once more after the last signature"))
    archive = BooleanField(later("Close the complete file with a last time stamp"))

    def fill(self) -> MannerForm:
        self.choose(original=[("pdf", _("the electronic file")), ("paper", _("the document on paper"))])
        return self

    def manner(self) -> Manner:
        return Manner(
            self.delay.data or 0,
            self.until.data,
            bool(self.seal_last.data),
            bool(self.archive.data),
            self.original.data or "pdf",
        )


class ReasonForm(fields.Sheet):
    reason = fields.paragraph(later("Why"), 2000, description=later("Everybody who is asked to sign reads it."))

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.reason.validators = [DataRequired(later("Say why.")), *self.reason.validators[1:]]


class AddressForm(fields.Sheet):
    mail = fields.email(later("E-mail address"))
    postal = fields.words(later("Postal address"), 300, description=BY_POST)


class UntilForm(fields.Sheet):
    until = fields.day(later("Until which day"), later("Say until which day."))


class DelegateForm(fields.Sheet):
    """Somebody who signs instead, under a mandate of their own."""

    name = fields.name_field(later("Name"), later("Say who signs."), 200)
    capacity = fields.words(later("In what capacity"), 200)
    person = fields.choice(
        later("Access to Relais"), description=later("Somebody with an access signs from their own pages.")
    )
    mail = fields.email(later("E-mail address"), description=later("For somebody without access: the link goes there."))
    postal = fields.words(later("Postal address"), 300, description=BY_POST)
    mandate = fields.choice(later("Under which mandate"), later("Say under which mandate."))
    number = fields.words(later("Its number"), 80)
    day = fields.day(later("Of which day"), later("Say on which day it was given."))
    mandate_file = FileField(later("The order or the power (PDF or picture)"))
    groups = (
        (later("Who"), ["name", "capacity", "person", "mail", "postal"]),
        (later("Mandate"), ["mandate", "number", "day", "mandate_file"]),
    )

    def fill(self, known: Open) -> DelegateForm:
        staff = people.persons_of_operation(known.row.operation_id)
        mandates = [(code, _(words)) for code, words in MANDATES.items() if code != "responsibility"]
        self.choose(person=[(one.id, one.name) for one in staff if people.can_sign_in(one.id)], mandate=mandates)
        return self

    def delegate(self, data: bytes) -> Delegate:
        reached = {"mail": self.mail.data or "", "postal": self.postal.data or ""}
        words = Words(self.name.data or "", self.capacity.data or "", **reached)
        person = self.person.data or None
        return Delegate(words, person, self.mandate.data or "", self.number.data or "", self.day.data, data)
