"""Every page, for each who comes there: nothing that keeps somebody out, on a desk's screen and on a phone, and no word
of how it is made.
"""

from itertools import chain

import pytest

from tests.journeys.barriers import faults
from tests.journeys.conftest import Arrive
from tests.journeys.places import EVERYBODY, Scene, endpoints_of, pages_of, places
from tests.journeys.serving import Installation
from tests.journeys.speaking import wrong_words


@pytest.mark.parametrize("name", EVERYBODY, ids=lambda name: name or "nobody")
def test_every_page_of_somebody_is_accessible_and_in_plain_french(
    to_look_at: Installation, scene: Scene, arrive: Arrive, name: str
) -> None:
    visitor = arrive(to_look_at, name)
    found = []
    for address in places(scene)[name]:
        assert visitor.goes_to(address) < 500, address
        found += [*wrong_words(visitor.page, "fr", scene.subject), *faults(visitor.page)]
    assert not found, "\n".join(found)


def test_the_list_of_places_leaves_no_page_out(to_look_at: Installation, scene: Scene) -> None:
    with to_look_at.inside() as app:
        visited = endpoints_of(chain.from_iterable(places(scene).values()), app.url_map)
        assert pages_of(app.url_map) - visited == set()
