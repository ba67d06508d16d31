"""Households that are there already are shown, never doubled."""

from flask import Flask
from lxml import html

from tests.cast import NADIA
from tests.features.exchange.bringing import Bringing, households, known, the_run
from tests.features.exchange.files import TITLES, home, xlsx
from workflow import outbox
from workflow.db import db
from workflow.dossiers.models import Household


def test_bringing_the_same_file_again_changes_nothing(app: Flask, bringing: Bringing) -> None:
    data = xlsx([TITLES, home(1), home(2)])
    bringing.bring(data)
    before = [(row.id, row.version, row.name) for row in households()]
    bringing.send(data).press("/columns")
    assert "2" in bringing.text
    bringing.press("/start")
    assert bringing.last.status_code == 422
    outbox.drain()
    assert [(row.id, row.version, row.name) for row in households()] == before


def test_a_household_is_known_by_its_dwelling_and_name_without_accents(app: Flask, bringing: Bringing) -> None:
    bringing.bring(xlsx([TITLES, home(1, name="Mme Éléonore Noël", tenant="")]))
    count = len(households())
    bringing.send(xlsx([TITLES, home(1, name="mme eleonore NOEL", tenant="")])).press("/columns")
    bringing.press("/start", apply_all="1")
    outbox.drain()
    assert len(households()) == count


def test_a_difference_is_shown_and_written_only_when_it_is_ticked(app: Flask, bringing: Bringing) -> None:
    one, other = households()[:2]
    rows = [TITLES, known(one, persons=9), known(other, persons=8), home(1)]
    bringing.send(xlsx(rows)).press("/columns")
    assert one.reference in bringing.text and other.reference in bringing.text
    assert [one.persons, other.persons] != [9, 8]
    kept = other.persons
    bringing.press("/start", apply=one.id)
    outbox.drain()
    after = {row.id: row for row in households()}
    assert (after[one.id].persons, after[other.id].persons) == (9, kept)
    assert the_run().counts["applied"] == 1


def test_an_empty_cell_erases_nothing(app: Flask, bringing: Bringing) -> None:
    row = households()[0]
    bringing.send(xlsx([TITLES, known(row, persons=None, surface="", type="")])).press("/columns")
    assert not html.fromstring(bringing.last.text).xpath("//input[@name='apply']")


def test_a_household_merged_into_another_is_not_entered_again(app: Flask, bringing: Bringing) -> None:
    bringing.bring(xlsx([TITLES, home(1)]))
    rows = households()
    twin, stays = rows[-1], rows[0]
    db.session.get_one(Household, twin.id).merged_into = stays.id
    db.session.commit()
    count = len(rows)
    bringing.send(xlsx([TITLES, home(1), home(2)])).press("/columns").press("/start")
    outbox.drain()
    assert len(households()) == count + 1


def test_one_typed_while_the_file_waited_is_not_doubled(app: Flask, bringing: Bringing) -> None:
    from workflow.dossiers import actions

    bringing.send(xlsx([TITLES, home(1), home(2)])).press("/columns").press("/start")
    known_now = households()[0]
    told = {"name": "Ménage essai 1", "building_id": known_now.building_id, "dwelling": "Z-1", "landlord": "actis"}
    actions.register_household("mistral", told | {"tenant_reference": "E-00001"}, NADIA)
    db.session.commit()
    count = len(households())
    outbox.drain()
    assert len(households()) == count + 1
