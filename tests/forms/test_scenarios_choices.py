"""Scenarios: lists that depend on other answers, on rows, on files; names of choices; order by chance."""

from __future__ import annotations

import pytest

from forms.instance import Instance
from tests.forms.oracles.javarosa import JavaRosa
from tests.forms.scenario import NOW, Scenario, form_of

CASCADE = """
| survey |
| | type | name | label | choice_filter | calculation | relevant |
| | begin_repeat | home | Home | | | |
| | select_one country | country | Country | | | |
| | select_one region | region | Region | country = ${country} | | |
| | select_one city | city | City | region = ${region} | | |
| | select_multiple city | near | Near | region = ${region} and name != ${city} | | |
| | calculate | told | | | jr:choice-name(${city}, '${city}') | |
| | note | sea | By the sea | | | instance('city')/root/item[name = ${city}]/sea = 'yes' |
| | end_repeat | | | | | |
| | calculate | cities | | | join(' ', ${city}) | |
| choices |
| | list_name | name | label | country | region | sea |
| | country | fr | France | | | |
| | country | it | Italy | | | |
| | region | isere | Isère | fr | | |
| | region | var | Var | fr | | |
| | region | lazio | Lazio | it | | |
| | city | grenoble | Grenoble | | isere | |
| | city | voiron | Voiron | | isere | |
| | city | toulon | Toulon | | var | yes |
| | city | rome | Rome | | lazio | |
"""


def test_nothing_is_offered_before_the_list_above_is_answered() -> None:
    played = Scenario(CASCADE)
    assert played.offered("home[1]/country") == ["fr", "it"]
    assert played.offered("home[1]/region") == []


def test_each_list_follows_the_one_above() -> None:
    played = Scenario(CASCADE).set("home[1]/country", "fr")
    assert played.offered("home[1]/region") == ["isere", "var"]
    assert played.set("home[1]/region", "isere").offered("home[1]/city") == ["grenoble", "voiron"]


def test_every_row_has_its_own_lists() -> None:
    played = Scenario(CASCADE).set("home[1]/country", "fr").add("home").set("home[2]/country", "it")
    assert (played.offered("home[1]/region"), played.offered("home[2]/region")) == (["isere", "var"], ["lazio"])


def test_a_list_may_leave_out_what_is_chosen_elsewhere() -> None:
    played = Scenario(CASCADE).set("home[1]/country", "fr").set("home[1]/region", "isere")
    assert played.set("home[1]/city", "voiron").offered("home[1]/near") == ["grenoble"]


def test_a_choice_that_is_no_longer_offered_is_kept_and_told() -> None:
    played = Scenario(CASCADE).set("home[1]/country", "fr").set("home[1]/region", "isere")
    played.set("home[1]/city", "voiron").set("home[1]/region", "var")
    assert played["home[1]/city"] == "voiron"
    assert played.kinds() == [("home[1]/city", "choice")]
    assert played.set("home[1]/region", "isere").kinds() == []


def test_one_of_several_choices_that_left_the_list_is_named() -> None:
    played = Scenario(CASCADE).set("home[1]/country", "fr").set("home[1]/region", "isere")
    played.set("home[1]/near", "grenoble toulon")
    error = played.instance.errors()[0]
    assert (error.kind, error.params) == ("choice", {"value": "toulon"})


def test_the_name_of_a_choice_is_read_in_its_own_row(javarosa: JavaRosa) -> None:
    played = (
        Scenario(CASCADE, javarosa)
        .set("home[1]/country", "fr")
        .set("home[1]/region", "var")
        .set("home[1]/city", "toulon")
    )
    assert played["home[1]/told"] == "Toulon"
    assert played["cities"] == "toulon"


def test_a_column_of_the_list_decides_what_is_asked(javarosa: JavaRosa) -> None:
    played = (
        Scenario(CASCADE, javarosa)
        .set("home[1]/country", "fr")
        .set("home[1]/region", "var")
        .set("home[1]/city", "toulon")
    )
    assert played.instance.relevant("/data/home[1]/sea")
    played.set("home[1]/region", "isere")
    assert not played.set("home[1]/city", "voiron").instance.relevant("/data/home[1]/sea")


SAME_NAMES = """
| survey |
| | type | name | label | choice_filter |
| | text | floor | Floor | |
| | select_one door | door | Door | floor = ${floor} |
| choices |
| | list_name | name | label | floor |
| | door | left | Left of the lift | 1 |
| | door | right | Right of the lift | 1 |
| | door | left | Left of the stairs | 2 |
| settings |
| | allow_choice_duplicates |
| | yes |
"""


def test_two_choices_of_one_name_keep_their_own_labels() -> None:
    played = Scenario(SAME_NAMES).set("floor", "1")
    assert [choice.label["default"] for choice in played.instance.choices("/data/door")] == [
        "Left of the lift",
        "Right of the lift",
    ]
    played.set("floor", "2")
    assert [choice.label["default"] for choice in played.instance.choices("/data/door")] == ["Left of the stairs"]


FROM_ROWS = """
| survey |
| | type | name | label | calculation | choice_filter |
| | begin_repeat | person | Person | | |
| | text | name | Name | | |
| | integer | age | Age | | |
| | end_repeat | | | | |
| | select_one ${name} | head | Head | | |
| | select_one ${name} | elder | Elder | | ${age} > 17 |
"""


def test_answers_of_rows_serve_as_choices() -> None:
    played = Scenario(FROM_ROWS).set("person[1]/name", "Ana").set("person[1]/age", 40)
    played.add("person").set("person[2]/name", "Bo").set("person[2]/age", 9).add("person")
    assert played.offered("head") == ["Ana", "Bo"]
    assert played.offered("elder") == ["Ana"]


def test_a_choice_leaves_with_its_row() -> None:
    played = Scenario(FROM_ROWS).set("person[1]/name", "Ana").add("person").set("person[2]/name", "Bo")
    played.set("head", "Bo").remove("person", 2)
    assert played.kinds() == [("head", "choice")]


OTHER = """
| survey |
| | type | name | label::Français (fr) | label::English (en) |
| | select_one why or_other | why | Pourquoi | Why |
| | select_multiple why or_other | all | Tout | All |
| choices |
| | list_name | name | label::Français (fr) | label::English (en) |
| | why | near | Près | Near |
"""


def test_other_asks_for_words_of_ones_own(javarosa: JavaRosa) -> None:
    played = Scenario(OTHER, javarosa).set("why", "near")
    assert played["why_other"] == "(not asked)"
    assert played.set("why", "other").set("why_other", "The view")["why_other"] == "The view"
    assert played.set("all", "near other")["all_other"] == ""


def test_other_speaks_the_languages_of_the_form() -> None:
    played = Scenario(OTHER)
    other = played.instance.choices("/data/why")[-1]
    assert (other.value, other.label["fr"], other.label["en"]) == ("other", "Autre", "Other")
    assert played.instance.label("/data/why_other", "fr") == "Précisez"
    assert played.instance.label("/data/why_other", "en") == "Please specify"


SHUFFLED = """
| survey |
| | type | name | label | parameters | choice_filter |
| | integer | seed | Seed | | |
| | select_one number | by_seed | N | randomize=true, seed=${seed} | |
| | select_one number | by_chance | N | randomize=true | |
| | select_one number | even | N | randomize=true, seed=42 | even = 'yes' |
| choices |
| | list_name | name | label | even |
| | number | n1 | 1 | |
| | number | n2 | 2 | yes |
| | number | n3 | 3 | |
| | number | n4 | 4 | yes |
| | number | n5 | 5 | |
| | number | n6 | 6 | yes |
"""


def test_an_order_drawn_by_a_seed_is_the_same_everywhere() -> None:
    one, other = Scenario(SHUFFLED).set("seed", 7), Scenario(SHUFFLED).set("seed", 7)
    assert one.offered("by_seed") == other.offered("by_seed")
    assert sorted(one.offered("by_seed")) == ["n1", "n2", "n3", "n4", "n5", "n6"]
    assert one.offered("by_seed") != other.set("seed", 8).offered("by_seed")


def test_an_order_drawn_by_chance_stays_while_a_form_is_filled() -> None:
    played = Scenario(SHUFFLED)
    first = played.offered("by_chance")
    assert sorted(first) == ["n1", "n2", "n3", "n4", "n5", "n6"]
    assert played.set("seed", 3).offered("by_chance") == first
    again = Instance.from_xml(played.instance.form, played.instance.to_xml(), NOW)
    assert [choice.value for choice in again.choices("/data/by_chance")] == first


def test_an_order_drawn_by_chance_differs_from_one_set_of_answers_to_another() -> None:
    form = form_of(SHUFFLED)
    orders = set()
    for number in range(8):
        xml = f"<data><meta><instanceID>uuid:{number}</instanceID></meta></data>"
        offered = Instance.from_xml(form, xml, NOW).choices("/data/by_chance")
        orders.add(tuple(choice.value for choice in offered))
    assert len(orders) > 4


def test_a_shuffled_list_may_be_filtered() -> None:
    assert sorted(Scenario(SHUFFLED).offered("even")) == ["n2", "n4", "n6"]


PICTURES = """
| survey |
| | type | name | label::Français (fr) | label::English (en) | image::Français (fr) | image::English (en) | audio |
| | select_one sign | sign | Signe | Sign | signe.png | sign.png | ask.mp3 |
| | note | plain | Simple | Plain | | | |
| choices |
| | list_name | name | label::Français (fr) | label::English (en) | image | big-image |
| | sign | no | Non | No | no.png | no-big.png |
| | sign | yes | Oui | Yes | | |
"""


def test_pictures_and_sounds_are_found_by_language() -> None:
    form = form_of(PICTURES)
    media = form.questions["/data/sign"].media
    assert (media["image"]["fr"], media["image"]["en"], media["audio"]["fr"]) == ("signe.png", "sign.png", "ask.mp3")
    assert form.questions["/data/plain"].media == {}


def test_choices_have_their_pictures() -> None:
    form = form_of(PICTURES)
    no, yes = form.questions["/data/sign"].choices
    assert (no.media["image"]["fr"], no.media["big-image"]["en"]) == ("no.png", "no-big.png")
    assert yes.media == {}
    assert no.label["en"] == "No"


def test_a_form_names_the_files_it_needs() -> None:
    assert form_of(PICTURES).files == ("ask.mp3", "no-big.png", "no.png", "sign.png", "signe.png")


TYPED = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>T</h:title><model>
<itext><translation lang="fr"><text id="b"><value>Deux</value></text></translation></itext>
<instance><data id="t"><one/></data></instance><bind nodeset="/data/one" type="string"/></model></h:head>
<h:body><select1 ref="/data/one"><label>One</label><item><label>Un</label><value>a</value></item>
<item><label ref="jr:itext('b')"/><value>b</value></item></select1></h:body></h:html>"""


def test_choices_written_inside_a_question_by_other_tools_are_read() -> None:
    from forms.definition import load

    instance = Instance.new(load(TYPED), NOW)
    assert [(one.value, one.label["fr"]) for one in instance.choices("/data/one")] == [("a", "Un"), ("b", "Deux")]
    instance.set("/data/one", "c")
    assert [error.kind for error in instance.errors()] == ["choice"]


NAMES = """
| survey |
| | type | name | label::Français (fr) | label::English (en) | calculation |
| | select_one yn | one | Un | One | |
| | select_multiple yn | many | Plusieurs | Several | |
| | note | told | Vous avez dit ${one} | You said ${one} | |
| | note | listed | Vous avez dit ${many} | You said ${many} | |
| choices |
| | list_name | name | label::Français (fr) | label::English (en) |
| | yn | y | Oui | Yes |
| | yn | n | Non | No |
"""


@pytest.mark.parametrize(
    ("name", "lang", "words"),
    [
        ("told", "fr", "Vous avez dit Oui"),
        ("told", "en", "You said Yes"),
        ("listed", "fr", "Vous avez dit Oui, Non"),
        ("listed", "en", "You said Yes, No"),
    ],
)
def test_a_label_says_an_answer_by_its_label_in_the_language_of_the_reader(name: str, lang: str, words: str) -> None:
    played = Scenario(NAMES).set("one", "y").set("many", "y n")
    assert played.instance.label(f"/data/{name}", lang) == words
