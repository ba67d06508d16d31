"""Jobs: each effect once, whatever dies, fails or is repeated on the way."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from workflow import outbox
from workflow.db import database_now, db, new_id, own_transaction
from workflow.mail import KEPT, Mail
from workflow.outbox import running
from workflow.outbox.retrying import RETRIES
from workflow.outbox.row import DONE, FAILED, PENDING, RUNNING, Outbox
from workflow.outbox.running import LEASE, Lease

Work = Callable[[Lease], None]


@pytest.fixture
def does() -> Iterator[Callable[[Work], None]]:
    """Say what jobs of the kind "test.job" do."""

    def register(work: Work) -> None:
        outbox.handle("test.job", work)

    register(writes_one_mail)
    yield register
    running._handlers.pop("test.job", None)


def writes_one_mail(lease: Lease) -> None:
    """An effect that can be counted."""
    with lease.finish():
        db.session.add(
            Mail(
                id=new_id(),
                key=new_id(),
                to=lease.subject,
                subject="An effect",
                body=f"{lease.fence}",
                lang="fr",
                state=KEPT,
                made_at=database_now(db.session),
            )
        )


def a_job(subject: str = "test:1") -> str:
    row_id = outbox.add("test.job", subject=subject, key=f"test.job:{subject}").id
    db.session.commit()
    db.session.info.clear()
    return row_id


def row_of(row_id: str) -> Outbox:
    """As it is in the database now; no transaction stays open."""
    with own_transaction(read_only=True) as session:
        return session.get_one(Outbox, row_id)


def change(row_id: str, **values: object) -> None:
    with own_transaction() as session:
        session.execute(update(Outbox).where(Outbox.id == row_id).values(**values))


def now() -> datetime:
    with own_transaction(read_only=True) as session:
        return database_now(session)


def effects(subject: str = "test:1") -> int:
    with own_transaction(read_only=True) as session:
        return session.query(Mail).filter_by(to=subject).count()


def die_holding(row_id: str, holder: str = "elsewhere:1:1", ago: timedelta = LEASE * 2) -> None:
    """As if a worker had claimed the row so long ago and was never heard of again."""
    lease = running._claim(row_id)
    assert lease is not None
    change(row_id, lease_by=holder, lease_until=now() - ago + LEASE)


def test_a_job_leaves_its_effect_and_is_done(app: Flask, does: Callable) -> None:
    row_id = a_job()
    outbox.run(row_id)
    assert (row_of(row_id).state, effects()) == (DONE, 1)


def test_the_same_key_is_one_job(app: Flask, does: Callable) -> None:
    assert a_job() == a_job()


def test_a_job_called_again_and_again_is_done_once(app: Flask, does: Callable) -> None:
    row_id = a_job()
    for _ in range(3):
        outbox.run(row_id)
    assert effects() == 1


def test_a_job_called_by_three_workers_at_once_is_done_once(app: Flask, does: Callable) -> None:
    row_id = a_job()
    start = threading.Barrier(3)

    def one_worker() -> None:
        with app.app_context():
            start.wait()
            outbox.run(row_id)

    workers = [threading.Thread(target=one_worker) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (row_of(row_id).state, effects()) == (DONE, 1)


def test_a_job_that_only_looked_is_done_too(app: Flask, does: Callable) -> None:
    does(lambda lease: None)
    row_id = a_job()
    outbox.run(row_id)
    assert row_of(row_id).state == DONE


def test_a_failure_is_tried_again_later_and_keeps_no_words(app: Flask, does: Callable) -> None:
    def fails(lease: Lease) -> None:
        raise ValueError("Famille Besson")

    does(fails)
    row_id = a_job()
    outbox.run(row_id)
    row = row_of(row_id)
    assert (row.state, row.attempts, row.last_error) == (PENDING, 1, "ValueError")
    assert timedelta(seconds=30) < row.next_at - now() <= RETRIES[0]
    outbox.run(row_id)
    assert row_of(row_id).attempts == 1, "not before its time"


def test_what_a_failed_job_wrote_before_the_failure_is_not_kept(app: Flask, does: Callable) -> None:
    def half(lease: Lease) -> None:
        with lease.finish():
            outbox.add("test.job", subject="test:child", key="test.job:child")
            raise OSError

    does(half)
    row_id = a_job()
    outbox.run(row_id)
    assert row_of(row_id).state == PENDING
    assert db.session.query(Outbox).filter_by(key="test.job:child").count() == 0


def test_after_the_last_attempt_somebody_is_asked_and_may_run_it_again(app: Flask, does: Callable) -> None:
    def fails(lease: Lease) -> None:
        raise OSError

    does(fails)
    row_id = a_job()
    for _ in range(len(RETRIES) + 1):
        change(row_id, next_at=now())
        outbox.run(row_id)
    assert row_of(row_id).state == FAILED
    does(writes_one_mail)
    assert outbox.run_again(row_id)
    db.session.commit()
    outbox.run(row_id)
    assert (row_of(row_id).state, effects()) == (DONE, 1)
    assert not outbox.run_again(row_id), "what is done is not done again"


def test_a_job_nobody_knows_fails_visibly(app: Flask) -> None:
    row_id = outbox.add("test.unknown", subject="test:1", key="test.unknown:1").id
    db.session.commit()
    outbox.run(row_id)
    assert row_of(row_id).last_error == "KeyError"


def test_an_order_to_stop_goes_on_its_way_and_the_job_is_taken_up_again(app: Flask, does: Callable) -> None:
    def is_stopped(lease: Lease) -> None:
        raise SystemExit

    does(is_stopped)
    row_id = a_job()
    with pytest.raises(SystemExit):
        outbox.run(row_id)
    assert row_of(row_id).state == PENDING


def test_the_lease_of_a_dead_worker_is_given_back_and_the_work_done_once(app: Flask, does: Callable) -> None:
    row_id = a_job()
    die_holding(row_id)
    outbox.drain()
    row = row_of(row_id)
    assert (row.state, row.fence, effects()) == (DONE, 2, 1)


def test_a_lease_that_still_runs_is_left_alone(app: Flask, does: Callable) -> None:
    row_id = a_job()
    die_holding(row_id, ago=timedelta(0))
    assert outbox.reap() == []
    assert row_of(row_id).state == RUNNING


def test_a_job_that_kills_its_worker_again_and_again_ends_with_a_person(app: Flask, does: Callable) -> None:
    row_id = a_job()
    for death in range(1, len(RETRIES) + 2):
        change(row_id, next_at=now())
        die_holding(row_id)
        outbox.reap()
        row = row_of(row_id)
        assert row.last_error == "WorkerDied"
        if death == 1:
            assert row.next_at <= now(), "once is an accident"
    assert row.state == FAILED


def test_a_late_worker_writes_nothing_once_another_took_over(app: Flask, does: Callable) -> None:
    row_id = a_job()

    def is_overtaken(lease: Lease) -> None:
        change(row_id, lease_until=now() - timedelta(seconds=1))
        does(writes_one_mail)
        with app.app_context():
            outbox.drain()
        writes_one_mail(lease)

    does(is_overtaken)
    outbox.run(row_id)
    assert (row_of(row_id).state, effects()) == (DONE, 1)
    assert db.session.query(Mail).filter_by(to="test:1").one().body == "2"


def test_a_job_that_follows_from_another_is_called_at_once(app: Flask, does: Callable) -> None:
    def asks_for_more(lease: Lease) -> None:
        with lease.finish():
            outbox.add("test.job", subject="test:child", key="test.job:child")

    does(asks_for_more)
    [follows] = running.perform(a_job())
    assert row_of(follows).subject == "test:child"


def test_a_job_asked_for_later_waits(app: Flask, does: Callable) -> None:
    outbox.add("test.job", subject="test:1", key="test.job:later", after=timedelta(hours=1))
    db.session.commit()
    outbox.drain()
    assert effects() == 0
