"""Somebody who sets up Mistral brings in a list."""

import pytest

from tests.cast import NADIA
from tests.features.conftest import SignIn
from tests.features.exchange.bringing import Bringing


@pytest.fixture
def bringing(sign_in: SignIn) -> Bringing:
    return Bringing(sign_in(NADIA))
