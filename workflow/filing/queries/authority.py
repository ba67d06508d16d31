"""The installation's own authority, and the style of its house."""

from __future__ import annotations

from pathlib import Path

from documents.authority import Authority, NoKey
from documents.house import HouseStyle
from workflow.config import Config

HOUSE = Path(__file__).resolve().parents[3] / "templates" / "house-style"


def authority(config: Config) -> Authority:
    """The installation's own authority. Raises NoKey when its keys are missing or unreadable."""
    return Authority.load(config.authority)


def trust_roots(config: Config) -> tuple[bytes, ...]:
    """What a verification here trusts; nothing when there is no authority."""
    try:
        return authority(config).trust_roots
    except NoKey:
        return ()


def house_style(organisation: str, address: tuple[str, ...] = ()) -> HouseStyle:
    """The house style under an organisation's letterhead."""
    return HouseStyle.load(HOUSE, organisation=organisation, address=address)
