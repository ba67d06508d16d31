"""New keys for the seal and the time stamps of the own authority, before the former ones stop signing.

The root stays, and whoever has it judges what former keys sealed: their certificates are inside the files. The former
keys are set aside under the day on which they were replaced.
"""

from __future__ import annotations

import datetime
from pathlib import Path

from documents import certificates
from documents.authority import Authority, NoKey, write_part
from documents.certificates import KEY_LIFE

_PARTS = ("seal", "tsa")


def renewed(directory: Path, *, name: str, now: datetime.datetime) -> Authority:
    """The authority in `directory`, with new keys. Raises NoKey: missing, unreadable; root_ends when the root itself
    would end before the new keys.
    """
    own = Authority.load(directory)
    root_ends = own.root.certificate.not_valid_after_utc
    if root_ends < now + KEY_LIFE:
        msgid = "The root certificate ends on %(date)s: it is too late for new keys. A new installation is needed."
        raise NoKey("root_ends", msgid, date=root_ends.date().isoformat())
    made = {
        "seal": certificates.new_seal(own.root, name, now),
        "tsa": certificates.new_time_stamper(own.root, name, now),
    }
    for part in _PARTS:
        beside = directory / f"{part}.new.pem"
        beside.unlink(missing_ok=True)
        write_part(beside, made[part])
        write_part(directory / f"{part}-{now:%Y%m%d-%H%M%S}.pem", getattr(own, part))
        beside.replace(directory / f"{part}.pem")
    return Authority.load(directory)
