"""Who stands in for whom on a day, for a kind of procedure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Absence:
    """`person` is away from the first to the last day, both included; procedures: slugs, empty meaning every one."""

    person: str
    substitute: str
    first_day: date
    last_day: date
    procedures: frozenset[str] = frozenset()

    def covers(self, day: date, procedure: str | None) -> bool:
        return self.first_day <= day <= self.last_day and (not self.procedures or procedure in self.procedures)


def substitutes(absences: Iterable[Absence], day: date, procedure: str | None = None) -> dict[str, frozenset[str]]:
    """Absent person → who stands in on that local day. A substitute's own absence passes nothing further on."""
    found: dict[str, frozenset[str]] = {}
    for absence in absences:
        if absence.covers(day, procedure):
            found[absence.person] = found.get(absence.person, frozenset()) | {absence.substitute}
    return found
