"""What an assignment gives on a given day, what roles are called, what a password or a code must be."""

from workflow.people.rules.codes import ALPHABET, grouped, normalised
from workflow.people.rules.naming import folded, login_from, slug_from
from workflow.people.rules.passwords import COMMON_PASSWORDS, SHORTEST, WEAK, weakness
from workflow.people.rules.periods import Period, absence_problem, in_force, period_problem
from workflow.people.rules.words import KINDS, RHYTHMS, ROLES, SEATED, RoleWords

__all__ = [
    "ALPHABET",
    "COMMON_PASSWORDS",
    "KINDS",
    "RHYTHMS",
    "ROLES",
    "SEATED",
    "SHORTEST",
    "WEAK",
    "Period",
    "RoleWords",
    "absence_problem",
    "folded",
    "grouped",
    "in_force",
    "login_from",
    "normalised",
    "period_problem",
    "slug_from",
    "weakness",
]
