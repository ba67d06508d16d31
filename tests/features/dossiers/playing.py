"""A stored scenario of a whole operation, played through the application's own actions by the people of the cast."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from tests.cast import BRUNO, CLAIRE, FRANCOIS, HELENE, JULIEN, MONIQUE, NADIA, PATRICE, SONIA
from tests.factories import identity
from workflow import clock
from workflow.app import ROOT
from workflow.approvals import queries as approvals
from workflow.catalogue.queries import current
from workflow.circuit.decide import voices
from workflow.circuit.model import Kind, Step
from workflow.db import db
from workflow.dossiers import actions, queries
from workflow.dossiers.actions import Decision
from workflow.dossiers.models import Dossier
from workflow.filing.actions import keep_file
from workflow.people import actions as people

LIBRARY = ROOT / "templates" / "procedures"
AWA = "awa-diarra"  # seat of a rebuilding landlord in the technical group
CAST = {
    "nadia": NADIA,
    "monique": MONIQUE,
    "bruno": BRUNO,
    "claire": CLAIRE,
    "sonia": SONIA,
    "julien": JULIEN,
    "technique-ville": AWA,  # the City's seat is Nadia's, who holds the pen
    "technique-bailleur": AWA,
    "technique-etat": FRANCOIS,
    "pilotage-ville": HELENE,
    "pilotage-bailleur": PATRICE,
    "pilotage-etat": FRANCOIS,
}
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8ffff3f0005fe02fea7359681"
    "0000000049454e44ae426082"
)
LATER = datetime(2027, 2, 1, 10, tzinfo=ZoneInfo("Europe/Paris"))
"""After every day that the examples speak of."""


def scenario(slug: str, name: str) -> dict[str, Any]:
    return yaml.safe_load((LIBRARY / slug / "scenarios" / f"{name}.yaml").read_text("utf-8"))


def example(slug: str) -> dict[str, Any]:
    return json.loads((LIBRARY / slug / "example.json").read_text("utf-8"))


def a_second_landlord() -> None:
    """Julien gives the opinion of his landlord, beside his seat."""
    since = clock.today() - timedelta(days=800)
    people.assign(JULIEN, "referent_bailleur", "habitat-du-drac", "mistral", since=since)
    db.session.commit()


class Played:
    """One dossier of the operation Mistral and everybody who acts on it. Each act is a transaction of its own."""

    def __init__(self, slug: str, by: str = NADIA) -> None:
        found = current(slug, "mistral")
        assert found is not None
        with clock.at(LATER - timedelta(hours=1)):
            row, _new = actions.begin_for_operation(identity(by), "mistral", found)
        self.reference, self.slug = row.reference, slug
        self.said: dict[str, Any] = {}
        self.asked: Mapping[str, Any] = {}
        db.session.commit()

    @classmethod
    def going_on(cls, slug: str, reference: str) -> "Played":
        """One that was begun elsewhere."""
        found = cls.__new__(cls)
        found.reference, found.slug, found.said, found.asked = reference, slug, {}, {}
        return found

    @property
    def row(self) -> Dossier:
        return queries.by_reference(self.reference)

    def known(self, by: str) -> approvals.Standing:
        return queries.file(identity(by), self.reference).known

    def stage(self) -> str | None:
        """Where it stands; nothing is held afterwards."""
        found = self.known(NADIA).course.stage
        db.session.rollback()
        return found

    def write(self, by: str, more: Mapping[str, Any] | None = None) -> None:
        """The pages that the step asks, as the example answers them."""
        file = queries.file(identity(by), self.reference)
        assert file.filling, f"{by} is not asked at {list(file.known.state.open)}"
        step = file.published.circuit.step(file.filling)
        for page, told in example(self.slug).items():
            if step.looks_at(page):
                self.said[page] = told | self.asked.get(page, {}) | dict(more or {}).get(page, {})
        actions.write_answers(identity(by), self.reference, self.said)

    def hand_on(self, by: str, more: Mapping[str, Any] | None = None) -> None:
        self.write(by, more)
        actions.submit(identity(by), self.reference, self.known(by).course.version)
        db.session.commit()

    def decide(self, by: str, command: str, step: str = "", **more: Any) -> None:
        known = self.known(by)
        shown = queries.present_set(self.row).fingerprint
        step = step or self._step_of(by)
        told = Decision(command=command, step=step, version=known.course.version, shown=shown, **more)
        actions.decide(identity(by), self.reference, told)
        db.session.commit()

    def sign(self, by: str, party: str) -> None:
        """Signed on paper by a party, its copy attached by somebody."""
        scan = keep_file("mistral", self.row.subject, PIXEL, "image/png", by).sha256
        self.decide(by, "Sign", next(iter(self.known(by).state.open)), channel="paper", scan_hash=scan, party=party)

    def _step_of(self, by: str) -> str:
        open_now = self.known(by).state.open
        offers = queries.file(identity(by), self.reference).offers
        mine = {one.possible.step for one in offers}
        return next(step for step in open_now if step in mine)

    def play(self, told: Mapping[str, Any], until: str = "") -> None:
        """Each act of a stored scenario, an hour after the other, with the people of the cast. until: a stage."""
        self.asked = told["answers"]
        for rank, act in enumerate(told["steps"]):
            with clock.at(LATER + timedelta(hours=rank)):
                if until and self.stage() == until:
                    return
                self.act(act)
        db.session.rollback()

    def act(self, told: Mapping[str, Any]) -> None:
        by, given = CAST[told["by"]], told.get("with", {})
        if told["do"] == "submit":
            self.hand_on(by)
        elif told["do"] == "sign":
            self._everybody_signs(CAST[given["recorded_by"]])
        elif told["do"] == "approve" and self._body_of_now():
            self._everybody_approves()
        elif told["do"] != "approve" or self._body_of_now() is not None:
            command = "".join(part.title() for part in told["do"].split("_"))
            more = {name: given[name] for name in ("step", "opinion", "reason", "to") if name in given}
            self.decide(by, command, **more)

    def _step_now(self, kind: Kind) -> Step | None:
        known = self.known(NADIA)
        steps = (known.published.circuit.step(step) for step in known.state.open)
        return next((step for step in steps if step.kind is kind), None)

    def _everybody_signs(self, by: str) -> None:
        """One act of a scenario stands for all parties of its step; the next ones find that they have signed."""
        if self._step_now(Kind.SIGNATURE):
            for one in approvals.signers(identity(by), self.known(by)):
                self.sign(by, one.organisation or "")

    def _everybody_approves(self) -> None:
        """Likewise: a body has more seats here than in the scenario."""
        while step := self._step_now(Kind.APPROVAL):
            known = self.known(NADIA)
            spoken = {vote.voice.organisation for vote in known.state.votes_at(step.id)}
            seats = sorted(voices(known.published.circuit, known.state, step, known.context), key=str)
            self.decide(next(one.person for one in seats if one.organisation not in spoken), "Approve", step.id)

    def _body_of_now(self) -> str | None:
        """The body that is asked to approve, "" where persons are; None where nobody is."""
        step = self._step_now(Kind.APPROVAL) or self._step_now(Kind.VISA)
        return (step.who.body or "") if step else None
