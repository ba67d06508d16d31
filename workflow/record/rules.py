"""How the record is written: canonical bytes, and the hash that chains them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

DOMAIN = b"relais:record:1\n"
GENESIS = "0" * 64


def canonical(body: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no spare spaces: stored as written, hashed as stored, never serialised again."""
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def link(seq: int, previous: str, body: str) -> str:
    """The hash of one row: SHA-256 over domain tag, number, hash of the row before, stored bytes."""
    return sha256(DOMAIN + f"{seq}\n{previous}\n".encode() + body.encode()).hexdigest()


@dataclass(frozen=True)
class Row:
    """What verification reads of a row of the record."""

    seq: int
    previous: str
    hash: str
    body: str
    subject: str
    version: int
    kind: str


@dataclass(frozen=True)
class Fault:
    """The first row that does not hold, and why: gap | link | hash | columns | head."""

    chain: str
    seq: int
    reason: str


def first_fault(chain: str, rows: Iterable[Row], head_seq: int, head_hash: str) -> Fault | None:
    """Walk a chain from its first row. None when every row is where and what it was when written."""
    seq, previous = 0, GENESIS
    for row in rows:
        seq += 1
        if row.seq != seq:
            return Fault(chain, seq, "gap")
        if row.previous != previous:
            return Fault(chain, seq, "link")
        if link(seq, previous, row.body) != row.hash:
            return Fault(chain, seq, "hash")
        told = json.loads(row.body)
        if (told["seq"], told["subject"], told["version"], told["kind"]) != (seq, row.subject, row.version, row.kind):
            return Fault(chain, seq, "columns")
        previous = row.hash
    if (seq, previous) != (head_seq, head_hash):
        return Fault(chain, max(seq, head_seq), "head")
    return None
