"""A document goes out to another signing tool and comes back: the same, with valid signatures, or it is not taken."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from threading import Barrier

import pikepdf
import pytest
from flask import current_app
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from documents import personal_keys, signing
from documents.signing import Authority, free_fields
from documents.verification import verify
from tests.cast import HELENE, NADIA, PATRICE
from tests.features.signing.conftest import a_convention, a_picture, no_keys, room_of, signatory, types_the_code
from tests.features.signing.test_own_certificate import a_file
from tests.features.writing.conftest import page_words
from workflow import clock
from workflow.db import db
from workflow.filing import queries as filing
from workflow.filing.rules.told import Signer, told
from workflow.mail import Mail
from workflow.record.queries import facts
from workflow.signing.models import COMPLETE, OPEN
from workflow.signing.queries import arrivals, revisions
from workflow.signing.queries.certificates import certificates

PATRICES, PASSWORD = "patrice.odier@example.com", "vercors-1492"
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def desk(tmp_path_factory) -> Authority:
    """The authority of an outer signing tool."""
    return Authority.create(tmp_path_factory.mktemp("desk") / "keys", name="Parapheur", now=LONG_AGO)


@pytest.fixture
def reference(app):
    return a_convention()


@pytest.fixture
def url(sign_in, reference):
    """Patrice signs in the tool of his organisation; Monique on paper, once he has: where his file goes out."""
    return opened(sign_in(NADIA), reference)


def opened(nadia, reference, **more):
    path = nadia.post(f"/papers/{reference}/sign").location
    party = room_of(reference).parties[0].id
    typed = signatory("Patrice Odier", channel="parapheur", place="actis", organisation="actis", person=PATRICE)
    assert nadia.post(f"{path}/signatories/{party}", data=typed | more).status_code == 303
    sent = nadia.post(f"{path}/signatories/new", data=signatory("Monique Tallard", rank="2"))
    assert sent.status_code == 303, sent.text
    assert nadia.post(f"{path}/open", data={"version": room_of(reference).row.version}).status_code == 303
    return f"{path}/signatories/{party}/elsewhere"


def keys(name="Patrice Odier", **how):
    return personal_keys.open(a_file(name, **how), PASSWORD, at=clock.now())


def now():
    return clock.now().replace(microsecond=0)


def signed_there(pdf, desk, *, own=None, field="actis", at=None):
    said = {"at": at or now(), "reason": "Lu et approuvé", "location": "Lyon"}
    return signing.sign_with(pdf, own or keys(), desk, field, stamp=None, **said)


def file_of(reference):
    known = room_of(reference)
    return revisions.bytes_of(known.row, revisions.present(known.row))


def hands_in(client, url, data):
    return client.post(url, data={"file": (BytesIO(data), "signé.pdf")}, content_type="multipart/form-data")


def came(reference):
    """What was handed in, the first first."""
    return arrivals.arrivals(room_of(reference).row.id)[::-1]


def test_what_comes_back_is_confirmed_then_is_the_document(sign_in, anonymous, reference, url, desk, worked):
    nadia = sign_in(NADIA)
    page = nadia.get(url)
    sent = file_of(reference)
    assert room_of(reference).parties[0].row.channel == "parapheur"
    assert revisions.present(room_of(reference).row).after in page.text
    answer = hands_in(nadia, url, signed_there(sent, desk))
    assert answer.status_code == 303, page_words(answer)
    assert room_of(reference).row.state == OPEN
    assert file_of(reference) == sent, "nothing before somebody looked whose certificate it is"
    shown = page_words(nadia.get(answer.location))
    assert "Patrice Odier" in shown
    assert "AC Exemple" in shown
    assert nadia.post(answer.location, data={"do": "take"}).status_code == 303
    after = file_of(reference)
    assert after.startswith(came_bytes(reference))
    assert "actis" not in free_fields(after)
    verdict = verify(after, trust_roots=filing.trust_roots(current_app.config["RELAIS"]), known=None, at=clock.now())
    assert verdict.ok, "our own seal of arrival covers what we cannot date"
    said = told(verdict, {"actis": Signer("Paule Mercier", "directrice", "ACTIS")})
    assert [one.level for one in said] == ["seal", "personal", "arrival"]
    assert (said[1].name, said[1].capacity) == ("Patrice Odier", "Paule Mercier, directrice, ACTIS"), "each by its own"
    assert [one.name for one in certificates(room_of(reference).row.id)] == ["Patrice Odier"]
    asked = anonymous.post("/verify", data={"file": (BytesIO(after), "a.pdf")}, content_type="multipart/form-data")
    assert "AC Exemple" in page_words(asked)
    again = nadia.post(answer.location, data={"do": "take"})
    assert again.status_code == 409
    assert len(revisions.revisions(room_of(reference).row.id)) == 2


def came_bytes(reference):
    return arrivals.bytes_that_came(room_of(reference).row, came(reference)[-1])


def test_the_signatory_hands_it_in_after_their_code_and_a_place_of_its_own_is_fine(sign_in, reference, url, desk):
    patrice = sign_in(PATRICE)
    signs = f"{url.removesuffix('/elsewhere')}/sign"
    assert patrice.get(url).location.endswith("/sign")
    assert hands_in(patrice, url, b"%PDF-").location.endswith("/sign")
    types_the_code(patrice, url.removesuffix("/elsewhere"), PATRICES)
    assert url in patrice.get(signs).text
    own = signing.seal(file_of(reference), desk, at=now(), reason="", location="", field_name="Signature1")
    answer = hands_in(patrice, url, own)
    assert answer.status_code == 303, page_words(answer)
    aside = patrice.post(answer.location, data={"do": "aside"})
    assert aside.status_code == 303
    assert [one.state for one in came(reference)] == ["dropped"]
    again = hands_in(patrice, url, own)
    assert patrice.post(again.location, data={"do": "take"}).status_code == 303
    assert [one.kind for one in facts(room_of(reference).row.subject)].count("Signed") == 1
    path = f"/rooms/{room_of(reference).row.reference}"
    assert patrice.post(f"{path}/take-back").status_code == 303
    assert certificates(room_of(reference).row.id) == []
    types_the_code(patrice, url.removesuffix("/elsewhere"), PATRICES)
    once_more = hands_in(patrice, url, own)
    assert patrice.post(once_more.location, data={"do": "take"}).status_code == 303
    assert sign_in(NADIA).get(url.replace("/elsewhere", "/sign")).status_code == 404


def changed(pdf, change):
    with pikepdf.open(io.BytesIO(pdf)) as opened_:
        change(opened_)
        made = io.BytesIO()
        opened_.save(made)
    return made.getvalue()


def swapped(pdf):
    """Its last page is another one."""

    def swap(opened_):
        del opened_.pages[-1]
        opened_.add_blank_page()

    return changed(pdf, swap)


def scripted(pdf):
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    action = {generic.NameObject("/S"): generic.NameObject("/JavaScript")}
    action[generic.NameObject("/JS")] = generic.TextStringObject("app.alert(1)")
    writer.root[generic.NameObject("/OpenAction")] = generic.DictionaryObject(action)
    writer.update_root()
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def scan():
    with pikepdf.new() as made:
        made.add_blank_page()
        out = io.BytesIO()
        made.save(out)
    return out.getvalue()


def test_whatever_is_not_this_document_is_not_taken_and_its_bytes_are_kept(sign_in, reference, url, desk):
    nadia, sent = sign_in(NADIA), file_of(reference)
    good = signed_there(sent, desk)
    bad = {
        "same_file": sent,
        "other_document": swapped(good),
        "changed": good + b"junk",
        "scripts": signed_there(scripted(sent), desk),
        "not_pdf": a_picture(),
        "truncated": good[:-30],
    }
    for code, data in bad.items():
        page = hands_in(nadia, url, data)
        assert page.status_code == 409, code
        assert came(reference)[-1].code == code
        assert arrivals.bytes_that_came(room_of(reference).row, came(reference)[-1]) == data, code
    assert hands_in(nadia, url, scan()).status_code == 409
    assert hands_in(nadia, url, b"").status_code == 422
    assert file_of(reference) == sent
    assert room_of(reference).row.state == OPEN
    assert sign_in(HELENE).get(url).status_code == 404
    page = nadia.get(f"/rooms/{room_of(reference).row.reference}")
    kept = came(reference)[1]
    assert f"/arrivals/{kept.id}/file" in page.text
    assert nadia.get(f"/rooms/{room_of(reference).row.reference}/arrivals/{kept.id}/file").data == bad["other_document"]
    assert sign_in(PATRICE).get(f"/rooms/{room_of(reference).row.reference}/arrivals/{kept.id}/file").status_code == 404


def test_a_signature_that_proves_nothing_is_not_taken(sign_in, reference, desk):
    nadia = sign_in(NADIA)
    url = opened(nadia, reference, level="qualified")
    sent = file_of(reference)
    plain = hands_in(nadia, url, signed_there(sent, desk))
    assert plain.status_code == 409
    assert came(reference)[-1].code == "not_qualified"
    expired = keys(start=timedelta(days=-1), end=timedelta(minutes=5))
    late = signed_there(sent, desk, own=expired, at=now() + timedelta(minutes=4))
    assert hands_in(nadia, url, late).status_code == 409
    to_come = signed_there(sent, desk, at=now() + timedelta(hours=3))
    assert hands_in(nadia, url, to_come).status_code == 409
    assert came(reference)[-1].code == "to_come"
    assert all(one.state == "refused" for one in came(reference))


def test_a_file_that_left_before_the_document_changed_is_told_so(sign_in, reference, url, desk):
    """Nobody else signs while it is away; but what is signed on paper instead makes another state of the file."""
    nadia = sign_in(NADIA)
    good = signed_there(file_of(reference), desk)
    answer = hands_in(nadia, url, good).location
    party = room_of(reference).parties[0].id
    path = f"/rooms/{room_of(reference).row.reference}"
    scanned = {"signatories": [party], "signed_on": clock.today().isoformat(), "attested": "1"}
    scanned |= {"scan": (BytesIO(a_picture()), "scan.png")}
    assert nadia.post(f"{path}/paper", data=scanned, content_type="multipart/form-data").status_code == 303
    before = file_of(reference)
    assert nadia.post(answer, data={"do": "take"}).status_code == 409
    assert hands_in(nadia, url, good).status_code == 409
    assert file_of(reference) == before


def test_only_another_signing_tool_is_asked_for_a_qualified_signature(sign_in, reference):
    nadia = sign_in(NADIA)
    path = nadia.post(f"/papers/{reference}/sign").location
    party = room_of(reference).parties[0].id
    typed = signatory("Patrice Odier", place="actis", organisation="actis", person=PATRICE, level="qualified")
    for channel, answer in (("screen", 422), ("certificate", 422), ("parapheur", 303)):
        sent = nadia.post(f"{path}/signatories/{party}", data=typed | {"channel": channel})
        assert sent.status_code == answer, channel
    assert room_of(reference).parties[0].row.level == "qualified"


def test_while_a_file_is_away_nobody_of_the_same_rank_is_asked(sign_in, reference):
    nadia = sign_in(NADIA)
    path = nadia.post(f"/papers/{reference}/sign").location
    party = room_of(reference).parties[0].id
    typed = signatory("Patrice Odier", channel="parapheur", place="", organisation="actis", person=PATRICE)
    assert nadia.post(f"{path}/signatories/{party}", data=typed).status_code == 303
    assert nadia.post(f"{path}/signatories/new", data=signatory("Monique Tallard")).status_code == 303
    assert nadia.post(f"{path}/open", data={"version": room_of(reference).row.version}).status_code == 422


def test_without_the_keys_of_the_installation_it_is_kept_and_taken_later(sign_in, reference, url, desk, app):
    nadia = sign_in(NADIA)
    good = signed_there(file_of(reference), desk)
    with no_keys(app):
        answer = hands_in(nadia, url, good)
        assert answer.status_code == 303
        assert nadia.post(answer.location, data={"do": "take"}).status_code == 409
    assert len(revisions.revisions(room_of(reference).row.id)) == 1
    assert not any(one.kind == "Signed" for one in facts(room_of(reference).row.subject))
    assert nadia.post(answer.location, data={"do": "take"}).status_code == 303


def test_two_who_confirm_at_the_same_instant_record_one_signature(sign_in, reference, url, desk):
    nadia = sign_in(NADIA)
    answer = hands_in(nadia, url, signed_there(file_of(reference), desk))
    start, clients = Barrier(2), [nadia, sign_in(NADIA)]
    db.session.rollback()

    def take(client):
        start.wait(timeout=10)
        return client.post(answer.location, data={"do": "take"}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, clients)) == [303, 409]
    assert len(revisions.revisions(room_of(reference).row.id)) == 2


def test_by_link_it_goes_out_and_comes_back_too(sign_in, anonymous, reference, desk, worked):
    from tests.features.signing.test_signing_by_link import ADDRESS, comes_in, link

    nadia = sign_in(NADIA)
    path = nadia.post(f"/papers/{reference}/sign").location
    party = room_of(reference).parties[0].id
    typed = signatory("Paule Mercier", channel="parapheur", mail=ADDRESS, place="actis", organisation="actis")
    assert nadia.post(f"{path}/signatories/{party}", data=typed | {"person": ""}).status_code == 303
    assert nadia.post(f"{path}/open", data={"version": room_of(reference).row.version}).status_code == 303
    worked()
    assert any("outil de signature" in one.body for one in db.session.query(Mail).filter(Mail.to == ADDRESS))
    url = link()
    assert anonymous.get(f"{url}/elsewhere").location == url
    comes_in(anonymous, url)
    assert "/elsewhere" in anonymous.get(f"{url}/sign").text
    assert anonymous.get(f"{url}/elsewhere").status_code == 200
    assert hands_in(anonymous, f"{url}/elsewhere", scan()).status_code == 409
    answer = hands_in(anonymous, f"{url}/elsewhere", signed_there(file_of(reference), desk, own=keys("Paule Mercier")))
    assert answer.status_code == 303, page_words(answer)
    assert anonymous.get(answer.location).status_code == 200
    assert anonymous.post(answer.location, data={"do": "take"}).status_code == 303
    worked()
    assert room_of(reference).row.state == COMPLETE
    assert anonymous.post(answer.location, data={"do": "take"}).status_code == 409
