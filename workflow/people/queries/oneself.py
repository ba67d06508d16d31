"""What one gives to oneself: a role that reads answers is given by somebody else, while somebody else can."""

from __future__ import annotations

from flask import current_app

from workflow import access
from workflow.people.models import Account
from workflow.people.queries.accounts import account_of
from workflow.people.queries.identities import looking_after


def must_ask_another(role: str, operation: str | None, by: str) -> bool:
    """Whether `by` may not take this role in that operation alone: it reads, and an administrator can give it."""
    if access.ROLES[role].lens == "nothing":
        return False
    return any(can_sign_in(one) for one in looking_after(operation, ("administrator",)) - {by})


def can_sign_in(person_id: str) -> bool:
    """Whether somebody has a way in today; in the demonstration everybody who has an account."""
    account: Account | None = account_of(person_id)
    if account is None or account.closed_at is not None:
        return False
    return bool(account.password_hash) or current_app.config["RELAIS"].demonstration
