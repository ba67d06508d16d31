"""A survey under way, as the tests that look at every page find it."""

from dataclasses import dataclass
from datetime import timedelta

from tests import factories
from tests.cast import BRUNO, NADIA
from workflow import clock
from workflow.db import db
from workflow.dossiers import actions as dossiers
from workflow.dossiers.models import Household
from workflow.exchange.actions.surveying import an_approved_questionnaire
from workflow.record.queries import text
from workflow.surveys.actions import answering, beginning, following
from workflow.surveys.actions.answering import Way
from workflow.surveys.models import Answers, Recipient, Survey
from workflow.surveys.queries.sheets import Sheet, opened

HERE = "/operations/mistral"
OF_A_HOUSEHOLD = ("", "/sent", "/returned", "/key", "/key/B", "/key/B?strict=1", "/finish")
OF_A_SURVEY = ("", "/households", "/households?state=finished", "/calls", "/reread?all=1", "/results", "/key")


@dataclass(frozen=True)
class Surveyed:
    """survey, keyed: ids. fresh, begun, done: the codes of three households."""

    survey: str = ""
    keyed: str = ""
    fresh: str = ""
    begun: str = ""
    done: str = ""

    def of_nobody(self) -> list[str]:
        begun, arabic = f"/q/{self.begun}", "?lang=ar"
        return [
            *("/q", f"/q{arabic}", "/q/unknown", f"/q/{self.fresh}", f"/q/{self.fresh}{arabic}", f"/q/{self.done}"),
            *(f"{begun}/page/{page}{more}" for page in "BE" for more in ("", arabic)),
            *(f"{begun}/page/D?strict=1", f"{begun}/later", f"{begun}/finish", f"{begun}/finish{arabic}"),
        ]

    def of_the_desk(self) -> list[str]:
        here, home = f"/surveys/{self.survey}", f"/surveys/{self.survey}/households/{self.keyed}"
        return [
            *(f"{HERE}/surveys", f"{HERE}/letters/for/survey:{self.survey}:letter"),
            *(f"{here}{more}" for more in OF_A_SURVEY),
            *(f"{home}{more}" for more in OF_A_HOUSEHOLD),
        ]

    def of_the_manager(self) -> list[str]:
        return [f"{HERE}/surveys/new", *(f"/surveys/{self.survey}/{what}" for what in ("change", "close", "results"))]


def a_survey_under_way() -> Surveyed:
    """Four households moved: one did nothing yet, one is in the middle, one answered, one is being keyed."""
    for home in db.session.query(Household).order_by(Household.reference.desc()).limit(4):
        dossiers.set_state(home, "moved", BRUNO)
    campaigns = [an_approved_questionnaire("mistral", name) for name in ("Première tranche", "Seconde tranche")]
    nadia, last = factories.identity(NADIA), clock.today() + timedelta(days=30)
    row = beginning.begin(nadia, "mistral", campaigns[0], "Enquête de la première tranche", last)
    asked = db.session.query(Recipient).filter_by(survey_id=row.id).order_by(Recipient.id).all()
    following.letters_left(row, [one.household_id for one in asked], "post", clock.today(), BRUNO)
    fresh, begun, done, keyed = asked
    codes = [text(one.code) or "" for one in (fresh, begun, done)]
    _save(row, begun, answering.begin_by_code(row, begun, "fr"))
    _finish(row, done)
    answering.begin_keying(factories.identity(BRUNO), row.id, keyed.id, Way("telephone", BRUNO, clock.today()))
    db.session.commit()
    return Surveyed(row.id, keyed.id, *codes)


def _save(row: Survey, recipient: Recipient, stored: Answers) -> Sheet:
    sheet = Sheet(row, stored, opened(row, stored), "fr")
    answering.save(sheet, recipient, "B", {"data:B:Q2": "plutot"})
    answering.save(sheet, recipient, "D", {"data:D:Q9": "deux"})
    return sheet


def _finish(row: Survey, recipient: Recipient) -> None:
    stored = answering.begin_by_code(row, recipient, "tr")
    sheet = Sheet(row, stored, opened(row, stored), "tr")
    answering.save(sheet, recipient, "I", {"data:I:Q25": "tres", "data:I:Q28": "Tout s’est bien passé."})
    answering.save(sheet, recipient, "K", {"data:K:Q23_rappel": "oui", "data:K:Q23_telephone": "04 65 71 95 12"})
    answering.finish(sheet, recipient)
