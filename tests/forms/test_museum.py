"""One question of each type: typed through the form of its page, it comes back, is checked, stored and shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import FieldList, FileField, FormField

from forms.appearances import EQUAL, REFUSED, effects
from forms.compiler import Item, apply, change_rows, name_of, page, page_class, page_form
from forms.definition import Form, load
from forms.fields import field_for
from forms.instance import Instance, Now
from forms.showing import Kept, Outside
from forms.storing import legal
from forms.structure import Question, Repeat
from forms.upload_fields import KINDS, file_name, token_of
from forms.visibility import EVERYTHING, view
from forms.xlsform import Compiled, compile_xlsform
from tests.forms.museum_answers import TYPED, WRONG

MUSEUM = Path(__file__).parent / "museum.md"
FRENCH, ENGLISH = "fr", "en"
NOW = Now(date(2026, 3, 15), datetime(2026, 3, 15, 10, tzinfo=UTC), lambda: 0.5, lambda: "a-b-c")
SECTIONS = ("words", "numbers", "times", "choices", "tables", "matrix", "files", "places", "people")
PICTURES = {"house.png": b"\x89PNG\r\n\x1a\n", "tower.png": b"\x89PNG\r\n\x1a\n"}


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return compile_xlsform(MUSEUM.read_bytes(), MUSEUM.name, media=PICTURES)


@pytest.fixture(scope="module")
def museum(compiled: Compiled) -> Form:
    return load(compiled.xml, PICTURES)


@pytest.fixture
def visit(museum: Form, now: Now) -> Instance:
    return Instance.new(museum, now)


def test_every_type_and_appearance_compiles_without_refusal(compiled: Compiled) -> None:
    assert {finding.code for finding in compiled.findings} <= {"or_other", "missing_level"}


def test_every_kind_of_question_is_in_the_museum(museum: Form) -> None:
    kinds = {question.kind for question in museum.questions.values()}
    named = re.sub(r"\s+", " ", Question.__doc__ or "").split("`kind` is ")[1].split("; `validity`")[0]
    assert kinds == set(re.findall(r"\w+", named.replace(" or ", " ")))


def sent(path: str, typed: object) -> MultiDict:
    name = name_of(f"/data/{path}")
    if isinstance(typed, dict):
        return MultiDict([(f"{name}!{part}" if part else name, text) for part, text in typed.items()])
    return MultiDict([(name, one) for one in (typed if isinstance(typed, list) else [typed])])


def section_of(instance: Instance, path: str) -> str:
    return instance.question(f"/data/{path}").page


def items_of(instance: Instance, path: str, lang: str = FRENCH, errors: object = (), **more: object) -> dict[str, Item]:
    found = page(instance, section_of(instance, path), lang, errors, **more)  # type: ignore[arg-type]
    return {item.path: item for item in every(found)}


def every(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from every(item.children)
        for row in item.rows:
            yield from every(row.children)


@pytest.mark.parametrize(("path", "typed", "stored", "french", "english"), TYPED, ids=[case[0] for case in TYPED])
def test_what_is_typed_comes_back_is_stored_and_is_shown_in_both_languages(
    visit: Instance, museum: Form, now: Now, path: str, typed: object, stored: str, french: str, english: str
) -> None:
    visit.set("/data/words/plain", "Awa")
    visit.set("/data/choices/paint", "other")
    form = page_form(visit, section_of(visit, path), FRENCH).bind(sent(path, typed))
    errors = [error for error in form.save() if error.path == f"/data/{path}"]
    assert errors == []
    again = Instance.from_xml(museum, visit.to_xml(), now)
    assert again.get(f"/data/{path}") == stored
    assert items_of(again, path)[f"/data/{path}"].shown == french
    read = {row.path: row.value for row in view(again, EVERYTHING, ENGLISH).rows()}
    assert read[f"/data/{path}"] == english


@pytest.mark.parametrize(("path", "typed", "stored", "french", "english"), TYPED, ids=[case[0] for case in TYPED])
def test_a_page_sent_again_as_it_was_drawn_changes_nothing(
    visit: Instance, path: str, typed: object, stored: str, french: str, english: str
) -> None:
    visit.set("/data/words/plain", "Awa")
    visit.set("/data/choices/paint", "other")
    apply(visit, sent(path, typed), section_of(visit, path))
    item = items_of(visit, path)[f"/data/{path}"]
    drawn: object = item.value if isinstance(item.value, list) else str(item.value)
    if item.kind_of_question == "rank":
        drawn = {option.value: option.place for option in item.choices}
    elif item.parts:
        drawn = dict(item.parts)
    elif item.style == "proposals":
        drawn = {"": "", "label": next(option.label for option in item.choices if option.selected)}
    apply(visit, sent(path, drawn), section_of(visit, path))
    assert visit.get(f"/data/{path}") == stored


@pytest.mark.parametrize(("path", "typed", "kind"), WRONG, ids=[f"{case[0]} {case[1]}" for case in WRONG])
def test_what_cannot_be_is_told_beside_its_field_and_stays_as_typed(
    visit: Instance, path: str, typed: object, kind: str
) -> None:
    form = page_form(visit, section_of(visit, path), FRENCH).bind(sent(path, typed))
    errors = [error for error in form.save() if error.path == f"/data/{path}"]
    assert [error.kind for error in errors] == [kind]
    assert form[name_of(f"/data/{path}")].errors == errors
    item = items_of(visit, path, errors=errors)[f"/data/{path}"]
    assert item.error is errors[0]
    words = typed.values() if isinstance(typed, dict) else [typed]
    shown = [str(item.value), *item.parts.values()]
    assert all(any(word in text for text in shown) for word in words if word)


def test_a_page_has_one_class_nested_as_the_form_is(visit: Instance) -> None:
    made = page_class(visit.form.section("/data/people"))
    kinds = {name: field.field_class for name, field in made.fields.items()}
    assert issubclass(kinds["lodging"], FormField)
    assert issubclass(kinds["person"], FieldList)
    assert issubclass(kinds["pet"], FieldList)
    visit.add_row("/data/people/person")
    visit.add_row("/data/people/person[2]/child")
    form = page_form(visit, "/data/people", FRENCH).form
    second = form["person"].entries[1]
    assert second.name == "data:people:person~2"
    assert [row.form["child_name"].name for row in second.form["child"]] == [
        "data:people:person~2:child~1:child_name",
        "data:people:person~2:child~2:child_name",
    ]
    assert form["lodging"].form["comfort"].form["heating"].name == "data:people:lodging:comfort:heating"
    assert isinstance(second.form["child"].entries[0].form["portrait"], FileField)


def test_the_fields_of_a_page_are_the_questions_drawn_on_it(visit: Instance) -> None:
    for section in visit.form.sections:
        drawn = {item.name for item in every(page(visit, section.path, FRENCH)) if asked(item)}
        assert {field.name for field in page_form(visit, section.path, FRENCH)} == drawn


def asked(item: Item) -> bool:
    return item.kind == "question" and item.kind_of_question != "note" and not item.readonly


def test_a_typed_row_of_a_repeat_comes_back_in_its_own_field(visit: Instance) -> None:
    visit.add_row("/data/people/person")
    posted = sent("people/person[2]/name", "Sami")
    form = page_form(visit, "/data/people", FRENCH).bind(posted)
    assert form.form["person"].data[1]["name"] == "Sami"
    form.save()
    assert visit.get("/data/people/person[2]/name") == "Sami"


def test_a_repeat_with_a_count_has_as_many_rows_and_no_buttons(visit: Instance) -> None:
    visit.set("/data/people/pets", "3")
    pets = items_of(visit, "people/pets")["/data/people/pet"]
    assert [row.number for row in pets.rows] == [1, 2, 3]
    assert not pets.may_add


def test_calculations_are_shown_but_not_asked(visit: Instance) -> None:
    visit.set("/data/numbers/rent", "500")
    twice = items_of(visit, "numbers/rent")["/data/numbers/twice"]
    assert (twice.readonly, twice.shown) == (True, "1\u202f000")
    assert visit.get("/data/numbers/thrice") == "1500"
    assert visit.get("/data/numbers/origin") == "page"


def test_a_ranking_begins_in_the_order_of_its_list_and_moves_one_place_at_a_time(visit: Instance) -> None:
    path = "/data/choices/order"
    assert [option.place for option in items_of(visit, "choices/order")[path].choices] == ["", "", ""]
    assert change_rows(visit, {"move_down": f"{path} quiet"}) == path
    assert visit.get(path) == "near quiet cheap"
    change_rows(visit, {"move_up": f"{path} cheap"})
    change_rows(visit, {"move_up": f"{path} cheap"})
    change_rows(visit, {"move_up": f"{path} cheap"})
    assert visit.get(path) == "cheap near quiet"
    item = items_of(visit, "choices/order")[path]
    assert [(option.value, option.place) for option in item.choices] == [("cheap", "1"), ("near", "2"), ("quiet", "3")]


@pytest.mark.parametrize("asked_for", ["/data/choices/order nothing", "/data/choices/radio yes", "/data/x y", "", "x"])
def test_a_move_of_what_cannot_be_moved_does_nothing(visit: Instance, asked_for: str) -> None:
    before = visit.to_xml()
    assert change_rows(visit, {"move_up": asked_for}) is None
    assert visit.to_xml() == before


def test_rows_with_the_same_choices_make_a_table_under_their_head(visit: Instance) -> None:
    [table] = [item for item in page(visit, "/data/matrix", FRENCH) if item.kind == "matrix"]
    assert table.label == "Jours"
    assert [row.label for row in table.children] == ["Lundi", "Mardi"]
    assert [option.label for option in table.choices] == ["Oui", "Non"]
    kinds = [item.kind for item in page(visit, "/data/tables", FRENCH)]
    assert kinds.count("matrix") == 1


def test_a_picture_of_a_choice_is_found_outside_the_form(visit: Instance) -> None:
    told = Outside(lambda name: f"/media/{name}", lambda path, text: Kept(f"/files{path}", text))
    pictures = items_of(visit, "choices/pictures", outside=told)["/data/choices/pictures"]
    assert [option.image for option in pictures.choices] == ["/media/house.png", "/media/tower.png"]


@pytest.mark.parametrize("name", ["lease", "photo", "signed", "voice", "film"])
def test_a_page_cannot_write_the_name_of_a_file(visit: Instance, name: str) -> None:
    apply(visit, sent(f"files/{name}", "autre-0123456789ab.jpg"), "/data/files")
    assert visit.get(f"/data/files/{name}") == ""


def test_the_name_of_a_file_is_read_without_its_token_and_found_outside(visit: Instance) -> None:
    text = file_name("C:\\Documents\\Bail 2014 (1).PDF", "0123456789ab", "pdf")
    assert text == "Bail-2014-1-0123456789ab.pdf"
    assert token_of(text) == "0123456789ab"
    visit.set("/data/files/lease", text)
    told = Outside(lambda name: name, lambda path, text: Kept(f"/files{path}", text))
    item = items_of(visit, "files/lease", outside=told)["/data/files/lease"]
    assert item.shown == "Bail-2014-1.pdf"
    assert item.kept == Kept("/files/data/files/lease", text)


@pytest.mark.parametrize("given", ["", "...", "/", "\u202e", "é" * 300, "a/b/c.png", "con|*?.png"])
def test_any_name_of_a_file_can_be_an_answer(visit: Instance, given: str) -> None:
    text = file_name(given, "0123456789ab", "png")
    visit.set("/data/files/photo", text)
    assert visit.get("/data/files/photo") == text
    assert token_of(text) == "0123456789ab"
    assert len(text) < 90


def test_a_position_keeps_its_altitude_until_the_point_is_typed_anew(visit: Instance) -> None:
    measured = {"lat": "45,18", "lon": "5,72", "measured": "45.18 5.72 212.0 8.5"}
    apply(visit, sent("places/home", measured), "/data/places")
    assert visit.get("/data/places/home") == "45.18 5.72 212.0 8.5"
    apply(visit, sent("places/home", measured | {"lon": "5,73"}), "/data/places")
    assert visit.get("/data/places/home") == "45.18 5.73"


def test_every_appearance_of_the_museum_has_an_equal(museum: Form) -> None:
    asked_for = [(question.kind, question.appearance) for question in museum.questions.values()]
    asked_for += [("group", group.appearance) for group in museum.groups.values()]
    found = [(kind, word, effect) for kind, text in asked_for for word, effect in effects(kind, text)]
    assert [(kind, word) for kind, word, effect in found if effect is None or effect.verdict != EQUAL] == []


@pytest.mark.parametrize(
    ("kind", "appearance", "verdict"),
    [
        ("select_one", "search('streets')", REFUSED),
        ("text", "ex:org.opendatakit.counter(form_id='x y')", REFUSED),
        ("image", "ex:camera.app", REFUSED),
        ("select_one", "compact-3", EQUAL),
        ("integer", "w12", EQUAL),
        ("date", "ethiopian", "ignored"),
    ],
)
def test_an_appearance_that_cannot_run_is_known_by_name(kind: str, appearance: str, verdict: str) -> None:
    [(word, effect)] = effects(kind, appearance)
    assert effect is not None, word
    assert effect.verdict == verdict
    assert effect.note


def test_an_appearance_nobody_knows_is_told_to_the_linter() -> None:
    assert list(effects("text", "sparkling")) == [("sparkling", None)]


def test_every_repeat_and_upload_of_the_form_is_drawn(museum: Form) -> None:
    assert {type(group) for group in museum.groups.values()} >= {Repeat}
    assert {question.kind for question in museum.questions.values()} >= KINDS
    assert all(field_for(question).input for question in museum.questions.values())


@pytest.mark.parametrize("section", SECTIONS)
def test_whatever_is_posted_nothing_breaks_and_sending_the_drawn_page_again_changes_nothing(
    museum: Form, section: str
) -> None:
    first = Instance.new(museum, NOW)

    @settings(max_examples=25, phases=[Phase.explicit, Phase.reuse, Phase.generate])
    @given(posts(first, f"/data/{section}"))
    def sends(posted: list[tuple[str, str]]) -> None:
        instance = Instance.new(museum, NOW)
        apply(instance, MultiDict(posted), f"/data/{section}")
        once = texts_of(instance)
        form = page_form(instance, f"/data/{section}", FRENCH)
        form.bind(MultiDict(drawn_again(instance, f"/data/{section}"))).save()
        assert texts_of(instance) == once
        view(instance, EVERYTHING, ENGLISH)

    sends()


@given(st.text(max_size=60))
def test_no_text_typed_in_a_box_is_lost(museum: Form, typed: str) -> None:
    instance = Instance.new(museum, NOW)
    kept = "".join(legal(typed).split())
    for path in ("words/plain", "numbers/rooms", "numbers/rent", "times/hour", "choices/radio", "words/story"):
        apply(instance, sent(path, typed), section_of(instance, path))
        errors = [error for error in instance.errors() if error.path == f"/data/{path}"]
        text = "".join(instance.get(f"/data/{path}").split())
        assert text == kept or not errors or errors[0].kind != "type"


def texts_of(instance: Instance) -> dict[str, object]:
    """What is stored; of several choices the order says nothing."""
    several = {path: instance.question(path).kind == "select_multiple" for path in instance.values()}
    return {path: set(instance.get(path).split()) if one else instance.get(path) for path, one in several.items()}


def posts(instance: Instance, section: str) -> st.SearchStrategy[list[tuple[str, str]]]:
    """Anything under the names of a page, and under names of boxes that may not be there."""
    names = [item.name for item in every(page(instance, section, FRENCH)) if asked(item)]
    offered = sorted({one.value for item in every(page(instance, section, FRENCH)) for one in item.choices})
    texts = st.one_of(
        st.text(max_size=20), st.sampled_from([*offered, "1", "3,5", "2026", "14h30", "45,18 5,72", "1=2"])
    )
    boxes = st.sampled_from(["", "!lat", "!lon", "!measured", "!label", "!quiet", "!near", "!cheap", "!typed", "!mine"])
    return st.lists(st.tuples(st.tuples(st.sampled_from(names), boxes).map("".join), texts), max_size=12)


def drawn_again(instance: Instance, section: str) -> list[tuple[str, str]]:
    """What the page would send if nobody touched it."""
    return [pair for item in every(page(instance, section, FRENCH)) if asked(item) for pair in boxes_of(item)]


def boxes_of(item: Item) -> list[tuple[str, str]]:
    name, kind = item.name, item.kind_of_question
    if kind in KINDS:
        return []
    if kind == "rank":
        return [(f"{name}!{option.value}", option.place) for option in item.choices]
    if kind == "geopoint":
        return [(f"{name}!{part}", text) for part, text in item.parts.items()]
    if item.style == "proposals":
        label = next((option.label for option in item.choices if option.selected), str(item.value))
        return [(name, ""), (f"{name}!label", label)]
    if kind == "select_multiple":
        return [(name, option.value) for option in item.choices if option.selected]
    if kind == "select_one":
        return [(name, option.value) for option in item.choices if option.selected]
    return [(name, str(item.value))]
