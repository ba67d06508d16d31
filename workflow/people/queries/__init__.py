"""Who is who, and who holds what now."""

from workflow.people.queries.absences import absence, absences_of, absences_on, standing_in, substitutes_now
from workflow.people.queries.accounts import (
    Invitation,
    account_by_login,
    account_of,
    accounts_of_demonstration,
    anybody_there,
    fate,
    invitation,
    invitations,
    known_link,
    link,
)
from workflow.people.queries.bodies import bodies, body, seat, seats, seats_of
from workflow.people.queries.identities import (
    Holder,
    administrators,
    assignment,
    assignments_of,
    grants_of,
    held_now,
    holders,
    identity_of,
    identity_of_person,
    in_force,
    is_in_force,
    is_over,
    not_over,
    operations_of_everybody,
    operations_set_up_by,
    persons_of_operation,
)
from workflow.people.queries.organisations import (
    organisation,
    organisation_names,
    organisation_rows,
    organisations,
    same_organisation,
)
from workflow.people.queries.persons import (
    may_look_after,
    names,
    person,
    person_with_email,
    persons_seen_by,
    sees,
)
from workflow.people.queries.surroundings import (
    Surroundings,
    operation_names,
    partners_of,
    register_surroundings,
    surroundings,
)
from workflow.people.rules import ROLES


def role_label(role: str) -> str:
    """How a role is called: an English msgid, which the doors translate."""
    return ROLES[role].label if role in ROLES else role


__all__ = [
    "Holder",
    "Invitation",
    "Surroundings",
    "absence",
    "absences_of",
    "absences_on",
    "account_by_login",
    "account_of",
    "accounts_of_demonstration",
    "administrators",
    "anybody_there",
    "assignment",
    "assignments_of",
    "bodies",
    "body",
    "fate",
    "grants_of",
    "held_now",
    "holders",
    "identity_of",
    "identity_of_person",
    "in_force",
    "invitation",
    "invitations",
    "is_in_force",
    "is_over",
    "known_link",
    "link",
    "may_look_after",
    "names",
    "not_over",
    "operation_names",
    "operations_of_everybody",
    "operations_set_up_by",
    "organisation",
    "organisation_names",
    "organisation_rows",
    "organisations",
    "partners_of",
    "person",
    "person_with_email",
    "persons_of_operation",
    "persons_seen_by",
    "register_surroundings",
    "role_label",
    "same_organisation",
    "seat",
    "seats",
    "seats_of",
    "sees",
    "standing_in",
    "substitutes_now",
    "surroundings",
]
