"""A decided dossier, with its papers still to be made or just made."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests import factories
from workflow import outbox
from workflow.db import db
from workflow.filing import queries
from workflow.filing.models import Paper

Papers = dict[str, Paper]


@pytest.fixture
def decided(app: Flask) -> str:
    """The subject of a dossier that was just approved: its papers wait to be made."""
    subject = factories.a_validated_dossier().subject
    db.session.rollback()
    return subject


@pytest.fixture
def papers(decided: str) -> Papers:
    """The papers of that dossier by audience, made and sealed."""
    outbox.drain()
    return {paper.audience: paper for paper in queries.papers(decided)}


@pytest.fixture
def pdf(papers: Papers) -> bytes:
    """The sealed paper of the committee."""
    return queries.bytes_of(papers["commission"], "pdf")


@pytest.fixture
def said_by(tmp_path: Path) -> Callable[..., str]:
    """What a program prints about a file: `said_by("pdftotext", data)`, the file being its last argument."""

    def say(command: str, data: bytes, *after: str) -> str:
        file = tmp_path / "paper.pdf"
        file.write_bytes(data)
        ran = subprocess.run([*command.split(), file, *after], capture_output=True, check=False, timeout=30)
        return ran.stdout.decode() + ran.stderr.decode()

    return say
