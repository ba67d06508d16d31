"""The user guide: its links lead somewhere, its pictures are there and light."""

import re

from tests.house.tree import ROOT

GUIDE = ROOT / "docs" / "guide"
LINK = re.compile(r"""\]\(([^)#\s]+)\)|<img src="([^"]+)\"""")
HEAVIEST = 200_000  # bytes of a picture


def links() -> dict[str, list[str]]:
    """{page: what it links to or shows}."""
    return {
        page.name: [one or other for one, other in LINK.findall(page.read_text("utf-8"))] for page in GUIDE.glob("*.md")
    }


def test_every_link_of_the_guide_leads_somewhere() -> None:
    assert [(page, link) for page, found in links().items() for link in found if not (GUIDE / link).exists()] == []


def test_every_page_and_every_picture_of_the_guide_is_used() -> None:
    used = {(GUIDE / link).resolve() for found in links().values() for link in found}
    kept = {*GUIDE.glob("*.md"), *(GUIDE / "pictures").iterdir()} - {GUIDE / "README.md"}
    assert sorted(path.name for path in kept - used) == []


def test_the_pictures_of_the_guide_are_light() -> None:
    assert [path.name for path in (GUIDE / "pictures").iterdir() if path.stat().st_size > HEAVIEST] == []
