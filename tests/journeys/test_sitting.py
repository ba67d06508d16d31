"""A sitting of forty dossiers: entered on one page in a few gestures, closed, its list printed to be signed."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests import factories
from tests.cast import FRANCOIS, HELENE, JULIEN, MIREILLE, PATRICE
from tests.journeys.barriers import faults
from tests.journeys.conftest import Arrive
from tests.journeys.papers import text_of
from tests.journeys.serving import Installation
from tests.journeys.visiting import Visitor
from workflow import clock
from workflow.approvals import queries
from workflow.db import db
from workflow.dossiers.models import Dossier
from workflow.filing.models import READY, Paper
from workflow.outbox import DONE, Outbox
from workflow.outbox.running import perform

FORTY, COMMON = 40, 30
THERE = (HELENE, PATRICE, FRANCOIS, MIREILLE, JULIEN)
SITTINGS = "/operations/mistral/bodies/commission-relogement/sittings"
WAITED = 60_000  # milliseconds for forty decisions on a busy machine
WITHDRAWN, APART, SENT_BACK, ADJOURNED = 31, 32, 33, 34  # by their number on the agenda
RESERVED = range(35, FORTY + 1)


@pytest.fixture
def installation(worker_folder: Path, tmp_path: Path) -> Iterator[Installation]:
    """One with forty dossiers before the committee."""
    relais = Installation(worker_folder.parent, tmp_path / "sitting", {}, ("serve",))
    relais.furnish()
    with relais.inside():
        for rank in range(FORTY):
            factories.a_dossier_before_the_committee(rank)
    relais.start()
    yield relais
    relais.stop()


def test_a_sitting_decides_on_forty_dossiers(installation: Installation, arrive: Arrive, tmp_path: Path) -> None:
    bruno = arrive(installation, "Bruno Castel", accept_downloads=True)
    barriers: list[str] = []
    sitting = he_opens_it_with_every_dossier(bruno, barriers)
    he_ticks_who_is_there(bruno, sitting, barriers)
    he_enters_thirty_in_one_gesture(bruno, sitting, barriers)
    he_enters_three_by_themselves(bruno, sitting, barriers)
    he_enters_the_others_line_by_line(bruno, sitting)
    he_takes_one_back_and_enters_it_again(bruno, sitting)
    he_closes_it(bruno, sitting)
    everything_is_as_it_was_said(installation)
    the_list_is_printed(bruno, sitting, tmp_path, installation, barriers)
    helene_reads_it_but_enters_nothing(arrive(installation, "Hélène Vasseur"), sitting)
    assert not barriers, "\n".join(barriers)


def he_opens_it_with_every_dossier(bruno: Visitor, barriers: list[str]) -> str:
    bruno.goes_to("/waiting")
    bruno.page.locator(f"main a[href='{SITTINGS}']").click()
    bruno.page.locator(f"main a[href='{SITTINGS}/new']").first.click()
    bruno.page.fill("#held_on", clock.today().isoformat())
    bruno.page.fill("#begins", "14 h 30")
    _send(bruno.page.locator("main form[method=post]"))
    bruno.page.wait_for_url("**/agenda", timeout=WAITED)
    barriers += faults(bruno.page)
    bruno.page.locator("main a[href*='tick=all']").click()
    expect(bruno.page.locator("input[name=pick]:checked")).to_have_count(FORTY)
    bruno.page.select_option("#order", "reference")
    _send(bruno.page.locator("#picks"))
    _is_told(bruno)
    return bruno.path


def he_ticks_who_is_there(bruno: Visitor, sitting: str, barriers: list[str]) -> None:
    bruno.goes_to(f"{sitting}/attendance")
    for person in THERE:
        bruno.page.locator(f"input[name=there][value$=':{person}']").press("Space")
    bruno.page.fill("#guests", "Rose Amblard, CCAS")
    barriers += faults(bruno.page)
    _send(bruno.page.locator("#attendance"))
    _is_told(bruno)


def he_enters_thirty_in_one_gesture(bruno: Visitor, sitting: str, barriers: list[str]) -> None:
    """Everything ticked by one link, the last ten unticked with the space bar, one position for all."""
    bruno.page.locator("main a[href*='tick=all']").click()
    for number in range(COMMON + 1, FORTY + 1):
        bruno.page.locator(f"#tick-{number}").press("Space")
    bruno.page.select_option("#common", "favourable")
    barriers += faults(bruno.page)
    bruno.page.locator("#common_words").press("Enter", no_wait_after=True)
    expect(bruno.page.locator("table.list tbody tr")).to_have_count(COMMON, timeout=WAITED)
    barriers += faults(bruno.page)
    _send(bruno.page.locator(f"form[action='{sitting}/enter']"))
    _is_told(bruno)
    expect(bruno.page.locator(f"form[action='{sitting}/take-back']")).to_have_count(COMMON)


def he_enters_three_by_themselves(bruno: Visitor, sitting: str, barriers: list[str]) -> None:
    """Who withdraws; who thinks otherwise; what is sent back. Each leads on to the next."""
    page = bruno.page
    _line(page, WITHDRAWN).locator("a[href*='/dossiers/']").click()
    barriers += faults(page)
    for seat in _seats(page):
        if "Patrice Odier" in seat.locator("legend").inner_text():
            seat.locator("summary").press("Enter")
            seat.locator("input[name^=withdrawn-]").press("Space")
            seat.locator("input[name^=why-]").fill("Un proche de ce ménage travaille avec moi.")
        else:
            seat.locator("input[value=favourable]").press("Space")
    _next(page)
    for seat, position in zip(_seats(page), ("favourable", "favourable", "unfavourable", "favourable"), strict=False):
        seat.locator(f"input[value={position}]").press("Space")
        if position == "unfavourable":
            seat.locator("input[name^=reason-]").fill("Trop loin de l’école.")
    _next(page)
    page.locator("#said-send_back").press("Space")
    page.locator("#section-J").press("Space")
    page.fill("#words", "Préciser le secteur souhaité.")
    _next(page)
    bruno.goes_to(sitting)


def he_enters_the_others_line_by_line(bruno: Visitor, sitting: str) -> None:
    page = bruno.page
    page.select_option(f"select[name=choice-{ADJOURNED}]", "adjourn")
    for number in RESERVED:
        page.select_option(f"select[name=choice-{number}]", "reserved")
        page.fill(f"input[name=words-{number}]", "Rez-de-chaussée souhaité.")
    page.locator(f"input[name=words-{FORTY}]").press("Enter", no_wait_after=True)
    expect(page.locator("table.list tbody tr")).to_have_count(1 + len(RESERVED), timeout=WAITED)
    _send(page.locator(f"form[action='{sitting}/enter']"))
    _is_told(bruno)
    assert page.locator("input[name=tick]").count() == 0, "nothing is left to be decided"


def he_takes_one_back_and_enters_it_again(bruno: Visitor, sitting: str) -> None:
    page = bruno.page
    page.locator("button[form=back-1]").click()
    _is_told(bruno)
    page.select_option("select[name=choice-1]", "favourable")
    page.locator("#common_words").press("Enter")
    _send(page.locator(f"form[action='{sitting}/enter']"))
    _is_told(bruno)


def he_closes_it(bruno: Visitor, sitting: str) -> None:
    bruno.page.locator(f"main a[href='{sitting}/close']").first.click()
    _send(bruno.page.locator("form.confirm"))
    _is_told(bruno)


def everything_is_as_it_was_said(installation: Installation) -> None:
    with installation.inside():
        states = [queries.standing(row.subject).state for row in db.session.query(Dossier)]
    assert Counter(state.phase for state in states) == {"approved": FORTY - 2, "open": 2}
    [sent_back] = [state for state in states if state.correction]
    assert sent_back.correction is not None and sent_back.correction.sections == ("J",)
    heard = Counter(len(state.votes_at("validation")) for state in states)
    assert heard[len(THERE)] >= COMMON, "each of those who are there is heard, though fewer were enough"


def the_list_is_printed(
    bruno: Visitor, sitting: str, folder: Path, installation: Installation, barriers: list[str]
) -> None:
    with ThreadPoolExecutor(1) as beside:  # what drives the browser leaves no room for sealing in its own thread
        beside.submit(the_list_is_written, installation).result()
    bruno.goes_to(f"{sitting}/sheet")
    barriers += faults(bruno.page)
    expect(bruno.page.locator("table.list").first.locator("tbody tr")).to_have_count(FORTY)
    kept = folder / "list.pdf"
    bruno.downloads(bruno.page.locator("a[href$='.pdf']").first).save_as(kept)
    told = text_of(kept)
    assert told.count("MIS-") >= FORTY and "Rose Amblard" in told and "Hélène Vasseur" in told
    assert "l’école" in told, "a reason stands on it"
    assert "Famille" not in told, "the committee reads no names, nor does its paper"


def the_list_is_written(installation: Installation) -> None:
    """Ahead of the papers of all those dossiers, which the worker goes on writing; or it took these jobs already."""
    end = time.monotonic() + WAITED / 1000
    while time.monotonic() < end:
        with installation.inside():
            asked = db.session.query(Outbox.id, Outbox.state).filter(Outbox.kind.like("approvals.%sitting_sheet"))
            left = [row_id for row_id, state in asked if state != DONE]
            made = db.session.query(Paper).filter_by(kind="seance", state=READY).count()
            db.session.rollback()
            if made:
                return
            for row_id in left:
                perform(row_id)
        time.sleep(0.2)
    raise AssertionError(f"the list was not written\n{installation.told()}")


def helene_reads_it_but_enters_nothing(helene: Visitor, sitting: str) -> None:
    assert helene.goes_to(f"{sitting}/sheet") == 200
    assert helene.goes_to(f"{sitting}/close") == 404


def _send(form: Locator) -> None:
    form.locator("button[type=submit]").last.click(no_wait_after=True)


def _is_told(bruno: Visitor) -> None:
    expect(bruno.page.locator("main > .notice-done")).to_be_visible(timeout=WAITED)


def _next(page: Page) -> None:
    here = page.url
    page.locator("button[name=next]").click(no_wait_after=True)
    page.wait_for_url(lambda url: url != here, timeout=WAITED)


def _line(page: Page, number: int) -> Locator:
    return page.locator("tr", has=page.locator(f"#tick-{number}"))


def _seats(page: Page) -> list[Locator]:
    return page.locator("fieldset.chair", has=page.locator("input[name=seat]")).all()
