"""Certificates that end are announced in time, and nothing is sealed so shortly before that it could not be closed."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import tsp
from environs import EnvError
from flask import Flask

from documents.authority import Authority
from documents.signers import own_stamper
from documents.tokens import NoToken
from documents.verification import verify
from tests.cast import NADIA, OLIVIER
from tests.documents.parties import AT, DAY, PASSWORD, personal_file
from tests.features.conftest import SignIn
from tests.features.signing.conftest import a_convention, a_picture, opened, room_of
from tests.features.writing.conftest import page_words
from workflow import clock, config, outbox
from workflow.dashboards import rules as health
from workflow.dashboards.queries import installation
from workflow.db import db
from workflow.filing import queries
from workflow.filing.models import MAKING, READY
from workflow.filing.rules import certificates as rules
from workflow.outbox import Outbox
from workflow.signing.models import ARCHIVED, COMPLETE
from workflow.signing.queries import revisions

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def said(days: float, name: str = "seal") -> list[health.Sentence]:
    signs = health.Signs(NOW, certificates=((name, NOW + timedelta(days=days)),))
    return [one for one in health.health(signs) if "ertificate" in one.one]


@pytest.mark.parametrize(
    ("days", "states"),
    [
        (91, []),
        (89.5, ["waiting"]),
        (31, ["waiting"]),
        (29.5, ["late"]),
        (7.5, ["late"]),
        (6, ["late"]),
        (-2, ["late"]),
    ],
)
def test_an_end_is_announced_ninety_days_before_and_more_urgently_thirty(days: float, states: list[str]) -> None:
    for name in ("seal", "time", "root", "organisation"):
        assert [one.state for one in said(days, name)] == states
    if days < 7:
        assert said(days)[0].one == health.BLOCKED


def test_a_key_that_is_missing_or_expired_is_said_too(app: Flask, tmp_path: Path) -> None:
    settings = app.config["RELAIS"]
    expired = tmp_path / "ville.p12"
    expired.write_bytes(personal_file("Ville", start=-400 * DAY, end=-300 * DAY))
    for file in (expired, tmp_path / "none.p12"):
        assert queries.certificates(replace(settings, seal_file=file, seal_password=PASSWORD)) is None
    device = replace(settings, seal_library="/nowhere/pkcs11.so", seal_token="relais", seal_key="sceau", seal_pin="0")
    assert queries.certificates(device) is None
    signs = health.Signs(NOW, certificates=None)
    assert [one.one for one in health.health(signs)] == [health.NO_KEY]


def test_the_operator_reads_it_on_the_page(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = clock.now() + timedelta(days=20, hours=12)
    monkeypatch.setattr(installation, "certificates", lambda _config: (("seal", ends),))
    told = page_words(sign_in(OLIVIER).get("/operator"))
    assert "20" in told
    assert str(ends.year) in told


def test_so_shortly_before_the_end_no_paper_is_made_and_the_job_waits(
    app: Flask, decided: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = queries.seal(app.config["RELAIS"]).ends
    monkeypatch.setattr(clock, "now", lambda: ends - rules.MARGIN + timedelta(hours=1))
    outbox.drain()
    assert {one.state for one in queries.papers(decided)} == {MAKING}
    jobs = [one for one in _jobs("dossiers.make_paper") if one.last_error]
    assert {one.last_error for one in jobs} == {"SealEnds"}


def _jobs(kind: str) -> list[Outbox]:
    found = db.session.query(Outbox).filter_by(kind=kind).all()
    db.session.rollback()
    return found


def test_a_room_that_would_end_after_the_certificate_is_not_opened(
    app: Flask, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference, nadia = a_convention(), sign_in(NADIA)
    path = nadia.post(f"/papers/{reference}/sign").location
    ends = queries.seal(app.config["RELAIS"]).ends
    manner = {"delay": "10", "until": (ends + timedelta(days=1)).date().isoformat(), "original": "pdf"}
    version = room_of(reference).row.version
    assert nadia.post(f"{path}/manner", data=manner | {"version": version}).status_code == 303
    sent = nadia.post(f"{path}/open", data={"version": room_of(reference).row.version})
    assert sent.status_code == 409
    assert "certificat" in page_words(sent).lower()
    assert room_of(reference).row.state == "preparing"


def test_a_certificate_of_the_organisation_seals_by_setting(app: Flask, tmp_path: Path, decided: str) -> None:
    file, secret = tmp_path / "ville.p12", tmp_path / "secret"
    start, end = clock.now() - AT - DAY, clock.now() - AT + 400 * DAY
    file.write_bytes(personal_file("Ville de Grenoble (sceau)", start=start, end=end))
    secret.write_text(f"{PASSWORD}\n")
    settings = app.config["RELAIS"]
    app.config["RELAIS"] = replace(settings, seal_file=file, seal_password=PASSWORD)
    try:
        outbox.drain()
        made = queries.papers(decided)
        assert {one.state for one in made} == {READY}
        data = queries.bytes_of(made[0], "pdf")
        verdict = verify(data, trust_roots=queries.trust_roots(settings), known=None, at=clock.now())
        assert verdict.ok, verdict
        assert verdict.signatures[0].name == "Ville de Grenoble (sceau)"
        assert "organisation" in dict(queries.certificates(app.config["RELAIS"]))
    finally:
        app.config["RELAIS"] = settings
    told = config.load({"RELAIS_HOME": str(settings.home), "SEAL_FILE": str(file), "SEAL_PASSWORD_FILE": str(secret)})
    assert (told.seal_file, told.seal_password) == (file, PASSWORD)


def test_a_time_stamping_service_is_asked_over_the_web_alone(app: Flask) -> None:
    with pytest.raises(EnvError):
        config.load({"RELAIS_HOME": str(app.config["RELAIS"].home), "TSA_URL": "file:///etc/passwd"})
    assert queries.stamper(app.config["RELAIS"]) is None


# -- somebody else's time stamps ----------------------------------------------------------------------------------


class _Service(BaseHTTPRequestHandler):
    """A time-stamping service of somebody else; `down`: it answers with an error."""

    authority: Authority
    down = False

    def do_POST(self) -> None:
        request = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        if self.down:
            self.send_error(503)
            return
        stamper = own_stamper(self.authority, clock.now().replace(microsecond=0))
        answer = asyncio.run(stamper.async_request_tsa_response(request)).dump()
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_told: object) -> None:
        return


@pytest.fixture
def service(app: Flask, tmp_path: Path) -> Iterator[type[_Service]]:
    _Service.authority = Authority.create(tmp_path / "tsa", name="Horodatage Exemple", now=clock.now() - DAY)
    _Service.down = False
    server = HTTPServer(("127.0.0.1", 0), _Service)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings = app.config["RELAIS"]
    app.config["RELAIS"] = replace(settings, tsa_url=f"http://127.0.0.1:{server.server_port}/")
    yield _Service
    app.config["RELAIS"] = settings
    server.shutdown()
    server.server_close()


def test_a_closed_file_bears_the_stamp_of_the_service_and_waits_while_it_is_silent(
    app: Flask, sign_in: SignIn, service: type[_Service], worked: Callable[[], None]
) -> None:
    reference, nadia = a_convention(), sign_in(NADIA)
    path = signed_on_paper(nadia, reference)
    service.down = True
    worked()
    known = room_of(reference)
    assert known.row.state == COMPLETE
    assert revisions.present(known.row).why != ARCHIVED
    job = next(one for one in _jobs("signing.close") if one.subject == known.row.subject)
    assert (job.state, job.last_error) == ("pending", NoToken.__name__)
    page = page_words(nadia.get(path))
    assert "horodatage" in page or "time stamp" in page
    service.down = False
    db.session.query(Outbox).filter_by(id=job.id).update({"next_at": clock.now() - DAY})
    worked()
    known = room_of(reference)
    assert revisions.present(known.row).why == ARCHIVED
    data = revisions.bytes_of(known.row, revisions.present(known.row))
    verdict = verify(data, trust_roots=queries.trust_roots(app.config["RELAIS"]), known=None, at=clock.now())
    assert verdict.ok, verdict
    assert any("Horodatage Exemple" in one.by or "Horodatage Exemple" in one.name for one in verdict.signatures)


def signed_on_paper(nadia, reference):
    path = opened(nadia, reference)
    told = {"signatories": [one.id for one in room_of(reference).parties], "attested": "1", "place": "Grenoble"}
    told |= {"signed_on": clock.today().isoformat(), "scan": (BytesIO(a_picture()), "scan.png")}
    assert nadia.post(f"{path}/paper", data=told, content_type="multipart/form-data").status_code == 303
    return path


@pytest.fixture
def worked() -> Callable[[], None]:
    def work() -> None:
        db.session.commit()
        outbox.drain()

    return work
