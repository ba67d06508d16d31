"""A printed page is read days later: what was said of "three days ago" on the screen is not on the paper."""

from datetime import UTC, datetime, timedelta

from lxml import html

from tests import factories as made
from tests.cast import CLAIRE
from workflow import clock


def printed(page: str) -> str:
    """What paper shows of a page: the style for printing hides `.screen-only`."""
    tree = html.fromstring(page)
    for hidden in tree.xpath("//*[contains(concat(' ', @class, ' '), ' screen-only ')]"):
        hidden.drop_tree()
    return " ".join(tree.text_content().split())


def test_a_printed_dossier_says_when_and_never_how_long_ago(desk, monkeypatch):
    row = made.a_dossier_before_the_committee()
    later = datetime.now(UTC) + timedelta(days=40)
    monkeypatch.setattr(clock, "now", lambda: later)
    claire = desk(CLAIRE, row).get()
    stage = html.fromstring(claire.last.text).xpath("//li[@aria-current]//time")[0]
    assert "(en retard de " in stage.text_content()
    assert "(il y a " in html.fromstring(claire.last.text).xpath("//ol[@class='timeline']")[0].text_content()
    assert "il y a" not in printed(claire.last.text)
    assert "en retard de" not in printed(claire.last.text)
    assert stage.text in printed(claire.last.text)


def test_an_hour_is_readable_by_programs_too(desk):
    claire = desk(CLAIRE, made.a_dossier_before_the_committee()).get()
    instants = html.fromstring(claire.last.text).xpath("//ol[@class='timeline']//time/@datetime")
    assert instants
    assert all(datetime.fromisoformat(instant).tzinfo for instant in instants)
