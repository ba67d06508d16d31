"""A household answers on its own telephone, an expert on a tablet: by a personal link, without an account."""

import re
import time

from sqlalchemy import select

from tests import factories
from tests.journeys.barriers import faults
from tests.journeys.conftest import Arrive
from tests.journeys.homes import Home
from tests.journeys.serving import Installation
from tests.journeys.visiting import Visitor
from workflow.db import db
from workflow.mail import Mail
from workflow.record.queries import facts

HOUSEHOLD, EXPERT = Home.LINK_OF_HOUSEHOLD, Home.LINK_OF_EXPERT
WAITED = 60  # seconds for a mail on a busy machine
TELEPHONE = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "java_script_enabled": False}
LINK, CODE = r"http\S+(/a/\S+)", r"^(\d{3} \d{3})$"


def mailed(relais: Installation, address: str, pattern: str) -> str:
    """What the newest mail to an address says, once it is written."""
    until = time.monotonic() + WAITED
    asked = select(Mail.body).where(Mail.to == address).order_by(Mail.made_at.desc())
    while time.monotonic() < until:
        with relais.inside():
            bodies = list(db.session.scalars(asked))
        for body in bodies:
            if found := re.search(pattern, body, re.MULTILINE):
                return found[1]
        time.sleep(0.3)
    raise AssertionError(f"no such mail to {address}")


def kinds(relais: Installation, reference: str) -> list[str]:
    with relais.inside():
        return [fact.kind for fact in facts(factories.dossier_of(reference).subject)]


def asks_for_its_code(reader: Visitor, relais: Installation, address: str) -> None:
    reader.goes_to(mailed(relais, address, LINK))
    reader.presses("Envoyez-moi le code")
    code = mailed(relais, address, CODE)
    reader.writes("Code", "000000")
    reader.presses("Continuer")
    reader.sees("Il vous reste 4 essais")
    reader.writes("Code", code)
    reader.presses("Continuer")


def test_a_household_reads_and_answers_on_its_telephone(relais: Installation, arrive: Arrive) -> None:
    with relais.inside():
        row = factories.a_dossier_before_the_household(HOUSEHOLD)
        reference, family = row.reference, row.household.name
    address = "famille.telephone@example.org"
    bruno = arrive(relais, "Bruno Castel")
    bruno.goes_to(f"/dossiers/{reference}/sign")
    bruno.follows("Lui envoyer un lien personnel")
    bruno.page.locator("#way").select_option("mail-mail")
    bruno.writes("Adresse électronique", address)
    bruno.presses("Créer le lien")
    bruno.is_told_that_it_is_done()
    phone = arrive(relais, **TELEPHONE)
    asks_for_its_code(phone, relais, address)
    phone.sees("Cela vient de votre entretien")
    phone.follows("J’ai lu : donner ma réponse")
    phone.presses("Donner ma réponse")
    phone.sees("Choisissez une des réponses.")
    phone.ticks("C’est exact")
    phone.writes("Avec vos mots", "Merci, tout est juste.")
    phone.presses("Donner ma réponse")
    phone.sees("Vous avez dit que ce qui a été noté est juste.")
    assert kinds(relais, reference).count("Signed") == 1
    bruno.goes_to(f"/dossiers/{reference}/links")
    bruno.sees("répondu")
    bruno.goes_to(f"/dossiers/{reference}")
    bruno.sees(f"{family}, par un lien personnel, code par courriel")


def test_an_expert_from_outside_gives_an_opinion(relais: Installation, arrive: Arrive) -> None:
    with relais.inside():
        row = factories.a_submitted_dossier(EXPERT)
        reference, family = row.reference, row.household.name
    address = "odile.ferrand@example.org"
    sonia = arrive(relais, "Sonia Mendès")
    sonia.goes_to(f"/dossiers/{reference}/links")
    sonia.follows("Demander l’avis d’une personne extérieure")
    sonia.writes("Nom de la personne consultée", "Odile Ferrand")
    sonia.writes("Votre question", "Un fauteuil roulant passe-t-il partout ?")
    sonia.writes("Adresse électronique", address)
    sonia.presses("Demander l’avis")
    sonia.is_told_that_it_is_done()
    odile = arrive(relais)
    asks_for_its_code(odile, relais, address)
    odile.sees("Un fauteuil roulant passe-t-il partout ?")
    odile.does_not_see(family)
    assert faults(odile.page) == []
    odile.follows("J’ai lu : donner ma réponse")
    assert faults(odile.page) == []
    odile.ticks("Avis favorable avec réserve")
    odile.writes("Avec vos mots", "La salle de bain est trop étroite.")
    odile.presses("Donner ma réponse")
    odile.sees("Vous avez donné votre avis.")
    assert kinds(relais, reference).count("Advised") == 1
    sonia.goes_to(f"/dossiers/{reference}")
    sonia.sees("La salle de bain est trop étroite.")
