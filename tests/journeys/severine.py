"""The operation Séverine from its model, with a contractor's mission under way: people, households, dossiers."""

import random
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from tests import factories
from tests.journeys.deciding import fitted
from tests.journeys.serving import Installation
from workflow import clock
from workflow.app import ROOT
from workflow.catalogue.queries import current
from workflow.config import DEMONSTRATION, private_file
from workflow.db import db
from workflow.dossiers import actions
from workflow.dossiers.models import Dossier, Household
from workflow.exchange import actions as exchange
from workflow.exchange.rules.invented import answers
from workflow.filing import actions as filing
from workflow.migrations import running
from workflow.operations.models import Building
from workflow.people import actions as people

NORA, BASTIEN, ODILE, YANN, MARC, AGNES = (
    *("nora-lakhal", "bastien-ruel", "odile-faure", "yann-prigent", "marc-tissier", "agnes-royer"),
)
CAST = [
    # person, name, role, organisation one acts for, employer
    (NORA, "Nora Lakhal", "charge_relogement", "saint-etienne", "polygones"),
    (BASTIEN, "Bastien Ruel", "agent_relogement", "saint-etienne", "polygones"),
    (ODILE, "Odile Faure", "agent_relogement", "saint-etienne", "saint-etienne"),
    (YANN, "Yann Prigent", "agent_relogement", "saint-etienne", "saint-etienne"),
    (AGNES, "Agnès Royer", "chef_de_projet", "saint-etienne", "saint-etienne"),
    (MARC, "Marc Tissier", "referent_bailleur", "alliade", "alliade"),
]
FOLLOWED = {
    # household: (its name, who follows it)
    "SEV-01": ("Aubin", NORA),  # a draft
    "SEV-02": ("Bazin", NORA),  # a dossier that came back to her
    "SEV-03": ("Collet", NORA),  # its reading waits to be recorded
    "SEV-04": ("Dorier", NORA),
    "SEV-05": ("Escoffier", BASTIEN),
    "SEV-06": ("Fargeot", BASTIEN),
    "SEV-07": ("Gerin", ODILE),
}
DIAGNOSIS = "diagnostic-social"
NAMES = [name for name, _follower in FOLLOWED.values()]


def furnish(relais: Installation) -> dict[str, str]:
    """Set it up before the installation starts. {household: reference of its dossier}, at three different steps."""
    made: dict[str, str] = {}
    with relais.inside() as app:
        running.upgrade()
        filing.ensure_authority(app.config["RELAIS"])
        exchange.publish_procedures(ROOT / "templates" / "procedures")
        exchange.install(described())
        put_households()
        db.session.commit()
        for make, reference in ((a_draft, "SEV-01"), (sent_back, "SEV-02"), (before_the_household, "SEV-03")):
            made[reference] = make(reference).reference
        absences()
    private_file(relais.home / DEMONSTRATION, b"invented data\n")
    return made


def described() -> dict[str, Any]:
    told = exchange.read_operation(ROOT / "templates" / "operations" / "severine.yaml")
    told["buildings"] = [{"slug": "tour-a", "name": "Tour A", "address": "3 rue des Lilas", "landlord": "alliade"}]
    told["people"] = [person(*one) for one in CAST]
    told["procedures"] = {DIAGNOSIS: {"variant": "conseillere"}}  # the landlord gives a visa, and may send back
    group = next(body for body in told["bodies"] if body["slug"] == "groupe-technique")
    next(seat for seat in group["seats"] if seat["organisation"] == "polygones")["titular"] = NORA
    return told


def person(slug: str, name: str, role: str, organisation: str, employer: str) -> dict[str, Any]:
    told = {"slug": slug, "name": name, "role": role, "organisation": organisation, "employer": employer}
    return told | {"email": f"{slug.replace('-', '.')}@example.org", "sentence": {"fr": "", "en": ""}}


def put_households() -> None:
    building = db.session.scalars(select(Building)).one()
    plain = {"building_id": building.id, "address": building.address, "dwelling_type": "T3", "surface": 61.5}
    plain |= {"landlord": "alliade", "persons": 2}
    plain |= dict.fromkeys(("phone", "email", "entrance", "floor", "zone"), "")
    for reference, (name, follower) in FOLLOWED.items():
        told = {"reference": reference, "name": f"Famille {name}", "referent": follower}
        told |= {"dwelling": reference[-2:], "tenant_reference": f"L-{reference[-2:]}"}
        actions.put_household("severine", plain | told, by=AGNES)


def a_draft(reference: str) -> Dossier:
    row = opened(reference)
    actions.write_answers(factories.identity(NORA), row.reference, {"A": said(row)["A"]})
    db.session.commit()
    return row


def submitted(reference: str) -> Dossier:
    row = opened(reference)
    actions.write_answers(factories.identity(NORA), row.reference, said(row))
    db.session.commit()
    actions.submit(factories.identity(NORA), row.reference, shown_version(row))
    db.session.commit()
    return row


def shown_version(row: Dossier) -> int:
    return factories.queries.file(factories.identity(NORA), row.reference).known.course.version


def sent_back(reference: str) -> Dossier:
    row = submitted(reference)
    why = "Le loyer noté n’est pas celui de la dernière quittance."
    decide(MARC, row, "SendBack", reason=why, sections=("D",))
    return row


def before_the_household(reference: str) -> Dossier:
    row = submitted(reference)
    decide(MARC, row, "Approve")
    return row


def opened(reference: str) -> Dossier:
    home = db.session.scalars(select(Household).where(Household.reference == reference)).one()
    row, _new = actions.open_dossier(factories.identity(NORA), home, current("diagnostic-social", "severine"))
    db.session.commit()
    return row


def decide(slug: str, row: Dossier, command: str, **more: Any) -> None:
    """At the landlord's check."""
    shown = factories.queries.present_set(row).fingerprint
    told = actions.Decision(command=command, step="visa_bailleur", version=shown_version(row), shown=shown, **more)
    actions.decide(factories.identity(slug), row.reference, told)
    db.session.commit()


def said(row: Dossier) -> dict[str, Any]:
    home = next(home for home in factories.HOMES if home["number"] == 9)
    told = answers(
        home,
        factories.MISTRAL,
        officer="Nora Lakhal",
        referent="Marc Tissier",
        today=clock.today(),
        rng=random.Random(9),
        interviewed=clock.today(),
        agreements=["alliade"],
    )
    told["I"].pop("I4", None)  # places this household refuses: those of another operation
    return fitted(current("diagnostic-social", "severine").form, told)


def absences() -> None:
    """Nora stands in for Yann, and will be away herself."""
    today = clock.today()
    for away, substitute, first in ((YANN, NORA, 30), (NORA, ODILE, 50)):
        days = (today + timedelta(days=first), today + timedelta(days=first + 5))
        people.put_absence(away, people.AbsenceDraft(substitute, *days), AGNES)
