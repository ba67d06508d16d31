"""No page speaks of how it is made in English either; in French that is read together with what keeps somebody out."""

import pytest

from tests.journeys.conftest import Arrive
from tests.journeys.places import EVERYBODY, Scene, places
from tests.journeys.serving import Installation
from tests.journeys.speaking import wrong_words


@pytest.mark.parametrize("name", EVERYBODY, ids=lambda name: name or "nobody")
def test_no_page_speaks_of_how_it_is_made_in_english(
    to_look_at: Installation, scene: Scene, arrive: Arrive, name: str
) -> None:
    visitor = arrive(to_look_at, name)
    visitor.page.context.add_cookies([{"name": "lang", "value": "en", "url": to_look_at.url}])
    found: list[str] = []  # a household reads the questionnaire in its own language, until it asks for another one
    for address in places(scene)[name]:
        visitor.goes_to(f"{address}{'&' if '?' in address else '?'}lang=en" if address.startswith("/q/") else address)
        found += wrong_words(visitor.page, "en", scene.subject)
    assert not found, "\n".join(found)


def test_a_page_in_the_wrong_language_would_be_seen(relais: Installation, arrive: Arrive) -> None:
    visitor = arrive(relais, "")
    visitor.goes_to("/sign-in?lang=en")
    assert wrong_words(visitor.page, "en") == []
    assert wrong_words(visitor.page, "fr") != []
