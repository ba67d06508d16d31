"""The work in the background: once, whole, and its bytes erased."""

from datetime import timedelta

from flask import Flask
from lxml import html
from sqlalchemy import select

from tests.features.exchange.bringing import BEGIN, Bringing, households, the_run
from tests.features.exchange.files import TITLES, home, xlsx
from workflow import clock, outbox
from workflow.db import db
from workflow.exchange.models import ImportRun


def test_work_done_twice_is_done_once(app: Flask, bringing: Bringing) -> None:
    bringing.bring(xlsx([TITLES, home(1)]))
    count = len(households())
    row = db.session.scalars(select(outbox.Outbox).where(outbox.Outbox.kind == "exchange.import_households")).one()
    row.state = outbox.PENDING
    db.session.commit()
    outbox.drain()
    assert len(households()) == count


def test_a_row_gone_bad_meanwhile_stops_the_whole_file(app: Flask, bringing: Bringing) -> None:
    from workflow.operations.models import Building

    count = len(households())
    bringing.send(xlsx([TITLES, home(1), home(2)])).press("/columns").press("/start")
    building = db.session.scalars(select(Building).where(Building.name == "Drac A")).one()
    building.name, building.slug, building.address = "Autre", "autre", "ailleurs"
    db.session.commit()
    outbox.drain()
    assert (len(households()), the_run().state, the_run().sealed) == (count, "failed", None)


def test_the_page_shows_how_far_the_work_is_and_works_without_a_script(app: Flask, bringing: Bringing) -> None:
    bringing.send(xlsx([TITLES, home(1)])).press("/columns").press("/start")
    tree = html.fromstring(bringing.last.text)
    address = tree.xpath("//@data-poll")[0]
    assert tree.xpath("//main//noscript//a")
    assert "data-done" not in bringing.client.get(address).text
    outbox.drain()
    assert "data-done" in bringing.client.get(address).text


def test_a_file_nobody_goes_on_with_is_erased(app: Flask, bringing: Bringing) -> None:
    bringing.send(xlsx([TITLES, home(1)]))
    run_id = the_run().id
    row = db.session.scalars(select(outbox.Outbox).where(outbox.Outbox.kind == "exchange.forget_file")).one()
    assert row.next_at > clock.now() + timedelta(days=6)
    row.next_at = clock.now() - timedelta(days=1)
    db.session.commit()
    outbox.drain()
    run = db.session.get(ImportRun, run_id, populate_existing=True)
    assert (run.state, run.sealed) == ("dropped", None)
    db.session.rollback()
    assert bringing.client.get(f"{BEGIN}/{run_id}").status_code == 404


def test_a_file_that_is_given_up_is_erased_at_once(app: Flask, bringing: Bringing) -> None:
    bringing.send(xlsx([TITLES, home(1)])).press("/drop")
    assert (the_run().state, the_run().sealed) == ("dropped", None)
