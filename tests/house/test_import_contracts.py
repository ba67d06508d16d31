"""Who may import whom: the contracts hold in this tree, and each of them notices the fault it is there for."""

from pathlib import Path

import pytest

from tests.house.contracts import build_house, features, settings, verdicts, write
from tests.house.tree import ROOT

ALL_KEPT = dict.fromkeys(range(1, 11), "KEPT")
FAULTS = {
    1: ("forms.instance", "import workflow.errors"),
    2: ("workflow.circuit.decide", "import sqlalchemy"),
    3: ("workflow.filing.actions", "import pypdf"),
    4: ("workflow.dossiers.actions", "import wtforms"),
    5: ("workflow.dossiers.actions", "import redis"),
    6: ("workflow.people.actions", "import workflow.operations.queries"),
    7: ("workflow.dossiers.queries", "import workflow.dossiers.actions"),
    8: ("workflow.approvals.rules", "import flask"),
    9: ("workflow.reactions", "import workflow.filing.jobs"),
    10: ("forms.definition", "import forms.instance"),
}
SECOND_HALF = {10: ("forms.instance", "import forms.definition")}
MORE_FAULTS = [
    (2, "documents.content", "import workflow.clock"),
    (4, "workflow.catalogue.queries", "import pyxform"),
    (5, "workflow.serve", "import rq"),
    (6, "workflow.helpers", ""),
    (7, "workflow.people.services", ""),
    (8, "workflow.record.rules", "import workflow.clock"),
]


def test_the_ten_contracts_hold_in_this_tree() -> None:
    found, output = verdicts(ROOT)
    assert found == ALL_KEPT, output


def test_every_feature_is_under_the_seventh_contract() -> None:
    feature_files = {"actions", "queries", "models", "rules", "pages"}
    folders = {path.parent for name in feature_files for path in (ROOT / "workflow").glob(f"*/{name}*")}
    assert {folder.name for folder in folders} - {"web", "circuit"} <= set(features())


def test_there_are_ten_contracts_numbered_in_order() -> None:
    numbers = [int(contract["name"].split()[0]) for contract in settings()["contracts"]]
    assert numbers == list(range(1, 11))


def test_a_well_built_house_keeps_all_contracts(tmp_path: Path) -> None:
    build_house(tmp_path)
    found, output = verdicts(tmp_path)
    assert found == ALL_KEPT, output


@pytest.mark.parametrize(("number", "module", "source"), [(number, *fault) for number, fault in FAULTS.items()])
def test_each_contract_alone_notices_its_fault(tmp_path: Path, number: int, module: str, source: str) -> None:
    build_house(tmp_path)
    write(tmp_path, module, f"{source}\n")
    if number in SECOND_HALF:
        write(tmp_path, *SECOND_HALF[number])
    found, output = verdicts(tmp_path)
    assert found == ALL_KEPT | {number: "BROKEN"}, output


@pytest.mark.parametrize(("number", "module", "source"), MORE_FAULTS)
def test_a_contract_notices_the_less_obvious_faults(tmp_path: Path, number: int, module: str, source: str) -> None:
    build_house(tmp_path)
    write(tmp_path, module, f"{source}\n")
    found, output = verdicts(tmp_path)
    assert found.get(number) == "BROKEN", output
