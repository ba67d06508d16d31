"""A formula names a column that its list does not have; a list in a file has two choices of one name."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from forms.findings import Finding, FormRefused
from forms.xlsform import compile_xlsform

TOWNS = {"towns.csv": b"name;label;region\nva;Valence;d\nly;Lyon;r\n"}
PLACES = {
    "places.geojson": b'{"type": "FeatureCollection", "features": [{"type": "Feature", "id": "p", "geometry": '
    b'{"type": "Point", "coordinates": [4, 45]}, "properties": {"title": "P", "region": "d"}}]}'
}
XML = {"towns.xml": b"<root><item><name>va</name><label>V</label></item><item><name>b</name><zip>1</zip></item></root>"}
LISTS = """
| choices |
| | list_name | name | label::fr | label::en | region |
| | t | va | Valence | Valence | d |
| | t | xx | Autre | Other | |
"""
QUESTION = "| | text | q | Q | | |\n"


def found(rows: str, files: Mapping[str, bytes] = TOWNS, further: str = "") -> list[Finding]:
    source = f"| survey |\n| | type | name | label | calculation | choice_filter |\n{QUESTION}{rows}\n{further}"
    try:
        findings = compile_xlsform(source.encode(), "form.md", None, files).findings
    except FormRefused as refused:
        findings = refused.findings
    return [one for one in findings if one.code not in {"missing_level", "missing_translation", "language_code"}]


def columns(rows: str, files: Mapping[str, bytes] = TOWNS, further: str = "") -> list[str]:
    told = found(rows, files, further)
    assert {one.code for one in told} <= {"list_column"}, told
    return [one.params["column"] for one in told]


def calculated(formula: str) -> str:
    return f"| | csv-external | towns | | | |\n| | calculate | c | | {formula} | |"


@pytest.mark.parametrize(
    ("formula", "missing"),
    [
        ("pulldata('towns', 'label', 'name', ${q})", []),
        ("pulldata('towns', 'nocol', 'name', ${q})", ["nocol"]),
        ("pulldata('towns', 'label', 'nme', ${q})", ["nme"]),
        ("instance('towns')/root/item[region = ${q}]/label", []),
        ("instance('towns')/root/item[./region = ${q}]/label", []),
        ("instance('towns')/root/item[regoin = ${q}]/lable", ["regoin", "lable"]),
        ("instance('towns')/root/item[position() = 1]/name", []),
        ("instance('towns')/root/line/name", ["line"]),
        ("count(instance('towns')/root/item[region = instance('towns')/root/item[nam = ${q}]/region])", ["nam"]),
        ("concat(instance('towns')/root/item[selected(regoin, ${q})]/label, 'a')", ["regoin"]),
        ("count(instance('towns')/root/item[name != ../item/zone])", []),
    ],
)
def test_each_column_that_a_formula_reads_is_looked_for(formula: str, missing: list[str]) -> None:
    assert columns(calculated(formula)) == missing


def test_the_finding_says_where_and_which_columns_there_are() -> None:
    (told,) = found(calculated("pulldata('towns', 'zipcode', 'name', ${q})"))
    assert (told.level, told.sheet, told.row, told.column) == ("refused", "survey", 4, "calculation")
    assert told.hint % told.params == "Its columns are: label, name, region."


def test_a_filter_of_a_list_in_a_file_is_read_too() -> None:
    assert columns("| | select_one_from_file towns.csv | t | T | | region = ${q} |") == []
    (told,) = found("| | select_one_from_file towns.csv | t | T | | regoin = ${q} |")
    assert (told.row, told.column, told.hint % told.params) == (3, "choice_filter", "Did you mean region?")


def test_properties_of_features_are_columns() -> None:
    rows = "| | select_one_from_file places.geojson | t | T | | {} = ${{q}} |"
    assert columns(rows.format("region"), PLACES) == []
    assert columns(rows.format("geometry"), PLACES) == []
    assert columns(rows.format("zone"), PLACES) == ["zone"]


def test_a_column_that_some_items_of_an_xml_list_leave_out_exists() -> None:
    rows = "| | xml-external | towns | | | |\n| | calculate | c | | instance('towns')/root/item[{} = ${{q}}]/label | |"
    assert columns(rows.format("zip"), XML) == []
    assert columns(rows.format("zap"), XML) == ["zap"]


@pytest.mark.parametrize(
    ("column", "missing"), [("region", []), ("name", []), ("label", []), ("list_name", ["list_name"]), ("of", ["of"])]
)
def test_the_choices_sheet_gives_its_columns_whatever_its_languages(column: str, missing: list[str]) -> None:
    rows = f"| | select_one t | t | T | | {column} = ${{q}} |"
    told = [one.params["column"] for one in found(rows, {}, LISTS) if one.code == "list_column"]
    assert told == missing


def test_answers_offered_as_choices_are_no_list() -> None:
    rows = "| | begin repeat | r | R | | |\n| | text | n | N | | |\n| | end repeat | | | | |\n"
    assert columns(f"{rows}| | select_one ${{n}} | s | S | | ${{n}} != ${{q}} |") == []


def test_nothing_is_said_of_the_columns_of_a_list_that_is_not_there() -> None:
    told = found("| | select_one_from_file towns.csv | t | T | | regoin = ${q} |", {})
    assert {one.code for one in told} == {"missing_file", "empty_list"}


# -- two choices of one name --------------------------------------------------------------------------------------

TWICE = {"towns.csv": b'name,label\nva,"Valence,\nDrome"\n\nly,Lyon\nva,Valence\n'}
CHOOSE = "| | select_one_from_file towns.csv | t | T | | |"


def test_two_choices_of_one_name_in_a_file_are_refused_with_their_lines() -> None:
    (told,) = found(CHOOSE, TWICE)
    assert (told.level, told.code, told.row, told.column) == ("refused", "duplicate_choice", 3, "type")
    assert told.params == {"file": "towns.csv", "value": "va", "first": 2, "row": 6}


def test_the_author_may_allow_choices_of_one_name() -> None:
    assert found(CHOOSE, TWICE, "| settings |\n| | allow_choice_duplicates |\n| | yes |\n") == []


def test_a_list_that_nobody_chooses_from_may_have_a_name_twice() -> None:
    assert found(calculated("pulldata('towns', 'label', 'name', ${q})"), TWICE) == []
