"""The seal of a convention, and the convention signed by four and closed: time of the processor, keys in memory.

The convention is the one between landlords, from the library. The peer is pyHanko as its manual shows it: keys read
from their files for each signature, a time-stamping service of its own (RSA, which is all its dummy service knows),
the same levels (B-LT, then B-LTA), the same stamps. Everything runs in one process, turn by turn.
"""

import datetime
import io
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from ground import ROOT
from measuring import Figure, around, percentile, show
from pyhanko.keys import load_cert_from_pemder, load_private_key_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator import ValidationContext

from documents import certificates, fields, model, pdf, signing, stamping
from documents.authority import Authority, as_asn1
from documents.house import HouseStyle
from documents.library import Library
from documents.signers import appearance_of
from documents.verification import verify

LIBRARY = ROOT / "templates" / "documents" / "convention-inter-bailleurs"
AT = datetime.datetime(2026, 11, 23, 9, 0, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
SIGNATORIES, TIMES = 4, 12
AIM_SEAL_MS, AIM_ALL_MS = 40.0, 600.0


@dataclass
class Bench:
    """A convention with its places, not yet signed; the stamps of who signs it."""

    paper: bytes
    places: tuple[str, ...]
    authority: Authority
    style: HouseStyle

    def seal(self) -> bytes:
        return signing.seal(self.paper, self.authority, at=AT, reason="Convention émise", location="Lyon")

    def stamp(self, place: str) -> bytes:
        lines = (
            f"Anne Mercier, {place}",
            "Présidente du conseil d’administration",
            "Signé à l’écran le 23 novembre 2026",
        )
        return stamping.drawn(stamping.Stamp(lines), *fields.sizes(self.paper)[place], self.style)

    def all_of_it(self) -> bytes:
        """Sealed, signed by four with their stamps, closed by a time stamp."""
        made = self.seal()
        for number, place in enumerate(self.places, start=1):
            said = {"name": "Anne Mercier", "reason": "Signé à l’écran", "location": "Lyon", "stamp": self.stamp(place)}
            made = signing.sign_for(made, self.authority, place, at=AT + number * MINUTE, **said)
        return signing.archive(made, self.authority, at=AT + 9 * MINUTE)


class Peer:
    """The same acts by pyHanko alone."""

    def __init__(self, bench: Bench, folder: Path) -> None:
        self.bench, self.folder = bench, folder
        bench.authority.create(folder / "keys", name="Ville de Lyon", now=AT)
        self.authority = Authority.load(folder / "keys")
        self.stamper_key, self.stamper = self._stamping_service()

    def _stamping_service(self) -> tuple[Path, x509.Certificate]:
        key = rsa.generate_private_key(65537, 3072)
        root = self.authority.root
        template = certificates.new_time_stamper(root, "Ville de Lyon", AT).certificate
        made = x509.CertificateBuilder().subject_name(template.subject).issuer_name(template.issuer)
        made = made.serial_number(x509.random_serial_number()).public_key(key.public_key())
        made = made.not_valid_before(template.not_valid_before_utc).not_valid_after(template.not_valid_after_utc)
        for one in template.extensions:
            made = made.add_extension(one.value, critical=one.critical)
        private = key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (self.folder / "tsa.der").write_bytes(private)
        return self.folder / "tsa.der", made.sign(root.key, hashes.SHA256())

    def signed(self, made: bytes, place: str, at: datetime.datetime, stamp: bytes | None = None, **more: Any) -> bytes:
        keys, root = self.folder / "keys", as_asn1(self.authority.root.certificate)
        key = load_private_key_from_pemder(str(keys / "seal.pem"), passphrase=None)
        signer = SimpleSigner(load_cert_from_pemder(str(keys / "seal.pem")), key, cert_registry=None)
        signer.cert_registry.register(root)
        service = DummyTimeStamper(
            as_asn1(self.stamper), load_private_key_from_pemder(str(self.stamper_key), None), [root], fixed_dt=at
        )
        known = ValidationContext(
            trust_roots=[root], crls=[self.authority.revocations(at)], allow_fetching=False,
            revocation_mode="require", moment=at, other_certs=[as_asn1(self.stamper)],
        )  # fmt: skip
        said = PdfSignatureMetadata(
            field_name=place, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, embed_validation_info=True,
            validation_context=known, **more,
        )  # fmt: skip
        drawn = {"stamp_style": appearance_of(stamp)} if stamp else {}
        writer = IncrementalPdfFileWriter(io.BytesIO(made))
        return bytes(PdfSigner(said, signer, timestamper=service, **drawn).sign_pdf(writer).getbuffer())

    def seal(self) -> bytes:
        return self.signed(self.bench.paper, fields.SEAL, AT)

    def all_of_it(self) -> bytes:
        made = self.seal()
        for number, place in enumerate(self.bench.places, start=1):
            last = {"use_pades_lta": True} if number == SIGNATORIES else {}
            made = self.signed(made, place, AT + number * MINUTE, self.bench.stamp(place), **last)
        return made


def prepared(folder: Path) -> Bench:
    style = HouseStyle.load(ROOT / "templates" / "house-style", organisation="Ville de Lyon")
    text, data = (LIBRARY / "model.md").read_text("utf-8"), json.loads((LIBRARY / "example.json").read_text("utf-8"))
    loaded = model.load(text, Library.beside(LIBRARY / "model.md"))
    around_it = {"lang": "fr", "reference": "CHA-2026-0001", "date": AT.date(), "verify_url": None, "issuer": "Ville"}
    made = pdf.write(model.render(loaded, data, **around_it).document, style, date=AT)
    places = tuple(one.name for one in made.fields)[:SIGNATORIES]
    paper = fields.prepare(made.bytes, made.fields, seals={fields.SEAL: "Sceau"})
    return Bench(paper, places, Authority.create(folder / "own", name="Ville de Lyon", now=AT), style)


def worked(work: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds of the processor, in all threads."""
    began = time.process_time()
    made = work()
    return 1000 * (time.process_time() - began), made


def measured(bench: Bench, peer: Peer) -> dict[str, list[float]]:
    told: dict[str, list[float]] = {}
    turns = {"seal": bench.seal, "peer seal": peer.seal, "all": bench.all_of_it, "peer all": peer.all_of_it}
    for turn in range(TIMES + 1):
        for what, work in turns.items():
            spent, _ = worked(work)
            if turn:  # the first pays for what is loaded once
                told.setdefault(what, []).append(spent)
    return told


def figures(told: dict[str, list[float]], verdict_ms: float) -> list[Figure]:
    median = {what: statistics.median(spent) for what, spent in told.items()}
    return [
        Figure("seal B-LT, median", median["seal"], "ms", median["peer seal"]),
        Figure("seal B-LT, slowest of twenty", percentile(told["seal"], 95), "ms", percentile(told["peer seal"], 95)),
        Figure("seal, four signatures, archive time stamp", median["all"], "ms", median["peer all"]),
        Figure("verdict on that file", verdict_ms, "ms"),
    ]


@click.command()
@click.option("--json", "as_json", is_flag=True)
def main(as_json: bool) -> None:
    """Measure signatures."""
    with tempfile.TemporaryDirectory() as name:
        notes, bench = [around()], prepared(Path(name))
        peer = Peer(bench, Path(name))
        told = measured(bench, peer)
        done = bench.all_of_it()
        roots, at = bench.authority.trust_roots, AT + 60 * MINUTE
        spent, verdict = worked(lambda: verify(done, trust_roots=roots, known=None, at=at))
        notes.append(f"the verdict: {verdict.message}")
    aims = f"aims: {AIM_SEAL_MS:.0f} ms for a seal, {AIM_ALL_MS:.0f} ms for all of it"
    sizes = f"{len(bench.paper) // 1024} kB before, {len(done) // 1024} kB after; medians of {TIMES}"
    show("A convention signed by four", figures(told, spent), [aims, sizes, *notes], as_json=as_json)


if __name__ == "__main__":
    main()
