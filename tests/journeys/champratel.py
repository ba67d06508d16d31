"""The operation Champratel from its model, with those who sign its convention: invented people, no household."""

from typing import Any

from tests.journeys.serving import Installation
from tests.journeys.severine import person
from workflow.app import ROOT
from workflow.db import db
from workflow.exchange import actions as exchange
from workflow.operations.models import Operation

MANAGER, DIRECTOR = "Camille Rochette", "Benoît Vernet"
JEANNE, PAUL, SABINE, HENRI = "Jeanne Astier", "Paul Chassaing", "Sabine Rocher", "Henri Delmas"
MAILS = {
    DIRECTOR: "benoit.vernet@example.org",
    JEANNE: "jeanne.astier@example.com",
    PAUL: "paul.chassaing@example.com",
    SABINE: "sabine.rocher@example.com",
    HENRI: "henri.delmas@example.com",
}
SIGNERS = {
    "alliade": (HENRI, "directeur du patrimoine"),
    "ophys": (JEANNE, "directrice générale"),
    "logidome": (PAUL, "directeur général"),
    "scic-habitat": (SABINE, "directrice territoriale"),
    "auvergne-habitat": (DIRECTOR, "directeur général"),
}
"""{organisation: (who signs for it, in what capacity)}: the five of the convention."""


def install(relais: Installation) -> None:
    """Beside what is there already; done once."""
    told = described()
    with relais.inside():
        if db.session.get(Operation, told["slug"]) is None:
            exchange.install(told)


def described() -> dict[str, Any]:
    told = exchange.read_operation(ROOT / "templates" / "operations" / "champratel.yaml")
    told["people"] = [
        person("camille-rochette", MANAGER, "chef_de_projet", "arhlm-auvergne", "arhlm-auvergne"),
        person("benoit-vernet", DIRECTOR, "siege_commission", "auvergne-habitat", "auvergne-habitat"),
    ]
    for office in told["organisations"]:
        if office["slug"] in SIGNERS:
            name, capacity = SIGNERS[office["slug"]]
            office |= {"represented_by": name, "capacity": capacity, "email": MAILS[name]}
    seats = next(body["seats"] for body in told["bodies"] if body["slug"] == "commission-relogement")
    next(seat for seat in seats if seat["organisation"] == "auvergne-habitat")["titular"] = "benoit-vernet"
    return told
