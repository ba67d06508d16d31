"""A step may ask the person an answer names: that person alone, in what they hold in the operation."""

from __future__ import annotations

from flask import Flask

from tests.cast import CLAIRE, SONIA
from tests.factories import a_dossier, identity, said, version
from workflow.approvals.queries.standing import _Seats
from workflow.circuit.definition import load
from workflow.db import db
from workflow.dossiers import actions

NAMED = """
circuit: visite
label: {fr: "Visite", en: "Visit"}
stages:
  - id: avis
    label: {fr: "Avis", en: "Opinion"}
    steps:
      - {id: free, label: {fr: "x", en: "x"}, kind: opinion, who: {person_from: PATH}}
      - {id: landlord, label: {fr: "x", en: "x"}, kind: opinion, who: {person_from: PATH, relation: landlord}}
      - {id: city, label: {fr: "x", en: "x"}, kind: opinion, who: {person_from: PATH, organisation: grenoble}}
"""


def asked(app: Flask, name: str) -> dict[str, set[str]]:
    """Step → persons, when that name stands in the answers."""
    row = a_dossier()
    told = said(row.household)
    told["A"]["A_entretien"]["A6"] = name
    actions.write_answers(identity(CLAIRE), row.reference, told)
    actions.submit(identity(CLAIRE), row.reference, version(row))
    db.session.commit()
    circuit = load(NAMED.replace("PATH", "/data/A/A_entretien/A6"))
    seats = _Seats(row.subject, "mistral", circuit)
    return {step.id: {voice.person for voice in seats.at(step)} for step in circuit.steps()}


def test_the_person_named_is_asked_and_nobody_else(app: Flask) -> None:
    assert asked(app, SONIA) == {"free": {SONIA}, "landlord": {SONIA}, "city": set()}


def test_a_name_that_is_nobodys_asks_nobody(app: Flask) -> None:
    assert asked(app, "Claire Maurin") == {"free": set(), "landlord": set(), "city": set()}
