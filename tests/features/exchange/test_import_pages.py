"""A list of households brought in by a person, page after page."""

import io
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import undefer
from werkzeug.test import TestResponse

from tests.cast import BRUNO, CLAIRE, INES, JULIEN, MONIQUE, NADIA, SONIA
from tests.features.conftest import SignIn
from tests.features.exchange import files
from tests.features.exchange.files import TITLES, home, xlsx
from workflow import clock, outbox
from workflow.db import db
from workflow.dossiers.models import Household
from workflow.exchange.models import ImportRun
from workflow.record.models import Event, SubjectKey

BEGIN = "/operations/mistral/import"


@dataclass
class Bringing:
    """One person and one file."""

    client: FlaskClient
    last: TestResponse | None = None

    @property
    def text(self) -> str:
        tree = html.fromstring(self.last.text)
        for unread in tree.xpath("//script|//style|//noscript"):
            unread.drop_tree()
        return " ".join(tree.text_content().replace("\xa0", " ").replace("\u202f", " ").split())

    def send(self, data: bytes, name: str = "liste.xlsx") -> "Bringing":
        self.last = self.client.post(BEGIN, data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data")
        return self.follow()

    def follow(self) -> "Bringing":
        while self.last.status_code == 303:
            self.last = self.client.get(self.last.location)
        return self

    def press(self, where: str, **typed: Any) -> "Bringing":
        """Send the form of this page that goes there, as it stands but for what is typed."""
        form = next(one for one in html.fromstring(self.last.text).forms if (one.get("action") or "").endswith(where))
        sent: dict[str, Any] = {}
        for name, value in form.form_values():
            sent.setdefault(name, []).append(value)
        self.last = self.client.post(form.get("action"), data=sent | typed)
        return self.follow()

    def bring(self, data: bytes, name: str = "liste.xlsx", **typed: Any) -> "Bringing":
        """All the way."""
        self.send(data, name).press("/columns").press("/start", **typed)
        outbox.drain()
        self.last = self.client.get(self.last.request.path)
        return self


@pytest.fixture
def bringing(sign_in: SignIn) -> Bringing:
    return Bringing(sign_in(NADIA))


def households() -> list[Household]:
    """Every one, as it stands now; the transaction is over."""
    db.session.rollback()
    rows = list(db.session.scalars(select(Household).order_by(Household.reference)))
    db.session.expunge_all()
    db.session.rollback()
    return rows


def the_run() -> ImportRun | None:
    """The newest file, as it stands now, its bytes too."""
    db.session.rollback()
    row = db.session.scalars(
        select(ImportRun).options(undefer(ImportRun.sealed)).order_by(ImportRun.made_at.desc())
    ).first()
    db.session.expunge_all()
    db.session.rollback()
    return row


def known(row: Household, **more: Any) -> tuple[Any, ...]:
    """A household of the database as a row under TITLES."""
    from workflow.operations.models import Building

    building = db.session.get(Building, row.building_id).name
    told = {"name": row.name, "building": building, "dwelling": row.dwelling, "type": row.dwelling_type}
    told |= {"surface": row.surface, "persons": row.persons, "tenant": row.tenant_reference} | more
    return tuple(told.values())


# -- the way of a good file ---------------------------------------------------------------------------------------


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
    assert db.session.get(SubjectKey, f"import:{run.id}") is not None
    bringing.press("/columns").press("/start")
    outbox.drain()
    run = the_run()
    assert (run.state, run.sealed, run.done, run.total) == ("done", None, 1, 1)
    assert db.session.get(SubjectKey, f"import:{run.id}") is None


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


# -- rows that are wrong ------------------------------------------------------------------------------------------


def test_each_wrong_row_is_named_with_its_sheet_row_and_column(app: Flask, bringing: Bringing) -> None:
    rows = [TITLES, home(1), home(2, building="Nulle part"), home(3, surface="grand"), home(4, name="")]
    bringing.send(xlsx(rows)).press("/columns")
    for told in ("Ménages", "Nulle part", "grand", "Drac A"):
        assert told in bringing.text
    wrong = html.fromstring(bringing.last.text).xpath("//section[@aria-labelledby='wrong']//li")
    assert len(wrong) == 3


def test_wrong_rows_stop_everything_until_they_are_left_out_on_purpose(app: Flask, bringing: Bringing) -> None:
    count = len(households())
    rows = [TITLES, home(1), home(2, surface="grand")]
    bringing.send(xlsx(rows)).press("/columns").press("/start")
    outbox.drain()
    assert bringing.last.status_code == 422
    assert (len(households()), the_run().state) == (count, "checked")
    bringing.press("/start", leave_out="1")
    outbox.drain()
    run = the_run()
    assert (len(households()), run.state, run.counts["wrong"]) == (count + 1, "done", 1)
    assert run.findings == [{"row": 3, "column": "E", "field": "surface", "code": "number"}]
    assert "grand" not in str(run.findings)


def test_the_wrong_rows_are_given_back_as_they_were_with_what_to_mend(app: Flask, bringing: Bringing) -> None:
    rows = [TITLES, home(1), home(2, name="=HYPERLINK(1)", surface="grand")]
    data = xlsx(rows, lambda _book, sheet: setattr(sheet["A3"], "data_type", "s"))
    bringing.send(data).press("/columns")
    answer = bringing.client.get(f"{BEGIN}/{the_run().id}/a-corriger.xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    told = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert len(told) == 2
    assert told[1][:3] == [3, "=HYPERLINK(1)", "Drac A"]
    assert sheet["B2"].data_type == "s"
    assert "E" in told[1][-1] and "grand" in told[1][-1]


def test_two_rows_for_the_same_household_are_found(app: Flask, bringing: Bringing) -> None:
    rows = [TITLES, home(1), home(2, tenant="E-00001"), home(1, tenant=""), home(3)]
    bringing.send(xlsx(rows)).press("/columns")
    wrong = html.fromstring(bringing.last.text).xpath("//section[@aria-labelledby='wrong']//li")
    assert len(wrong) == 2
    assert all(" 2" in one.text_content() for one in wrong)


def test_a_file_that_is_refused_leaves_nothing_behind(app: Flask, bringing: Bringing) -> None:
    bringing.send(xlsx([TITLES, home(1)], lambda _book, sheet: sheet.merge_cells("A2:A3")))
    assert bringing.last.status_code == 422
    assert "A2:A3" in bringing.text
    assert the_run() is None


def test_sending_no_file_is_said(app: Flask, bringing: Bringing) -> None:
    answer = bringing.client.post(BEGIN, data={})
    assert answer.status_code == 422


# -- those already there ------------------------------------------------------------------------------------------


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


# -- the work in the background -----------------------------------------------------------------------------------


def test_work_done_twice_is_done_once(app: Flask, bringing: Bringing) -> None:
    bringing.bring(xlsx([TITLES, home(1)]))
    count = len(households())
    row = db.session.scalars(select(outbox.Outbox).where(outbox.Outbox.kind == "exchange.import_households")).one()
    row.state = outbox.PENDING
    db.session.commit()
    outbox.drain()
    assert len(households()) == count


def test_a_row_gone_bad_meanwhile_stops_the_whole_file(app: Flask, bringing: Bringing) -> None:
    from workflow.operations.models import Building

    count = len(households())
    bringing.send(xlsx([TITLES, home(1), home(2)])).press("/columns").press("/start")
    building = db.session.scalars(select(Building).where(Building.name == "Drac A")).one()
    building.name, building.slug, building.address = "Autre", "autre", "ailleurs"
    db.session.commit()
    outbox.drain()
    assert (len(households()), the_run().state, the_run().sealed) == (count, "failed", None)


def test_the_page_shows_how_far_the_work_is_and_works_without_a_script(app: Flask, bringing: Bringing) -> None:
    bringing.send(xlsx([TITLES, home(1)])).press("/columns").press("/start")
    tree = html.fromstring(bringing.last.text)
    address = tree.xpath("//@data-poll")[0]
    assert tree.xpath("//main//noscript//a")
    assert "data-done" not in bringing.client.get(address).text
    outbox.drain()
    assert "data-done" in bringing.client.get(address).text


def test_a_file_nobody_goes_on_with_is_erased(app: Flask, bringing: Bringing) -> None:
    bringing.send(xlsx([TITLES, home(1)]))
    run_id = the_run().id
    row = db.session.scalars(select(outbox.Outbox).where(outbox.Outbox.kind == "exchange.forget_file")).one()
    assert row.next_at > clock.now() + timedelta(days=6)
    row.next_at = clock.now() - timedelta(days=1)
    db.session.commit()
    outbox.drain()
    run = db.session.get(ImportRun, run_id, populate_existing=True)
    assert (run.state, run.sealed) == ("dropped", None)
    db.session.rollback()
    assert bringing.client.get(f"{BEGIN}/{run_id}").status_code == 404


def test_a_file_that_is_given_up_is_erased_at_once(app: Flask, bringing: Bringing) -> None:
    bringing.send(xlsx([TITLES, home(1)])).press("/drop")
    assert (the_run().state, the_run().sealed) == ("dropped", None)


# -- who ----------------------------------------------------------------------------------------------------------


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
