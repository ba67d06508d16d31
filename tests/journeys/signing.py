"""What people do in a room for signing: their mails, the code, the name they type, the scan they hand in."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import expect
from sqlalchemy import select

from documents import personal_keys
from documents import signing as engine
from documents.authority import Authority
from tests.features.signing.test_own_certificate import PASSWORD, a_file
from tests.journeys.serving import Installation
from tests.journeys.visiting import Visitor
from workflow import clock
from workflow.db import db
from workflow.mail import Mail

WAITED = 60  # seconds for a mail on a busy machine
SEALED = 90_000  # milliseconds until a paper is written and sealed on a busy machine
TELEPHONE = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
CODE = r"^(\d{3} \d{3})$"
LINK, COPY = r"http\S+(/s/\S+)", r"http\S+(/r/\S+)"


class Mailbox:
    """The mails of one address, those read before left out."""

    def __init__(self, relais: Installation, address: str) -> None:
        self.relais, self.address = relais, address
        self.read = {ident for ident, _body in self._there()}

    def _there(self) -> list[tuple[str, str]]:
        asked = select(Mail.id, Mail.body).where(Mail.to == self.address).order_by(Mail.made_at)
        with self.relais.inside():
            return [(row.id, row.body) for row in db.session.execute(asked)]

    def waits_for(self, pattern: str) -> str:
        """What a new mail says there; the mail is read then."""
        until = time.monotonic() + WAITED
        while time.monotonic() < until:
            for ident, body in self._there():
                if ident not in self.read and (found := re.search(pattern, body, re.MULTILINE)):
                    self.read.add(ident)
                    return found[1] if found.groups() else found[0]
            time.sleep(0.2)
        raise AssertionError(f"no new mail to {self.address} says {pattern}")


# -- before the signatures are open -------------------------------------------------------------------------------


def writes_paper(visitor: Visitor, operation: str, slug: str, answers: dict[str, str]) -> str:
    """A paper of an operation is written and sealed; its reference."""
    visitor.goes_to(f"/operations/{operation}/write/{slug}")
    for name, value in answers.items():
        field = visitor.page.locator(f"#asked_{name}")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    visitor.presses("Écrire et sceller")
    link = visitor.page.locator("main a[href$='/sign']").first
    expect(link).to_be_visible(timeout=SEALED)
    return str(link.get_attribute("href")).split("/")[2]


def changes_signatory(visitor: Visitor, room: str, who: str, **told: str | Path) -> None:
    """Fill in what is told of somebody who is on the list already. who: words of their entry."""
    visitor.goes_to(room)
    visitor.follows(re.compile("^Modifier"), visitor.page.locator(".signer", has_text=who))
    fills_signatory(visitor, told)
    visitor.presses("Enregistrer")
    visitor.is_told_that_it_is_done()


def fills_signatory(visitor: Visitor, told: dict[str, str | Path]) -> None:
    for name, value in told.items():
        field = visitor.page.locator(f"#{name}")
        if isinstance(value, Path):
            field.set_input_files(value)
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


# -- signing ------------------------------------------------------------------------------------------------------


def types_code(visitor: Visitor, mails: Mailbox) -> None:
    """They have a code sent, and type it."""
    visitor.presses("Envoyez-moi le code")
    visitor.writes("Code", mails.waits_for(CODE))
    visitor.presses("Continuer")


def signs_by_typing(visitor: Visitor, name: str) -> None:
    """On the page to sign: in their capacity, having read, their name typed."""
    visitor.page.locator("#capacity").check()
    visitor.page.locator("#consent").check()
    visitor.page.locator("#typed").fill(name)
    visitor.page.locator("#mine").check()
    visitor.presses("Signer ce document")


def scan(folder: Path, words: str) -> Path:
    """The picture of a paper that somebody signed by hand."""
    made, kept = Image.new("RGB", (600, 800), "white"), BytesIO()
    ImageDraw.Draw(made).text((60, 700), words, fill="black")
    made.save(kept, "PNG")
    path = folder / "scan.png"
    path.write_bytes(kept.getvalue())
    return path


def certificate_of(name: str, folder: Path) -> Path:
    """The file in which somebody keeps their own certificate, protected by PASSWORD."""
    path = folder / "certificate.p12"
    path.write_bytes(a_file(name))
    return path


def signed_in_another_tool(sent: Path, name: str, place: str) -> Path:
    """What the signing tool of an organisation makes of the file: its own authority, somebody's own certificate."""
    tool = Authority.create(sent.parent / "tool", name="Parapheur", now=datetime(2026, 1, 1, tzinfo=UTC))
    keys = personal_keys.open(a_file(name), PASSWORD, at=clock.now())
    at = clock.now().replace(microsecond=0)
    said = {"reason": "Lu et approuvé", "location": "Clermont-Ferrand", "stamp": None}
    made = sent.with_name("signed-elsewhere.pdf")
    with ThreadPoolExecutor(1) as elsewhere:  # the browser's own loop runs in this thread
        signed = elsewhere.submit(engine.sign_with, sent.read_bytes(), keys, tool, place, at=at, **said)
    made.write_bytes(signed.result())
    return made


def with_one_byte_changed(file: Path) -> Path:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    made = file.with_name("flipped.pdf")
    made.write_bytes(data)
    return made
