"""A circuit file, read and checked. The rest of the application imports the words of a circuit from here."""

from collections.abc import Iterable

from workflow.circuit.building import Builder
from workflow.circuit.checks import inner
from workflow.circuit.model import (
    AUTHOR,
    Circuit,
    CircuitRefused,
    Escalation,
    Finding,
    Kind,
    OnRefusal,
    Refreshing,
    Rule,
    Stage,
    Step,
    Who,
)
from workflow.circuit.names import against
from workflow.circuit.reading import read

__all__ = [
    "AUTHOR",
    "Circuit",
    "CircuitRefused",
    "Escalation",
    "Finding",
    "Kind",
    "OnRefusal",
    "Refreshing",
    "Rule",
    "Stage",
    "Step",
    "Who",
    "check",
    "load",
]


def load(text: str) -> Circuit:
    """The circuit written in YAML. CircuitRefused carries every error found, with line and column."""
    data, places = read(text)
    builder = Builder(places)
    circuit = builder.circuit(data)
    findings = tuple(builder.findings)
    if circuit is not None and not findings:
        findings = tuple(finding for finding in inner(circuit) if finding.level == "error")
    if circuit is None or findings:
        raise CircuitRefused(findings)
    return circuit


def check(
    circuit: Circuit,
    *,
    form_paths: Iterable[str] | None = None,
    sections: Iterable[str] | None = None,
    roles: Iterable[str] | None = None,
    lenses: Iterable[str] | None = None,
    relations: Iterable[str] | None = None,
    bodies: Iterable[str] | None = None,
    organisations: Iterable[str] | None = None,
) -> tuple[Finding, ...]:
    """All remarks on a readable circuit; what is not handed in (None) is not compared.

    form_paths: absolute XForm paths (/data/A/A14); sections: names of top-level groups; the others: names there are.
    """
    known = {"unknown_path": form_paths, "unknown_section": sections, "unknown_role": roles, "unknown_lens": lenses}
    known |= {"unknown_relation": relations, "unknown_body": bodies, "unknown_organisation": organisations}
    return inner(circuit) + against(circuit, known)
