"""Papers written outside a procedure: what a person types, and the words that come out."""

import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from lxml import html

from documents.front_matter import Ask
from tests.cast import BRUNO
from workflow import clock, outbox
from workflow.db import db

DAY = date(2026, 12, 14)
WORDS = {"text": "selon ce qui a été convenu", "number": "12", "date": DAY.isoformat()}


def typed(asks: tuple[Ask, ...], **more: str) -> dict[str, str]:
    """An answer to each question, and the date of the paper, as one types them."""
    told = {f"asked_{ask.name}": ask.choices[0] if ask.choices else WORDS[ask.type] for ask in asks}
    told["day"] = today()
    return told | {f"asked_{name}": value for name, value in more.items()}


def words_of(pdf: bytes) -> str:
    """All that a PDF says, with plain spaces."""
    said = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True).stdout
    return " ".join(said.decode().replace("\u202f", " ").replace("\u00a0", " ").split())


def page_words(page: Any) -> str:
    tree = html.fromstring(page.text)
    for unread in tree.xpath("//script|//style|//noscript|//aside[contains(@class, 'help-beside')]"):
        unread.drop_tree()
    return " ".join(tree.text_content().split())


def today() -> str:
    """As a browser sends it."""
    return clock.today().isoformat()


def days_from_now(count: int) -> str:
    return (clock.today() + timedelta(days=count)).isoformat()


@pytest.fixture
def worked() -> Callable[[], None]:
    """Let the jobs that wait be done."""

    def work() -> None:
        db.session.commit()
        outbox.drain()

    return work


@pytest.fixture
def bruno(sign_in):
    """The desk officer who writes."""
    return sign_in(BRUNO)
