"""Whatever can grow is shown by one kind of list; every other table gives its reason."""

import re

from tests.house.tree import ROOT

TABLE = re.compile(r"<table\b|\bui\.table\(|(?<!macro )\btable\(")
REASONS = ROOT / "docs" / "decisions" / "lists.md"
OF_LISTED = {"listed.html", "macros/lists.html"}


def test_every_table_goes_through_the_lists_or_gives_its_reason() -> None:
    templates = ROOT / "templates"
    drawing = {
        path.relative_to(templates).as_posix()
        for path in templates.rglob("*.html")
        if TABLE.search(path.read_text("utf-8"))
    }
    told = dict(re.findall(r"^\| `([^`]+\.html)` \| (.+) \|$", REASONS.read_text("utf-8"), re.MULTILINE))
    assert drawing - OF_LISTED - set(told) == set(), "show it with workflow/web/listed.py, or say why not in the page"
    assert set(told) - drawing == set(), "these draw no table any more: take them out of the page"
    assert all(len(reason.split()) > 3 for reason in told.values())
