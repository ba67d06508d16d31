"""A paper of a dossier whose model says where its signatories sign is signed in the file, like any other."""

import pytest

from documents.signing import free_fields
from tests import factories
from tests.cast import BRUNO, CLAIRE, MONIQUE, NADIA, SONIA
from tests.features.dossiers.test_offering_a_dwelling import AFTER, FIRST, OFFER, handed_on, offer, opened
from tests.features.signing.conftest import room_of, signatory, signing
from tests.features.signing.test_letters_of_a_room import link_of, printed, url_in
from tests.features.signing.test_who_still_has_to_sign import line
from tests.features.writing.conftest import page_words
from workflow import outbox
from workflow.catalogue.queries import current
from workflow.db import db
from workflow.dossiers.queries.paper.material import is_to_sign
from workflow.errors import NotFound
from workflow.filing import queries as filing
from workflow.filing.queries.shelves import SIGNED, SIGNING
from workflow.record import actions as record
from workflow.signing.models import COMPLETE
from workflow.signing.pages import link_papers
from workflow.signing.queries import rooms


@pytest.fixture
def file(app):
    """An accepted offer, with its answer for the household; its reference."""
    factories.a_validated_dossier()
    row = opened(OFFER)
    handed_on(row, CLAIRE, offer(*FIRST))
    factories.decide(SONIA, row, "Approve", "reservation")
    handed_on(row, BRUNO, offer(*FIRST, *AFTER) | {"R": {"R1": "accepte", "R2": "2026-03-24", "R8": "oui"}})
    factories.decide(BRUNO, row, "Sign", "lecture_menage", channel="screen")
    reference = row.reference
    db.session.rollback()
    outbox.drain()
    return reference


@pytest.fixture
def reference(file):
    """Of the answer to the household."""
    found = next(one for one in filing.papers(_subject(file)) if (one.kind, one.audience) == ("reponse", "household"))
    assert "menage" in free_fields(filing.bytes_of(found, "pdf"))
    reference = found.reference
    db.session.rollback()
    return reference


def _subject(file):
    return factories.dossier_of(file).subject


def test_the_page_of_the_dossier_leads_to_its_signatures_and_tells_how_far_they_are(
    sign_in, anonymous, file, reference, worked, monkeypatch
):
    papers = []
    monkeypatch.setattr(link_papers, "lettered", lambda letter: papers.append(letter) or b"%PDF-")
    bruno, url = sign_in(BRUNO), f"/dossiers/{file}"
    page = bruno.get(url).text
    assert f"/papers/{reference}/sign" in page
    assert page.count('/sign"') == 1, "the copy of the committee has no place to sign in"
    path = bruno.post(f"/papers/{reference}/sign").location
    who = room_of(reference).parties[0]
    assert who.row.field == "menage"
    typed = signatory(
        "Lise Fontenay", capacity="locataire", channel="screen", place="menage", postal="3, allée du Parc"
    )
    assert bruno.post(f"{path}/signatories/{who.id}", data=typed).status_code == 303
    assert bruno.post(f"{path}/open", data={"version": room_of(reference).row.version}).status_code == 303
    worked()
    page = bruno.get(url)
    assert "Lise Fontenay" in page.text
    assert (line(reference, BRUNO).state, line(reference, BRUNO).waits) == (SIGNING, ("Lise Fontenay",))
    assert line(reference, BRUNO, words=("fontenay",)) is not None
    letter = printed(bruno, path, reference, "letter", papers)
    code = printed(sign_in(CLAIRE), path, reference, "code", papers).sign
    link = url_in(letter)
    assert anonymous.post(f"{link}/code", data={"code": code}).status_code == 303
    sent = anonymous.post(f"{link}/sign", data=signing(reference, "Lise Fontenay"))
    assert sent.status_code == 303, page_words(sent)
    assert room_of(reference).row.state == COMPLETE
    assert line(reference, BRUNO).state == SIGNED
    assert f"/papers/{reference}/sign" in bruno.get(url).text
    assert room_of(reference).row.reference
    assert link_of(reference).used_at is not None


def test_only_those_who_may_have_the_paper_hear_of_its_signatures(sign_in, file, reference):
    bruno = sign_in(BRUNO)
    path = bruno.post(f"/papers/{reference}/sign").location
    for somebody in (SONIA, MONIQUE):
        client = sign_in(somebody)
        assert client.get(path).status_code == 404
        assert client.post(f"/papers/{reference}/sign").status_code in (403, 404)
        page = client.get(f"/dossiers/{file}")
        assert path not in page.text
        assert f"/papers/{reference}/sign" not in page.text
    assert sign_in(NADIA).get(path).status_code == 200


def test_a_paper_without_a_place_is_offered_to_nobody_and_its_seal_is_alone(app):
    published = current(OFFER, factories.MISTRAL["slug"])
    assert is_to_sign(published, "reponse")
    assert not is_to_sign(published, "proposition")
    diagnosis = current("diagnostic-social", factories.MISTRAL["slug"])
    assert not any(is_to_sign(diagnosis, one["name"]) for one in diagnosis.settings["documents"])


def test_erasing_the_household_erases_what_its_room_holds(sign_in, file, reference):
    sign_in(BRUNO).post(f"/papers/{reference}/sign")
    record.forget(room_of(reference).row.paper_subject)
    db.session.commit()
    with pytest.raises(NotFound):
        rooms.parties(room_of(reference).row.id)
