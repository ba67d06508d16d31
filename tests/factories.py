"""Short ways to a state of things, always through the application's own actions."""

import random
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from tests.cast import AGREED, BRUNO, CLAIRE, FRANCOIS, HELENE, MIREILLE, SONIA
from workflow import clock
from workflow.access import Identity
from workflow.approvals import actions as approvals
from workflow.catalogue.queries import current
from workflow.db import db
from workflow.dossiers import actions, queries
from workflow.dossiers.actions import Decision
from workflow.dossiers.models import Dossier, Household
from workflow.exchange.actions import read_operation
from workflow.exchange.cli import OPERATION
from workflow.exchange.rules.invented import answers, households
from workflow.people import actions as people
from workflow.people.models import Person
from workflow.people.queries import identity_of_person

MISTRAL: dict[str, Any] = read_operation(OPERATION)
HOMES = households(MISTRAL)


def identity(slug: str) -> Identity:
    """A person of the cast, with what they hold today."""
    return identity_of_person(db.session.get_one(Person, slug))


def home_of(row: Household) -> dict[str, Any]:
    """The invented facts behind a household."""
    return next(home for home in HOMES if home["reference"] == row.tenant_reference)


def a_household(rank: int = 0) -> Household:
    return db.session.query(Household).order_by(Household.reference).all()[rank]


def said(row: Household, agreements: Iterable[str] = AGREED) -> dict[str, Any]:
    """Complete and valid answers of a household."""
    home = home_of(row)
    return answers(
        home,
        MISTRAL,
        officer="Claire Maurin",
        referent="Sonia Mendès",
        today=clock.today(),
        rng=random.Random(home["number"]),
        interviewed=clock.today() - timedelta(days=1),
        agreements=sorted(agreements),
    )


def a_dossier(rank: int = 0) -> Dossier:
    """Just opened by Claire."""
    row, _new = actions.open_dossier(identity(CLAIRE), a_household(rank), current("diagnostic-social", MISTRAL["slug"]))
    db.session.commit()
    return row


def a_filled_dossier(rank: int = 0, agreements: Iterable[str] = AGREED) -> Dossier:
    row = a_dossier(rank)
    actions.write_answers(identity(CLAIRE), row.reference, said(row.household, agreements))
    db.session.commit()
    return row


def a_submitted_dossier(rank: int = 0, agreements: Iterable[str] = AGREED) -> Dossier:
    row = a_filled_dossier(rank, agreements)
    actions.submit(identity(CLAIRE), row.reference, version(row))
    db.session.commit()
    return row


def version(row: Dossier) -> int:
    return queries.file(identity(CLAIRE), row.reference).known.course.version


def decision(row: Dossier, command: str, step: str, **more: Any) -> Decision:
    """A decision made on what is shown now."""
    shown = queries.present_set(row).fingerprint
    return Decision(command=command, step=step, version=version(row), shown=shown, **more)


def decide(slug: str, row: Dossier, command: str, step: str, **more: Any) -> None:
    actions.decide(identity(slug), row.reference, decision(row, command, step, **more))
    db.session.commit()


def a_dossier_before_the_household(rank: int = 0, agreements: Iterable[str] = AGREED) -> Dossier:
    row = a_submitted_dossier(rank, agreements)
    decide(SONIA, row, "Approve", "visa_bailleur")
    return row


def a_dossier_before_the_committee(rank: int = 0, agreements: Iterable[str] = AGREED) -> Dossier:
    row = a_dossier_before_the_household(rank, agreements)
    decide(BRUNO, row, "Sign", "lecture_menage", channel="screen")
    return row


def a_validated_dossier(rank: int = 0) -> Dossier:
    """Decided by three organisations; its papers wait in the outbox."""
    row = a_dossier_before_the_committee(rank)
    for slug in (HELENE, FRANCOIS, MIREILLE):
        decide(slug, row, "Approve", "validation")
    return row


def another_adviser() -> str:
    """A second adviser of the City, beside Claire: two people may then write in one draft. There is one of her."""
    slug = "lea-fontaine"
    if db.session.get(Person, slug) is not None:
        return slug
    person = people.put_person(slug, "Léa Fontaine", "lea.fontaine@example.net")
    people.open_account(person)
    people.assign(slug, "cesf", "grenoble", MISTRAL["slug"], since=clock.today() - timedelta(days=30))
    db.session.commit()
    return slug


def a_social_worker() -> str:
    """Somebody of the Département's social service, who answers to relay sheets."""
    slug = "sarah-nemours"
    person = people.put_person(slug, "Sarah Nemours", "sarah.nemours@example.net")
    people.open_account(person)
    people.assign(slug, "travailleur_social", "cg-isere", MISTRAL["slug"], since=clock.today() - timedelta(days=30))
    db.session.commit()
    return slug


SUBSTITUTE = "yves-carlier"


def a_substitute_of_the_city() -> None:
    """A second person who may speak for the City in the committee."""
    person = people.put_person(SUBSTITUTE, "Yves Carlier", "yves.carlier@example.net")
    people.open_account(person)
    people.assign(
        SUBSTITUTE,
        "siege_commission",
        "grenoble",
        MISTRAL["slug"],
        since=clock.today() - timedelta(days=30),
        body="commission-relogement",
    )
    approvals.refresh(MISTRAL["slug"])  # open steps now wait for this person too: the job that follows an assignment
    db.session.commit()


def dossier_of(reference: str) -> Dossier:
    return queries.by_reference(reference)


def resubmit(row: Dossier, slug: str = CLAIRE) -> None:
    """Somebody corrects what was sent back, or brings it up to date, and hands it on again."""
    actions.submit(identity(slug), row.reference, version(row))
    db.session.commit()
