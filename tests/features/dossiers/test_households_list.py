"""The list of households: search, filters, order, pages, and what each reader sees of it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from tests import factories
from tests.cast import CLAIRE, FRANCOIS, JULIEN, MONIQUE, NADIA, SONIA
from tests.features.conftest import SignIn
from workflow import clock
from workflow.approvals.queries import tasks
from workflow.db import db
from workflow.dossiers import actions
from workflow.dossiers.models import Household
from workflow.exchange import actions as exchange


def _page(client: FlaskClient, **asked: object) -> str:
    answer = client.get("/households", query_string=asked)
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


def _references(page: str) -> list[str]:
    """References of the lines of the table, in their order."""
    body = page.partition("<tbody")[2].partition("</tbody>")[0]
    return [found[0] for row in body.split("<tr")[1:] if (found := re.findall(r"(?:ACT|MIS)-\d{4,6}(?!\d*-)", row))]


def _put(reference: str, name: str, **more: object) -> Household:
    told = {"reference": reference, "name": name, "dwelling": "ZZ-901", "landlord": "actis", **more}
    row = actions.put_household("mistral", told, NADIA)
    db.session.commit()
    return row


def test_the_list_shows_every_household_to_those_who_follow_them(app: Flask, sign_in: SignIn) -> None:
    page = _page(sign_in(CLAIRE))
    assert len(_references(page)) == 12
    assert factories.HOMES[0]["display"] in page
    assert "12 ménages" in page or "12 households" in page


@pytest.mark.parametrize(
    "words", ["elodie", "ÉLODIE noel", "rue des oeillets", "zz 901", "ZZ901", "act-009999", "009999"]
)
def test_a_search_ignores_accents_case_and_punctuation(app: Flask, sign_in: SignIn, words: str) -> None:
    _put("ACT-009999", "Mme Élodie Noël", address="3 rue des Œillets, Grenoble")
    assert _references(_page(sign_in(CLAIRE), q=words)) == ["ACT-009999"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("yildiz", "Mme Ayşe Yıldız"),
        ("YILDIZ", "M. YILDIZ"),
        ("lukasz", "M. Łukasz Wójcik"),
        ("soren", "M. Søren Krog"),
        ("dordevic", "Mme Đorđević"),
        ("weiss", "Mme Weiß"),
        ("Yıldız", "M. Yildiz"),
    ],
)
def test_a_name_is_found_as_another_keyboard_types_it(app: Flask, sign_in: SignIn, typed: str, name: str) -> None:
    _put("ACT-009999", name)
    assert _references(_page(sign_in(CLAIRE), q=typed)) == ["ACT-009999"]


@pytest.mark.parametrize("words", ["100%", "_", "'; drop table dossiers_household; --", "\\", "<script>", "a" * 5000])
def test_signs_with_a_meaning_elsewhere_are_only_signs(app: Flask, sign_in: SignIn, words: str) -> None:
    _put("ACT-009999", "Mme Élodie Noël")
    answer = sign_in(CLAIRE).get("/households", query_string={"q": words})
    assert answer.status_code == 200
    assert b"<script>" not in answer.data


def test_a_search_without_result_says_so_and_offers_the_whole_list(app: Flask, sign_in: SignIn) -> None:
    page = _page(sign_in(CLAIRE), q="nobody of that name")
    assert _references(page) == []
    assert 'class="empty"' in page
    assert 'href="/households"' in page


def test_filters_narrow_the_list_and_stay_in_the_address(app: Flask, sign_in: SignIn) -> None:
    row = factories.a_household(3)
    reference, building = row.reference, row.building_id
    actions.set_state(row, "unreachable", CLAIRE)
    db.session.commit()
    client = sign_in(CLAIRE)
    assert _references(_page(client, state="unreachable")) == [reference]
    both = _page(client, state="unreachable", building=building, sort="dwelling")
    assert _references(both) == [reference]
    download = re.search(r'href="(/households\.xlsx\?[^"]+)"', both)
    assert download is not None
    for part in ("state=unreachable", f"building={building}", "sort=dwelling"):
        assert part in download[1]


def test_mine_keeps_the_households_this_person_follows(app: Flask, sign_in: SignIn) -> None:
    mine = [row.reference for row in db.session.query(Household).filter_by(referent=CLAIRE).order_by("reference")]
    db.session.rollback()
    assert 0 < len(mine) < 12
    assert _references(_page(sign_in(CLAIRE), mine="1", sort="reference")) == mine


@pytest.mark.parametrize("asked", [{"state": "nonsense"}, {"sort": "search; --"}, {"page": "-4"}, {"page": "9" * 30}])
def test_an_address_that_makes_no_sense_shows_the_plain_list(
    app: Flask, sign_in: SignIn, asked: dict[str, str]
) -> None:
    assert len(_references(_page(sign_in(CLAIRE), **asked))) == 12


def test_names_are_ordered_without_regard_to_accents(app: Flask, sign_in: SignIn) -> None:
    for number, name in enumerate(("Éa", "eb", "Ec", "Zz", "")):
        _put(f"ACT-00990{number}", name, address="9 rue Uniquement-Ici")
    found = _references(_page(sign_in(CLAIRE), sort="name"))
    ours = [reference for reference in found if reference.startswith("ACT-0099")]
    assert ours == ["ACT-009900", "ACT-009901", "ACT-009902", "ACT-009903", "ACT-009904"], "an erased name comes last"


def test_a_column_orders_the_list_both_ways(app: Flask, sign_in: SignIn) -> None:
    client = sign_in(CLAIRE)
    up, down = _page(client, sort="reference"), _page(client, sort="-reference")
    assert _references(up) == list(reversed(_references(down)))
    assert 'aria-sort="ascending"' in _page(client, sort="dwelling")
    assert 'aria-sort="descending"' in _page(client, sort="-dwelling")


def test_a_long_list_has_pages(app: Flask, sign_in: SignIn) -> None:
    exchange.put_households(factories.MISTRAL, 120)
    db.session.commit()
    client = sign_in(CLAIRE)
    pages = [_references(_page(client, page=number)) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert len({reference for page in pages for reference in page}) == 120
    assert len(_references(_page(client, all="1"))) == 120, "all of it, to print"


# -- who sees what ------------------------------------------------------------------------------------------------


def test_a_member_of_the_committee_sees_only_who_agreed_and_no_name(app: Flask, sign_in: SignIn) -> None:
    row = factories.a_dossier_before_the_committee(agreements=("actis", "prefecture-isere"))
    household = row.household
    reference, hidden = household.reference, (household.name, household.dwelling, household.address, household.phone)
    db.session.rollback()
    page = _page(sign_in(FRANCOIS))
    assert _references(page) == [reference]
    assert [word for word in hidden if word and word in page] == []
    assert f"Ménage {reference}" in page or f"Household {reference}" in page
    assert _references(_page(sign_in(JULIEN))) == []


def test_who_may_not_read_names_cannot_find_out_by_searching_or_ordering(app: Flask, sign_in: SignIn) -> None:
    row = factories.a_dossier_before_the_committee(agreements=("actis", "prefecture-isere"))
    household = row.household
    name, dwelling, reference = household.name, household.dwelling, household.reference
    db.session.rollback()
    client = sign_in(FRANCOIS)
    assert _references(_page(client, q=name)) == []
    assert _references(_page(client, q=dwelling)) == []
    assert _references(_page(client, q=reference)) == [reference]
    assert _references(_page(client, building="0" * 32)) == [reference], "the filter is not theirs: it changes nothing"
    assert 'aria-sort="ascending"' in _page(client, sort="name"), "ordered by reference instead"
    offered = re.sub("<a [^>]*hreflang[^>]*>", "", _page(client, sort="name"))  # the same address in another language
    assert "sort=name" not in offered


def test_a_landlord_sees_the_households_of_its_own_dwellings(app: Flask, sign_in: SignIn) -> None:
    _put("ACT-009999", "Mme Élodie Noël", landlord="habitat-du-drac")
    found = _references(_page(sign_in(SONIA)))
    assert len(found) == 12
    assert "ACT-009999" not in found


def test_an_association_has_no_list_of_households(app: Flask, sign_in: SignIn) -> None:
    assert sign_in(MONIQUE).get("/households").status_code == 404
    assert sign_in(MONIQUE).get("/households.xlsx").status_code == 404


def test_another_operation_stays_hidden_even_when_asked_for(app: Flask, sign_in: SignIn) -> None:
    other = {"reference": "DUC-000001", "name": "Famille Ailleurs", "dwelling": "1", "landlord": "actis"}
    actions.put_household("la-duchere", other, NADIA)
    db.session.commit()
    page = _page(sign_in(CLAIRE), operation="la-duchere")
    assert len(_references(page)) == 12
    assert "Famille Ailleurs" not in page


# -- what a line says ---------------------------------------------------------------------------------------------


def test_a_line_says_where_the_diagnosis_is_and_whom_it_waits_for(app: Flask, sign_in: SignIn) -> None:
    row = factories.a_submitted_dossier()
    reference = row.household.reference
    db.session.rollback()
    page = _page(sign_in(CLAIRE), q=reference)
    assert "Référent du bailleur" in page
    assert 'class="state state-waiting"' in page


def test_a_late_step_is_marked_with_the_working_days_it_is_late_like_its_task(app: Flask, sign_in: SignIn) -> None:
    row = factories.a_submitted_dossier()
    reference = row.household.reference
    [task] = tasks([row.subject])[row.subject]
    week_after = task.due + timedelta(days=7)
    db.session.rollback()
    with clock.at(week_after):
        page = _page(sign_in(CLAIRE), q=reference)
        waiting = unescape(sign_in(SONIA).get("/waiting").text)
    assert "state-late" in page
    late = re.compile(r"en retard de (\d+) jours? ouvrés?")
    assert late.search(page)[1] == late.search(waiting)[1]
    assert re.search(r"[Dd]emandé il y a \d+ jours|asked \d+ days ago", waiting), "no second length of the same delay"


@contextmanager
def _counted() -> Iterator[list[str]]:
    """The statements sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection, _cursor, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_the_whole_list_costs_few_queries_however_long_it_is(app: Flask, sign_in: SignIn) -> None:
    exchange.put_households(factories.MISTRAL, 280)
    db.session.commit()
    for rank in range(8):
        factories.a_dossier(rank)
    client = sign_in(CLAIRE)
    _page(client)  # the first request parses the procedure
    with _counted() as page:
        assert len(_references(_page(client, sort="reference"))) == 50
    with _counted() as workbook:
        assert client.get("/households.xlsx").status_code == 200
    assert len(page) <= 25, page
    assert len(workbook) <= 25, workbook
