"""Somebody without account and without mail signs on a screen: a letter bears the link, a sheet the code."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from tests.cast import BRUNO, CLAIRE, MONIQUE, NADIA, PATRICE
from tests.features.signing.conftest import a_convention, a_picture, opened, room_of, signatory, signing
from tests.features.signing.test_signing_by_link import comes_in, in_mail
from tests.features.writing.conftest import page_words
from workflow import clock
from workflow.approvals.models import PersonalLink
from workflow.db import db
from workflow.errors import Refused
from workflow.mail import BOUNCED, Mail
from workflow.people.models import Person
from workflow.record.queries import facts
from workflow.signing.actions import coding
from workflow.signing.models import COMPLETE, OPEN
from workflow.signing.pages import link_papers
from workflow.signing.queries import links

POSTAL = "12, rue des Invités, 38000 Grenoble"
PAULE = {"channel": "screen", "place": "actis", "organisation": "actis", "person": ""}


@pytest.fixture
def reference(app):
    return a_convention()


@pytest.fixture
def path(sign_in, reference, worked):
    """The room, in which only Paule signs, whom nothing but the post reaches."""
    return asked(sign_in(NADIA), reference, worked, mail="", postal=POSTAL)


@pytest.fixture
def papers(monkeypatch):
    """Letters as they are ordered; setting them is tried once, below."""
    ordered = []
    monkeypatch.setattr(link_papers, "lettered", lambda letter: ordered.append(letter) or b"%PDF-")
    return ordered


def asked(nadia, reference, worked, **reached):
    path = nadia.post(f"/papers/{reference}/sign").location
    first = room_of(reference).parties[0].id
    sent = nadia.post(f"{path}/signatories/{first}", data=signatory("Paule Mercier", **PAULE, **reached))
    assert sent.status_code == 303, page_words(sent)
    assert nadia.post(f"{path}/open", data={"version": room_of(reference).row.version}).status_code == 303
    worked()
    return path


def given(client, reference, **typed):
    """Whoever runs the room makes a link in a certain way."""
    known = room_of(reference)
    url = f"/rooms/{known.row.reference}/signatories/{known.parties[0].id}/link"
    return client.post(url, data={"lang": "fr", "days": "30"} | typed)


def link_of(reference):
    known = room_of(reference)
    return next(one for one in links.links_of(known) if one.withdrawn_at is None)


def printed(client, path, reference, what, papers):
    """One of the two papers of the present link, as it was ordered."""
    answer = client.post(f"{path}/links/{link_of(reference).id}/{what}")
    assert answer.status_code == 200, page_words(answer)
    return papers[-1]


def url_in(letter):
    return letter.square[letter.square.index("/s/") :]


def test_a_letter_bears_the_link_another_the_code_and_two_people_print_them(
    sign_in, anonymous, path, reference, papers, worked
):
    nadia, claire = sign_in(NADIA), sign_in(CLAIRE)
    assert link_of(reference).link_by == link_of(reference).code_by == "letter"
    assert db.session.scalar(select(Mail.id).where(Mail.to.startswith("nadia"))), "she is told that there is a letter"
    assert nadia.post(f"{path}/links/{link_of(reference).id}/code").status_code == 409, "the letter comes first"
    assert f"{path}/links" in nadia.get("/waiting").text, "it waits for her as well"
    letter = printed(nadia, path, reference, "letter", papers)
    assert letter.to == ("Paule Mercier", "ACTIS", "12, rue des Invités", "38000 Grenoble")
    assert "Convention inter-bailleurs" in " ".join(letter.before)
    assert nadia.post(f"{path}/links/{link_of(reference).id}/code").status_code == 409, "nobody holds both"
    sheet = printed(claire, path, reference, "code", papers)
    assert sheet.square == ""
    assert f"{path}/links" not in nadia.get("/waiting").text
    assert claire.post(f"{path}/links/{link_of(reference).id}/letter").status_code == 409
    url = url_in(letter)
    assert url not in nadia.get(f"{path}/links").text + nadia.get(path).text
    assert "Convention" not in anonymous.get(url).text
    assert anonymous.post(url).status_code == 303
    assert anonymous.post(f"{url}/code", data={"code": "AAAA AAAA"}).status_code == 422
    assert anonymous.post(f"{url}/code", data={"code": sheet.sign.lower()}).status_code == 303
    assert anonymous.get(f"{url}/sign").status_code == 200
    assert anonymous.post(f"{url}/sign", data=signing(reference, "Paule Mercier")).status_code == 303
    assert room_of(reference).row.state == COMPLETE
    told = [one for one in facts(f"link:{link_of(reference).id}")]
    assert {"LinkMade", "LinkPrinted", "CodePrinted", "LinkOpened", "LinkUsed"} == {one.kind for one in told}
    assert not any("Paule" in str(one.data) or "Invit" in str(one.data) for one in told)


def test_printed_again_the_first_letter_and_its_code_are_dead(sign_in, anonymous, path, reference, papers):
    nadia, claire = sign_in(NADIA), sign_in(CLAIRE)
    first = url_in(printed(nadia, path, reference, "letter", papers))
    code = printed(claire, path, reference, "code", papers).sign
    again = url_in(printed(nadia, path, reference, "letter", papers))
    assert anonymous.get(first).status_code == 410
    assert anonymous.post(f"{again}/code", data={"code": code}).status_code == 409


def test_the_link_goes_by_letter_and_its_code_by_mail(sign_in, anonymous, path, reference, papers):
    nadia = sign_in(NADIA)
    first = url_in(printed(nadia, path, reference, "letter", papers))
    assert given(nadia, reference, way="letter-mail", address="").status_code == 422
    colleague = given(nadia, reference, way="letter-mail", address="patrice.odier@example.com")
    assert colleague.status_code == 422, "a mailbox of somebody with an access would give them both"
    assert given(nadia, reference, way="letter-mail", address="paule.mercier@example.org").status_code == 303
    assert anonymous.get(first).status_code == 410, "an earlier one is dead"
    url = url_in(printed(nadia, path, reference, "letter", papers))
    assert sign_in(CLAIRE).post(f"{path}/links/{link_of(reference).id}/code").status_code == 409
    comes_in(anonymous, url)
    assert anonymous.get(f"{url}/sign").status_code == 200


def test_the_link_goes_by_mail_and_its_code_on_paper(sign_in, anonymous, reference, worked, papers):
    nadia = sign_in(NADIA)
    path = asked(nadia, reference, worked, mail="paule.mercier@example.org", postal=POSTAL)
    assert given(nadia, reference, way="mail-letter", address="paule.mercier@example.org").status_code == 303
    worked()
    url = in_mail(r"(/s/\S+)")
    assert nadia.post(f"{path}/links/{link_of(reference).id}/letter").status_code == 409
    assert "/code" in anonymous.post(url).location
    assert anonymous.post(f"{url}/code", data={"code": "AAAA"}).status_code == 409, "not printed yet"
    code = printed(nadia, path, reference, "code", papers).sign
    assert anonymous.post(f"{url}/code", data={"code": code}).status_code == 303


def test_a_reminder_never_makes_a_letter_worthless(sign_in, anonymous, path, reference, papers, worked):
    nadia = sign_in(NADIA)
    url = url_in(printed(nadia, path, reference, "letter", papers))
    before = len(links.links_of(room_of(reference)))
    assert nadia.post(f"{path}/remind").status_code == 303
    worked()
    assert len(links.links_of(room_of(reference))) == before
    assert anonymous.get(url).status_code == 200
    titles = [one.subject for one in db.session.scalars(select(Mail).where(Mail.to.startswith("nadia")))]
    assert any("telephone" in one or "téléphone" in one for one in titles), titles


def test_a_mail_that_comes_back_leads_to_a_letter(sign_in, reference, worked):
    nadia = sign_in(NADIA)
    path = asked(nadia, reference, worked, mail="paule.mercier@example.org", postal=POSTAL)
    for one in db.session.scalars(select(Mail).where(Mail.to == "paule.mercier@example.org")):
        one.state = BOUNCED
    db.session.commit()
    assert nadia.post(f"{path}/remind").status_code == 303
    worked()
    assert link_of(reference).link_by == "letter"


def test_withdrawn_or_too_old_it_opens_nothing_and_the_page_says_so(sign_in, anonymous, path, reference, papers):
    nadia = sign_in(NADIA)
    url = url_in(printed(nadia, path, reference, "letter", papers))
    shown = page_words(nadia.get(f"{path}/links"))
    assert "Paule Mercier" in shown
    assert "Nadia Ferhat" in shown
    with clock.at(clock.now() + timedelta(days=32)):
        assert anonymous.get(url).status_code == 410
        page = page_words(sign_in(NADIA).get(path))
        assert "too old" in page or "trop ancien" in page
    link = link_of(reference).id
    assert sign_in(CLAIRE).post(f"{path}/links/{link}/withdraw").status_code == 404, "who runs the room does that"
    assert nadia.post(f"{path}/links/{link}/withdraw").status_code == 303
    assert anonymous.get(url).status_code == 410
    assert nadia.post(f"{path}/links/{link}/letter").status_code == 409
    assert given(nadia, reference, way="letter-letter").status_code == 303
    assert link_of(reference).id != link


def test_the_page_is_for_those_who_have_papers_signed(sign_in, path, reference):
    assert sign_in(CLAIRE).get(f"{path}/links").status_code == 200
    for somebody in (PATRICE, MONIQUE):
        assert sign_in(somebody).get(f"{path}/links").status_code in (403, 404)
    link = link_of(reference).id
    assert sign_in(PATRICE).post(f"{path}/links/{link}/letter").status_code in (403, 404)
    assert sign_in(BRUNO).post(f"{path}/links/{'0' * 32}/letter").status_code == 404


def test_a_session_takes_a_code_on_paper_that_a_colleague_prints(sign_in, reference, papers, worked):
    nadia = sign_in(NADIA)
    path = opened(nadia, reference)
    worked()
    who = db.session.get(Person, PATRICE)
    who.email = None
    db.session.commit()
    party = room_of(reference).parties[0]
    url, patrice = f"{path}/signatories/{party.id}", sign_in(PATRICE)
    assert patrice.post(f"{url}/code").status_code == 409, "no mail reaches him"
    assert nadia.post(f"{url}/link", data={"way": "letter-letter"}).status_code == 404, "he needs no link"
    assert nadia.post(f"{url}/code-on-paper").status_code == 303
    patrice.post(f"{url}/code", data={"code": "AAAA AAAA"})
    code = printed(nadia, path, reference, "code", papers).sign
    assert code not in patrice.get(f"{url}/sign").text
    patrice.post(f"{url}/code", data={"code": "AAAA AAAA"})
    assert patrice.post(f"{url}/sign", data=signing(reference)).status_code == 409
    assert patrice.post(f"{url}/code", data={"code": code}).status_code == 303
    assert patrice.post(f"{url}/sign", data=signing(reference)).status_code == 303
    assert room_of(reference).row.state == COMPLETE


def test_nobody_has_the_code_printed_that_they_type_themselves(sign_in, reference, worked):
    nadia = sign_in(NADIA)
    path = nadia.post(f"/papers/{reference}/sign").location
    first = room_of(reference).parties[0].id
    nadia.post(f"{path}/signatories/{first}", data=signatory("Nadia Ferhat", **PAULE | {"person": NADIA}))
    assert nadia.post(f"{path}/open", data={"version": room_of(reference).row.version}).status_code == 303
    worked()
    assert nadia.post(f"{path}/signatories/{first}/code-on-paper").status_code == 409
    known = room_of(reference)
    row = PersonalLink(id="f" * 32, operation_id="mistral", subject=known.row.subject, step=known.steps[first])
    row.person, row.link_by, row.code_by, row.lang = NADIA, links.SESSION, "letter", "fr"
    row.made_by, row.made_at, row.expires_at = CLAIRE, clock.now(), clock.now() + timedelta(days=1)
    db.session.add(row)
    db.session.commit()
    assert nadia.post(f"{path}/links/{row.id}/code").status_code == 409
    with pytest.raises(Refused):
        coding.ask(room_of(reference), room_of(reference).parties[0], NADIA)
    db.session.rollback()


def test_another_address_of_who_signs_instead_keeps_their_turn(sign_in, anonymous, path, reference, worked):
    nadia = sign_in(NADIA)
    url = f"{path}/signatories/{room_of(reference).parties[0].id}"
    typed = {"name": "Rose Garnier", "capacity": "directrice", "person": "", "mandate": "power", "day": "2026-10-01"}
    assert nadia.post(f"{url}/delegate", data=typed).status_code == 422, "nobody could reach her"
    typed |= {"postal": POSTAL, "mandate_file": (BytesIO(a_picture()), "pouvoir.png")}
    assert nadia.post(f"{url}/delegate", data=typed, content_type="multipart/form-data").status_code == 303
    worked()
    assert (link_of(reference).link_by, links.party_of(room_of(reference), link_of(reference)).acting.name) == (
        "letter",
        "Rose Garnier",
    )
    assert nadia.post(f"{url}/address", data={"mail": "paule.mercier@example.org", "postal": ""}).status_code == 303
    worked()
    link = in_mail(r"(/s/\S+)")
    comes_in(anonymous, link)
    assert anonymous.post(f"{link}/sign", data=signing(reference, "Rose Garnier")).status_code == 303
    assert room_of(reference).row.state == COMPLETE


def test_the_letter_and_its_sheet_are_set_as_pdf(sign_in, path, reference):
    letter = sign_in(NADIA).post(f"{path}/links/{link_of(reference).id}/letter")
    assert (letter.mimetype, letter.headers["Cache-Control"]) == ("application/pdf", "no-store")
    assert letter.data.startswith(b"%PDF-")
    sheet = sign_in(CLAIRE).post(f"{path}/links/{link_of(reference).id}/code")
    assert sheet.data.startswith(b"%PDF-")
    assert room_of(reference).row.state == OPEN
