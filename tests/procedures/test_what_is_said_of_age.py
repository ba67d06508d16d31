"""What procedures say of answers that grow old names pages, rules and procedures that there are."""

from pathlib import Path

import pytest
import yaml

from forms.definition import load
from forms.xlsform import compile_xlsform

LIBRARY = Path(__file__).resolve().parents[2] / "templates" / "procedures"
SAYING = [
    folder
    for folder in sorted(LIBRARY.iterdir())
    if {"validity", "refresh_on"} & yaml.safe_load((folder / "procedure.yaml").read_text("utf-8")).keys()
]


def settings(slug: str) -> dict:
    return yaml.safe_load((LIBRARY / slug / "procedure.yaml").read_text("utf-8"))


def pages(slug: str) -> set[str]:
    source = LIBRARY / slug / settings(slug)["form"]
    form = load(compile_xlsform(source.read_bytes(), source.name).xml)
    return {section.name for section in form.sections}


@pytest.mark.parametrize("slug", [folder.name for folder in SAYING])
def test_pages_that_grow_old_are_pages_of_the_form(slug: str) -> None:
    told, known = settings(slug), pages(slug)
    named = {page for trigger in told.get("refresh_on", {}).values() for page in trigger["sections"]}
    assert named | set(told.get("validity", {})) <= known


def test_a_procedure_that_needs_another_one_names_its_pages() -> None:
    asked = [one for folder in LIBRARY.iterdir() for one in settings(folder.name).get("requires", ())]
    assert asked
    for one in asked:
        fresh = one.get("fresh", {})
        assert fresh is True or set(fresh) <= pages(one["procedure"])
