"""What a page of a form was shown with, as one word that travels with it: nobody can guess an answer from it."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from flask import current_app

from forms.instance import Instance
from forms.merging import Seen, recalled, remembered
from forms.visibility import Lens
from workflow.dossiers.models import AnswerSet

PARTLY = "."
"""Begins the word of a page that shows something else than the answers say: somebody else wrote meanwhile."""
_MARK = 16  # letters of the mark of a section


def page_key(stored: AnswerSet) -> bytes:
    secret = current_app.config["RELAIS"].secret_key.encode()
    return hmac.new(secret, f"page:{stored.dossier_id}".encode(), "sha256").digest()


def word_of(
    stored: AnswerSet, instance: Instance, section: str, lens: Lens, shown: Mapping[str, str] | None = None
) -> str:
    """`shown`: where the page still shows something else than the answers say."""
    group = next(one for one in instance.form.sections if one.name == section)
    mark = "" if shown else _mark(stored, section)
    return f"{mark}{PARTLY}{remembered(instance, group.path, lens, page_key(stored), shown)}"


def untouched(stored: AnswerSet, section: str, word: str) -> bool:
    """Whether nobody has changed this section since the page was shown."""
    mark = word.partition(PARTLY)[0]
    return bool(mark) and hmac.compare_digest(mark.encode(), _mark(stored, section).encode())


def seen_with(stored: AnswerSet, word: str) -> Seen:
    return recalled(page_key(stored), word.partition(PARTLY)[2])


def _mark(stored: AnswerSet, section: str) -> str:
    return (stored.marks or {}).get(section, "")[:_MARK]
