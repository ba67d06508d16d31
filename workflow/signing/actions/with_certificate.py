"""Somebody signs with their own certificate: its file is opened in memory, used once, and kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass, field

from documents import personal_keys
from documents import signing as documents
from documents.personal_keys import KeyRefused, PersonalKeys
from workflow import clock
from workflow.errors import FieldError, Invalid
from workflow.signing.actions.certificates import remember
from workflow.signing.actions.signing import (
    Act,
    Signer,
    Stamped,
    Told,
    capacity_of,
    check,
    city_of,
    put,
    sealing,
)
from workflow.signing.models import Revision
from workflow.signing.queries import revisions
from workflow.signing.rules.channels import CERTIFICATE
from workflow.signing.rules.names import bears

MOST_BYTES = personal_keys.MOST_BYTES


@dataclass(frozen=True, repr=False)
class Handed:
    """The file of a certificate and what opens it. mine: they said that it is theirs though it bears another name."""

    data: bytes = field(repr=False)
    password: str = field(repr=False)
    mine: bool = False


def opened(name: str, told: Told, handed: Handed) -> PersonalKeys:
    """The key, in memory alone; name: of whoever is asked to sign. Raises Invalid with everything that
    is to be mended. Takes a moment: whoever calls holds no transaction.
    """
    _check(told, handed)
    try:
        keys = personal_keys.open(handed.data, handed.password, at=clock.now())
    except KeyRefused as fault:
        raise Invalid([_said(fault)]) from None
    if not handed.mine and not bears(keys.name, name):
        message = (
            "This certificate bears the name “%(holder)s”, not “%(name)s”. If it is yours all the same, tick the box, "
            "then choose the file and type its password again."
        )
        raise Invalid([FieldError("other_name", message, {"holder": keys.name, "name": name})])
    return keys


def _check(told: Told, handed: Handed) -> None:
    errors = []
    try:
        check(told, marked=False)
    except Invalid as problem:
        errors += problem.errors
    if not handed.data:
        errors.append(FieldError("certificate", "Choose the file of your certificate (.p12 or .pfx)."))
    if not handed.password:
        errors.append(FieldError("password", "Type the password of this file."))
    if errors:
        raise Invalid(errors)


def _said(fault: KeyRefused) -> FieldError:
    where = "password" if fault.code == "wrong_password" else "certificate"
    return FieldError(where, fault.msgid, dict(fault.params))


def signing_with(keys: PersonalKeys, told: Told, stamped: Stamped) -> Act:
    """What signs with these keys, for whoever is found to be the signer once everything is locked."""

    def act(who: Signer) -> Revision:
        made = put(who, CERTIFICATE, told, lambda data: _signed(who, data, keys, stamped))
        place = who.party.row.field
        told_by = {"signatory": who.party.id, "field": place, "at": made.at, "by": who.actor.person}
        remember(who.known.row, made, keys.holder, **told_by)
        return made

    return act


def _signed(who: Signer, data: bytes, keys: PersonalKeys, stamped: Stamped) -> bytes:
    """One more state of the file, dated by our own time stamp. Without a key of ours nothing is signed."""
    try:
        with sealing() as authority:
            return documents.sign_with(
                data,
                keys,
                authority,
                who.party.row.field,
                at=revisions.instant(who.known.row).replace(microsecond=0),
                reason=capacity_of(who),
                location=city_of(who),
                stamp=stamped.pdf,
            )
    except KeyRefused as fault:
        raise Invalid([_said(fault)]) from None
