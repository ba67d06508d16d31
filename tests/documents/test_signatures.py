"""Everybody signs in the place that was prepared, one after the other, and all of it stays true."""

import datetime
import io

import pikepdf
import pytest
from cryptography import x509

from documents import fields, pdf, signing
from documents.personal_keys import KeyRefused
from documents.verification import verify
from tests.documents.parties import (
    AT,
    CERTIFIED,
    MINUTE,
    NEVER_REVOKED,
    ON_SCREEN,
    QUALIFIED,
    personal_keys_of,
    sealed_first,
    signed_on_screen,
)

LATER = AT + datetime.timedelta(hours=2)
SAID = {"reason": "Signé à l’écran", "location": "Lyon", "stamp": None}


def judged(file, authority, at=LATER):
    return verify(file, trust_roots=authority.trust_roots, known=None, at=at)


def test_four_signatures_and_a_seal_make_one_authentic_file(signed, authority):
    verdict = judged(signed, authority)
    assert (verdict.ok, verdict.reason, verdict.family) == (True, "ours_and_whole", "authentic"), verdict
    assert [(one.field, one.kind, one.level) for one in verdict.signatures] == [
        ("Sceau", "seal", "B-LT"),
        ("bailleur", "witness", "B-LT"),
        ("office", "witness", "B-LT"),
        ("ville", "witness", "B-LT"),
        ("etat", "personal", "B-T"),
    ]
    assert [one.name for one in verdict.signatures[1:]] == [
        "Anne Mercier",
        "Bruno Diallo",
        "Chloé Vidal",
        "David Nguyen",
    ]
    assert {one.by for one in verdict.signatures[:4]} == {"Ville de Grenoble"}
    assert verdict.signatures[4].issuer == "AC Exemple"
    assert [one.changed_after for one in verdict.signatures] == ["signatures"] * 4 + ["nothing"]


def test_each_signature_says_how_and_when_it_was_given(signed, authority):
    facts = judged(signed, authority).signatures
    assert [one.time for one in facts] == [AT, AT + MINUTE, AT + 2 * MINUTE, AT + 3 * MINUTE, AT + 10 * MINUTE]
    assert facts[1].reason == "Signé à l’écran"
    assert [one.trusted for one in facts] == [True, True, True, True, False]


def test_a_last_time_stamp_closes_the_file_and_raises_the_level(archived, authority):
    verdict = judged(archived, authority)
    assert verdict.ok, verdict
    assert [one.level for one in verdict.signatures] == ["B-LTA"] * 4 + ["B-T", ""]
    assert (verdict.signatures[-1].kind, verdict.signatures[-1].time) == ("timestamp", AT + 20 * MINUTE)
    assert verdict.signatures[-2].changed_after == "long_term"


def test_a_paper_somebody_has_still_to_sign_is_authentic_and_says_so(prepared, authority):
    verdict = judged(signed_on_screen(sealed_first(prepared, authority), authority, ON_SCREEN[:2]), authority)
    assert (verdict.ok, verdict.reason, verdict.family) == (True, "waiting", "incomplete")
    assert verdict.waiting == ("ville", "etat")


def test_once_closed_a_paper_waits_for_nobody(prepared, authority):
    pdf = signing.archive(sealed_first(prepared, authority), authority, at=AT + MINUTE)
    assert (judged(pdf, authority).reason, judged(pdf, authority).waiting) == ("ours_and_whole", ())


def test_the_free_places_are_those_where_nobody_signed(prepared, authority):
    assert signing.free_fields(prepared) == ("bailleur", "office", "ville", "etat", "Sceau")
    pdf = signed_on_screen(sealed_first(prepared, authority), authority, ON_SCREEN[:1])
    assert signing.free_fields(pdf) == ("office", "ville", "etat")


def refusal(act):
    with pytest.raises(signing.CannotSign) as refused:
        act()
    return type(refused.value), refused.value.code


def test_nobody_signs_twice_in_one_place_nor_where_none_is(prepared, authority, keys):
    pdf = signed_on_screen(prepared, authority, ON_SCREEN[:1])

    def again(place):
        return lambda: signing.sign_for(pdf, authority, place, at=LATER, name="Anne Mercier", **SAID)

    assert refusal(again("bailleur")) == (signing.FieldTaken, "taken")
    assert refusal(again("jardin")) == (signing.NoSuchField, "no_field")
    with_key = lambda: signing.sign_with(pdf, keys, authority, "bailleur", at=LATER, **SAID)  # noqa: E731
    assert refusal(with_key) == (signing.FieldTaken, "taken")


def test_no_signature_is_dated_before_the_one_it_follows(prepared, authority):
    pdf = signed_on_screen(prepared, authority, ON_SCREEN[:1], since=LATER)
    early = lambda: signing.sign_for(pdf, authority, "office", at=AT, name="Bruno Diallo", **SAID)  # noqa: E731
    assert refusal(early) == (signing.OutOfTurn, "earlier")
    assert refusal(lambda: signing.archive(pdf, authority, at=AT)) == (signing.OutOfTurn, "earlier")


def test_nothing_is_signed_in_a_closed_paper(prepared, authority):
    both = fields.prepare(prepared, (), seals=None)
    closed = signing.archive(sealed_first(both, authority), authority, at=AT + MINUTE)
    late = lambda: signing.sign_for(closed, authority, "office", at=LATER, name="Bruno Diallo", **SAID)  # noqa: E731
    assert refusal(late) == (signing.OutOfTurn, "closed")
    assert refusal(lambda: signing.seal(closed, authority, at=LATER, reason="", location="", field_name="Sceau final"))[
        1
    ] == ("closed")


def test_what_nobody_signed_is_not_archived(prepared, authority):
    assert refusal(lambda: signing.archive(prepared, authority, at=AT)) == (signing.OutOfTurn, "unsigned")


def test_a_closed_paper_can_be_archived_again(archived, authority):
    again = signing.archive(archived, authority, at=LATER)
    verdict = judged(again, authority, at=LATER + MINUTE)
    assert verdict.ok, verdict
    assert [one.field for one in verdict.signatures[-2:]] == ["Horodatage", "Horodatage 2"]


def test_only_the_first_signature_can_forbid_changes(prepared, authority):
    pdf = signed_on_screen(prepared, authority, ON_SCREEN[:1])
    assert refusal(lambda: sealed_first(pdf, authority, certify=True)) in {
        (signing.OutOfTurn, "not_first"),
    }


@pytest.mark.parametrize(
    ("more", "level", "qualified"), [((), "B-T", False), ((QUALIFIED,), "B-T", True), ((NEVER_REVOKED,), "B-LT", False)]
)
def test_the_level_of_a_personal_signature_is_what_the_file_can_prove(prepared, authority, more, level, qualified):
    pdf = signing.sign_with(
        sealed_first(prepared, authority), personal_keys_of(more=more), authority, CERTIFIED, at=AT + MINUTE, **SAID
    )
    fact = judged(pdf, authority).signatures[-1]
    assert (fact.kind, fact.level, fact.claims_qualified, fact.trusted) == ("personal", level, qualified, False)


def test_a_personal_key_of_the_older_kind_signs_too(prepared, authority):
    rsa = personal_keys_of(kind="rsa")
    pdf = signing.sign_with(sealed_first(prepared, authority), rsa, authority, CERTIFIED, at=AT + MINUTE, **SAID)
    assert judged(pdf, authority).ok


def test_a_certificate_that_pretends_to_come_from_us_signs_nothing(prepared, authority, stranger):
    pretending = personal_keys_of(more=(signs_as(authority),))
    with pytest.raises(KeyRefused) as refused:
        signing.sign_with(prepared, pretending, authority, CERTIFIED, at=AT, **SAID)
    assert refused.value.code == "not_for_signing"
    signing.sign_with(prepared, pretending, stranger, CERTIFIED, at=AT, **SAID)


def signs_as(authority):
    """The number of our root's key, where a certificate says who issued it."""
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.root.key.public_key())


def test_a_certificate_that_has_expired_since_it_was_opened_signs_nothing(prepared, authority, keys):
    later = AT + datetime.timedelta(days=500)
    with pytest.raises(Exception, match="expired"):
        signing.sign_with(prepared, keys, authority, CERTIFIED, at=later, **SAID)


def described(file) -> tuple:
    """The structure of a paper for those who listen: every element in order, with its words and where it points."""
    with pikepdf.open(io.BytesIO(file)) as opened:
        return tuple(walked(opened.Root.StructTreeRoot))


def walked(element):
    yield str(element.get("/S")), str(element.get("/Alt"))
    children = element.get("/K", pikepdf.Array([]))
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and child.get("/Type") != "/OBJR":
            yield from walked(child)
        elif isinstance(child, pikepdf.Dictionary):
            yield "object", str(child.Obj.get("/T")), str(child.Obj.get("/TU"))


def test_who_listens_to_the_paper_hears_the_same_before_and_after_all_signatures(prepared, archived):
    assert described(prepared) == described(archived)
    heard = [one for one in described(archived) if one[0] == "object" and one[1] != "None"]
    assert heard[0] == ("object", "bailleur", "Signature de Anne Mercier")
    assert len(heard) == 4
    with pikepdf.open(io.BytesIO(archived)) as opened:
        claims = opened.open_metadata()
        assert (claims["pdfuaid:part"], claims["pdfaid:part"]) == ("1", "3")
        widgets = [
            one
            for page in opened.pages
            for one in page.obj.get("/Annots", [])
            if "/T" in one and "/StructParent" in one
        ]
    assert len(widgets) == 4


def test_a_paper_without_signatories_is_not_touched(paper, prepared):
    assert fields.prepare(paper.bytes, ()) == paper.bytes
    assert fields.prepare(prepared, (), seals={}) == prepared


def test_the_size_of_each_place_is_what_its_stamp_must_measure(convention, prepared):
    places = {one.name: (one.right - one.left, one.top - one.bottom) for one in convention.fields}
    found = fields.sizes(prepared)
    assert found.keys() == places.keys()
    assert all(found[name] == pytest.approx(size, abs=0.02) for name, size in places.items())


def test_two_signatures_made_on_the_same_bytes_are_two_files_neither_holding_both(prepared, authority):
    """Whoever keeps the paper must hold it while it is signed: this is what is lost otherwise."""
    start = sealed_first(prepared, authority)
    one, other = (signed_on_screen(start, authority, (place,)) for place in ON_SCREEN[:2])
    assert not one.startswith(other)
    assert len(judged(one, authority).signatures) == len(judged(other, authority).signatures) == 2


def test_preparing_is_repeatable(convention):
    made = [fields.prepare(convention.bytes, convention.fields, seals={"Sceau": "S"}) for _ in range(2)]
    assert made[0] == made[1]
    assert isinstance(convention, pdf.PdfResult)
