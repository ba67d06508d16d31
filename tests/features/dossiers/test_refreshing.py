"""A diagnosis that has aged is brought up to date in a new version of the same dossier, never done again."""

from datetime import timedelta

import pytest

from forms.compiler import name_of as name_of_field
from tests import factories as made
from tests.cast import BRUNO, CLAIRE, FRANCOIS, HELENE, KARIM, MIREILLE, NADIA, SONIA
from workflow import clock, outbox
from workflow.app import ROOT
from workflow.approvals.queries import waiting_for
from workflow.catalogue import actions as catalogue
from workflow.catalogue.queries import current, seen
from workflow.db import db
from workflow.dossiers import actions, queries
from workflow.dossiers.actions import refreshing
from workflow.dossiers.actions.filling import draft_to_write
from workflow.dossiers.models import Notice
from workflow.dossiers.queries.freshness import freshness, name_of, surely_fresh
from workflow.dossiers.queries.refreshing import Ageing
from workflow.errors import Refused
from workflow.filing.queries import papers
from workflow.operations.actions.parameters import add_value
from workflow.people.models import Assignment
from workflow.record.queries import facts

EIGHT_MONTHS = timedelta(days=243)
OLD = ["D", "E", "F", "G", "G_reserve", "H", "I", "I_projet", "J"]


@pytest.fixture
def row(app):
    """Validated eight months ago."""
    with clock.at(clock.now() - EIGHT_MONTHS):
        return made.a_validated_dossier()


def stale(row):
    found = [name_of(block.section) for block in freshness(row, queries.handed_on_set(row)).blocks()]
    db.session.rollback()
    return found


def taken_up(row, slug=CLAIRE):
    actions.refresh(made.identity(slug), row.reference, made.version(row))
    db.session.commit()
    return row


def confirmed(row, slug=CLAIRE, sections=OLD):
    """Nothing has changed on these pages, said by that person."""
    file = queries.file(made.identity(slug), row.reference)
    file.stored = draft_to_write(file, slug)
    for section in sections:
        actions.confirm_section(file, file.stored, section, unchanged=True)
    db.session.commit()
    return row


def test_income_debts_needs_and_wishes_grow_old_before_the_composition_of_the_household(row):
    assert stale(row) == OLD
    with clock.at(clock.now() - timedelta(days=100)):
        assert stale(row) == ["E", "F"], "a rule of Mistral says 90 days where the form says 180"
    with clock.at(clock.now() - timedelta(days=160)):
        assert stale(row) == []


def test_the_pages_name_what_is_too_old_since_when_and_who_gathered_it(row, desk):
    home = f"/households/{row.household_id}"
    claire = desk(CLAIRE, row).get()
    assert "Les ressources" in claire.text
    assert "valid" in claire.text
    assert "Claire Maurin (ACTIS" in claire.text
    assert f"/dossiers/{claire.reference}/refresh" in claire.last.text
    assert f"/dossiers/{claire.reference}/refresh" in claire.client.get(home).text
    helene = desk(HELENE, row).get()
    assert "Les ressources : " in claire.text
    assert "Les ressources : " not in helene.text, "the committee reads no income, so it is not told how old it is"
    assert "/refresh" not in helene.last.text


def test_it_is_brought_up_to_date_page_by_page_and_the_rest_of_the_course_runs_again(row, desk):
    claire = desk(CLAIRE, row).get("/refresh")
    claire.send("/refresh").follow()
    assert claire.last.request.path.endswith("/fill/D")
    assert "Recueilli" in claire.text or "Gathered" in claire.text
    claire.get("/check")
    claire.send("/submit")
    assert claire.status == 422, "pages that are too old cannot be sent"
    for section in OLD:
        claire.get(f"/fill/{section}").send(f"/fill/{section}", unchanged="1")
        assert claire.status == 303, claire.text
    claire.get("/check").send("/submit").follow()
    assert stale(row) == []
    state = queries.file(made.identity(CLAIRE), row.reference).known.state
    assert list(state.open) == ["lecture_menage"], "the landlord's visa survives: nothing it looks at has changed"
    provenance = queries.opened(row, queries.handed_on_set(row))[1]
    confirmed = next(line for path, line in provenance.items() if path.startswith("/data/E/"))
    assert (confirmed[0], confirmed[2], confirmed[3][2]) == (CLAIRE, "confirmed", "import")


def test_a_page_is_ticked_again_as_it_was_and_a_tick_that_is_taken_away_makes_it_old_again(row, desk):
    claire = desk(CLAIRE, taken_up(row)).get("/fill/E").send("/fill/E", unchanged="1")
    assert "checked" in claire.get("/fill/E").last.text.split('id="unchanged"')[1][:120]
    sent = claire.form("/fill/E") | {"leave": "1"}
    sent.pop("unchanged")
    claire.client.post(f"/dossiers/{claire.reference}/fill/E", data=sent)
    assert "checked" not in claire.get("/fill/E").last.text.split('id="unchanged"')[1][:120]


def test_the_landlord_brings_it_up_to_date_with_what_it_reads_and_a_colleague_judges(row, desk):
    sonia = desk(SONIA, row).get("/refresh")
    assert "Karim" in sonia.text, "her own visa falls, and her colleague gives it"
    sonia.send("/refresh").follow().get("/fill/E").send("/fill/E", unchanged="1")
    assert sonia.status == 303
    db.session.rollback()
    confirmed(row, SONIA, [one for one in OLD if one not in ("G", "G_reserve")])
    db.session.rollback()
    sonia.get("/check").send("/submit").follow()
    known = queries.file(made.identity(CLAIRE), row.reference).known
    assert list(known.state.open) == ["visa_bailleur"], "her own visa fell: she wrote this version"
    db.session.rollback()
    assert [line.task.step for line in waiting_for(made.identity(SONIA))] == [], "nothing waits for who may not do it"
    assert [line.task.step for line in waiting_for(made.identity(KARIM))] == ["visa_bailleur"]
    db.session.rollback()
    said = sonia.get().text
    assert ("Karim" in said.split("Co-valider")[0], "Sonia Mendès (ACTIS) ou" in said) == (True, False)
    db.session.rollback()
    with pytest.raises(Refused) as refused:
        made.decide(SONIA, row, "Approve", "visa_bailleur")
    assert refused.value.code == "self_approval"
    db.session.rollback()
    made.decide(KARIM, row, "Approve", "visa_bailleur")


def test_a_landlord_with_one_referent_waits_for_nobody_who_may_not_judge_and_the_manager_is_told(row, desk):
    reference = row.reference
    for held in db.session.query(Assignment).filter_by(person_id=KARIM):
        held.until = clock.today() - timedelta(days=1)
    db.session.commit()
    sonia = desk(SONIA, row).get("/refresh")
    assert "Nobody else may" in sonia.text or "Personne d’autre ne peut" in sonia.text
    db.session.rollback()
    made.resubmit(confirmed(taken_up(row, SONIA), SONIA, [one for one in OLD if one not in ("G", "G_reserve")]), SONIA)
    outbox.drain()
    row = made.dossier_of(reference)
    told = db.session.query(Notice).filter_by(subject=row.subject, what="nobody")
    assert [notice.person for notice in told] == [NADIA]
    db.session.rollback()
    assert waiting_for(made.identity(SONIA)) == []
    db.session.rollback()
    said = sonia.get().text
    assert "cannot be decided as things stand" in said or "ne peut pas être décidée" in said
    assert "Sonia Mendès (ACTIS), pour" not in said


def test_a_section_of_which_one_sees_nothing_is_nowhere(row, desk):
    stored = queries.handed_on_set(row)
    assert queries.opened(row, stored)[0].get("/data/G_reserve/G7_besoin") == "", "nothing of it is worded for others"
    db.session.rollback()
    sonia, claire = desk(SONIA, taken_up(row, SONIA)), desk(CLAIRE, row)
    assert "G_reserve" in claire.get("/fill").last.text
    for page in ("/fill", "/fill/E", "/check"):
        assert "G_reserve" not in sonia.get(page).last.text
        assert "Les consignes particulières" not in sonia.text
    assert sonia.get("/fill/G_reserve").status == 404
    before = "/fill/G" if sonia.get("/fill/G").status == 200 else "/fill/F"
    assert sonia.get(before).send(before, unchanged="1").last.location.endswith("/fill/H")


def test_brought_up_to_date_by_the_landlord_it_is_valid_again_for_everybody(row, desk):
    refreshing.pass_days()
    made.resubmit(confirmed(taken_up(row, SONIA), SONIA, [one for one in OLD if one not in ("G", "G_reserve")]), SONIA)
    made.decide(KARIM, row, "Approve", "visa_bailleur")
    made.decide(BRUNO, row, "Sign", "lecture_menage", channel="screen")
    for slug in (HELENE, FRANCOIS, MIREILLE):
        made.decide(slug, row, "Approve", "validation")
    refreshing.pass_days()
    db.session.refresh(row)
    assert (row.stale_from > clock.today(), row.household.state) == (True, "searching")
    assert queries.may_start(row.household, current("proposition-relogement", row.operation_id)) is None
    claire, sonia = desk(CLAIRE, row).get(), desk(SONIA, row).get()
    for reader in (claire, sonia):
        assert "devenues trop anciennes" not in reader.text
        assert "périmé" not in reader.text
    beside = [("onfidential" in reader.text, "onfidentielles" in reader.text) for reader in (claire, sonia)]
    assert [any(said) for said in beside] == [True, False], "who reads more than the landlord is told so, beside"


def test_the_committee_does_not_validate_answers_that_are_too_old(app, desk):
    with clock.at(clock.now() - EIGHT_MONTHS):
        row = made.a_dossier_before_the_committee()
    with pytest.raises(Refused) as refused:
        made.decide(HELENE, row, "Approve", "validation")
    assert refused.value.code == "stale"
    db.session.rollback()
    helene = desk(HELENE, row).get()
    assert "Les ressources : " in helene.text, (
        "it is told what it waits for, without the day of an income it does not read"
    )
    assert "/decide/approve/validation" not in helene.last.text
    db.session.rollback()
    taken_up(row)


def test_a_rule_made_shorter_counts_for_answers_handed_on_before(app):
    with clock.at(clock.now() - timedelta(days=20)):
        row = made.a_dossier_before_the_committee()
    assert surely_fresh(row, queries.handed_on_set(row))
    told = {"label": {"fr": "Revenus"}, "value": "10", "unit": "days", "source": "Usage", "since": clock.today()}
    add_value(row.operation_id, told, CLAIRE, code="validity_income")
    db.session.commit()
    with pytest.raises(Refused) as refused:
        made.decide(HELENE, row, "Approve", "validation")
    assert refused.value.code == "stale"


def test_a_proposal_waits_for_a_diagnosis_that_is_validated_and_fresh(row):
    proposal = current("proposition-relogement", row.operation_id)
    found = queries.may_start(row.household, proposal)
    assert (found.code, found.dossier, [name_of(block.section) for block in found.blocks]) == ("stale", row, ["E", "F"])
    with pytest.raises(Refused) as refused:
        actions.open_dossier(made.identity(CLAIRE), row.household, proposal)
    assert (refused.value.code, refused.value.params["reference"]) == ("requires", row.reference)
    db.session.rollback()
    taken_up(row)
    assert queries.may_start(row.household, proposal).code == "not_validated"
    assert queries.may_start(made.a_household(3), proposal).code == "missing"
    made.resubmit(confirmed(row))
    made.decide(BRUNO, row, "Sign", "lecture_menage", channel="screen")
    for slug in (HELENE, FRANCOIS, MIREILLE):
        made.decide(slug, row, "Approve", "validation")
    assert queries.may_start(row.household, proposal) is None
    assert actions.open_dossier(made.identity(CLAIRE), row.household, proposal)[1]


def test_until_it_is_sent_everybody_else_reads_the_version_that_was_validated(row, desk):
    claire = desk(CLAIRE, taken_up(row)).get("/fill/E").send("/fill/E", unchanged="1")
    for reader in (HELENE, SONIA):
        assert queries.file(made.identity(reader), row.reference).stored.revision == 1
        db.session.rollback()
    assert "en cours d’actualisation" in claire.get().text or "brought up to date" in claire.text


def test_opened_by_mistake_it_is_taken_back_and_nothing_is_left_of_it(row, desk):
    claire = desk(CLAIRE, taken_up(row)).get("/fill/E").send("/fill/E", unchanged="1")
    claire.get("/decide/take-back/dossier").send("/decide/take-back/dossier").follow()
    db.session.refresh(row)
    assert (row.closed, row.open_key, len(queries.sets(row))) == (True, None, 1)
    assert row.household.state == "searching"


def test_a_household_says_to_update_once_its_diagnosis_is_too_old(row):
    assert refreshing.pass_days() == 1
    db.session.refresh(row.household)
    assert row.household.state == "to_update"
    assert refreshing.pass_days() == 0


def test_what_happened_makes_the_pages_it_concerns_too_old_and_is_told_to_nobody(app, desk):
    row = made.a_validated_dossier()
    home, health = f"/households/{row.household_id}", f"{row.slug}:health"
    claire = desk(CLAIRE, row)
    assert claire.client.post(f"{home}/happenings", data={"what": health}).status_code == 303
    assert stale(row) == ["G", "H"]
    db.session.refresh(row.household)
    assert row.household.state == "to_update"
    noted = next(fact for fact in facts(f"household:{row.household_id}") if fact.kind == "SomethingHappened")
    assert "health" not in str(noted.data)
    db.session.rollback()
    assert claire.client.post(f"{home}/happenings", data={"what": "nothing:such"}).status_code == 409


def test_the_versions_say_who_sent_each_and_what_it_changed(row, desk, typed):
    claire = desk(CLAIRE, confirmed(taken_up(row)))
    claire.get("/fill/J").send("/fill/J", **{name_of_field("/data/J/J7"): "Nous préférons le rez-de-chaussée."})
    claire.get("/check").send("/submit")
    claire.get("/versions")
    assert claire.text.index("Version 2") < claire.text.index("Version 1")
    assert "Nous préférons le rez-de-chaussée." in claire.text
    assert "Les ressources" in claire.text, "confirmed unchanged"
    db.session.rollback()
    assert "rez-de-chaussée" not in desk(HELENE, row).get("/versions").text


def test_papers_of_the_earlier_version_are_there_until_the_new_one_is_validated_and_then_say_so(row, desk):
    reference = row.reference
    db.session.rollback()
    outbox.drain()
    row = taken_up(made.dossier_of(reference))
    assert "Fiche" in desk(CLAIRE, row).get().text
    made.resubmit(confirmed(row))
    made.decide(BRUNO, row, "Sign", "lecture_menage", channel="screen")
    for slug in (HELENE, FRANCOIS, MIREILLE):
        made.decide(slug, row, "Approve", "validation")
    db.session.rollback()
    outbox.drain()
    claire = desk(CLAIRE, reference).get()
    assert "remplacé" in claire.text or "replaced by a newer version" in claire.text
    newest, earlier = (paper.reference for paper in papers(made.dossier_of(reference).subject)[::2])
    db.session.rollback()
    verified = [claire.client.get(f"/verify/{paper}").text for paper in (newest, earlier)]
    assert [("Remplacé par" in text or "Replaced by" in text) for text in verified] == [False, True]


def test_a_new_version_goes_on_with_the_form_of_today_and_keeps_the_day_of_each_answer(row, desk):
    form = (ROOT / "templates" / "procedures" / row.slug / "form.md").read_text("utf-8")
    nadia, before = made.identity(NADIA), row.procedure
    newer = form.replace("Le loyer et les charges, chaque mois", "Le loyer et les charges")
    told = catalogue.propose(nadia, row.slug, newer.encode(), "form.md", operation=row.operation_id)
    catalogue.release(nadia, row.slug, told.version, seen(row.slug, row.operation_id), operation=row.operation_id)
    db.session.commit()
    page = desk(CLAIRE, row).get("/refresh").text
    assert "Le formulaire a changé" in page or "form of today" in page
    db.session.rollback()
    taken_up(row)
    assert row.procedure != before
    file = queries.file(made.identity(CLAIRE), row.reference)
    assert [name_of(block.section) for block in Ageing(file, freshness(row, file.stored)).stale()] == OLD
    made.resubmit(confirmed(row))
    assert stale(row) == []
