"""Operations of the seed, each with its own people and one household, to play the course it follows."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests import factories
from tests.journeys.deciding import fitted
from tests.journeys.serving import Installation
from workflow import clock
from workflow.app import ROOT
from workflow.catalogue.queries import current
from workflow.config import DEMONSTRATION, private_file
from workflow.db import db
from workflow.dossiers import actions
from workflow.dossiers.models import Dossier
from workflow.exchange import actions as exchange
from workflow.exchange.rules.invented import answers
from workflow.filing import actions as filing
from workflow.migrations import running
from workflow.people import actions as people

COMMITTEE, GROUP = "commission-relogement", "groupe-de-suivi-social"
FORM = "diagnostic-social"


@dataclass(frozen=True)
class One:
    """Somebody of an operation: who they act for, in which body they sit."""

    name: str
    role: str
    organisation: str
    body: str = ""
    employer: str = ""

    @property
    def slug(self) -> str:
        return self.name.lower().translate(str.maketrans("éèëï ", "eeei-"))


@dataclass(frozen=True)
class Cast:
    """An operation of templates/operations, its people (the first fills in), its household and whom it agrees to.

    tabled: the household agrees that its situation is brought before the social group.
    """

    operation: str
    people: tuple[One, ...]
    landlord: str
    agreements: tuple[str, ...]
    tabled: bool = False

    @property
    def officer(self) -> One:
        return self.people[0]

    @property
    def household(self) -> str:
        return f"{self.operation[:3].upper()}-01"


def furnish(relais: Installation, casts: Iterable[Cast]) -> dict[str, str]:
    """Set them up before the installation starts. {operation: reference of its dossier, filled in but not sent}."""
    with relais.inside() as app:
        running.upgrade()
        filing.ensure_authority(app.config["RELAIS"])
        exchange.publish_procedures(ROOT / "templates" / "procedures")
        found = {cast.operation: _operation(cast).reference for cast in casts}
    private_file(relais.home / DEMONSTRATION, b"invented data\n")
    return found


def _operation(cast: Cast) -> Dossier:
    told = exchange.read_operation(ROOT / "templates" / "operations" / f"{cast.operation}.yaml")
    exchange.install(told | {"people": [_told(one) for one in cast.people if not one.body]})
    for one in cast.people:
        if one.body:
            _seat(cast, one)
    db.session.commit()
    return _filled(cast, told)


def _told(one: One) -> dict[str, Any]:
    known = {"slug": one.slug, "name": one.name, "role": one.role, "organisation": one.organisation}
    known["employer"] = one.employer or one.organisation
    return known | {"email": f"{one.slug}@example.org", "sentence": {"fr": "", "en": ""}}


def _seat(cast: Cast, one: One) -> None:
    since = clock.today() - timedelta(days=30)
    person = people.put_person(one.slug, one.name, f"{one.slug}@example.org", None, {"fr": "", "en": ""})
    people.open_account(person)
    people.assign(one.slug, one.role, one.organisation, cast.operation, since=since, body=one.body)


def _filled(cast: Cast, told: dict[str, Any]) -> Dossier:
    officer = factories.identity(cast.officer.slug)
    known = {"reference": cast.household, "name": "Famille Chapuis", "dwelling": "12", "referent": cast.officer.slug}
    known |= {"landlord": cast.landlord, "dwelling_type": "T3", "surface": 62.0, "floor": "1", "entrance": "A"}
    zone = next((zone["slug"] for zone in told["zones"]), "operation")
    known |= {"address": "3 rue des Acacias", "phone": "04 65 71 99 01", "persons": 2, "zone": zone}
    home = actions.put_household(cast.operation, known, by=cast.officer.slug)
    published = current(FORM, cast.operation)
    row, _new = actions.open_dossier(officer, home, published)
    actions.write_answers(officer, row.reference, fitted(published.form, _said(cast, told)))
    db.session.commit()
    return row


def _said(cast: Cast, told: dict[str, Any]) -> dict[str, Any]:
    """What a household of Mistral said, in the words of this operation's lists."""
    home = next(home for home in factories.HOMES if home["number"] == 9)
    said = answers(
        home,
        factories.MISTRAL,
        officer=cast.officer.name,
        referent="Le référent",
        today=clock.today(),
        rng=random.Random(9),
        interviewed=clock.today(),
        agreements=list(cast.agreements),
    )
    said["I"].pop("I4", None)  # places this household refuses: those of another operation
    if cast.tabled:
        said["G"] |= {"G6": "oui", "G6_motif": "Le déménagement inquiète la personne."}
        said["G"]["G_besoin"] = "Une personne connue présente à l’emménagement."
    return said
