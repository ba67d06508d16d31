"""Where bytes lie, and how they are kept from reading eyes.

Two things: a store of immutable files (folder, S3 or compatible, by obstore), and authenticated encryption
(AES-256-GCM, NIST SP 800-38D) of what is personal, under a key of its own per subject, wrapped by the master key.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import obstore
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from obstore.exceptions import AlreadyExistsError
from obstore.store import LocalStore, ObjectStore, from_url

NONCE = 12  # bytes, the length GCM is specified for


def new_key() -> bytes:
    return AESGCM.generate_key(bit_length=256)


def seal(key: bytes, plain: bytes, bound_to: str) -> bytes:
    """nonce + ciphertext + tag. `bound_to` names the row: bytes copied to another row do not open."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to.encode())


def unseal(key: bytes, sealed: bytes, bound_to: str) -> bytes:
    """The plain bytes. Raises cryptography's InvalidTag when they were altered or moved."""
    return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], bound_to.encode())


def fingerprint(key: bytes, plain: bytes) -> str:
    """HMAC-SHA-256 under the subject's key: says "the same" or "changed" without letting anybody guess the answer."""
    return hmac.new(key, plain, "sha256").hexdigest()


@dataclass(frozen=True)
class Store:
    """Immutable files by name. Writing an existing name is refused by the store itself."""

    backend: ObjectStore

    def put(self, name: str, data: bytes) -> None:
        """Keep `data` under `name`. Names carry a fence or a content hash, so meeting the same name is a repetition."""
        try:
            obstore.put(self.backend, name, data, mode="create")
        except AlreadyExistsError:
            return

    def get(self, name: str) -> bytes:
        return bytes(obstore.get(self.backend, name).bytes())

    def delete(self, name: str) -> None:
        obstore.delete(self.backend, name)

    def names(self) -> list[str]:
        return list(self.ages())

    def ages(self) -> dict[str, datetime]:
        """Every name, with the instant its file was stored."""
        return {entry["path"]: entry["last_modified"] for page in obstore.list(self.backend) for entry in page}


@lru_cache(maxsize=8)
def open_store(url: str) -> Store:
    """The store at `url` (file:///folder, s3://bucket/prefix, memory:///)."""
    if url.startswith("file://"):
        folder = Path(url.removeprefix("file://"))
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Store(LocalStore(folder))
    return Store(from_url(url))
