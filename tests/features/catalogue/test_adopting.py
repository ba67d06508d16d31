"""A procedure is taken into an operation: fitted to its partners and bodies, frozen, unchanged under a dossier."""

import pytest
from flask import Flask

from tests import factories
from tests.cast import CLAIRE
from tests.features.catalogue.conftest import Install
from workflow import outbox
from workflow.catalogue import actions
from workflow.catalogue.models import Adoption, ProcedureVersion
from workflow.catalogue.queries import Published, adopted, current
from workflow.db import db
from workflow.dossiers import actions as dossiers
from workflow.errors import Refused
from workflow.operations.actions import put_operation
from workflow.operations.models import Partner
from workflow.people import actions as people
from workflow.record.queries import facts

MISTRAL, SLUG = "mistral", "diagnostic-social"
LONG = "Société anonyme d’habitations à loyer modéré " * 4


def partner(operation: str, slug: str, name: str, *, kind: str = "landlord", consent: bool = True) -> None:
    """An organisation joins an operation."""
    people.put_organisation(slug, name, kind)
    db.session.add(Partner(id=slug[:32], operation_id=operation, organisation=slug, part="receiving", consent=consent))
    db.session.flush()


def choices(published: Published, path: str = "/data/A/A14") -> dict[str, str]:
    return {choice.value: choice.label.get("fr") for choice in published.form.questions[path].choices}


def adoptions(operation: str = MISTRAL) -> list[str]:
    """The versions this operation took, in order, as the record tells them."""
    told = facts(f"procedure:{SLUG}")
    return [fact.data["hash"] for fact in told if fact.kind == "ProcedureAdopted"]


def test_the_same_partners_give_the_same_version_however_often_it_is_adopted(app: Flask) -> None:
    before, told = current(SLUG, MISTRAL).hash, adoptions()
    again = [actions.adopt(MISTRAL, SLUG).hash for _ in range(3)]
    assert set(again) == {before}
    assert adoptions() == told, "nothing new is nothing to tell"


@pytest.mark.complaint(28)
def test_a_new_partner_makes_a_new_version_and_dossiers_under_way_keep_theirs(app: Flask) -> None:
    claire, under_way = factories.identity(CLAIRE), factories.a_filled_dossier(0)
    begun = under_way.procedure
    partner(MISTRAL, "logis-du-drac", "Logis du Drac")
    actions.refit(MISTRAL)
    db.session.commit()
    fitted = current(SLUG, MISTRAL)
    assert choices(fitted)["logis-du-drac"] == "Logis du Drac"
    assert choices(fitted, "/data/I_projet/I11")["logis-du-drac"] == "Logis du Drac"
    opened_after, _new = dossiers.open_dossier(claire, factories.a_household(1), fitted)
    dossiers.submit(claire, under_way.reference, factories.version(under_way))
    assert opened_after.procedure == fitted.hash != begun
    assert under_way.procedure == begun


def test_taking_the_partner_away_again_gives_the_first_version_back(app: Flask) -> None:
    before = current(SLUG, MISTRAL).hash
    partner(MISTRAL, "logis-du-drac", "Logis du Drac")
    actions.refit(MISTRAL)
    db.session.delete(db.session.get_one(Partner, "logis-du-drac"))
    db.session.flush()
    actions.refit(MISTRAL)
    assert current(SLUG, MISTRAL).hash == before
    assert adoptions()[-3] == adoptions()[-1]


def test_households_are_not_asked_about_a_partner_that_needs_no_agreement(app: Flask) -> None:
    partner(MISTRAL, "atelier-social", "Atelier social", kind="provider", consent=False)
    actions.refit(MISTRAL)
    fitted = current(SLUG, MISTRAL)
    assert "atelier-social" not in choices(fitted)
    assert choices(fitted, "/data/A/A_entretien/A6_employeur")["atelier-social"] == "Atelier social"


@pytest.mark.parametrize(
    "name", ["Toits | Murs", "Foyer « L’Étoile » \"x\" 'y'", "🏠 Logis", LONG.strip(), "${A1}", "<b>Logis</b> & Fils"]
)
def test_a_partner_may_be_called_anything(app: Flask, name: str) -> None:
    partner(MISTRAL, "partenaire", name)
    actions.refit(MISTRAL)
    shown = choices(current(SLUG, MISTRAL))["partenaire"]
    assert shown == name.replace("${", "$ {")


@pytest.mark.complaint(42)
def test_the_quorum_of_a_body_is_the_one_the_circuit_asks_for(app: Flask) -> None:
    before = current(SLUG, MISTRAL)
    body = people.put_body(MISTRAL, "commission-relogement", {"fr": "Commission relogement"}, 2, {})
    actions.refit(MISTRAL)
    fitted = current(SLUG, MISTRAL)
    assert (before.circuit.step("validation").rule.needed, fitted.circuit.step("validation").rule.needed) == (3, 2)
    body.quorum = 3
    db.session.flush()
    actions.refit(MISTRAL)
    assert current(SLUG, MISTRAL).hash == before.hash


def test_changing_a_body_is_enough_for_the_next_diagnosis_to_ask_for_its_quorum(app: Flask) -> None:
    people.put_body(MISTRAL, "commission-relogement", {"fr": "Commission relogement"}, 4, {})
    db.session.commit()
    db.session.rollback()
    outbox.drain()
    assert current(SLUG, MISTRAL).circuit.step("validation").rule.needed == 4


def test_a_body_without_a_quorum_leaves_the_one_the_procedure_was_written_with(app: Flask) -> None:
    people.put_body(MISTRAL, "commission-relogement", {"fr": "Commission relogement"}, None, {})
    actions.refit(MISTRAL)
    assert current(SLUG, MISTRAL).circuit.step("validation").rule.needed == 3


def test_a_version_kept_without_its_source_is_adopted_as_it_is(app: Flask) -> None:
    base = db.session.get_one(ProcedureVersion, current(SLUG).hash)
    base.source = None
    db.session.flush()
    assert actions.adopt(MISTRAL, SLUG).hash == base.hash
    assert current(SLUG, MISTRAL).form.hash == current(SLUG).form.hash


def test_an_operation_without_partners_speaks_in_general_words_and_names_nobody_elses(empty: Flask) -> None:
    put_operation({"slug": "neuve", "name": {"fr": "Neuve"}, "city": "Vizille", "owner": "vizille"})
    actions.adopt("neuve", SLUG)
    fitted = current(SLUG, "neuve")
    assert "bailleur" in choices(fitted)
    assert choices(fitted, "/data/A/A_logement/A1_zone") == {"operation": "Toute l’opération"}


def test_one_operation_changes_nothing_in_another(install: Install) -> None:
    install("severine")
    install("champratel")
    before = current(SLUG, "champratel").hash
    partner("severine", "logis-du-forez", "Logis du Forez")
    actions.refit("severine")
    assert "logis-du-forez" in choices(current(SLUG, "severine"))
    assert current(SLUG, "champratel").hash == before
    assert current(SLUG).hash not in {before, current(SLUG, "severine").hash}


def test_what_was_never_published_cannot_be_adopted(app: Flask) -> None:
    with pytest.raises(Refused) as refused:
        actions.adopt(MISTRAL, "charte-inconnue")
    assert refused.value.code == "not_published"
    assert "charte-inconnue" not in adopted(MISTRAL)


def test_an_operation_knows_what_its_version_was_made_from(app: Flask) -> None:
    row = db.session.get_one(Adoption, (MISTRAL, SLUG))
    assert row.base == current(SLUG).hash
    assert row.current == current(SLUG, MISTRAL).hash != row.base
