"""A form under trial and what was typed into it, as they travel in a page: packed and signed, kept nowhere."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import Any

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from workflow.errors import NotFound

LARGEST = 1_500_000  # characters: a page may send two megabytes


@dataclass(frozen=True)
class Draft:
    """`answers` is the instance as XML, `section` the page shown, `seen_as` the lens it is read through (empty for who
    fills it in).
    """

    xml: str
    lists: dict[str, bytes]
    answers: str
    section: str
    lang: str
    name: str
    seen_as: str = ""

    @property
    def token(self) -> str:
        lists = {name: b64encode(content).decode() for name, content in self.lists.items()}
        told = [self.xml, lists, self.answers, self.section, self.lang, self.name, self.seen_as]
        packed = _signer().dumps(told)
        return packed if isinstance(packed, str) else packed.decode()

    @property
    def too_large(self) -> bool:
        return len(self.token) > LARGEST


def opened(token: str) -> Draft:
    """Raises NotFound for what this server did not sign."""
    try:
        xml, lists, *more = _signer().loads(token)
    except BadData as fault:
        raise NotFound() from fault
    return Draft(xml, {name: b64decode(content) for name, content in lists.items()}, *more)


def _signer() -> Any:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="a form under trial")
