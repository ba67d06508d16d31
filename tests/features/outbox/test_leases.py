"""Whether the process that holds a lease still exists."""

import os
import subprocess
import sys

from workflow.outbox.leases import gone, holder

SAY = "from workflow.outbox.leases import holder; print(holder(), flush=True); input()"


def test_a_living_process_holds_its_lease() -> None:
    assert not gone(holder())


def test_the_lease_of_a_killed_process_is_known_to_be_free() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SAY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        name = process.stdout.readline().strip()
        assert not gone(name)
        process.kill()
        process.wait()
        assert gone(name)


def test_a_process_number_used_again_is_another_process() -> None:
    place, pid, started = holder().split(":")
    assert pid == str(os.getpid())
    assert gone(f"{place}:{pid}:{int(started) - 1}")


def test_nothing_is_said_of_processes_on_other_machines() -> None:
    _place, pid, started = holder().split(":")
    assert not gone(f"another machine:{pid}:{started}")
    assert not gone(None)
    assert not gone("")
