"""A charter, an agreement, a campaign: dossiers of a whole operation, from their first page to their paper."""

import re
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader

from tests.cast import BRUNO, CLAIRE, HELENE, INES, MONIQUE, NADIA, SONIA
from tests.factories import a_validated_dossier, identity
from tests.features.conftest import SignIn
from tests.features.dossiers.playing import LATER, PIXEL, Played, a_second_landlord, scenario
from workflow import clock, outbox
from workflow.approvals import actions as approvals
from workflow.approvals.queries import attending
from workflow.approvals.queries.sittings import prints
from workflow.catalogue.queries import current
from workflow.db import db
from workflow.dossiers import actions, queries
from workflow.people import actions as people
from workflow.people import queries as directory

STRANGER = "paul-lointain"


def a_stranger() -> None:
    """An adviser of another operation."""
    row = people.put_person(STRANGER, "Paul Lointain", "paul.lointain@example.org")
    people.open_account(row)
    people.assign(STRANGER, "cesf", "grenoble", "ailleurs", since=clock.today() - timedelta(days=30))
    db.session.commit()


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("charte", "signed-and-followed"),
        ("convention", "signed-together"),
        ("campagne-satisfaction", "to-the-public-page"),
    ],
)
def test_its_course_runs_to_the_end_with_real_people(app: Flask, slug: str, name: str) -> None:
    a_second_landlord()
    played = Played(slug)
    played.play(scenario(slug, name))
    assert played.row.closed
    assert played.row.household is None


# -- who may open and read ------------------------------------------------------------------------------------------


def test_the_city_the_landlord_and_the_association_read_a_charter_and_nobody_of_another_operation(
    app: Flask, sign_in: SignIn
) -> None:
    played = Played("charte")
    played.hand_on(NADIA)
    address = f"/dossiers/{played.reference}"
    for reader in (NADIA, SONIA, MONIQUE, HELENE, CLAIRE):
        page = sign_in(reader).get(address)
        assert page.status_code == 200, reader
        assert "Que chaque famille sache" in page.text, reader
    a_stranger()
    assert sign_in(STRANGER).get(address).status_code == 404
    assert sign_in(INES).get(address).status_code in (403, 404)


def test_an_association_never_opens_the_file_of_a_household(app: Flask, sign_in: SignIn) -> None:
    row = a_validated_dossier()
    client = sign_in(MONIQUE)
    for path in ("", "/course", "/versions", "/fill"):
        assert client.get(f"/dossiers/{row.reference}{path}").status_code in (403, 404), path


def test_what_the_author_wrote_of_a_contributor_stays_with_who_wrote_it(app: Flask) -> None:
    contribution = Played("contribution-charte", by=BRUNO)
    contribution.hand_on(BRUNO)
    own, other = (queries.file(identity(one), contribution.reference) for one in (BRUNO, MONIQUE))
    assert "V2" in own.lens.levels
    assert other.lens.levels == {"V0", "V1"}


# -- opening ----------------------------------------------------------------------------------------------------------


def test_several_agreements_may_be_open_at_once_and_are_told_apart_by_their_titles(app: Flask, sign_in: SignIn) -> None:
    first, second = Played("convention"), Played("convention")
    assert first.reference != second.reference
    first.hand_on(NADIA)
    second.hand_on(NADIA, {"A": {"A1": "Partage des charges"}})
    page = sign_in(NADIA).get("/operations/mistral/files").text
    assert "Convention de relogement – Partage des charges" in page
    assert page.count(f">{first.reference}<") == page.count(f">{second.reference}<") == 1


def test_where_one_is_enough_the_one_under_way_is_offered(app: Flask) -> None:
    published = current("charte", "mistral")
    first, new = actions.begin_for_operation(identity(NADIA), "mistral", published)
    again, another = actions.begin_for_operation(identity(MONIQUE), "mistral", published)
    assert (new, another, again.id) == (True, False, first.id)


def test_who_fills_in_its_first_pages_begins_it_and_nobody_else(app: Flask, sign_in: SignIn) -> None:
    asked = {"procedure": "convention", "request_key": "a-key-of-this-very-page"}
    begun = sign_in(NADIA).post("/operations/mistral/files", data=asked)
    assert begun.status_code == 303
    assert "/fill/A" in begun.location
    refused = sign_in(MONIQUE).post("/operations/mistral/files", data=asked | {"request_key": "a-key-of-her-own-page"})
    assert refused.status_code == 403
    assert "Commencer une convention" not in sign_in(MONIQUE).get("/operations/mistral/files").text


# -- deciding ---------------------------------------------------------------------------------------------------------


def test_an_agreement_comes_back_from_the_annexes_and_goes_on(app: Flask) -> None:
    agreement = Played("convention")
    agreement.hand_on(NADIA)
    agreement.decide(SONIA, "SendBack", to="author", sections=("C",), reason="Il manque une annexe.")
    assert agreement.known(NADIA).course.stage == "rediger"
    agreement.hand_on(NADIA)
    agreement.decide(SONIA, "Approve")
    assert agreement.known(NADIA).course.stage == "avis"


def test_each_party_signs_on_paper_and_its_copy_is_kept(app: Flask, sign_in: SignIn) -> None:
    a_second_landlord()
    charter = Played("charte")
    charter.play(scenario("charte", "signed-and-followed"), until="signer")
    with clock.at(LATER + timedelta(days=2)):
        client, monique = sign_in(NADIA), sign_in(MONIQUE)
        waits = unescape(client.get("/waiting").text).replace("\xa0", " ")
        assert "Signer sur papier, joindre l’exemplaire signé : Charte de relogement" in waits
        page = client.get(f"/dossiers/{charter.reference}/sign").text
        assert "Confédération" in page or "CSF" in page
        told = dict(re.findall(r'name="(version|shown)" value="([^"]*)"', page))
        told |= {"party": "actis", "request_key": "a-key-of-the-first-page"}
        bare = client.post(f"/dossiers/{charter.reference}/sign", data=told)
        assert bare.status_code == 422
        sent = {**told, "request_key": "a-key-of-the-next-page", "scan": (BytesIO(PIXEL), "acte.png", "image/png")}
        kept = client.post(f"/dossiers/{charter.reference}/sign", data=sent)
        assert kept.status_code == 303
        [vote] = charter.known(NADIA).state.votes_at("signatures")
        assert (vote.voice.organisation, vote.by.recorded_by) == ("actis", NADIA)
        db.session.rollback()
        page = monique.get(f"/dossiers/{charter.reference}").text
        [scan] = re.findall(r'href="(/attachments/[0-9a-f]+)"', page)
        assert monique.get(scan).status_code == 200


# -- papers -----------------------------------------------------------------------------------------------------------


def test_the_signed_text_is_a_paper_for_whoever_reads_the_file(app: Flask, sign_in: SignIn) -> None:
    a_second_landlord()
    charter = Played("charte")
    charter.play(scenario("charte", "signed-and-followed"), until="suivre")
    outbox.drain()
    with clock.at(LATER + timedelta(days=3)):
        client = sign_in(MONIQUE)
        page = client.get(f"/dossiers/{charter.reference}").text
        address = next(iter(re.findall(r'href="(/papers/[^"]+/pdf)"', page)))
        paper = client.get(address)
    assert paper.data.startswith(b"%PDF")
    text = "".join(one.extract_text() for one in PdfReader(BytesIO(paper.data)).pages)
    assert "Visiter avant de répondre" in text
    assert "Mistral, Grenoble" in text


def test_lists_speak_of_it_by_its_name(app: Flask, sign_in: SignIn) -> None:
    charter = Played("charte")
    charter.hand_on(NADIA)
    assert "Charte de relogement du quartier" in sign_in(NADIA).get("/search?q=charte+quartier").text
    for page in (
        "/operations/mistral/under-way",
        "/operations/mistral/files",
        "/waiting",
        f"/dossiers/{charter.reference}/course",
    ):
        found = sign_in(NADIA).get(page, follow_redirects=True)
        assert found.status_code == 200, page
        assert "Charte de relogement" in found.text, page


def test_a_seat_where_the_charter_is_decided_on_opens_no_list_of_households(app: Flask, sign_in: SignIn) -> None:
    monique = sign_in(MONIQUE)
    assert monique.get("/households").status_code == 404
    page = monique.get("/operations/mistral/files").text
    assert "/households" not in page
    assert "/operations/mistral/files" in page


def test_the_steering_committee_approves_a_charter_in_a_sitting(app: Flask, sign_in: SignIn) -> None:
    a_second_landlord()
    charter = Played("charte")
    charter.play(scenario("charte", "signed-and-followed"), until="pilotage")
    body = directory.body("mistral", "comite-de-pilotage")
    body.secretaries = [BRUNO]
    there = [approvals.Seated(one.id, one.person_id) for one in directory.seats_of(body) if one.person_id]
    bruno = identity(BRUNO)
    with clock.at(LATER + timedelta(days=4)):
        row = approvals.open_sitting(bruno, body, approvals.SittingDraft(clock.today()))
        approvals.put_agenda(bruno, row.id, [charter.row.subject], row.version)
        approvals.put_attendance(bruno, row.id, there, [], row.version)
        db.session.commit()
        page = sign_in(BRUNO).get(f"/sittings/{row.id}").text
        assert "Charte de relogement du quartier" in page
        assert "ménage MIS-OP" not in page
        seen = prints(attending.items(row))[charter.row.subject]
        said = approvals.Entry(
            charter.row.subject, "voices", seen=0, shown=seen, positions={approvals.ALL: ("favourable", "")}
        )
        approvals.enter(bruno, row.id, said)
        db.session.commit()
        approvals.carry_out(bruno, row.id, charter.row.subject)
        db.session.commit()
        assert charter.known(NADIA).course.stage == "deliberer"
