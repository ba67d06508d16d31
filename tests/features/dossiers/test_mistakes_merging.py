"""A household entered twice becomes one again."""

import pytest

from tests import factories as made
from tests.cast import BRUNO, CLAIRE, NADIA, SONIA
from tests.features.dossiers.projections import all_holds, snapshot
from workflow import outbox
from workflow.db import db
from workflow.dossiers import actions, queries
from workflow.dossiers.actions import attaching, merging, undoing
from workflow.dossiers.models import Household
from workflow.dossiers.queries import Search, attachments
from workflow.dossiers.queries.mending import namesakes, same_door
from workflow.dossiers.queries.undoable import undoable
from workflow.errors import Forbidden, Moved, NotFound, Refused

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def twice():
    """A household, and the same one entered again with a telephone and without its tenant reference."""
    first = made.a_household(0)
    told = {
        "reference": "MIS-9001",
        "name": first.name.upper(),
        "building_id": first.building_id,
        "dwelling": first.dwelling,
        "landlord": first.landlord,
        "zone": first.zone,
        "phone": "04 65 71 99 99",
        "address": first.address,
        "referent": BRUNO,
    }
    second = actions.put_household("mistral", told, CLAIRE)
    db.session.commit()
    return first, second


def merge(slug, kept, gone, *theirs):
    versions = {row.id: row.version for row in (kept, gone)}
    row = merging.merge(made.identity(slug), kept.id, gone.id, frozenset(theirs), versions)
    db.session.commit()
    return row


def undo(slug, row):
    undoing.undo(made.identity(slug), undoable(made.identity(slug), f"household:{row.id}").id)
    db.session.commit()


def count(slug=NADIA):
    return queries.households(made.identity(slug), "mistral", Search()).total


def test_the_same_name_or_the_same_door_is_suggested(app, sign_in):
    first, second = twice()
    assert [row.id for row in same_door(first)] == [second.id]
    assert second.id not in {row.id for row in namesakes(first)}
    second.dwelling = "Z-999"
    db.session.commit()
    assert second.id in {row.id for row in namesakes(first)}
    second.dwelling = first.dwelling
    db.session.commit()
    home, other = first.id, second.reference
    db.session.rollback()
    page = sign_in(CLAIRE).get(f"/households/{home}").text
    assert "saisi deux fois" in page
    assert other in page


def test_what_hangs_under_the_one_comes_to_the_other_and_the_list_counts_one_less(app, sign_in):
    first, second = twice()
    actions.note_contact(second, "phone", "Rappeler lundi", BRUNO)
    attaching.attach(made.identity(CLAIRE), second, PDF, "", caption="Bail de 2014", shared=False)
    row = made.a_submitted_dossier(0)
    db.session.commit()
    all_before = count()
    merge(CLAIRE, second, first, "tenant_reference", "state")
    assert count() == all_before - 1
    assert row.household_id == second.id
    assert second.state == "surveyed"
    assert [line.kind for line in queries.contacts(second.id)] == ["phone"]
    assert len(attachments.attachments(made.identity(CLAIRE), second)) == 1
    gone, stays = first.id, second.id
    db.session.rollback()
    client = sign_in(CLAIRE)
    answer = client.get(f"/households/{gone}")
    assert (answer.status_code, answer.location) == (302, f"/households/{stays}")
    page = client.get(f"/households/{stays}").text
    assert "Rappeler lundi" in page
    assert "Bail de 2014" in page
    assert all_holds()


def test_undone_each_has_its_own_again(app):
    first, second = twice()
    actions.note_contact(first, "visit", "Vu avec la gardienne", CLAIRE)
    made.a_submitted_dossier(0)
    before = snapshot()
    merge(NADIA, second, first, "name", "state", "tenant_reference")
    assert snapshot() != before
    undo(NADIA, second)
    after = snapshot()
    assert {table for table in after if after[table] != before[table]} == set()
    db.session.rollback()
    outbox.drain()
    assert all_holds()


def test_two_dossiers_under_way_do_not_fit_under_one_household(app, desk):
    first, second = twice()
    row = made.a_dossier(0)
    from workflow.catalogue.queries import current

    other, _new = actions.open_dossier(made.identity(CLAIRE), second, current("diagnostic-social", "mistral"))
    db.session.commit()
    with pytest.raises(Refused) as refused:
        merge(CLAIRE, first, second)
    assert refused.value.code == "open_twice"
    ids, references = (first.id, second.id), (row.reference, other.reference)
    claire = desk(CLAIRE, row)
    page = claire.client.get(f"/households/{ids[0]}/merge?other={ids[1]}").text
    for reference in references:
        assert f"/dossiers/{reference}" in page


def test_the_page_shows_both_and_takes_what_was_chosen(app, desk, sign_in):
    first, second = twice()
    name, ids, phone = second.name, (first.id, second.id), second.phone
    reference = first.reference
    db.session.rollback()
    client = sign_in(CLAIRE)
    path = f"/households/{ids[0]}/merge"
    page = client.get(f"{path}?other={ids[1]}").text
    assert name in page
    assert phone in page
    told = {"other": ids[1], "keep": ids[0], "take-name": ids[1], "take-phone": ids[1]}
    told |= {f"version-{one}": db.session.get_one(Household, one).version for one in ids}
    db.session.rollback()
    assert client.post(path, data=told).status_code == 303
    row = db.session.get_one(Household, ids[0])
    assert (row.reference, row.name, row.phone) == (reference, name, phone)
    assert db.session.get_one(Household, ids[1]).merged_into == ids[0]


def test_somebody_who_changed_one_of_them_meanwhile_is_not_overwritten(app):
    first, second = twice()
    versions = {row.id: row.version for row in (first, second)}
    actions.note_contact(first, "appointment", "", BRUNO)
    db.session.commit()
    with pytest.raises(Moved):
        merging.merge(made.identity(CLAIRE), first.id, second.id, frozenset(), versions)


def test_a_third_entry_leads_to_the_last_one(app):
    first, second = twice()
    third = made.a_household(3)
    merge(CLAIRE, second, first)
    merge(CLAIRE, third, second, *merging.differing(third, second))
    assert first.merged_into == second.merged_into == third.id
    undo(CLAIRE, third)
    assert (first.merged_into, second.merged_into) == (second.id, None)


def test_who_reads_no_names_or_follows_nobody_joins_nothing(app, sign_in):
    first, second = twice()
    with pytest.raises((Forbidden, NotFound)):
        merge(SONIA, first, second)


def test_an_erased_household_takes_those_joined_with_it(app):
    first, second = twice()
    line = actions.note_contact(first, "phone", "À rappeler", CLAIRE)
    db.session.commit()
    merge(CLAIRE, second, first)
    actions.erase_household(second, NADIA)
    db.session.commit()
    from workflow.record.queries import text

    assert text(line.note) is None
    assert (first.name, first.phone, second.name) == ("", None, "")
