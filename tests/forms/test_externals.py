"""Lists in files beside a form: read like any list, refused with the place and the reason."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forms import externals
from forms.definition import BrokenForm, files_named, load, read
from forms.expressions import ExpressionError
from forms.externals import read_list
from forms.instance import Instance
from tests.forms.scenario import NOW, form_of, xform

CITIES = "name,label,region,Prix\ngrenoble,Grenoble,isere,12.5\nvoiron,Voiron,isere,9\ntoulon,Toulon,var,11\n"
PRICES = "code;price\ng;12,5\nv;9\n"
LANDS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": "f1",
            "properties": {"title": "Parc", "rooms": 3, "open": True, "note": None},
            "geometry": {"type": "Point", "coordinates": [5.72, 45.18]},
        },
        {
            "type": "Feature",
            "properties": {"id": "f2", "title": "Quai"},
            "geometry": {"type": "Polygon", "coordinates": [[[5.0, 45.0], [5.5, 45.0], [5.0, 45.0]]]},
        },
    ],
}
TABLE = """
| survey |
| | type | name | label | calculation | choice_filter | parameters |
| | text | region | Region | | | |
| | select_one_from_file cities.csv | city | City | | region = ${region} | |
| | select_multiple_from_file towns.xml | towns | Towns | | | value=id, label=nom |
| | select_one_from_file lands.geojson | land | Land | | | |
| | calculate | price | | instance('cities')/root/item[name = ${city}]/Prix | | |
| | calculate | where | | instance('lands')/root/item[id = ${land}]/geometry | | |
| | calculate | called | | jr:choice-name(${city}, '${city}') | | |
"""
TOWNS = "<root><item><id>a</id><nom>Échirolles</nom></item><item><id>b</id><nom>Meylan</nom></item></root>"
MEDIA = {
    "cities.csv": CITIES.encode(),
    "towns.xml": TOWNS.encode(),
    "lands.geojson": json.dumps(LANDS).encode(),
}


@pytest.fixture(scope="module")
def instance() -> Instance:
    return Instance.new(form_of(TABLE, MEDIA), NOW)


def column(name: str, content: str | bytes, of: str) -> list[str]:
    data = content if isinstance(content, bytes) else content.encode()
    return [item.children[of][0].text for root in read_list(name, {name: data}) for item in root]


def test_a_list_in_a_file_is_filtered_like_any_other(instance: Instance) -> None:
    instance.set("/data/region", "isere")
    assert [choice.value for choice in instance.choices("/data/city")] == ["grenoble", "voiron"]
    assert [choice.label["default"] for choice in instance.choices("/data/city")] == ["Grenoble", "Voiron"]


def test_further_columns_can_be_read_in_calculations(instance: Instance) -> None:
    instance.set("/data/region", "var")
    instance.set("/data/city", "toulon")
    assert (instance.get("/data/price"), instance.get("/data/called")) == ("11", "Toulon")
    assert instance.errors() == []


def test_a_value_that_is_not_in_the_file_is_refused(instance: Instance) -> None:
    instance.set("/data/city", "paris")
    assert [(error.path, error.kind) for error in instance.errors()] == [("/data/city", "choice")]
    instance.set("/data/city", "")


def test_an_xml_list_may_name_its_own_columns(instance: Instance) -> None:
    found = [(choice.value, choice.label["default"]) for choice in instance.choices("/data/towns")]
    assert found == [("a", "Échirolles"), ("b", "Meylan")]


def test_places_of_a_map_are_choices_with_their_position(instance: Instance) -> None:
    found = instance.choices("/data/land")
    assert [(choice.value, choice.label["default"]) for choice in found] == [("f1", "Parc"), ("f2", "Quai")]
    instance.set("/data/land", "f1")
    assert instance.get("/data/where") == "45.18 5.72 0 0"
    instance.set("/data/land", "f2")
    assert instance.get("/data/where") == "45.0 5.0 0 0; 45.0 5.5 0 0; 45.0 5.0 0 0"


def test_properties_of_a_map_are_texts(instance: Instance) -> None:
    first = instance.form.questions["/data/land"].choices[0]
    assert {name: first.attributes[name] for name in ("rooms", "open", "note")} == {
        "rooms": "3",
        "open": "true",
        "note": "",
    }


def test_a_price_is_pulled_out_of_a_list() -> None:
    table = """
| survey |
| | type | name | label | calculation |
| | text | key | Key | |
| | calculate | price | | pulldata('prices', 'price', 'code', ${key}) |
"""
    instance = Instance.new(form_of(table, {"prices.csv": PRICES.encode()}), NOW)
    instance.set("/data/key", "g")
    assert instance.get("/data/price") == "12,5"
    instance.set("/data/key", "zzz")
    assert instance.get("/data/price") == ""


def test_semicolons_tabs_and_a_byte_order_mark_are_understood() -> None:
    assert column("x.csv", "\ufeffname;label\na;A, B\n", "label") == ["A, B"]
    assert column("x.csv", "name\tlabel\na\tA\n", "label") == ["A"]
    assert column("x.csv", 'name,label\na,"two\nlines"\n', "label") == ["two\nlines"]


def test_blank_lines_and_blank_ends_are_passed_over() -> None:
    assert column("x.csv", "name,label,,\na,A,,\n\n,,\nb\n", "label") == ["A", ""]


def test_characters_that_nobody_sees_are_left_out() -> None:
    assert column("x.csv", "name,label\na,\u202eevil\x00\n", "label") == ["evil"]


def test_a_form_says_which_files_it_needs() -> None:
    assert files_named(xform(TABLE)) == ("cities.csv", "lands.geojson", "towns.xml")


def test_another_file_makes_another_form() -> None:
    other = {**MEDIA, "cities.csv": CITIES.replace("12.5", "12.6").encode()}
    assert form_of(TABLE, MEDIA).hash == form_of(TABLE, dict(MEDIA)).hash
    assert form_of(TABLE, MEDIA).hash != form_of(TABLE, other).hash
    assert form_of(TABLE, MEDIA).hash == form_of(TABLE, {**MEDIA, "unused.csv": b"x"}).hash


def test_a_missing_file_is_named_where_it_is_used() -> None:
    with pytest.raises(BrokenForm) as broken:
        load(xform(TABLE), {name: MEDIA[name] for name in ("towns.xml", "lands.geojson")})
    fault = broken.value.faults[0]
    assert (fault.path, fault.aspect, fault.error.code) == ("/data/city", "type", "missing_file")
    assert fault.error.params == {"file": "cities.csv"}
    assert len(broken.value.faults) == 1


def test_a_missing_file_that_nothing_reads_is_named_too() -> None:
    table = "| survey |\n| | type | name | label |\n| | csv-external | prices | |\n| | text | a | A |"
    _, faults = read(xform(table))
    assert [(fault.path, fault.error.params["file"]) for fault in faults] == [("/data/prices", "prices.csv")]


BAD = [
    ("x.csv", b"name,label\n\xe9,\xe9\n", "not written in UTF-8"),
    ("x.csv", b"", "no line of titles"),
    ("x.csv", b"\n\n", "no line of titles"),
    ("x.csv", b"name,,label\na,b,c\n", "without title, in place 2"),
    ("x.csv", b"name,name\na,b\n", "two columns called name"),
    ("x.csv", b"name,label\na,b\na,b,c\n", "more values than titles in line 3"),
    ("x.csv", b'name,label\n"' + b"a" * 200_000 + b'",b\n', "cannot be read"),
    ("x.csv", ",".join(f"c{number}" for number in range(101)).encode(), "more than 100 columns"),
    ("x.csv", b"name,label\n" + b"a,b\n" * 20_001, "more than 20000 lines"),
    ("x.csv", b"x" * 5_000_001, "at most 5 megabytes"),
    ("x.xml", b"<root><item>", "cannot be read"),
    ("x.xml", b'<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>', "cannot be read"),
    ("x.xml", b"<r>" + b"<a/>" * 200_001 + b"</r>", "more than 200000 values"),
    ("x.geojson", b"[1]", "no GeoJSON collection"),
    ("x.geojson", b'{"features": [1]}', "no GeoJSON collection"),
    ("x.geojson", b"[" * 100_000, "cannot be read"),
    ("x.geojson", b"\xff", "cannot be read"),
    ("x.ods", b"", "no kind that can be read"),
]


@pytest.mark.parametrize(("name", "content", "words"), BAD)
def test_a_file_that_cannot_be_used_is_refused_with_its_reason(name: str, content: bytes, words: str) -> None:
    with pytest.raises(ExpressionError) as error:
        read_list(name, {name: content})
    assert words in str(error.value)
    assert error.value.params["file"] == name


CHOSEN = "| survey |\n| | type | name | label |\n| | select_multiple_from_file x.csv | a | A |"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("code,label\na,A\n", "has no column name"),
        ("name,titre\na,A\n", "has no column label"),
        ("name,label\na,A\n,B\n", "no value in the column name, in line 3"),
        ("name,label\na,A\nb c,B\n", "the value “b c” in line 3"),
    ],
)
def test_a_file_that_cannot_be_chosen_from_says_its_line(content: str, words: str) -> None:
    _, faults = read(xform(CHOSEN), {"x.csv": content.encode()})
    assert [(fault.path, fault.aspect) for fault in faults] == [("/data/a", "type")]
    assert words in str(faults[0].error)


def test_what_only_telephones_can_look_up_is_refused_by_name() -> None:
    table = """
| survey |
| | type | name | label | default | appearance |
| | text | again | Again | ${last-saved#again} | |
| | select_one l | found | Found | | search('people') |
| choices |
| | list_name | name | label |
| | l | code | nom |
"""
    _, faults = read(xform(table))
    found = {fault.path: (fault.aspect, fault.error.code) for fault in faults}
    assert found == {"/data/again": ("default", "last_saved"), "/data/found": ("appearance", "search")}


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["x.csv", "x.xml", "x.geojson"]), st.one_of(st.binary(max_size=300), st.text().map(str.encode)))
def test_any_file_is_read_or_refused(name: str, content: bytes) -> None:
    try:
        tree = read_list(name, {name: content})
    except ExpressionError as error:
        assert error.params["file"] == name
    else:
        assert tree.name == "instance"


@settings(max_examples=100, deadline=None)
@given(st.recursive(st.one_of(st.none(), st.floats(), st.text()), lambda inner: st.lists(inner, max_size=3)))
def test_any_geometry_is_read(coordinates: object) -> None:
    features = {"features": [{"geometry": {"coordinates": coordinates}, "properties": {"id": "a"}}]}
    read_list("x.geojson", {"x.geojson": json.dumps(features).encode()})


def test_the_limits_hold_twenty_thousand_towns() -> None:
    rows = "".join(f"t{number},Town {number},r{number % 90}\n" for number in range(externals.MAX_ROWS))
    table = """
| survey |
| | type | name | label | choice_filter |
| | text | region | Region | |
| | select_one_from_file towns.csv | town | Town | region = ${region} |
"""
    instance = Instance.new(form_of(table, {"towns.csv": f"name,label,region\n{rows}".encode()}), NOW)
    instance.set("/data/region", "r7")
    assert len(instance.choices("/data/town")) == 223
