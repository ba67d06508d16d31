"""The diagnosis in operations that are not Mistral: other landlords, teams and quorums, up to the sealed sheet."""

import random
import subprocess
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from tests import factories
from tests.features.catalogue.conftest import Install
from workflow import clock, outbox
from workflow.access import Identity
from workflow.approvals.queries import waiting_for
from workflow.catalogue.queries import current
from workflow.db import db
from workflow.dossiers import actions, queries
from workflow.dossiers.actions import Decision
from workflow.dossiers.models import Dossier, Household
from workflow.errors import Forbidden, NotFound, Refused
from workflow.exchange.rules.invented import answers
from workflow.filing import queries as filing
from workflow.people import actions as people
from workflow.people import queries as who
from workflow.people.models import Person

OFFICER, REFERENT = "officer", "referent"
ELSEWHERE = ("Mistral", "Grenoble", "ACTIS", "Drac", "ZAC", "Isère")


@dataclass
class Operation:
    """One operation with its own people, made from a model."""

    told: dict[str, Any]

    @property
    def slug(self) -> str:
        return self.told["slug"]

    @property
    def owner(self) -> str:
        return self.told["owner"]

    @property
    def landlord(self) -> str:
        return self.told["origin_landlord"]

    def gets(self, person: str, role: str, organisation: str, employer: str | None = None, body: str | None = None):
        since = clock.today() - timedelta(days=30)
        people.put_person(person, person.replace("-", " ").title(), f"{person}@example.org", "04 65 71 99 00")
        people.assign(person, role, organisation, self.slug, since=since, employer=employer, body=body)

    def gets_seats(self, *organisations: str) -> None:
        for organisation in organisations:
            self.gets(f"seat-{organisation}", "siege_commission", organisation, body="commission-relogement")

    def household(self) -> Household:
        told = {"reference": f"{self.slug[:3].upper()}-0001", "name": "Famille Chapuis", "dwelling": "12"}
        told |= {"landlord": self.landlord, "referent": OFFICER, "dwelling_type": "T3", "surface": 62.0, "floor": "1"}
        told |= {"entrance": "A", "address": "3 rue des Acacias", "phone": "04 65 71 99 01", "persons": 2}
        return actions.put_household(self.slug, told | {"zone": self._zone()}, by=OFFICER)

    def _zone(self) -> str:
        return next((zone["slug"] for zone in self.told["zones"]), "operation")

    def answers(self, agreements: tuple[str, ...]) -> dict[str, Any]:
        """What a household of Mistral said, in the words of this operation's lists."""
        home, day = factories.HOMES[0], clock.today()
        said = answers(
            home,
            factories.MISTRAL,
            officer="Officer",
            referent="Referent",
            today=day,
            rng=random.Random(7),
            interviewed=day - timedelta(days=1),
            agreements=agreements,
        )
        first, second, third = [place["slug"] for place in self.told["places"]][:3]
        said["A"]["A_logement"] |= {"A1_zone": self._zone(), "A1": "Bâtiment A"}
        said["A"]["A_entretien"]["A6_employeur"] = "autre"
        said["I"] |= {"secteur": [{"I3": first}], "I4": [third]}
        said["I"].pop("I4_raison", None)
        said["I_projet"]["I11"] = [self.landlord]
        said["I"]["I_choix"] = {"I15_1": first, "I15_2": second}
        said["J"] = {name: value for name, value in said["J"].items() if name != "action"} | {"J6_a": "non"}
        return said


def identity(person: str) -> Identity:
    return who.identity_of_person(db.session.get_one(Person, person))


def decision(row: Dossier, command: str, step: str, **more: Any) -> Decision:
    version = queries.file(identity(OFFICER), row.reference).known.course.version
    return Decision(command=command, step=step, version=version, shown=queries.present_set(row).fingerprint, **more)


def decide(person: str, row: Dossier, command: str, step: str, **more: Any) -> None:
    actions.decide(identity(person), row.reference, decision(row, command, step, **more))
    db.session.commit()


def handed_on(operation: Operation, agreements: tuple[str, ...]) -> Dossier:
    row, _new = actions.open_dossier(
        identity(OFFICER), operation.household(), current("diagnostic-social", operation.slug)
    )
    actions.write_answers(identity(OFFICER), row.reference, operation.answers(agreements))
    shown = queries.file(identity(OFFICER), row.reference).known.course.version
    actions.submit(identity(OFFICER), row.reference, shown)
    db.session.commit()
    return row


def printed(pdf: bytes) -> str:
    """What one reads on a paper."""
    ran = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True, timeout=30)
    return ran.stdout.decode()


def open_steps(row: Dossier) -> list[str]:
    return queries.open_steps(row)


@pytest.fixture
def severine(install: Install) -> Operation:
    """Filled in by a pair: the provider's officer for the city, then the landlord's referent."""
    operation = Operation(install("severine"))
    operation.gets(OFFICER, "charge_relogement", "saint-etienne", employer="polygones")
    operation.gets(REFERENT, "referent_bailleur", "alliade")
    operation.gets_seats("saint-etienne", "alliade", "prefecture-loire")
    db.session.commit()
    return operation


@pytest.fixture
def opac(install: Install) -> Operation:
    """Filled in by the consultancy for the landlord, which answers for the operation and checks by itself."""
    operation = Operation(install("opac-du-rhone") | {"origin_landlord": "opac-du-rhone"})
    operation.gets(OFFICER, "charge_relogement", "opac-du-rhone", employer="etudes-du-parc")
    operation.gets(REFERENT, "referent_bailleur", "opac-du-rhone")
    operation.gets_seats("opac-du-rhone", "prefecture-rhone", "cg-rhone")
    db.session.commit()
    return operation


def test_at_severine_a_household_comes_to_its_sealed_sheet_with_its_own_people(severine: Operation) -> None:
    row = handed_on(severine, ("alliade", "prefecture-loire"))
    assert open_steps(row) == ["complement"]
    assert [waiting.task.step for waiting in waiting_for(identity(REFERENT))] == ["complement"]
    actions.submit(
        identity(REFERENT), row.reference, queries.file(identity(REFERENT), row.reference).known.course.version
    )
    db.session.commit()
    decide(OFFICER, row, "Sign", "lecture_menage", channel="screen")
    decide("seat-saint-etienne", row, "Approve", "validation")
    assert open_steps(row) == ["validation"], "one voice of two that are needed"
    decide("seat-prefecture-loire", row, "Approve", "validation")
    assert open_steps(row) == []
    subject = row.subject
    db.session.rollback()
    outbox.drain()
    papers = {paper.audience: paper for paper in filing.papers(subject)}
    assert {audience: paper.state for audience, paper in papers.items()} == {
        "commission": "ready",
        "household": "ready",
    }
    for paper in papers.values():
        text = printed(filing.bytes_of(paper, "pdf"))
        assert "Séverine, Saint-Étienne" in text
        assert "Alliade Habitat" in text
        assert [word for word in ELSEWHERE if word in text] == []


def test_what_the_operation_knows_need_not_be_asked_again(severine: Operation) -> None:
    row, _new = actions.open_dossier(
        identity(OFFICER), severine.household(), current("diagnostic-social", severine.slug)
    )
    instance, _ = queries.opened(row, queries.present_set(row))
    assert instance.get("/data/A/A_bailleur") == "alliade"
    assert instance.get("/data/A/A_responsable") == "saint-etienne"
    assert instance.get("/data/E/E_calculs/E_seuil") == "30"
    assert instance.get("/data/A/A_logement/A1_zone") == "operation"


def test_a_landlord_the_household_did_not_agree_to_checks_nothing(severine: Operation) -> None:
    row = handed_on(severine, ("prefecture-loire",))
    assert open_steps(row) == ["lecture_menage"]
    with pytest.raises(NotFound):
        queries.file(identity(REFERENT), row.reference)


def test_a_landlord_that_answers_for_the_operation_checks_without_being_ticked(opac: Operation) -> None:
    row = handed_on(opac, ("prefecture-rhone", "cg-rhone"))
    assert open_steps(row) == ["visa_bailleur"]
    decide(REFERENT, row, "Approve", "visa_bailleur")
    decide(OFFICER, row, "Sign", "lecture_menage", channel="screen")
    decide("seat-opac-du-rhone", row, "Approve", "validation")
    decide("seat-cg-rhone", row, "Approve", "validation")
    assert open_steps(row) == []


def test_who_fills_in_does_not_check_their_own_work(opac: Operation) -> None:
    opac.gets(OFFICER, "referent_bailleur", "opac-du-rhone")
    row = handed_on(opac, ("prefecture-rhone",))
    with pytest.raises(Refused) as refused:
        decide(OFFICER, row, "Approve", "visa_bailleur")
    assert refused.value.code == "self_approval"


def test_nobody_of_one_operation_reads_or_opens_anything_in_another(severine: Operation, install: Install) -> None:
    row = handed_on(severine, ("alliade",))
    other = Operation(install("champratel"))
    other.gets("stranger", "charge_relogement", "alliade", employer="ophys")
    db.session.commit()
    with pytest.raises(NotFound):
        queries.file(identity("stranger"), row.reference)
    with pytest.raises(Forbidden):
        actions.open_dossier(identity("stranger"), row.household, current("diagnostic-social", severine.slug))
