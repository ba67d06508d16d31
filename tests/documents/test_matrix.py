"""One to five signatories, sealed first or last, under a seal that forbids changes or not: three judges agree."""

import io
import subprocess

import pytest
from asn1crypto import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from documents import fields, model, pdf, signing
from documents.verification import verify
from tests.documents.attacks.making import ranges
from tests.documents.parties import AT, MINUTE, signed_on_screen

LATER = AT + 60 * MINUTE
PEOPLE = ("Anne Mercier", "Bruno Diallo", "Chloé Vidal", "David Nguyen", "Élodie Martin")


@pytest.fixture(scope="module")
def papers(house):
    """By number of signatories: the paper with their places, and both for the seals."""

    def made(number):
        places = "\n\n".join(f'{{% signature name: "{PEOPLE[at]}", field: "p{at}" %}}' for at in range(number))
        loaded = model.load(f'---\ntitle: "Convention"\n---\nLe texte.\n\n{places}\n')
        around = {"lang": "fr", "reference": "R-1", "date": AT.date(), "verify_url": None, "issuer": "Ville"}
        set_ = pdf.write(model.render(loaded, {}, **around).document, house, date=AT)
        return fields.prepare(set_.bytes, set_.fields, seals={fields.SEAL: "Sceau", fields.LAST_SEAL: "Sceau"})

    return {number: made(number) for number in range(1, 6)}


def completed(paper, number, authority, *, last, certify):
    """Sealed first or last; certified where asked: by the first signature, which is then always a seal."""
    people = [(f"p{at}", PEOPLE[at]) for at in range(number)]
    said = {"reason": "", "location": ""}
    if certify or not last:
        paper = signing.seal(paper, authority, at=AT, certify=certify, **said)
    paper = signed_on_screen(paper, authority, people)
    if last:
        paper = signing.seal(paper, authority, at=AT + 30 * MINUTE, field_name=fields.LAST_SEAL, **said)
    return paper


def openssl_accepts(paper, of, root, folder) -> bool:
    start, first, second, length = of
    (folder / "signature.der").write_bytes(bytes.fromhex(paper[first + 1 : second - 1].decode()))
    (folder / "content").write_bytes(paper[start : start + first] + paper[second : second + length])
    (folder / "root.pem").write_bytes(root)
    said = "openssl cms -verify -binary -inform DER -in signature.der -content content -CAfile root.pem -purpose any"
    command = [*said.split(), "-attime", str(int(LATER.timestamp())), "-out", "/dev/null"]
    return subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("certify", [False, True], ids=["open", "certified"])
@pytest.mark.parametrize("last", [False, True], ids=["sealed first", "sealed last"])
@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_every_order_of_signatures_is_valid_to_all_three(papers, authority, tmp_path, number, last, certify):
    paper = completed(papers[number], number, authority, last=last, certify=certify)
    acts = number + (1 if last else 0) + (1 if certify or not last else 0)

    verdict = verify(paper, trust_roots=authority.trust_roots, known=None, at=LATER)
    assert (verdict.ok, verdict.reason, len(verdict.signatures)) == (True, "ours_and_whole", acts), verdict

    context = ValidationContext(
        trust_roots=[x509.Certificate.load(authority.trust_roots[0])], allow_fetching=False, moment=LATER
    )
    found = PdfFileReader(io.BytesIO(paper)).embedded_signatures
    assert all(validate_pdf_signature(one, context).bottom_line for one in found)
    assert any(one.docmdp_level for one in found) == certify

    root = authority.root.certificate.public_bytes(serialization.Encoding.PEM)
    assert all(openssl_accepts(paper, one, root, tmp_path) for one in ranges(paper))


def test_the_archive_time_stamp_closes_a_certified_paper_too(papers, authority):
    paper = completed(papers[2], 2, authority, last=False, certify=True)
    kept = signing.archive(paper, authority, at=AT + 40 * MINUTE)
    verdict = verify(kept, trust_roots=authority.trust_roots, known=None, at=LATER)
    assert (verdict.ok, [one.level for one in verdict.signatures]) == (True, ["B-LTA"] * 3 + [""]), verdict
