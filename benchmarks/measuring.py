"""Figures of a run: medians and percentiles, a small table, the same as JSON."""

import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass


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


def median_ms(work: Callable[[], object], times: int = 20) -> float:
    """Milliseconds of `work`: the median of `times` calls, after one that is not counted."""
    work()
    return 1000 * statistics.median(timed(work) for _ in range(times))


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


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
