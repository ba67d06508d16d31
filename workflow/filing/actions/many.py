"""Many papers from one model, one after the other: what does not change is read once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from flask import current_app

from documents.house import HouseStyle
from documents.model import Model, load
from documents.seals import Seal
from workflow import clock, storage
from workflow.config import Config
from workflow.filing import queries
from workflow.filing.actions.papers import Stored, entitle, say_ready
from workflow.filing.models import MAKING, Paper
from workflow.filing.rules.certificates import check_new
from workflow.filing.rules.papers import Order, compose_original
from workflow.filing.rules.references import new_reference, paper_id
from workflow.storage import Store


@dataclass(frozen=True)
class Sheaf:
    """Papers alike but for their data. `model` is the order of the first: its text, library and letterhead hold for
    all. They have no working copy: a letter to many is not worked on. Starts Typst: see `documents.pdf`.
    """

    model: Order

    @cached_property
    def _loaded(self) -> Model:
        return load(self.model.text, self.model.library)

    @cached_property
    def _style(self) -> HouseStyle:
        return queries.house_style(self.model.organisation, self.model.address)

    @cached_property
    def _seal(self) -> Seal:
        found = queries.seal(_config())
        check_new(found.ends, clock.now())
        return found

    @cached_property
    def _store(self) -> Store:
        return storage.open_store(_config().storage_url)

    def ready(self) -> None:
        """Raises NoKey and ModelRefused before the first one is begun."""
        _ = self._seal, self._loaded

    def make(self, paper: Paper, order: Order, key: bytes) -> None:
        """Compose, seal, store; say so in a row that is not yet in the database. Raises ModelRefused, NotSet."""
        now = clock.now().replace(microsecond=0)
        rendered, made = compose_original(order, self._loaded, paper.reference, now, self._style)
        entitle(paper, rendered.document.title, rendered.parties)
        sealed = self._seal.sealed(made.pdf, at=now, reason=order.reason, location=order.place)
        say_ready(paper, made, self._put(paper, key, sealed), now)

    def _put(self, paper: Paper, key: bytes, sealed: bytes) -> Stored:
        """Under a name of this attempt's own, so that two that write the same paper do not disturb each other."""
        name = f"papers/{paper.id}/{secrets.token_hex(4)}.pdf"
        self._store.put(name, storage.seal(key, sealed, queries.paper_seal(paper.id, "pdf")))
        return Stored(name, None, sha256(sealed).hexdigest(), len(sealed), None)

    def discard(self, paper: Paper) -> None:
        """What was stored for a row that was not written after all."""
        if paper.pdf_name:
            self._store.delete(paper.pdf_name)


def _config() -> Config:
    config: Config = current_app.config["RELAIS"]
    return config


def new_paper(
    operation: str,
    subject: str,
    version: int,
    *,
    kind: str,
    audience: str,
    lang: str,
) -> Paper:
    """A row like the one `ask` makes, in nobody's hands yet: its reference is known before it is made."""
    return Paper(
        id=paper_id(subject, version, kind, audience, lang),
        operation_id=operation,
        reference=new_reference(secrets.choice),
        subject=subject,
        version=version,
        kind=kind,
        audience=audience,
        lang=lang,
        state=MAKING,
        asked_at=clock.now(),
    )
