"""Every type of question is answered in a browser: by the keyboard alone, without a script, on a narrow screen."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from forms.pages import name_of
from tests import museum
from tests.journeys.barriers import faults
from tests.journeys.conftest import Arrive
from tests.journeys.filling import saved
from tests.journeys.homes import Home
from tests.journeys.serving import Installation
from tests.journeys.visiting import Visitor
from workflow.dossiers import queries
from workflow.dossiers.queries import by_reference

BY_KEYBOARD, WITHOUT_SCRIPT, NARROW = Home.BY_KEYBOARD, Home.WITHOUT_SCRIPT, Home.NARROW
ENGLISH, SHORTENED = Home.ENGLISH, Home.SHORTENED
HERE = {"latitude": 45.1885, "longitude": 5.7245, "accuracy": 12}
PAGES = ("words", "numbers", "times", "choices", "tables", "matrix", "files", "places", "people")
FOCUS = "() => { const here = document.activeElement; return [here?.name ?? '', here?.value ?? '', here?.id ?? '']; }"
MOST_TABS = 150


@pytest.fixture
def opened(relais: Installation, tmp_path: Path) -> Callable[[int], str]:
    """`opened(34)` → the reference of a dossier of the museum for that household."""

    def opens(rank: int) -> str:
        with relais.inside():
            return museum.a_museum(tmp_path / "museum", rank).reference

    return opens


def answers(relais: Installation, reference: str) -> Callable[[str], str]:
    """What is stored now, by path below the root."""
    with relais.inside():
        row = by_reference(reference)
        instance = queries.opened(row, queries.present_set(row))[0]
    return lambda path: instance.get(f"/data/{path}")


class Keyboard:
    """Somebody who uses no mouse."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.page = visitor, visitor.page

    def reaches(self, name: str, value: str | None = None) -> None:
        """Tab until the field or button of that name (and value) has the focus; it may show only after an answer."""
        self.page.locator(f'[name="{name}"]').first.wait_for(state="attached")
        for _step in range(MOST_TABS):
            found = self.page.evaluate(FOCUS)
            if found[0] == name and (value is None or found[1] == value):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{name} {value or ''} cannot be reached with the keyboard")

    def finds(self, id_: str) -> None:
        for _step in range(MOST_TABS):
            if self.page.evaluate(FOCUS)[2] == id_:
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{id_} cannot be reached with the keyboard")

    def types(self, path: str, words: str, part: str = "") -> None:
        self.reaches(name_of(f"/data/{path}") + (f"!{part}" if part else ""))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(words)

    def presses(self, path: str, *keys: str) -> None:
        self.reaches(name_of(f"/data/{path}"))
        for key in keys:
            self.page.keyboard.press(key)

    def pushes(self, name: str, value: str) -> None:
        self.reaches(name, value)
        self.page.keyboard.press("Enter")

    def goes_on(self, reference: str, section: str) -> None:
        self.visitor.goes_to(f"/dossiers/{reference}/fill/{section}")


def test_every_type_of_question_is_answered_with_the_keyboard_alone(
    relais: Installation, arrive: Arrive, opened: Callable[[int], str]
) -> None:
    reference = opened(BY_KEYBOARD)
    claire = Keyboard(arrive(relais, "Claire Maurin", geolocation=HERE, permissions=["geolocation"]))
    for section, fill in BY_HAND.items():
        claire.goes_on(reference, section)
        fill(claire)
        saved(claire.visitor)
        assert faults(claire.page) == []
    told = answers(relais, reference)
    assert {path: told(path) for path in SAID} == SAID
    assert told("files/signed").startswith("Awa-Koné-")
    assert told("places/home").startswith("45.1885 5.7245 ")
    claire.visitor.goes_to(f"/dossiers/{reference}/check")
    for words in ("La proximité, Le calme, Le prix", "Place des Lilas", "1\u202f412,50", "Awa-Koné.png"):
        claire.visitor.sees(words)
    assert faults(claire.page) == []


def words_by_hand(claire: Keyboard) -> None:
    claire.types("words/plain", "Awa")
    claire.types("words/story", "Une histoire")
    claire.presses("words/agreed", "Space")
    claire.visitor.sees("Merci Awa")


def numbers_by_hand(claire: Keyboard) -> None:
    claire.types("numbers/rent", "1412,5")
    claire.reaches(name_of("/data/numbers/warmth"))
    claire.page.keyboard.press("Tab")  # the slider stands beside its box
    for _step in range(3):
        claire.page.keyboard.press("ArrowRight")
    expect(claire.page.locator(f'[name="{name_of("/data/numbers/warmth")}"]')).to_have_value("1,5")
    claire.presses("numbers/floor", "3")
    claire.presses("numbers/stars", "ArrowDown", "ArrowDown")
    claire.visitor.sees("2\u202f825")


def times_by_hand(claire: Keyboard) -> None:
    claire.types("times/born", "3/1/1984")
    claire.types("times/since", "9/2011")
    claire.types("times/built", "1974")
    claire.types("times/hour", "14h30")
    claire.types("times/moment", "23/11/2026 9h05")


def choices_by_hand(claire: Keyboard) -> None:
    claire.presses("choices/radio", "Space")
    claire.presses("choices/short", "ArrowDown", "ArrowDown")
    claire.presses("choices/scale", "ArrowUp")
    city = name_of("/data/choices/city")
    claire.page.locator(f'[data-sieve="{city}-choices"]').focus()
    claire.page.keyboard.type("echir")
    expect(claire.page.locator(f'[id="{city}-choices"] .choice:visible')).to_have_count(1)
    claire.reaches(city, "echirolles")
    claire.page.keyboard.press("Space")
    claire.types("choices/street", "Place des Lilas", "label")
    claire.reaches(name_of("/data/choices/paint"))
    claire.page.keyboard.press("ArrowUp")
    claire.types("choices/paint_other", "À la chaux")
    claire.reaches(name_of("/data/choices/several"), "blue")
    claire.page.keyboard.press("Space")
    claire.reaches(name_of("/data/choices/pictures"), "tower")
    claire.page.keyboard.press("Space")
    order = "/data/choices/order"
    claire.pushes("move_up", f"{order} near")
    near = claire.page.locator(f'[name="{name_of(order)}!near"]')
    expect(near).to_have_value("1")
    expect(claire.page.locator(f'[name=move_up][value="{order} near"]')).to_be_focused()
    expect(claire.page.locator("#live")).to_contain_text("place 1 ")


def test_a_list_that_was_shortened_stays_short_when_the_section_is_worked_out_again(
    relais: Installation, arrive: Arrive, opened: Callable[[int], str]
) -> None:
    reference = opened(SHORTENED)
    claire = Keyboard(arrive(relais, "Claire Maurin"))
    claire.goes_on(reference, "choices")
    city = name_of("/data/choices/city")
    left = claire.page.locator(f'[id="{city}-choices"] .choice:visible')
    held: list[Route] = []

    def hold(route: Route) -> None:
        if held:
            return route.continue_()
        return held.append(route)

    claire.page.route("**/save/choices", hold)
    with claire.page.expect_request("**/save/choices"):
        claire.presses("choices/radio", "Space")
    claire.page.locator(f'[data-sieve="{city}-choices"]').fill("echir")
    expect(left).to_have_count(1)
    held[0].continue_()
    saved(claire.visitor)
    expect(left).to_have_count(1)
    expect(claire.page.locator(f'[data-sieve="{city}-choices"]')).to_have_value("echir")


def tables_by_hand(claire: Keyboard) -> None:
    claire.presses("tables/noise", "ArrowUp")
    claire.presses("tables/light", "Space")


def matrix_by_hand(claire: Keyboard) -> None:
    claire.presses("matrix/monday", "Space")
    claire.reaches(name_of("/data/matrix/tuesday"), "no")
    claire.page.keyboard.press("Space")


def files_by_hand(claire: Keyboard) -> None:
    """The window in which a file is chosen belongs to the browser: here the file is handed to its field."""
    photo = name_of("/data/files/photo")
    claire.reaches(photo)
    chosen = {"name": "porte.jpg", "mimeType": "image/jpeg", "buffer": museum.photograph()}
    claire.page.locator(f'[name="{photo}"]').set_input_files(chosen)
    expect(claire.page.locator(".kept-image")).to_have_count(1, timeout=20_000)  # sent, drawn anew, kept
    expect(claire.page.locator(f'[name="{photo}"]')).to_have_value("")
    claire.types("files/signed", "Awa Koné", "typed")
    claire.reaches(name_of("/data/files/signed") + "!mine")
    claire.page.keyboard.press("Space")
    expect(claire.page.locator(".kept-image")).to_have_count(2)
    claire.pushes("remove_file", "/data/files/photo")
    expect(claire.page.locator(".kept-image")).to_have_count(1, timeout=20_000)  # sent, drawn anew, kept
    expect(claire.page.locator(f'[name="{photo}"]')).to_be_focused()


def places_by_hand(claire: Keyboard) -> None:
    home = name_of("/data/places/home")
    claire.reaches(f"{home}!lon")
    claire.page.keyboard.press("Tab")
    claire.page.keyboard.press("Enter")
    expect(claire.page.locator(f'[name="{home}!lat"]')).to_have_value("45,1885")
    claire.types("places/way", "45.18 5.72\n45.19 5.73")


def people_by_hand(claire: Keyboard) -> None:
    claire.types("people/person[1]/name", "Awa")
    claire.pushes("add_row", "/data/people/person[1]/child")
    second = name_of("/data/people/person[1]/child[2]/child_name")
    expect(claire.page.locator(f'[name="{second}"]')).to_be_focused()
    claire.page.keyboard.type("Sami")
    claire.page.get_by_role("button", name=re.compile("Retirer Enfant 2, Personne 1")).wait_for()
    claire.pushes("remove_row", "/data/people/person[1]/child[1]")
    expect(claire.page.locator(f'[name="{second}"]')).to_have_count(0)
    claire.types("people/pets", "2")
    claire.page.keyboard.press("Tab")
    claire.types("people/pet[2]/pet_name", "Chat")


BY_HAND: dict[str, Callable[[Keyboard], None]] = {
    "words": words_by_hand,
    "numbers": numbers_by_hand,
    "times": times_by_hand,
    "choices": choices_by_hand,
    "tables": tables_by_hand,
    "matrix": matrix_by_hand,
    "files": files_by_hand,
    "places": places_by_hand,
    "people": people_by_hand,
}
SAID = {
    "words/plain": "Awa",
    "words/agreed": "OK",
    "numbers/rent": "1412.5",
    "numbers/warmth": "1.5",
    "numbers/floor": "3",
    "times/born": "1984-01-03",
    "times/since": "2011-09-01",
    "times/built": "1974-01-01",
    "choices/radio": "yes",
    "choices/short": "blue",
    "choices/scale": "good",
    "choices/city": "echirolles",
    "choices/street": "s40",
    "choices/paint": "other",
    "choices/paint_other": "À la chaux",
    "choices/several": "blue",
    "choices/pictures": "tower",
    "choices/order": "near quiet cheap",
    "tables/noise": "good",
    "tables/light": "bad",
    "matrix/monday": "yes",
    "matrix/tuesday": "no",
    "files/photo": "",
    "places/way": "45.18 5.72;45.19 5.73",
    "people/person[1]/name": "Awa",
    "people/person[1]/child[1]/child_name": "Sami",
    "people/pet[2]/pet_name": "Chat",
}


def test_a_signature_is_drawn_with_the_mouse_and_kept_as_a_picture(
    relais: Installation, arrive: Arrive, opened: Callable[[int], str]
) -> None:
    reference = opened(NARROW)
    claire = arrive(relais, "Claire Maurin", viewport={"width": 320, "height": 700})
    claire.goes_to(f"/dossiers/{reference}/fill/files")
    canvas = claire.page.locator("canvas.signing")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    claire.page.mouse.move(box["x"] + 20, box["y"] + 30)
    claire.page.mouse.down()
    claire.page.mouse.move(box["x"] + 150, box["y"] + 60, steps=5)
    claire.page.mouse.up()
    claire.presses(re.compile("Garder cette signature|Keep this signature"))
    expect(claire.page.locator(".kept-image")).to_have_count(1, timeout=20_000)  # sent, drawn anew, kept
    assert answers(relais, reference)("files/signed").startswith("signature-")


def test_every_page_of_questions_fits_a_narrow_screen_and_hides_nothing_from_assistive_tools(
    relais: Installation, arrive: Arrive, opened: Callable[[int], str]
) -> None:
    reference = opened(NARROW)
    claire = arrive(relais, "Claire Maurin")
    found = []
    for section in PAGES:
        claire.goes_to(f"/dossiers/{reference}/fill/{section}?strict=1")
        found += faults(claire.page)
    assert found == []


def test_every_type_of_question_is_answered_without_a_script(
    relais: Installation, arrive: Arrive, opened: Callable[[int], str]
) -> None:
    reference = opened(WITHOUT_SCRIPT)
    claire = arrive(relais, "Claire Maurin", java_script_enabled=False)
    page = claire.page
    for section, typed in PLAINLY.items():
        claire.goes_to(f"/dossiers/{reference}/fill/{section}")
        for path, value in typed.items():
            put(page, path, value)
        claire.presses("Enregistrer et revenir plus tard")
        claire.is_told_that_it_is_done()
    claire.goes_to(f"/dossiers/{reference}/fill/choices")
    page.locator('[name=move_down][value="/data/choices/order near"]').click()
    expect(page).to_have_url(re.compile(r"#data:choices:order$"))
    claire.goes_to(f"/dossiers/{reference}/fill/files")
    page.locator('[name=remove_file][value="/data/files/plan"]').click()
    expect(page.locator(".kept-image")).to_have_count(2)
    assert page.locator(".needs-script:visible").count() == 0
    told = answers(relais, reference)
    assert told("choices/order") == "quiet near cheap"
    assert told("choices/street") == "s40"
    assert told("places/home") == "45.18 5.72"
    assert told("files/plan") == ""
    assert told("files/photo").startswith("photo-")
    assert told("files/signed").startswith("Awa-Koné-")
    assert told("numbers/warmth") == "7.5"


def put(page: Page, path: str, value: object) -> None:
    """Answer without a script: `value` is a text, a list of choices, parts of an answer, or a file."""
    name = name_of(f"/data/{path}")
    if isinstance(value, dict):
        for part, text in value.items():
            field = page.locator(f'[name="{name}!{part}"]')
            field.check() if text is True else field.fill(str(text))
    elif isinstance(value, bytes):
        kind = {"name": "photo.png", "mimeType": "image/png", "buffer": value}
        page.locator(f'[name="{name}"]').set_input_files(kind)
    elif isinstance(value, list):
        for one in value:
            page.locator(f'[name="{name}"][value="{one}"]').check()
    elif page.locator(f'select[name="{name}"]').count():
        page.locator(f'select[name="{name}"]').select_option(str(value))
    else:
        page.locator(f'[name="{name}"]').fill(str(value))


PLAINLY: dict[str, dict[str, object]] = {
    "words": {"words/plain": "Awa", "words/agreed": ["OK"]},
    "numbers": {"numbers/warmth": "7,5", "numbers/floor": "3", "numbers/stars": ["4"]},
    "choices": {
        "choices/radio": ["no"],
        "choices/short": "blue",
        "choices/city": ["fontaine"],
        "choices/street": {"label": "Place des Lilas"},
        "choices/pictures": ["house", "tower"],
        "choices/order": {"near": "1", "quiet": "2", "cheap": "3"},
    },
    "tables": {"tables/noise": ["fair"]},
    "matrix": {"matrix/monday": ["yes", "no"]},
    "files": {
        "files/photo": museum.picture(),
        "files/plan": museum.picture("teal"),
        "files/signed": {"typed": "Awa Koné", "mine": True},
    },
    "places": {"places/home": {"lat": "45,18", "lon": "5,72"}},
}


def test_the_pages_speak_the_language_of_the_reader(
    relais: Installation, arrive: Arrive, opened: Callable[[int], str]
) -> None:
    reference = opened(ENGLISH)
    claire = arrive(relais, "Claire Maurin")
    claire.goes_to(f"/dossiers/{reference}/fill/choices?lang=en")
    claire.sees("What matters most")
    assert faults(claire.page) == []
    claire.page.get_by_role("button", name="Move up: Closeness").click()
    expect(claire.page.locator("#live")).to_contain_text("Closeness: place 1 of 3")
