"""The sheet of the diagnosis: one model, two readers, two languages."""

import datetime
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from documents import model
from forms.instance import Instance
from forms.visibility import Lens, ViewSection, data, view

Fill = Callable[[Mapping[str, Any]], Instance]
Tell = Callable[[dict[str, Any]], dict[str, Any]]
MODELS = {"fr": "fiche.md", "en": "en/fiche.md"}


def flat(section: ViewSection) -> dict[str, list[Any]]:
    rows = [{"label": row.label, "value": row.value} for row in section.rows]
    tables = [{"caption": t.label, "header": list(t.header), "rows": [list(r) for r in t.rows]} for t in section.tables]
    for group in map(flat, section.groups):
        rows += group["rows"]
        tables += group["tables"]
    return {"rows": rows, "tables": tables, "pictures": []}


def written(folder: Path, handed_in: dict[str, Any], lang: str) -> model.Rendered:
    text = (folder / "documents" / MODELS[lang]).read_text("utf-8")
    return model.render(
        model.load(text),
        handed_in,
        lang=lang,
        reference="MIS-2026-0042",
        date=datetime.date(2026, 11, 23),
        verify_url="https://example.org/v/abc",
        issuer="Ville de Grenoble",
    )


@pytest.fixture
def example(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "documents" / "fiche.example.json").read_text("utf-8"))


@pytest.fixture
def sheet(
    folder: Path,
    example: dict[str, Any],
    people: list[dict[str, Any]],
    told: Tell,
    fill: Fill,
    lens: Callable[[str], Lens],
) -> Callable[[str, str], model.Rendered]:
    """The sheet of the first household of five people, for an audience, in a language."""
    home = next(home for home in people if len(home["members"]) == 5)
    instance = fill(told(home))

    def write(audience: str, lang: str) -> model.Rendered:
        through = lens(audience)
        sections = [{"label": s.label, **flat(s)} for s in view(instance, through, lang).sections]
        handed_in = {
            **example,
            "audience": audience,
            "sections": sections,
            "answers": data(instance, through, lang),
        }
        handed_in["household"] = {"display": home["display"], "address": home["address"]}
        if audience == "commission":
            del handed_in["household"], handed_in["remarks"]
        return written(folder, handed_in, lang)

    return write


@pytest.mark.parametrize("lang", MODELS)
@pytest.mark.parametrize("audience", ["commission", "household"])
def test_the_sheet_is_written_without_remark(
    sheet: Callable[[str, str], model.Rendered], audience: str, lang: str
) -> None:
    assert sheet(audience, lang).findings == ()


@pytest.mark.parametrize("lang", MODELS)
def test_the_example_beside_the_model_is_enough_to_write_it(folder: Path, example: dict[str, Any], lang: str) -> None:
    assert written(folder, example, lang).findings == ()


def test_the_committee_sheet_names_nobody_and_gives_bands(
    sheet: Callable[[str, str], model.Rendered], people: list[dict[str, Any]]
) -> None:
    home = next(home for home in people if len(home["members"]) == 5)
    paper = repr(sheet("commission", "fr").document)
    for secret in (home["dwelling"], home["reference"], home["address"], str(home["rent"]).replace(".", ",")):
        assert secret not in paper
    for member in home["members"]:
        assert f"{member['last']} {member['first']}" not in paper
    assert "Tranche de ressources" in paper


def test_the_household_sheet_opens_with_the_reference_and_the_telephone_of_the_referent(
    sheet: Callable[[str, str], model.Rendered], people: list[dict[str, Any]], example: dict[str, Any]
) -> None:
    home = next(home for home in people if len(home["members"]) == 5)
    document = sheet("household", "fr").document
    opening = repr(document.blocks[0])
    assert example["reference"] in opening
    assert example["referent"]["phone"] in opening
    for member in home["members"]:
        assert f"{member['last']} {member['first']}" in repr(document)
