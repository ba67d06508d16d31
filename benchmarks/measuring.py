"""Figures of a run: medians and percentiles, a small table, the same as JSON."""

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One line of a table: what was measured, here and at the peer of the same run, in the same unit."""

    what: str
    value: float
    unit: str
    peer: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the peer's figure; None without a peer, or when the peer measured nothing."""
        return self.value / self.peer if self.peer else None


def percentile(seconds: Sequence[float], percent: int) -> float:
    """Nearest rank: the smallest measure that `percent` of all do not exceed. Seconds in, seconds out."""
    ordered = sorted(seconds)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def cpu_seconds(pid: int) -> float:
    """Processor time a server and its workers have used so far (Linux): others at work change it little."""
    tick = os.sysconf("SC_CLK_TCK")
    return sum(sum(used) for parent, own, used in _processes() if pid in (parent, own)) / tick


def _processes() -> Iterator[tuple[int, int, tuple[int, int]]]:
    """(parent, process, (ticks of its own, ticks in the system)) of every process."""
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = file.read_text().rpartition(") ")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        yield int(words[1]), int(file.parent.name), (int(words[11]), int(words[12]))


def around() -> str:
    """How busy the machine is with other things: figures taken then are worth less."""
    return f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before the run"


def show(title: str, figures: Sequence[Figure], notes: Sequence[str] = (), *, as_json: bool = False) -> None:
    """Print a table for people, or one JSON document."""
    if as_json:
        lines = [asdict(figure) | {"ratio": figure.ratio} for figure in figures]
        print(json.dumps({"title": title, "figures": lines, "notes": list(notes)}, ensure_ascii=False, indent=1))
        return
    wide = max(len(figure.what) for figure in figures)
    print(f"\n{title}\n{'':{wide}}  {'value':>9}  {'unit':<5}  {'peer':>9}  {'ratio':>7}")
    for figure in figures:
        peer = f"{figure.peer:9.1f}" if figure.peer is not None else f"{'-':>9}"
        ratio = f"{figure.ratio:6.2f}x" if figure.ratio is not None else f"{'-':>7}"
        print(f"{figure.what:{wide}}  {figure.value:9.1f}  {figure.unit:<5}  {peer}  {ratio}")
    for note in notes:
        print(f"  {note}")
