"""The installation's own authority, with whose key it seals, whom it asks for the time; the style of its house."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from http.client import HTTPException
from pathlib import Path
from urllib.request import Request, urlopen

from documents import seals
from documents.authority import Authority, NoKey
from documents.hardware import Device
from documents.house import HouseStyle
from documents.personal_keys import PersonalKeys
from documents.seals import Seal
from documents.tokens import MOST_BYTES, OuterTimeStamper, Transport
from workflow import clock
from workflow.config import Config

PATIENCE = 20  # seconds: a time-stamping service answers within one

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


def seal(config: Config) -> Seal:
    """With what papers are sealed: the organisation's key where one is set, else our own. Raises NoKey."""
    own = authority(config)
    if config.seal_library:
        return Seal(own, device=Device(config.seal_library, config.seal_token, config.seal_key, config.seal_pin))
    return Seal(own, keys=_keys(config) if config.seal_file else None)


def _keys(config: Config) -> PersonalKeys:
    path = config.seal_file or Path()
    try:
        return _read(path, path.stat().st_mtime_ns, config.seal_password)
    except OSError as fault:
        raise NoKey("missing", "The certificate of the seal cannot be read.") from fault


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int, password: str) -> PersonalKeys:
    """Opened once as long as the file stays as it is."""
    return seals.read(path, password, clock.now())


def certificates(config: Config) -> tuple[tuple[str, datetime], ...] | None:
    """(seal | time | root | organisation, until when it may be used). None where there is no key to seal with."""
    try:
        return seals.certificates(seal(config))
    except NoKey:
        return None


def stamper(config: Config) -> OuterTimeStamper | None:
    """The time-stamping service of the settings; None: our own stamps alone."""
    return OuterTimeStamper(_over(config.tsa_url)) if config.tsa_url else None


def _over(url: str) -> Transport:
    """Asks the service at `url`. Raises OSError when it does not answer."""

    def ask(request: bytes) -> bytes:
        told = {"Content-Type": "application/timestamp-query"}
        try:
            # the settings take addresses of the web alone
            with urlopen(Request(url, data=request, headers=told), timeout=PATIENCE) as answer:  # noqa: S310
                return bytes(answer.read(MOST_BYTES + 1))
        except HTTPException as fault:
            raise OSError(str(type(fault))) from fault

    return ask


def house_style(organisation: str, address: tuple[str, ...] = ()) -> HouseStyle:
    """The house style under an organisation's letterhead."""
    return HouseStyle.load(HOUSE, organisation=organisation, address=address)
