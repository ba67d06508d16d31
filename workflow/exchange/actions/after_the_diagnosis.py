"""Part of the demonstration: offers, relay sheets and surveys at different stages, played through the real actions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from workflow import clock
from workflow.catalogue.queries import current
from workflow.db import db
from workflow.dossiers import actions as dossiers
from workflow.dossiers import queries as files
from workflow.dossiers.actions import Decision
from workflow.dossiers.models import Dossier, Household
from workflow.errors import Refused
from workflow.exchange.rules.invented import later
from workflow.people import queries as who
from workflow.people.models import Person

Said = dict[str, Any]
OFFERS = ("drafted", "prepared", "reserved", "heard", "refused", "accepted", "accepted")
"""How far the offers of the demonstration have come, one for each household in turn."""


class Player:
    """Somebody who opens a dossier with a household and carries it a part of its way, all at this moment."""

    def __init__(self, slug: str, home: Household) -> None:
        published = current(slug, home.operation_id)
        if published is None:
            raise LookupError(slug)
        row, _new = dossiers.open_dossier(_identity("bruno-castel"), home, published)
        self.reference, self.said = row.reference, _kept(row)

    def hand_on(self, by: str, said: Said) -> None:
        self.write(by, said)
        dossiers.submit(_identity(by), self.reference, self._version(by))

    def write(self, by: str, said: Said) -> None:
        self.said = self.said | said
        dossiers.write_answers(_identity(by), self.reference, self.said)

    def decide(self, by: str, command: str, **more: Any) -> None:
        row = files.by_reference(self.reference)
        shown, step = files.present_set(row).fingerprint, files.open_steps(row)[0]
        decision = Decision(command=command, step=step, version=self._version(by), shown=shown, **more)
        dossiers.decide(_identity(by), self.reference, decision)

    def _version(self, by: str) -> int:
        return files.file(_identity(by), self.reference).known.course.version


def offers(homes: Iterable[Household], places: list[str]) -> None:
    """One offer for each of these households, as far as OFFERS says. Those whose diagnosis is too old get none."""
    stages = iter(OFFERS)
    for rank, home in enumerate(homes):
        stage = next(stages, None)
        if stage is None:
            return
        try:
            _offer(home, stage, places, rank)
        except Refused as refused:
            if refused.code != "requires":
                raise


def _offer(home: Household, stage: str, places: list[str], rank: int) -> None:
    play, today = Player("proposition-relogement", home), clock.today()
    first = later.offer(play.said, home.landlord, places, rank, today)
    if stage == "drafted":
        play.write("bruno-castel", first)
        return
    acts: list[Callable[[], None]] = [
        lambda: play.hand_on("bruno-castel", first),
        lambda: play.decide("sonia-mendes", "Approve"),
        lambda: play.hand_on("bruno-castel", later.answer(stage == "accepted", rank, today)),
        lambda: play.decide("bruno-castel", "Sign", channel="screen"),
        *(
            lambda by=by: play.decide(by, "GiveOpinion", opinion="favourable")
            for by in ("helene-vasseur", "francois-delaunay", "mireille-santoni")
        ),
    ]
    for act in acts[: {"prepared": 1, "reserved": 2, "heard": 4, "refused": 7, "accepted": 4}[stage]]:
        act()


def relays(homes: list[Household]) -> None:
    """A relay sheet that was answered, and one that waits for the service."""
    for rank, home in enumerate(homes[:2]):
        play, today = Player("fiche-relais", home), clock.today()
        play.hand_on("bruno-castel", later.relay(play.said, "cg-isere", today))
        play.decide("bruno-castel", "Sign", channel="screen")
        if rank == 0:
            play.hand_on("bruno-castel", later.taken_over(today))


def surveys(homes: list[Household]) -> None:
    """Surveys that were answered; the last one is only begun."""
    for rank, home in enumerate(homes[:3]):
        play = Player("enquete-satisfaction", home)
        said = later.survey(play.said, rank, clock.today())
        if rank < 2:
            play.hand_on("bruno-castel", said)
        else:
            play.write("bruno-castel", {page: said[page] for page in "ABC"})


def _kept(row: Dossier) -> Said:
    """What the form knew when it was opened, nested as the pages of the form."""
    instance, _lines = files.opened(row, files.present_set(row))
    found: Said = {}
    for path, node, question in instance.leaves():
        if node.text and question.asked and not question.computed:
            *groups, name = path.split("/")[2:]
            page = found
            for group in groups:
                page = page.setdefault(group, {})
            page[name] = node.text
    return found


def _identity(person: str) -> Any:
    return who.identity_of_person(db.session.get_one(Person, person))
