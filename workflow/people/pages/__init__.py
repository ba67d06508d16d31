"""Doors: signing in, invitations, people, organisations, assignments, bodies, absences, one's own page."""

from workflow.people.pages import (
    absences,
    addresses,
    assignments,
    beginning,
    bodies,
    devices,
    invitations,
    listing,
    me,
    organisations,
    persons,
    seats,
    signing_in,
)
from workflow.people.pages.blueprint import people

__all__ = [
    "absences",
    "addresses",
    "assignments",
    "beginning",
    "bodies",
    "devices",
    "invitations",
    "listing",
    "me",
    "organisations",
    "people",
    "persons",
    "seats",
    "signing_in",
]
