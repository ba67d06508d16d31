"""A list of households brought in by a person, page after page: a good file, and who may."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.cast import BRUNO, CLAIRE, INES, JULIEN, MONIQUE, NADIA, SONIA
from tests.features.conftest import SignIn
from tests.features.exchange import files
from tests.features.exchange.bringing import BEGIN, Bringing, households, known, the_run
from tests.features.exchange.files import TITLES, home, xlsx
from workflow import outbox
from workflow.db import db
from workflow.record.models import Event, SubjectKey
from workflow.record.queries import key_of


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_list_comes_in_with_references_that_follow_on(app: Flask, bringing: Bringing, kind: str) -> None:
    before = households()
    rows = [TITLES, home(1), home(2), home(3)]
    bringing.bring(xlsx(rows) if kind == "xlsx" else files.csv(rows), f"liste.{kind}")
    assert "3 ménages" in bringing.text or "3 households" in bringing.text
    after = households()
    assert [row.reference for row in after[len(before) :]] == ["MIS-0013", "MIS-0014", "MIS-0015"]
    new = after[-1]
    assert (new.name, new.dwelling, new.surface, new.persons, new.state) == (
        "Ménage essai 3",
        "Z-3",
        62.5,
        3,
        "to_contact",
    )
    assert (new.landlord, new.address, new.version) == ("actis", "2 allée des Galets", 1)
    assert " menage essai 3 " in new.search


def test_the_file_is_sealed_while_it_waits_and_erased_when_it_is_in(app: Flask, bringing: Bringing) -> None:
    bringing.send(xlsx([TITLES, home(1)]))
    run = the_run()
    assert run.sealed and b"essai" not in run.sealed
    assert key_of(f"import:{run.id}") is not None
    bringing.press("/columns").press("/start")
    outbox.drain()
    run = the_run()
    assert (run.state, run.sealed, run.done, run.total) == ("done", None, 1, 1)
    assert key_of(f"import:{run.id}") is None
    assert db.session.get_one(SubjectKey, f"import:{run.id}").wrapped == b"", "the key is nowhere any more"


def test_one_fact_tells_how_many_came_and_names_nobody(app: Flask, bringing: Bringing) -> None:
    bringing.bring(xlsx([TITLES, home(1), home(2)]))
    db.session.rollback()
    facts = [row for row in db.session.scalars(select(Event)) if row.kind == "HouseholdsImported"]
    assert len(facts) == 1
    assert '"count":2' in facts[0].body and '"first":"MIS-0013"' in facts[0].body
    assert "essai" not in facts[0].body


def test_situations_and_dates_are_taken_as_the_french_write_them(app: Flask, bringing: Bringing) -> None:
    titles = ("Nom", "Bâtiment", "Logement", "Situation", "Depuis le")
    bringing.bring(xlsx([titles, ("A", "Drac A", "Z-1", "Relogé", "12 mars 2026"), ("B", "drac-b", 12, "", "")]))
    one, other = households()[-2:]
    assert (one.state, one.state_since.date().isoformat()) == ("moved", "2026-03-12")
    assert (other.state, other.dwelling) == ("to_contact", "12")


def test_columns_are_asked_when_they_are_not_understood_and_remembered_afterwards(
    app: Flask, bringing: Bringing
) -> None:
    rows = [("Qui", "Où", "Porte n°"), ("A", "Drac A", "Z-1")]
    bringing.send(xlsx(rows))
    bringing.press("/columns")
    assert bringing.last.status_code == 422
    assert "Nom du ménage" in bringing.text or "Name of the household" in bringing.text
    bringing.press("/columns", **{"column-A": "name", "column-B": "building", "column-C": "dwelling"})
    assert bringing.last.status_code == 200
    bringing.press("/drop")
    bringing.send(xlsx([*rows, ("B", "Drac A", "Z-2")])).press("/columns")
    assert bringing.last.status_code == 200


def test_one_thing_cannot_stand_in_two_columns(app: Flask, bringing: Bringing) -> None:
    bringing.send(xlsx([("Nom", "Bâtiment", "Logement", "Nom"), ("A", "Drac A", "Z-1", "B")]))
    bringing.press("/columns", **{"column-A": "name", "column-D": "name"})
    assert bringing.last.status_code == 422
    assert "A, D" in bringing.text


def test_another_sheet_of_the_file_may_be_chosen(app: Flask, bringing: Bringing) -> None:
    def more(book: Any, _sheet: Any) -> None:
        other = book.create_sheet("Autres")
        for row in (("Nom du ménage", "Bâtiment", "Logement"), ("Autre", "Drac A", "Z-9")):
            other.append(row)

    bringing.send(xlsx([TITLES, home(1)], more)).press("/columns", sheet="Autres")
    bringing.press("/columns").press("/start")
    outbox.drain()
    assert households()[-1].name == "Autre"


@pytest.mark.parametrize("slug", [JULIEN, SONIA, MONIQUE])
def test_who_enters_no_households_finds_no_such_page(app: Flask, sign_in: SignIn, slug: str) -> None:
    assert sign_in(slug).get(BEGIN).status_code == 404


@pytest.mark.parametrize("slug", [CLAIRE, BRUNO, NADIA, INES])
@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv"])
def test_who_enters_households_gets_the_template(app: Flask, sign_in: SignIn, slug: str, kind: str) -> None:
    answer = sign_in(slug).get(f"{BEGIN}/modele.{kind}")
    assert answer.status_code == 200
    assert len(answer.data) > 100


def test_a_file_under_way_is_its_makers_alone(app: Flask, bringing: Bringing, sign_in: SignIn) -> None:
    bringing.send(xlsx([TITLES, home(1)]))
    run_id = the_run().id
    db.session.rollback()
    assert sign_in(CLAIRE).get(f"{BEGIN}/{run_id}").status_code == 404


def test_who_may_not_read_names_is_shown_no_name_that_is_known(app: Flask, sign_in: SignIn) -> None:
    row = households()[0]
    data = xlsx([TITLES, known(row, name="Tout autre nom")])
    name = row.name
    db.session.rollback()
    ines = Bringing(sign_in(INES)).send(data).press("/columns")
    assert row.reference in ines.text
    assert name not in ines.text


def test_who_follows_each_household_is_taken_by_name_and_stands_in_the_record(app: Flask, bringing: Bringing) -> None:
    titles = ("Nom", "Prénom", "Bâtiment", "Logement", "Suivi par")
    rows = [
        titles,
        ("Essai", "Ada", "Drac A", "Z-1", "Claire Maurin"),
        ("Essai", "Léo", "Drac A", "Z-2", "CASTEL Bruno"),
    ]
    bringing.bring(xlsx(rows))
    one, other = households()[-2:]
    assert [(row.name, row.referent) for row in (one, other)] == [("Essai Ada", CLAIRE), ("Essai Léo", BRUNO)]
    facts = db.session.scalars(select(Event).where(Event.subject == f"household:{one.id}")).all()
    assert [fact.kind for fact in facts] == ["ReferentSet"]
    assert CLAIRE in facts[0].body


def test_files_brought_in_before_are_listed_with_what_they_brought(app: Flask, bringing: Bringing) -> None:
    bringing.bring(xlsx([TITLES, home(901)]))
    bringing.last = bringing.client.get(BEGIN)
    assert bringing.last.status_code == 200
    assert "liste.xlsx" in bringing.text


def test_hidden_rows_of_a_file_are_said(app: Flask, bringing: Bringing) -> None:
    def hide(_book: Any, sheet: Any) -> None:
        sheet.row_dimensions[2].hidden = True

    assert bringing.send(xlsx([TITLES, home(902)], hide)).press("/columns").last.status_code == 200
    assert "masqu" in bringing.text
