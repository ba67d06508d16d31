"""The installation's own authority."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from documents.authority import Authority
from documents.renewing import renewed
from workflow import clock
from workflow.config import Config, private_dir


def ensure_authority(config: Config) -> None:
    """Make the installation's own authority at the first start; later starts, and two at once, keep it.

    Raises NoKey when there is one whose keys cannot be read: it is never replaced by itself.
    """
    if not config.authority.exists():
        _make_authority(config)
    Authority.load(config.authority)


def renew_authority(config: Config) -> Authority:
    """New keys for the seal and the time stamps, vouched for by the same root: what was sealed before stays ours.

    Raises NoKey: missing, unreadable, root_ends.
    """
    return renewed(config.authority, name=config.issuer, now=clock.now().replace(microsecond=0))


def _make_authority(config: Config) -> None:
    """Made beside its place and moved there whole: nobody ever sees half of it."""
    beside = Path(tempfile.mkdtemp(prefix=".authority-", dir=private_dir(config.authority.parent)))
    Authority.create(beside / "made", name=config.issuer, now=clock.now())
    try:
        (beside / "made").rename(config.authority)
    except OSError:
        if not config.authority.exists():
            raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)
