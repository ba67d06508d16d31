"""The diagnosis on the course of each operation, from the officer's sending to the sealed sheet."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.barriers import faults
from tests.journeys.conftest import Arrive
from tests.journeys.deciding import approves, confirms_on_screen
from tests.journeys.papers import text_of, told_by
from tests.journeys.serving import Installation
from tests.journeys.variants import COMMITTEE, GROUP, Cast, One, furnish
from tests.journeys.visiting import Visitor

WAITED = 60_000  # milliseconds for papers on a busy machine
OFFICER, REFERENT, ADVISER, SEAT = "charge_relogement", "referent_bailleur", "cesf", "siege_commission"

MAS_DU_TAUREAU = Cast(
    "mas-du-taureau",
    (
        One("Lise Aubry", OFFICER, "vaulx-en-velin"),
        One("Marc Perrin", REFERENT, "alliade"),
        One("Anne Colin", ADVISER, "vaulx-en-velin"),
        One("Rose Duval", SEAT, "vaulx-en-velin", GROUP),
        One("Luc Faure", SEAT, "cg-rhone", GROUP),
        One("Jean Moulin", SEAT, "vaulx-en-velin", COMMITTEE),
        One("Paul Serre", SEAT, "prefecture-rhone", COMMITTEE),
        One("Irma Vidal", SEAT, "alliade", COMMITTEE),
    ),
    "alliade",
    ("alliade", "cg-rhone", "prefecture-rhone"),
    tabled=True,
)
SEVERINE = Cast(
    "severine",
    (
        One("Nora Lakhal", OFFICER, "saint-etienne"),
        One("Marc Tissier", REFERENT, "alliade"),
        One("Sara Brun", SEAT, "saint-etienne", COMMITTEE),
        One("Yves Petit", SEAT, "alliade", COMMITTEE),
    ),
    "alliade",
    ("alliade",),
)
CHAMPRATEL = Cast(
    "champratel",
    (
        One("Lucie Faye", OFFICER, "alliade", employer="logidome"),
        One("Zoe Marin", SEAT, "clermont-ferrand", COMMITTEE),
        One("Hugo Leroy", SEAT, "logidome", COMMITTEE),
        One("Nina Roche", SEAT, "ophys", COMMITTEE),
    ),
    "alliade",
    ("clermont-ferrand", "logidome", "ophys"),
)
LA_DUCHERE = Cast(
    "la-duchere",
    (One("Agathe Noir", OFFICER, "lyon"), One("Remi Blanc", REFERENT, "opac-du-grand-lyon")),
    "opac-du-grand-lyon",
    ("opac-du-grand-lyon",),
)


@dataclass
class Story:
    relais: Installation
    arrive: Arrive
    folder: Path
    cast: Cast
    reference: str
    barriers: list[str]

    def comes(self, name: str) -> Visitor:
        return self.arrive(self.relais, name, accept_downloads=True)

    def takes_up(self, name: str) -> Visitor:
        """Their task, from the list of what waits."""
        visitor = self.comes(name)
        visitor.goes_to("/waiting")
        visitor.follows(re.compile(f"Chapuis|{self.cast.household}"), inside=visitor.main)
        return visitor


Act = Callable[[Story, str], None]


@pytest.fixture
def begun(arrive: Arrive, worker_folder: Path, tmp_path: Path) -> Iterator[Callable[[Cast], Story]]:
    relais = Installation(worker_folder.parent, tmp_path / "variant", {}, ("serve",))

    def begin(cast: Cast) -> Story:
        made = furnish(relais, [cast])
        relais.start()
        return Story(relais, arrive, tmp_path, cast, made[cast.operation], [])

    yield begin
    relais.stop()


# -- what each of them does ---------------------------------------------------------------------------------------


def sends(story: Story, name: str) -> None:
    visitor = story.comes(name)
    visitor.goes_to(f"/dossiers/{story.reference}/check")
    visitor.presses("Envoyer le diagnostic")
    visitor.is_told_that_it_is_done()


def hands_on(story: Story, name: str) -> None:
    """The other of a pair: corrects what is theirs, then sends it too."""
    visitor = story.takes_up(name)
    visitor.does_not_see("appréciation")
    sends(story, name)


def agrees(story: Story, name: str) -> None:
    visitor = story.takes_up(name)
    story.barriers += faults(visitor.page)
    approves(visitor)


def has_it_read(story: Story, name: str) -> None:
    visitor = story.comes(name)
    visitor.goes_to(f"/dossiers/{story.reference}")
    visitor.follows("Faire lire et confirmer par le ménage")
    confirms_on_screen(visitor)


def gives_an_opinion(story: Story, name: str) -> None:
    visitor = story.takes_up(name)
    visitor.does_not_see("Chapuis")
    visitor.follows("Donner un avis")
    visitor.main.locator("input[type=radio][value=favourable]").check()
    visitor.presses("Donner un avis")
    visitor.is_told_that_it_is_done()


def sends_a_page_back(story: Story, name: str) -> None:
    """Only that page comes back; what others said of the rest stands."""
    visitor = story.takes_up(name)
    visitor.follows("Renvoyer pour correction")
    visitor.ticks("Le logement actuel")
    visitor.writes("Motif", "La surface notée n’est pas celle du bail.")
    visitor.presses("Renvoyer pour correction")
    visitor.is_told_that_it_is_done()


COURSES: list[tuple[Cast, tuple[tuple[Act, int], ...]]] = [
    # whose operation, then who does what, by rank in the cast
    (
        MAS_DU_TAUREAU,
        (
            *((sends, 0), (sends_a_page_back, 1), (sends, 0), (agrees, 1), (has_it_read, 0), (agrees, 2)),
            *((gives_an_opinion, 3), (gives_an_opinion, 4), (agrees, 5), (agrees, 6), (agrees, 7)),
        ),
    ),
    (SEVERINE, ((sends, 0), (hands_on, 1), (has_it_read, 0), (agrees, 2), (agrees, 3))),
    (CHAMPRATEL, ((sends, 0), (has_it_read, 0), (agrees, 1), (agrees, 2), (agrees, 3))),
    (LA_DUCHERE, ((sends, 0), (agrees, 1), (has_it_read, 0))),
]
LONG = {"champratel", "severine"}


@pytest.mark.parametrize(
    ("cast", "acts"),
    [
        pytest.param(cast, acts, id=cast.operation, marks=[pytest.mark.proof] if cast.operation in LONG else [])
        for cast, acts in COURSES
    ],
)
def test_a_diagnosis_takes_the_course_of_its_operation_to_the_sealed_sheet(
    begun: Callable[[Cast], Story], cast: Cast, acts: tuple[tuple[Act, int], ...]
) -> None:
    story = begun(cast)
    for act, rank in acts:
        act(story, cast.people[rank].name)
    the_sheet_is_sealed(story)
    assert not story.barriers, "\n".join(story.barriers)


def the_sheet_is_sealed(story: Story) -> None:
    """Offered to the officer, with the name of the operation, in one PDF that others believe."""
    officer = story.comes(story.cast.officer.name)
    officer.goes_to(f"/dossiers/{story.reference}")
    links = officer.page.locator(".file-link")
    expect(links).to_have_count(4, timeout=WAITED)
    for link in links.all():
        download = officer.downloads(link)
        path = story.folder / download.suggested_filename
        download.save_as(path)
    (pdf,) = (path for path in story.folder.glob("*.pdf") if "household" in path.name)
    assert "Chapuis" in text_of(pdf)
    assert "Signature is Valid" in told_by("pdfsig", "-nocert", pdf)
