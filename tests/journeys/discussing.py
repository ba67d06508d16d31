"""Two texts under discussion: one on which people contribute, one that is settled."""

from dataclasses import dataclass
from datetime import timedelta

from tests import factories
from tests.cast import MONIQUE, NADIA
from workflow import clock
from workflow.catalogue.queries.paper_models import model_in_use
from workflow.charter.actions import answering, beginning, committing, contributing, wording
from workflow.charter.actions.answering import Answer
from workflow.charter.actions.beginning import Frame
from workflow.charter.actions.committing import Promise
from workflow.charter.actions.contributing import Draft
from workflow.charter.models import Consultation
from workflow.charter.queries import drafts
from workflow.charter.queries.entitled import reader_of
from workflow.charter.rules.text import Part
from workflow.db import db
from workflow.operations.models import Operation

DAYS = 10


@dataclass
class Discussed:
    """References of both texts; commitment: of the settled one."""

    open: str = ""
    settled: str = ""
    commitment: str = ""

    def by_who_writes(self) -> list[str]:
        """Addresses of whoever holds the pen."""
        here, text, done = "/operations/mistral/drafts", f"/drafts/{self.open}", f"/drafts/{self.settled}"
        return [
            *(here, f"{here}/new", f"{here}/new?model=charte-de-relogement"),
            *(
                f"{text}{more}"
                for more in ("", "/frame", "/wording", "/wording/frais", "/add", "/desk", "/desk?q=zzzz")
            ),
            *(
                f"{text}{more}"
                for more in ("/wording/frais/take-out", "/freeze", "/contributions/1", "/contributions/2")
            ),
            *(f"{text}{more}" for more in ("/contributions/1/erase", "/changes", "/articles/frais")),
            *(f"{done}{more}" for more in ("", "/changes", "/articles/frais", "/signers", "/publish", "/commitments")),
            *(f"{done}/commitments/{one}" for one in ("new", self.commitment)),
        ]

    def by_who_contributes(self) -> list[str]:
        text = f"/drafts/{self.open}"
        told = ("", "/contribute/comment", "/contribute/wording/frais", "/contribute/new", "/proposed", "/from-word")
        return ["/operations/mistral/drafts", *(f"{text}{more}" for more in told), f"{text}/contributions/1"]

    def by_anybody(self) -> list[str]:
        text = f"/consultations/{self.open}"
        told = ("", "?thanks=2", "/contribute", "/contribute?article=frais", "/articles/frais", "/articles/-")
        return [*(f"{text}{more}" for more in told), f"/consultations/{self.settled}"]


def discussed() -> Discussed:
    now = clock.now()
    with clock.at(now - timedelta(days=2 * DAYS)):
        done = _submitted("Charte de relogement de Mistral")
        _contribute(done)
    nadia = factories.identity(NADIA)
    _answered(done)
    wording.freeze(nadia, done, drafts.written_now(done).version)
    told = Promise("frais", "actis", "Payer le déménagement des meubles lourds", clock.today() + timedelta(days=90))
    commitment = committing.put_commitment(nadia, done, "", 0, told).id
    going = _submitted("Protocole des visites")
    _contribute(going)
    wording.word(nadia, going, 0, Part("frais", True, "Frais de déménagement", "ACTIS paie tout."))
    found = Discussed(going.reference, done.reference, commitment)
    db.session.commit()
    return found


def _submitted(title: str) -> Consultation:
    nadia, today = factories.identity(NADIA), clock.today()
    model, words = (
        model_in_use("mistral", "charte-de-relogement"),
        {"date": "2026-12-14", "number": 12, "text": "mardi"},
    )
    told = {ask.name: ask.choices[0] if ask.choices else words[ask.type] for ask in model.asks}
    row = beginning.begin(nadia, db.session.get_one(Operation, "mistral"), model, told)
    last = today + timedelta(days=DAYS)
    said = ("Comment chaque ménage est relogé.", "La démolition est décidée.", "Ni insultes, ni vie privée.")
    beginning.frame(
        nadia, row, row.version, Frame(title, *said, today, last, public=True, organisations=["csf", "actis"])
    )
    beginning.open_draft(nadia, row, row.version)
    return row


def _contribute(row: Consultation) -> None:
    """The association proposes other words; an inhabitant writes on the public page."""
    monique = reader_of(factories.identity(MONIQUE), row)
    words = "ACTIS paie le déménagement, meubles lourds compris."
    contributing.contribute(row, monique, Draft("frais", "wording", words, organisation="csf"))
    said = Draft("frais", "comment", "أريد البقاء قرب عائلتي", said_by="inhabitant", source="public", consent="unnamed")
    contributing.contribute_publicly(row, said)


def _answered(row: Consultation) -> None:
    nadia = factories.identity(NADIA)
    answering.answer(nadia, row, 1, 1, Answer("taken", "C’est juste.", put=True))
    answering.keep_read(nadia, row, 2, 1, show=True)
    answering.answer(nadia, row, 2, 2, Answer("declined", "Chaque souhait est noté dans le diagnostic."))
