"""Every page of the application, and who comes there: the same list for all tests that look at every page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from werkzeug.routing import Map

from tests import factories
from tests.cast import CLAIRE, SONIA
from tests.journeys.serving import Installation
from workflow.db import db
from workflow.dossiers import actions
from workflow.dossiers.models import Dossier
from workflow.filing.models import Paper
from workflow.mail import Mail

NOT_PAGES = frozenset(
    (
        *("static", "bootstrap.static", "web.font", "web.health"),
        *("dossiers.households_xlsx", "dossiers.paper", "dossiers.progress"),
    )
)
"""Addresses that answer with a file, a part of a page, or a word for machines."""

REDIRECTS = frozenset(("dashboards.home",))
ADVISER, OFFICER, MANAGER, REFERENT = "Claire Maurin", "Bruno Castel", "Nadia Ferhat", "Sonia Mendès"
SEAT, ASSOCIATION, OPERATOR, NOBODY = "Hélène Vasseur", "Monique Tallard", "Olivier Garance", ""
EVERYBODY = (NOBODY, ADVISER, OFFICER, MANAGER, REFERENT, SEAT, ASSOCIATION, OPERATOR)
FIRST = 16  # households before this rank belong to other journeys


@dataclass
class Scene:
    """Dossiers in every situation: their references, by what they wait for."""

    households: list[str] = field(default_factory=list)
    draft: str = ""
    sent_back: str = ""
    at_the_landlord: str = ""
    at_the_household: str = ""
    at_the_committee: str = ""
    validated: str = ""
    paper: str = ""
    mail: str = ""
    subject: str = ""  # of the mail, in the language of its reader


def set_up(relais: Installation) -> Scene:
    """Play the dossiers through the real actions; the worker makes their papers and writes their mails."""
    scene = Scene()
    makers: dict[str, Callable[[int], Dossier]] = {
        "draft": _half_filled,
        "sent_back": _sent_back,
        "at_the_landlord": factories.a_submitted_dossier,
        "at_the_household": factories.a_dossier_before_the_household,
        "at_the_committee": factories.a_dossier_before_the_committee,
        "validated": factories.a_validated_dossier,
    }
    with relais.inside():
        for rank, (name, make) in enumerate(makers.items(), start=FIRST):
            row = make(rank)
            setattr(scene, name, row.reference)
            scene.households.append(row.household_id)
        scene.households.append(factories.a_household(FIRST + len(makers)).id)
    relais.wait_for_jobs()
    with relais.inside():
        scene.paper = db.session.query(Paper).filter_by(audience="commission").one().reference
        mail = db.session.query(Mail).order_by(Mail.made_at).first()
        scene.mail, scene.subject = mail.id, mail.subject
    return scene


def _half_filled(rank: int) -> Dossier:
    """Two sections are complete, the others are not begun, one answer is wrong."""
    row = factories.a_dossier(rank)
    said = factories.said(row.household)
    some = {name: said[name] for name in ("A", "B")}
    some["B"]["B2"] = "le printemps"
    actions.write_answers(factories.identity(CLAIRE), row.reference, some)
    db.session.commit()
    return row


def _sent_back(rank: int) -> Dossier:
    row = factories.a_submitted_dossier(rank)
    why = "Le loyer noté n’est pas celui de la dernière quittance."
    factories.decide(SONIA, row, "SendBack", "visa_bailleur", reason=why, sections=("D",))
    return row


# -- the list -----------------------------------------------------------------------------------------------------


def places(scene: Scene) -> dict[str, list[str]]:
    """{who: addresses}; nobody is who is not signed in."""
    return {
        NOBODY: [
            *("/sign-in", "/forgotten", "/forgotten?sent=1", "/reset/unknown", "/accessibility", "/verify"),
            *(f"/verify/{scene.paper}", "/verify/RL-2222-2222", "/no/such/page"),
        ],
        ADVISER: [
            *("/waiting", "/households", "/households?q=zzzz", "/households?state=to_contact&mine=1"),
            *(f"/households/{household}" for household in (scene.households[0], scene.households[-1])),
            *(f"/dossiers/{scene.draft}/fill/{section}" for section in "ABCDEFIJ"),
            *(f"/dossiers/{scene.draft}/fill/B?strict=1", f"/dossiers/{scene.draft}/check"),
            *(f"/dossiers/{one}" for one in (scene.draft, scene.sent_back, scene.validated)),
            *(f"/dossiers/{scene.sent_back}/fill/{section}" for section in "AD"),
            *(f"/dossiers/{scene.sent_back}/check", f"/dossiers/{scene.draft}/decide/withdraw/dossier"),
        ],
        OFFICER: ["/waiting", f"/dossiers/{scene.at_the_household}", f"/dossiers/{scene.at_the_household}/sign"],
        MANAGER: ["/waiting", "/households", f"/dossiers/{scene.at_the_committee}"],
        REFERENT: [
            *("/waiting", "/households", f"/households/{scene.households[2]}", f"/dossiers/{scene.at_the_landlord}"),
            f"/dossiers/{scene.at_the_landlord}/decide/send-back/visa_bailleur",
            f"/dossiers/{scene.at_the_landlord}/decide/approve/visa_bailleur",
        ],
        SEAT: [
            *("/waiting", "/households", f"/households/{scene.households[4]}", f"/dossiers/{scene.at_the_committee}"),
            f"/dossiers/{scene.at_the_committee}/decide/refuse/validation",
            *(f"/dossiers/{scene.validated}", f"/dossiers/{scene.draft}"),
        ],
        ASSOCIATION: ["/waiting", "/households"],
        OPERATOR: ["/operator", f"/operator/mails/{scene.mail}", "/waiting"],
    }


def endpoints_of(addresses: Iterable[str], rules: Map) -> set[str]:
    """What the addresses lead to."""
    here = rules.bind("127.0.0.1")
    known = (path.partition("?")[0] for path in addresses if path != "/no/such/page")
    return {here.match(path, method="GET")[0] for path in known}


def pages_of(rules: Map) -> set[str]:
    """Every endpoint that answers GET with a page."""
    answering = {rule.endpoint for rule in rules.iter_rules() if "GET" in (rule.methods or ())}
    return answering - NOT_PAGES - REDIRECTS
