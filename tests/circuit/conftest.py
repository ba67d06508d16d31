import pytest

from tests.circuit.rehousing import Dossier


@pytest.fixture
def dossier() -> Dossier:
    return Dossier()
