"""An opinion asked of somebody without account, who answers by a personal link; another link while it is awaited."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.access import Identity
from workflow.approvals import actions as approvals
from workflow.approvals.models import PersonalLink
from workflow.approvals.queries import standing
from workflow.circuit.commands import AskAdvice
from workflow.circuit.model import Step
from workflow.dossiers import queries
from workflow.dossiers.actions.personal_links import Wish, alive, new_link
from workflow.dossiers.queries import File
from workflow.dossiers.queries import personal_links as links
from workflow.errors import FieldError, Forbidden, Invalid, NotFound, Refused
from workflow.people import queries as people
from workflow.people.actions import PersonDraft, add_person
from workflow.people.models import Person
from workflow.record import actions as record


@dataclass(frozen=True)
class Expert:
    """Somebody outside: who they are, and what they are asked."""

    name: str
    address: str
    question: str


def ask_outside(identity: Identity, reference: str, expert: Expert, wish: Wish) -> PersonalLink:
    """An opinion asked of somebody without account, who answers by a personal link.

    Raises Forbidden for who does not decide there now, Invalid when the address is that of somebody with an account.
    """
    file = queries.file(identity, reference)
    step = links.step_to_ask_about(file)
    if step is None:
        raise Forbidden()
    if not expert.question.strip():
        raise Invalid([FieldError("question", "Write your question.")])
    known = _without_account(file, step, expert.address)
    if known is not None:
        alive(file.row, step.id, known.id)  # locks as whoever acts: links, the course, the heads of the chains
    standing(file.row.subject, lock=True)
    person = known or add_person(PersonDraft(expert.name, expert.address or None, lang=wish.lang), identity.person)
    row = new_link(file, step.id, person.id, wish)
    asked = AskAdvice(step=step.id, of_person=person.id, text_ref=record.keep_text(row.subject, expert.question))
    approvals.act_as(identity, row.subject, asked, file.known.course.version)
    return row


def _without_account(file: File, step: Step, address: str) -> Person | None:
    """Who has this address; None when nobody is known by it. A colleague is asked inside, where they may be."""
    colleague = people.account_at(address)
    if colleague is None:
        return people.person_with_email(address)
    raise Invalid([_inside() if colleague.person_id in file.known.context.advisers(step.id) else _elsewhere()])


def _inside() -> FieldError:
    return FieldError(
        "address",
        "Somebody with an access to Relais has this address: ask them for a second opinion from the file itself.",
    )


def _elsewhere() -> FieldError:
    return FieldError(
        "address",
        "Somebody with an access to Relais has this address, who is not asked about this file: give another address.",
    )


def make_anew(identity: Identity, reference: str, link_id: str, wish: Wish) -> PersonalLink:
    """Another link for an expert whose opinion is still awaited: the earlier ones are dead from now on.

    Raises NotFound for who has no say in it, Refused when the opinion was given meanwhile, or is needed no more.
    """
    file = queries.file(identity, reference)
    before = links.link(file.row, link_id)
    if before is None or links.of_household(before) or not links.may_settle(file, before):
        raise NotFound()
    alive(file.row, before.step, before.person)
    if standing(file.row.subject, lock=True).state.awaited_advice(before.step, before.person) is None:
        raise Refused("not_awaited", "This opinion is not awaited any more: it was given, or the matter is decided.")
    return new_link(file, before.step, before.person, wish)
