"""Beside deciding: pass on, ask a second opinion, comment, remind, give time, reopen; each says what it leads to."""

from lxml import html

from tests import factories as made
from tests.cast import BRUNO, CLAIRE, FRANCOIS, HELENE, JULIEN, MIREILLE, NADIA, SONIA
from workflow.approvals import queries as approvals
from workflow.db import db
from workflow.dossiers.actions.commanding import furthest_day
from workflow.people import queries as people
from workflow.people.actions import end_assignment
from workflow.record.queries import facts

STEP = "visa_bailleur"
VISA = f"/decide/approve/{STEP}"
KARIM = "karim-belaid"  # of ACTIS, like Sonia


def kinds(row):
    found = [fact.kind for fact in facts(row.subject)]
    db.session.rollback()
    return found


def offered(desk, field):
    return html.fromstring(desk.last.text).xpath(f"//input[@name='{field}']/@value")


def test_one_passes_ones_turn_to_a_colleague_of_the_same_role_and_organisation_only(app, desk):
    row = made.a_submitted_dossier()
    path = f"/decide/reassign/{STEP}"
    sonia = desk(SONIA, row).get(path)
    assert offered(sonia, "to_person") == [KARIM]
    form = sonia.form(path)
    for stranger in (CLAIRE, HELENE, "nobody-here"):
        sonia.last = sonia.client.post(f"/dossiers/{row.reference}{path}", data=form | {"to_person": stranger})
        assert sonia.status == 409
    assert "Reassigned" not in kinds(row)
    sonia.get(path).send(path, to_person=KARIM).follow()
    assert "passe de Sonia Mendès à Karim Belaïd" in sonia.text
    assert f'href="/dossiers/{row.reference}{VISA}' not in sonia.last.text
    assert desk(KARIM, row).get(VISA).send(VISA).status == 303


def test_whoever_looks_after_the_procedure_passes_on_the_turn_of_somebody_else(app, desk):
    row = made.a_submitted_dossier()
    path = f"/decide/reassign/{STEP}"
    nadia = desk(NADIA, row).get(path)
    assert set(offered(nadia, "from_person")) == {SONIA, KARIM}
    for wrong, field in (
        ({"to_person": KARIM}, "from_person"),
        ({"from_person": KARIM, "to_person": KARIM}, "to_person"),
    ):
        assert nadia.get(path).send(path, **wrong).status == 422
        assert html.fromstring(nadia.last.text).xpath(f"//div[contains(@class,'error-summary')]//a[@href='#{field}']")
    nadia.get(path).send(path, from_person=SONIA, to_person=KARIM).follow()
    assert "passe de Sonia Mendès à Karim Belaïd" in nadia.text


def test_a_second_opinion_is_asked_of_who_may_read_already_and_stands_beside_the_decision(app, desk):
    row = made.a_submitted_dossier()
    path = f"/decide/ask-advice/{STEP}"
    sonia = desk(SONIA, row).get(path)
    persons = offered(sonia, "to_person")
    assert BRUNO in persons
    assert not {CLAIRE, HELENE, SONIA} & set(persons)  # the author, who reads in her body's turn, herself
    sonia.send(path, to_person=BRUNO, reason="Le type de logement vous paraît-il juste ?").follow()
    assert "Le type de logement vous paraît-il juste ?" in sonia.text
    waiting = desk(BRUNO, row).client.get("/waiting").text
    assert "Donner votre second avis sur" in html.fromstring(waiting).text_content()
    give = f"/decide/advise/{STEP}"
    bruno = desk(BRUNO, row).get(give)
    assert "Le type de logement vous paraît-il juste ?" in bruno.text
    assert bruno.send(give, opinion="unfavourable").status == 422
    bruno.send(give, opinion="unfavourable", reason="Un T3 suffit.").follow()
    sonia.get(VISA)
    assert "Second avis, demandé par Sonia Mendès (ACTIS)" in sonia.text
    assert "Un T3 suffit." in sonia.text
    assert sonia.send(VISA).status == 303  # it counts for nothing and blocks nothing


def test_nobody_gives_a_second_opinion_who_was_not_asked(app, desk):
    row = made.a_submitted_dossier()
    path = f"/decide/advise/{STEP}"
    bruno = desk(BRUNO, row).get()
    told = {"version": str(made.version(row)), "opinion": "favourable", "reason": ""}
    db.session.rollback()
    bruno.last = bruno.client.post(f"/dossiers/{row.reference}{path}", data=told)
    assert bruno.status == 409
    assert "Advised" not in kinds(row)


def test_a_comment_among_colleagues_is_not_even_known_to_the_others(app, desk):
    row = made.a_submitted_dossier()
    path = "/decide/comment/dossier"
    desk(SONIA, row).get(path).send(path, reason="À voir entre nous.", readers="internal").follow()
    desk(SONIA, row).get(path).send(path, reason="Le bail est joint.", readers="public").follow()
    sonia, claire = desk(SONIA, row).get(), desk(CLAIRE, row).get()
    assert "À voir entre nous." in sonia.text
    assert "Commentaire entre collègues" in sonia.text
    for hidden in ("À voir entre nous.", "Commentaire entre collègues"):
        assert hidden not in claire.text
    assert "Le bail est joint." in claire.text


def test_the_page_of_a_reminder_says_when_the_last_one_left(app, desk):
    row = made.a_submitted_dossier()
    path = f"/decide/remind/{STEP}"
    claire = desk(CLAIRE, row).get(path)
    assert "Aucun rappel n’est encore parti" in claire.text
    claire.send(path).follow()
    assert "Dernier rappel" in claire.get(path).text
    assert "par Claire Maurin" in claire.text


def test_more_time_is_given_by_who_runs_the_procedure_and_never_less(app, desk):
    row = made.a_submitted_dossier()
    path = f"/decide/extend-deadline/{STEP}"
    assert desk(SONIA, row).get(path).status == 303  # not hers to give
    nadia = desk(NADIA, row).get(path)
    assert "L’échéance actuelle" in nadia.text
    before = approvals.standing(row.subject).state.open[STEP].due
    db.session.rollback()
    for wrong in ("2001-01-01", "demain", "2026-13-40", "9999-12-31"):
        assert nadia.get(path).send(path, due=wrong).status == 409
    assert nadia.text.count(str(furthest_day("Europe/Paris").year)) == 2, "in the refusal, and beside the field"
    nadia.get(path).send(path, reason="Congés du bailleur.").follow()
    assert "Congés du bailleur." in nadia.text
    assert approvals.standing(row.subject).state.open[STEP].due > before


def test_a_closed_dossier_is_reopened_where_one_says_and_the_page_tells_whose_decision_falls(app, desk):
    row = made.a_validated_dossier()
    path = "/decide/reopen/dossier"
    nadia = desk(NADIA, row).get(path)
    assert offered(nadia, "to") == ["author", "covalider", "lecture", "commission"]
    assert "La décision de Hélène Vasseur à l’étape « Valider les besoins » ne compte plus." in nadia.text
    assert nadia.send(path, to="author").status == 422  # without a reason
    nadia.send(path, to="author", reason="La composition du ménage était fausse.").follow()
    assert "La composition du ménage était fausse." in nadia.text
    assert desk(CLAIRE, row).get("/fill/C").status == 200


def test_refusing_shows_where_the_dossier_goes_before_it_goes(app, desk):
    row = made.a_submitted_dossier()
    sonia = desk(SONIA, row).get(f"/decide/refuse/{STEP}")
    drawn = html.fromstring(sonia.last.text).xpath("//ol[contains(@class,'goes')]/li")
    marks = [" ".join(one.text_content().split()) for one in drawn]
    assert marks[:2] == ["Remplir avec le ménage il revient ici", "Visa du bailleur le dossier est ici"]


def test_a_file_whose_rule_cannot_be_met_says_so_and_what_each_may_do_about_it(app, desk):
    """Of five organisations of the committee three lose their seats: two voices are left where three are asked for."""
    row = made.a_dossier_before_the_committee()
    assert not html.fromstring(desk(HELENE, row).get().last.text).xpath("//*[contains(@class, 'notice-late')]")
    for slug in (FRANCOIS, MIREILLE, JULIEN):
        for held in people.assignments_of(slug):
            end_assignment(held, NADIA)
    db.session.commit()
    approving = "/decide/approve/validation"
    for who, path in ((HELENE, ""), (HELENE, approving), (NADIA, "")):
        page = html.fromstring(desk(who, row).get(path).last.text)
        [notice] = page.xpath("//*[contains(@class, 'notice-late')]")
        links = notice.xpath(".//a/@href")
        assert "Nadia Ferhat" in notice.text_content(), "who looks after it"
        assert any("/reassign/validation" in one for one in links), "one's own turn, or anybody's"
        assert any("/bodies/commission-relogement" in one for one in links) == (who == NADIA)
