"""The pictures of the user guide, taken from the real pages: `make guide`. Everybody on them is invented."""

import re
from pathlib import Path

import pytest

from tests.cast import NADIA
from tests.journeys.conftest import Arrive
from tests.journeys.photographing import TALL, TELEPHONE, take
from tests.journeys.places import ADVISER, MANAGER, OFFICER, OPERATOR, REFERENT, SEAT, Scene
from tests.journeys.serving import Installation
from tests.journeys.test_from_an_empty_installation import (
    CITY,
    Story,
    adds,
    fill,
    ines_begins_from_the_link_in_the_window,
    she_adds_a_building,
    she_adds_the_people,
    she_begins_an_operation,
    she_names_the_partners,
    she_seats_the_committee,
    story,
)
from tests.journeys.visiting import Visitor
from workflow.db import db
from workflow.dossiers import actions
from workflow.dossiers.models import Household

__all__ = ["story"]  # a fixture
pytestmark = pytest.mark.guide
LIST = """Nom;Bâtiment;Logement;Type;Personnes;Téléphone
Famille Garnier;Tour A;A-101;T4;5;04 65 71 00 11
Mme Haddad;Tour A;A-102;T2;1;04 65 71 00 12
M. et Mme Perrin;Tour B;A-103;T3;2;04 65 71 00 13
Famille Lopez;Tour A;A-104;T4;quatre;04 65 71 00 14
M. Nguyen;Tour A;A-105;T2;1;04 65 71 00 15
"""


def test_the_pictures_of_an_operation_being_opened(story: Story) -> None:
    ines = _the_first_minutes(story)
    she_begins_an_operation(ines)
    take(ines, "operation-a-decrire")
    she_names_the_partners(ines)
    she_adds_a_building(ines)
    _the_people(ines)
    she_seats_the_committee(ines)
    take(ines, "commission-sieges")
    ines.goes_to("/operations/severine/who-acts")
    take(ines, "qui-agit")
    _a_list_of_households(ines, story.folder)


def _the_first_minutes(story: Story) -> Visitor:
    nobody = story.arrive(story.relais)
    nobody.goes_to(re.search(r"/first/\S+", story.relais.told()).group(0))  # type: ignore[union-attr]
    fill(nobody, name="Inès Colin", email="ines.colin@example.org", organisation=CITY, city="Saint-Étienne")
    take(nobody, "premier-acces")
    ines = ines_begins_from_the_link_in_the_window(story)
    return ines


def _the_people(ines: Visitor) -> None:
    ines.goes_to("/people/new?operation=severine")
    fill(ines, name="Claire Aubert", email="claire.aubert@example.org")
    ines.page.select_option("[name=organisation]", label=CITY)
    ines.page.select_option("[name=role]", "cesf")
    take(ines, "ajouter-une-personne")
    she_adds_the_people(ines)
    _as_if_in_town(ines)
    take(ines, "code-imprime")
    adds(ines, "Driss Amrani", CITY, "driss.amrani@example.org", role="agent_relogement")
    ines.goes_to("/people")
    take(ines, "personnes")


def _as_if_in_town(visitor: Visitor) -> None:
    """The paper shows where this server answers: on a picture, an address such as a town would have."""
    script = "([part, name]) => { part.textContent = part.textContent.replace(location.origin, name) }"
    part = visitor.page.locator(".large strong").first
    visitor.page.evaluate(script, [part.element_handle(), "https://relais.example.org"])


def _a_list_of_households(ines: Visitor, folder: Path) -> None:
    path = folder / "menages.csv"
    path.write_text(LIST, "utf-8")
    ines.goes_to("/operations/severine/import")
    ines.page.set_input_files("[name=file]", path)
    ines.presses("Lire ce fichier")
    ines.presses("Voir ce qui serait importé")
    ines.sees("Lignes à corriger")
    take(ines, "import-apercu")


# -- an operation at work -----------------------------------------------------------------------------------------


def test_the_pictures_of_the_adviser(to_look_at: Installation, scene: Scene, arrive: Arrive) -> None:
    claire = arrive(to_look_at, ADVISER)
    claire.goes_to(f"/households/{scene.households[0]}")
    take(claire, "menage")
    claire.goes_to(f"/dossiers/{scene.draft}/fill/D")
    take(claire, "remplir")
    take(claire, "remplir-telephone", size=TELEPHONE)
    claire.goes_to(f"/dossiers/{scene.draft}/check")
    take(claire, "verifier")
    claire.goes_to("/me")
    take(claire, "ma-page", size=TELEPHONE)
    claire.goes_to(f"/dossiers/{scene.validated}")
    take(claire, "dossier-valide", size=TALL)
    claire.goes_to("/households")
    claire.page.locator("details.help > summary").click()
    take(claire, "aide", to="aside.help-beside")


def test_the_pictures_of_the_household_on_paper(to_look_at: Installation, scene: Scene, arrive: Arrive) -> None:
    bruno = arrive(to_look_at, OFFICER)
    bruno.goes_to(f"/dossiers/{scene.at_the_household}/sign")
    take(bruno, "relire")
    bruno.goes_to("/operations/mistral/notices")
    take(bruno, "a-remettre")
    bruno.goes_to(f"/operations/mistral/notices/letters?notice={scene.notice}")
    take(bruno, "lettre", size=TALL)


def test_the_pictures_of_the_landlord_and_the_committee(to_look_at: Installation, scene: Scene, arrive: Arrive) -> None:
    sonia = arrive(to_look_at, REFERENT)
    sonia.goes_to("/waiting")
    take(sonia, "attend-bailleur")
    sonia.goes_to(f"/dossiers/{scene.at_the_landlord}")
    take(sonia, "dossier-bailleur", size=TALL)
    sonia.follows("Renvoyer pour correction")
    sonia.ticks("Le logement actuel")
    fill(sonia, reason="Le loyer noté n’est pas celui de la dernière quittance.")
    take(sonia, "renvoyer", size=TALL)
    helene = arrive(to_look_at, SEAT)
    helene.goes_to(f"/dossiers/{scene.at_the_committee}")
    take(helene, "dossier-commission", size=TALL)
    helene.follows("Valider")
    take(helene, "confirmer")


def test_the_pictures_of_the_manager(to_look_at: Installation, scene: Scene, arrive: Arrive) -> None:
    nadia = arrive(to_look_at, MANAGER)
    nadia.goes_to("/operations/mistral/referents")
    take(nadia, "referents")
    one, other = scene.households[-1], _entered_again(to_look_at, scene.households[-1])
    nadia.goes_to(f"/households/{one}/merge?other={other}")
    take(nadia, "reunir")
    nadia.goes_to("/people")
    nadia.follows(ADVISER, inside=nadia.main)
    nadia.follows("Cette personne part ou change de fonction")
    nadia.page.select_option("[name=reason]", index=2)
    heir = nadia.page.locator("#successor option", has_text=OFFICER).get_attribute("value")
    nadia.page.select_option("[name=successor]", heir)
    take(nadia, "depart", to=".question:has(#successor)")
    nadia.presses("Voir ce qui va se passer")
    nadia.sees("Lisez ce qui va se passer")
    take(nadia, "depart-confirmer")


def _entered_again(relais: Installation, household: str) -> str:
    """The same family typed a second time, in a hurry; its id."""
    with relais.inside():
        row = db.session.get_one(Household, household)
        kept = ("building_id", "landlord", "referent", "address", "dwelling_type", "surface")
        told = {name: getattr(row, name) for name in kept} | {"reference": "MIS-0299", "name": row.name.upper()}
        told |= {"dwelling": row.dwelling.replace("-", " "), "persons": 6}
        return actions.put_household(row.operation_id, told, NADIA).id


def test_the_pictures_of_the_administrator(relais: Installation, arrive: Arrive) -> None:
    ines = arrive(relais, "Inès Carpentier")
    ines.goes_to("/operations/new")
    take(ines, "trois-facons", size=TALL)


def test_the_picture_of_the_server(to_look_at: Installation, scene: Scene, arrive: Arrive) -> None:
    olivier = arrive(to_look_at, OPERATOR)
    olivier.goes_to("/operator")
    take(olivier, "exploitation")
